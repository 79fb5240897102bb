//! Switches: when cameras and microphones of stays went on and off.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::switches;
use crate::store::schema::switches::dsl;
use crate::store::text::words;

words! {
    /// What is switched.
    Device {
        /// A camera.
        Camera = "camera",
        /// A microphone.
        Mic = "mic",
    }
}

/// A device of a stay went on or off.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = switches, treat_none_as_default_value = false)]
pub struct DeviceEvent {
    /// Whose class it is in.
    pub enterprise_id: i64,
    /// The class.
    pub class_id: i64,
    /// Whose device.
    pub user_id: String,
    /// The how-manieth stay of this person in this class.
    pub ordinal: i64,
    /// Which.
    pub device: Device,
    /// Whether it is on since.
    pub is_on: bool,
    /// When.
    pub create_time: Millis,
}

/// Writes one down.
pub fn insert(conn: &mut Conn, new: &DeviceEvent) -> Result<()> {
    diesel::insert_into(dsl::switches).values(new).execute(conn).map(drop)
}

/// Those of some users of a class, in the order in which they happened.
pub fn of_users(conn: &mut Conn, enterprise_id: i64, class_id: i64, user_ids: &[String]) -> Result<Vec<DeviceEvent>> {
    dsl::switches
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq_any(user_ids))
        .order(dsl::id)
        .select((
            dsl::enterprise_id,
            dsl::class_id,
            dsl::user_id,
            dsl::ordinal,
            dsl::device,
            dsl::is_on,
            dsl::create_time,
        ))
        .load(conn)
}
