//! Tags of cached rows. A cached value is dropped when a transaction changes its tag.

use crate::db;
use crate::store::ids::{ClassId, EnterpriseId};

/// A set of rows that is read often and cached.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub enum CacheTag {
    /// A class with its members.
    Class(ClassId),
    /// The classes of an enterprise, as lists show them. Reservations do not change it.
    Classes(EnterpriseId),
    /// The sessions of a class.
    Inside(ClassId),
    /// A user, by enterprise and id.
    User(EnterpriseId, String),
    /// The users of an enterprise.
    Users(EnterpriseId),
    /// The tokens of an enterprise. New tokens do not change it.
    Tokens(EnterpriseId),
}

impl CacheTag {
    /// Marks the tag as changed. Call it next to the statement that changes the rows.
    pub(super) fn changes(self) {
        db::changes(self);
    }

    /// Marks a class as changed, and the lists that show it.
    pub(super) fn class_changes(enterprise_id: EnterpriseId, class_id: ClassId) {
        Self::Class(class_id).changes();
        Self::Classes(enterprise_id).changes();
    }
}
