//! Changing what endpoints depend on: addresses, the pause and the order of an enterprise's deliveries.

use crate::db::Conn;
use crate::domain::Result;
use crate::domain::tenancy::enterprise;
use crate::domain::tenancy::enterprise::{Modified, Patch};
use crate::store::events::delivery;
use crate::store::events::endpoint;

/// Changes an enterprise, and wakes deliveries that waited for an address, for the end of a pause, or for an earlier delivery.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::Error::Invalid) for a value that is not allowed, or an unknown `sdkappid`.
pub fn modify_enterprise(conn: &mut Conn, sdkappid: i64, patch: Patch) -> Result<()> {
    let Modified { enterprise_id, order_lifted } = enterprise::modify(conn, sdkappid, patch)?;
    if order_lifted {
        delivery::lift_order(conn, enterprise_id)?;
    }
    endpoint::enterprise_changed(enterprise_id);
    Ok(())
}
