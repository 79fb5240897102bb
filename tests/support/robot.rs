//! A participant of a class without a browser: it sends voices and pictures that have no content, and counts what it gets.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use serde_json::Value;
use str0m::change::SdpAnswer;
use str0m::media::{Direction, MediaKind, Simulcast, SimulcastLayer};
use str0m::net::TcpType;
use str0m::{Candidate, Rtc};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// The layers of a camera and their bitrates, in kbit/s.
pub type Layers = &'static [(&'static str, u64)];

#[allow(dead_code, clippy::expect_used, clippy::needless_for_each, reason = "only some tests send films")]
#[path = "robot/film.rs"]
pub mod film;
#[path = "robot/running.rs"]
mod running;
#[path = "robot/sending.rs"]
mod sending;
#[path = "robot/wire.rs"]
mod wire;

use film::Film;
use running::State;
use sending::Sending;
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
