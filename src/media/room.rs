//! The media of one class: what its members send, and who gets it.

mod messages;
mod slots;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use str0m::format::Codec;
use str0m::rtp::{RtpPacket, Vp8Descriptor};

use super::engine::{MediaEvent, Source};
use super::ids::{PeerId, TrackKey};
use super::keyframe;
use super::layers::{Wanted, allocate};
use super::peer::{Peer, Stream};
use super::recording::Recording;
use super::rewriter::Incoming;
use super::sink::{Tap, TrackSink};
use super::slot::{Packet, passed_on};
use super::speakers::Speakers;
use super::track::{Arrived, NEVER_BEGAN, Track};
use crate::domain::ids::ClassId;

/// What one voice needs of the network, in kbit/s.
const VOICE: u64 = 45;

/// The media sessions of a thread.
pub(super) type Peers = HashMap<PeerId, Peer>;

/// The media of one class.
pub(super) struct Room {
    class_id: ClassId,
    /// Those who are connected, in the order in which they came.
    pub peers: Vec<PeerId>,
    tracks: BTreeMap<TrackKey, Track>,
    speakers: Speakers<PeerId>,
    recordings: BTreeMap<Tap, Recording>,
    /// Whether slots are to be filled anew before the next tick.
    pub is_changed: bool,
}

impl Room {
    pub fn new(class_id: ClassId) -> Self {
        let (tracks, speakers) = (BTreeMap::new(), Speakers::default());
        Self { class_id, peers: Vec::new(), tracks, speakers, recordings: BTreeMap::new(), is_changed: false }
    }

    /// Passes what is let through to a sink from now on; `None` ends that.
    pub fn record(&mut self, tap: Tap, sink: Option<Arc<dyn TrackSink>>) {
        match sink {
            Some(sink) => drop(self.recordings.insert(tap, Recording::new(sink))),
            None => drop(self.recordings.remove(&tap)),
        }
        // The recording begins with key frames.
        self.is_changed = true;
    }

    /// Passes a packet on to all slots that it is for. Adds those who got it to `reached`.
    pub fn pass_on(
        &mut self,
        peers: &mut Peers,
        from: PeerId,
        packet: RtpPacket,
        now: Instant,
        reached: &mut Vec<PeerId>,
    ) {
        let Some(peer) = peers.get_mut(&from) else { return };
        let Some(stream) = peer.stream(packet.header.ssrc, packet.header.payload_type) else { return };
        if !peer.permissions.allow(stream.source) {
            return;
        }
        let key = (from, stream.source);
        let track = match self.tracks.entry(key) {
            Entry::Occupied(track) => track.into_mut(),
            Entry::Vacant(place) => {
                let Some(spec) = peer.spec(stream.payload_type) else { return };
                peer.began(stream.source);
                self.is_changed = true;
                place.insert(Track::new(peer.user_id.clone(), stream.source, spec, peer.limits, now))
            }
        };
        let arrived = Arrived {
            layer: stream.layer,
            bytes: packet.payload.len(),
            ends_picture: packet.header.marker,
            size: keyframe::size(stream.codec, &packet.payload),
        };
        if !track.arrived(&arrived, now) {
            for recording in self.recordings.values_mut() {
                recording.interrupt(key, stream.layer);
            }
            for (watcher, position) in &track.watchers {
                let slot = peers.get_mut(watcher).and_then(|peer| peer.slots.get_mut(*position));
                if let Some(slot) = slot {
                    slot.interrupt(stream.layer);
                }
            }
            return;
        }
        if let (Source::Mic, Some(level)) = (stream.source, packet.header.ext_vals.audio_level) {
            self.speakers.add(from, level, now);
        }
        let packet = read(stream, packet, now);
        if packet.is_keyframe
            && let Some(layer) = track.layer(stream.layer)
        {
            layer.keyframes.arrived();
        }
        for recording in self.recordings.values_mut() {
            recording.take(key, track, &packet);
        }
        for (watcher, position) in &track.watchers {
            let Some(peer) = peers.get_mut(watcher) else { continue };
            let Some(slot) = peer.slots.get_mut(*position) else { continue };
            if slot.write(&mut peer.rtc, &packet) {
                reached.push(*watcher);
            }
        }
    }

    /// A receiver needs a key frame of what is in one of its slots.
    pub fn want_keyframe(&mut self, peers: &Peers, receiver: PeerId, mid: str0m::media::Mid) {
        let slots = peers.get(&receiver).map(|peer| peer.slots.as_slice()).unwrap_or_default();
        let shown = slots.iter().find(|slot| slot.mid == mid).and_then(|slot| slot.shown.as_ref());
        if let Some((key, layer)) = shown.and_then(|shown| Some((shown.track, shown.current?)))
            && let Some(layer) = self.tracks.get_mut(&key).and_then(|track| track.layer(layer))
        {
            layer.keyframes.want();
        }
    }

    /// Asks for the key frames that somebody waits for. Adds those who were asked to `reached`.
    pub fn request_keyframes(&mut self, peers: &mut Peers, now: Instant, reached: &mut Vec<PeerId>) {
        for (key, track) in &mut self.tracks {
            for (watcher, position) in track.watchers.clone() {
                let slot = peers.get(&watcher).and_then(|peer| peer.slots.get(position));
                let needed = slot.and_then(super::slot::Slot::needs_keyframe);
                if let Some(layer) = needed.and_then(|layer| track.layer(layer)) {
                    layer.keyframes.want();
                }
            }
            for recording in self.recordings.values_mut() {
                let needed = recording.needs_keyframe(*key, track, now);
                if let Some(layer) = needed.and_then(|layer| track.layer(layer)) {
                    layer.keyframes.want();
                }
            }
            for (index, layer) in track.layers.iter_mut().enumerate() {
                let Some(layer) = layer else { continue };
                if layer.keyframes.is_due(now)
                    && let Some(peer) = peers.get_mut(&key.0)
                {
                    peer.request_keyframe(key.1, index);
                    reached.push(key.0);
                }
            }
        }
    }

    /// Puts sources into slots, chooses layers, and sends the pages what has changed. Adds those who are to be sent
    /// something to `reached`.
    pub fn update(&mut self, peers: &mut Peers, now: Instant, reached: &mut Vec<PeerId>) {
        self.is_changed = false;
        self.fill_slots(peers, now);
        for id in self.peers.clone() {
            let Some(peer) = peers.get_mut(&id) else { continue };
            self.choose_layers(peer, now);
            if self.send_messages(peer, now) {
                reached.push(id);
            }
        }
    }

    /// Chooses the layers of the pictures that a page gets.
    fn choose_layers(&self, peer: &mut Peer, now: Instant) {
        let mut pictures: Vec<((usize, usize), Wanted)> = Vec::new();
        let mut voices = 0;
        for (position, slot) in peer.slots.iter().enumerate() {
            let Some(shown) = &slot.shown else { continue };
            if slot.kind.is_audio() {
                voices += 1;
                continue;
            }
            let Some(track) = self.tracks.get(&shown.track) else { continue };
            let (rank, height) = peer.wanted(&track.user_id, shown.track.1);
            let wanted = Wanted { height, layers: track.active_layers(now), current: shown.current };
            pictures.push(((rank, position), wanted));
        }
        pictures.sort_by_key(|(order, _)| *order);
        let (order, wanted): (Vec<_>, Vec<_>) = pictures.into_iter().unzip();
        let allocation = allocate(peer.estimate, voices * VOICE, &wanted);
        for ((_, position), layer) in order.into_iter().zip(allocation.layers) {
            if let Some(slot) = peer.slots.get_mut(position) {
                slot.choose(layer);
            }
        }
        peer.set_bitrates(allocation.next, allocation.desired);
    }

    /// Removes sources that have stopped, and reports those that are permitted all the same.
    pub fn remove_stopped(&mut self, peers: &mut Peers, now: Instant) -> Vec<MediaEvent> {
        let class_id = self.class_id;
        let mut events = Vec::new();
        let mut stopped = |user_id: &str, source| {
            events.push(MediaEvent::Stopped { class_id, user_id: user_id.to_owned(), source });
        };
        let before = self.tracks.len();
        self.tracks.retain(|(id, source), track| {
            let is_permitted = peers.get(id).is_some_and(|peer| peer.permissions.allow(*source));
            let is_active = track.is_active(now);
            if is_permitted && !is_active {
                stopped(&track.user_id, *source);
            }
            is_permitted && is_active
        });
        self.is_changed |= self.tracks.len() != before;
        for id in &self.peers {
            let Some(peer) = peers.get_mut(id) else { continue };
            for source in peer.never_began(now, NEVER_BEGAN) {
                stopped(&peer.user_id, source);
            }
        }
        events
    }

    /// What a source sends is not let through any more.
    pub fn remove_track(&mut self, key: TrackKey) {
        self.is_changed |= self.tracks.remove(&key).is_some();
        for recording in self.recordings.values_mut() {
            recording.forget(key);
        }
        if key.1 == Source::Mic {
            self.speakers.remove(key.0);
        }
    }

    /// A media session has ended.
    pub fn remove(&mut self, id: PeerId) {
        self.peers.retain(|peer| *peer != id);
        for source in Source::ALL {
            self.remove_track((id, source));
        }
        self.is_changed = true;
    }
}

/// Reads what is needed to pass a packet on.
fn read(stream: Stream, packet: RtpPacket, now: Instant) -> Packet {
    let RtpPacket { seq_no, header, payload, .. } = packet;
    let vp8 = if stream.codec == Codec::Vp8 { Vp8Descriptor::parse(&payload).ok() } else { None };
    Packet {
        is_keyframe: keyframe::starts_keyframe(stream.codec, &payload),
        incoming: Incoming { sequence: *seq_no, time: header.timestamp, vp8, at: now },
        layer: stream.layer,
        marker: header.marker,
        extensions: passed_on(&header.ext_vals),
        payload,
    }
}
