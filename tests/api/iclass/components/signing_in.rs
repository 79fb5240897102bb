//! How a component signs in, and how long its token is valid.

use lectern::domain::tenancy::enterprise::{Draft, Patch};
use serde_json::json;

use crate::support::calls::COMPONENT_CALLS;
use crate::support::component::{Component, from_page};
use crate::support::service::{Enterprise, Service};

const DAY: i64 = 86_400;

/// Registers a user with a password and returns the `user_token`.
async fn with_password(enterprise: &Enterprise<'_>, user_id: &str, password: &str) -> String {
    let list = json!({"list": [{"user_id": user_id, "role": "student", "password": password}]});
    let registered = enterprise.ok("user/register", list).await;
    registered["user_list"][0]["user_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_component_learns_the_enterprise_before_it_knows_any() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.set(Patch { icon: Some("https://school.example.com/i.png".into()), ..Patch::default() }).await;
    let page = Component::of_nobody(&service);
    assert_eq!(
        page.call("business/base/info", json!({"enterprise_id": enterprise.enterprise_id})).await,
        json!({"error_code": 0, "error_msg": "", "sdkappid": enterprise.sdkappid, "name": "Test",
            "icon": "https://school.example.com/i.png"})
    );
    page.refused("business/base/info", json!({"enterprise_id": 999_999}), 10270).await;
    page.refused("business/base/info", json!({}), 10003).await;
}

#[tokio::test]
async fn a_user_signs_in_with_the_user_token_or_the_password() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let user_token = with_password(&enterprise, "li", "secret1").await;
    let page = Component::of(&enterprise, "li", "");
    for (password, published) in [(user_token.as_str(), user_token.as_str()), ("secret1", "")] {
        let answer = page.ok("user/login", json!({"userid": "li", "password": password})).await;
        assert_eq!(answer.as_object().unwrap().len(), 7);
        assert_eq!(
            (&answer["sdkappid"], &answer["user_id"], &answer["user_token"]),
            (&json!(enterprise.sdkappid), &json!("li"), &json!(published))
        );
        assert!(answer["user_sig"].as_str().unwrap().len() > 100);
        let token = answer["token"].as_str().unwrap();
        assert_eq!(token.len(), 32);
        let me = Component::of(&enterprise, "li", token).ok("user/info", json!({})).await;
        assert_eq!(me["user_info"]["user_id"], "li");
    }
    // The user_token is also a token, together with the user id.
    Component::of(&enterprise, "li", &user_token).ok("user/info", json!({})).await;
    Component::of(&enterprise, "", &user_token).refused("user/info", json!({}), 10216).await;
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_after_many_none_is_checked() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    with_password(&enterprise, "li", "secret1").await;
    with_password(&enterprise, "wang", "secret2").await;
    let page = Component::of(&enterprise, "li", "");
    page.refused("user/login", json!({"userid": "nobody", "password": "secret1"}), 10218).await;
    let wrong = json!({"userid": "li", "password": "wrong"});
    let right = json!({"userid": "li", "password": "secret1"});
    page.refused("user/login", wrong.clone(), 10218).await;
    page.ok("user/login", right.clone()).await;
    for _ in 0..10 {
        page.refused("user/login", wrong.clone(), 10218).await;
    }
    page.refused("user/login", right.clone(), 10211).await;
    page.ok("user/login", json!({"userid": "wang", "password": "secret2"})).await;
    service.pass(1);
    page.refused("user/login", wrong, 10218).await;
    service.pass(1);
    page.refused("user/login", right.clone(), 10211).await;
    service.pass(1);
    page.ok("user/login", right).await;
}

#[tokio::test]
async fn a_token_ends_after_a_week() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "student").await;
    service.pass(7 * DAY - 1);
    li.ok("user/info", json!({})).await;
    service.pass(1);
    li.refused("user/info", json!({}), 10216).await;
}

#[tokio::test]
async fn a_renewed_user_token_ends_every_token_of_the_user() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let user_token = with_password(&enterprise, "li", "secret1").await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    let mut li = Component::of(&enterprise, "li", "");
    li.token =
        li.ok("user/login", json!({"userid": "li", "password": "secret1"})).await["token"].as_str().unwrap().into();
    let renewed = enterprise.ok("user/token/update", json!({"user_id": "li"})).await["user_token"].clone();
    for dead in [&li.token, &user_token] {
        Component::of(&enterprise, "li", dead).refused("user/info", json!({}), 10216).await;
    }
    li.refused("user/login", json!({"userid": "li", "password": user_token}), 10218).await;
    li.ok("user/login", json!({"userid": "li", "password": "secret1"})).await;
    Component::of(&enterprise, "li", renewed.as_str().unwrap()).ok("user/info", json!({})).await;
    wang.ok("user/info", json!({})).await;
}

#[tokio::test]
async fn a_token_is_of_one_user_of_one_enterprise() {
    let service = Service::start();
    let (one, other) = (service.enterprise().await, service.enterprise().await);
    let li = Component::register(&one, "li", "student").await;
    let stranger = Component::register(&other, "li", "student").await;
    for call in COMPONENT_CALLS.iter().map(|call| call.name) {
        if ["business/base/info", "user/login", "user/visitor/get", "member/visitor/join"].contains(&call) {
            continue;
        }
        for (enterprise, user_id, token) in [
            (&one, "li", stranger.token.as_str()),
            (&other, "li", &li.token),
            (&other, "", &li.token),
            (&one, "wang", &li.token),
            (&one, "li", ""),
            (&one, "li", "0"),
        ] {
            let message = Component::of(enterprise, user_id, token).refused(call, json!({}), 10216).await;
            assert!(message.contains("token") && !message.contains(&li.token), "{message}");
        }
        Component { sdkappid: 999, ..Component::of(&one, "li", &li.token) }.refused(call, json!({}), 10270).await;
    }
    // The token alone identifies the user.
    let named = Component::of(&one, "", &li.token).ok("user/info", json!({})).await;
    assert_eq!(named["user_info"]["user_id"], "li");
}

#[tokio::test]
async fn an_enterprise_whose_validity_is_over_has_no_components() {
    let service = Service::start();
    let enterprise = service.enterprise_of(Draft { valid_seconds: Some(60), ..Draft::default() }).await;
    let class_id = enterprise.class(json!({})).await;
    let li = Component::register(&enterprise, "li", "student").await;
    service.pass(61);
    for (call, body) in [
        ("user/info", json!({})),
        ("user/login", json!({"userid": "li", "password": "x"})),
        ("user/visitor/get", json!({"class_id": class_id})),
    ] {
        li.refused(call, body, 10203).await;
    }
    // A page that doesn't know the enterprise finds none.
    let page = Component::of_nobody(&service);
    page.refused("business/base/info", json!({"enterprise_id": enterprise.enterprise_id}), 10270).await;
    page.refused("user/visitor/get", json!({"class_id": class_id}), 10230).await;
}

#[tokio::test]
async fn the_sign_of_the_body_is_checked_as_the_operator_wants() {
    for (mode, missing, wrong) in [("check", 0, 10217), ("require", 10217, 10217), ("off", 0, 0)] {
        let service = Service::start_with(&["--component-sign", mode]);
        let enterprise = service.enterprise().await;
        let li = Component::register(&enterprise, "li", "student").await;
        let body = from_page(&json!({}));
        let url = li.url("user/info", &body);
        let (unsigned, _) = url.rsplit_once("&sign=").unwrap();
        let upper = format!("{unsigned}&sign={:X}", md5::compute(&body));
        for (url, code) in [
            (url.clone(), 0),
            (unsigned.to_owned(), missing),
            (format!("{unsigned}&sign="), missing),
            (li.url("user/info", "{}"), wrong),
            (upper, wrong),
        ] {
            let answer = li.post(url, body.clone()).await;
            assert_eq!(answer["error_code"], code, "{mode}: {answer}");
        }
    }
}
