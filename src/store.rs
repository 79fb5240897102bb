//! The rows and all queries. Each query filters by enterprise, so that no tenant can read or change the rows of
//! another one.

pub mod backlog;
mod cache_tag;
pub mod chat;
pub mod classroom;
pub mod content;
pub mod copy;
pub mod events;
pub mod ids;
mod literal;
pub mod page;
mod rows;
mod schema;
pub mod school;
mod statement;
pub mod tenancy;
mod text;
mod total;
mod update;
pub mod usage;
mod views;

pub use crate::db::QueryError;
pub use cache_tag::CacheTag;
pub use page::{Page, Paged, Start};
pub use text::Json;

/// The result of a store function.
pub type Result<T> = std::result::Result<T, QueryError>;
