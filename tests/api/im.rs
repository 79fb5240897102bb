//! IM: signatures of chat operations, and groups.

pub mod app;
mod calling;
mod contacts;
mod examples;
mod groups;
mod membership_model;
mod pushes;
mod tenancy;
