//! Nouns: rows, and every query. Each query names its enterprise, so that no tenant can reach another's rows.

pub mod attempt;
pub mod attendance;
pub mod ban;
pub mod bind;
pub mod channel;
pub mod check_in;
pub mod class;
pub mod conversion;
pub mod copy;
pub mod course;
pub mod delivery;
pub mod document;
pub mod enterprise;
pub mod enterprise_token;
pub mod event;
pub mod file;
pub mod group;
pub mod idempotency;
mod literal;
pub mod member;
pub mod membership;
pub mod message;
pub mod organization;
pub mod outbox;
pub mod page;
pub mod push;
pub mod question;
pub mod recording;
pub mod removal;
pub mod report;
pub mod room;
mod rows;
mod schema;
pub mod session;
pub mod signing_key;
mod subject;
pub mod switch;
mod text;
pub mod token;
mod total;
mod update;
pub mod user;

pub use crate::db::QueryError;
pub use page::{Page, Paged, Start};
pub use subject::Subject;
pub use text::Json;

/// What a store function returns.
pub type Result<T> = std::result::Result<T, QueryError>;
