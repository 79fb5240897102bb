//! Recordings when something fails: the process dies, the disk is full, programs are missing or hang.
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times and sounds are small numbers")]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use lectern::integrations::ffmpeg::{Failure, Ffmpeg, Settings};
use serde_json::{Value, json};

use super::video::{Video, strength};
use super::{TEACHER, book, enter, film, recording_service};
use crate::support::database::Database;
use crate::support::http;
use crate::support::process::{Process, eventually};
use crate::support::receiver::Receiver;
use crate::support::robot::{Plan, Robot};
use crate::support::school::{School as Outside, numbers_in};

/// A call of a component of a process.
pub async fn call(school: &Outside, server: &Process, user: &(String, String), name: &str, body: Value) -> Value {
    let (user_id, token) = user;
    let sdkappid = school.enterprise.sdkappid;
    let url = format!("{}/saas/v1/{name}?sdkappid={sdkappid}&user_id={user_id}&token={token}&random=1", server.url);
    let http = http::client();
    let answer: Value = http.post(url).body(body.to_string()).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["error_code"], 0, "{name}: {answer}");
    answer
}

pub async fn enter_process(school: &Outside, server: &Process, user: &(String, String), class_id: i64) -> Robot {
    Robot::connect(film(&TEACHER), async |offer, sources| {
        let sources: Vec<_> = sources.iter().map(|(mid, source)| json!({"mid": mid, "source": source})).collect();
        let body = json!({"class_id": class_id, "session": "", "offer": offer, "sources": sources});
        call(school, server, user, "media/connect", body).await["answer"].as_str().unwrap().to_owned()
    })
    .await
}

#[tokio::test]
async fn a_recording_survives_the_death_of_the_process_in_the_class_and_while_its_video_is_made() {
    LazyLock::force(&TEACHER);
    let (database, receiver) = (Database::create(), Receiver::start());
    let school = Outside::found(&database.url, &receiver.url).await;
    let flags = ["--recording-least-free-bytes", "1000000"];
    let (server, client) = school.open(&flags);
    let users = json!({"list": [{"user_id": "li", "role": "teacher", "nickname": "li"}]});
    let users = client.call("user/register", users).await.unwrap();
    let li = ("li".to_owned(), users["user_list"][0]["user_token"].as_str().unwrap().to_owned());
    let fields = json!({"teacher_id": "li", "class_topic": "Sums", "class_type": "1vN", "record_types": ["remote"]});
    let class_id = client.call("class/create", fields).await.unwrap()["class_id"].as_i64().unwrap();
    let class = json!({ "class_id": class_id });
    call(&school, &server, &li, "member/join", class.clone()).await;
    let robot = enter_process(&school, &server, &li, class_id).await;
    call(&school, &server, &li, "class/start", class.clone()).await;
    let begun = Instant::now();
    for event in ["mic_open", "camera_open"] {
        call(&school, &server, &li, "report/event", json!({"class_id": class_id, "event": event})).await;
    }
    eventually("it sends", async || robot.known().is_connected.then_some(())).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    server.kill();
    let killed = begun.elapsed().as_secs_f64();
    drop(robot);

    let (server, _) = school.open(&flags);
    call(&school, &server, &li, "member/join", class.clone()).await;
    let robot = enter_process(&school, &server, &li, class_id).await;
    for event in ["mic_open", "camera_open"] {
        call(&school, &server, &li, "report/event", json!({"class_id": class_id, "event": event})).await;
    }
    eventually("it sends again", async || robot.known().is_connected.then_some(())).await;
    let again = begun.elapsed().as_secs_f64();
    tokio::time::sleep(Duration::from_secs(6)).await;
    call(&school, &server, &li, "class/stop", class).await;
    let length = begun.elapsed().as_secs_f64();
    eventually("its video is being made", async || {
        let held = "SELECT attempts AS number FROM conversions WHERE recording_id > 0 AND lease_token <> ''";
        (numbers_in(&database.url, held) == [1]).then_some(())
    })
    .await;
    server.kill();
    let (server, _) = school.open(&flags);

    let stopped = eventually("the video", async || {
        let requests = receiver.requests();
        requests.iter().find(|request| request.event() == "online_record_stop").map(|r| r.body["data"].clone())
    })
    .await;
    assert_eq!(stopped["error_code"], 0, "{stopped}");
    let url = url::Url::parse(stopped["video_info"][0]["video_url"].as_str().unwrap()).unwrap();
    let video = Video::fetch(&http::client(), &format!("{}{}", server.url, url.path())).await;
    let found: f64 = video.probe()["format"]["duration"].as_str().unwrap().parse().unwrap();
    assert!((found - length).abs() < 0.5, "{found} and not {length}");
    let sound = video.sound();
    let beeps =
        |from: f64| strength(&sound[(from * 48_000.0) as usize..((from + 1.0) * 48_000.0) as usize], 440.0) > 0.01;
    assert!(beeps(killed - 2.1), "what was said before the last second");
    assert!(beeps(again + 2.0) && beeps(length - 2.0), "what was said afterwards");
    let requests = receiver.requests();
    let starts = requests.iter().filter(|request| request.event() == "online_record_start").count();
    assert_eq!(starts, 1, "the recording goes on");
}

#[tokio::test]
async fn a_class_is_not_recorded_without_room_on_the_disk_and_goes_on() {
    let service = recording_service(&["--recording-least-free-bytes", "18446744073709551615"]);
    let school = book(&service).await;
    school.teacher.ok("class/start", json!({ "class_id": school.class_id })).await;
    let told = school.told("online_record_start").await;
    assert_eq!((&told["error_code"], &told["class_id"]), (&json!(-2), &json!(school.class_id)));
    assert!(told["error_msg"].as_str().unwrap().contains("room"), "{told}");
    enter(&school.teacher, school.class_id, Plan::default()).await;
}

#[tokio::test]
async fn without_ffmpeg_the_enterprise_learns_what_to_do_and_what_was_recorded_is_kept() {
    LazyLock::force(&TEACHER);
    let flags = ["--recording-least-free-bytes", "1000000", "--ffmpeg", "/nowhere/ffmpeg"];
    let service = recording_service(&flags);
    let ready = service.http.get(format!("{}/readyz", service.url)).send().await.unwrap();
    let ready: Value = ready.json().await.unwrap();
    assert!(ready["recordings"].as_str().unwrap().contains("ffmpeg"), "{ready}");
    let school = book(&service).await;
    let class = json!({ "class_id": school.class_id });
    let teacher = enter(&school.teacher, school.class_id, film(&TEACHER)).await;
    school.teacher.ok("class/start", class.clone()).await;
    school.on_stage(&school.teacher).await;
    eventually("it sends", async || teacher.known().is_connected.then_some(())).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    school.teacher.ok("class/stop", class).await;
    if !service.app.db.is_embedded() {
        // Another instance may have it, so the video waits.
        let waiting = "SELECT count(*) AS number FROM conversions WHERE recording_id > 0 AND end_time IS NULL";
        let waits = async || (crate::media::number(&service, waiting.to_owned()).await == 1).then_some(());
        return eventually("the video waits", waits).await;
    }
    let stopped = school.told("online_record_stop").await;
    assert_ne!(stopped["error_code"], 0);
    assert!(stopped["error_msg"].as_str().unwrap().contains("ffmpeg"), "{stopped}");
    assert_eq!(stopped["video_info"], json!([]));
    let parts = "SELECT count(*) AS number FROM recording_parts JOIN files USING (file_key) WHERE state = 'kept' AND recording_parts.bytes > 1000";
    assert!(crate::media::number(&service, parts.to_owned()).await > 0);
}

#[tokio::test]
async fn an_ffmpeg_that_hangs_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("bin/ffmpeg");
    std::fs::create_dir(folder.path().join("bin")).unwrap();
    std::fs::write(&program, "#!/bin/sh\nsleep 1000\n").unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let (time_limit, work) = (Duration::from_secs(1), folder.path().join("work"));
    let ffmpeg = Ffmpeg::new(Settings { program, work, time_limit, ..Settings::default() });
    assert_eq!(ffmpeg.missing(), None);
    let studio = ffmpeg.open().unwrap();
    let hanging = studio.mix(&[], 1_000).await;
    assert!(matches!(hanging, Err(Failure::Hanging(_))), "{hanging:?}");
}
