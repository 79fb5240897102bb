//! A recording that is paused: the video leaves the pause out, and says which times of the class it shows.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "times and sounds are small numbers"
)]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use lectern::domain::tenancy::enterprise::Draft;
use serde_json::json;

use super::callbacks::{call, ok};
use super::video::{Video, strength};
use super::{TEACHER, enter, film, recording_service};
use crate::support::component::Component;
use crate::support::process::eventually;
use crate::support::receiver::Receiver;

#[tokio::test]
async fn a_pause_is_left_out_of_the_video_and_seen_in_its_parts() {
    LazyLock::force(&TEACHER);
    let service = recording_service(&["--recording-least-free-bytes", "1000000"]);
    let receiver = Receiver::start();
    let draft = Draft { name: "Test".into(), call_back_url: Some(receiver.url.clone()), ..Draft::default() };
    let enterprise = service.enterprise_of(draft).await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let class_id = enterprise.class(json!({"class_type": "1vN"})).await;
    let class = json!({ "class_id": class_id });
    teacher.ok("member/join", class.clone()).await;
    let robot = enter(&teacher, class_id, film(&TEACHER)).await;
    eventually("it is connected", async || robot.known().is_connected.then_some(())).await;
    let status = async |name: &str| ok(&enterprise, name, class.clone()).await["status"].clone();
    for name in ["online/pause", "online/resume", "online/stop"] {
        assert_eq!(call(&enterprise, name, class.clone()).await["error_code"], 10003, "{name} before the class");
    }
    teacher.ok("class/start", class.clone()).await;
    for event in ["mic_open", "camera_open"] {
        teacher.ok("report/event", json!({"class_id": class_id, "event": event})).await;
    }
    assert_eq!(status("online/start").await, "running");
    let begun = Instant::now();
    let at = || begun.elapsed().as_secs_f64();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(status("online/pause").await, "paused");
    let paused = at();
    assert_eq!(status("online/pause").await, "paused", "again");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(status("online/resume").await, "running");
    let resumed = at();
    tokio::time::sleep(Duration::from_secs(4)).await;
    teacher.ok("class/stop", class.clone()).await;
    let stopped = at();
    let length = stopped - (resumed - paused);

    let event = eventually("the video", async || {
        let requests = receiver.requests();
        requests.iter().find(|request| request.event() == "online_record_stop").map(|r| r.body["data"].clone())
    })
    .await;
    assert_eq!(event["error_code"], 0, "{event}");
    let video = &event["video_info"][0];
    let asked = json!({"class_id": class_id, "video_id": video["video_id"]});
    let parts = teacher.ok("record/chapters", asked).await["parts"].clone();
    let millis = |part: usize, field: &str| parts[part][field].as_i64().unwrap();
    let near = |found: i64, wanted: f64| (found as f64 / 1_000.0 - wanted).abs() < 0.5;
    assert_eq!(parts.as_array().map(Vec::len), Some(2), "{parts}");
    assert!(near(millis(0, "length"), paused) && near(millis(1, "length"), stopped - resumed), "{parts}");
    assert_eq!((millis(0, "position"), millis(1, "position")), (0, millis(0, "length")));
    assert!(near(millis(1, "time") - millis(0, "time"), resumed), "{parts}");

    let film = Video::fetch(&service.http, video["video_url"].as_str().unwrap()).await;
    let found: f64 = film.probe()["format"]["duration"].as_str().unwrap().parse().unwrap();
    assert!((found - length).abs() < 0.5, "{found} and not {length}");
    let sound = film.sound();
    let beeps =
        |from: f64| strength(&sound[(from * 48_000.0) as usize..((from + 1.0) * 48_000.0) as usize], 440.0) > 0.01;
    assert!(beeps(paused - 1.5), "before the pause");
    assert!(beeps(paused + 1.5), "after it");
}
