//! The database: an embedded SQLite file or a PostgreSQL server behind one connection type.
//!
//! [`Db::read`] sees one snapshot, [`Db::write`] is one transaction that is durable when it returns. Only this module and
//! `store` name diesel. This module opens and runs both databases; a query of `store` matches on [`Conn`] where their SQL
//! differs.

mod announce;
mod backup;
mod conn;
mod database;
mod error;
mod inspect;
mod meter;
mod migrations;
mod notifier;
mod opener;
mod pool;
mod probe;
mod reader;
mod restore;
mod run;
mod server;
mod serving;
mod shared_reads;
mod transaction;
mod usage;
mod versions;
mod writer;

pub use announce::{Announcements, LONGEST as LONGEST_ANNOUNCEMENT};
pub use backup::check_file;
pub use conn::Conn;
pub use database::{CONNECTIONS, Db, Effort};
pub use error::{Error, QueryError};
pub use inspect::{Tables, Watch, blank};
pub use meter::{Connections, Meter};
pub use notifier::{Key, Notifier, PackedKey, Topic};
pub use restore::restore;
pub use server::Server;
pub use serving::ServingLock;
pub use versions::{Versions, changes};

/// What a file with queries imports: diesel's own, but for how they are run.
pub mod prelude {
    pub use super::run::RunQueryDsl;
    pub use diesel::prelude::*;
}
