//! Setting the password of a user, and deleting one.

use actix_web::HttpResponse;
use actix_web::web::Path;
use url::form_urlencoded::byte_serialize;

use crate::console::form::Form;
use crate::console::page::redirect;
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::school::removal;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::user::PASSWORD_CHARS;
use crate::domain::tenancy::{audit, user};

/// Sets the password of a user, who is signed out.
pub(super) async fn set_password(signed: Signed, sdkappid: Path<i64>, form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let enterprise_id = signed.enterprise(*sdkappid).await?.enterprise_id;
    let fields = form.fields();
    let (user_id, password) = (fields.exactly("id").to_owned(), fields.exactly("password").to_owned());
    if !PASSWORD_CHARS.contains(&password.chars().count()) {
        return Err(Problem::Invalid(format!(
            "password: must have {} to {} characters",
            PASSWORD_CHARS.start(),
            PASSWORD_CHARS.end()
        )));
    }
    let password_hash = signed.app.passwords.hash(password).await?;
    let (actor, now) = (signed.actor(), signed.app.now());
    let id: String = byte_serialize(user_id.as_bytes()).collect();
    let write = move |conn: &mut Conn| {
        let ended = user::set_password(conn, enterprise_id, &user_id, password_hash, now)?;
        audit::record(conn, &actor, Change::of(enterprise_id, AuditAction::UserPassword, &user_id), now)?;
        Ok::<_, domain::Error>(ended)
    };
    let ended = signed.app.db.write(write).await?;
    signed.app.presence.forget_all(&ended);
    Ok(redirect(&signed, &format!("/e/{sdkappid}/users/one?id={id}&done=password")))
}

/// Deletes a user, after the id was typed.
pub(super) async fn delete(signed: Signed, sdkappid: Path<i64>, form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let fields = form.fields();
    let user_id = fields.exactly("id").to_owned();
    if fields.get("typed") != user_id.trim() {
        return Err(Problem::Invalid(signed.words().user_not_typed.to_owned()));
    }
    let (actor, now) = (signed.actor(), signed.app.now());
    let write = move |conn: &mut Conn| {
        let ended = removal::delete(conn, &enterprise, &user_id, now)?;
        let change = Change::of(enterprise.enterprise_id, AuditAction::UserDelete, &user_id);
        audit::record(conn, &actor, change, now)?;
        Ok::<_, domain::Error>(ended)
    };
    let ended = signed.app.db.write(write).await?;
    signed.app.presence.forget_all(&ended);
    Ok(redirect(&signed, &format!("/e/{sdkappid}/users?done=deleted")))
}
