//! All classes that are followed at this instance.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, broadcast, mpsc, watch};

use super::announcement::Announcement;
use super::room::Room;
use super::update::{Signal, Update};
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
    rooms: Mutex<HashMap<ClassId, Arc<Room>>>,
    /// The connection of each component.
    places: Mutex<HashMap<String, Arc<Notify>>>,
    stopping: watch::Sender<bool>,
    signals: mpsc::Sender<Announcement>,
    /// Taken by the publisher.
    pub(super) outgoing: tokio::sync::Mutex<mpsc::Receiver<Announcement>>,
}

impl Default for Hub {
    fn default() -> Self {
        let (signals, outgoing) = mpsc::channel(SIGNALS);
        Self {
            instance: rand::random(),
            rooms: Mutex::default(),
            places: Mutex::default(),
            stopping: watch::Sender::new(false),
            signals,
            outgoing: tokio::sync::Mutex::new(outgoing),
        }
    }
}

/// One who follows a class. Dropping it ends that.
pub struct Follower {
    updates: broadcast::Receiver<Arc<Update>>,
    stopping: watch::Receiver<bool>,
}

/// The one connection that a component has at this instance. Dropping it gives it up.
pub struct Place {
    hub: Arc<Hub>,
    token_hash: String,
    taken: Arc<Notify>,
}

impl Place {
    /// Waits until the component has another connection.
    pub async fn taken(&self) {
        self.taken.notified().await;
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
    /// The next that it is told.
    ///
    /// # Errors
    /// Why there is nothing more.
    pub async fn next(&mut self) -> std::result::Result<Arc<Update>, Parting> {
        tokio::select! {
            biased;
            _ = self.stopping.wait_for(|stopping| *stopping) => Err(Parting::Stopping),
            update = self.updates.recv() => update.map_err(|missed| match missed {
                broadcast::error::RecvError::Lagged(_) => Parting::TooSlow,
                broadcast::error::RecvError::Closed => Parting::Stopping,
            }),
        }
    }
}

impl Hub {
    /// Follows a class: all entries are told that are committed after this returns, and maybe some that were before.
    ///
    /// # Errors
    /// Only those of the database.
    pub async fn follow(&self, db: &Db, enterprise: Arc<Enterprise>, class_id: ClassId) -> Result<Follower> {
        let (room, updates) = {
            let mut rooms = self.lock();
            let room = rooms.entry(class_id).or_insert_with(|| Arc::new(Room::new(enterprise, class_id))).clone();
            // Within the lock, so that the room is not taken for empty.
            let updates = room.followers.subscribe();
            (room, updates)
        };
        room.open(db).await?;
        Ok(Follower { updates, stopping: self.stopping.subscribe() })
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
        Place { hub: self.clone(), token_hash, taken }
    }

    /// Sends a signal to the other followers of a class, at all instances. It can be lost.
    pub fn signal(&self, class_id: ClassId, signal: Signal) {
        // It fails when too many wait, or on an instance that has stopped.
        let _ = self.signals.try_send(Announcement::of_signal(self.instance, class_id, &signal));
        if let Some(room) = self.room(class_id) {
            room.broadcast(Update::Signal(signal));
        }
    }

    /// Ends all followers: the instance stops. They go on at another one, or here after the start.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(super) fn room(&self, class_id: ClassId) -> Option<Arc<Room>> {
        self.lock().get(&class_id).cloned()
    }

    /// The rooms with followers. Those without are removed.
    pub(super) fn rooms(&self) -> Vec<Arc<Room>> {
        let mut rooms = self.lock();
        rooms.retain(|_, room| room.followers.receiver_count() > 0);
        rooms.values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ClassId, Arc<Room>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
