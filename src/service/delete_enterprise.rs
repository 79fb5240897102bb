//! Removing an enterprise with everything it has, its files included.

use crate::db::Conn;
use crate::domain::Result;
use crate::domain::content::file;
use crate::domain::tenancy::enterprise;

/// Removes an enterprise. Its rows go at once, and its files leave the storage soon after.
///
/// # Errors
/// As [`enterprise::delete`].
pub fn delete_enterprise(conn: &mut Conn, sdkappid: i64) -> Result<()> {
    let enterprise_id = enterprise::delete(conn, sdkappid)?;
    file::discard_all(conn, enterprise_id)
}
