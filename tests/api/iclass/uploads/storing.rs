//! Which uploads are accepted, and when their files are removed.

use std::time::{Duration, Instant};

use serde_json::json;

use super::content;
use crate::support::PATIENCE;
use crate::support::raw::{Raw, head};
use crate::support::service::Service;

#[tokio::test]
async fn an_upload_must_be_signed_and_small_enough() {
    let service = Service::start_with(&["--document-limit-bytes", "1000"]);
    let enterprise = service.enterprise().await;
    let unsigned = format!("{}/paas/v1/document/upload?sdkappid={}", service.url, enterprise.sdkappid);
    let wrong = enterprise.upload_url("").replace("sign=", "sign=0");
    let unknown = enterprise.upload_url("").replace(&format!("sdkappid={}", enterprise.sdkappid), "sdkappid=1");
    let mut raw = Raw::connect(&service.url);
    // All on one connection: rejected bodies are read, so that the connection can be reused.
    for (url, code) in [(&unsigned, 10217), (&wrong, 10217), (&unknown, 10270)] {
        assert_eq!(raw.post(url, "", content(900)).code(), code);
    }
    assert_eq!(raw.post(&enterprise.upload_url("permission=some"), "", content(900)).code(), 10003);
    assert_eq!(raw.post(&enterprise.upload_url("doc_ext=12345678901234567"), "", content(900)).code(), 10003);
    assert_eq!(raw.post(&enterprise.upload_url(""), "", content(1001)).code(), 10005);
    let chunked = b"Transfer-Encoding: chunked\r\n\r\n";
    let target = enterprise.upload_url("").replace(&service.url, "");
    raw.send([format!("POST {target} HTTP/1.1\r\nHost: lectern\r\n").as_bytes(), chunked].concat());
    for _ in 0..3 {
        raw.send([b"190\r\n".as_slice(), &content(400), b"\r\n"].concat());
    }
    raw.send("0\r\n\r\n");
    assert_eq!(raw.read("POST").code(), 10005);
    assert_eq!(raw.post(&enterprise.upload_url(""), "", content(1000)).code(), 0);
    service.until_stored(1).await;
    let got = service.get(&enterprise.upload_url("")).await;
    assert_eq!(got.status(), 405);
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for sent in [0, 1000, 30_000_000] {
        let mut raw = Raw::connect(&service.url);
        raw.send(head("POST", &enterprise.upload_url(""), "", 40_000_000));
        raw.send(content(sent));
        if sent > 0 {
            service.until_stored(1).await;
        }
        drop(raw);
        service.until_stored(0).await;
    }
    // A row is removed after its bytes.
    let begun = Instant::now();
    let is_left = |conn: &mut lectern::db::Conn| {
        lectern::store::content::file::is_due(conn, i64::MAX).map_err(lectern::db::Error::from)
    };
    while service.app.db.read(is_left).await.unwrap() {
        assert!(begun.elapsed() < PATIENCE, "a row is left");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn with_the_last_document_of_an_upload_it_goes() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let url = enterprise.upload("permission=private&doc_ext=pdf", "x").await;
    let (first, second) = (enterprise.add_upload(&url).await, enterprise.add_upload(&url).await);
    // Long after the link has expired, the answer contains a new link.
    service.pass(1_000_000);
    assert_eq!(service.status(&url).await, 403);
    let info = enterprise.ok("document/info", json!({"doc_id": first})).await;
    let fresh = info["doc_url"].as_str().unwrap().to_owned();
    let list = enterprise.ok("document/list", json!({})).await;
    assert_eq!(list["list"][1]["doc_url"], *fresh);
    assert_eq!(service.status(&fresh).await, 200);
    enterprise.ok("document/delete", json!({"doc_ids": [first]})).await;
    assert_eq!(service.status(&fresh).await, 200);
    enterprise.ok("document/delete", json!({"doc_ids": [second]})).await;
    assert_eq!(service.status(&fresh).await, 404);
    service.until_stored(0).await;
}
