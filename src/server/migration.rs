//! Migrates the tables to this version: at the start, or as soon as the database server is available.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use crate::db;
use crate::jobs::{AtStop, Context, Failure, Next, Periodic};

/// The worker that migrates a database on a server. The other workers wait until it is done.
pub(super) struct Migration {
    /// Gets the error when the database is of a later version, so that waiting is in vain.
    pub(super) refused: UnboundedSender<db::Error>,
}

impl Periodic for Migration {
    const NAME: &'static str = "database migration";
    const PAUSE: Duration = Duration::from_millis(250);
    const AT_STOP: AtStop = AtStop::Abandon;
    const NEEDS_TABLES: bool = false;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        let db = context.db.clone();
        match tokio::task::spawn_blocking(move || db.migrate()).await? {
            Ok(applied) => log_applied(&applied),
            Err(refused @ db::Error::Address(_)) => self.refused.send(refused)?,
            Err(e) => return Err(e.into()),
        }
        Ok(Next::Never)
    }
}

/// Logs the migrations that were applied.
pub(super) fn log_applied(versions: &[String]) {
    for version in versions {
        log::info!("migrated the database to {version}");
    }
}
