//! The messages to pages about the media of the class.

use std::time::{Duration, Instant};

use super::{Peers, Room};
use crate::media::control::{ArrivingView, FromServer, QualityView, SlotView, SourceView, SpeakerView};
use crate::media::engine::Permissions;
use crate::media::ids::PeerId;
use crate::media::peer::Peer;

/// Round trips beyond this are of no use to anybody.
const LONGEST_TRIP: Duration = Duration::from_mins(1);

impl Room {
    /// Sends a page what has changed. Returns whether there was something.
    pub(super) fn send_messages(&self, peer: &mut Peer, now: Instant) -> bool {
        let user_id = |key| self.tracks.get(&key).map(|track| track.user_id.clone());
        let mut slots = Vec::new();
        let mut paused = Vec::new();
        for slot in &peer.slots {
            let Some(shown) = &slot.shown else { continue };
            let Some(user_id) = user_id(shown.track) else { continue };
            let source = shown.track.1;
            if shown.target.is_none() {
                paused.push(SourceView { user_id: user_id.clone(), source });
            }
            slots.push(SlotView { mid: slot.mid.to_string(), user_id, source });
        }
        let sources = self.others(peer, now).map(|((_, source), track)| ArrivingView {
            user_id: track.user_id.clone(),
            source,
            height: track.height(),
        });
        let sources = FromServer::Sources { sources: sources.collect() };
        let Permissions { mic, camera, screen } = peer.permissions;
        let permitted = FromServer::Permitted { mic: mic.into(), camera: camera.into(), screen: screen.into() };
        let messages = [sources, FromServer::Slots { slots }, permitted, FromServer::Paused { sources: paused }];
        let mut is_sent = false;
        for message in &messages {
            is_sent |= peer.send(message);
        }
        is_sent
    }

    /// Sends everybody who speaks.
    pub fn send_speakers(&self, peers: &mut Peers, now: Instant, reached: &mut Vec<PeerId>) {
        let speaking = self.speakers.speaking(now);
        let view = |(who, level): &(PeerId, u8)| {
            peers.get(who).map(|peer| SpeakerView { user_id: peer.user_id.clone(), level: *level })
        };
        let message = FromServer::Speakers { speakers: speaking.iter().filter_map(view).collect() };
        self.send_to_all(peers, &mut |_| message.clone(), reached);
    }

    /// Sends everybody how good the connections are: of those who send, and their own.
    pub fn send_quality(&self, peers: &mut Peers, reached: &mut Vec<PeerId>) {
        let view = |peer: &Peer| QualityView {
            user_id: peer.user_id.clone(),
            loss: (peer.quality.loss * 1_000.0).round() / 1_000.0,
            round_trip: u64::try_from(peer.quality.round_trip.min(LONGEST_TRIP).as_millis()).unwrap_or_default(),
        };
        let sends = |id: &PeerId| self.tracks.keys().any(|(from, _)| from == id);
        let senders: Vec<(PeerId, QualityView)> =
            self.peers.iter().filter(|id| sends(id)).filter_map(|id| Some((*id, view(peers.get(id)?)))).collect();
        let mut message = |peer: &Peer| {
            let others = senders.iter().filter(|(id, _)| *id != peer.id).map(|(_, view)| view.clone());
            let people = others.chain(std::iter::once(view(peer))).collect();
            FromServer::Quality { people, estimate: peer.estimate }
        };
        self.send_to_all(peers, &mut message, reached);
    }

    fn send_to_all(&self, peers: &mut Peers, message: &mut dyn FnMut(&Peer) -> FromServer, reached: &mut Vec<PeerId>) {
        for id in &self.peers {
            let Some(peer) = peers.get_mut(id) else { continue };
            let message = message(peer);
            if peer.send(&message) {
                reached.push(*id);
            }
        }
    }
}
