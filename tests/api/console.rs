//! The console: who gets in, what each role sees and may do, and that no text of a stranger becomes a part of a page.

mod audit;
mod calls;
mod classes;
mod deliveries;
mod documents;
mod enterprises;
mod forms;
mod links;
mod operators;
mod pages;
mod recordings;
mod roles;
mod screens;
mod sessions;
mod sign_in;
mod usage;
mod users;
mod walk;
