//! `/signature/…`: what the chat service outside asks a client for before it logs in, opens a conversation, or changes who
//! is in one.

use actix_web::guard;
use actix_web::web::{self, Data, Json, Path, ServiceConfig};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha1::Sha1;

use super::auth::Shown;
use super::error::{ApiError, Code};
use super::wire::Part;
use crate::clock::Millis;
use crate::domain::tenancy::secret;
use crate::state::AppState;

/// A list of members, which may be empty.
const MEMBERS: &str = "/{sorted_member_ids:[^/]*}";

/// Adds the calls. A list of members that is empty is an empty segment, or none.
pub fn configure(config: &mut ServiceConfig) {
    let get = |path: &str| web::resource(path).guard(guard::Get());
    config.service(get("/login/{app_id}/{client_id}").to(login));
    for end in ["", MEMBERS] {
        // The document spells it conversion.
        for word in ["conversion", "conversation"] {
            config.service(get(&format!("/{word}/{{app_id}}/{{client_id}}{end}")).to(start));
        }
        for action in ["invite", "kick"] {
            let path = format!("/{action}/{{app_id}}/{{client_id}}/{{conversion_id}}{end}");
            let signed = move |app: Data<AppState>, shown: Shown, of: Path<Change>| change(app, shown, of, action);
            config.service(get(&path).to(signed));
        }
    }
}

/// The signature of a chat operation: lower-case hex of HMAC-SHA1 over its parts with colons between them.
#[must_use]
pub fn sign(master_key: &str, parts: &[&str]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(master_key.as_bytes()) else { return String::new() };
    mac.update(parts.join(":").as_bytes());
    secret::hex(&mac.finalize().into_bytes())
}

/// What is signed beside the parts of a request.
#[derive(Serialize)]
struct Moment {
    timestamp: String,
    nonce: String,
}

impl Moment {
    fn new(now: Millis) -> Self {
        // Seconds, with a fraction as in the document. What is signed is this text.
        let timestamp = format!("{}.{:03}", now.div_euclid(1000), now.rem_euclid(1000));
        Self { timestamp, nonce: secret::letters_and_digits(8) }
    }
}

/// The key that signs for an application.
async fn key(app: &AppState, shown: Shown, app_id: &str) -> Result<String, ApiError> {
    let host = shown.for_app(app, app_id).await?;
    if host.settings.chat_master_key.is_empty() {
        let problem =
            format!("app_id {app_id:?}: has no master key; lectern enterprise set --chat-master-key gives it one");
        return Err(ApiError::new(Code::Forbidden, problem));
    }
    Ok(host.settings.chat_master_key.clone())
}

#[derive(Deserialize)]
struct Login {
    app_id: Part,
    client_id: Part,
}

#[derive(Serialize)]
struct SignedLogin {
    #[serde(flatten)]
    moment: Moment,
    signature: String,
    app_id: Part,
    client_id: Part,
}

/// Sign a login.
async fn login(app: Data<AppState>, shown: Shown, of: Path<Login>) -> Result<Json<SignedLogin>, ApiError> {
    let Login { app_id, client_id } = of.into_inner();
    let key = key(&app, shown, &app_id.0).await?;
    let moment = Moment::new(app.now());
    let signature = sign(&key, &[&app_id.0, &client_id.0, "", &moment.timestamp, &moment.nonce]);
    Ok(Json(SignedLogin { moment, signature, app_id, client_id }))
}

#[derive(Deserialize)]
struct Start {
    app_id: Part,
    client_id: Part,
    #[serde(default)]
    sorted_member_ids: String,
}

#[derive(Serialize)]
struct SignedStart {
    #[serde(flatten)]
    moment: Moment,
    signature: String,
    sorted_member_ids: String,
    app_id: Part,
    client_id: Part,
}

/// Sign the opening of a conversation. The members are signed as they are given.
async fn start(app: Data<AppState>, shown: Shown, of: Path<Start>) -> Result<Json<SignedStart>, ApiError> {
    let Start { app_id, client_id, sorted_member_ids } = of.into_inner();
    let key = key(&app, shown, &app_id.0).await?;
    let moment = Moment::new(app.now());
    let parts = [app_id.0.as_str(), &client_id.0, &sorted_member_ids, &moment.timestamp, &moment.nonce];
    let signature = sign(&key, &parts);
    Ok(Json(SignedStart { moment, signature, sorted_member_ids, app_id, client_id }))
}

#[derive(Deserialize)]
struct Change {
    app_id: Part,
    client_id: Part,
    conversion_id: Part,
    #[serde(default)]
    sorted_member_ids: String,
}

#[derive(Serialize)]
struct SignedChange {
    action: &'static str,
    #[serde(flatten)]
    moment: Moment,
    signature: String,
    conversion_id: Part,
    sorted_member_ids: String,
    app_id: Part,
    client_id: Part,
}

/// Sign a change of who is in a conversation. The members are signed as they are given; who joins gives none.
async fn change(
    app: Data<AppState>,
    shown: Shown,
    of: Path<Change>,
    action: &'static str,
) -> Result<Json<SignedChange>, ApiError> {
    let Change { app_id, client_id, conversion_id, sorted_member_ids } = of.into_inner();
    let key = key(&app, shown, &app_id.0).await?;
    let moment = Moment::new(app.now());
    let Moment { timestamp, nonce } = &moment;
    let parts = [&app_id.0, &client_id.0, &conversion_id.0, &sorted_member_ids, timestamp, nonce, action];
    let signature = sign(&key, &parts);
    Ok(Json(SignedChange { action, moment, signature, conversion_id, sorted_member_ids, app_id, client_id }))
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
