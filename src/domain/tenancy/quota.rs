//! Quotas: how much an enterprise may keep.

use crate::db::Conn;
use crate::domain::{Error, Limit, Result};
use crate::store;
use crate::store::ids::EnterpriseId;
pub use crate::store::tenancy::kept::Counted;

/// Returns how many rows of a kind an enterprise keeps.
///
/// # Errors
/// Only those of the database.
pub fn kept(conn: &mut Conn, enterprise_id: EnterpriseId, counted: Counted) -> Result<i64> {
    Ok(store::tenancy::kept::count(conn, enterprise_id, counted)?)
}

/// The error for an enterprise that has as many rows of a kind as it may keep.
#[must_use]
pub fn reached(counted: Counted) -> Error {
    let limit = match counted {
        Counted::Classes => Limit::KeptClasses,
        Counted::Users => Limit::KeptUsers,
        Counted::Visitors => Limit::KeptVisitors,
        Counted::Documents => Limit::KeptDocuments,
        Counted::Groups => Limit::KeptGroups,
        Counted::Messages => Limit::KeptMessages,
        Counted::ChatImages => Limit::KeptChatImages,
        Counted::Reports => Limit::KeptReports,
    };
    Error::LimitReached { limit, retry_after: None }
}
