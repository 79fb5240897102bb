//! A session as a row.

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::tenancy::user::Role;
use crate::store::text::words;

words! {
    /// Why a stay ended.
    QuitReason {
        /// They left.
        Quit = "quit",
        /// The class ended.
        ClassEnded = "class_ended",
        /// Somebody who may put them out.
        Kicked = "kicked",
        /// They came in on another device.
        Replaced = "replaced",
        /// Their component gave no sign of life.
        Timeout = "timeout",
        /// They went into another class.
        Moved = "moved",
    }
}

/// One stay.
#[derive(Clone, Debug, Queryable)]
pub struct Session {
    /// Counts up.
    pub id: i64,
    /// Whose class it is in.
    pub enterprise_id: i64,
    /// The class.
    pub class_id: i64,
    /// The person.
    pub user_id: String,
    /// As what they are in the class.
    pub role: Role,
    /// The how-manieth stay of this person in this class, from 1.
    pub ordinal: i64,
    /// When they came.
    pub enter_time: Millis,
    /// The last sign of life.
    pub last_seen: Millis,
    /// When they left; nothing while they are inside.
    pub quit_time: Option<Millis>,
    /// Why they left.
    pub quit_reason: Option<QuitReason>,
    /// 1 open, 0 shut, -1 not known.
    pub camera: i64,
    /// 1 open, 0 shut, -1 not known.
    pub mic: i64,
    /// 1 open, 0 shut, -1 not known.
    pub speaker: i64,
    /// 1 silenced, 0 not, -1 not known.
    pub silence: i64,
    /// 1 with the hand up, 0 without, -1 not known.
    pub hand_up: i64,
    /// SHA-256 of the token that opened the stay; nothing for a signed call.
    pub token_hash: Option<String>,
    /// When the stay ends unless its component says that it lives; nothing for a stay without heartbeats.
    pub lease_until: Option<Millis>,
    /// 1 allowed to draw, 0 not.
    pub enable_draw: i64,
    /// 1 sharing the screen, 0 not.
    pub screen: i64,
}
