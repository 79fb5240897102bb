//! How entries of logs become texts for clients.

use crate::domain::classroom::log::LogEntry;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;

/// Formats entries of logs for those who follow a class. A protocol does it.
pub trait EntryFormat: Send + Sync + 'static {
    /// The text of an entry; `None` for one that nobody receives.
    fn format(&self, enterprise: &Enterprise, class_id: ClassId, entry: &LogEntry) -> Option<String>;
}
