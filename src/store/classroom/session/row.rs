//! Rows of sessions.

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::user::Role;
use crate::store::text::words;

words! {
    /// Why a session ended.
    QuitReason {
        /// The user left.
        Quit = "quit",
        /// The class ended.
        ClassEnded = "class_ended",
        /// Somebody with the permission removed the user.
        Kicked = "kicked",
        /// The user joined on another device.
        Replaced = "replaced",
        /// The heartbeats of the component stopped.
        Timeout = "timeout",
        /// The user joined another class.
        Moved = "moved",
        /// The user was deleted.
        Deleted = "deleted",
        /// The user lost the reservation.
        Removed = "removed",
        /// The class was deleted.
        ClassDeleted = "class_deleted",
    }
}

/// A session of a user in a class.
#[derive(Clone, Debug, Queryable)]
pub struct Session {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The user.
    pub user_id: String,
    /// The role in the class.
    pub role: Role,
    /// The ordinal among the sessions of this user in this class, from 1.
    pub ordinal: i64,
    /// When the user joined.
    pub enter_time: Millis,
    /// When the last heartbeat came.
    pub last_seen: Millis,
    /// When the user left; `None` while inside.
    pub quit_time: Option<Millis>,
    /// Why the session ended.
    pub quit_reason: Option<QuitReason>,
    /// 1 on, 0 off, -1 unknown.
    pub camera: i64,
    /// 1 on, 0 off, -1 unknown.
    pub mic: i64,
    /// 1 on, 0 off, -1 unknown.
    pub speaker: i64,
    /// 0 not silenced, 1 silenced by a moderator, 2 silent as the own component reported; -1 unknown.
    pub silence: i64,
    /// 1 raised, 0 not, -1 unknown.
    pub hand_up: i64,
    /// SHA-256 of the token that opened the session; `None` if a signed call opened it.
    pub token_hash: Option<String>,
    /// When the session expires unless a heartbeat renews it; `None` for a session without heartbeats.
    pub lease_until: Option<Millis>,
    /// 1 allowed to draw by a moderator, 2 allowed as the own component reported, 0 not.
    pub enable_draw: i64,
    /// 1 sharing the screen, 0 not.
    pub screen: i64,
    /// When the hand was raised; 0 while it is not.
    pub hand_up_time: Millis,
}
