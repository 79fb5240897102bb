//! Documents that stall hold up only those of their own enterprise.

use std::sync::Arc;

use serde_json::json;

use super::{convert, document, host, start};
use crate::support::converter::{Play, Scripted};
use crate::support::process::eventually;
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::{Enterprise, Service};

/// After how long a job counts as stalled, in seconds.
const STALLED: i64 = 30;

async fn finished(enterprise: &Enterprise<'_>, doc_id: &str) {
    eventually("the document is converted", async || {
        let info = document(enterprise, doc_id).await;
        (info["transcode_status"] == "finished").then(|| assert_eq!(info["transcode_code"], 0, "{info}"))
    })
    .await;
}

/// One worker, whose converter stalls at documents of that name.
fn setting() -> (Arc<Scripted>, Service, Receiver) {
    let converter =
        Scripted::new(
            |seen, _| {
                if seen.source.name == "stalls" { Play::Hold(Vec::new()) } else { Play::Pages(Vec::new()) }
            },
        );
    (converter.clone(), start(converter, &[]), host())
}

#[tokio::test]
async fn downloads_that_stall_take_no_worker_from_another_enterprise() {
    for workers in ["1", "2"] {
        let converter = Scripted::willing();
        let (service, willing) = (start(converter.clone(), &["--convert-workers", workers]), host());
        let silent = Receiver::answering(|_| Reply::Hang);
        let (stalling, other) = (service.enterprise().await, service.enterprise().await);
        for _ in 0..5 {
            convert(&stalling, &silent, json!({})).await;
        }
        let at_once: usize = workers.parse().unwrap();
        silent.wait_for(at_once).await;
        service.pass(STALLED);
        for _ in 0..3 {
            let doc_id = convert(&other, &willing, json!({})).await;
            finished(&other, &doc_id).await;
        }
        assert_eq!(silent.requests().len(), at_once, "an enterprise has no more than its share");
    }
}

#[tokio::test]
async fn conversions_that_stall_take_no_worker_from_another_enterprise() {
    let (converter, service, host) = setting();
    let (stalling, other) = (service.enterprise().await, service.enterprise().await);
    for _ in 0..3 {
        convert(&stalling, &host, json!({"doc_name": "stalls"})).await;
    }
    converter.wait_for(1).await;
    service.pass(STALLED);
    for _ in 0..3 {
        let doc_id = convert(&other, &host, json!({})).await;
        finished(&other, &doc_id).await;
    }
    assert_eq!(converter.running(), 1);
}

#[tokio::test]
async fn the_next_document_of_who_stalled_counts_for_nobody_either() {
    let (converter, service, host) = setting();
    let (stalling, other) = (service.enterprise().await, service.enterprise().await);
    convert(&stalling, &host, json!({"doc_name": "stalls"})).await;
    convert(&stalling, &host, json!({"doc_name": "stalls"})).await;
    converter.wait_for(1).await;
    service.pass(STALLED);
    converter.release(1);
    converter.wait_for(2).await;
    // No time passes for the second one.
    let doc_id = convert(&other, &host, json!({})).await;
    finished(&other, &doc_id).await;
    assert_eq!(converter.running(), 1);
}
