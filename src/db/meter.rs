//! Counts what waits for the database, and how often that was in vain.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;

/// The counts of one process. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    /// Writes that wait for the one writer of SQLite.
    pub writes_waiting: Gauge,
    /// Writes that the one writer of SQLite has done.
    pub writes: Counter,
    /// The transactions in which it did them.
    pub batches: Counter,
    /// Transactions that wait for a connection of the pool.
    pub connections_waiting: Gauge,
    /// Transactions that were refused because all connections were in use, or the file was locked, for too long.
    pub busy: Counter,
}

/// Counts itself as long as it exists, also when its caller goes away.
pub(super) struct Waiting<'a>(&'a Gauge);

impl<'a> Waiting<'a> {
    pub(super) fn begin(counted: &'a Gauge) -> Self {
        counted.inc();
        Self(counted)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The connections of a pool.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// Those that a transaction has.
    pub in_use: u32,
    /// Those that are open and wait for one.
    pub idle: u32,
}
