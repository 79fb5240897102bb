//! Deleting an enterprise, after its name was typed.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::console::form::Form;
use crate::console::page::redirect;
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain::tenancy::audit;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::service::delete_enterprise::delete_enterprise;

/// What must be typed: the name, or the number of an enterprise without a name.
pub(super) fn to_type(enterprise: &Enterprise) -> String {
    let name = enterprise.name.trim();
    if name.is_empty() { enterprise.sdkappid.to_string() } else { name.to_owned() }
}

/// Deletes an enterprise with everything that it has.
pub(super) async fn delete(signed: Signed, sdkappid: Path<i64>, form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Operate)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    if form.fields().get("name") != to_type(&enterprise) {
        return Err(Problem::Invalid(signed.words().delete_not_typed.to_owned()));
    }
    let (actor, now, sdkappid) = (signed.actor(), signed.app.now(), enterprise.sdkappid);
    let write = move |conn: &mut Conn| {
        let change = Change::of(enterprise.enterprise_id, AuditAction::EnterpriseDelete, &sdkappid);
        audit::record(conn, &actor, change.with(serde_json::json!({ "name": enterprise.name })), now)?;
        delete_enterprise(conn, sdkappid)
    };
    signed.app.db.write(write).await?;
    signed.app.enterprises.forget(sdkappid);
    Ok(redirect(&signed, "/enterprises?done=deleted"))
}
