//! Lectern's own chat: the groups and their messages are rows beside the class.

use futures_util::future::{BoxFuture, FutureExt};

use super::GroupChat;
use crate::db::Db;
use crate::domain::Result;
use crate::domain::classroom::class::Booking;

/// Keeps groups in the database.
pub struct Local {
    db: Db,
}

impl Local {
    /// Keeps them there.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

impl GroupChat for Local {
    fn book(&self, booking: Booking) -> BoxFuture<'_, Result<i64>> {
        self.db.write(move |conn| booking.book(conn)).boxed()
    }
}
