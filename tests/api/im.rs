//! IM: apps that have their chat operations signed and manage groups.

mod app;
mod calling;
mod contacts;
mod examples;
mod groups;
mod membership_model;
mod pushes;
mod tenancy;
