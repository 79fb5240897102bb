//! The entry pages of a class, and the avatars.

use reqwest::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use serde_json::json;

use crate::support::service::Service;

/// The status, type and text of a page.
async fn page(service: &Service, url: &str) -> (u16, String, String) {
    let response = service.http.get(url).send().await.unwrap();
    let kind = response.headers().get(CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap()).to_owned();
    assert!(response.headers().contains_key(CONTENT_SECURITY_POLICY), "{url}");
    (response.status().as_u16(), kind, response.text().await.unwrap())
}

#[tokio::test]
async fn the_addresses_of_a_class_name_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let made = enterprise.ok("class/create", json!({"teacher_id": "t", "class_topic": "量子计算导论"})).await;
    let class_id = made["class_id"].as_i64().unwrap();
    let base = format!("{}/{}/{class_id}", service.url, enterprise.sdkappid);
    for (name, door, who) in
        [("teacher_url", "/0", "the teacher"), ("student_url", "/1", "students"), ("url", "", "everybody")]
    {
        assert_eq!(made[name], format!("{base}{door}"));
        let (status, kind, html) = page(&service, made[name].as_str().unwrap()).await;
        assert_eq!((status, kind.as_str()), (200, "text/html; charset=utf-8"));
        assert!(html.contains("<h1>量子计算导论</h1>") && html.contains(&class_id.to_string()), "{html}");
        assert!(html.contains(who) && html.contains("begins 2023-11-14 22:13 UTC"), "{html}");
    }
    enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    assert!(page(&service, &base).await.2.contains("in progress"));
    enterprise.ok("class/stop", json!({ "class_id": class_id })).await;
    assert!(page(&service, &base).await.2.contains("ended"));
    enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    assert_eq!(page(&service, &base).await.0, 404);
}

#[tokio::test]
async fn a_topic_is_text_and_never_markup() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let topic = "<script>alert('1')</script><b title=\"x\"> & &amp;";
    let made = enterprise.ok("class/create", json!({"teacher_id": "t", "class_topic": topic})).await;
    for name in ["teacher_url", "student_url", "url"] {
        let (status, _, html) = page(&service, made[name].as_str().unwrap()).await;
        assert_eq!(status, 200);
        let escaped = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&lt;b title=&quot;x&quot;&gt; &amp; &amp;amp;";
        assert!(html.contains(&format!("<h1>{escaped}</h1>")), "{html}");
        assert!(!html.contains("<script") && !html.contains("<b "), "{html}");
    }
}

#[tokio::test]
async fn a_class_has_no_page_at_another_enterprise() {
    let service = Service::start();
    let (one, other) = (service.enterprise().await, service.enterprise().await);
    let class_id = one.class(json!({"class_topic": "a secret topic"})).await;
    let (one, other) = (one.sdkappid, other.sdkappid);
    assert_eq!(page(&service, &format!("{}/{one}/{class_id}/0", service.url)).await.0, 200);
    let mut pages = Vec::new();
    for path in [
        format!("{other}/{class_id}"),
        format!("{other}/{class_id}/0"),
        format!("{other}/{class_id}/1"),
        format!("{one}/999999999"),
        format!("{one}/999999999/0"),
        format!("{other}/999999999/1"),
        format!("1/{class_id}/1"),
        format!("{one}00000000/{class_id}/1"),
        format!("999999999999999999/{class_id}"),
    ] {
        let (status, _, html) = page(&service, &format!("{}/{path}", service.url)).await;
        assert_eq!(status, 404, "{path}");
        assert!(!html.contains("secret"), "{html}");
        pages.push(html);
    }
    assert!(pages.iter().all(|html| *html == pages[0]), "nothing tells whether the class is there");
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

#[tokio::test]
async fn there_are_six_small_pictures() {
    let service = Service::start();
    let mut pictures = Vec::new();
    for number in 1..=6 {
        let response = service.http.get(format!("{}/avatars/{number}.png", service.url)).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"image/png".parse().unwrap())
        );
        let png = response.bytes().await.unwrap();
        assert!(png.len() < 100_000, "{number}: {} bytes", png.len());
        // The PNG signature, then IHDR with width and height.
        assert_eq!(&png[..16], b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR");
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((side(16), side(20)), (400, 400));
        assert_eq!(&png[png.len() - 8..png.len() - 4], b"IEND");
        assert!(!pictures.contains(&png), "{number} is another picture");
        pictures.push(png);
    }
    for name in ["0.png", "7.png", "1", "1.jpg", "x.png", "-1.png", "99999999999999999999.png", "..%2f1.png"] {
        let response = service.http.get(format!("{}/avatars/{name}", service.url)).send().await.unwrap();
        assert_eq!(response.status(), 404, "{name}");
    }
}

#[tokio::test]
async fn a_user_without_an_avatar_has_one_of_them_for_good() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let ids: Vec<String> = (0..30).map(|n| format!("用户{n}")).collect();
    enterprise.students(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let class_id = enterprise.class(json!({})).await;
    let mut seen = std::collections::BTreeSet::new();
    for id in &ids {
        let avatar = async || enterprise.ok("user/info", json!({ "user_id": id })).await["user_info"]["avatar"].clone();
        let url = avatar().await;
        let number = url.as_str().unwrap().strip_prefix(&format!("{}/avatars/", service.url)).unwrap().to_owned();
        assert_eq!(service.http.get(url.as_str().unwrap()).send().await.unwrap().status(), 200);
        seen.insert(number);
        enterprise.ok("user/profile/modify", json!({"user_id": id, "nickname": "renamed", "gender": "female"})).await;
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": id})).await;
        service.pass(1);
        assert_eq!(avatar().await, url);
    }
    assert_eq!(seen.len(), 6, "all of them are given: {seen:?}");
    let listed = enterprise.ok("user/list", json!({})).await;
    for call in ["member/runtime/list", "member/history/list"] {
        let inside = enterprise.ok(call, json!({ "class_id": class_id })).await;
        for (row, user) in inside["list"].as_array().unwrap().iter().zip(listed["list"].as_array().unwrap()) {
            assert_eq!((&row["user_id"], &row["avatar"]), (&user["user_id"], &user["avatar"]), "{call}");
        }
    }
    // A user's own picture has precedence. Removing it restores the default.
    let before = enterprise.ok("user/info", json!({"user_id": ids[0]})).await["user_info"]["avatar"].clone();
    for (avatar, shown) in [("http://a.b/c.png", json!("http://a.b/c.png")), ("", before)] {
        enterprise.ok("user/profile/modify", json!({"user_id": ids[0], "avatar": avatar})).await;
        assert_eq!(enterprise.ok("user/info", json!({"user_id": ids[0]})).await["user_info"]["avatar"], shown);
    }
}
