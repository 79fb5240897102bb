//! Runs a subcommand in one transaction.

use std::error::Error;

use lectern::config::DatabaseConfig;
use lectern::db::{Conn, Db};
use lectern::domain;

use super::log::start_log;

/// Migrates the tables to this version, and runs `f` in one transaction.
pub fn in_database<T: Send + 'static>(
    database: &DatabaseConfig,
    f: impl FnOnce(&mut Conn) -> domain::Result<T> + Send + 'static,
) -> Result<T, Box<dyn Error>> {
    start_log(database);
    let db = Db::open(&database.url)?;
    db.migrate()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    match runtime.block_on(db.write(f)) {
        Err(domain::Error::Database(cause)) => Err(cause.into()),
        other => other.map_err(|error| error.words(&super::words::Words).into()),
    }
}
