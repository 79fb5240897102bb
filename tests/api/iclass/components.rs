//! The calls of classroom components: signing in, answers and errors.

mod classes;
mod signing_in;
mod visibility;
mod visitors;
