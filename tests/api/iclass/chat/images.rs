//! Images in the chat: uploaded first, checked by their content, sent once, and removed.

use std::time::{Duration, Instant};

use image::{ImageFormat, RgbImage};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::iclass::channel::class_of_two;
use crate::support::PATIENCE;
use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::database::storage_url;
use crate::support::service::Service;

fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::new(width, height).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PNG of this size.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Png)
}

/// Uploads an image for a class.
pub async fn upload(component: &Component<'_>, class_id: i64, image: Vec<u8>) -> Value {
    upload_signed(component, class_id, &format!("{:x}", md5::compute(&image)), image).await
}

async fn upload_signed(component: &Component<'_>, class_id: i64, sign: &str, image: Vec<u8>) -> Value {
    let Component { service, sdkappid, user_id, token } = component;
    let query = format!("sdkappid={sdkappid}&user_id={user_id}&token={token}&sign={sign}&class_id={class_id}");
    let url = format!("{}/saas/v1/imstorage/upload?{query}", service.url);
    let response = service.http.post(url).body(image).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

async fn uploaded(component: &Component<'_>, class_id: i64) -> String {
    let answer = upload(component, class_id, png(3, 2)).await;
    assert_eq!(answer["error_code"], 0, "{answer}");
    answer["url"].as_str().unwrap().to_owned()
}

fn of(class_id: i64, url: &str) -> Value {
    json!({"class_id": class_id, "type": "image", "content": url})
}

async fn status(service: &Service, url: &str) -> StatusCode {
    service.http.get(url).send().await.unwrap().status()
}

/// Waits until the storage has this many files.
async fn until_stored(service: &Service, wanted: usize) {
    let url = storage_url(service.database_url());
    let stored = || std::fs::read_dir(url.strip_prefix("file://").unwrap()).unwrap().count();
    let begun = Instant::now();
    while stored() != wanted {
        assert!(begun.elapsed() < PATIENCE, "{} files, not {wanted}", stored());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_image_is_uploaded_sent_and_seen() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut channel, _) = Channel::enter(&teacher, class_id).await;
    pupil.ok("member/join", json!({ "class_id": class_id })).await;
    for (format, extension) in
        [(ImageFormat::Png, "png"), (ImageFormat::Jpeg, "jpg"), (ImageFormat::Gif, "gif"), (ImageFormat::WebP, "webp")]
    {
        let image = encoded(30, 20, format);
        let url = upload(&pupil, class_id, image.clone()).await["url"].as_str().unwrap().to_owned();
        assert!(url.ends_with(&format!("/image.{extension}")), "{url}");
        pupil.ok("imstorage/send", of(class_id, &url)).await;
        let message = channel.event("message").await;
        assert_eq!(message["type"], "image");
        let shown = message["content"].as_str().unwrap();
        let served = service.http.get(shown).send().await.unwrap();
        assert_eq!(served.status(), 200, "{shown}");
        assert_eq!(served.headers()["x-content-type-options"], "nosniff");
        assert!(served.headers()["content-type"].to_str().unwrap().starts_with("image/"));
        assert_eq!(served.bytes().await.unwrap(), image);
    }
    let rows = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await;
    assert_eq!(rows["list"][0]["type"], "image");
    assert_eq!(status(&service, rows["list"][0]["content"].as_str().unwrap()).await, 200);
    let history = pupil.ok("imstorage/history", json!({ "class_id": class_id })).await;
    let shown = history["messages"][3]["content"].as_str().unwrap();
    assert_eq!(status(&service, shown).await, 200);
    // A class that is not public has private images: without the ticket in the link nobody sees them.
    let (key, name) = (shown.split('/').nth(4).unwrap(), shown.rsplit('/').next().unwrap());
    assert_ne!(status(&service, &format!("{}/files/{key}/{name}", service.url)).await, 200);
    let public = enterprise.class(json!({"class_type": "public", "teacher_id": "li"})).await;
    teacher.ok("member/join", json!({ "class_id": public })).await;
    let url = uploaded(&teacher, public).await;
    service.pass(10 * 86_400);
    assert_eq!(status(&service, &url).await, 200);
    assert_eq!(status(&service, shown).await, 403);
}

#[tokio::test]
async fn what_is_no_image_is_refused_and_not_kept() {
    let service = Service::start_with(&["--chat-image-limit-bytes", "100000"]);
    let enterprise = service.enterprise().await;
    let (class_id, _, pupil) = class_of_two(&enterprise).await;
    pupil.ok("member/join", json!({ "class_id": class_id })).await;
    let mut bomb = png(1, 1);
    // The width and the height of the first chunk.
    bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    for (image, code) in [
        (Vec::new(), 10003),
        (b"hello".to_vec(), 10003),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(), 10003),
        (b"<html><script>alert(1)</script></html>".to_vec(), 10003),
        (b"%PDF-1.4".to_vec(), 10003),
        (encoded(3, 2, ImageFormat::Bmp), 10003),
        (png(3, 2)[..12].to_vec(), 10003),
        (bomb, 10003),
        ([png(3, 2), vec![0; 100_000]].concat(), 10005),
    ] {
        let begins = String::from_utf8_lossy(&image[..image.len().min(20)]).into_owned();
        let answer = upload(&pupil, class_id, image).await;
        assert_eq!(answer["error_code"], code, "{begins}: {answer}");
    }
    let answer = upload_signed(&pupil, class_id, "wrong", png(3, 2)).await;
    assert_eq!(answer["error_code"], 10217, "{answer}");
    until_stored(&service, 0).await;
    let url = pupil.url("imstorage/upload", "").split("&sign=").next().unwrap().to_owned();
    for (query, code) in [("", 10003), ("&class_id=x", 10003), ("&class_id=1", 10230), ("&class_id=-1", 10003)] {
        let sent = service.http.post(format!("{url}{query}")).body(png(3, 2)).send().await.unwrap();
        assert_eq!(sent.json::<Value>().await.unwrap()["error_code"], code, "{query}");
    }
}

#[tokio::test]
async fn an_image_is_uploaded_by_those_inside() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let outsider = Component::register(&enterprise, "zhao", "student").await;
    let other = service.enterprise().await;
    let stranger = Component::register(&other, "wang", "student").await;
    let nobody = Component::of(&enterprise, "wang", "wrong");
    for (who, code) in [(&pupil, 10203), (&outsider, 10203), (&stranger, 10230), (&nobody, 10216)] {
        assert_eq!(upload(who, class_id, png(3, 2)).await["error_code"], code, "{}", who.user_id);
    }
    teacher.ok("member/join", json!({ "class_id": class_id })).await;
    uploaded(&teacher, class_id).await;
    until_stored(&service, 1).await;
    // A link to one class is for that class.
    let other = enterprise.class(json!({"teacher_id": "li"})).await;
    let link = enterprise.ok("class/link", json!({"class_id": other, "user_id": "li"})).await["url"].clone();
    let token = link.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let linked = Component::of(&enterprise, "li", &token);
    assert_eq!(upload(&linked, class_id, png(3, 2)).await["error_code"], 10203);
    linked.ok("member/join", json!({ "class_id": other })).await;
    uploaded(&linked, other).await;
    let got = service.http.get(pupil.url("imstorage/upload", "")).send().await.unwrap();
    assert_ne!(got.json::<Value>().await.unwrap()["error_code"], 0);
}

#[tokio::test]
async fn an_image_is_sent_once_by_its_owner_in_its_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let members = json!([{"user_id": "wang", "role": "student"}]);
    let other = enterprise.class(json!({"teacher_id": "li", "class_type": "1vN", "members": members})).await;
    for who in [&teacher, &pupil] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    let url = uploaded(&pupil, class_id).await;
    let send = "imstorage/send";
    let document = enterprise.ok("imstorage/list", json!({ "class_id": class_id })).await.to_string();
    for content in ["http://evil.example/a.png", "javascript:alert(1)", "/files/x/image.png", "hello", &document[..20]]
    {
        let problem = pupil.refused(send, of(class_id, content), 10003).await;
        assert!(problem.starts_with("content: is not the address of an image"), "{problem}");
    }
    teacher.refused(send, of(class_id, &url), 10003).await;
    let mut signed = of(class_id, &url);
    signed["user_id"] = json!("li");
    enterprise.refused(send, signed, 10003).await;
    let mut message = of(class_id, &url.replace("/image.png", "/evil.html"));
    message["random"] = json!(7);
    pupil.ok(send, message.clone()).await;
    // The address is the one that was stored, and a repeated call gets the same answer.
    assert_eq!(pupil.ok(send, message).await["message_id"], "c1");
    let history = pupil.ok("imstorage/history", json!({ "class_id": class_id })).await;
    assert!(history["messages"][0]["content"].as_str().unwrap().ends_with("/image.png"), "{history}");
    pupil.refused(send, of(class_id, &url), 10003).await;
    let another = uploaded(&pupil, class_id).await;
    pupil.ok("member/join", json!({ "class_id": other })).await;
    pupil.refused(send, of(other, &another), 10003).await;
}

#[tokio::test]
async fn an_image_goes_with_its_message_and_with_its_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, _, pupil) = class_of_two(&enterprise).await;
    pupil.ok("member/join", json!({ "class_id": class_id })).await;
    let mut urls = Vec::new();
    for to in ["", "li", ""] {
        let url = uploaded(&pupil, class_id).await;
        let mut message = of(class_id, &url);
        message["to"] = json!(to);
        pupil.ok("imstorage/send", message).await;
        urls.push(url);
    }
    // One that was never sent.
    urls.push(uploaded(&pupil, class_id).await);
    until_stored(&service, 4).await;
    for (message_id, url, left) in [("c1", &urls[0], 3), ("p1", &urls[1], 2)] {
        pupil.ok("imstorage/recall", json!({"class_id": class_id, "message_id": message_id})).await;
        assert_eq!(status(&service, url).await, 404);
        until_stored(&service, left).await;
    }
    enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    for url in &urls {
        assert_eq!(status(&service, url).await, 404);
    }
    until_stored(&service, 0).await;
}

#[tokio::test]
async fn images_have_a_rate_and_a_quota() {
    let service = Service::start_with(&["--limit-images-per-account", "2/h", "--quota-chat-images", "3"]);
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    for who in [&teacher, &pupil] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    uploaded(&pupil, class_id).await;
    let first = uploaded(&pupil, class_id).await;
    let answer = upload(&pupil, class_id, png(3, 2)).await;
    assert_eq!(answer["error_code"], 10290, "{answer}");
    uploaded(&teacher, class_id).await;
    service.pass(3_600);
    for who in [&teacher, &pupil] {
        who.ok("member/join", json!({ "class_id": class_id })).await;
    }
    let answer = upload(&teacher, class_id, png(3, 2)).await;
    assert_eq!(answer["error_code"], 10290, "{answer}");
    assert!(answer["error_msg"].as_str().unwrap().contains("as many images"), "{answer}");
    // A recalled image makes room.
    pupil.ok("imstorage/send", of(class_id, &first)).await;
    pupil.ok("imstorage/recall", json!({"class_id": class_id, "message_id": "c1"})).await;
    service.pass(20);
    uploaded(&teacher, class_id).await;
}
