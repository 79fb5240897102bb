//! Ending a class.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::console::form::Form;
use crate::console::page::redirect;
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain::classroom::class;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::audit;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::console::Action;

/// Ends a class that goes on. The enterprise gets the event, because it did not end the class itself.
pub(super) async fn end(signed: Signed, path: Path<(i64, i64)>, _form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let (sdkappid, class_id) = (path.0, ClassId(path.1));
    let enterprise = signed.enterprise(sdkappid).await?;
    let (actor, now) = (signed.actor(), signed.app.now());
    let write = move |conn: &mut Conn| {
        class::stop(conn, &enterprise, class_id, class::Via::Component.by(None), now)?;
        audit::record(conn, &actor, Change::of(enterprise.enterprise_id, AuditAction::ClassEnd, &class_id), now)
    };
    signed.app.db.write(write).await?;
    Ok(redirect(&signed, &format!("/e/{sdkappid}/classes/{class_id}")))
}
