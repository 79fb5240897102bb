//! Who is inside a class but has lost the connection, as far as this instance knows. Every instance learns of all connections
//! from their signals, also in classes that nobody follows here, so that whoever enters later gets the same answer everywhere.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::domain::ids::ClassId;

/// How long a lost connection is remembered. The session ends long before.
const REMEMBERED: Millis = 3_600_000;

/// A connection of a user that began or broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionChange {
    /// The number of the connection: see [`Place`](super::Place).
    pub connection: u64,
    /// Whether it began; else it broke.
    pub is_connected: bool,
    /// When.
    pub time: Millis,
}

/// When the connections of users broke, by class and user.
#[derive(Default)]
pub(super) struct LostConnections(Mutex<HashMap<ClassId, HashMap<String, Millis>>>);

impl LostConnections {
    pub(super) fn note(&self, class_id: ClassId, user_id: &str, change: ConnectionChange) {
        let mut classes = self.lock();
        if !change.is_connected {
            classes.entry(class_id).or_default().insert(user_id.to_owned(), change.time);
        } else if let Some(users) = classes.get_mut(&class_id) {
            users.remove(user_id);
            if users.is_empty() {
                classes.remove(&class_id);
            }
        }
    }

    /// When the connection of a user broke, if it did.
    pub(super) fn of_user(&self, class_id: ClassId, user_id: &str) -> Option<Millis> {
        self.lock().get(&class_id)?.get(user_id).copied()
    }

    /// The users of a class without a connection.
    pub(super) fn of_class(&self, class_id: ClassId) -> Vec<String> {
        self.lock().get(&class_id).map(|users| users.keys().cloned().collect()).unwrap_or_default()
    }

    /// Forgets connections that broke long ago.
    pub(super) fn forget_old(&self, now: Millis) {
        self.lock().retain(|_, users| {
            users.retain(|_, time| now.saturating_sub(*time) < REMEMBERED);
            !users.is_empty()
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ClassId, HashMap<String, Millis>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
