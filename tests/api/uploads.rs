//! Files that are uploaded: how they come, how they are shown and to whom, and how they go.

use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::database::storage_url;
use crate::raw::{Raw, head};
use crate::service::{Enterprise, Service};

/// A year, which caches take for for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

impl Enterprise<'_> {
    fn upload_url(&self, query: &str) -> String {
        format!("{}&{query}", self.signed("document/upload"))
    }

    async fn try_upload(&self, query: &str, body: impl Into<reqwest::Body>) -> Value {
        let sent = self.service.http.post(self.upload_url(query)).body(body).send().await.unwrap();
        assert_eq!(sent.status(), 200);
        sent.json().await.unwrap()
    }

    async fn upload(&self, query: &str, body: impl Into<reqwest::Body>) -> String {
        let answer = self.try_upload(query, body).await;
        assert_eq!(answer["error_code"], 0, "{answer}");
        answer["doc_url"].as_str().unwrap().to_owned()
    }

    async fn add_upload(&self, doc_url: &str) -> String {
        let added = self.ok("document/add", json!({"doc_url": doc_url, "owner": "t", "permission": "private"})).await;
        added["doc_id"].as_str().unwrap().to_owned()
    }
}

impl Service {
    async fn get(&self, url: &str) -> Response {
        self.http.get(url).send().await.unwrap()
    }

    async fn get_with(&self, url: &str, headers: &[(&'static str, &str)]) -> Response {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        self.http.get(url).headers(headers).send().await.unwrap()
    }

    async fn status(&self, url: &str) -> StatusCode {
        self.get(url).await.status()
    }

    /// How many folders the storage has.
    fn stored(&self) -> usize {
        let url = storage_url(self.database_url());
        std::fs::read_dir(url.strip_prefix("file://").unwrap()).unwrap().count()
    }

    async fn until_stored(&self, wanted: usize) {
        let begun = Instant::now();
        while self.stored() != wanted {
            assert!(begun.elapsed() < Duration::from_secs(30), "{} folders, not {wanted}", self.stored());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// Bytes that differ wherever one looks.
fn content(size: usize) -> Vec<u8> {
    (0_u32..).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).take(size).collect()
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
async fn who_has_a_file_already_is_told_so() {
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
    // The tag counts more than the time.
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
        let told = raw.read("HEAD");
        assert_eq!(told.status, 200);
        for name in ["content-length", "content-type", "etag", "last-modified", "cache-control", "accept-ranges"] {
            assert_eq!(told.header(name), Some(header(&got, name)), "{name}");
        }
    }
    let asked = service.http.request(reqwest::Method::OPTIONS, &url).send().await.unwrap();
    assert_eq!(asked.status(), 204);
    assert!(header(&asked, "access-control-allow-headers").contains("Range"));
    let posted = service.http.post(&url).send().await.unwrap();
    assert_eq!((posted.status().as_u16(), header(&posted, "allow")), (405, "GET, HEAD, OPTIONS"));
}

#[tokio::test]
async fn a_private_file_is_shown_by_a_link_until_it_ends() {
    let service = Service::start_with(&["--file-link-seconds", "100"]);
    let enterprise = service.enterprise().await;
    let url = enterprise.upload("doc_name=a&doc_ext=png&permission=private", "secret").await;
    let parts: Vec<&str> = url.strip_prefix(&format!("{}/files/", service.url)).unwrap().split('/').collect();
    let [key, ticket, name] = parts[..] else { panic!("{url}") };
    assert!(key.starts_with('p') && name == "a.png", "{url}");
    let at = |key: &str, rest: &str| format!("{}/files/{key}/{rest}", service.url);
    let served = service.get(&url).await;
    assert_eq!((served.status().as_u16(), header(&served, "cache-control")), (200, "private, max-age=100"));
    assert_eq!(served.text().await.unwrap(), "secret");
    // Nothing but the link shows it.
    let (expires, signature) = ticket.split_once('.').unwrap();
    let later = expires.parse::<i64>().unwrap() + 1;
    let other = if signature.starts_with('0') { '1' } else { '0' };
    for wrong in [
        "a.png".to_owned(),
        "/a.png".to_owned(),
        format!("{later}.{signature}/a.png"),
        format!("+{expires}.{signature}/a.png"),
        format!("{expires}.{other}{}/a.png", &signature[1..]),
        format!("{expires}.{}/a.png", &signature[1..]),
        format!("{expires}./a.png"),
        format!("{expires}/a.png"),
        ".../a.png".to_owned(),
        "x.y/a.png".to_owned(),
    ] {
        assert_eq!(service.status(&at(key, &wrong)).await, 403, "{wrong}");
    }
    // Nor the link of another file, nor what is not there.
    let second = enterprise.upload("permission=private", "another secret").await;
    let second = second.strip_prefix(&format!("{}/files/", service.url)).unwrap().split('/').next().unwrap();
    assert_eq!(service.status(&at(second, &format!("{ticket}/document"))).await, 403);
    assert_eq!(service.status(&at(key, &format!("{ticket}/b.png"))).await, 404);
    assert_eq!(service.status(&at(&format!("p{:032x}", 1), &format!("{ticket}/a.png"))).await, 404);
    service.pass(100);
    let served = service.get(&url).await;
    assert_eq!((served.status().as_u16(), header(&served, "cache-control")), (200, "private, max-age=0"));
    service.pass(1);
    let served = service.get(&url).await;
    assert_eq!((served.status().as_u16(), header(&served, "cache-control")), (403, "no-store"));
}

#[tokio::test]
async fn with_the_key_of_an_enterprise_its_links_end() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let url = enterprise.upload("permission=private", "secret").await;
    let (sdkappid, now) = (enterprise.sdkappid, service.clock.now());
    let rotate = move |conn: &mut _| lectern::domain::tenancy::enterprise::rotate_key(conn, sdkappid, 60_000, now);
    service.app.db.write(rotate).await.unwrap();
    service.pass(60);
    assert_eq!(service.status(&url).await, 200);
    service.pass(1);
    assert_eq!(service.status(&url).await, 403);
}

#[tokio::test]
async fn a_path_that_leads_elsewhere_leads_nowhere() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let url = enterprise.upload("doc_name=a&doc_ext=png", "x").await;
    let folder = url.strip_suffix("/a.png").unwrap();
    let outside = storage_url(service.database_url());
    let outside = std::path::Path::new(outside.strip_prefix("file://").unwrap()).join("outside");
    std::fs::write(&outside, "secret").unwrap();
    let mut raw = Raw::connect(&service.url);
    for rest in [
        "/../outside",
        "/%2e%2e/outside",
        "/..%2foutside",
        "/%2e%2e%2foutside",
        "/%252e%252e/outside",
        "/a.png/../../outside",
        "/a.png/",
        "/a.png/x",
        "/",
        "",
        "//a.png",
        "/a.png%00",
        "/a.png%231",
        "/%2fetc/passwd",
        "/A.png",
        "/..\\outside",
        "/%ff",
    ] {
        raw.send(head("GET", &format!("{folder}{rest}"), "", 0));
        let response = raw.read("GET");
        assert!([400, 404].contains(&response.status), "{rest}: {}", response.status);
        assert!(!response.body.contains("secret"), "{rest}");
        if response.status == 400 || response.header("connection") == Some("close") {
            raw = Raw::connect(&service.url);
        }
    }
    for rest in ["/files", "/files/", "/files/x", "/files/x/y", "/files/../outside"] {
        assert_eq!(service.status(&format!("{}{rest}", service.url)).await, 404, "{rest}");
    }
}

#[tokio::test]
async fn an_upload_must_be_signed_and_small_enough() {
    let service = Service::start_with(&["--document-limit-bytes", "1000"]);
    let enterprise = service.enterprise().await;
    let unsigned = format!("{}/paas/v1/document/upload?sdkappid={}", service.url, enterprise.sdkappid);
    let wrong = enterprise.upload_url("").replace("sign=", "sign=0");
    let unknown = enterprise.upload_url("").replace(&format!("sdkappid={}", enterprise.sdkappid), "sdkappid=1");
    let mut raw = Raw::connect(&service.url);
    // On one connection: whatever is refused is read, so that it can be used again.
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
    // A row goes after its bytes.
    let begun = Instant::now();
    let is_left = |conn: &mut lectern::db::Conn| {
        lectern::store::content::file::is_due(conn, i64::MAX).map_err(lectern::db::Error::from)
    };
    while service.app.db.read(is_left).await.unwrap() {
        assert!(begun.elapsed() < Duration::from_secs(30), "a row is left");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn with_the_last_document_of_an_upload_it_goes() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let url = enterprise.upload("permission=private&doc_ext=pdf", "x").await;
    let (first, second) = (enterprise.add_upload(&url).await, enterprise.add_upload(&url).await);
    // Long after the link has ended, a new one is told.
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

#[tokio::test]
async fn an_address_of_a_file_is_one_of_the_own_enterprise_and_good() {
    let service = Service::start();
    let (a, b) = (service.enterprise().await, service.enterprise().await);
    let public = a.upload("", "x").await;
    let private = a.upload("permission=private", "x").await;
    for url in [&public, &private] {
        b.refused("document/add", json!({ "doc_url": url }), 10003).await;
        a.ok("document/add", json!({ "doc_url": url })).await;
    }
    service.pass(90_000);
    let message = a.refused("document/add", json!({"doc_url": private}), 10003).await;
    assert_eq!(message, "doc_url: the link to the file has expired or is wrong");
    let message =
        a.refused("document/add", json!({"doc_url": format!("{}/files/a{:032x}/x", service.url, 7)}), 10003).await;
    assert_eq!(message, "doc_url: there is no such file here");
    // What stands elsewhere is nothing of ours, whatever it looks like.
    let elsewhere = public.replace(&service.url, "https://files.example.com");
    let doc_id = a.add_upload(&elsewhere).await;
    assert_eq!(a.ok("document/info", json!({"doc_id": doc_id})).await["doc_url"], *elsewhere);
    a.ok("document/delete", json!({"doc_ids": [doc_id]})).await;
    assert_eq!(service.status(&public).await, 200);
}
