//! The page of a class, its files, and the avatars.

use reqwest::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use reqwest::{Method, Response, Url};
use serde_json::{Value, json};

use crate::support::component::Component;
use crate::support::service::{BEGIN, Service};

/// The text of a page, which is there for every address of a class.
async fn page(service: &Service, url: &str) -> String {
    let response = service.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 200, "{url}");
    assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8", "{url}");
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store", "{url}");
    assert!(response.headers().contains_key(CONTENT_SECURITY_POLICY), "{url}");
    response.text().await.unwrap()
}

/// The value of an attribute that the server fills.
fn attribute<'a>(html: &'a str, before: &str) -> &'a str {
    html.split_once(before).unwrap_or_else(|| panic!("{html}")).1.split_once('"').unwrap().0
}

/// The class that a page describes; null if it describes none.
fn class_in(html: &str) -> Value {
    let text = attribute(html, "<meta name=\"lectern-class\" content=\"");
    let text = text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'");
    if text.is_empty() { Value::Null } else { serde_json::from_str(&text.replace("&amp;", "&")).unwrap() }
}

#[tokio::test]
async fn the_page_of_a_public_class_describes_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let made = enterprise.ok("class/create", json!({"teacher_id": "t", "class_topic": "量子计算导论"})).await;
    let class_id = made["class_id"].as_i64().unwrap();
    let base = format!("{}/{}/{class_id}", service.url, enterprise.sdkappid);
    let mut expected = json!({"class_topic": "量子计算导论", "class_type": "public", "class_status": "will",
        "start_time": BEGIN * 1000, "stop_time": (BEGIN + 7200) * 1000});
    for (name, door) in [("teacher_url", "/0"), ("student_url", "/1"), ("url", "")] {
        assert_eq!(made[name], format!("{base}{door}"));
        assert_eq!(class_in(&page(&service, made[name].as_str().unwrap()).await), expected);
    }
    for (call, status) in [("class/start", "ing"), ("class/stop", "end")] {
        enterprise.ok(call, json!({ "class_id": class_id })).await;
        expected["class_status"] = status.into();
        assert_eq!(class_in(&page(&service, &base).await), expected);
    }
    enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    assert_eq!(class_in(&page(&service, &base).await), Value::Null);
}

#[tokio::test]
async fn the_page_may_use_the_devices_of_a_classroom_and_what_it_embeds_may_not() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let made = enterprise.ok("class/create", json!({"teacher_id": "t"})).await;
    let response = service.http.get(made["url"].as_str().unwrap()).send().await.unwrap();
    let policy = response.headers()["permissions-policy"].to_str().unwrap();
    for device in ["camera", "microphone", "display-capture", "fullscreen"] {
        assert!(policy.split(", ").any(|one| one == format!("{device}=(self)")), "{policy}");
    }
}

#[tokio::test]
async fn a_topic_is_text_and_never_markup() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let topic = "\"><script>alert('1')</script><b title=\"x\"> & &amp; {{root}} {{class}}";
    let made = enterprise.ok("class/create", json!({"teacher_id": "t", "class_topic": topic})).await;
    let html = page(&service, made["url"].as_str().unwrap()).await;
    assert_eq!(class_in(&html)["class_topic"], topic);
    let markup = html.split_once("lectern-class").unwrap().1.split_once('\n').unwrap().0;
    assert!(!markup.contains("<script") && !markup.contains("<b "), "{markup}");
}

#[tokio::test]
async fn nothing_shows_whether_a_class_that_is_not_public_exists() {
    let service = Service::start();
    let (one, other) = (service.enterprise().await, service.enterprise().await);
    let public = one.class(json!({"class_topic": "a secret topic"})).await;
    let class_id = one.class(json!({"class_topic": "a secret topic", "class_type": "1vN"})).await;
    let (one, other) = (one.sdkappid, other.sdkappid);
    for door in ["", "/0", "/1"] {
        let nothing = page(&service, &format!("{}/{one}/999999999{door}", service.url)).await;
        assert_eq!(class_in(&nothing), Value::Null);
        for address in [
            format!("{one}/{class_id}"),
            format!("{other}/{class_id}"),
            format!("{other}/{public}"),
            format!("{other}/999999999"),
            format!("1/{class_id}"),
            format!("{one}00000000/{class_id}"),
            format!("999999999999999999/{class_id}"),
        ] {
            assert_eq!(page(&service, &format!("{}/{address}{door}", service.url)).await, nothing, "{address}");
        }
    }
}

#[tokio::test]
async fn the_token_of_a_link_shows_its_class_only() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "student").await;
    let members = json!({"class_type": "1vN", "members": [{"user_id": "li", "role": "student"}]});
    let (class_id, other) = (enterprise.class(members.clone()).await, enterprise.class(members).await);
    let made = enterprise.ok("class/link", json!({"class_id": class_id, "user_id": "li"})).await;
    let token = made["url"].as_str().unwrap().rsplit_once('/').unwrap().1;
    let at = async |class_id: i64, token: &str| {
        let url = format!("{}/{}/{class_id}?user_id=li&token={token}", service.url, enterprise.sdkappid);
        class_in(&page(&service, &url).await)
    };
    assert_eq!(at(class_id, token).await["class_status"], "will");
    assert_eq!(at(other, token).await, Value::Null);
    assert_eq!(at(other, &li.token).await["class_status"], "will");
}

#[tokio::test]
async fn an_address_that_is_not_of_a_class_is_not_found() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let id = enterprise.sdkappid;
    for path in [
        format!("{id}/{class_id}/2"),
        format!("{id}/{class_id}/0/1"),
        format!("{id}/{class_id}0"),
        format!("{id}/12345678"),
        format!("{id}"),
        format!("-{id}/{class_id}"),
        format!("1400000000000000000000/{class_id}/0"),
        format!("{id}/{class_id}/0%00"),
        "x/y".into(),
        String::new(),
    ] {
        let response = service.http.get(format!("{}/{path}", service.url)).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
    }
}

/// The addresses of the script and of the style of a page.
async fn files(service: &Service, at: &str) -> [Url; 2] {
    let html = page(service, at).await;
    ["src=\"", "stylesheet\" href=\""].map(|before| Url::parse(at).unwrap().join(attribute(&html, before)).unwrap())
}

#[tokio::test]
async fn the_page_finds_its_files_and_the_service_from_every_address() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let base = format!("{}/{}/{class_id}", service.url, enterprise.sdkappid);
    for at in [base.clone(), format!("{base}/0"), format!("{base}/1"), format!("{base}?user_id=li")] {
        let html = page(&service, &at).await;
        let root = attribute(&html, "data-root=\"");
        assert!(!root.starts_with('/') && !root.contains("://"), "a proxy may serve the page below a path: {root}");
        assert_eq!(Url::parse(&at).unwrap().join(root).unwrap().as_str(), format!("{}/", service.url));
        // A proxy that adds a path in front.
        let below = at.replacen(&service.url, &format!("{}/sub", service.url), 1);
        assert_eq!(Url::parse(&below).unwrap().join(root).unwrap().as_str(), format!("{}/sub/", service.url));
        for file in files(&service, &at).await {
            assert!(file.path().starts_with("/assets/classroom/"), "{file}");
            assert_eq!(service.http.get(file).send().await.unwrap().status(), 200);
        }
    }
}

async fn ask(
    service: &Service,
    method: Method,
    url: &Url,
    headers: &[(reqwest::header::HeaderName, &str)],
) -> Response {
    let mut request = service.http.request(method, url.clone());
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn the_files_of_the_page_are_compressed_and_kept_for_ever() {
    let service = Service::start();
    let [script, style] = files(&service, &format!("{}/1400000001/100000001", service.url)).await;
    for (url, kind) in [(&script, "text/javascript; charset=utf-8"), (&style, "text/css; charset=utf-8")] {
        let plain = ask(&service, Method::GET, url, &[]).await;
        let packed = ask(&service, Method::GET, url, &[(ACCEPT_ENCODING, "br;q=0.5, gzip")]).await;
        for response in [&plain, &packed] {
            let header = |name| response.headers()[name].to_str().unwrap();
            assert_eq!(header("content-type"), kind);
            assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(response.headers()[VARY], "accept-encoding");
        }
        assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
        assert!(!plain.headers().contains_key(CONTENT_ENCODING));
        let tags = [&plain, &packed].map(|response| response.headers()[ETAG].to_str().unwrap().to_owned());
        assert_ne!(tags[0], tags[1]);
        for (tag, encoding) in tags.iter().zip(["identity", "gzip"]) {
            let headers = [(IF_NONE_MATCH, tag.as_str()), (ACCEPT_ENCODING, encoding)];
            assert_eq!(ask(&service, Method::GET, url, &headers).await.status(), 304);
        }
        let head = ask(&service, Method::HEAD, url, &[]).await;
        assert_eq!((head.status().as_u16(), head.bytes().await.unwrap().len()), (200, 0));
        let (plain, packed) = (plain.bytes().await.unwrap(), packed.bytes().await.unwrap());
        let mut unpacked = Vec::new();
        std::io::copy(&mut flate2::read::GzDecoder::new(&packed[..]), &mut unpacked).unwrap();
        assert_eq!(unpacked, plain);
        let refused = ask(&service, Method::GET, url, &[(ACCEPT_ENCODING, "gzip;q=0")]).await;
        assert!(!refused.headers().contains_key(CONTENT_ENCODING));
    }
    let packed = ask(&service, Method::GET, &script, &[(ACCEPT_ENCODING, "gzip")]).await.bytes().await.unwrap();
    assert!(packed.len() < 100 * 1024, "the first paint costs {} bytes", packed.len());
}

#[tokio::test]
async fn only_files_of_the_page_are_served() {
    let service = Service::start();
    for name in ["nothing.js", "", "index.html", "..%2findex.html", "%2e%2e", "..", "a%5cb", "a%00.js", "x/y.js"] {
        let response = service.http.get(format!("{}/assets/classroom/{name}", service.url)).send().await.unwrap();
        assert_eq!(response.status(), 404, "{name}");
    }
}

#[tokio::test]
async fn the_page_runs_its_own_script_and_shows_what_the_settings_allow() {
    let service = Service::start_with(&["--page-origins", "https://files.example.com,https://*.example.org"]);
    let response = service.http.get(format!("{}/1400000001/100000001", service.url)).send().await.unwrap();
    let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    let (own, sockets) = (&service.url, service.url.replacen("http", "ws", 1));
    let shown = format!("'self' {own} https://files.example.com https://*.example.org");
    for directive in [
        "default-src 'none';".to_owned(),
        "script-src 'self';".into(),
        "style-src 'self';".into(),
        format!("connect-src 'self' {sockets};"),
        format!("img-src {shown} data: blob:;"),
        format!("frame-src {shown};"),
        "base-uri 'none';".into(),
        "form-action 'none';".into(),
    ] {
        assert!(policy.contains(&directive), "{directive} is not in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let html = response.text().await.unwrap();
    assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains("onload"), "{html}");
}
