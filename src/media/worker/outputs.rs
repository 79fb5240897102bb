//! What connections put out: datagrams, events, and the times at which they are woken.

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use str0m::net::Transmit;
use str0m::{Event, IceConnectionState, Input, Output};

use super::Worker;
use crate::media::control;
use crate::media::control::FromPage;
use crate::media::ids::PeerId;
use crate::media::network::{is_connection, is_media};

/// How many outputs of a connection are taken at a time: a connection that always has more must not stop the others.
const OUTPUTS: usize = 10_000;

impl Worker {
    /// Takes all outputs of those who got something. They get what has come together at once: each time costs as much as some
    /// packets.
    pub(super) fn take_reached(&mut self, now: Instant) {
        while !self.reached.is_empty() {
            let mut reached = std::mem::take(&mut self.reached);
            reached.sort_unstable();
            reached.dedup();
            for id in reached.drain(..) {
                self.wake(id, now);
            }
            if self.reached.is_empty() {
                self.reached = reached;
            }
        }
    }

    /// Takes all outputs of a connection, and sends what they are.
    pub(super) fn take_outputs(&mut self, id: PeerId, now: Instant) {
        self.take_all(id, now);
        self.datagrams.flush();
    }

    fn take_all(&mut self, id: PeerId, now: Instant) {
        for _ in 0..OUTPUTS {
            let Some(peer) = self.peers.get_mut(&id) else { return };
            let output = catch_unwind(AssertUnwindSafe(|| peer.rtc.poll_output()));
            match output {
                Ok(Ok(Output::Timeout(at))) if at > now => return self.schedule(id, at),
                Ok(Ok(Output::Timeout(_))) => {
                    if !self.pass_time(id, now) {
                        return;
                    }
                }
                Ok(Ok(Output::Transmit(transmit))) => {
                    let is_paced = is_media(&transmit.contents);
                    self.transmit(transmit);
                    // Pacing wants the time before each packet. To be asked for it costs as much as to say it.
                    if is_paced && !self.pass_time(id, now) {
                        return;
                    }
                }
                Ok(Ok(Output::Event(event))) => self.event(id, event, now),
                _ => return self.end(id),
            }
        }
        // It goes on a moment later.
        self.schedule(id, now + Duration::from_millis(1));
    }

    pub(super) fn transmit(&mut self, transmit: Transmit) {
        let Transmit { proto, destination, contents, .. } = transmit;
        self.shared.totals.sent.fetch_add(1, Ordering::Relaxed);
        if is_connection(proto) {
            if let Some(connection) = self.connections.get(&destination) {
                connection.send(Bytes::copy_from_slice(&contents));
            }
        } else {
            self.datagrams.send(destination, &contents);
        }
    }

    fn event(&mut self, id: PeerId, event: Event, now: Instant) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let Some(room) = self.rooms.get_mut(&peer.class_id) else { return };
        match event {
            Event::RtpPacket(packet) => room.pass_on(&mut self.peers, id, packet, now, &mut self.reached),
            Event::KeyframeRequest(request) => {
                room.want_keyframe(&self.peers, id, request.mid);
                room.request_keyframes(&mut self.peers, now, &mut self.reached);
            }
            Event::MediaAdded(line) => {
                peer.set_line(line.mid, Some(line.kind), line.direction);
                room.is_changed = true;
            }
            Event::MediaChanged(line) => {
                peer.set_line(line.mid, None, line.direction);
                room.is_changed = true;
            }
            Event::ChannelOpen(channel, label) if label == control::LABEL => {
                peer.control = Some(channel);
                room.is_changed = true;
            }
            Event::ChannelData(data) if Some(data.id) == peer.control => {
                if let Some(FromPage::View { videos }) = control::read(&data.data) {
                    peer.view = Some(videos);
                    room.is_changed = true;
                }
            }
            Event::EgressBitrateEstimate(estimate) => peer.estimated(&estimate),
            Event::MediaIngressStats(stats) => peer.quality.loss = stats.loss.unwrap_or_default(),
            Event::PeerStats(stats) => peer.quality.round_trip = stats.rtt.unwrap_or_default(),
            Event::IceConnectionStateChange(state) => {
                peer.set_connected(state != IceConnectionState::Disconnected, now);
            }
            _ => {}
        }
    }

    /// Wakes a connection at a time. An earlier wake-up is enough: it says when the next one is.
    fn schedule(&mut self, id: PeerId, at: Instant) {
        if self.scheduled.get(&id).is_none_or(|scheduled| at < *scheduled) {
            self.scheduled.insert(id, at);
            self.timers.push(Reverse((at, id)));
        }
    }

    /// When the next connection is to be woken.
    pub(super) fn next_timer(&self) -> Option<Instant> {
        self.timers.peek().map(|Reverse((at, _))| *at)
    }

    pub(super) fn run_timers(&mut self, now: Instant) {
        while let Some(Reverse((at, id))) = self.timers.peek().copied()
            && at <= now
        {
            self.timers.pop();
            if self.scheduled.get(&id) == Some(&at) {
                self.scheduled.remove(&id);
                self.wake(id, now);
            }
        }
    }

    /// Lets a connection do what is due.
    fn wake(&mut self, id: PeerId, now: Instant) {
        if self.pass_time(id, now) {
            self.take_outputs(id, now);
        }
    }

    /// Says a connection the time. Returns whether it goes on.
    fn pass_time(&mut self, id: PeerId, now: Instant) -> bool {
        let Some(peer) = self.peers.get_mut(&id) else { return false };
        let handled = catch_unwind(AssertUnwindSafe(|| peer.rtc.handle_input(Input::Timeout(now))));
        let goes_on = matches!(handled, Ok(Ok(())));
        if !goes_on {
            self.end(id);
        }
        goes_on
    }
}
