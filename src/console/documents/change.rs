//! Converting a document again, and deleting one.

use actix_web::HttpResponse;
use actix_web::web::Path;
use url::form_urlencoded::byte_serialize;

use crate::console::form::Form;
use crate::console::page::redirect;
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::classroom::courseware;
use crate::domain::content::document;
use crate::domain::tenancy::audit;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::console::Action;

/// Has a document converted again whose conversion failed. It counts as a conversion of the enterprise.
pub(super) async fn convert(signed: Signed, sdkappid: Path<i64>, form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let doc_id = form.fields().exactly("id").to_owned();
    let (actor, now, missing) = (signed.actor(), signed.app.now(), signed.app.converter.missing());
    let (enterprise_id, wanted) = (enterprise.enterprise_id, doc_id.clone());
    let find = move |conn: &mut Conn| Ok::<_, domain::Error>(document::find(conn, enterprise_id, &wanted)?);
    signed.app.db.read(find).await?.ok_or(Problem::NotFound)?;
    signed.app.quotas.take_conversion(&signed.app.db, enterprise_id, now).await?;
    let id: String = byte_serialize(doc_id.as_bytes()).collect();
    let write = move |conn: &mut Conn| {
        document::convert_again(conn, &enterprise, &doc_id, missing, now)?;
        audit::record(conn, &actor, Change::of(enterprise_id, AuditAction::DocumentConvert, &doc_id), now)
    };
    signed.app.db.write(write).await?;
    Ok(redirect(&signed, &format!("/e/{sdkappid}/documents/one?id={id}&done=convert")))
}

/// Deletes a document with its files, also from the classes that show it.
pub(super) async fn delete(signed: Signed, sdkappid: Path<i64>, form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let enterprise_id = signed.enterprise(*sdkappid).await?.enterprise_id;
    let doc_id = form.fields().exactly("id").to_owned();
    let (actor, now) = (signed.actor(), signed.app.now());
    let write = move |conn: &mut Conn| {
        if document::find(conn, enterprise_id, &doc_id)?.is_none() {
            return Ok(false);
        }
        courseware::remove(conn, enterprise_id, std::slice::from_ref(&doc_id), now)?;
        audit::record(conn, &actor, Change::of(enterprise_id, AuditAction::DocumentDelete, &doc_id), now)?;
        Ok::<_, domain::Error>(true)
    };
    if !signed.app.db.write(write).await? {
        return Err(Problem::NotFound);
    }
    Ok(redirect(&signed, &format!("/e/{sdkappid}/documents?done=deleted")))
}
