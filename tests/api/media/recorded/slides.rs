//! The pages of documents in a video: each is the image that the class saw, at the time when it was shown.
#![allow(clippy::cast_precision_loss, reason = "pictures have few pixels")]

use std::io::Cursor;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use image::imageops::FilterType;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

use super::TEACHER;
use super::faults::{call, enter_process};
use super::video::Video;
use crate::support::database::Database;
use crate::support::http;
use crate::support::process::{Process, eventually};
use crate::support::receiver::Receiver;
use crate::support::school::School;

/// The place of the board in a video, beside those who are on stage.
const BOARD: (u32, u32) = (960, 720);

/// Pictures that nobody takes for each other: halves side by side, halves one above the other, and a frame.
fn pictures() -> [RgbImage; 3] {
    let of = |is_dark: fn(u32, u32) -> bool, dark: [u8; 3]| {
        RgbImage::from_fn(800, 600, |x, y| Rgb(if is_dark(x, y) { dark } else { [240, 240, 240] }))
    };
    [
        of(|x, _| x < 400, [180, 20, 20]),
        of(|_, y| y < 300, [20, 120, 20]),
        of(|x, y| !(150..650).contains(&x) || !(150..450).contains(&y), [20, 20, 180]),
    ]
}

/// How far the board in a picture of a video is from a page: the mean of the differences of all colours.
fn distance(picture: &RgbImage, page: &RgbImage) -> f64 {
    let page = image::imageops::resize(page, BOARD.0, BOARD.1, FilterType::Triangle);
    let differences = page.enumerate_pixels().step_by(7).flat_map(|(x, y, wanted)| {
        let found = picture.get_pixel(x, y);
        (0..3).map(move |part| f64::from(found.0[part].abs_diff(wanted.0[part])))
    });
    let (count, sum) = differences.fold((0_u32, 0.0), |(count, sum), difference| (count + 1, sum + difference));
    sum / f64::from(count)
}

/// Uploads a picture to a class as its teacher, and returns the id of the document.
async fn upload(
    school: &School,
    server: &Process,
    (user_id, token): &(String, String),
    query: &str,
    picture: &RgbImage,
) -> String {
    let mut content = Cursor::new(Vec::new());
    picture.write_to(&mut content, ImageFormat::Png).unwrap();
    let sdkappid = school.enterprise.sdkappid;
    let signed_in = format!("sdkappid={sdkappid}&user_id={user_id}&token={token}");
    let url = format!("{}/saas/v1/document/upload?{signed_in}&{query}", server.url);
    let http = http::client();
    let answer: Value = http.post(url).body(content.into_inner()).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["error_code"], 0, "{answer}");
    answer["doc_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_pages_of_documents_are_in_the_video_at_the_times_when_they_were_shown() {
    LazyLock::force(&TEACHER);
    let (database, receiver) = (Database::create(), Receiver::start());
    let school = School::found(&database.url, &receiver.url).await;
    let (server, client) = school.open(&["--recording-least-free-bytes", "1000000"]);
    let users = json!({"list": [{"user_id": "li", "role": "teacher", "nickname": "li"}]});
    let users = client.call("user/register", users).await.unwrap();
    let li = ("li".to_owned(), users["user_list"][0]["user_token"].as_str().unwrap().to_owned());
    let fields = json!({"teacher_id": "li", "class_topic": "Sums", "class_type": "1vN", "record_types": ["remote"]});
    let class_id = client.call("class/create", fields).await.unwrap()["class_id"].as_i64().unwrap();
    let class = json!({ "class_id": class_id });
    call(&school, &server, &li, "member/join", class.clone()).await;
    let mut documents = Vec::new();
    for (number, picture) in pictures().iter().enumerate() {
        let query = format!("class_id={class_id}&name={number}.png");
        documents.push(upload(&school, &server, &li, &query, picture).await);
    }
    let pages = eventually("all are converted", async || {
        let list = call(&school, &server, &li, "class/document/list", class.clone()).await;
        let image = |doc_id: &String| {
            let row = list["list"].as_array()?.iter().find(|row| row["doc_id"] == **doc_id)?;
            Some(row["images"].get(0)?.as_str()?.to_owned())
        };
        documents.iter().map(image).collect::<Option<Vec<String>>>()
    })
    .await;
    let robot = enter_process(&school, &server, &li, class_id).await;
    eventually("it is connected", async || robot.known().is_connected.then_some(())).await;
    call(&school, &server, &li, "class/start", class.clone()).await;
    let begun = Instant::now();
    for event in ["mic_open", "camera_open"] {
        call(&school, &server, &li, "report/event", json!({"class_id": class_id, "event": event})).await;
    }
    let mut shown = Vec::new();
    for doc_id in &documents {
        let page = json!({"class_id": class_id, "page": format!("{doc_id}/1")});
        call(&school, &server, &li, "board/show", page).await;
        shown.push(begun.elapsed().as_secs_f64());
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    call(&school, &server, &li, "class/stop", class).await;

    let stopped = eventually("the video", async || {
        let requests = receiver.requests();
        requests.iter().find(|request| request.event() == "online_record_stop").map(|r| r.body["data"].clone())
    })
    .await;
    assert_eq!(stopped["error_code"], 0, "{stopped}");
    let http = http::client();
    let video = Video::fetch(&http, stopped["video_info"][0]["video_url"].as_str().unwrap()).await;
    let mut images = Vec::new();
    for address in &pages {
        let content = http.get(address).send().await.unwrap().bytes().await.unwrap();
        images.push(image::load_from_memory(&content).unwrap().into_rgb8());
    }
    for (number, at) in shown.iter().enumerate() {
        // Within half a second of the turn, and shortly before the next one.
        for picture in [video.picture(at + 0.5), video.picture(at + 2.5)] {
            let distances: Vec<f64> = images.iter().map(|page| distance(&picture, page)).collect();
            let nearest = distances.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).unwrap();
            assert!(nearest.0 == number && *nearest.1 < 10.0, "page {number} at {at}: {distances:?}");
        }
    }
}
