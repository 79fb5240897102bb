//! Nouns: rows, and every query. Each query names its enterprise, so that no tenant can reach another's rows.

mod cache_tag;
pub mod chat;
pub mod classroom;
pub mod content;
pub mod copy;
pub mod events;
mod literal;
pub mod page;
mod rows;
mod schema;
pub mod school;
pub mod tenancy;
mod text;
mod total;
mod update;
mod views;

pub use crate::db::QueryError;
pub use cache_tag::CacheTag;
pub use page::{Page, Paged, Start};
pub use text::Json;

/// What a store function returns.
pub type Result<T> = std::result::Result<T, QueryError>;
