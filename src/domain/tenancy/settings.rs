//! Settings of an enterprise that one protocol or integration reads, and how they may be changed.

use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result, set};
use crate::store::ids::EnterpriseId;
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::settings;
pub use crate::store::tenancy::settings::{
    ChatSettings, CloudSettings, Product, RecordingSettings, Registration, RoomSettings, chat, cloud, of_chat_app,
    recordings, rooms,
};

/// Changes to the account at the hosted cloud. A field that is `None` keeps its value.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of CloudSettings")]
pub struct CloudPatch {
    pub bizid: Option<i64>,
    pub appid: Option<i64>,
    pub project_id: Option<i64>,
    pub secret_id: Option<String>,
    pub secret_key: Option<String>,
}

/// Changes to the settings for rooms. A field that is `None` keeps its value.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of RoomSettings")]
pub struct RoomPatch {
    pub cos_bucket: Option<String>,
    pub cos_region: Option<String>,
    pub recording_key: Option<String>,
    pub registration: Option<Registration>,
}

/// Changes to the chat application. A field that is `None` keeps its value.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of ChatSettings")]
pub struct ChatPatch {
    pub chat_app_id: Option<String>,
    pub chat_master_key: Option<String>,
    pub im_open: Option<bool>,
}

/// Changes to how classes are recorded. A field that is `None` keeps its value.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the fields of RecordingSettings")]
pub struct RecordingPatch {
    pub product: Option<Product>,
    pub is_public: Option<bool>,
}

/// Whether a text is empty or a valid bucket name of the hosted cloud.
#[must_use]
pub fn is_bucket(text: &str) -> bool {
    text.len() <= 63 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Changes the cloud account of an enterprise whose row is locked. Like the two functions below it writes no row when
/// nothing changes.
pub(super) fn modify_cloud(conn: &mut Conn, enterprise_id: EnterpriseId, patch: CloudPatch) -> Result<()> {
    let before = cloud(conn, enterprise_id)?;
    let mut after = before.clone();
    set(&mut after.bizid, patch.bizid);
    set(&mut after.appid, patch.appid);
    set(&mut after.project_id, patch.project_id);
    set(&mut after.secret_id, patch.secret_id);
    set(&mut after.secret_key, patch.secret_key);
    if after != before {
        settings::set_cloud(conn, &after)?;
    }
    Ok(())
}

/// Changes the room settings of an enterprise whose row is locked.
pub(super) fn modify_rooms(conn: &mut Conn, enterprise_id: EnterpriseId, patch: RoomPatch) -> Result<()> {
    if patch.cos_bucket.as_ref().is_some_and(|bucket| !is_bucket(bucket)) {
        return Err(Error::invalid(Field::BucketName, Problem::NotBucketName));
    }
    let before = rooms(conn, enterprise_id)?;
    let mut after = before.clone();
    set(&mut after.cos_bucket, patch.cos_bucket);
    set(&mut after.cos_region, patch.cos_region);
    set(&mut after.recording_key, patch.recording_key);
    set(&mut after.registration, patch.registration);
    if after != before {
        settings::set_rooms(conn, &after)?;
    }
    Ok(())
}

/// Changes the chat application of an enterprise whose row is locked.
pub(super) fn modify_chat(conn: &mut Conn, enterprise: &Enterprise, patch: ChatPatch) -> Result<()> {
    let before = chat(conn, enterprise.enterprise_id)?;
    let mut after = before.clone();
    if let Some(key) = patch.chat_master_key {
        check_chat_master_key(&key)?;
        after.chat_master_key = key;
    }
    if let Some(app_id) = patch.chat_app_id {
        after.chat_app_id = app_id;
        check_chat_app(conn, enterprise, &after)?;
    }
    set(&mut after.im_open, patch.im_open);
    if after != before {
        settings::set_chat(conn, &after)?;
    }
    Ok(())
}

/// Changes how the classes of an enterprise are recorded, whose row is locked.
pub(super) fn modify_recordings(conn: &mut Conn, enterprise_id: EnterpriseId, patch: RecordingPatch) -> Result<()> {
    let before = recordings(conn, enterprise_id)?;
    let mut after = before.clone();
    set(&mut after.product, patch.product);
    set(&mut after.is_public, patch.is_public);
    if after != before {
        settings::set_recordings(conn, &after)?;
    }
    Ok(())
}

/// The key is generated outside Lectern, so it has no minimum length.
fn check_chat_master_key(key: &str) -> Result<()> {
    if key.len() <= 128 && key.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(Error::invalid(Field::ChatMasterKey, Problem::NotVisibleAscii { max: 128 }))
    }
}

/// Rejects a chat application id that another enterprise uses, whether chosen or derived from its `sdkappid`.
fn check_chat_app(conn: &mut Conn, enterprise: &Enterprise, settings: &ChatSettings) -> Result<()> {
    // The id is joined with colons where it is signed, and it is a segment of URL paths.
    let may_be = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b':' | b'/');
    if settings.chat_app_id.len() > 128 || !settings.chat_app_id.bytes().all(may_be) {
        return Err(Error::invalid(Field::ChatAppId, Problem::NotChatAppId { max: 128 }));
    }
    let app_id = settings.app_id(enterprise.sdkappid);
    match of_chat_app(conn, &app_id)? {
        Some((other, _)) if other.enterprise_id != enterprise.enterprise_id => {
            Err(Error::invalid(Field::ChatAppId, Problem::OfAnotherEnterprise(app_id)))
        }
        _ => Ok(()),
    }
}
