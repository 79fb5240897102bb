//! A line on which a receiver gets whoever is put into it: one outgoing stream, whatever its origin.

use std::sync::Arc;

use str0m::Rtc;
use str0m::media::{MediaKind, Mid, Pt};
use str0m::rtp::{ExtensionValues, RtpWrite, Ssrc};

use super::ids::TrackKey;
use super::rewriter::{Incoming, Rewriter};

/// A packet on its way to those who receive it.
#[derive(Debug)]
pub(super) struct Packet {
    pub incoming: Incoming,
    /// The layer; 0 for what has none.
    pub layer: usize,
    pub is_keyframe: bool,
    pub marker: bool,
    pub extensions: ExtensionValues,
    pub payload: Arc<[u8]>,
}

/// A line on which a receiver gets something.
#[derive(Debug)]
pub(super) struct Slot {
    pub mid: Mid,
    pub kind: MediaKind,
    /// What is in it.
    pub shown: Option<Shown>,
    ssrc: Option<Ssrc>,
    rewriter: Rewriter,
}

/// What is in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub track: TrackKey,
    /// The payload type by which the receiver knows the codec.
    pub payload_type: Pt,
    /// The layer that is passed on.
    pub current: Option<usize>,
    /// The layer that is passed on from its next key frame. `None` for a picture that the network does not carry.
    pub target: Option<usize>,
}

impl Slot {
    pub fn new(mid: Mid, kind: MediaKind) -> Self {
        let clock_rate = if kind.is_audio() { 48_000 } else { 90_000 };
        // Half of the numbers, so that the first ones don't wrap around.
        Self { mid, kind, shown: None, ssrc: None, rewriter: Rewriter::new(clock_rate, rand::random::<u16>() / 2) }
    }

    /// Puts something into the slot, or nothing.
    pub fn show(&mut self, track: Option<(TrackKey, Pt)>) {
        self.rewriter.stop();
        // A voice has one layer.
        let target = self.kind.is_audio().then_some(0);
        self.shown = track.map(|(track, payload_type)| Shown { track, payload_type, current: None, target });
    }

    /// Chooses the layer. It changes at the next key frame.
    pub fn choose(&mut self, target: Option<usize>) {
        let Some(shown) = &mut self.shown else { return };
        shown.target = target;
        if target.is_none() {
            shown.current = None;
            self.rewriter.stop();
        }
    }

    /// A packet of a layer was not let through. If the receiver gets this layer, what comes next is a beginning.
    pub fn interrupt(&mut self, layer: usize) {
        if let Some(shown) = &mut self.shown
            && shown.current == Some(layer)
        {
            shown.current = None;
            self.rewriter.stop();
        }
    }

    /// The layer of which a key frame is needed.
    pub fn needs_keyframe(&self) -> Option<usize> {
        let shown = self.shown.as_ref().filter(|_| !self.kind.is_audio())?;
        shown.target.filter(|target| shown.current != Some(*target))
    }

    /// Passes a packet on to the receiver if it is of the layer that the receiver gets. Returns whether it was.
    pub fn write(&mut self, rtc: &mut Rtc, packet: &Packet) -> bool {
        let Some(shown) = &mut self.shown else { return false };
        let begins = self.kind.is_audio() || packet.is_keyframe;
        if shown.target == Some(packet.layer)
            && begins
            && (shown.current != shown.target || !self.rewriter.is_running())
        {
            self.rewriter.start(&packet.incoming);
            shown.current = shown.target;
        }
        if shown.current != Some(packet.layer) {
            return false;
        }
        let Some(outgoing) = self.rewriter.rewrite(&packet.incoming) else { return false };
        let mut rtc = rtc.direct_api();
        let stream = match self.ssrc {
            Some(ssrc) => rtc.stream_tx(&ssrc),
            None => rtc.stream_tx_by_mid(self.mid, None),
        };
        let Some(stream) = stream else { return false };
        self.ssrc = Some(stream.ssrc());
        let mut write = RtpWrite::new(
            shown.payload_type,
            outgoing.sequence.into(),
            outgoing.time,
            packet.incoming.at,
            packet.payload.clone(),
        )
        .marker(packet.marker)
        .ext_vals(packet.extensions.clone())
        .nackable(!self.kind.is_audio());
        if let Some(patch) = outgoing.vp8 {
            write = write.vp8_patch(patch);
        }
        stream.write_rtp(write);
        true
    }
}

/// What is passed on of the extensions of a packet. The others are of the connection it came on.
pub(super) fn passed_on(extensions: &ExtensionValues) -> ExtensionValues {
    ExtensionValues {
        audio_level: extensions.audio_level,
        voice_activity: extensions.voice_activity,
        video_orientation: extensions.video_orientation,
        ..ExtensionValues::default()
    }
}
