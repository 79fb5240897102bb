//! A video of a class with more people on stage than have a place one below the other.

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::json;

use super::video::{Video, alike};
use super::{PUPIL, TEACHER, book_with, enter, film, recording_service};
use crate::support::process::eventually;

const RED: [u8; 3] = [254, 0, 0];
const BLUE: [u8; 3] = [0, 0, 254];
const BLACK: [u8; 3] = [0, 0, 0];

/// Where a place of two columns is seen: the upper half of a picture, above the name.
fn place(number: u32) -> (u32, u32) {
    (960 + number % 2 * 160 + 80, number / 2 * 90 + 30)
}

#[tokio::test]
async fn six_people_on_stage_are_seen_in_two_columns_with_the_teacher_first() {
    for film in [&TEACHER, &PUPIL] {
        LazyLock::force(film);
    }
    let service = recording_service(&["--recording-least-free-bytes", "1000000"]);
    let (school, pupils) = book_with(&service, "composed", &["wang", "zhao", "sun", "qian"]).await;
    let class = json!({ "class_id": school.class_id });
    let mut robots = Vec::new();
    for component in pupils.iter().chain([&school.li]) {
        robots.push(enter(component, school.class_id, film(&PUPIL)).await);
    }
    robots.push(enter(&school.teacher, school.class_id, film(&TEACHER)).await);
    for robot in &robots {
        eventually("all are connected", async || robot.known().is_connected.then_some(())).await;
    }
    school.teacher.ok("class/start", class.clone()).await;
    for component in pupils.iter().chain([&school.li, &school.teacher]) {
        school.on_stage(component).await;
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    school.teacher.ok("class/stop", class).await;
    let stopped = school.told("online_record_stop").await;
    assert_eq!(stopped["error_code"], 0, "{stopped}");
    let video = Video::fetch(&service.http, stopped["video_info"][0]["video_url"].as_str().unwrap()).await;
    let length = stopped["video_info"][0]["video_duration"].as_f64().unwrap();
    // The teacher flashes: in one of these moments the picture is red.
    let picture = (0..5)
        .map(|step| video.picture(length - 1.5 + f64::from(step) * 0.15))
        .find(|picture| alike(picture, place(0), RED))
        .expect("the teacher is seen first");
    picture.save(Path::new(env!("CARGO_TARGET_TMPDIR")).join("recording-grid.png")).unwrap();
    for number in 1..6 {
        assert!(alike(&picture, place(number), BLUE), "place {number}");
    }
    for number in 6..16 {
        assert!(alike(&picture, place(number), BLACK), "place {number}");
    }
}
