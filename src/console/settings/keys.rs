//! Replacing keys and secrets. The new one is shown once, in the answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

use crate::clock::Millis;
use crate::console::form::Form;
use crate::console::page;
use crate::console::page::{Frame, KeysPage};
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::{audit, callback_key, enterprise};

/// How long the old key stays valid, where there are two: a day.
const GRACE: Millis = 86_400_000;

/// Replaces a key.
pub(super) async fn rotate(signed: Signed, path: Path<(i64, String)>, _form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let (sdkappid, key) = path.into_inner();
    let enterprise = signed.enterprise(sdkappid).await?;
    let (name, action) = match key.as_str() {
        "tic_key" => ("tic_key", AuditAction::KeyRotate),
        "webhook_secret" => ("webhook_secret", AuditAction::WebhookSecretRotate),
        "callback_key" => ("callback_key", AuditAction::CallbackKeyRotate),
        _ => return Err(Problem::NotFound),
    };
    let (enterprise_id, actor, now) = (enterprise.enterprise_id, signed.actor(), signed.app.now());
    let write = move |conn: &mut Conn| {
        let value = match action {
            AuditAction::KeyRotate => enterprise::rotate_key(conn, sdkappid, GRACE, now)?.tic_key,
            AuditAction::WebhookSecretRotate => {
                enterprise::rotate_webhook_secret(conn, sdkappid, GRACE, now)?.webhook_secret
            }
            _ => callback_key::rotate(conn, sdkappid)?,
        };
        audit::record(conn, &actor, Change::of(enterprise_id, action, ""), now)?;
        Ok::<_, domain::Error>(value)
    };
    let value = signed.app.db.write(write).await?;
    signed.app.enterprises.forget(sdkappid);
    let words = signed.words();
    let has_grace = action != AuditAction::CallbackKeyRotate;
    let page = KeysPage {
        frame: Frame::of_enterprise(&signed, &enterprise, words.new_key),
        text: if has_grace { words.new_key_grace } else { words.new_key_at_once },
        keys: vec![(name, value)],
        next: format!("/e/{sdkappid}/settings"),
    };
    page::show(StatusCode::OK, &page)
}
