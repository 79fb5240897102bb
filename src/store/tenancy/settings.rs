//! Settings of an enterprise that one protocol or integration reads: a table each, whose missing row stands for the defaults.

use std::fmt;

use super::enterprise::Enterprise;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::{chat_settings, cloud_settings, enterprises, room_settings};

/// The account of an enterprise at the hosted cloud, kept for its clients.
#[derive(Clone, Default, PartialEq, Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = cloud_settings, primary_key(enterprise_id), treat_none_as_default_value = false)]
pub struct CloudSettings {
    /// Whose.
    pub enterprise_id: i64,
    /// Its id at the live service; 0 for none.
    pub bizid: i64,
    /// Its account; 0 for none.
    pub appid: i64,
    /// Its project; 0 for none.
    pub project_id: i64,
    /// The id of its key; empty for none.
    pub secret_id: String,
    /// The key, which signs uploads and calls of clients.
    pub secret_key: String,
}

/// What rooms need of an enterprise.
#[derive(Clone, PartialEq, Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = room_settings, primary_key(enterprise_id), treat_none_as_default_value = false)]
pub struct RoomSettings {
    /// Whose.
    pub enterprise_id: i64,
    /// The bucket of the hosted cloud that clients upload to; empty for none.
    pub cos_bucket: String,
    /// The region of that bucket.
    pub cos_region: String,
    /// The secret that signs what the recorder reports; empty when it does not sign.
    pub recording_key: String,
    /// Whether people may open accounts themselves.
    pub open_registration: bool,
}

/// The chat application of an enterprise.
#[derive(Clone, Default, PartialEq, Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = chat_settings, primary_key(enterprise_id), treat_none_as_default_value = false)]
pub struct ChatSettings {
    /// Whose.
    pub enterprise_id: i64,
    /// What it is called; empty for the `sdkappid` of the enterprise. See [`ChatSettings::app_id`].
    pub chat_app_id: String,
    /// The key that signs its operations; empty for none.
    pub chat_master_key: String,
    /// Whether calls without a token are accepted.
    pub im_open: bool,
}

impl RoomSettings {
    /// The settings of an enterprise that has chosen none.
    #[must_use]
    pub fn default_of(enterprise_id: i64) -> Self {
        let nothing = String::new;
        Self {
            enterprise_id,
            cos_bucket: nothing(),
            cos_region: nothing(),
            recording_key: nothing(),
            open_registration: true,
        }
    }
}

impl ChatSettings {
    /// The settings of an enterprise that has chosen none.
    #[must_use]
    pub fn default_of(enterprise_id: i64) -> Self {
        Self { enterprise_id, ..Self::default() }
    }

    /// What the chat application of the enterprise with this `sdkappid` is called.
    #[must_use]
    pub fn app_id(&self, sdkappid: i64) -> String {
        if self.chat_app_id.is_empty() { sdkappid.to_string() } else { self.chat_app_id.clone() }
    }
}

// By hand, so that no log line can show a key.
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

/// The account of an enterprise at the hosted cloud.
pub fn cloud(conn: &mut Conn, enterprise_id: i64) -> Result<CloudSettings> {
    let found = cloud_settings::table.find(enterprise_id).get_result(conn).optional()?;
    Ok(found.unwrap_or_else(|| CloudSettings { enterprise_id, ..CloudSettings::default() }))
}

/// What rooms need of an enterprise.
pub fn rooms(conn: &mut Conn, enterprise_id: i64) -> Result<RoomSettings> {
    let found = room_settings::table.find(enterprise_id).get_result(conn).optional()?;
    Ok(found.unwrap_or_else(|| RoomSettings::default_of(enterprise_id)))
}

/// The chat application of an enterprise.
pub fn chat(conn: &mut Conn, enterprise_id: i64) -> Result<ChatSettings> {
    let found = chat_settings::table.find(enterprise_id).get_result(conn).optional()?;
    Ok(found.unwrap_or_else(|| ChatSettings::default_of(enterprise_id)))
}

/// The enterprise of a chat application, with its settings. A name that was chosen goes before an `sdkappid`.
pub fn of_chat_app(conn: &mut Conn, app_id: &str) -> Result<Option<(Enterprise, ChatSettings)>> {
    // An empty name is stored for every enterprise that chose none.
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

/// Stores the account of an enterprise at the hosted cloud. Like the other two `set_` functions it needs the row of the
/// enterprise locked, so that two changes of the same settings do not both add the row.
pub fn set_cloud(conn: &mut Conn, settings: &CloudSettings) -> Result<()> {
    let row = cloud_settings::table.find(settings.enterprise_id);
    if diesel::update(row).set(settings).execute(conn)? == 0 {
        diesel::insert_into(cloud_settings::table).values(settings).execute(conn)?;
    }
    Ok(())
}

/// Stores what rooms need of an enterprise.
pub fn set_rooms(conn: &mut Conn, settings: &RoomSettings) -> Result<()> {
    let row = room_settings::table.find(settings.enterprise_id);
    if diesel::update(row).set(settings).execute(conn)? == 0 {
        diesel::insert_into(room_settings::table).values(settings).execute(conn)?;
    }
    Ok(())
}

/// Stores the chat application of an enterprise.
pub fn set_chat(conn: &mut Conn, settings: &ChatSettings) -> Result<()> {
    let row = chat_settings::table.find(settings.enterprise_id);
    if diesel::update(row).set(settings).execute(conn)? == 0 {
        diesel::insert_into(chat_settings::table).values(settings).execute(conn)?;
    }
    Ok(())
}
