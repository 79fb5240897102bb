//! The trait of a background worker, and the context it gets.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::stop::Stop;
use crate::clock::Clock;
use crate::db::Db;

/// How long a worker may take to stop by default.
const DRAIN: Duration = Duration::from_secs(5);

/// What each worker gets.
#[derive(Clone)]
pub struct Context {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// The stop signal.
    pub stop: Stop,
}

/// A background worker.
pub trait Worker: Send + Sync + 'static {
    /// The name of the worker, for the log.
    fn name(&self) -> &'static str;

    /// Whether it runs on its own thread instead of the runtime in which the supervisor was started.
    fn has_own_thread(&self) -> bool {
        false
    }

    /// Whether it starts only after the tables are migrated to this version.
    fn needs_tables(&self) -> bool {
        true
    }

    /// How long it may run after the stop was requested. It is dropped after that.
    fn drain(&self) -> Duration {
        DRAIN
    }

    /// Runs until `context.stop` is requested, or until all work is done. It is called again after a panic.
    fn run(&self, context: Context) -> BoxFuture<'_, ()>;
}
