//! SIGKILL while a document is converted: the conversion is resumed, and its events are the same as without a kill.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::iclass::conversions::{published, steps};
use crate::support::database::Database;
use crate::support::process::{Process, eventually};
use crate::support::receiver::{Receiver, Reply, Request};
use crate::support::school::{School, numbers_in};

/// A document with enough lines to keep the converter busy for some seconds.
const LINES: usize = 1_500;

/// The data of the events, without duplicates, which arrive when an acknowledgement was not stored.
fn published_once(requests: &[Arc<Request>]) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let first: Vec<_> =
        requests.iter().filter(|request| seen.insert(request.header("webhook-id").to_owned())).cloned().collect();
    published(&first)
}

#[tokio::test]
async fn a_conversion_is_taken_up_again_though_its_server_is_killed_twice() {
    let text = (1..=LINES).map(|line| format!("第{line}行：互动课堂的课件\n")).collect::<Vec<_>>().concat();
    let host = Receiver::answering(move |_| Reply::Whole(200, "text/plain", text.clone()));
    let (database, receiver) = (Database::create(), Receiver::start());
    let school = School::found(&database.url, &receiver.url).await;
    let temporary = tempfile::tempdir().unwrap();
    let export = format!("export TMPDIR={}", temporary.path().display());
    let open = || Process::start_after(&export, &database.url, &["--document-allow-private", "true"]);
    let mut server = open();
    let fields = json!({"doc_url": format!("{}/课.txt", host.url), "is_transcode": true});
    let added = school.client(&server).call("document/add", fields).await.unwrap();
    let doc_id = added["doc_id"].as_str().unwrap_or_else(|| panic!("{added}")).to_owned();
    for tries in 1..=2 {
        eventually(&format!("try {tries} runs"), async || {
            (numbers_in(&database.url, "SELECT attempts AS number FROM conversions WHERE lease_token <> ''") == [tries])
                .then_some(())
        })
        .await;
        server.kill();
        server = open();
    }
    let requests = receiver
        .wait_until("it is finished", |requests| published(requests).iter().any(|data| data["status"] == "finished"));
    let published = published_once(&requests.await);
    let statuses: Vec<String> = steps(&published).into_iter().map(|(status, _)| status).collect();
    assert_eq!((statuses[0].as_str(), statuses[1].as_str()), ("queued", "processing"));
    assert_eq!(statuses.iter().filter(|status| *status == "finished").count(), 1);
    assert_eq!(statuses.last().unwrap(), "finished");
    let progress: Vec<i64> = steps(&published).into_iter().map(|(_, progress)| progress).collect();
    assert!(progress[1..].windows(2).all(|two| two[0] < two[1]), "each step once, and forward: {progress:?}");
    let last = published.last().unwrap();
    assert_eq!((&last["error_code"], &last["doc_id"]), (&json!(0), &json!(doc_id)), "{last}");
    assert!(last["pages"].as_i64().unwrap() > 10, "{last}");
    let path = url::Url::parse(last["h5_url"].as_str().unwrap()).unwrap().path().to_owned();
    let page = reqwest::get(format!("{}{path}", server.url)).await.unwrap();
    assert_eq!(page.status(), 200);
    // Only the work folder of the running process. Those of dead processes are removed at the start.
    let left = std::fs::read_dir(temporary.path()).unwrap().count();
    assert_eq!(left, 1);
}
