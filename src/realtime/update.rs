//! What the followers of a class receive.

use bytestring::ByteString;

use super::connected::ConnectionChange;
use crate::domain::classroom::log::{Audience, LogEvent};

/// Something that the followers of a class receive.
#[derive(Clone, Debug)]
pub enum Update {
    /// An entry of the log.
    Entry {
        /// Its number.
        sequence: i64,
        /// Who receives it.
        audience: Audience,
        /// What happened; `None` for an event that this version doesn't know.
        event: Option<LogEvent>,
        /// The text for clients; `None` if nobody receives it.
        text: Option<ByteString>,
    },
    /// A signal of a follower to the others.
    Signal(Signal),
    /// The class was deleted.
    Deleted,
}

/// A text that a follower sends to the others, and that is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Who sends it, and so does not get it.
    pub user_id: String,
    /// The text for clients.
    pub text: ByteString,
    /// For a signal of the server itself that a connection of this user began or broke.
    pub connection: Option<ConnectionChange>,
}
