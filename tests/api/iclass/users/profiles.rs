//! The fields of a profile: defaults, checks and changes.

use std::collections::HashSet;

use serde_json::json;

use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn contacts_and_pictures_are_checked_at_registration_and_at_change() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["known"]).await;
    let good = [
        ("phone_no", &["", "110", "13033445566", "+86 (755) 8376-1234", "00000000000000000000000000000000"][..]),
        ("e_mail", &["", "a@b", "xxx@xx.com", "first.last+tag@sub.example.com", "名@例え.jp"]),
        ("avatar", &["", "http://example.com", "https://example.com/a.png?x=1#y", "HTTPS://example.com/A"]),
    ];
    let bad = [
        ("phone_no", &["12", "+-() ", "123a", "１２３", "123456789012345678901234567890123"][..]),
        ("e_mail", &["a", "@", "a@", "@b", "a@b@c", "a b@c"]),
        (
            "avatar",
            &["x", "ftp://example.com/a", "http://", "//example.com/a", "javascript:alert(1)", "http:example.com"],
        ),
    ];
    for (field, values) in good {
        for (n, value) in values.iter().enumerate() {
            let answer = enterprise.register_with(&format!("{field}{n}"), field, &json!(value)).await;
            assert_eq!(answer["error_code"], 0, "{field} {value}: {answer}");
            enterprise.ok("user/profile/modify", json!({"user_id": "known", field: value})).await;
            if !value.is_empty() {
                assert_eq!(enterprise.user("known").await[field], *value);
            }
        }
    }
    let before = enterprise.user("known").await;
    for (field, values) in bad {
        for value in values {
            let answer = enterprise.register_with("new", field, &json!(value)).await;
            assert_eq!(answer["error_code"], 10003, "{field} {value}");
            let change = json!({"user_id": "known", field: value, "nickname": "changed"});
            let message = enterprise.refused("user/profile/modify", change, 10003).await;
            assert!(message.contains(field), "{message}");
        }
    }
    enterprise.refused("user/info", json!({"user_id": "new"}), 10215).await;
    assert_eq!(enterprise.user("known").await, before);
}

#[tokio::test]
async fn what_is_not_said_of_a_user_has_its_default() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list = json!([{"user_id": "u", "role": "student"},
        {"user_id": "v", "role": "student", "nickname": "", "avatar": "", "gender": null, "password": null}]);
    enterprise.ok("user/register", json!({"list": list})).await;
    let mut pictures = HashSet::new();
    for id in ["u", "v"] {
        let user = enterprise.user(id).await;
        let picture = user["avatar"].as_str().unwrap().to_owned();
        assert!(picture.starts_with(&format!("{}/avatars/", service.url)), "{picture}");
        assert_eq!(
            user,
            json!({"user_id": id, "nickname": id, "gender": "male", "avatar": picture, "role": "student",
                "phone_no": "", "e_mail": "", "regist_time": BEGIN, "update_time": BEGIN})
        );
        assert_eq!(enterprise.user(id).await["avatar"], picture);
        pictures.insert(picture);
    }
    assert_eq!(pictures.len(), 2, "two ids in a row have different pictures");
}

#[tokio::test]
async fn the_pictures_of_users_without_one_are_small_square_pngs() {
    let service = Service::start();
    for number in 1..=6 {
        let response = service.http.get(format!("{}/avatars/{number}.png", service.url)).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"image/png".parse().unwrap())
        );
        let png = response.bytes().await.unwrap();
        assert!(png.len() < 100_000);
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!((&png[16..20], &png[20..24]), (&400u32.to_be_bytes()[..], &400u32.to_be_bytes()[..]));
    }
    for other in ["0", "7", "-1", "x", "99999999999999999999"] {
        let response = service.http.get(format!("{}/avatars/{other}.png", service.url)).send().await.unwrap();
        assert_eq!(response.status(), 404, "{other}");
    }
}

#[tokio::test]
async fn a_change_of_a_profile_touches_only_what_is_sent() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list = json!([{"user_id": "u", "role": "student", "nickname": "n", "gender": "male", "phone_no": "110",
        "avatar": "https://example.com/a", "e_mail": "a@b", "password": "password"}]);
    enterprise.ok("user/register", json!({"list": list})).await;
    let (mut expected, row) = (enterprise.user("u").await, enterprise.row("u").await);
    for (field, value) in [
        ("role", json!("admin")),
        ("nickname", json!("other")),
        ("gender", json!("female")),
        ("avatar", json!("https://example.com/b")),
        ("phone_no", json!("112")),
        ("phone_no", json!("")),
        ("e_mail", json!("c@d")),
        ("e_mail", json!("")),
    ] {
        service.pass(1);
        enterprise.ok("user/profile/modify", json!({"user_id": "u", field: value})).await;
        expected[field] = value;
        expected["update_time"] = service.now().into();
        assert_eq!(enterprise.user("u").await, expected, "{field}");
    }
    // null counts as absent, and fields that are not in the profile do not change.
    service.pass(1);
    let nulls = json!({"user_id": "u", "role": null, "nickname": null, "gender": null, "avatar": null, "phone_no": null,
        "e_mail": null, "password": null, "user_token": "x", "regist_time": 1});
    enterprise.ok("user/profile/modify", nulls).await;
    expected["update_time"] = service.now().into();
    assert_eq!(enterprise.user("u").await, expected);
    let after = enterprise.row("u").await;
    assert_eq!((after.token_hash, after.password_hash), (row.token_hash, row.password_hash));
    // Without their own picture, users have a default picture again.
    enterprise.ok("user/profile/modify", json!({"user_id": "u", "avatar": ""})).await;
    assert!(enterprise.user("u").await["avatar"].as_str().unwrap().starts_with(&service.url));
    enterprise.refused("user/profile/modify", json!({"user_id": "nobody", "nickname": "x"}), 10215).await;
    let message = enterprise.refused("user/info", json!({"user_id": "nobody"}), 10215).await;
    assert!(message.contains("nobody"), "{message}");
}
