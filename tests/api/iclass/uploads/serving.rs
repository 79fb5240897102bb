//! How an uploaded file is served: its headers, ranges and caching.

use reqwest::Response;
use serde_json::json;

use super::content;
use crate::support::raw::{Raw, head};
use crate::support::service::Service;

/// A year, the longest useful cache time.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn an_upload_is_served_as_it_came() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for size in [0, 1, 300_000, 20_000_000] {
        let body = content(size);
        let answer = enterprise.try_upload("doc_name=第一课&doc_ext=pdf", body.clone()).await;
        assert_eq!((&answer["error_code"], &answer["doc_size"]), (&json!(0), &json!(size)));
        assert_eq!(answer["doc_md5"], format!("{:x}", md5::compute(&body)));
        let url = answer["doc_url"].as_str().unwrap();
        assert!(url.starts_with(&format!("{}/files/a", service.url)), "{url}");
        assert!(url.ends_with("/%E7%AC%AC%E4%B8%80%E8%AF%BE.pdf"), "{url}");
        let served = service.get(url).await;
        assert_eq!(served.status(), 200);
        assert_eq!(header(&served, "content-type"), "application/pdf");
        assert_eq!(header(&served, "content-length"), size.to_string());
        assert_eq!(header(&served, "cache-control"), FOR_EVER);
        assert_eq!(header(&served, "access-control-allow-origin"), "*");
        assert_eq!(header(&served, "accept-ranges"), "bytes");
        assert!(served.bytes().await.unwrap() == body);
    }
}

#[tokio::test]
async fn nothing_that_was_uploaded_runs_on_our_origin() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for (extension, kind, shown, sandboxed) in [
        ("html", "text/html", false, true),
        ("svg", "image/svg+xml", false, true),
        ("xhtml", "application/xhtml+xml", false, true),
        ("js", "text/javascript", false, true),
        ("", "application/octet-stream", false, true),
        ("unheard-of", "application/octet-stream", false, true),
        ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", false, true),
        ("png", "image/png", true, true),
        ("JPG", "image/jpeg", true, true),
        ("pdf", "application/pdf", true, false),
    ] {
        let url = enterprise.upload(&format!("doc_name=a&doc_ext={extension}"), "<script>alert(1)</script>").await;
        let served = service.get(&url).await;
        assert_eq!(header(&served, "content-type"), kind, "{extension}");
        assert_eq!(header(&served, "x-content-type-options"), "nosniff");
        assert_eq!(header(&served, "content-disposition"), if shown { "" } else { "attachment" }, "{extension}");
        assert_eq!(header(&served, "content-security-policy"), if sandboxed { "sandbox" } else { "" }, "{extension}");
    }
}

#[tokio::test]
async fn a_part_of_a_file_can_be_had() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let body = content(1000);
    let url = enterprise.upload("doc_name=a&doc_ext=pdf", body.clone()).await;
    for (range, wanted) in [
        ("bytes=0-0", 0..1),
        ("bytes=10-19", 10..20),
        ("bytes=990-", 990..1000),
        ("bytes=990-5000", 990..1000),
        ("bytes=-10", 990..1000),
        ("bytes=-5000", 0..1000),
    ] {
        let served = service.get_with(&url, &[("range", range)]).await;
        assert_eq!(served.status(), 206, "{range}");
        let said = format!("bytes {}-{}/1000", wanted.start, wanted.end - 1);
        assert_eq!(header(&served, "content-range"), said);
        assert_eq!(header(&served, "content-length"), wanted.len().to_string());
        assert_eq!(served.bytes().await.unwrap(), body[wanted]);
    }
    for range in ["bytes=1000-", "bytes=5000-6000", "bytes=-0"] {
        let served = service.get_with(&url, &[("range", range)]).await;
        assert_eq!((served.status().as_u16(), header(&served, "content-range")), (416, "bytes */1000"), "{range}");
    }
    for range in ["bytes=0-0,5-9", "pages=1-2", "bytes=x", "bytes=9-3"] {
        let served = service.get_with(&url, &[("range", range)]).await;
        assert_eq!(served.status(), 200, "{range}");
        assert_eq!(served.bytes().await.unwrap(), body);
    }
    let empty = enterprise.upload("doc_ext=pdf", "").await;
    assert_eq!(service.get_with(&empty, &[("range", "bytes=0-")]).await.status(), 416);
}

#[tokio::test]
async fn a_client_that_has_a_file_already_gets_304() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (url, other) = (enterprise.upload("", content(1000)).await, enterprise.upload("", content(999)).await);
    let served = service.get(&url).await;
    let (etag, modified) = (header(&served, "etag").to_owned(), header(&served, "last-modified").to_owned());
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 3, "{etag}");
    assert_ne!(header(&service.get(&other).await, "etag"), etag);
    let weak = format!("W/{etag}");
    let among = format!("\"x\", {etag}");
    for tags in [etag.as_str(), &weak, &among, "*"] {
        let served = service.get_with(&url, &[("if-none-match", tags)]).await;
        assert_eq!((served.status().as_u16(), header(&served, "etag")), (304, etag.as_str()), "{tags}");
        assert_eq!(header(&served, "cache-control"), FOR_EVER);
        assert_eq!(served.bytes().await.unwrap(), "");
    }
    let long_ago = "Mon, 01 Jan 2001 00:00:00 GMT";
    assert_eq!(service.get_with(&url, &[("if-none-match", "\"x\"")]).await.status(), 200);
    assert_eq!(service.get_with(&url, &[("if-modified-since", &modified)]).await.status(), 304);
    assert_eq!(service.get_with(&url, &[("if-modified-since", long_ago)]).await.status(), 200);
    // The ETag has precedence over the time.
    let both = [("if-none-match", "\"x\""), ("if-modified-since", modified.as_str())];
    assert_eq!(service.get_with(&url, &both).await.status(), 200);
    for (is, status) in [(etag.as_str(), 206), (&modified, 206), ("\"x\"", 200), (&weak, 200), (long_ago, 200)] {
        let served = service.get_with(&url, &[("range", "bytes=0-9"), ("if-range", is)]).await;
        assert_eq!(served.status(), status, "{is}");
    }
}

#[tokio::test]
async fn head_says_what_get_would_and_no_more() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let url = enterprise.upload("doc_ext=pdf", content(1000)).await;
    let got = service.get(&url).await;
    let mut raw = Raw::connect(&service.url);
    for _ in 0..2 {
        raw.send(head("HEAD", &url, "Range: bytes=0-9\r\n", 0));
        let published = raw.read("HEAD");
        assert_eq!(published.status, 200);
        for name in ["content-length", "content-type", "etag", "last-modified", "cache-control", "accept-ranges"] {
            assert_eq!(published.header(name), Some(header(&got, name)), "{name}");
        }
    }
    let asked = service.http.request(reqwest::Method::OPTIONS, &url).send().await.unwrap();
    assert_eq!(asked.status(), 204);
    assert!(header(&asked, "access-control-allow-headers").contains("Range"));
    let posted = service.http.post(&url).send().await.unwrap();
    assert_eq!((posted.status().as_u16(), header(&posted, "allow")), (405, "GET, HEAD, OPTIONS"));
}
