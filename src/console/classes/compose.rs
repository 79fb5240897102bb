//! Having the video of a recording made again.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::console::form::Form;
use crate::console::page::redirect;
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::classroom::online_recording;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::audit;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::console::Action;

/// Has the video of a recording of this class made again, if there is none because that failed.
pub(super) async fn compose(signed: Signed, path: Path<(i64, i64)>, form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let (sdkappid, class_id) = (path.0, ClassId(path.1));
    let enterprise_id = signed.enterprise(sdkappid).await?.enterprise_id;
    let task_id = form.fields().exactly("task").to_owned();
    let (actor, now) = (signed.actor(), signed.app.now());
    let write = move |conn: &mut Conn| {
        let recordings = online_recording::of_class(conn, enterprise_id, class_id)?;
        if !recordings.iter().any(|recording| recording.task_id == task_id) {
            return Ok(false);
        }
        online_recording::compose_again(conn, enterprise_id, &task_id, now)?;
        audit::record(conn, &actor, Change::of(enterprise_id, AuditAction::RecordingCompose, &task_id), now)?;
        Ok::<_, domain::Error>(true)
    };
    if !signed.app.db.write(write).await? {
        return Err(Problem::NotFound);
    }
    Ok(redirect(&signed, &format!("/e/{sdkappid}/classes/{class_id}")))
}
