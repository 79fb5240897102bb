//! Changing what endpoints depend on: addresses, the pause and the order of an enterprise's deliveries.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::tenancy::audit::{Actor, AuditAction, Change};
use crate::domain::tenancy::enterprise::{Modified, Patch};
use crate::domain::tenancy::{audit, enterprise, patched};
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

/// As [`modify_enterprise`], with an entry in the audit log.
///
/// # Errors
/// As for that one.
pub fn change_enterprise(conn: &mut Conn, sdkappid: i64, patch: Patch, actor: &Actor, now: Millis) -> Result<()> {
    let enterprise_id = enterprise::require(conn, sdkappid)?.enterprise_id;
    let change = Change::of(enterprise_id, AuditAction::EnterpriseSet, &sdkappid).with(patched::described(&patch));
    modify_enterprise(conn, sdkappid, patch)?;
    audit::record(conn, actor, change, now)
}
