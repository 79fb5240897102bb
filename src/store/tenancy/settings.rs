//! Settings of an enterprise that one protocol or integration reads. Each has its own table. An enterprise without a
//! row has the defaults.

use std::fmt;

use super::enterprise::Enterprise;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::{chat_settings, cloud_settings, enterprises, recording_settings, room_settings};
use crate::store::text::words;

words! {
    /// Who may open an account.
    Registration {
        /// Nobody: the enterprise registers its people.
        Off = "off",
        /// Pupils.
        Pupils = "pupils",
        /// Pupils and teachers.
        Teachers = "teachers",
    }
}

words! {
    /// What is made of a recording.
    Product {
        /// One video of the whole class.
        Composed = "composed",
        /// A video of each camera and screen, and the sound of each microphone.
        Tracks = "tracks",
        /// The sound of the whole class.
        Audio = "audio",
    }
}

/// The account of an enterprise at the hosted cloud, for use by its clients.
#[derive(Clone, Default, PartialEq, Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = cloud_settings, primary_key(enterprise_id), treat_none_as_default_value = false)]
pub struct CloudSettings {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The id at the live streaming service; 0 for none.
    pub bizid: i64,
    /// The account id; 0 for none.
    pub appid: i64,
    /// The project id; 0 for none.
    pub project_id: i64,
    /// The id of the API key; empty for none.
    pub secret_id: String,
    /// The API key. It signs uploads and calls of clients.
    pub secret_key: String,
}

/// The settings of an enterprise for rooms.
#[derive(Clone, PartialEq, Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = room_settings, primary_key(enterprise_id), treat_none_as_default_value = false)]
pub struct RoomSettings {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The cloud bucket that clients upload to; empty for none.
    pub cos_bucket: String,
    /// The region of the bucket.
    pub cos_region: String,
    /// The secret that signs the recorder's reports; empty if the reports are not signed.
    pub recording_key: String,
    /// Who may register accounts themselves.
    pub registration: Registration,
}

/// How the classes of an enterprise are recorded.
#[derive(Clone, Debug, PartialEq, Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = recording_settings, primary_key(enterprise_id), treat_none_as_default_value = false)]
pub struct RecordingSettings {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// What is made of its recordings.
    pub product: Product,
    /// Whether everybody who knows the address of a video may see it.
    pub is_public: bool,
}

/// The chat application of an enterprise.
#[derive(Clone, Default, PartialEq, Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = chat_settings, primary_key(enterprise_id), treat_none_as_default_value = false)]
pub struct ChatSettings {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The application id; empty to use the `sdkappid`. See [`ChatSettings::app_id`].
    pub chat_app_id: String,
    /// The key that signs its operations; empty for none.
    pub chat_master_key: String,
    /// Whether calls without a token are accepted.
    pub im_open: bool,
}

impl RoomSettings {
    /// The default settings.
    #[must_use]
    pub fn default_of(enterprise_id: EnterpriseId) -> Self {
        let nothing = String::new;
        Self {
            enterprise_id,
            cos_bucket: nothing(),
            cos_region: nothing(),
            recording_key: nothing(),
            registration: Registration::Off,
        }
    }
}

impl ChatSettings {
    /// The default settings.
    #[must_use]
    pub fn default_of(enterprise_id: EnterpriseId) -> Self {
        Self { enterprise_id, ..Self::default() }
    }

    /// Returns the chat application id of the enterprise with this `sdkappid`.
    #[must_use]
    pub fn app_id(&self, sdkappid: i64) -> String {
        if self.chat_app_id.is_empty() { sdkappid.to_string() } else { self.chat_app_id.clone() }
    }
}

// Written by hand so that a log line never shows a key.
impl fmt::Debug for CloudSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudSettings").field("enterprise_id", &self.enterprise_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for RoomSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoomSettings").field("enterprise_id", &self.enterprise_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for ChatSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatSettings").field("enterprise_id", &self.enterprise_id).finish_non_exhaustive()
    }
}

/// Returns the cloud account of an enterprise.
pub fn cloud(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<CloudSettings> {
    let found = cloud_settings::table.find(enterprise_id).get_result(conn).optional()?;
    Ok(found.unwrap_or_else(|| CloudSettings { enterprise_id, ..CloudSettings::default() }))
}

/// Returns the room settings of an enterprise.
pub fn rooms(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<RoomSettings> {
    let found = room_settings::table.find(enterprise_id).get_result(conn).optional()?;
    Ok(found.unwrap_or_else(|| RoomSettings::default_of(enterprise_id)))
}

/// Returns how the classes of an enterprise are recorded.
pub fn recordings(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<RecordingSettings> {
    let found = recording_settings::table.find(enterprise_id).get_result(conn).optional()?;
    let default = RecordingSettings { enterprise_id, product: Product::Composed, is_public: false };
    Ok(found.unwrap_or(default))
}

/// Returns the chat settings of an enterprise.
pub fn chat(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<ChatSettings> {
    let found = chat_settings::table.find(enterprise_id).get_result(conn).optional()?;
    Ok(found.unwrap_or_else(|| ChatSettings::default_of(enterprise_id)))
}

/// Returns the enterprise of a chat application, with its settings. A chosen application id takes precedence over an
/// `sdkappid`.
pub fn of_chat_app(conn: &mut Conn, app_id: &str) -> Result<Option<(Enterprise, ChatSettings)>> {
    // Enterprises without a chosen id store an empty one.
    if app_id.is_empty() {
        return Ok(None);
    }
    let chosen = enterprises::table
        .inner_join(chat_settings::table)
        .filter(chat_settings::chat_app_id.eq(app_id))
        .order(enterprises::enterprise_id)
        .limit(1);
    if let Some(found) = chosen.get_result(conn).optional()? {
        return Ok(Some(found));
    }
    let Ok(sdkappid) = app_id.parse() else { return Ok(None) };
    let Some(enterprise) = super::enterprise::find(conn, sdkappid)? else { return Ok(None) };
    let settings = chat(conn, enterprise.enterprise_id)?;
    Ok((settings.app_id(sdkappid) == app_id).then_some((enterprise, settings)))
}

/// Stores the cloud account of an enterprise. As with the other `set_` functions, the caller must lock the
/// enterprise's row. Otherwise two concurrent calls could both insert.
pub fn set_cloud(conn: &mut Conn, settings: &CloudSettings) -> Result<()> {
    let row = cloud_settings::table.find(settings.enterprise_id);
    if diesel::update(row).set(settings).execute(conn)? == 0 {
        diesel::insert_into(cloud_settings::table).values(settings).execute(conn)?;
    }
    Ok(())
}

/// Stores the room settings of an enterprise. The caller must lock the enterprise's row.
pub fn set_rooms(conn: &mut Conn, settings: &RoomSettings) -> Result<()> {
    let row = room_settings::table.find(settings.enterprise_id);
    if diesel::update(row).set(settings).execute(conn)? == 0 {
        diesel::insert_into(room_settings::table).values(settings).execute(conn)?;
    }
    Ok(())
}

/// Stores the chat settings of an enterprise. The caller must lock the enterprise's row.
pub fn set_chat(conn: &mut Conn, settings: &ChatSettings) -> Result<()> {
    let row = chat_settings::table.find(settings.enterprise_id);
    if diesel::update(row).set(settings).execute(conn)? == 0 {
        diesel::insert_into(chat_settings::table).values(settings).execute(conn)?;
    }
    Ok(())
}

/// Stores how the classes of an enterprise are recorded. The caller must lock the enterprise's row.
pub fn set_recordings(conn: &mut Conn, settings: &RecordingSettings) -> Result<()> {
    let row = recording_settings::table.find(settings.enterprise_id);
    if diesel::update(row).set(settings).execute(conn)? == 0 {
        diesel::insert_into(recording_settings::table).values(settings).execute(conn)?;
    }
    Ok(())
}
