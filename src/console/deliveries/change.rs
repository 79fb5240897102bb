//! Pausing and resuming deliveries, and sending a test event.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::console::form::Form;
use crate::console::page::redirect;
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain::events::endpoint::modify_enterprise;
use crate::domain::events::event;
use crate::domain::tenancy::audit;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::enterprise::Patch;

/// Pauses deliveries.
pub(super) async fn pause(signed: Signed, sdkappid: Path<i64>, form: Form) -> Result<HttpResponse, Problem> {
    set_paused(signed, *sdkappid, form, true).await
}

/// Resumes deliveries.
pub(super) async fn resume(signed: Signed, sdkappid: Path<i64>, form: Form) -> Result<HttpResponse, Problem> {
    set_paused(signed, *sdkappid, form, false).await
}

async fn set_paused(signed: Signed, sdkappid: i64, _form: Form, paused: bool) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let enterprise_id = signed.enterprise(sdkappid).await?.enterprise_id;
    let (actor, now) = (signed.actor(), signed.app.now());
    let action = if paused { AuditAction::DeliveriesPause } else { AuditAction::DeliveriesResume };
    let write = move |conn: &mut Conn| {
        modify_enterprise(conn, sdkappid, Patch { callback_paused: Some(paused), ..Patch::default() })?;
        audit::record(conn, &actor, Change::of(enterprise_id, action, &sdkappid), now)
    };
    signed.app.db.write(write).await?;
    signed.app.enterprises.forget(sdkappid);
    let done = if paused { "paused" } else { "resumed" };
    Ok(redirect(&signed, &format!("/e/{sdkappid}/deliveries?done={done}")))
}

/// Sends a test event.
pub(super) async fn test(signed: Signed, sdkappid: Path<i64>, _form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (actor, now, sdkappid) = (signed.actor(), signed.app.now(), enterprise.sdkappid);
    let write = move |conn: &mut Conn| {
        event::test(conn, &enterprise, now)?;
        let change = Change::of(enterprise.enterprise_id, AuditAction::DeliveriesTest, &sdkappid);
        audit::record(conn, &actor, change, now)
    };
    signed.app.db.write(write).await?;
    Ok(redirect(&signed, &format!("/e/{sdkappid}/deliveries?done=tested")))
}
