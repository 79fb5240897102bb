//! What a change of an enterprise sets, for the audit log.

use serde_json::{Map, Value, json};
use url::Url;

use super::enterprise::{Patch, Protocols};
use super::settings::{ChatPatch, CloudPatch, RecordingPatch, RoomPatch};

/// In place of a secret.
const MASK: &str = "********";

/// The settings that a change sets, without secrets.
#[must_use]
pub fn described(patch: &Patch) -> Value {
    let mut set = Map::new();
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            set.insert(name.to_owned(), value);
        }
    };
    let text = |value: &Option<String>| value.as_ref().map(|value| json!(value));
    let address = |value: &Option<String>| value.as_ref().map(|value| json!(without_secrets(value)));
    let secret = |value: &Option<String>| value.as_ref().map(|value| json!(if value.is_empty() { "" } else { MASK }));
    add("name", text(&patch.name));
    add("contact_user", text(&patch.contact_user));
    add("phone_no", text(&patch.phone_no));
    add("e_mail", text(&patch.e_mail));
    add("super_admin", text(&patch.super_admin));
    add("icon", address(&patch.icon));
    add("call_back_url", address(&patch.call_back_url));
    add("callback_ordered", patch.callback_ordered.map(Value::from));
    add("callback_on_api", patch.callback_on_api.map(Value::from));
    add("callback_paused", patch.callback_paused.map(Value::from));
    add("events", patch.callback_events.as_ref().map(|events| json!(events)));
    add("strict_schedule", patch.strict_schedule.map(Value::from));
    add("valid_seconds", patch.valid_seconds.map(Value::from));
    add("transcode_callback", address(&patch.transcode_callback));
    add("online_callback", address(&patch.online_callback));
    add("offline_callback", address(&patch.offline_callback));
    add("protocols", patch.protocols.map(protocols));
    let CloudPatch { bizid, appid, project_id, secret_id, secret_key } = &patch.cloud;
    add("bizid", bizid.map(Value::from));
    add("appid", appid.map(Value::from));
    add("project_id", project_id.map(Value::from));
    add("secret_id", text(secret_id));
    add("secret_key", secret(secret_key));
    let RoomPatch { cos_bucket, cos_region, recording_key, registration } = &patch.rooms;
    add("cos_bucket", text(cos_bucket));
    add("cos_region", text(cos_region));
    add("recording_key", secret(recording_key));
    add("open_registration", registration.map(|registration| json!(registration)));
    let ChatPatch { chat_app_id, chat_master_key, im_open } = &patch.chat;
    add("chat_app_id", text(chat_app_id));
    add("chat_master_key", secret(chat_master_key));
    add("im_open", im_open.map(Value::from));
    let RecordingPatch { product, is_public } = patch.recordings;
    add("recording", product.map(|product| json!(product)));
    add("recording_public", is_public.map(Value::from));
    Value::Object(set)
}

/// The protocols that are switched on.
fn protocols(protocols: Protocols) -> Value {
    let Protocols { channels, rooms, im } = protocols;
    json!({ "channels": channels, "rooms": rooms, "im": im })
}

/// An address without the query, the user name and the password.
fn without_secrets(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else { return String::new() };
    if url.query().is_some() {
        url.set_query(Some(MASK));
    }
    // These calls only fail for an address that can't have a user name or a password.
    let _ = (url.set_username(""), url.set_password(None));
    url.set_fragment(None);
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_what_is_not_set_is_left_out() {
        let patch = Patch {
            name: Some("School".into()),
            call_back_url: Some("https://li:pass@a.example.com/x?key=hidden#frag".into()),
            cloud: CloudPatch { secret_key: Some("hidden".into()), ..CloudPatch::default() },
            chat: ChatPatch { chat_master_key: Some(String::new()), ..ChatPatch::default() },
            protocols: Some(Protocols::ALL),
            ..Patch::default()
        };
        let expected = json!({
            "name": "School",
            "call_back_url": "https://a.example.com/x?********",
            "secret_key": "********",
            "chat_master_key": "",
            "protocols": {"channels": true, "rooms": true, "im": true},
        });
        assert_eq!(described(&patch), expected);
        assert_eq!(described(&Patch::default()), json!({}));
    }
}
