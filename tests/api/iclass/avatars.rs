//! The pictures of users who have none of their own.

use serde_json::json;

use crate::support::service::Service;

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
