//! What a background worker is, and what it is given.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::stop::Stop;
use crate::clock::Clock;
use crate::db::Db;

/// How long a worker may take to stop, unless it says otherwise.
const DRAIN: Duration = Duration::from_secs(5);

/// What each worker is given.
#[derive(Clone)]
pub struct Context {
    /// The rows.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Tells when to stop.
    pub stop: Stop,
}

/// Something that runs in the background until it is told to stop.
pub trait Worker: Send + Sync + 'static {
    /// What it does, for the log.
    fn name(&self) -> &'static str;

    /// Whether it runs on a thread of its own rather than on the runtime that the supervisor was started in.
    fn has_own_thread(&self) -> bool {
        false
    }

    /// Whether it is started only when the database has the tables of this version.
    fn needs_tables(&self) -> bool {
        true
    }

    /// How long it may go on after it was told to stop; then it is dropped.
    fn drain(&self) -> Duration {
        DRAIN
    }

    /// Runs until `context.stop` is requested, or until there is nothing left to do for good. After a panic it is called again
    /// and begins anew.
    fn run(&self, context: Context) -> BoxFuture<'_, ()>;
}
