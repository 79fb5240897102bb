//! What an enterprise may have made of its recordings instead of a video of the class: the tracks, or only the sound.
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times and sounds are small numbers")]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::video::{Video, alike, strength};
use super::{PUPIL, School, TEACHER, book_as, enter, film, recording_service};
use crate::support::process::eventually;
use crate::support::service::Service;

/// A lesson of a few seconds, in which the pupil comes on stage after the teacher: what the enterprise gets, how long it was, and
/// when the pupil came, in seconds.
async fn lesson<'a>(service: &'a Service, product: &str) -> (School<'a>, Value, f64, f64) {
    for film in [&TEACHER, &PUPIL] {
        LazyLock::force(film);
    }
    let school = book_as(service, product).await;
    let class = json!({ "class_id": school.class_id });
    let teacher = enter(&school.teacher, school.class_id, film(&TEACHER)).await;
    let li = enter(&school.li, school.class_id, film(&PUPIL)).await;
    eventually("both are connected", async || (teacher.known().is_connected && li.known().is_connected).then_some(()))
        .await;
    school.teacher.ok("class/start", class.clone()).await;
    let begun = Instant::now();
    school.on_stage(&school.teacher).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    school.on_stage(&school.li).await;
    let came = begun.elapsed().as_secs_f64();
    tokio::time::sleep(Duration::from_secs(4)).await;
    school.teacher.ok("class/stop", class).await;
    let length = begun.elapsed().as_secs_f64();
    let stopped = school.told("online_record_stop").await;
    assert_eq!((&stopped["error_code"], &stopped["error_msg"]), (&json!(0), &json!("")), "{stopped}");
    (school, stopped, length, came)
}

/// The rows of `record/query` for the pupil, which say the same as the callback, and when each begins and ends.
async fn queried(school: &School<'_>, stopped: &Value) -> Vec<Value> {
    let found = school.li.ok("record/query", json!({ "class_id": school.class_id })).await;
    let (rows, videos) = (found["list"].as_array().unwrap().clone(), stopped["video_info"].as_array().unwrap());
    assert_eq!((found["total"].as_u64().unwrap() as usize, rows.len()), (videos.len(), videos.len()));
    for (row, video) in rows.iter().zip(videos) {
        for field in
            ["video_id", "video_size", "video_format", "video_duration", "video_type", "user_id", "video_play_time"]
        {
            assert_eq!(row[field], video[field], "{field}");
        }
        assert_eq!(row["record_type"], "online_record");
        let (begin, end) = (row["start_time"].as_i64().unwrap(), row["stop_time"].as_i64().unwrap());
        assert!((end - begin - row["video_duration"].as_i64().unwrap()).abs() <= 1, "{row}");
        let within = stopped["start_time"].as_i64().unwrap() - 1..=stopped["stop_time"].as_i64().unwrap() + 1;
        assert!(within.contains(&begin) && within.contains(&end), "{row}");
    }
    rows
}

fn length_of(video: &Video) -> f64 {
    video.probe()["format"]["duration"].as_str().unwrap().parse().unwrap()
}

fn codecs_of(video: &Video) -> Vec<String> {
    let probe = video.probe();
    let streams = probe["streams"].as_array().unwrap();
    streams.iter().map(|stream| stream["codec_name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_enterprise_that_wants_tracks_gets_the_camera_and_the_voice_of_each() {
    let service = recording_service(&["--recording-least-free-bytes", "1000000"]);
    let (school, stopped, length, came) = lesson(&service, "tracks").await;
    let rows = queried(&school, &stopped).await;
    assert_eq!(rows.len(), 4, "{stopped}");
    for (user_id, begin, color, tone) in [("teacher_1", 0.0, [254, 0, 0], 440.0), ("li", came, [0, 0, 254], 1_000.0)] {
        let own: Vec<&Value> = rows.iter().filter(|row| row["user_id"] == user_id).collect();
        assert_eq!(own.len(), 2, "{stopped}");
        let mut found = Vec::new();
        for row in own {
            assert_eq!((&row["video_type"], &row["video_format"]), (&json!(0), &json!("webm")));
            let position = row["video_play_time"].as_f64().unwrap() / 1_000.0;
            assert!((position - begin).abs() < 2.0, "{row}");
            let video = Video::fetch(&service.http, row["video_url"].as_str().unwrap()).await;
            assert_eq!(row["video_size"], std::fs::metadata(&video.path).unwrap().len());
            let seconds = length_of(&video);
            assert!((seconds - (length - position)).abs() < 1.0, "{seconds} of {length} from {position}");
            assert!((seconds - row["video_duration"].as_f64().unwrap()).abs() <= 1.0, "{seconds}: {row}");
            let codecs = codecs_of(&video);
            match codecs.as_slice() {
                [codec] if codec == "opus" => {
                    let sound = video.sound();
                    assert!(strength(&sound[48_000..96_000], tone) > 0.01, "the voice of {user_id}");
                }
                [codec] if codec == "vp8" => {
                    let is_seen = |at: &i32| alike(&video.picture(f64::from(*at) * 0.3), (160, 90), color);
                    assert!((2..8).any(|at| is_seen(&at)), "the picture of {user_id}");
                }
                _ => panic!("{codecs:?}"),
            }
            found.extend(codecs);
        }
        found.sort_unstable();
        assert_eq!(found, ["opus", "vp8"]);
    }
}

#[tokio::test]
async fn an_enterprise_that_wants_the_sound_gets_all_voices_in_one_file() {
    let service = recording_service(&["--recording-least-free-bytes", "1000000"]);
    let (school, stopped, length, came) = lesson(&service, "audio").await;
    let rows = queried(&school, &stopped).await;
    let [row] = rows.as_slice() else { panic!("{stopped}") };
    assert_eq!(
        (&row["video_type"], &row["video_format"], &row["user_id"], &row["video_play_time"]),
        (&json!(2), &json!("m4a"), &json!(""), &json!(0))
    );
    let url = row["video_url"].as_str().unwrap();
    let answer = service.http.get(url).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "audio/mp4");
    let sound_file = Video::fetch(&service.http, url).await;
    assert_eq!(row["video_size"], std::fs::metadata(&sound_file.path).unwrap().len());
    assert_eq!(codecs_of(&sound_file), ["aac"]);
    let found = length_of(&sound_file);
    assert!((found - length).abs() < 0.5, "{found} and not {length}");
    let sound = sound_file.sound();
    let heard = |from: f64, tone: f32| {
        strength(&sound[(from * 48_000.0) as usize..((from + 1.0) * 48_000.0) as usize], tone) > 0.01
    };
    assert!(heard(came - 1.5, 440.0) && !heard(came - 1.5, 1_000.0), "the teacher alone");
    assert!(heard(came + 2.0, 440.0) && heard(came + 2.0, 1_000.0), "both");
}
