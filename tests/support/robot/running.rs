//! What a robot does while its session lasts: it sends, receives and counts.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use str0m::channel::ChannelId;
use str0m::format::{Codec, PayloadParams};
use str0m::net::{Protocol, Receive};
use str0m::{Event, Input, Output, Rtc};
use tokio::sync::mpsc;
use tokio::time::sleep_until;

use super::sending::{Sending, read};
use super::wire::Wire;
use super::{Known, Order};

/// How much waits in the queue of a slow network.
const QUEUE: Duration = Duration::from_millis(300);

/// The time that the delays of all robots are counted from.
pub(super) static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);

/// A robot at work.
pub(super) struct State {
    pub(super) rtc: Rtc,
    pub(super) wire: Wire,
    /// Where the last datagram went.
    pub(super) server: SocketAddr,
    pub(super) sending: Vec<Sending>,
    pub(super) known: Arc<Mutex<Known>>,
    pub(super) control: ChannelId,
    pub(super) muted: bool,
    pub(super) lose: u8,
    /// The bitrate that its network carries, and what is on its way: when it arrives, from where, and what it is.
    pub(super) limit: Option<u64>,
    pub(super) queue: VecDeque<(Instant, SocketAddr, Vec<u8>)>,
    pub(super) waiting: Vec<Value>,
}

impl State {
    pub(super) async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut buffer = vec![0; 2_000];
        while let Some(timeout) = self.outputs() {
            let next = self.sending.iter().map(|line| line.next).min().filter(|_| self.is_sending());
            let due = next.map_or(timeout, |next| next.min(timeout));
            let due = self.queue.front().map_or(due, |(at, ..)| due.min(*at));
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::Say(message)) => self.waiting.push(message),
                    Some(Order::Mute(muted)) => self.muted = muted,
                    Some(Order::Lose(lose)) => self.lose = lose,
                    Some(Order::Limit(limit)) => self.limit = Some(limit),
                    Some(Order::Move) => self.wire = Wire::udp().await,
                    Some(Order::Throw(packets)) => {
                        for packet in packets {
                            self.wire.send(&packet, self.server);
                        }
                    }
                    None => return,
                },
                received = self.wire.receive(&mut buffer) => {
                    let (length, source) = received;
                    self.receive(source, &buffer[..length]);
                    while let Some((length, source)) = self.wire.try_receive(&mut buffer) {
                        if self.outputs().is_none() {
                            break;
                        }
                        self.receive(source, &buffer[..length]);
                    }
                }
                () = sleep_until(due.into()) => {}
            }
            self.deliver();
            if self.outputs().is_none() {
                break;
            }
            self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap();
            self.say();
            self.send();
        }
        self.known.lock().unwrap().is_over = true;
    }

    fn is_sending(&self) -> bool {
        self.rtc.is_connected() && !self.muted
    }

    fn receive(&mut self, source: SocketAddr, data: &[u8]) {
        if self.lose > 0 && rand::random::<u8>() % 100 < self.lose {
            return;
        }
        let Some(limit) = self.limit else { return self.take(source, data) };
        let now = Instant::now();
        let free = self.queue.back().map_or(now, |(at, ..)| now.max(*at));
        let bits = u64::try_from(data.len()).unwrap() * 8;
        let at = free + Duration::from_micros(bits * 1_000 / limit);
        // A queue that is full loses what comes.
        if at < now + QUEUE {
            self.queue.push_back((at, source, data.to_vec()));
        }
    }

    /// Takes what has come through a slow network.
    fn deliver(&mut self) {
        while self.queue.front().is_some_and(|(at, ..)| *at <= Instant::now()) {
            if let Some((_, source, data)) = self.queue.pop_front() {
                self.take(source, &data);
                self.outputs();
            }
        }
    }

    fn take(&mut self, source: SocketAddr, data: &[u8]) {
        let protocol = if self.wire.tcp.is_some() { Protocol::Tcp } else { Protocol::Udp };
        if let Ok(received) = Receive::new(protocol, source, self.wire.address, data) {
            let _ = self.rtc.handle_input(Input::Receive(Instant::now(), received));
        }
    }

    fn say(&mut self) {
        for message in std::mem::take(&mut self.waiting) {
            let written =
                self.rtc.channel(self.control).map(|mut channel| channel.write(false, message.to_string().as_bytes()));
            if written.is_none() {
                self.waiting.push(message);
            }
            self.outputs();
        }
    }

    fn send(&mut self) {
        if !self.is_sending() {
            return;
        }
        let now = Instant::now();
        for number in 0..self.sending.len() {
            if self.sending[number].next > now {
                continue;
            }
            let line = &self.sending[number];
            let codec = if line.is_voice() { Codec::Opus } else { Codec::Vp8 };
            let known = self.rtc.media(line.mid).unwrap().remote_pts().to_vec();
            let params = self.rtc.codec_config().params().iter();
            let payload_type = params
                .filter(|params| params.spec().codec == codec)
                .map(PayloadParams::pt)
                .find(|pt| known.contains(pt))
                .unwrap();
            let (mid, rid) = (line.mid, line.rid);
            for packet in self.sending[number].write(payload_type, now) {
                if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, rid.map(Into::into)) {
                    stream.write_rtp(packet);
                }
                self.outputs();
            }
        }
    }

    /// Takes all outputs. `None` at the end of the session.
    fn outputs(&mut self) -> Option<Instant> {
        loop {
            let now = Instant::now();
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) if at > now && self.rtc.is_alive() => return Some(at),
                Ok(Output::Timeout(_)) if self.rtc.is_alive() => self.rtc.handle_input(Input::Timeout(now)).ok()?,
                Ok(Output::Timeout(_)) | Err(_) => return None,
                Ok(Output::Transmit(transmit)) => {
                    self.server = transmit.destination;
                    self.wire.send(&transmit.contents, transmit.destination);
                }
                Ok(Output::Event(event)) => self.event(event)?,
            }
        }
    }

    fn event(&mut self, event: Event) -> Option<()> {
        let mut known = self.known.lock().unwrap();
        match event {
            Event::Connected => known.is_connected = true,
            Event::Closed => return None,
            Event::ChannelData(data) => {
                let message: Value = serde_json::from_slice(&data.data).unwrap();
                known.messages.insert(message["type"].as_str().unwrap().to_owned(), message);
            }
            Event::KeyframeRequest(request) => {
                known.keyframe_requests += 1;
                let asked = |line: &&mut Sending| {
                    line.mid == request.mid && request.rid.is_none_or(|rid| line.rid == Some(&*rid))
                };
                self.sending.iter_mut().filter(asked).for_each(|line| line.wants_keyframe = true);
            }
            Event::RtpPacket(packet) => {
                let stream = self.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid())?;
                let is_voice = self.rtc.media(stream)?.kind().is_audio();
                // A film has no times in it, and small pictures.
                let (layer, sent) = read(&packet.payload, is_voice).unwrap_or_default();
                let now = u64::try_from(START.elapsed().as_micros()).unwrap();
                known.delays.push(u32::try_from(now.saturating_sub(sent)).unwrap_or(u32::MAX));
                let got = known.got.entry(stream.to_string()).or_default();
                got.packets += 1;
                got.bytes += packet.payload.len() as u64;
                got.layer = layer;
                let is_first = packet.payload.first() == Some(&0x90);
                got.keyframes += u64::from(!is_voice && is_first && packet.payload[4] == 0);
                let sequence = *packet.seq_no;
                match got.last {
                    Some(last) if sequence > last => got.missing += i64::try_from(sequence - last).unwrap() - 1,
                    Some(_) => got.missing -= 1,
                    None => {}
                }
                got.last = Some(got.last.unwrap_or_default().max(sequence));
            }
            _ => {}
        }
        Some(())
    }
}
