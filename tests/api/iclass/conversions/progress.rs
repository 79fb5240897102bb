//! The events of a conversion, their order, and who can see the pages.

use lectern::domain;
use lectern::domain::tenancy::enterprise::Draft;
use serde_json::{Value, json};

use super::{CONTENT, convert, document, host, published, start, step, steps, wait_for_finished};
use crate::support::component::Component;
use crate::support::converter::{MISSING, Play, Scripted};
use crate::support::receiver::Receiver;
use crate::support::webhooks;

#[tokio::test]
async fn each_state_is_published_once_and_progress_in_tens() {
    let converter = Scripted::new(|_, _| Play::Pages(vec![0, 3, 12, 19, 25, 25, 99, 100]));
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({"doc_name": "语文课", "doc_ext": "PPTX"})).await;
    let published = wait_for_finished(&receiver, 1).await;
    let expected = [("queued", 0), ("processing", 0), ("processing", 10), ("processing", 20), ("processing", 90)];
    let expected: Vec<_> = expected.into_iter().chain([("finished", 100)]).map(|(s, p)| step(s, p)).collect();
    assert_eq!(steps(&published), expected);
    assert_eq!(
        published[0],
        json!({"error_code": 0, "error_msg": "", "timestamp": service.now(), "status": "queued", "progress": 0, "h5_url": "",
            "resolution": "", "pages": 0, "title": "语文课", "doc_id": doc_id})
    );
    let info = document(&enterprise, &doc_id).await;
    assert_eq!(
        (&info["transcode_status"], &info["transcode_code"], &info["transcode_msg"]),
        (&json!("finished"), &json!(0), &json!(""))
    );
    assert_eq!(
        published[5],
        json!({"error_code": 0, "error_msg": "", "timestamp": service.now(), "status": "finished", "progress": 100,
            "h5_url": info["transcode_result"], "resolution": "1280x720", "pages": 3, "title": "语文课's title",
            "doc_id": doc_id})
    );
    let page = service.http.get(info["transcode_result"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(page.text().await.unwrap(), "<!doctype html><title>pages</title>");
    let seen = converter.wait_for(1).await;
    assert_eq!((seen[0].source.extension.as_str(), seen[0].content.as_slice()), ("pptx", CONTENT.as_bytes()));
    assert!(!seen[0].source.path.exists(), "what was fetched is removed");
    let feed = enterprise.ok("event/list", json!({})).await;
    let feed: Vec<Value> = feed["list"].as_array().unwrap().iter().map(|row| row["data"].clone()).collect();
    assert_eq!(steps(&feed), expected, "the feed says the same");
}

#[tokio::test]
async fn what_a_document_became_is_shown_to_components() {
    let (service, host, receiver) = (start(Scripted::willing(), &[]), host(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    convert(&enterprise, &host, json!({})).await;
    wait_for_finished(&receiver, 1).await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let row = teacher.ok("document/list", json!({})).await["list"][0].clone();
    assert_eq!((&row["pages"], &row["doc_width"], &row["doc_height"]), (&json!(3), &json!(1280), &json!(720)));
}

#[tokio::test]
async fn slides_can_be_converted_without_their_animations() {
    let converter = Scripted::willing();
    let (service, host) = (start(converter.clone(), &[]), host());
    let enterprise = service.enterprise().await;
    convert(&enterprise, &host, json!({"doc_name": "still", "is_static_ppt": true})).await;
    convert(&enterprise, &host, json!({"doc_name": "moving"})).await;
    let seen = converter.wait_for(2).await;
    let kinds: Vec<_> = seen.iter().map(|seen| (seen.source.name.as_str(), seen.source.is_static)).collect();
    assert_eq!(kinds, [("still", true), ("moving", false)]);
}

#[tokio::test]
async fn without_a_converter_the_missing_program_is_reported_at_once() {
    let (service, receiver) = (webhooks::start(&[]), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let added = enterprise.ok("document/add", json!({"doc_url": "https://a.b/c.ppt", "is_transcode": true})).await;
    let info = document(&enterprise, added["doc_id"].as_str().unwrap()).await;
    assert_eq!(
        (&info["transcode_status"], &info["transcode_code"], &info["transcode_msg"]),
        (&json!("finished"), &json!(10250), &json!(MISSING))
    );
    let published = wait_for_finished(&receiver, 1).await;
    assert_eq!(steps(&published), [step("finished", 0)]);
    assert_eq!((&published[0]["error_code"], &published[0]["error_msg"]), (&json!(10250), &json!(MISSING)));
}

#[tokio::test]
async fn the_pages_of_a_private_document_have_a_link_that_ends() {
    let (service, host, receiver) = (start(Scripted::willing(), &[]), host(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let private = convert(&enterprise, &host, json!({"owner": "pupil"})).await;
    let public = convert(&enterprise, &host, json!({"owner": "pupil", "permission": "public"})).await;
    let published = wait_for_finished(&receiver, 2).await;
    let status = async |url: &Value| service.http.get(url.as_str().unwrap()).send().await.unwrap().status().as_u16();
    let of = |doc_id: &str| published.iter().rfind(|data| data["doc_id"] == doc_id).unwrap()["h5_url"].clone();
    let (private, public) = (of(&private), of(&public));
    assert_eq!((status(&private).await, status(&public).await), (200, 200));
    service.pass(400 * 86_400);
    assert_eq!((status(&private).await, status(&public).await), (403, 200));
}

#[tokio::test]
async fn the_order_of_events_may_be_given_up() {
    let (service, host, receiver) = (start(Scripted::willing(), &[]), host(), Receiver::start());
    let draft = Draft { name: "Test".into(), call_back_url: Some(receiver.url.clone()), ..Draft::default() };
    let enterprise = service.enterprise_of(draft).await;
    let unordered = domain::tenancy::enterprise::Patch { callback_ordered: Some(false), ..Default::default() };
    enterprise.set(unordered).await;
    convert(&enterprise, &host, json!({})).await;
    let mut published = steps(&wait_for_finished(&receiver, 1).await);
    receiver.wait_for(4).await;
    published.extend(steps(&self::published(&receiver.requests())));
    published.sort();
    published.dedup();
    let all = [("finished", 100), ("processing", 0), ("processing", 50), ("queued", 0)].map(|(s, p)| step(s, p));
    assert_eq!(published, all);
}
