//! All classes that are followed at this instance.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prometheus_client::metrics::counter::Counter;
use tokio::sync::futures::OwnedNotified;
use tokio::sync::{Notify, broadcast, mpsc};

use super::announcement::Announcement;
use super::connected::LostConnections;
use super::room::Room;
use super::update::{Signal, Update};
use crate::clock::Millis;
use crate::db::Db;
use crate::domain::Result;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;

/// How many signals may wait to be announced to other instances. More are dropped.
const SIGNALS: usize = 1_024;

/// The classes that are followed at this instance.
pub struct Hub {
    /// A number that no other instance has.
    pub(super) instance: u64,
    /// `None` when the instance stops.
    rooms: Mutex<Option<HashMap<ClassId, Arc<Room>>>>,
    /// The connection of each component.
    places: Mutex<HashMap<String, Arc<Notify>>>,
    lost_connections: LostConnections,
    /// `None` on an embedded database, which has one instance.
    signals: Option<mpsc::Sender<Announcement>>,
    /// Updates that connections were sent.
    pub updates_sent: Counter,
    /// Taken by the publisher.
    pub(super) outgoing: tokio::sync::Mutex<mpsc::Receiver<Announcement>>,
}

/// One who follows a class. Dropping it ends that.
pub struct Follower {
    updates: broadcast::Receiver<Arc<Update>>,
}

/// The one connection that a component has at this instance. Dropping it gives it up.
pub struct Place {
    hub: Arc<Hub>,
    token_hash: String,
    taken: Arc<Notify>,
    /// A number that no other connection has, at any instance.
    pub connection: u64,
}

impl Place {
    /// Waits until the component has another connection.
    pub fn taken(&self) -> OwnedNotified {
        self.taken.clone().notified_owned()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = self.hub.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.get(&self.token_hash).is_some_and(|taken| Arc::ptr_eq(taken, &self.taken)) {
            places.remove(&self.token_hash);
        }
    }
}

/// Why a follower gets nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// It was too slow.
    TooSlow,
    /// The instance stops.
    Stopping,
}

impl Follower {
    /// The next update.
    ///
    /// # Errors
    /// Why there is nothing more.
    pub async fn next(&mut self) -> std::result::Result<Arc<Update>, Parting> {
        self.updates.recv().await.map_err(|problem| match problem {
            broadcast::error::RecvError::Lagged(_) => Parting::TooSlow,
            broadcast::error::RecvError::Closed => Parting::Stopping,
        })
    }
}

impl Hub {
    /// A hub without followers, of an instance on this database.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        let (signals, outgoing) = mpsc::channel(SIGNALS);
        Self {
            instance: rand::random(),
            rooms: Mutex::new(Some(HashMap::new())),
            places: Mutex::default(),
            lost_connections: LostConnections::default(),
            signals: (!db.is_embedded()).then_some(signals),
            updates_sent: Counter::default(),
            outgoing: tokio::sync::Mutex::new(outgoing),
        }
    }

    /// Follows a class: the follower gets all entries that are committed after this returns, and maybe some from before.
    ///
    /// # Errors
    /// Only those of the database.
    pub async fn follow(&self, db: &Db, enterprise: Arc<Enterprise>, class_id: ClassId) -> Result<Follower> {
        let (room, updates) = {
            let mut rooms = self.lock();
            let Some(rooms) = rooms.as_mut() else { return Ok(Follower { updates: broadcast::channel(1).1 }) };
            let room = rooms.entry(class_id).or_insert_with(|| Arc::new(Room::new(enterprise, class_id))).clone();
            // Within the lock, so that the room is not taken for empty.
            let updates = room.followers.subscribe();
            (room, updates)
        };
        room.open(db).await?;
        Ok(Follower { updates })
    }

    /// Makes a connection the only one of its component at this instance. An earlier one ends.
    #[must_use]
    pub fn take_place(self: &Arc<Self>, token_hash: String) -> Place {
        let taken = Arc::new(Notify::new());
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(earlier) = places.insert(token_hash.clone(), taken.clone()) {
            earlier.notify_one();
        }
        drop(places);
        Place { hub: self.clone(), token_hash, taken, connection: rand::random() }
    }

    /// Sends a signal to the other followers of a class, at all instances. It can be lost.
    pub fn signal(&self, class_id: ClassId, signal: Signal) {
        if let Some(signals) = &self.signals {
            // It fails when too many wait, or on an instance that has stopped.
            let _ = signals.try_send(Announcement::of_signal(self.instance, class_id, &signal));
        }
        self.signal_here(class_id, signal);
    }

    /// Sends a signal to the other followers of a class at this instance.
    pub(super) fn signal_here(&self, class_id: ClassId, signal: Signal) {
        // Before it is sent, so that whoever enters meanwhile gets it one way or the other.
        if let Some(change) = signal.connection {
            self.lost_connections.note(class_id, &signal.user_id, change);
        }
        if let Some(room) = self.room(class_id) {
            room.broadcast(Update::Signal(signal));
        }
    }

    /// Whether somebody who has been inside a class since this time is connected. A component without a channel counts as
    /// connected.
    #[must_use]
    pub fn is_connected(&self, class_id: ClassId, user_id: &str, since: Millis) -> bool {
        self.lost_connections.of_user(class_id, user_id).is_none_or(|broken| broken < since)
    }

    /// The users whose connections to a class broke.
    #[must_use]
    pub fn disconnected(&self, class_id: ClassId) -> Vec<String> {
        self.lost_connections.of_class(class_id)
    }

    /// How many components are connected to this instance.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// How many classes are followed at this instance.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.lock().as_ref().map_or(0, HashMap::len)
    }

    pub(super) fn forget_old_connections(&self, now: Millis) {
        self.lost_connections.forget_old(now);
    }

    /// Ends all followers: the instance stops. They go on at another one, or here after the start.
    pub fn stop(&self) {
        // Without its room, a follower gets what is on its way, and then nothing more.
        *self.lock() = None;
    }

    pub(super) fn room(&self, class_id: ClassId) -> Option<Arc<Room>> {
        self.lock().as_ref()?.get(&class_id).cloned()
    }

    /// The rooms with followers. Those without are removed.
    pub(super) fn rooms(&self) -> Vec<Arc<Room>> {
        let mut rooms = self.lock();
        let Some(rooms) = rooms.as_mut() else { return Vec::new() };
        rooms.retain(|_, room| room.followers.receiver_count() > 0);
        rooms.values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Option<HashMap<ClassId, Arc<Room>>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
