//! Tags of cached rows. A cached value is dropped when a transaction changes its tag.

use crate::db;

/// A set of rows that is read often and cached.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub enum CacheTag {
    /// A class with its members.
    Class(i64),
    /// The sessions of a class.
    Inside(i64),
    /// A user, by enterprise and id.
    User(i64, String),
    /// The users of an enterprise.
    Users(i64),
}

impl CacheTag {
    /// Marks the tag as changed. Call it next to the statement that changes the rows.
    pub(super) fn changes(self) {
        db::changes(self);
    }
}
