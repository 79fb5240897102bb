//! Device events: cameras and microphones of sessions turned on and off.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::switches;
use crate::store::schema::switches::dsl;
use crate::store::text::words;

words! {
    /// A kind of device.
    Device {
        /// A camera.
        Camera = "camera",
        /// A microphone.
        Mic = "mic",
    }
}

/// A device of a session was turned on or off.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = switches, treat_none_as_default_value = false)]
pub struct DeviceEvent {
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The user of the device.
    pub user_id: String,
    /// The ordinal of the session, among this user's sessions in the class.
    pub ordinal: i64,
    /// The device.
    pub device: Device,
    /// Whether it was turned on.
    pub is_on: bool,
    /// When it was turned.
    pub create_time: Millis,
}

/// Inserts a device event.
pub fn insert(conn: &mut Conn, new: &DeviceEvent) -> Result<()> {
    diesel::insert_into(dsl::switches).values(new).execute(conn).map(drop)
}

/// Returns the device events of some users in a class, in order.
pub fn of_users(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
) -> Result<Vec<DeviceEvent>> {
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
