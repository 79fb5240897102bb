//! Conversions that fail or are aborted: what is retried, how often, and when it is given up.

use lectern::domain;
use lectern::domain::content::conversion;
use lectern::domain::content::conversion::Queue;
use serde_json::json;

use super::queue::names;
use super::{convert, document, host, published, start, step, steps, wait_for_finished};
use crate::support::converter::{Play, Scripted, broken, passing};
use crate::support::process::eventually;
use crate::support::receiver::Receiver;
use crate::support::service::Service;
use crate::support::webhooks;

/// Releases the claims of all workers, as if their leases had expired.
async fn let_leases_run_out(service: &Service) {
    let now = service.clock.now();
    service
        .app
        .db
        .write(move |conn| conversion::release_expired(conn, Queue::Documents, &[], now, true))
        .await
        .unwrap();
    let ring = |_: &mut _| {
        conversion::QUEUED.notify_at_commit(());
        Ok::<_, domain::Error>(())
    };
    service.app.db.write(ring).await.unwrap();
}

#[tokio::test]
async fn a_document_at_fault_has_failed_after_one_try() {
    let converter = Scripted::new(|_, _| Play::Fail(vec![40], broken()));
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({})).await;
    let published = wait_for_finished(&receiver, 1).await;
    let expected = [step("queued", 0), step("processing", 0), step("processing", 40), step("finished", 40)];
    assert_eq!(steps(&published), expected);
    let failure = broken();
    let last = published.last().unwrap();
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
async fn a_temporary_failure_is_retried_three_times_and_published_once() {
    let converter = Scripted::new(|_, nth| Play::Fail(vec![if nth == 0 { 70 } else { 30 }], passing()));
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({})).await;
    for tries in 1..=3 {
        converter.wait_for(tries).await;
        if tries < 3 {
            // Not before the retry is due. Only the test advances the clock.
            eventually("it waits", async || (converter.running() == 0).then_some(())).await;
            assert_eq!(document(&enterprise, &doc_id).await["transcode_status"], "processing");
        }
        // Released at this time or a little later.
        eventually("the next try", async || {
            service.pass(20);
            (converter.seen().len() > tries || document(&enterprise, &doc_id).await["transcode_status"] == "finished")
                .then_some(())
        })
        .await;
    }
    let published = wait_for_finished(&receiver, 1).await;
    let expected = [step("queued", 0), step("processing", 0), step("processing", 70), step("finished", 70)];
    assert_eq!(steps(&published), expected, "progress does not go back");
    assert_eq!(published.last().unwrap()["error_msg"], passing().to_string());
    assert_eq!(converter.seen().len(), 3);
}

#[tokio::test]
async fn a_second_try_may_end_well() {
    let converter =
        Scripted::new(|_, nth| if nth == 0 { Play::Fail(vec![60], passing()) } else { Play::Pages(vec![20, 80]) });
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    convert(&enterprise, &host, json!({})).await;
    eventually("the second try", async || {
        service.pass(20);
        (converter.seen().len() == 2).then_some(())
    })
    .await;
    let published = wait_for_finished(&receiver, 1).await;
    let expected = [("queued", 0), ("processing", 0), ("processing", 60), ("processing", 80), ("finished", 100)]
        .map(|(s, p)| step(s, p));
    assert_eq!(steps(&published), expected);
}

#[tokio::test]
async fn a_converter_that_panics_harms_no_other() {
    let converter =
        Scripted::new(|seen, _| if seen.source.name == "bad" { Play::Panic } else { Play::Pages(Vec::new()) });
    let (service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
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
async fn a_restart_begins_anew_what_it_broke_off_and_does_not_count_it() {
    let converter = Scripted::new(|_, _| Play::Hold(vec![30]));
    let (mut service, host, receiver) = (start(converter.clone(), &[]), host(), Receiver::start());
    let (sdkappid, doc_id) = {
        let enterprise = webhooks::subscribed(&service, &receiver.url).await;
        (enterprise.sdkappid, convert(&enterprise, &host, json!({})).await)
    };
    for restarts in 1..=4 {
        converter.wait_for(restarts).await;
        service.restart();
    }
    converter.wait_for(5).await;
    converter.release_all();
    let published = wait_for_finished(&receiver, 1).await;
    let expected = [("queued", 0), ("processing", 0), ("processing", 30), ("finished", 100)].map(|(s, p)| step(s, p));
    assert_eq!(steps(&published), expected);
    let enterprise = service.enterprise_with(sdkappid).await;
    assert_eq!(document(&enterprise, &doc_id).await["transcode_code"], 0);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_settles_nothing() {
    let converter = Scripted::new(|_, nth| Play::Hold(vec![if nth == 0 { 80 } else { 20 }]));
    let (service, host, receiver) = (start(converter.clone(), &["--convert-workers", "2"]), host(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    convert(&enterprise, &host, json!({})).await;
    receiver.wait_until("80 percent", |requests| published(requests).iter().any(|data| data["progress"] == 80)).await;
    let_leases_run_out(&service).await;
    converter.wait_for(2).await;
    converter.release(1);
    eventually("the first one ends", async || (converter.running() == 1).then_some(())).await;
    eventually("what it stored is removed", async || (stored(&service).len() <= 1).then_some(())).await;
    assert!(published(&receiver.requests()).iter().all(|data| data["status"] != "finished"));
    converter.release_all();
    let published = wait_for_finished(&receiver, 1).await;
    let expected = [("queued", 0), ("processing", 0), ("processing", 80), ("finished", 100)].map(|(s, p)| step(s, p));
    assert_eq!(steps(&published), expected);
}

/// The folders in the storage.
fn stored(service: &Service) -> Vec<String> {
    let folder = service.app.config.storage.url.strip_prefix("file://").unwrap();
    let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    entries.into_iter().map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_conversion_that_breaks_off_three_times_is_given_up() {
    let converter = Scripted::new(|_, _| Play::Hold(Vec::new()));
    let (service, host, receiver) = (start(converter.clone(), &["--convert-workers", "4"]), host(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({})).await;
    for tries in 1..=3 {
        converter.wait_for(tries).await;
        let_leases_run_out(&service).await;
    }
    let published = wait_for_finished(&receiver, 1).await;
    assert_eq!(steps(&published), [step("queued", 0), step("processing", 0), step("finished", 0)]);
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
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({"doc_name": "gone"})).await;
    let sessions = convert(&enterprise, &host, json!({"doc_name": "stays"})).await;
    converter.wait_for(1).await;
    enterprise.ok("document/delete", json!({ "doc_ids": [doc_id] })).await;
    converter.wait_for(2).await;
    assert_eq!((converter.running(), names(&converter).last().unwrap().as_str()), (1, "stays"));
    converter.release_all();
    let published = wait_for_finished(&receiver, 1).await;
    assert!(published.iter().filter(|data| data["doc_id"] == json!(doc_id)).all(|data| data["status"] != "finished"));
    assert_eq!(document(&enterprise, &sessions).await["transcode_code"], 0);
}
