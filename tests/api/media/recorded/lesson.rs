//! A lesson with a teacher and a pupil becomes a video.
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times and sounds are small numbers")]

use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::video::{Video, alike, strength};
use super::{PUPIL, TEACHER, book, enter, film, recording_service};
use crate::support::page::Page;
use crate::support::process::eventually;
use crate::support::robot::Order;

/// Where things are seen in a video.
const BOARD: (u32, u32) = (480, 360);
const FIRST: (u32, u32) = (1_200, 60);
const SECOND: (u32, u32) = (1_200, 240);

const WHITE: [u8; 3] = [255, 255, 255];
const RED: [u8; 3] = [254, 0, 0];
const BLUE: [u8; 3] = [0, 0, 254];

#[tokio::test]
async fn a_recorded_lesson_becomes_a_video_with_its_voices_and_pictures_at_their_times() {
    // Made first: connections would time out meanwhile.
    for film in [&TEACHER, &PUPIL] {
        LazyLock::force(film);
    }
    let service = recording_service(&["--recording-least-free-bytes", "1000000"]);
    let school = book(&service).await;
    let class = json!({ "class_id": school.class_id });
    let teacher = enter(&school.teacher, school.class_id, film(&TEACHER)).await;
    let li = enter(&school.li, school.class_id, film(&PUPIL)).await;
    eventually("both are connected", async || (teacher.known().is_connected && li.known().is_connected).then_some(()))
        .await;
    school.teacher.ok("class/start", class.clone()).await;
    let begun = Instant::now();
    assert_eq!(school.told("online_record_start").await["error_code"], 0);
    school.on_stage(&school.teacher).await;
    let at = |since: Instant| since.duration_since(begun).as_secs_f64();
    tokio::time::sleep(Duration::from_secs(6)).await;
    let item =
        json!({"id": "a", "kind": "rectangle", "color": "#00a000", "width": 3000, "points": [3000, 1500, 7000, 4000]});
    let draw = json!({"class_id": school.class_id, "page": "w1", "operations": [{"op": "add", "item": item}]});
    school.teacher.ok("board/draw", draw).await;
    let drawn = at(Instant::now());
    let question = json!({"class_id": school.class_id, "question_id": "q1", "options": ["A", "B"]});
    school.teacher.ok("question/launch", question).await;
    school.on_stage(&school.li).await;
    let came = at(Instant::now());
    tokio::time::sleep(Duration::from_secs(5)).await;
    school.report(&school.li, "mic_close").await;
    school.report(&school.li, "camera_close").await;
    let left = at(Instant::now());
    tokio::time::sleep(Duration::from_secs(4)).await;
    school.teacher.ok("class/stop", class).await;
    let length = at(Instant::now());
    teacher.order(Order::Mute(true));

    let stopped = school.told("online_record_stop").await;
    assert_eq!(stopped["error_code"], 0, "{stopped}");
    let video = &stopped["video_info"][0];
    assert_eq!(
        (&video["video_format"], &video["video_type"], &video["user_id"]),
        (&json!("mp4"), &json!(2), &json!(""))
    );
    let film = Video::fetch(&service.http, video["video_url"].as_str().unwrap()).await;
    assert_eq!(video["video_size"], std::fs::metadata(&film.path).unwrap().len());
    let probe = film.probe();
    let found: f64 = probe["format"]["duration"].as_str().unwrap().parse().unwrap();
    assert!((found - length).abs() < 0.5, "{found} and not {length}");
    assert!((video["video_duration"].as_f64().unwrap() - length).abs() <= 1.0);
    let codecs: Vec<&Value> = probe["streams"].as_array().unwrap().iter().map(|stream| &stream["codec_name"]).collect();
    assert_eq!(codecs, ["h264", "aac"]);
    assert_eq!((&probe["streams"][0]["width"], &probe["streams"][0]["height"]), (&json!(1280), &json!(720)));

    // It plays where the link of the class leads now.
    let page =
        Page::open(&format!("{}/{}/{}/1#li/{}", service.url, school.li.sdkappid, school.class_id, school.li.token))
            .await;
    page.until("document.querySelector('.playback video')?.readyState >= 2").await;
    page.browser.run("const video = document.querySelector('video'); video.muted = true; video.play();").await;
    page.until(
        "document.querySelector('video').currentTime > 0.5 && document.querySelector('video').videoWidth === 1280",
    )
    .await;
    // Its chapters lead to their moments.
    page.until("document.querySelectorAll('.playback-chapters li').length === 2").await;
    page.browser.run("document.querySelectorAll('.playback-chapters button')[1].click();").await;
    page.until(&format!("Math.abs(document.querySelector('video').currentTime - {drawn}) < 2")).await;
    let current = "[...document.querySelectorAll('.playback-chapters li')].findIndex(li => li.ariaCurrent === 'true')";
    page.until(&format!("{current} === 1")).await;
    page.screenshot("playback").await;

    // The board, and who is on stage, at their times.
    let before = film.picture(drawn - 1.0);
    before.save(Path::new(env!("CARGO_TARGET_TMPDIR")).join("recording-teacher.png")).unwrap();
    assert!(alike(&before, BOARD, WHITE) && alike(&before, SECOND, [0, 0, 0]));
    let both = film.picture(came + 3.0);
    both.save(Path::new(env!("CARGO_TARGET_TMPDIR")).join("recording-both.png")).unwrap();
    assert!(alike(&both, (288 + 9, 90 + 150), [0, 160, 0]), "what was drawn");
    assert!(alike(&both, SECOND, BLUE), "the pupil");
    let after = film.picture(left + 3.0);
    assert!(alike(&after, SECOND, [0, 0, 0]), "the pupil has left the stage");

    // The tones at their times.
    let sound = film.sound();
    let piece = |from: f64, to: f64| &sound[(from * 48_000.0) as usize..(to * 48_000.0) as usize];
    let heard = |from: f64, tone: f32| strength(piece(from, from + 1.0), tone) > 0.01;
    assert!(heard(came - 2.0, 440.0) && !heard(came - 2.0, 1_000.0), "the teacher alone");
    assert!(heard(came + 2.0, 440.0) && heard(came + 2.0, 1_000.0), "both");
    assert!(heard(left + 2.0, 440.0) && !heard(left + 2.0, 1_000.0), "the teacher alone again");

    // Voice and picture of the teacher are in step at the begin and at the end.
    for around in [2.0, length - 3.0] {
        let beep = (0..100).map(|step| around + f64::from(step) * 0.01).find(|at| {
            strength(piece(*at, at + 0.01), 440.0) > 0.05 && strength(piece(at - 0.03, at - 0.02), 440.0) < 0.02
        });
        let beep = beep.unwrap_or_else(|| panic!("no beep after {around}"));
        let flash = (-4..5)
            .map(|step| beep + f64::from(step) / 15.0)
            .find(|at| alike(&film.picture(*at), FIRST, WHITE) && alike(&film.picture(at - 1.0 / 15.0), FIRST, RED));
        let flash = flash.unwrap_or_else(|| panic!("no flash near {beep}"));
        assert!((flash - beep).abs() < 0.08 + 1.0 / 15.0, "the beep at {beep}, the flash at {flash}");
        println!("beep {beep:.3} flash {flash:.3}");
    }
}
