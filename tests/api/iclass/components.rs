//! The calls of components in classrooms: signing in, what each answers, and whom it refuses.

mod classes;
mod signing_in;
mod visibility;
mod visitors;
