//! One media session: the connection of a page, what it sends, and the slots in which it receives.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use str0m::bwe::{Bitrate, BweKind};
use str0m::change::SdpOffer;
use str0m::channel::ChannelId;
use str0m::config::DtlsCert;
use str0m::format::{Codec, CodecSpec, PayloadParams};
use str0m::media::{Direction, KeyframeRequestKind, MediaKind, Mid, Pt};
use str0m::rtp::Ssrc;
use str0m::{Candidate, Rtc};

use super::control::{FromServer, Viewed};
use super::engine::{ConnectError, ConnectRequest, MediaSessionId, Permissions, Source, SourceLine, VideoLimits};
use super::ids::PeerId;
use super::slot::Slot;
use crate::domain::ids::ClassId;

/// How long a page may take to connect, and how long it may be gone before its session ends.
const PATIENCE: Duration = Duration::from_secs(20);
/// What a receiver is thought to carry before it was measured, in kbit/s.
const FIRST_ESTIMATE: u64 = 1_000;
/// How often the quality of connections is measured.
const STATS_EVERY: Duration = Duration::from_secs(3);
/// The lines that an offer may have.
const MOST_LINES: usize = 80;
/// How large pictures are thought to be shown before the page has said it, in pixels of height.
const USUAL_HEIGHT: u32 = 180;
/// The ids of the simulcast layers, from low to high.
const LAYERS: [&str; 3] = ["l", "m", "h"];

/// A media session.
pub(super) struct Peer {
    pub id: PeerId,
    pub class_id: ClassId,
    pub user_id: String,
    pub session: MediaSessionId,
    pub rtc: Rtc,
    pub permissions: Permissions,
    pub limits: VideoLimits,
    pub slots: Vec<Slot>,
    /// What the page shows; `None` before it has said it.
    pub view: Option<Vec<Viewed>>,
    /// What the network to the page carries, in kbit/s.
    pub estimate: u64,
    pub quality: Quality,
    pub control: Option<ChannelId>,
    sources: Vec<SourceLine>,
    /// What the streams that arrive are.
    streams: HashMap<Ssrc, Stream>,
    /// The messages that the page has, by their kind.
    sent: HashMap<std::mem::Discriminant<FromServer>, String>,
    bitrates: (u64, u64),
    /// Permitted sources that have not begun, and since when.
    awaited: Vec<(Source, Instant)>,
    alive: Instant,
    is_connected: bool,
}

/// A stream that arrives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream {
    pub source: Source,
    /// The layer: 0 is the lowest; what has no layers is 0 too.
    pub layer: usize,
    pub codec: Codec,
    pub payload_type: Pt,
}

/// How good the connection of a page is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quality {
    /// What of its packets is lost on the way to the server: 0 to 1.
    pub loss: f32,
    pub round_trip: Duration,
}

impl Peer {
    pub fn new(
        id: PeerId,
        request: &ConnectRequest,
        session: MediaSessionId,
        certificate: DtlsCert,
        candidates: &[Candidate],
        now: Instant,
    ) -> Self {
        let mut rtc = Rtc::builder()
            .set_rtp_mode(true)
            .set_ice_lite(true)
            .set_dtls_cert(certificate)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_h264(true)
            .enable_bwe(Some(Bitrate::kbps(FIRST_ESTIMATE)))
            .set_stats_interval(Some(STATS_EVERY))
            .build(now);
        for candidate in candidates {
            rtc.add_local_candidate(candidate.clone());
        }
        Self {
            id,
            class_id: request.class_id,
            user_id: request.user_id.clone(),
            session,
            rtc,
            permissions: Permissions::default(),
            limits: request.limits,
            slots: Vec::new(),
            view: None,
            estimate: FIRST_ESTIMATE,
            quality: Quality::default(),
            control: None,
            sources: Vec::new(),
            streams: HashMap::new(),
            sent: HashMap::new(),
            bitrates: (0, 0),
            awaited: Vec::new(),
            alive: now,
            is_connected: false,
        }
    }

    /// Sets what is let through. Returns the sources that are not any more.
    pub fn permit(&mut self, permissions: Permissions, now: Instant) -> Vec<Source> {
        let before = std::mem::replace(&mut self.permissions, permissions);
        let mut withdrawn = Vec::new();
        for source in Source::ALL {
            match (before.allow(source), permissions.allow(source)) {
                (false, true) => self.awaited.push((source, now)),
                (true, false) => {
                    self.began(source);
                    withdrawn.push(source);
                }
                _ => {}
            }
        }
        withdrawn
    }

    /// A source that was awaited is there, or not awaited any more.
    pub fn began(&mut self, source: Source) {
        self.awaited.retain(|(awaited, _)| *awaited != source);
    }

    /// The sources that were permitted so long ago, and did not begin. They are not awaited any more.
    pub fn never_began(&mut self, now: Instant, patience: Duration) -> Vec<Source> {
        let is_late = |since: &Instant| now.saturating_duration_since(*since) >= patience;
        let late = self.awaited.iter().filter(|(_, since)| is_late(since)).map(|(source, _)| *source).collect();
        self.awaited.retain(|(_, since)| !is_late(since));
        late
    }

    /// How important a picture is to the page, 0 the most, and how large it is shown. [`usize::MAX`] if it is not shown.
    pub fn wanted(&self, user_id: &str, source: Source) -> (usize, u32) {
        let Some(view) = &self.view else { return (0, USUAL_HEIGHT) };
        let position = view.iter().position(|viewed| viewed.user_id == user_id && viewed.source == source);
        let height = position.and_then(|position| view.get(position)).map_or(0, |viewed| viewed.height);
        (position.unwrap_or(usize::MAX), height)
    }

    /// Takes an offer of the page and returns the answer. The outputs of the connection are to be polled after it.
    pub fn accept(&mut self, request: &ConnectRequest) -> Result<String, ConnectError> {
        let offer = SdpOffer::from_sdp_string(&request.offer).map_err(|e| ConnectError::BadOffer(e.to_string()))?;
        if request.offer.matches("\nm=").count() > MOST_LINES {
            return Err(ConnectError::BadOffer(format!("more than {MOST_LINES} lines")));
        }
        let answer = self.rtc.sdp_api().accept_offer(offer).map_err(|e| ConnectError::BadOffer(e.to_string()))?;
        self.sources.clone_from(&request.sources);
        self.limits = request.limits;
        // A source may have another line now.
        self.streams.clear();
        Ok(answer.to_sdp_string())
    }

    /// A line was negotiated: a page that only receives on it has a new slot.
    pub fn set_line(&mut self, mid: Mid, kind: Option<MediaKind>, direction: Direction) {
        let position = self.slots.iter().position(|slot| slot.mid == mid);
        match (position, direction.is_sending()) {
            (None, true) => {
                let kind = kind.or_else(|| self.rtc.media(mid).map(str0m::media::Media::kind));
                self.slots.extend(kind.map(|kind| Slot::new(mid, kind)));
            }
            (Some(position), false) => drop(self.slots.remove(position)),
            _ => {}
        }
    }

    /// What a stream that arrives is; `None` for one that nobody announced.
    pub fn stream(&mut self, ssrc: Ssrc, payload_type: Pt) -> Option<Stream> {
        if let Some(stream) = self.streams.get(&ssrc)
            && stream.payload_type == payload_type
        {
            return Some(*stream);
        }
        let mut rtc = self.rtc.direct_api();
        let receiving = rtc.stream_rx(&ssrc)?;
        let (mid, rid) = (receiving.mid(), receiving.rid());
        let source = self.sources.iter().find(|line| *line.mid == *mid)?.source;
        let layer = rid.and_then(|rid| LAYERS.iter().position(|layer| *layer == &*rid)).unwrap_or_default();
        let codec = self.spec(payload_type)?.codec;
        let stream = Stream { source, layer, codec, payload_type };
        self.streams.insert(ssrc, stream);
        Some(stream)
    }

    /// The codec of a payload type.
    pub fn spec(&self, payload_type: Pt) -> Option<CodecSpec> {
        self.rtc.codec_config().params().iter().find(|params| params.pt() == payload_type).map(PayloadParams::spec)
    }

    /// The payload type by which this page knows a codec.
    pub fn payload_type(&self, mid: Mid, spec: &CodecSpec) -> Option<Pt> {
        let known = self.rtc.media(mid)?.remote_pts();
        let mut same = self.rtc.codec_config().params().iter().filter(|params| {
            let own = params.spec();
            // There are many kinds of H.264; the other codecs have one.
            own.codec == spec.codec && (own.codec != Codec::H264 || own.format == spec.format)
        });
        same.find(|params| known.contains(&params.pt())).map(PayloadParams::pt)
    }

    /// Asks the page for a key frame of one of its layers.
    pub fn request_keyframe(&mut self, source: Source, layer: usize) {
        let stream =
            |(ssrc, stream): (&Ssrc, &Stream)| (stream.source == source && stream.layer == layer).then_some(*ssrc);
        let Some(ssrc) = self.streams.iter().find_map(stream) else { return };
        if let Some(receiving) = self.rtc.direct_api().stream_rx(&ssrc) {
            receiving.request_keyframe(KeyframeRequestKind::Pli);
        }
    }

    /// Sends the page a message, unless it has it already. Returns whether something was sent.
    pub fn send(&mut self, message: &FromServer) -> bool {
        let Some(control) = self.control else { return false };
        let (kind, text) = (std::mem::discriminant(message), message.text());
        if self.sent.get(&kind) == Some(&text) {
            return false;
        }
        let Some(mut channel) = self.rtc.channel(control) else { return false };
        // A page that does not read gets the next one.
        let is_sent = channel.write(false, text.as_bytes()).unwrap_or(false);
        if is_sent {
            self.sent.insert(kind, text);
        }
        is_sent
    }

    /// Takes an estimate of what the network to the page carries.
    pub fn estimated(&mut self, kind: &BweKind) {
        if let BweKind::Twcc { estimate, .. } = kind {
            self.estimate = estimate.as_u64() / 1_000;
        }
    }

    /// Says what the page needs: `next` for the next better layer, and `desired` for all. In kbit/s.
    pub fn set_bitrates(&mut self, next: u64, desired: u64) {
        if self.bitrates != (next, desired) {
            self.bitrates = (next, desired);
            self.rtc.bwe().set_bitrate(Bitrate::kbps(next), Bitrate::kbps(desired));
        }
    }

    /// The connection is there, or gone.
    pub fn set_connected(&mut self, is_connected: bool, now: Instant) {
        self.is_connected = is_connected;
        self.alive = now;
    }

    /// Whether the page is gone for good.
    pub fn is_over(&self, now: Instant) -> bool {
        !self.rtc.is_alive() || (!self.is_connected && now.saturating_duration_since(self.alive) >= PATIENCE)
    }
}
