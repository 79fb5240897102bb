//! A participant of a class without a browser: it sends voices and pictures that have no content, and counts what it gets.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::Value;
use str0m::change::SdpAnswer;
use str0m::channel::ChannelId;
use str0m::format::{Codec, PayloadParams};
use str0m::media::{Direction, MediaKind, Simulcast, SimulcastLayer};
use str0m::net::{Protocol, Receive, TcpType};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::sleep_until;

/// The layers of a camera and their bitrates, in kbit/s.
pub type Layers = &'static [(&'static str, u64)];

#[allow(dead_code, clippy::expect_used, clippy::needless_for_each, reason = "only some tests send films")]
#[path = "robot/film.rs"]
pub mod film;
#[path = "robot/sending.rs"]
mod sending;
#[path = "robot/wire.rs"]
mod wire;

use film::Film;
use sending::{Sending, read};
use wire::Wire;

/// What a robot does.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Whether it sends a voice.
    pub mic: bool,
    /// The layers of its camera; one with an empty name is a camera without layers. Empty for no camera.
    pub camera: Layers,
    /// The bitrate of its screen, in kbit/s; 0 for none.
    pub screen: u64,
    /// How many voices and how many pictures it can get.
    pub slots: (usize, usize),
    /// What it sends, for one that is not only to be counted.
    pub film: Option<Arc<Film>>,
    /// Whether its network lets nothing through but connections.
    pub tcp: bool,
}

/// What a robot got of one slot.
#[derive(Clone, Debug, Default)]
pub struct Got {
    pub packets: u64,
    pub bytes: u64,
    pub keyframes: u64,
    /// Numbers that were missing when a later one came, less those that came after all.
    pub missing: i64,
    /// The layers that came, as the sender wrote them into the payload.
    pub layer: u8,
    last: Option<u64>,
}

/// What a robot knows.
#[derive(Debug, Default)]
pub struct Known {
    pub is_connected: bool,
    pub is_over: bool,
    /// By the id of the line.
    pub got: HashMap<String, Got>,
    /// The last message of each type from the server.
    pub messages: HashMap<String, Value>,
    /// How long packets were on their way, in microseconds.
    pub delays: Vec<u32>,
    /// How often the server asked for a key frame.
    pub keyframe_requests: u64,
}

/// What a robot is asked to do.
pub enum Order {
    /// Sends a message to the server.
    Say(Value),
    /// Stops sending (or goes on).
    Mute(bool),
    /// Loses this share of what it gets, in percent.
    Lose(u8),
    /// Has a network that carries so much to it, in kbit/s, with a queue of 300 ms.
    Limit(u64),
    /// Goes on from another address, as after a change of the network.
    Move,
    /// Sends these bytes to the server.
    Throw(Vec<Vec<u8>>),
}

/// A robot that runs.
pub struct Robot {
    pub known: Arc<Mutex<Known>>,
    pub orders: mpsc::UnboundedSender<Order>,
    task: JoinHandle<()>,
}

/// The lines that send: the id and what they send.
pub type Sources = Vec<(String, &'static str)>;

/// How much waits in the queue of a slow network.
const QUEUE: Duration = Duration::from_millis(300);

/// The time that the delays of all robots are counted from.
static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);

impl Robot {
    /// Connects. `answer` takes the offer to the server.
    pub async fn connect<F, Fut>(plan: Plan, answer: F) -> Self
    where
        F: FnOnce(String, Sources) -> Fut,
        Fut: Future<Output = String>,
    {
        let wire = if plan.tcp { Wire::closed() } else { Wire::udp().await };
        let mut rtc = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .build(Instant::now());
        if !plan.tcp {
            rtc.add_local_candidate(Candidate::host(wire.address, "udp").unwrap());
        }
        let mut api = rtc.sdp_api();
        let mut sending = Vec::new();
        if plan.mic {
            let mid = api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
            sending.push(Sending::voice(mid));
        }
        if !plan.camera.is_empty() {
            let simulcast = plan.camera.first().is_some_and(|(name, _)| !name.is_empty()).then(|| {
                let mut simulcast = Simulcast::new();
                plan.camera.iter().for_each(|(name, _)| simulcast.add_send_layer(SimulcastLayer::new(name)));
                simulcast
            });
            let mid = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, simulcast);
            for (number, (name, rate)) in plan.camera.iter().enumerate() {
                sending.push(Sending::picture(mid, "camera", (!name.is_empty()).then_some(*name), number, *rate));
            }
        }
        if plan.screen > 0 {
            let mid = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
            sending.push(Sending::picture(mid, "screen", None, 0, plan.screen));
        }
        for _ in 0..plan.slots.0 {
            api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
        }
        for _ in 0..plan.slots.1 {
            api.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None);
        }
        if let Some(film) = &plan.film {
            for line in &mut sending {
                line.play(film.clone());
            }
        }
        let control = api.add_channel("control".to_owned());
        let (offer, pending) = api.apply().unwrap();
        let mut sources: Sources = sending.iter().map(|line| (line.mid.to_string(), line.source)).collect();
        sources.dedup();
        let answer = answer(offer.to_sdp_string(), sources).await;
        rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(&answer).unwrap()).unwrap();
        let wire = if plan.tcp { Wire::tcp(&answer).await } else { wire };
        if plan.tcp {
            let candidate = Candidate::builder().tcp().host(wire.address).tcptype(TcpType::Active).build().unwrap();
            rtc.add_local_candidate(candidate);
        }
        let known = Arc::new(Mutex::new(Known::default()));
        let (orders, ordered) = mpsc::unbounded_channel();
        let state = State {
            rtc,
            server: wire.address,
            wire,
            sending,
            known: known.clone(),
            control,
            muted: false,
            lose: 0,
            limit: None,
            queue: VecDeque::new(),
            waiting: Vec::new(),
        };
        let task = tokio::spawn(state.run(ordered));
        Self { known, orders, task }
    }

    pub fn order(&self, order: Order) {
        let _ = self.orders.send(order);
    }

    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }

    /// What is in the slots: who, what, and what came of it.
    pub fn slots(&self) -> Vec<(String, String, Got)> {
        let known = self.known();
        let slots = known.messages.get("slots").map(|message| message["slots"].as_array().unwrap().clone());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        slots
            .unwrap_or_default()
            .iter()
            .map(|slot| {
                let got = known.got.get(slot["mid"].as_str().unwrap()).cloned().unwrap_or_default();
                (text(&slot["user_id"]), text(&slot["source"]), got)
            })
            .collect()
    }

    /// What came of one source.
    pub fn got(&self, user_id: &str, source: &str) -> Option<Got> {
        self.slots().into_iter().find(|(who, what, _)| who == user_id && what == source).map(|(.., got)| got)
    }
}

impl Drop for Robot {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct State {
    rtc: Rtc,
    wire: Wire,
    /// Where the last datagram went.
    server: SocketAddr,
    sending: Vec<Sending>,
    known: Arc<Mutex<Known>>,
    control: ChannelId,
    muted: bool,
    lose: u8,
    /// The bitrate that its network carries, and what is on its way: when it arrives, from where, and what it is.
    limit: Option<u64>,
    queue: VecDeque<(Instant, SocketAddr, Vec<u8>)>,
    waiting: Vec<Value>,
}

impl State {
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
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
