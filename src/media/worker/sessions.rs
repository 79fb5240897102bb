//! What a thread is asked to do: media sessions begin and end.

use std::sync::atomic::Ordering;
use std::time::Instant;

use super::{Worker, send_to_others};
use crate::domain::ids::ClassId;
use crate::media::engine::{Answer, ConnectError, ConnectRequest, MediaEvent, MediaSessionId};
use crate::media::ids::PeerId;
use crate::media::inbox::Command;
use crate::media::peer::Peer;
use crate::media::room::Room;
use crate::media::sink::Tap;

/// How many media sessions a class has at most.
const MOST_IN_CLASS: usize = 1_000;

impl Worker {
    pub(super) fn command(&mut self, command: Command, now: Instant) {
        match command {
            Command::Connect { request, answer } => {
                let answered = self.connect(&request, now);
                // Whoever asked may be gone.
                let _ = answer.send(answered);
            }
            Command::Permit { class_id, user_id, permissions } => {
                for id in self.of_user(class_id, &user_id) {
                    let Some(peer) = self.peers.get_mut(&id) else { continue };
                    let withdrawn = peer.permit(permissions, now);
                    let Some(room) = self.rooms.get_mut(&class_id) else { continue };
                    for source in withdrawn {
                        room.remove_track((id, source));
                    }
                    room.is_changed = true;
                }
            }
            Command::Disconnect { class_id, session } => {
                let ids = self.of_class(class_id, |peer| peer.session == session);
                self.end_all(&ids);
            }
            Command::Remove { class_id, user_id } => {
                let ids = self.of_user(class_id, &user_id);
                self.end_all(&ids);
            }
            Command::Close { class_id } => {
                let ids = self.of_class(class_id, |_| true);
                self.end_all(&ids);
            }
            Command::Record { class_id, tap, sink } => {
                if let Some(room) = self.rooms.get_mut(&class_id) {
                    room.record(tap, sink.clone());
                }
                match sink {
                    Some(sink) => drop(self.sinks.insert((class_id, tap), sink)),
                    None => drop(self.sinks.remove(&(class_id, tap))),
                }
            }
            Command::Classes(answer) => {
                let _ = answer.send(self.rooms.keys().copied().collect());
            }
            Command::Learn { source, thread } => drop(self.elsewhere.insert(source, thread)),
            Command::Forget { source } => drop(self.elsewhere.remove(&source)),
            // The loop does it.
            Command::Stop(_) => {}
        }
    }

    fn of_user(&self, class_id: ClassId, user_id: &str) -> Vec<PeerId> {
        self.of_class(class_id, |peer| peer.user_id == user_id)
    }

    fn of_class(&self, class_id: ClassId, is_wanted: impl Fn(&Peer) -> bool) -> Vec<PeerId> {
        let ids = self.rooms.get(&class_id).map(|room| room.peers.as_slice()).unwrap_or_default();
        ids.iter().copied().filter(|id| self.peers.get(id).is_some_and(&is_wanted)).collect()
    }

    fn connect(&mut self, request: &ConnectRequest, now: Instant) -> Result<Answer, ConnectError> {
        let of_user = self.of_user(request.class_id, &request.user_id);
        let id = if let Some(session) = &request.session {
            let same = |id: &&PeerId| self.peers.get(id).is_some_and(|peer| peer.session == *session);
            *of_user.iter().find(same).ok_or(ConnectError::SessionOver)?
        } else {
            let id = self.begin(request, now)?;
            // A page that was loaded anew: what it had before is of no use to anybody.
            for before in of_user {
                self.end_quietly(before);
            }
            id
        };
        let Some(peer) = self.peers.get_mut(&id) else { return Err(ConnectError::SessionOver) };
        let accepted = peer.accept(request);
        let session = peer.session.clone();
        let Ok(sdp) = accepted else {
            if request.session.is_none() {
                self.end(id);
            }
            return accepted.map(|sdp| Answer { session, sdp });
        };
        peer.permit(request.permissions, now);
        let name = sdp.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:"));
        if let Some(name) = name {
            self.names.insert(name.to_owned(), id);
        }
        self.take_outputs(id, now);
        Ok(Answer { session, sdp })
    }

    fn begin(&mut self, request: &ConnectRequest, now: Instant) -> Result<PeerId, ConnectError> {
        let class_id = request.class_id;
        let sinks = &self.sinks;
        let totals = self.shared.totals.clone();
        let room = self.rooms.entry(class_id).or_insert_with(|| {
            totals.rooms.fetch_add(1, Ordering::Relaxed);
            let mut room = Room::new(class_id);
            for tap in Tap::ALL {
                room.record(tap, sinks.get(&(class_id, tap)).cloned());
            }
            room
        });
        if room.peers.len() >= MOST_IN_CLASS {
            return Err(ConnectError::Unavailable);
        }
        self.last += 1;
        let id = self.last;
        let session = MediaSessionId(format!("{:032x}", rand::random::<u128>()));
        let certificate = self.shared.certificate.clone();
        let peer = Peer::new(id, request, session, certificate, &self.shared.addresses.candidates, now);
        room.peers.push(id);
        totals.sessions.fetch_add(1, Ordering::Relaxed);
        self.peers.insert(id, peer);
        Ok(id)
    }

    pub(super) fn end_all(&mut self, ids: &[PeerId]) {
        for id in ids {
            self.end(*id);
        }
    }

    /// Ends a media session, and says so if the user has no other in the class.
    pub(super) fn end(&mut self, id: PeerId) {
        let Some((class_id, user_id)) = self.end_quietly(id) else { return };
        if self.of_user(class_id, &user_id).is_empty() {
            let _ = self.shared.events.send(MediaEvent::Ended { class_id, user_id });
        }
    }

    /// Ends a media session: the connection to the page is closed, and everything of it is removed.
    fn end_quietly(&mut self, id: PeerId) -> Option<(ClassId, String)> {
        let mut peer = self.peers.remove(&id)?;
        self.shared.totals.sessions.fetch_sub(1, Ordering::Relaxed);
        let farewell = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut farewell = Vec::new();
            if peer.rtc.close().is_ok() {
                while let Ok(str0m::Output::Transmit(transmit)) = peer.rtc.poll_output() {
                    farewell.push(transmit);
                }
            }
            farewell
        }));
        farewell.unwrap_or_default().into_iter().for_each(|transmit| self.transmit(transmit));
        self.datagrams.flush();
        self.scheduled.remove(&id);
        self.names.retain(|_, named| *named != id);
        let sources: Vec<_> = self.senders.iter().filter(|(_, sender)| **sender == id).map(|(key, _)| *key).collect();
        for (is_connection, source) in sources {
            self.senders.remove(&(is_connection, source));
            if is_connection {
                self.connections.remove(&source);
            } else {
                send_to_others(&self.shared, self.number, |_| Command::Forget { source });
            }
        }
        let Peer { class_id, user_id, .. } = peer;
        if let Some(room) = self.rooms.get_mut(&class_id) {
            room.remove(id);
            if room.peers.is_empty() {
                self.rooms.remove(&class_id);
                self.shared.totals.rooms.fetch_sub(1, Ordering::Relaxed);
            }
        }
        Some((class_id, user_id))
    }

    /// Ends all media sessions.
    pub(super) fn stop(&mut self) {
        let ids: Vec<PeerId> = self.peers.keys().copied().collect();
        for id in ids {
            self.end_quietly(id);
        }
    }
}
