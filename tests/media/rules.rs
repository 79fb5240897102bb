//! What is not permitted reaches nobody, whatever a page sends.

use lectern::domain::ids::ClassId;
use lectern::media::{ConnectError, MediaEngine, MediaEvent, MediaSessionId, Permissions, Source, VideoLimits};
use serde_json::json;

use crate::robot::{Order, Plan, Robot};
use crate::support::{ALL, CLASS, LIMITS, Media, NONE, SIMPLE, pupil, request, teacher, until};

fn packets(robot: &Robot) -> u64 {
    robot.known().got.values().map(|got| got.packets).sum()
}

#[tokio::test]
async fn what_a_pupil_sends_without_permission_reaches_nobody() {
    let media = Media::start();
    let sender = media.enter("wang", NONE, Plan { mic: true, camera: SIMPLE, ..pupil() }).await;
    let watcher = media.enter("li", NONE, pupil()).await;
    until("both are connected", || sender.known().is_connected && watcher.known().is_connected).await;
    let witness = media.enter("teacher", ALL, teacher()).await;
    until("the watcher gets what is permitted", || watcher.got("teacher", "mic").is_some_and(|got| got.packets > 100))
        .await;
    assert!(watcher.got("wang", "mic").is_none() && watcher.got("wang", "camera").is_none());
    assert!(witness.got("wang", "mic").is_none());
    assert_eq!(sender.known().messages["permitted"]["mic"], 0);
}

#[tokio::test]
async fn a_muted_pupil_is_not_heard_any_more_and_is_again_after_it() {
    let mut media = Media::start();
    let sender = media.enter("wang", ALL, Plan { mic: true, camera: SIMPLE, ..pupil() }).await;
    let watcher = media.enter("li", NONE, pupil()).await;
    until("the pupil is heard", || watcher.got("wang", "mic").is_some_and(|got| got.packets > 50)).await;
    media.server.permit(CLASS, "wang", Permissions { mic: false, ..ALL });
    until("the pupil is told", || sender.known().messages["permitted"]["mic"] == 0).await;
    until("the slot is empty", || watcher.got("wang", "mic").is_none()).await;
    let camera = watcher.got("wang", "camera").unwrap().packets;
    let before = packets(&watcher);
    until("the picture goes on", || watcher.got("wang", "camera").unwrap().packets > camera + 50).await;
    let camera = watcher.got("wang", "camera").unwrap().packets - camera;
    assert_eq!(packets(&watcher) - before, camera, "only the picture came");
    media.server.permit(CLASS, "wang", ALL);
    until("the pupil is heard again", || watcher.got("wang", "mic").is_some_and(|got| got.packets > 50)).await;
    assert!(media.events.try_recv().is_err(), "what is not permitted has not stopped");
}

#[tokio::test]
async fn a_picture_larger_than_that_of_the_class_reaches_nobody_and_the_smaller_layers_do() {
    let media = Media::start();
    let limits = VideoLimits { pixels: 1280 * 360, ..LIMITS };
    // The network carries all of it at once.
    let camera = || Plan { camera: &[("l", 30), ("m", 60), ("h", 120)], ..pupil() };
    let _large = media.enter_limited("wang", limits, camera()).await;
    let _usual = media.enter("zhao", ALL, camera()).await;
    let watcher = media.enter("li", NONE, pupil()).await;
    until("the pictures are there", || watcher.got("wang", "camera").and(watcher.got("zhao", "camera")).is_some())
        .await;
    let view = ["wang", "zhao"].map(|user_id| json!({"user_id": user_id, "source": "camera", "height": 720}));
    watcher.order(Order::Say(json!({"type": "view", "videos": view})));
    until("the largest layer of the other came", || watcher.got("zhao", "camera").is_some_and(|got| got.layer == 2))
        .await;
    until("the second layer came", || watcher.got("wang", "camera").is_some_and(|got| got.layer == 1)).await;
    let before = watcher.got("wang", "camera").unwrap();
    until("more came", || watcher.got("wang", "camera").is_some_and(|got| got.packets > before.packets + 100)).await;
    let after = watcher.got("wang", "camera").unwrap();
    assert_eq!(after.layer, 1);
    assert!(after.keyframes <= before.keyframes + 2, "the smaller layer is not interrupted: {after:?}");
}

#[tokio::test]
async fn a_camera_with_more_pictures_a_second_than_the_class_reaches_nobody() {
    let media = Media::start();
    // The robots send 25 pictures a second.
    let fast = VideoLimits { fps: 10, ..LIMITS };
    let _fast = media.enter_limited("wang", fast, Plan { mic: true, camera: SIMPLE, ..pupil() }).await;
    let _usual = media.enter("zhao", ALL, Plan { camera: SIMPLE, ..pupil() }).await;
    let watcher = media.enter("li", NONE, pupil()).await;
    until("the voice is there", || watcher.got("wang", "mic").is_some_and(|got| got.packets > 200)).await;
    let before = watcher.got("wang", "camera").map(|got| got.packets);
    let usual = watcher.got("zhao", "camera").unwrap().packets;
    until("the other camera goes on", || watcher.got("zhao", "camera").unwrap().packets > usual + 50).await;
    assert_eq!(watcher.got("wang", "camera").map(|got| got.packets), before);
}

#[tokio::test]
async fn a_source_that_stops_is_reported_and_leaves_its_slots() {
    let mut media = Media::start();
    let sender = media.enter("wang", ALL, Plan { mic: true, ..pupil() }).await;
    let watcher = media.enter("li", NONE, pupil()).await;
    until("the pupil is heard", || watcher.got("wang", "mic").is_some_and(|got| got.packets > 50)).await;
    sender.order(Order::Mute(true));
    let event = media.events.recv().await.unwrap();
    assert_eq!(event, MediaEvent::Stopped { class_id: CLASS, user_id: "wang".to_owned(), source: Source::Mic });
    until("the slot is empty", || watcher.got("wang", "mic").is_none()).await;
}

#[tokio::test]
async fn who_is_removed_gets_and_sends_nothing_any_more() {
    let mut media = Media::start();
    let removed = media.enter("wang", ALL, Plan { mic: true, ..pupil() }).await;
    let teacher = media.enter("li", ALL, teacher()).await;
    until("they hear each other", || {
        teacher.got("wang", "mic").is_some_and(|got| got.packets > 20)
            && removed.got("li", "mic").is_some_and(|got| got.packets > 20)
    })
    .await;
    media.server.remove(CLASS, "wang");
    until("the page learns that its session is over", || removed.known().is_over).await;
    until("the slot is empty", || teacher.got("wang", "mic").is_none()).await;
    let event = media.events.recv().await.unwrap();
    assert_eq!(event, MediaEvent::Ended { class_id: CLASS, user_id: "wang".to_owned() });
}

#[tokio::test]
async fn the_end_of_a_class_ends_its_sessions_and_no_others() {
    let media = Media::start();
    let here = media.enter("li", ALL, teacher()).await;
    let other = media.enter_class(ClassId(2), "li", ALL, teacher()).await;
    let listener = media.enter_class(ClassId(2), "wang", NONE, pupil()).await;
    until("all are connected", || [&here, &other, &listener].iter().all(|robot| robot.known().is_connected)).await;
    media.server.close(CLASS);
    until("the session is over", || here.known().is_over).await;
    until("the other class goes on", || listener.got("li", "mic").is_some_and(|got| got.packets > 50)).await;
    assert_eq!(media.server.classes().await, [ClassId(2)]);
}

#[tokio::test]
async fn nothing_crosses_from_one_class_to_another() {
    let media = Media::start();
    let _teacher = media.enter("li", ALL, teacher()).await;
    let near = media.enter("wang", NONE, pupil()).await;
    // Both threads.
    let far = [
        media.enter_class(ClassId(2), "wang", NONE, pupil()).await,
        media.enter_class(ClassId(3), "wang", NONE, pupil()).await,
    ];
    until("the class hears its teacher", || near.got("li", "mic").is_some_and(|got| got.packets > 100)).await;
    assert!(far.iter().all(|robot| packets(robot) == 0 && robot.slots().is_empty()));
}

#[tokio::test]
async fn a_page_that_is_loaded_anew_replaces_its_session() {
    let mut media = Media::start();
    let before = media.enter("li", ALL, teacher()).await;
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("the teacher is heard", || pupil.got("li", "mic").is_some_and(|got| got.packets > 20)).await;
    let after = media.enter("li", ALL, teacher()).await;
    until("the earlier session is over", || before.known().is_over).await;
    until("the teacher is heard again", || {
        after.known().is_connected && pupil.got("li", "mic").is_some_and(|got| got.packets > 100)
    })
    .await;
    assert!(media.events.try_recv().is_err(), "the teacher did not leave");
}

#[tokio::test]
async fn more_than_the_bitrate_of_the_class_is_not_let_through() {
    let media = Media::start();
    let greedy: &[(&str, u64)] = &[("", 8_000)];
    let _teacher = media.enter("li", ALL, Plan { mic: true, camera: greedy, ..pupil() }).await;
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("five seconds of voice came", || pupil.got("li", "mic").is_some_and(|got| got.packets > 250)).await;
    let bytes = pupil.got("li", "camera").map_or(0, |got| got.bytes);
    // 1.5 times 850 kbit/s, and twice that at once.
    assert!(bytes < 850 * 1_500 / 8 * 20, "{bytes} bytes in five seconds");
}

#[tokio::test]
async fn an_unknown_session_is_over_and_a_bad_offer_is_refused() {
    let media = Media::start();
    let mut asked = request(CLASS, "li", ALL, "v=0\r\n".to_owned(), &Vec::new());
    assert!(matches!(media.server.connect(asked.clone()).await, Err(ConnectError::BadOffer(_))));
    asked.session = Some(MediaSessionId("0".repeat(32)));
    assert_eq!(media.server.connect(asked).await, Err(ConnectError::SessionOver));
    assert!(media.server.classes().await.is_empty(), "nothing is left of it");
}
