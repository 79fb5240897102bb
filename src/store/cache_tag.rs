//! What can be kept in memory as it was read, until a transaction changes it.

use crate::db;

/// Something that is read often.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub enum CacheTag {
    /// A class with its members.
    Class(i64),
    /// The stays of a class.
    Inside(i64),
    /// A user, by enterprise and id.
    User(i64, String),
    /// The users of an enterprise.
    Users(i64),
}

impl CacheTag {
    /// Called where a statement changes it.
    pub(super) fn changes(self) {
        db::changes(self);
    }
}
