//! What somebody sends to a class: a microphone, a camera or a screen, with its layers.

use std::time::{Duration, Instant};

use str0m::format::CodecSpec;

use super::engine::{Source, VideoLimits};
use super::ids::PeerId;
use super::keyframe::KeyframeRequests;
use super::layers;
use super::meter::{Budget, Meter};

/// A source from which nothing came for so long has stopped.
pub(super) const STOPPED: Duration = Duration::from_secs(3);
/// A source that was permitted and does not begin for so long is not there.
pub(super) const NEVER_BEGAN: Duration = Duration::from_secs(20);
/// A layer from which nothing came for so long is not sent any more: browsers drop the higher ones when they must.
const LAYER_GONE: Duration = Duration::from_millis(1_500);
/// The height of a picture as long as it is not known.
const USUAL_HEIGHT: u32 = 720;
/// What is let through of the bitrate and the pixels of the class, in percent.
const TOLERANCE: u64 = 150;
/// How many times the frame rate of the class is let through: cameras have few rates, so one of 30 is let through where 15 is asked.
const FPS_TOLERANCE: u64 = 2;
/// By how many pictures a second a measured frame rate may be above the real one.
const FPS_WAVERS: u64 = 2;
/// What is let through of a voice, in kbit/s.
const VOICE: u64 = 160;

/// What somebody sends.
pub(super) struct Track {
    pub user_id: String,
    pub spec: CodecSpec,
    pub layers: [Option<ArrivingLayer>; 3],
    /// The slots that it is in: the receiver, and the position among its slots.
    pub watchers: Vec<(PeerId, usize)>,
    picture: Option<PictureLimits>,
    budget: Budget,
    last: Instant,
}

/// A packet that arrives.
pub(super) struct Arrived {
    pub layer: usize,
    pub bytes: usize,
    /// Whether it is the last of its picture.
    pub ends_picture: bool,
    /// The width and height of the picture, if the packet says them.
    pub size: Option<(u32, u32)>,
}

/// What is let through of the pictures of each layer.
#[derive(Clone, Copy)]
struct PictureLimits {
    pixels: u64,
    /// Pictures a second.
    fps: u64,
}

/// A layer that arrives.
pub(super) struct ArrivingLayer {
    pub meter: Meter,
    pub keyframes: KeyframeRequests,
    /// Width and height in pixels, once a key frame has said it.
    pub size: Option<(u32, u32)>,
    pictures: Meter,
}

impl Track {
    /// `limits` are those of the class.
    pub fn new(user_id: String, source: Source, spec: CodecSpec, limits: VideoLimits, now: Instant) -> Self {
        let with_tolerance = |limit: u32| u64::from(limit) * TOLERANCE / 100;
        let rate = match source {
            Source::Mic => VOICE,
            Source::Camera => with_tolerance(limits.bitrate),
            Source::Screen => with_tolerance(limits.bitrate) * 2,
        };
        // A screen has its own size, and a voice has no pictures.
        let picture = (source == Source::Camera).then(|| PictureLimits {
            pixels: with_tolerance(limits.pixels),
            fps: u64::from(limits.fps) * FPS_TOLERANCE + FPS_WAVERS,
        });
        let (layers, budget) = ([None, None, None], Budget::new(rate, now));
        Self { user_id, spec, layers, watchers: Vec::new(), picture, budget, last: now }
    }

    /// Counts a packet. Returns whether it is let through.
    pub fn arrived(&mut self, arrived: &Arrived, now: Instant) -> bool {
        let Arrived { layer, bytes, ends_picture, size } = *arrived;
        self.last = now;
        let mut is_within = true;
        if let Some(place) = self.layers.get_mut(layer) {
            let layer = place.get_or_insert_with(|| ArrivingLayer::new(now));
            layer.meter.add(bytes, now);
            layer.pictures.add(usize::from(ends_picture), now);
            layer.size = size.or(layer.size);
            is_within = self.picture.is_none_or(|limits| layer.is_within(limits));
        }
        // What is not let through takes nothing from what is.
        is_within && self.budget.take(bytes, now)
    }

    /// Whether something arrives.
    pub fn is_active(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last) < STOPPED
    }

    /// The layers that arrive, from low to high.
    pub fn active_layers(&self, now: Instant) -> Vec<layers::Layer> {
        let highest = self.layers.iter().rposition(Option::is_some).unwrap_or_default();
        let arriving = self.layers.iter().enumerate().filter_map(|(index, layer)| Some((index, layer.as_ref()?)));
        arriving
            .filter(|(_, layer)| now.saturating_duration_since(layer.meter.last()) < LAYER_GONE)
            .filter(|(_, layer)| self.picture.is_none_or(|limits| layer.is_within(limits)))
            .map(|(index, layer)| layers::Layer {
                index,
                height: layer.size.map_or(USUAL_HEIGHT >> (highest - index), |(_, height)| height),
                rate: (layer.meter.per_second() * 8 / 1_000).max(1),
            })
            .collect()
    }

    /// The height of the largest layer, if it is known.
    pub fn height(&self) -> Option<u32> {
        self.layers.iter().flatten().filter_map(|layer| layer.size).map(|(_, height)| height).max()
    }

    /// A layer that arrives.
    pub fn layer(&mut self, index: usize) -> Option<&mut ArrivingLayer> {
        self.layers.get_mut(index)?.as_mut()
    }
}

impl ArrivingLayer {
    fn new(now: Instant) -> Self {
        let (meter, pictures) = (Meter::of_bytes(now), Meter::of_pictures(now));
        Self { meter, keyframes: KeyframeRequests::default(), size: None, pictures }
    }

    fn is_within(&self, limits: PictureLimits) -> bool {
        let pixels = self.size.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
        pixels <= limits.pixels && self.pictures.per_second() <= limits.fps
    }
}
