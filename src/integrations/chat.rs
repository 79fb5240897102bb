//! Group chat: where the groups of classes are, and how a class gets them.

mod local;

use futures_util::future::BoxFuture;

pub use local::Local;

use crate::domain::Result;
use crate::domain::classroom::class::Booking;

/// A chat engine.
pub trait GroupChat: Send + Sync {
    /// Reserves a class with its groups and returns its id: afterwards they are all there, or there is no class.
    ///
    /// # Errors
    /// Those of [`Booking::book`]; [`NoGroups`](crate::domain::Error::NoGroups) when the groups were not made.
    fn book(&self, booking: Booking) -> BoxFuture<'_, Result<i64>>;
}
