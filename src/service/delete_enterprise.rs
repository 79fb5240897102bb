//! Deletes an enterprise with all its rows and files.

use crate::db::Conn;
use crate::domain::Result;
use crate::domain::content::file;
use crate::domain::tenancy::enterprise;

/// Deletes an enterprise. Its rows are deleted at once, its files soon after by a background job.
///
/// # Errors
/// As [`enterprise::delete`].
pub fn delete_enterprise(conn: &mut Conn, sdkappid: i64) -> Result<()> {
    let enterprise_id = enterprise::delete(conn, sdkappid)?;
    file::discard_all(conn, enterprise_id)
}
