//! What is recorded of a class: what is let through, from key frames on, in the best layer.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use lectern::media::{MediaEngine, Permissions, Source, Tap, TrackCodec, TrackPacket, TrackSink};

use crate::robot::{Order, Plan};
use crate::support::{ALL, CAMERA, CLASS, Media, NONE, SIMPLE, pupil, teacher, until};

/// A packet that was recorded.
#[derive(Clone, Debug)]
struct Kept {
    sender: u64,
    user_id: String,
    source: Source,
    codec: TrackCodec,
    layer: u8,
    sequence: u64,
    is_keyframe: bool,
}

/// A sink that keeps what it takes.
#[derive(Default)]
struct Notebook(Mutex<Vec<Kept>>);

impl Notebook {
    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.0.lock().unwrap()
    }

    fn of(&self, user_id: &str, source: Source) -> Vec<Kept> {
        self.kept().iter().filter(|kept| kept.user_id == user_id && kept.source == source).cloned().collect()
    }
}

impl TrackSink for Notebook {
    fn take(&self, packet: &TrackPacket<'_>) {
        // As robots write it: the descriptor has four bytes, and the lowest bit of the frame says it.
        let is_first = packet.payload.first() == Some(&0x90);
        self.kept().push(Kept {
            sender: packet.sender,
            user_id: packet.user_id.to_owned(),
            source: packet.source,
            codec: packet.codec,
            layer: packet.layer,
            sequence: packet.sequence,
            is_keyframe: is_first && packet.payload[4] & 1 == 0,
        });
    }
}

fn record(media: &Media) -> Arc<Notebook> {
    let notebook = Arc::new(Notebook::default());
    media.server.record(CLASS, Tap::Recording, Some(notebook.clone()));
    notebook
}

#[tokio::test]
async fn voices_and_pictures_are_recorded_whole_and_in_the_best_layer() {
    let media = Media::start();
    let notebook = record(&media);
    let _teacher = media.enter("teacher", ALL, teacher()).await;
    let best = u8::try_from(CAMERA.len() - 1).unwrap();
    until("the best layer is recorded", || {
        notebook.of("teacher", Source::Camera).iter().filter(|kept| kept.layer == best).count() > 100
    })
    .await;
    let voice = notebook.of("teacher", Source::Mic);
    let camera = notebook.of("teacher", Source::Camera);
    assert!(voice.iter().all(|kept| kept.codec == TrackCodec::Opus));
    assert!(camera.iter().all(|kept| kept.codec == TrackCodec::Vp8));
    assert!(camera[0].is_keyframe);
    let numbers: BTreeSet<u64> = voice.iter().map(|kept| kept.sequence).collect();
    assert_eq!(numbers.last().unwrap() - numbers.first().unwrap() + 1, numbers.len() as u64, "nothing is missing");
    for (before, after) in camera.iter().zip(&camera[1..]) {
        assert!(before.layer == after.layer || after.is_keyframe, "another layer begins with a key frame");
    }
}

#[tokio::test]
async fn a_recording_that_begins_late_asks_for_a_key_frame_also_when_nobody_watches() {
    let media = Media::start();
    let teacher = media.enter("teacher", ALL, Plan { camera: SIMPLE, ..Plan::default() }).await;
    until("the teacher is connected", || teacher.known().is_connected).await;
    let notebook = record(&media);
    until("the picture is recorded", || notebook.of("teacher", Source::Camera).len() > 50).await;
    assert!(notebook.of("teacher", Source::Camera)[0].is_keyframe);
    assert!(teacher.known().keyframe_requests > 0);
}

#[tokio::test]
async fn only_what_is_permitted_is_recorded_and_only_as_long_as_the_class_is() {
    let media = Media::start();
    let notebook = record(&media);
    let _quiet = media.enter("wang", NONE, Plan { mic: true, camera: SIMPLE, ..pupil() }).await;
    let _loud =
        media.enter("li", Permissions { mic: true, ..NONE }, Plan { mic: true, camera: SIMPLE, ..pupil() }).await;
    until("the voice is recorded", || notebook.of("li", Source::Mic).len() > 50).await;
    assert!(notebook.kept().iter().all(|kept| kept.user_id == "li" && kept.source == Source::Mic));
    media.server.record(CLASS, Tap::Recording, None);
    let other = record(&media);
    until("another recording has begun", || other.kept().len() > 10).await;
    let before = notebook.kept().len();
    until("it goes on", || other.kept().len() > 60).await;
    assert_eq!(notebook.kept().len(), before);
}

#[tokio::test]
async fn who_connects_again_is_another_sender() {
    let media = Media::start();
    let notebook = record(&media);
    let first = media.enter("li", ALL, Plan { mic: true, ..pupil() }).await;
    until("the voice is recorded", || notebook.of("li", Source::Mic).len() > 20).await;
    first.order(Order::Mute(true));
    let _again = media.enter("li", ALL, Plan { mic: true, ..pupil() }).await;
    until("it is recorded again", || {
        notebook.of("li", Source::Mic).iter().map(|kept| kept.sender).collect::<BTreeSet<_>>().len() == 2
    })
    .await;
}
