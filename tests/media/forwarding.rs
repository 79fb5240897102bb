//! Voices and pictures reach those who are in the class.

use serde_json::json;

use crate::robot::{Order, Plan};
use crate::support::{ALL, CAMERA, Media, NONE, pupil, teacher, until};

#[tokio::test]
async fn voice_and_picture_of_the_teacher_reach_every_pupil() {
    let media = Media::start();
    let teacher = media.enter("li", ALL, teacher()).await;
    let pupils = [media.enter("wang", NONE, pupil()).await, media.enter("zhao", NONE, pupil()).await];
    for pupil in &pupils {
        until("a pupil hears and sees the teacher", || {
            let got = |source| pupil.got("li", source).is_some_and(|got| got.packets > 50);
            got("mic") && got("camera")
        })
        .await;
        assert_eq!(pupil.got("li", "camera").unwrap().missing, 0, "nothing is lost on the way");
        assert!(pupil.got("li", "camera").unwrap().keyframes > 0, "a picture begins with a key frame");
    }
    assert!(teacher.slots().is_empty(), "nobody gets what they send themselves");
}

#[tokio::test]
async fn a_picture_comes_in_the_layer_that_its_size_needs() {
    let media = Media::start();
    let _teacher = media.enter("li", ALL, teacher()).await;
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("the picture is there", || pupil.got("li", "camera").is_some_and(|got| got.packets > 10)).await;
    for (height, layer) in [(700, 2), (300, 1), (150, 0), (700, 2)] {
        let view = json!({"type": "view", "videos": [{"user_id": "li", "source": "camera", "height": height}]});
        pupil.order(Order::Say(view));
        until(&format!("the picture has layer {layer}"), || {
            pupil.got("li", "camera").is_some_and(|got| got.layer == layer)
        })
        .await;
    }
    assert_eq!(pupil.got("li", "camera").unwrap().missing, 0, "the numbers go on over all switches");
    pupil.order(Order::Say(json!({"type": "view", "videos": []})));
    until("a picture that is not shown is not sent", || pupil.got("li", "camera").is_none()).await;
    assert!(pupil.got("li", "mic").is_some(), "the voice goes on");
}

#[tokio::test]
async fn a_screen_comes_beside_the_camera() {
    let media = Media::start();
    let plan = Plan { screen: 900, ..teacher() };
    let _teacher = media.enter("li", ALL, plan).await;
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("both pictures are there", || {
        ["camera", "screen"].iter().all(|source| pupil.got("li", source).is_some_and(|got| got.packets > 20))
    })
    .await;
}

#[tokio::test]
async fn everybody_on_stage_is_heard_and_seen_by_everybody() {
    let media = Media::start();
    let plan = Plan { mic: true, camera: CAMERA, slots: (4, 4), ..Plan::default() };
    let names = ["li", "wang", "zhao", "qian"];
    let mut robots = Vec::new();
    for name in names {
        robots.push(media.enter(name, ALL, plan.clone()).await);
    }
    for (robot, own) in robots.iter().zip(names) {
        for other in names.iter().filter(|other| **other != own) {
            until(&format!("{own} gets {other}"), || {
                let got = |source| robot.got(other, source).is_some_and(|got| got.packets > 20);
                got("mic") && got("camera")
            })
            .await;
        }
    }
}

#[tokio::test]
async fn with_fewer_slots_than_voices_those_who_speak_are_heard() {
    let media = Media::start();
    let voice = Plan { mic: true, ..Plan::default() };
    let mut robots = Vec::new();
    for name in ["a", "b", "c"] {
        robots.push(media.enter(name, ALL, voice.clone()).await);
    }
    let listener = media.enter("wang", NONE, Plan { slots: (1, 0), ..Plan::default() }).await;
    until("somebody is heard", || listener.slots().first().is_some_and(|(.., got)| got.packets > 20)).await;
    let heard = listener.slots()[0].0.clone();
    let position = ["a", "b", "c"].iter().position(|name| *name == heard).unwrap();
    robots[position].order(Order::Mute(true));
    until("another is heard", || listener.slots().first().is_some_and(|(who, ..)| *who != heard)).await;
}

#[tokio::test]
async fn who_loses_packets_gets_them_again() {
    let media = Media::start();
    let _teacher = media.enter("li", ALL, teacher()).await;
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("the picture is there", || pupil.got("li", "camera").is_some_and(|got| got.packets > 50)).await;
    pupil.order(Order::Lose(5));
    until("many packets came", || pupil.got("li", "camera").is_some_and(|got| got.packets > 300)).await;
    pupil.order(Order::Lose(0));
    let before = pupil.got("li", "camera").unwrap().packets;
    until("more came", || pupil.got("li", "camera").unwrap().packets > before + 50).await;
    let got = pupil.got("li", "camera").unwrap();
    assert!(got.missing * 50 < i64::try_from(got.packets).unwrap(), "{got:?}");
}

#[tokio::test]
async fn everybody_learns_who_speaks_and_how_the_networks_are() {
    let media = Media::start();
    let _teacher = media.enter("li", ALL, teacher()).await;
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("the pupil knows who speaks", || {
        let known = pupil.known();
        known.messages.get("speakers").is_some_and(|message| message["speakers"][0]["user_id"] == "li")
    })
    .await;
    until("the pupil knows the quality of the networks", || {
        let known = pupil.known();
        let people = known.messages.get("quality").map(|message| message["people"].as_array().unwrap().len());
        people == Some(2)
    })
    .await;
}

#[tokio::test]
async fn a_page_that_moves_to_another_network_goes_on() {
    let media = Media::start();
    let _teacher = media.enter("li", ALL, teacher()).await;
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("the picture is there", || pupil.got("li", "camera").is_some_and(|got| got.packets > 50)).await;
    pupil.order(Order::Move);
    let before = pupil.got("li", "camera").unwrap().packets;
    until("it goes on", || pupil.got("li", "camera").is_some_and(|got| got.packets > before + 200)).await;
}

#[tokio::test]
async fn a_network_without_udp_carries_voice_and_picture_over_a_connection() {
    let media = Media::start();
    let _teacher = media.enter("li", ALL, Plan { tcp: true, ..teacher() }).await;
    let pupil = media.enter("wang", NONE, Plan { tcp: true, ..pupil() }).await;
    let other = media.enter("zhao", NONE, Plan { slots: (4, 4), ..Plan::default() }).await;
    for robot in [&pupil, &other] {
        until("the teacher is heard and seen", || {
            let got = |source| robot.got("li", source).is_some_and(|got| got.packets > 50);
            got("mic") && got("camera")
        })
        .await;
    }
}

#[tokio::test]
async fn who_has_a_slow_network_keeps_the_voice_and_gets_a_smaller_picture_than_the_others() {
    let media = Media::start();
    let _teacher = media.enter("li", ALL, teacher()).await;
    let (slow, fast) = (media.enter("wang", NONE, pupil()).await, media.enter("zhao", NONE, pupil()).await);
    let view = json!({"type": "view", "videos": [{"user_id": "li", "source": "camera", "height": 720}]});
    for robot in [&slow, &fast] {
        robot.order(Order::Say(view.clone()));
        until("the picture is large", || robot.got("li", "camera").is_some_and(|got| got.layer == 2)).await;
    }
    slow.order(Order::Limit(300));
    slow.order(Order::Lose(5));
    until("the picture is small, or not sent", || {
        let got = slow.got("li", "camera");
        let paused = slow.known().messages.get("paused").is_some_and(|message| message["sources"] != json!([]));
        paused || got.is_some_and(|got| got.layer < 2)
    })
    .await;
    let heard = |robot: &crate::robot::Robot| robot.got("li", "mic").unwrap().packets;
    let before = (heard(&slow), heard(&fast));
    until("five seconds of voice came", || heard(&fast) >= before.1 + 250).await;
    assert!(heard(&slow) > before.0 + 150, "the voice goes on: {} of 250 packets", heard(&slow) - before.0);
    assert_eq!(fast.got("li", "camera").unwrap().layer, 2, "the others keep the large picture");
}
