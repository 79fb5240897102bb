//! `/signature/…`: signatures that the external chat service requires from a client for a login, for a conversation, and for
//! changes of its members.

use actix_web::guard;
use actix_web::web::{self, Data, Json, Path, ServiceConfig};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use utoipa::{IntoParams, ToSchema};

use super::auth::TokenOwner;
use super::error::{ApiError, Code};
use super::wire::Part;
use crate::clock::Millis;
use crate::domain::tenancy::secret;
use crate::state::AppState;

/// The path segment with the members; it may be empty.
const MEMBERS: &str = "/{sorted_member_ids:[^/]*}";

/// Adds the calls. An empty list of members is an empty segment or no segment.
pub fn configure(config: &mut ServiceConfig) {
    let get = |path: &str| web::resource(path).guard(guard::Get());
    config.service(get("/login/{app_id}/{client_id}").to(login));
    for end in ["", MEMBERS] {
        // The protocol's document spells it conversion.
        for word in ["conversion", "conversation"] {
            config.service(get(&format!("/{word}/{{app_id}}/{{client_id}}{end}")).to(start));
        }
        for action in ["invite", "kick"] {
            let path = format!("/{action}/{{app_id}}/{{client_id}}/{{conversion_id}}{end}");
            let sign =
                move |app: Data<AppState>, owner: TokenOwner, path: Path<Change>| change(app, owner, path, action);
            config.service(get(&path).to(sign));
        }
    }
}

/// Signs a chat operation: HMAC-SHA1 of its parts joined with colons, in lower-case hex.
#[must_use]
pub fn sign(master_key: &str, parts: &[&str]) -> String {
    // This can't fail: HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(master_key.as_bytes()) else { return String::new() };
    mac.update(parts.join(":").as_bytes());
    secret::hex(&mac.finalize().into_bytes())
}

/// The time and the random text in every signature.
#[derive(Serialize, ToSchema)]
#[schema(as = ImStamp)]
struct Stamp {
    timestamp: String,
    nonce: String,
}

impl Stamp {
    fn new(now: Millis) -> Self {
        // Seconds with a fraction, as in the protocol's document. This text is signed.
        let timestamp = format!("{}.{:03}", now.div_euclid(1000), now.rem_euclid(1000));
        Self { timestamp, nonce: secret::letters_and_digits(8) }
    }
}

/// The master key of an application.
async fn key(app: &AppState, owner: TokenOwner, app_id: &str) -> Result<String, ApiError> {
    let host = owner.for_app(app, app_id).await?;
    if host.settings.chat_master_key.is_empty() {
        let problem =
            format!("app_id {app_id:?}: has no master key; lectern enterprise set --chat-master-key gives it one");
        return Err(ApiError::new(Code::Forbidden, problem));
    }
    Ok(host.settings.chat_master_key.clone())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct Login {
    #[param(inline)]
    app_id: Part,
    #[param(inline)]
    client_id: Part,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImSignedLogin)]
pub(super) struct SignedLogin {
    #[serde(flatten)]
    stamp: Stamp,
    signature: String,
    app_id: Part,
    client_id: Part,
}

/// Signs a login.
#[utoipa::path(get, path = "/login/{app_id}/{client_id}", tag = "im", params(Login), responses((status = 200, body = SignedLogin)))]
pub(super) async fn login(
    app: Data<AppState>,
    owner: TokenOwner,
    path: Path<Login>,
) -> Result<Json<SignedLogin>, ApiError> {
    let Login { app_id, client_id } = path.into_inner();
    let key = key(&app, owner, &app_id.0).await?;
    let stamp = Stamp::new(app.now());
    let signature = sign(&key, &[&app_id.0, &client_id.0, "", &stamp.timestamp, &stamp.nonce]);
    Ok(Json(SignedLogin { stamp, signature, app_id, client_id }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct Start {
    #[param(inline)]
    app_id: Part,
    #[param(inline)]
    client_id: Part,
    #[serde(default)]
    #[param(inline)]
    sorted_member_ids: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImSignedStart)]
pub(super) struct SignedStart {
    #[serde(flatten)]
    stamp: Stamp,
    signature: String,
    sorted_member_ids: String,
    app_id: Part,
    client_id: Part,
}

/// Signs the start of a conversation. The members are signed as the client sent them.
#[utoipa::path(get, path = "/conversion/{app_id}/{client_id}/{sorted_member_ids}", tag = "im", params(Start), responses((status = 200, body = SignedStart)))]
pub(super) async fn start(
    app: Data<AppState>,
    owner: TokenOwner,
    path: Path<Start>,
) -> Result<Json<SignedStart>, ApiError> {
    let Start { app_id, client_id, sorted_member_ids } = path.into_inner();
    let key = key(&app, owner, &app_id.0).await?;
    let stamp = Stamp::new(app.now());
    let parts = [app_id.0.as_str(), &client_id.0, &sorted_member_ids, &stamp.timestamp, &stamp.nonce];
    let signature = sign(&key, &parts);
    Ok(Json(SignedStart { stamp, signature, sorted_member_ids, app_id, client_id }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct Change {
    #[param(inline)]
    app_id: Part,
    #[param(inline)]
    client_id: Part,
    #[param(inline)]
    conversion_id: Part,
    #[serde(default)]
    #[param(inline)]
    sorted_member_ids: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImSignedChange)]
pub(super) struct SignedChange {
    action: &'static str,
    #[serde(flatten)]
    stamp: Stamp,
    signature: String,
    conversion_id: Part,
    sorted_member_ids: String,
    app_id: Part,
    client_id: Part,
}

/// Signs a change of the members of a conversation. The members are signed as the client sent them; a client that joins by
/// itself sends none.
#[utoipa::path(get, path = "/invite/{app_id}/{client_id}/{conversion_id}/{sorted_member_ids}", tag = "im", params(Change),
    responses((status = 200, body = SignedChange)))]
pub(super) async fn change(
    app: Data<AppState>,
    owner: TokenOwner,
    path: Path<Change>,
    action: &'static str,
) -> Result<Json<SignedChange>, ApiError> {
    let Change { app_id, client_id, conversion_id, sorted_member_ids } = path.into_inner();
    let key = key(&app, owner, &app_id.0).await?;
    let stamp = Stamp::new(app.now());
    let Stamp { timestamp, nonce } = &stamp;
    let parts = [&app_id.0, &client_id.0, &conversion_id.0, &sorted_member_ids, timestamp, nonce, action];
    let signature = sign(&key, &parts);
    Ok(Json(SignedChange { action, stamp, signature, conversion_id, sorted_member_ids, app_id, client_id }))
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn signatures_agree_with_those_of_an_independent_program() {
        for (parts, signature) in [
            (
                &["appid", "clientid", "", "1450166986", "cdXsciFc"] as &[&str],
                "a5191e197761210f177b3ae62290f50b244c218b",
            ),
            (&["1", "2", "3:4:5:6", "1450167224", "b3uMtwWT"], "e983c25953d073727c9af9c08a0eaaf730cfd4a3"),
            (&["1", "2", "3", "4:5:6", "1450167393", "QDFIkEMB", "invite"], "25d63ba1e1ebaf98a1c1682a30c3fc65e5108582"),
            (&["1", "2", "3", "4:5:6", "1450167470", "co0eRCXR", "kick"], "79e3db01281447e152b8666156ebea12b6917c86"),
        ] {
            assert_eq!(sign("masterkey", parts), signature, "{parts:?}");
        }
    }
}
