//! Creating, changing and deleting enterprises.

use super::settings::{ChatPatch, CloudPatch, RecordingPatch, RoomPatch};
use super::{secret, settings};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result, check_url};
use crate::store;
use crate::store::Json;
use crate::store::ids::EnterpriseId;
use crate::store::tenancy::enterprise::NewEnterprise;
pub use crate::store::tenancy::enterprise::{Enterprise, Extra, Protocols, all, find, get};
use crate::store::tenancy::webhook_secret::{Receiver, WebhookSecret};

/// Default validity in seconds: 50 years, so that operators of Lectern need not renew their own account.
pub const VALID_SECONDS: i64 = 1_576_800_000;

/// The first `sdkappid` that Lectern assigns. Clients expect ten digits that begin with 140.
const FIRST_SDKAPPID: i64 = 1_400_000_001;

/// The fields of a new enterprise.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// The id that its requests carry. Default: the next free one.
    pub sdkappid: Option<i64>,
    /// The secret that signs its requests. Default: a random one.
    pub tic_key: Option<String>,
    /// The address that receives its events.
    pub call_back_url: Option<String>,
    /// Its validity in seconds. Default: [`VALID_SECONDS`].
    pub valid_seconds: Option<i64>,
    /// The protocols that answer for it. Default: only the one that always does.
    pub protocols: Protocols,
}

/// Creates an enterprise.
///
/// # Errors
/// [`Error::Invalid`] for an invalid field, or an `sdkappid` in use.
pub fn create(conn: &mut Conn, draft: Draft, now: Millis) -> Result<Enterprise> {
    store::tenancy::enterprise::lock_making(conn)?;
    let sdkappid = match draft.sdkappid {
        Some(chosen) if chosen <= 0 => return Err(Error::invalid(Field::EnterpriseNumber, Problem::NotPositive)),
        Some(chosen) => chosen,
        None => store::tenancy::enterprise::highest_sdkappid(conn)?
            .map_or(FIRST_SDKAPPID, |highest| FIRST_SDKAPPID.max(highest + 1)),
    };
    if find(conn, sdkappid)?.is_some() {
        return Err(Error::invalid(Field::EnterpriseNumber, Problem::InUse(sdkappid)));
    }
    let call_back_url = draft.call_back_url.unwrap_or_default();
    check_url(Field::CallbackUrl, &call_back_url)?;
    let new = NewEnterprise {
        sdkappid,
        name: draft.name,
        busi_type: "saas".into(),
        contact_user: String::new(),
        phone_no: String::new(),
        e_mail: String::new(),
        super_admin: String::new(),
        icon: String::new(),
        tic_key: draft.tic_key.unwrap_or_else(secret::key),
        private_key: format!("{}{}", secret::token(), secret::token()),
        call_back_url,
        callback_ordered: true,
        callback_on_api: false,
        callback_paused: false,
        callback_events: Json::new(Vec::new()),
        webhook_secret: secret::webhook_secret(),
        strict_schedule: false,
        create_time: now,
        valid_seconds: checked_validity(draft.valid_seconds.unwrap_or(VALID_SECONDS))?,
        channels_enabled: draft.protocols.channels,
        rooms_enabled: draft.protocols.rooms,
        im_enabled: draft.protocols.im,
    };
    check_key(Field::SigningKey, &new.tic_key)?;
    let enterprise_id = store::tenancy::enterprise::insert(conn, &new)?;
    let of_document_service = WebhookSecret::new(enterprise_id, Receiver::DocumentService, secret::webhook_secret());
    store::tenancy::webhook_secret::insert(conn, &of_document_service)?;
    require(conn, sdkappid)
}

/// Returns the enterprise of an `sdkappid`.
///
/// # Errors
/// [`Error::Invalid`] when it does not exist.
pub fn require(conn: &mut Conn, sdkappid: i64) -> Result<Enterprise> {
    find(conn, sdkappid)?.ok_or_else(|| unknown(sdkappid))
}

/// Changes to an enterprise. A field that is `None` keeps its value.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Enterprise")]
pub struct Patch {
    pub name: Option<String>,
    pub contact_user: Option<String>,
    pub phone_no: Option<String>,
    pub e_mail: Option<String>,
    pub super_admin: Option<String>,
    pub icon: Option<String>,
    pub call_back_url: Option<String>,
    pub callback_ordered: Option<bool>,
    pub callback_on_api: Option<bool>,
    pub callback_paused: Option<bool>,
    pub callback_events: Option<Vec<Extra>>,
    pub strict_schedule: Option<bool>,
    pub valid_seconds: Option<i64>,
    pub transcode_callback: Option<String>,
    pub online_callback: Option<String>,
    pub offline_callback: Option<String>,
    pub protocols: Option<Protocols>,
    pub cloud: CloudPatch,
    pub rooms: RoomPatch,
    pub chat: ChatPatch,
    pub recordings: RecordingPatch,
}

/// What a change of an enterprise means for its deliveries.
pub(in crate::domain) struct Modified {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// Whether its deliveries had an order until now.
    pub order_lifted: bool,
}

/// Changes an enterprise.
///
/// # Errors
/// [`Error::Invalid`] for an invalid field, or an unknown `sdkappid`.
pub(in crate::domain) fn modify(conn: &mut Conn, sdkappid: i64, patch: Patch) -> Result<Modified> {
    let mut enterprise = lock(conn, sdkappid)?;
    if let Some(url) = &patch.call_back_url {
        check_url(Field::CallbackUrl, url)?;
    }
    if let Some(url) = &patch.transcode_callback {
        check_url(Field::TranscodeCallbackUrl, url)?;
    }
    for url in [&patch.online_callback, &patch.offline_callback].into_iter().flatten() {
        check_url(Field::RecordingCallbackUrl, url)?;
    }
    if let Some(valid) = patch.valid_seconds {
        checked_validity(valid)?;
    }
    settings::modify_cloud(conn, enterprise.enterprise_id, patch.cloud)?;
    settings::modify_rooms(conn, enterprise.enterprise_id, patch.rooms)?;
    settings::modify_chat(conn, &enterprise, patch.chat)?;
    settings::modify_recordings(conn, enterprise.enterprise_id, patch.recordings)?;
    crate::domain::set(&mut enterprise.name, patch.name);
    crate::domain::set(&mut enterprise.contact_user, patch.contact_user);
    crate::domain::set(&mut enterprise.phone_no, patch.phone_no);
    crate::domain::set(&mut enterprise.e_mail, patch.e_mail);
    crate::domain::set(&mut enterprise.super_admin, patch.super_admin);
    crate::domain::set(&mut enterprise.icon, patch.icon);
    crate::domain::set(&mut enterprise.call_back_url, patch.call_back_url);
    let order_lifted = enterprise.callback_ordered && patch.callback_ordered == Some(false);
    crate::domain::set(&mut enterprise.callback_ordered, patch.callback_ordered);
    crate::domain::set(&mut enterprise.callback_on_api, patch.callback_on_api);
    crate::domain::set(&mut enterprise.callback_paused, patch.callback_paused);
    crate::domain::set(&mut enterprise.callback_events, patch.callback_events.map(Json::new));
    crate::domain::set(&mut enterprise.strict_schedule, patch.strict_schedule);
    crate::domain::set(&mut enterprise.valid_seconds, patch.valid_seconds);
    crate::domain::set(&mut enterprise.transcode_callback, patch.transcode_callback);
    crate::domain::set(&mut enterprise.online_callback, patch.online_callback);
    crate::domain::set(&mut enterprise.offline_callback, patch.offline_callback);
    if let Some(Protocols { channels, rooms, im }) = patch.protocols {
        (enterprise.channels_enabled, enterprise.rooms_enabled, enterprise.im_enabled) = (channels, rooms, im);
    }
    store::tenancy::enterprise::update(conn, &enterprise)?;
    Ok(Modified { enterprise_id: enterprise.enterprise_id, order_lifted })
}

/// Gives an enterprise a new `tic_key` and returns the enterprise. The old key stays valid for `grace` milliseconds.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`.
pub fn rotate_key(conn: &mut Conn, sdkappid: i64, grace: Millis, now: Millis) -> Result<Enterprise> {
    let mut enterprise = lock(conn, sdkappid)?;
    let old = std::mem::replace(&mut enterprise.tic_key, secret::key());
    enterprise.old_tic_key = Some(old);
    enterprise.old_tic_key_until = Some(now.saturating_add(grace));
    store::tenancy::enterprise::update(conn, &enterprise)?;
    Ok(enterprise)
}

/// Gives an enterprise a new secret for Standard Webhooks. For `grace` milliseconds deliveries carry signatures of both
/// secrets.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`.
pub fn rotate_webhook_secret(conn: &mut Conn, sdkappid: i64, grace: Millis, now: Millis) -> Result<Enterprise> {
    let mut enterprise = lock(conn, sdkappid)?;
    let old = std::mem::replace(&mut enterprise.webhook_secret, secret::webhook_secret());
    enterprise.old_webhook_secret = Some(old);
    enterprise.old_webhook_secret_until = Some(now.saturating_add(grace));
    store::tenancy::enterprise::update(conn, &enterprise)?;
    Ok(enterprise)
}

/// Deletes an enterprise with all its rows and returns its id. Its files remain; `service::delete_enterprise` deletes
/// them too.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`.
pub fn delete(conn: &mut Conn, sdkappid: i64) -> Result<EnterpriseId> {
    store::tenancy::enterprise::delete(conn, sdkappid)?.ok_or_else(|| unknown(sdkappid))
}

/// The name of the demo enterprise.
pub const DEMO: &str = "Demo";

/// Creates a demo enterprise, for which all protocols answer, if no enterprise exists yet.
///
/// # Errors
/// Only those of the database.
pub fn create_demo(conn: &mut Conn, now: Millis) -> Result<Option<Enterprise>> {
    store::tenancy::enterprise::lock_making(conn)?;
    if store::tenancy::enterprise::highest_sdkappid(conn)?.is_some() {
        return Ok(None);
    }
    create(conn, Draft { name: DEMO.into(), protocols: Protocols::ALL, ..Draft::default() }, now).map(Some)
}

pub(in crate::domain) fn lock(conn: &mut Conn, sdkappid: i64) -> Result<Enterprise> {
    store::tenancy::enterprise::lock(conn, sdkappid)?.ok_or_else(|| unknown(sdkappid))
}

fn unknown(sdkappid: i64) -> Error {
    Error::invalid(Field::EnterpriseNumber, Problem::NoEnterprise(sdkappid))
}

/// Checks a key that signs by a hash of itself: it must be long enough not to be guessed.
pub(super) fn check_key(field: Field, key: &str) -> Result<()> {
    if key.len() >= 16 && key.len() <= 128 && key.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(Error::invalid(field, Problem::NotKey { min: 16, max: 128 }))
    }
}

fn checked_validity(seconds: i64) -> Result<i64> {
    if seconds > 0 { Ok(seconds) } else { Err(Error::invalid(Field::Validity, Problem::NotPositive)) }
}
