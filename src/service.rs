//! Use cases that touch several districts of the domain, or something outside the database: each file is one.

pub mod create_class;
pub mod delete_enterprise;
pub mod upload;
