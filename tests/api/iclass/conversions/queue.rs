//! How many documents are converted at once, and the fair order among enterprises.

use serde_json::json;

use super::{convert, host, start, wait_for_finished};
use crate::support::converter::{Play, Scripted};
use crate::support::receiver::Receiver;
use crate::support::webhooks;

/// The names of the documents that the converter got, in order.
pub fn names(converter: &Scripted) -> Vec<String> {
    converter.seen().into_iter().map(|seen| seen.source.name).collect()
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
        let enterprise = webhooks::subscribed(&service, &receiver.url).await;
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
