//! Which source each slot of a receiver has.

use std::collections::HashSet;
use std::time::Instant;

use super::{Peers, Room};
use crate::media::engine::Source;
use crate::media::ids::TrackKey;
use crate::media::peer::Peer;
use crate::media::track::Track;

impl Room {
    /// Fills the slots of everybody, and notes which slots each source is in.
    pub(super) fn fill_slots(&mut self, peers: &mut Peers, now: Instant) {
        let speaking: Vec<_> = self.speakers.speaking(now).into_iter().map(|(who, _)| who).collect();
        for id in &self.peers {
            let Some(peer) = peers.get_mut(id) else { continue };
            let voices = self.voices(peer, &speaking, now);
            self.fill(peer, &voices, true);
            let pictures = self.pictures(peer, now);
            self.fill(peer, &pictures, false);
        }
        for track in self.tracks.values_mut() {
            track.watchers.clear();
        }
        for id in &self.peers {
            for (position, slot) in peers.get(id).into_iter().flat_map(|peer| peer.slots.iter().enumerate()) {
                let track = slot.shown.as_ref().and_then(|shown| self.tracks.get_mut(&shown.track));
                if let Some(track) = track {
                    track.watchers.push((*id, position));
                }
            }
        }
    }

    /// The voices that a receiver gets, in the order in which they get slots: those who speak, then those who have a slot.
    fn voices(&self, peer: &Peer, speaking: &[u64], now: Instant) -> Vec<TrackKey> {
        let has = |key: &TrackKey| peer.slots.iter().any(|slot| slot.shown.as_ref().is_some_and(|s| s.track == *key));
        let mut voices: Vec<TrackKey> =
            self.others(peer, now).map(|(key, _)| key).filter(|key| key.1 == Source::Mic).collect();
        voices.sort_by_key(|key| {
            let rank = speaking.iter().position(|who| *who == key.0).unwrap_or(usize::MAX);
            (rank, !has(key))
        });
        voices
    }

    /// The pictures that somebody sees: those that the page shows, or all before it has said what it shows.
    fn pictures(&self, peer: &Peer, now: Instant) -> Vec<TrackKey> {
        let mut pictures: Vec<(usize, TrackKey)> = self
            .others(peer, now)
            .filter(|(key, _)| key.1 != Source::Mic)
            .map(|(key, track)| (peer.wanted(&track.user_id, key.1), key))
            .filter(|((rank, height), _)| *rank != usize::MAX && *height > 0)
            .map(|((rank, _), key)| (rank, key))
            .collect();
        pictures.sort_unstable();
        pictures.into_iter().map(|(_, key)| key).collect()
    }

    /// What others send now.
    pub(super) fn others(&self, peer: &Peer, now: Instant) -> impl Iterator<Item = (TrackKey, &Track)> {
        let own = peer.id;
        let others = self.tracks.iter().filter(move |((from, _), track)| *from != own && track.is_active(now));
        others.map(|(key, track)| (*key, track))
    }

    /// Puts sources into the slots of one kind. What is in a slot and wanted remains where it is.
    fn fill(&self, peer: &mut Peer, wanted: &[TrackKey], is_audio: bool) {
        let places = peer.slots.iter().filter(|slot| slot.kind.is_audio() == is_audio).count();
        let wanted: Vec<TrackKey> = wanted.iter().take(places).copied().collect();
        let mut missing: HashSet<TrackKey> = wanted.iter().copied().collect();
        for slot in peer.slots.iter_mut().filter(|slot| slot.kind.is_audio() == is_audio) {
            match &slot.shown {
                Some(shown) if missing.remove(&shown.track) => {}
                Some(_) => slot.show(None),
                None => {}
            }
        }
        for key in wanted.into_iter().filter(|key| missing.contains(key)) {
            let Some(track) = self.tracks.get(&key) else { continue };
            let mut free = peer.slots.iter().enumerate();
            let free = free.find(|(_, slot)| slot.kind.is_audio() == is_audio && slot.shown.is_none());
            let Some((position, mid)) = free.map(|(position, slot)| (position, slot.mid)) else { break };
            // A page that doesn't know the codec can't get it.
            let Some(payload_type) = peer.payload_type(mid, &track.spec) else { continue };
            if let Some(slot) = peer.slots.get_mut(position) {
                slot.show(Some((key, payload_type)));
            }
        }
    }
}
