//! What `lectern enterprise show` and `list` show of an enterprise.

use lectern::clock::seconds;
use lectern::db::Conn;
use lectern::domain;
use lectern::domain::tenancy::enterprise::Enterprise;
use lectern::domain::tenancy::settings::{ChatSettings, CloudSettings, RecordingSettings, RoomSettings};
use lectern::domain::tenancy::webhook_secret::{Receiver, WebhookSecret};
use lectern::domain::tenancy::{callback_key, settings, webhook_secret};
use serde_json::{Value, json};

use super::switches;

/// Shown in place of a secret.
const MASK: &str = "********";

/// An enterprise with all its settings.
pub(super) struct Description {
    pub(super) enterprise: Enterprise,
    cloud: CloudSettings,
    rooms: RoomSettings,
    chat: ChatSettings,
    recordings: RecordingSettings,
    callback_key: Option<String>,
    document_service: WebhookSecret,
}

impl Description {
    pub(super) fn read(conn: &mut Conn, enterprise: Enterprise) -> domain::Result<Self> {
        let id = enterprise.enterprise_id;
        Ok(Self {
            cloud: settings::cloud(conn, id)?,
            rooms: settings::rooms(conn, id)?,
            chat: settings::chat(conn, id)?,
            recordings: settings::recordings(conn, id)?,
            callback_key: callback_key::find(conn, id)?,
            document_service: webhook_secret::require(conn, enterprise.sdkappid, Receiver::DocumentService)?,
            enterprise,
        })
    }

    pub(super) fn show(&self, secrets: bool) -> Value {
        let Self { enterprise, cloud, rooms, chat, recordings, callback_key, document_service } = self;
        let secret = |value: &str| if secrets || value.is_empty() { value.to_owned() } else { MASK.to_owned() };
        json!({
            "enterprise_id": enterprise.enterprise_id,
            "sdkappid": enterprise.sdkappid,
            "name": enterprise.name,
            "busi_type": enterprise.busi_type,
            "contact_user": enterprise.contact_user,
            "phone_no": enterprise.phone_no,
            "e_mail": enterprise.e_mail,
            "super_admin": enterprise.super_admin,
            "icon": enterprise.icon,
            "bizid": cloud.bizid,
            "appid": cloud.appid,
            "project_id": cloud.project_id,
            "secret_id": cloud.secret_id,
            "secret_key": secret(&cloud.secret_key),
            "tic_key": secret(&enterprise.tic_key),
            "old_tic_key_until": enterprise.old_tic_key_until.map(seconds),
            "private_key": secret(&enterprise.private_key),
            "call_back_url": enterprise.call_back_url,
            "callback_order": if enterprise.callback_ordered { "class" } else { "none" },
            "callback_on_api": enterprise.callback_on_api,
            "callback_paused": enterprise.callback_paused,
            "events": *enterprise.callback_events,
            "webhook_secret": secret(&enterprise.webhook_secret),
            "old_webhook_secret_until": enterprise.old_webhook_secret_until.map(seconds),
            "document_service_secret": secret(&document_service.webhook_secret),
            "old_document_service_secret_until": document_service.old_webhook_secret_until.map(seconds),
            "callback_key": secret(callback_key.as_deref().unwrap_or_default()),
            "strict_schedule": enterprise.strict_schedule,
            "cos_bucket": rooms.cos_bucket,
            "cos_region": rooms.cos_region,
            "recording_key": secret(&rooms.recording_key),
            "recording": recordings.product,
            "recording_public": recordings.is_public,
            "protocols": switches::names(enterprise.protocols()),
            "open_registration": rooms.registration,
            "create_time": seconds(enterprise.create_time),
            "valid_seconds": enterprise.valid_seconds,
            "chat_app_id": chat.app_id(enterprise.sdkappid),
            "chat_master_key": secret(&chat.chat_master_key),
            "im_open": chat.im_open,
        })
    }
}
