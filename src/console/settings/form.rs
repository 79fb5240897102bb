//! Changing the settings.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::console::form::Form;
use crate::console::page::{ProtocolBoxes, redirect};
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::domain::events::endpoint::change_enterprise;
use crate::domain::events::event::Extra;
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::enterprise::Patch;

/// How many characters a name may have.
const NAME_CHARS: usize = 256;
/// How many bytes an address may have.
const URL_BYTES: usize = 2_048;

/// Changes the name and the callbacks.
pub(super) async fn change(signed: Signed, sdkappid: Path<i64>, form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let fields = form.fields();
    let (name, url) = (fields.get("name").to_owned(), fields.get("call_back_url").to_owned());
    if name.chars().count() > NAME_CHARS || name.contains(char::is_control) {
        return Err(Problem::Invalid(format!("name: must have at most {NAME_CHARS} characters")));
    }
    if url.len() > URL_BYTES {
        return Err(Problem::Invalid(format!("call_back_url: must have at most {URL_BYTES} bytes")));
    }
    let extras = [("join_class", Extra::JoinClass), ("quit_class", Extra::QuitClass)];
    let patch = Patch {
        name: Some(name),
        call_back_url: Some(url),
        callback_ordered: Some(fields.has("callback_ordered")),
        callback_on_api: Some(fields.has("callback_on_api")),
        callback_events: Some(
            extras.into_iter().filter(|(name, _)| fields.has(name)).map(|(_, extra)| extra).collect(),
        ),
        ..Patch::default()
    };
    save(signed, *sdkappid, patch).await
}

/// Switches protocols on and off.
pub(super) async fn change_protocols(signed: Signed, sdkappid: Path<i64>, form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Operate)?;
    let protocols = ProtocolBoxes::read(form.fields());
    save(signed, *sdkappid, Patch { protocols: Some(protocols), ..Patch::default() }).await
}

async fn save(signed: Signed, sdkappid: i64, patch: Patch) -> Result<HttpResponse, Problem> {
    signed.enterprise(sdkappid).await?;
    let (actor, now) = (signed.actor(), signed.app.now());
    signed.app.db.write(move |conn| change_enterprise(conn, sdkappid, patch, &actor, now)).await?;
    signed.app.enterprises.forget(sdkappid);
    Ok(redirect(&signed, &format!("/e/{sdkappid}/settings?done=saved")))
}
