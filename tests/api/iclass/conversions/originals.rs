//! The download of originals: redirects, rejected addresses, and checks of size and content.

use serde_json::{Value, json};

use crate::iclass::conversions::{document, start, wait_for_finished};
use crate::support::converter::Scripted;
use crate::support::process::eventually;
use crate::support::receiver::{Receiver, Reply, deflate, gzip};
use crate::support::service::{Enterprise, Service};
use crate::support::webhooks;

const CONTENT: &str = "twenty slides";
/// The MD5 of the content.
const MD5: &str = "0c5fb3e2b5bbfe95c5c2a6e7a8b6b6b5";

fn given() -> Reply {
    Reply::Whole(200, "application/octet-stream", CONTENT.to_owned())
}

/// Adds a document with a conversion, waits until the conversion ends, and returns the document.
async fn convert(enterprise: &Enterprise<'_>, mut fields: Value) -> Value {
    fields["is_transcode"] = json!(true);
    let doc_id = enterprise.ok("document/add", fields).await["doc_id"].as_str().unwrap().to_owned();
    eventually("it is finished", async || {
        let info = document(enterprise, &doc_id).await;
        if info["transcode_status"] != "finished" {
            // Temporary failures are retried when due.
            enterprise.service.pass(20);
        }
        (info["transcode_status"] == "finished").then_some(info)
    })
    .await
}

/// Expects this failure, and returns the message.
fn failed(info: &Value, code: i64) -> String {
    assert_eq!(info["transcode_code"], code, "{info}");
    assert_eq!(info["transcode_result"], "");
    info["transcode_msg"].as_str().unwrap().to_owned()
}

fn setting(flags: &[&str]) -> (Service, std::sync::Arc<Scripted>) {
    let converter = Scripted::willing();
    (start(converter.clone(), flags), converter)
}

#[tokio::test]
async fn size_and_md5_have_to_be_as_they_were_said() {
    let (service, converter) = setting(&[]);
    let (enterprise, host) = (service.enterprise().await, Receiver::answering(|_| given()));
    let md5 = format!("{:x}", md5::compute(CONTENT));
    assert_ne!(md5, MD5);
    let size = CONTENT.len();
    for right in
        [json!({}), json!({"doc_size": size, "doc_md5": md5}), json!({"doc_size": 0, "doc_md5": md5.to_uppercase()})]
    {
        let mut fields = right.clone();
        fields["doc_url"] = json!(host.url);
        assert_eq!(convert(&enterprise, fields).await["transcode_code"], 0, "{right}");
    }
    let message = failed(&convert(&enterprise, json!({"doc_url": host.url, "doc_size": size + 1})).await, -26);
    assert!(message.contains("doc_size") && message.contains(&size.to_string()), "{message}");
    let message = failed(&convert(&enterprise, json!({"doc_url": host.url, "doc_md5": MD5})).await, -26);
    assert!(message.contains("doc_md5") && message.contains(&md5), "{message}");
    assert_eq!((converter.seen().len(), host.requests().len()), (3, 5), "what is wrong is not tried again");
}

#[tokio::test]
async fn a_document_that_is_too_large_is_not_fetched_to_its_end() {
    let (service, converter) = setting(&["--document-limit-bytes", "1000"]);
    let enterprise = service.enterprise().await;
    for endless in [Reply::Gigabyte, Reply::Endless, Reply::Whole(200, "text/plain", "x".repeat(1001))] {
        let host = Receiver::answering(move |_| endless.clone());
        let message = failed(&convert(&enterprise, json!({"doc_url": host.url})).await, -26);
        assert!(message.contains("1000 bytes"), "{message}");
    }
    let host = Receiver::answering(|_| Reply::Whole(200, "text/plain", "x".repeat(1000)));
    let message = failed(&convert(&enterprise, json!({"doc_url": host.url, "doc_size": 1001})).await, -26);
    assert!(message.contains("1000 bytes"), "{message}");
    assert_eq!(host.requests().len(), 0, "what is said to be too large is not asked for");
    assert_eq!(convert(&enterprise, json!({"doc_url": host.url})).await["transcode_code"], 0);
    assert_eq!(converter.seen().len(), 1);
}

#[tokio::test]
async fn a_document_that_does_not_come_in_time_has_failed() {
    let (service, converter) = setting(&["--document-timeout-seconds", "0.2"]);
    let enterprise = service.enterprise().await;
    for slow in [Reply::Hang, Reply::Drip] {
        let host = Receiver::answering(move |_| slow.clone());
        let message = failed(&convert(&enterprise, json!({"doc_url": host.url})).await, -27);
        assert!(message.contains("0.2 s"), "{message}");
        assert_eq!(host.requests().len(), 1);
    }
    assert_eq!(converter.seen().len(), 0);
}

#[tokio::test]
async fn the_answer_of_the_host_is_reported() {
    let (service, converter) = setting(&[]);
    let enterprise = service.enterprise().await;
    for (status, tries) in [(404, 1), (403, 1), (204, 1), (206, 1), (503, 3), (429, 3)] {
        let host = Receiver::answering(move |_| Reply::Whole(status, "text/html", "no".to_owned()));
        let message = failed(&convert(&enterprise, json!({"doc_url": host.url})).await, -24);
        assert!(message.contains(&format!("HTTP {status}")), "{message}");
        assert_eq!(host.requests().len(), tries, "{status}");
        assert_eq!(host.requests()[0].method, "GET");
    }
    let host = Receiver::answering(|_| Reply::Close);
    failed(&convert(&enterprise, json!({"doc_url": host.url})).await, -26);
    assert_eq!(host.requests().len(), 3);
    assert_eq!(converter.seen().len(), 0);
}

#[tokio::test]
async fn a_host_that_is_away_for_a_moment_is_asked_again() {
    let (service, _) = setting(&[]);
    let enterprise = service.enterprise().await;
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let host = Receiver::answering(move |_| match asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0 => Reply::Whole(502, "text/html", String::new()),
        _ => given(),
    });
    assert_eq!(convert(&enterprise, json!({"doc_url": host.url})).await["transcode_code"], 0);
    assert_eq!(host.requests().len(), 2);
}

#[tokio::test]
async fn a_few_redirects_are_followed() {
    let (service, converter) = setting(&[]);
    let enterprise = service.enterprise().await;
    let host = Receiver::answering(|request| match request.path.as_str() {
        "/events" => Reply::Redirect("/second?x=1".into()),
        "/second" => Reply::Redirect("third".into()),
        "/third" => given(),
        "/loop" => Reply::Redirect("/loop".into()),
        "/nowhere" => Reply::Redirect(String::new()),
        "/file" => Reply::Redirect("file:///etc/passwd".into()),
        other => panic!("{other}"),
    });
    assert_eq!(convert(&enterprise, json!({"doc_url": host.url})).await["transcode_code"], 0);
    assert_eq!(converter.seen()[0].content, CONTENT.as_bytes());
    let paths: Vec<String> = host.requests().iter().map(|request| request.target.clone()).collect();
    assert_eq!(paths, ["/events", "/second?x=1", "/third"]);
    for (path, why) in [("/loop", "more than 5 times"), ("/nowhere", "more than 5 times"), ("/file", "no http")] {
        let url = host.url.replace("/events", path);
        let message = failed(&convert(&enterprise, json!({ "doc_url": url })).await, -24);
        assert!(message.contains(why), "{path}: {message}");
    }
    assert_eq!(host.requests().len(), 3 + 6 + 6 + 1);
}

#[tokio::test]
async fn nothing_is_fetched_from_inside_the_network() {
    let converter = Scripted::willing();
    let service = Service::converting(converter.clone(), &["--callback-allow-private", "true"]);
    let (host, receiver) = (Receiver::answering(|_| given()), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let port = url::Url::parse(&host.url).unwrap().port().unwrap();
    for inside in ["127.0.0.1", "localhost", "[::1]", "0x7f.1"] {
        let url = format!("http://{inside}:{port}/lesson.pptx");
        let message = failed(&convert(&enterprise, json!({ "doc_url": url })).await, -24);
        assert!(message.contains("public"), "{inside}: {message}");
    }
    failed(&convert(&enterprise, json!({"doc_url": "http://169.254.169.254/latest/meta-data"})).await, -24);
    assert_eq!((host.requests().len(), converter.seen().len()), (0, 0));
    assert_eq!(wait_for_finished(&receiver, 5).await.len(), 15, "none was tried again");
}

#[tokio::test]
async fn an_upload_is_read_from_the_storage() {
    let converter = Scripted::willing();
    // This service may not fetch from this machine, so the document was not fetched over HTTP.
    let service = Service::converting(converter.clone(), &[]);
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    for permission in ["public", "private"] {
        let query = format!("doc_name=lesson&doc_ext=pptx&permission={permission}");
        let url = format!("{}&{query}", enterprise.signed("document/upload"));
        let sent = service.http.post(url).body(CONTENT).send().await.unwrap();
        let sent: Value = sent.json().await.unwrap();
        let fields = json!({"doc_url": sent["doc_url"], "doc_size": sent["doc_size"], "doc_md5": sent["doc_md5"]});
        assert_eq!(convert(&enterprise, fields).await["transcode_code"], 0);
        let task = |owner: &Enterprise<'_>| {
            let url = owner.signed("").replace("/paas/v1/", "/transcode/v1/create");
            service.http.post(url).body(json!({"url": sent["doc_url"]}).to_string()).send()
        };
        let answer: Value = task(&other).await.unwrap().json().await.unwrap();
        assert_eq!(answer["error_code"], 10003, "{answer}");
        let answer: Value = task(&enterprise).await.unwrap().json().await.unwrap();
        assert_eq!(answer["error_code"], 0, "{answer}");
    }
    for seen in converter.wait_for(4).await {
        assert_eq!((seen.content.as_slice(), seen.source.name.as_str()), (CONTENT.as_bytes(), "lesson"));
        assert_eq!(seen.source.extension, "pptx");
    }
}

#[tokio::test]
async fn a_document_that_arrives_compressed_is_decompressed_within_the_limit() {
    let (service, converter) = setting(&["--document-limit-bytes", "1000"]);
    let enterprise = service.enterprise().await;
    let fields = |host: &Receiver| json!({"doc_url": host.url, "doc_size": CONTENT.len(), "doc_md5": format!("{:x}", md5::compute(CONTENT))});
    for (encoding, body) in [
        ("gzip", gzip(CONTENT.as_bytes())),
        ("deflate", deflate(CONTENT.as_bytes())),
        ("identity", CONTENT.as_bytes().to_vec()),
    ] {
        let host = Receiver::answering(move |_| Reply::Encoded(encoding, body.clone()));
        assert_eq!(convert(&enterprise, fields(&host)).await["transcode_code"], 0, "{encoding}");
        assert_eq!(host.requests()[0].header("accept-encoding"), "identity");
    }
    assert_eq!(converter.seen().len(), 3);
    let bomb = gzip(&vec![b'x'; 64 << 20]);
    let host = Receiver::answering(move |_| Reply::Encoded("gzip", bomb.clone()));
    let message = failed(&convert(&enterprise, json!({"doc_url": host.url})).await, -26);
    assert!(message.contains("1000 bytes"), "{message}");
}

#[tokio::test]
async fn an_extension_may_have_its_dot() {
    let (service, converter) = setting(&[]);
    let (enterprise, host) = (service.enterprise().await, Receiver::answering(|_| given()));
    let info = convert(&enterprise, json!({"doc_url": host.url, "doc_name": "lesson", "doc_ext": ".pptx"})).await;
    // It is shown as it was sent.
    assert_eq!((&info["transcode_code"], &info["doc_ext"]), (&json!(0), &json!(".pptx")));
    assert_eq!(converter.seen()[0].source.extension, "pptx");
}
