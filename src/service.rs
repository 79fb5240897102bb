//! Use cases that touch several districts of the domain, or a system outside the database; one file each.

pub mod backups;
pub mod create_class;
pub mod delete_enterprise;
pub mod demo;
pub mod stage;
pub mod upload;
pub mod usage;
