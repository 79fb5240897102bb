//! Documents that moderators upload to a class.

use lectern::domain::classroom::log::LogEvent;
use serde_json::{Value, json};

use crate::iclass::board::Lesson;
use crate::iclass::conversions::start;
use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::converter::Scripted;
use crate::support::raw::Raw;
use crate::support::service::Service;

/// The address of an upload, with more of the query.
fn address(component: &Component<'_>, query: &str) -> String {
    let Component { service, sdkappid, user_id, token } = component;
    format!("{}/saas/v1/document/upload?sdkappid={sdkappid}&user_id={user_id}&token={token}&{query}", service.url)
}

async fn upload(component: &Component<'_>, query: &str, content: &str) -> Value {
    component.post(address(component, query), content.to_owned()).await
}

/// How many documents, and uploads that are kept.
async fn kept(service: &Service) -> (i64, i64) {
    let documents = crate::iclass::board::count(service, "documents").await;
    (documents, crate::iclass::board::count(service, "files WHERE state = 'kept'").await)
}

#[tokio::test]
async fn an_upload_becomes_a_document_of_the_class_that_all_inside_can_see() {
    let (converter, content) = (Scripted::willing(), "twenty slides");
    let service = start(converter.clone(), &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let (mut pupil, _) = Channel::enter(&lesson.li, lesson.class_id).await;
    let query = format!("class_id={}&name=%E8%AF%BE.PPTX", lesson.class_id);
    let answer = upload(&lesson.teacher, &query, content).await;
    assert_eq!(answer["error_code"], 0, "{answer}");
    let doc_id = answer["doc_id"].as_str().unwrap().to_owned();
    let first = pupil.event("document").await;
    assert_eq!(
        (&first["doc_id"], &first["doc_name"], &first["doc_ext"]),
        (&json!(doc_id), &json!("课"), &json!("pptx"))
    );
    assert_eq!((&first["doc_size"], &first["pages"], &first["images"]), (&json!(content.len()), &json!(0), &json!([])));
    let ready =
        pupil.message_where(|message| message["event"] == "document" && message["data"]["state"] == "ready").await;
    let ready = ready["data"].clone();
    assert_eq!((&ready["progress"], &ready["pages"], &ready["failure"]), (&json!(100), &json!(3), &json!("")));
    assert_eq!((&ready["width"], &ready["height"]), (&json!(1280), &json!(720)));
    let media = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    assert_eq!(ready["media"], media);
    let addresses = |field: &str| -> Vec<String> {
        ready[field].as_array().unwrap().iter().map(|address| address.as_str().unwrap().to_owned()).collect()
    };
    let (images, thumbnails) = (addresses("images"), addresses("thumbnails"));
    assert!(images.len() == 3 && thumbnails.len() == 3, "{ready}");
    assert!(thumbnails[2].ends_with("/thumbnails/3.png"), "{thumbnails:?}");
    // Private by default: the address has a ticket that ends.
    let image = service.http.get(&images[0]).send().await.unwrap();
    assert_eq!((image.status().as_u16(), image.text().await.unwrap().as_str()), (200, "picture"));
    let page = service.http.get(ready["html"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let (_, welcome) = Channel::enter(&lesson.wang, lesson.class_id).await;
    let shown = &welcome["snapshot"]["documents"][0];
    assert_eq!((&shown["doc_id"], &shown["state"], &shown["pages"]), (&json!(doc_id), &json!("ready"), &json!(3)));
    assert_eq!(shown["images"].as_array().unwrap().len(), 3);
    service.pass(48 * 3600);
    assert_ne!(service.http.get(&images[0]).send().await.unwrap().status(), 200);
    let boss = Component::register(&enterprise, "boss", "admin").await;
    let row = boss.ok("class/document/list", json!({"class_id": lesson.class_id})).await["list"][0].clone();
    let fresh = service.http.get(row["images"][0].as_str().unwrap()).send().await.unwrap();
    assert_eq!(fresh.status(), 200);
    for (field, value) in [("permission", json!("private")), ("owner", json!("teacher_1")), ("doc_id", json!(doc_id))] {
        assert_eq!(row[field], value, "{field}");
    }
    assert_eq!(row["doc_md5"], format!("{:x}", md5::compute(content)));
    let seen = converter.wait_for(1).await;
    assert_eq!((seen[0].source.extension.as_str(), seen[0].content.as_slice()), ("pptx", content.as_bytes()));
}

#[tokio::test]
async fn sound_and_video_are_kept_as_they_are() {
    let service = start(Scripted::willing(), &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.follow(lesson.class_id).await;
    let query = format!("class_id={}&name=film.mp4&permission=public", lesson.class_id);
    assert_eq!(upload(&lesson.teacher, &query, "film").await["error_code"], 0);
    let row = lesson.li.ok("class/document/list", json!({"class_id": lesson.class_id})).await["list"][0].clone();
    assert_eq!((&row["state"], &row["media"], &row["html"]), (&json!("none"), &json!("video/mp4"), &json!("")));
    assert_eq!(row["permission"], "public");
    let events = enterprise.log_events(lesson.class_id).await;
    assert!(matches!(&events[..], [LogEvent::Document { .. }]), "{events:?}");
}

#[tokio::test]
async fn an_upload_that_is_refused_leaves_nothing() {
    let flags = ["--document-limit-bytes", "1000", "--quota-documents", "2"];
    let service = start(Scripted::willing(), &flags);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let other = enterprise.class(json!({"teacher_id": "somebody"})).await;
    let class_id = lesson.class_id;
    let good = format!("class_id={class_id}&name=a.pdf");
    let nobody = Component::of(&enterprise, "teacher_1", "wrong");
    let mut raw = Raw::connect(&service.url);
    let content = "x".repeat(900);
    let sign = format!("{good}&sign={:x}", md5::compute("another body"));
    // All on one connection: what is refused is read.
    for (component, query, code) in [
        (&lesson.li, good.as_str(), 10203),
        (&nobody, &good, 10216),
        (&lesson.teacher, &format!("class_id={other}&name=a.pdf"), 10203),
        (&lesson.teacher, "class_id=999999999&name=a.pdf", 10230),
        (&lesson.teacher, "name=a.pdf", 10003),
        (&lesson.teacher, &format!("class_id={class_id}"), 10003),
        (&lesson.teacher, &format!("class_id={class_id}&name="), 10003),
        (&lesson.teacher, &format!("class_id={class_id}&name=a%00b.pdf"), 10003),
        (&lesson.teacher, &format!("{good}&permission=some"), 10003),
        (&lesson.teacher, &sign, 10217),
    ] {
        let answer = raw.post(&address(component, query), "", &content);
        assert_eq!(answer.code(), code, "{query}: {}", answer.body);
    }
    assert_eq!(raw.post(&address(&lesson.teacher, &good), "", "x".repeat(1001)).code(), 10005);
    assert_eq!(kept(&service).await, (0, 0));
    let right = format!("{good}&sign={:x}", md5::compute(&content));
    assert_eq!(raw.post(&address(&lesson.teacher, &right), "", &content).code(), 0);
    assert_eq!(raw.post(&address(&lesson.teacher, &good), "", &content).code(), 0);
    assert_eq!(raw.post(&address(&lesson.teacher, &good), "", &content).code(), 10290);
    raw.request("GET", &address(&lesson.teacher, &good), "", "");
    assert_eq!(raw.read("GET").status, 405);
    enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    enterprise.ok("class/stop", json!({ "class_id": class_id })).await;
    assert_eq!(raw.post(&address(&lesson.teacher, &good), "", &content).code(), 10224);
    let (documents, _) = kept(&service).await;
    assert_eq!(documents, 2);
}
