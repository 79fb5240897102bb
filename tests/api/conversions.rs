//! Documents become pages: what is told of it and in which order, what is tried again, and whose turn it is.

use std::sync::Arc;

use lectern::domain;
use lectern::domain::content::conversion;
use lectern::domain::tenancy::enterprise::Draft;
use serde_json::{Value, json};

use crate::component::Component;
use crate::converter::{MISSING, Play, Scripted, broken, passing};
use crate::faults::process::eventually;
use crate::outbox;
use crate::receiver::{Receiver, Reply, Request};
use crate::service::{Enterprise, Service};

/// What the document that is fetched has in it.
const CONTENT: &str = "twenty slides";

/// Starts a service that converts with this, may send to receivers on this machine and fetch from there.
pub fn start(converter: Arc<Scripted>, flags: &[&str]) -> Service {
    let allowed = ["--callback-allow-private", "true", "--document-allow-private", "true"];
    Service::converting(converter, &[&allowed[..], flags].concat())
}

/// A host that gives a document to whoever asks.
pub fn host() -> Receiver {
    Receiver::answering(|_| Reply::Whole(200, "application/octet-stream", CONTENT.to_owned()))
}

/// What was told of conversions, in its order.
pub fn told(requests: &[Arc<Request>]) -> Vec<Value> {
    let events = requests.iter().filter(|request| request.body["event"] == "transport_progress");
    events.map(|request| request.body["data"].clone()).collect()
}

/// Waits until so many conversions are told to be finished, and returns all that was told.
pub async fn wait_for_finished(receiver: &Receiver, count: usize) -> Vec<Value> {
    let done =
        |requests: &[Arc<Request>]| told(requests).iter().filter(|data| data["status"] == "finished").count() >= count;
    told(&receiver.wait_until(&format!("{count} conversions"), done).await)
}

/// Status and progress.
pub fn steps(told: &[Value]) -> Vec<(String, i64)> {
    told.iter().map(|data| (data["status"].as_str().unwrap().to_owned(), data["progress"].as_i64().unwrap())).collect()
}

pub fn step(status: &str, progress: i64) -> (String, i64) {
    (status.to_owned(), progress)
}

/// Adds a document that is to be converted.
pub async fn convert(enterprise: &Enterprise<'_>, host: &Receiver, mut fields: Value) -> String {
    let name = fields["doc_name"].as_str().unwrap_or("lesson").to_owned();
    fields["doc_url"] = json!(format!("{}/{name}.pptx", host.url));
    fields["is_transcode"] = json!(true);
    enterprise.ok("document/add", fields).await["doc_id"].as_str().unwrap().to_owned()
}

pub async fn document(enterprise: &Enterprise<'_>, doc_id: &str) -> Value {
    enterprise.ok("document/info", json!({ "doc_id": doc_id })).await
}

/// The names of the documents that the converter got, in its order.
fn names(converter: &Scripted) -> Vec<String> {
    converter.seen().into_iter().map(|seen| seen.source.name).collect()
}

/// Lets go what workers hold, as if their leases had run out.
async fn let_leases_run_out(service: &Service) {
    let now = service.clock.now();
    service.app.db.write(move |conn| conversion::release_expired(conn, &[], now, true)).await.unwrap();
    let ring = |_: &mut _| {
        lectern::db::ring_converters_at_commit();
        Ok::<_, domain::Error>(())
    };
    service.app.db.write(ring).await.unwrap();
}

#[tokio::test]
async fn each_state_is_told_once_and_progress_in_tens() {
    let converter = Scripted::new(|_, _| Play::Pages(vec![0, 3, 12, 19, 25, 25, 99, 100]));
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({"doc_name": "语文课", "doc_ext": "PPTX"})).await;
    let told = wait_for_finished(&receiver, 1).await;
    let expected = [("queued", 0), ("processing", 0), ("processing", 10), ("processing", 20), ("processing", 90)];
    let expected: Vec<_> = expected.into_iter().chain([("finished", 100)]).map(|(s, p)| step(s, p)).collect();
    assert_eq!(steps(&told), expected);
    assert_eq!(
        told[0],
        json!({"error_code": 0, "error_msg": "", "timestamp": service.now(), "status": "queued", "progress": 0, "h5_url": "",
            "resolution": "", "pages": 0, "title": "语文课", "doc_id": doc_id})
    );
    let info = document(&enterprise, &doc_id).await;
    assert_eq!(
        (&info["transcode_status"], &info["transcode_code"], &info["transcode_msg"]),
        (&json!("finished"), &json!(0), &json!(""))
    );
    assert_eq!(
        told[5],
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
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    convert(&enterprise, &host, json!({})).await;
    wait_for_finished(&receiver, 1).await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let row = teacher.ok("document/list", json!({})).await["list"][0].clone();
    assert_eq!((&row["pages"], &row["doc_width"], &row["doc_height"]), (&json!(3), &json!(1280), &json!(720)));
}

#[tokio::test]
async fn slides_may_be_asked_for_without_their_animations() {
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
async fn a_document_at_fault_has_failed_after_one_try() {
    let converter = Scripted::new(|_, _| Play::Fail(vec![40], broken()));
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({})).await;
    let told = wait_for_finished(&receiver, 1).await;
    let expected = [step("queued", 0), step("processing", 0), step("processing", 40), step("finished", 40)];
    assert_eq!(steps(&told), expected);
    let failure = broken();
    let last = told.last().unwrap();
    assert_eq!((&last["error_code"], &last["error_msg"]), (&json!(10250), &json!(failure.to_string())));
    assert_eq!(last["h5_url"], "");
    let info = document(&enterprise, &doc_id).await;
    assert_eq!(
        (&info["transcode_status"], &info["transcode_code"], &info["transcode_msg"], &info["transcode_result"]),
        (&json!("finished"), &json!(10250), &json!(failure.to_string()), &json!(""))
    );
    assert_eq!(converter.seen().len(), 1);
}

#[tokio::test]
async fn what_may_pass_is_tried_three_times_and_told_once() {
    let converter = Scripted::new(|_, nth| Play::Fail(vec![if nth == 0 { 70 } else { 30 }], passing()));
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({})).await;
    for tries in 1..=3 {
        converter.wait_for(tries).await;
        if tries < 3 {
            // Not before its time, which only the clock brings.
            eventually("it waits", async || (converter.running() == 0).then_some(())).await;
            assert_eq!(document(&enterprise, &doc_id).await["transcode_status"], "processing");
        }
        // Given back at this time or a little later.
        eventually("the next try", async || {
            service.pass(20);
            (converter.seen().len() > tries || document(&enterprise, &doc_id).await["transcode_status"] == "finished")
                .then_some(())
        })
        .await;
    }
    let told = wait_for_finished(&receiver, 1).await;
    let expected = [step("queued", 0), step("processing", 0), step("processing", 70), step("finished", 70)];
    assert_eq!(steps(&told), expected, "progress does not go back");
    assert_eq!(told.last().unwrap()["error_msg"], passing().to_string());
    assert_eq!(converter.seen().len(), 3);
}

#[tokio::test]
async fn a_second_try_may_end_well() {
    let converter =
        Scripted::new(|_, nth| if nth == 0 { Play::Fail(vec![60], passing()) } else { Play::Pages(vec![20, 80]) });
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    convert(&enterprise, &host, json!({})).await;
    eventually("the second try", async || {
        service.pass(20);
        (converter.seen().len() == 2).then_some(())
    })
    .await;
    let told = wait_for_finished(&receiver, 1).await;
    let expected = [("queued", 0), ("processing", 0), ("processing", 60), ("processing", 80), ("finished", 100)]
        .map(|(s, p)| step(s, p));
    assert_eq!(steps(&told), expected);
}

#[tokio::test]
async fn a_converter_that_panics_harms_no_other() {
    let converter =
        Scripted::new(|seen, _| if seen.source.name == "bad" { Play::Panic } else { Play::Pages(Vec::new()) });
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    let bad = convert(&enterprise, &host, json!({"doc_name": "bad"})).await;
    let good = convert(&enterprise, &host, json!({"doc_name": "good"})).await;
    wait_for_finished(&receiver, 1).await;
    assert_eq!(document(&enterprise, &good).await["transcode_code"], 0);
    eventually("it is given up", async || {
        service.pass(20);
        let info = document(&enterprise, &bad).await;
        (info["transcode_status"] == "finished").then_some(info)
    })
    .await;
    let info = document(&enterprise, &bad).await;
    assert_eq!(info["transcode_code"], -9);
    assert!(info["transcode_msg"].as_str().unwrap().contains("3 times"), "{info}");
}

#[tokio::test]
async fn an_enterprise_with_many_documents_does_not_hold_up_another() {
    let converter = Scripted::new(|_, _| Play::Hold(Vec::new()));
    let (service, host) = (start(converter.clone(), &[]), host());
    let (many, few, late) = (service.enterprise().await, service.enterprise().await, service.enterprise().await);
    for name in ["many 1", "many 2", "many 3", "many 4"] {
        convert(&many, &host, json!({ "doc_name": name })).await;
    }
    converter.wait_for(1).await;
    for name in ["few 1", "few 2"] {
        convert(&few, &host, json!({ "doc_name": name })).await;
    }
    converter.release(1);
    converter.wait_for(2).await;
    convert(&late, &host, json!({"doc_name": "late 1"})).await;
    converter.release_all();
    converter.wait_for(7).await;
    assert_eq!(names(&converter), ["many 1", "few 1", "late 1", "many 2", "few 2", "many 3", "many 4"]);
}

#[tokio::test]
async fn no_more_are_converted_at_once_than_allowed() {
    for workers in [1, 3] {
        let converter = Scripted::new(|_, _| Play::Hold(Vec::new()));
        let (service, host) = (start(converter.clone(), &["--convert-workers", &workers.to_string()]), host());
        let receiver = Receiver::start();
        let enterprise = outbox::hearing(&service, &receiver.url).await;
        for _ in 0..5 {
            convert(&enterprise, &host, json!({})).await;
        }
        converter.wait_for(workers).await;
        for released in 1..=5 {
            assert!(converter.running() <= workers);
            converter.release(released);
            converter.wait_for((workers + released).min(5)).await;
        }
        wait_for_finished(&receiver, 5).await;
        assert_eq!(converter.running(), 0);
    }
}

#[tokio::test]
async fn without_a_converter_it_is_said_at_once_what_is_lacking() {
    let (service, receiver) = (outbox::start(&[]), Receiver::start());
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    let added = enterprise.ok("document/add", json!({"doc_url": "https://a.b/c.ppt", "is_transcode": true})).await;
    let info = document(&enterprise, added["doc_id"].as_str().unwrap()).await;
    assert_eq!(
        (&info["transcode_status"], &info["transcode_code"], &info["transcode_msg"]),
        (&json!("finished"), &json!(10250), &json!(MISSING))
    );
    let told = wait_for_finished(&receiver, 1).await;
    assert_eq!(steps(&told), [step("finished", 0)]);
    assert_eq!((&told[0]["error_code"], &told[0]["error_msg"]), (&json!(10250), &json!(MISSING)));
}

#[tokio::test]
async fn a_restart_begins_anew_what_it_broke_off_and_does_not_count_it() {
    let converter = Scripted::new(|_, _| Play::Hold(vec![30]));
    let (mut service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let (sdkappid, doc_id) = {
        let enterprise = outbox::hearing(&service, &receiver.url).await;
        (enterprise.sdkappid, convert(&enterprise, &host, json!({})).await)
    };
    for restarts in 1..=4 {
        converter.wait_for(restarts).await;
        service.restart();
    }
    converter.wait_for(5).await;
    converter.release_all();
    let told = wait_for_finished(&receiver, 1).await;
    let expected = [("queued", 0), ("processing", 0), ("processing", 30), ("finished", 100)].map(|(s, p)| step(s, p));
    assert_eq!(steps(&told), expected);
    let enterprise = service.known(sdkappid).await;
    assert_eq!(document(&enterprise, &doc_id).await["transcode_code"], 0);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_settles_nothing() {
    let converter = Scripted::new(|_, nth| Play::Hold(vec![if nth == 0 { 80 } else { 20 }]));
    let (service, host, receiver) = (start(converter.clone(), &["--convert-workers", "2"]), host(), Receiver::start());
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    convert(&enterprise, &host, json!({})).await;
    receiver.wait_until("80 percent", |requests| told(requests).iter().any(|data| data["progress"] == 80)).await;
    let_leases_run_out(&service).await;
    converter.wait_for(2).await;
    converter.release(1);
    eventually("the first one ends", async || (converter.running() == 1).then_some(())).await;
    eventually("what it stored is removed", async || (stored(&service).len() <= 1).then_some(())).await;
    assert!(told(&receiver.requests()).iter().all(|data| data["status"] != "finished"));
    converter.release_all();
    let told = wait_for_finished(&receiver, 1).await;
    let expected = [("queued", 0), ("processing", 0), ("processing", 80), ("finished", 100)].map(|(s, p)| step(s, p));
    assert_eq!(steps(&told), expected);
}

/// The folders in the storage.
fn stored(service: &Service) -> Vec<String> {
    let folder = service.app.config.storage_url.strip_prefix("file://").unwrap();
    let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    entries.into_iter().map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_conversion_that_breaks_off_three_times_is_given_up() {
    let converter = Scripted::new(|_, _| Play::Hold(Vec::new()));
    let (service, host, receiver) = (start(converter.clone(), &["--convert-workers", "4"]), host(), Receiver::start());
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({})).await;
    for tries in 1..=3 {
        converter.wait_for(tries).await;
        let_leases_run_out(&service).await;
    }
    let told = wait_for_finished(&receiver, 1).await;
    assert_eq!(steps(&told), [step("queued", 0), step("processing", 0), step("finished", 0)]);
    let info = document(&enterprise, &doc_id).await;
    assert_eq!(info["transcode_code"], -9);
    assert!(info["transcode_msg"].as_str().unwrap().contains("3 times"), "{info}");
    assert_eq!(converter.seen().len(), 3);
    eventually("all end", async || (converter.running() == 0).then_some(())).await;
}

#[tokio::test]
async fn a_document_that_is_deleted_is_converted_no_further() {
    let converter = Scripted::new(|_, _| Play::Hold(vec![10]));
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({"doc_name": "gone"})).await;
    let sessions = convert(&enterprise, &host, json!({"doc_name": "stays"})).await;
    converter.wait_for(1).await;
    enterprise.ok("document/delete", json!({ "doc_ids": [doc_id] })).await;
    converter.wait_for(2).await;
    assert_eq!((converter.running(), names(&converter).last().unwrap().as_str()), (1, "stays"));
    converter.release_all();
    let told = wait_for_finished(&receiver, 1).await;
    assert!(told.iter().filter(|data| data["doc_id"] == json!(doc_id)).all(|data| data["status"] != "finished"));
    assert_eq!(document(&enterprise, &sessions).await["transcode_code"], 0);
}

#[tokio::test]
async fn the_pages_of_a_private_document_have_a_link_that_ends() {
    let (service, host, receiver) = (start(Scripted::willing(), &[]), host(), Receiver::start());
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    let private = convert(&enterprise, &host, json!({"owner": "pupil"})).await;
    let public = convert(&enterprise, &host, json!({"owner": "pupil", "permission": "public"})).await;
    let told = wait_for_finished(&receiver, 2).await;
    let status = async |url: &Value| service.http.get(url.as_str().unwrap()).send().await.unwrap().status().as_u16();
    let of = |doc_id: &str| told.iter().rfind(|data| data["doc_id"] == doc_id).unwrap()["h5_url"].clone();
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
    let mut told = steps(&wait_for_finished(&receiver, 1).await);
    receiver.wait_for(4).await;
    told.extend(steps(&self::told(&receiver.requests())));
    told.sort();
    told.dedup();
    let all = [("finished", 100), ("processing", 0), ("processing", 50), ("queued", 0)].map(|(s, p)| step(s, p));
    assert_eq!(told, all);
}
