//! Logging in, and the validity of tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::{channel, secret};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use super::partner::{PASSWORD, Partner, check_refusal, log_in, make, try_to_log_in};
use crate::support::service::{BEGIN, Service};

const DAY: i64 = 86_400;

/// The claims of a token, without checking its signature.
fn claims(token: &str) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap()
}

/// A forged token.
fn forged(header: &Value, claims: &Value, key: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_token_says_what_the_document_shows_and_what_the_standard_asks_for() {
    let service = Service::start();
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    let claims = claims(&partner.token);
    assert!(claims["id"].is_i64());
    assert_eq!((&claims["issure_at"], &claims["iat"]), (&json!(BEGIN), &json!(BEGIN)));
    assert_eq!((&claims["expire"], &claims["exp"]), (&json!(BEGIN + DAY), &json!(BEGIN + DAY)));
}

#[tokio::test]
async fn a_token_is_good_for_a_day() {
    let service = Service::start();
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    service.pass(DAY - 1);
    partner.get("/api/courses").await;
    service.pass(1);
    partner.refused(401, Method::GET, "/api/courses", json!({})).await;
}

#[tokio::test]
async fn without_a_token_of_ours_nothing_is_answered() {
    let service = Service::start();
    let mut partner = Partner::of(&service.enterprise().await, "192321213").await;
    let good = claims(&partner.token);
    let hs256 = json!({"alg": "HS256", "typ": "JWT"});
    let unsigned = {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.", part(&json!({"alg": "none"})), part(&good))
    };
    let nobody = json!({"id": 999, "issure_at": BEGIN, "expire": BEGIN + 1, "iat": BEGIN, "exp": BEGIN + 1});
    let tokens = [
        String::new(),
        "x".into(),
        "a.b.c".into(),
        unsigned,
        forged(&hs256, &good, ""),
        forged(&hs256, &good, "another key"),
        forged(&hs256, &nobody, "another key"),
        format!("{}x", partner.token),
    ];
    for token in tokens {
        partner.token = token;
        partner.refused(401, Method::GET, "/api/courses", json!({})).await;
        partner.refused(401, Method::POST, "/api/organization", json!({"name": "x"})).await;
    }
    let response = service.http.get(format!("{}/api/courses", service.url)).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["www-authenticate"]),
        (401, &"Bearer".parse().unwrap())
    );
    check_refusal(&response.json().await.unwrap());
}

#[tokio::test]
async fn the_wrong_password_and_the_wrong_mobile_are_refused_alike() {
    let service = Service::start();
    make(&service.enterprise().await, "192321213").await;
    let (status, wrong) = try_to_log_in(&service, json!({"mobile": "192321213", "password": "wrong"})).await;
    assert_eq!(status, 401);
    check_refusal(&wrong);
    let nobody = try_to_log_in(&service, json!({"mobile": "nobody", "password": PASSWORD})).await;
    assert_eq!(nobody, (status, wrong));
    for body in [json!({}), json!({"mobile": "192321213"}), json!({"mobile": 1.5, "password": "x"}), json!([])] {
        let (status, answer) = try_to_log_in(&service, body).await;
        assert_eq!(status, 400);
        check_refusal(&answer);
    }
}

#[tokio::test]
async fn after_ten_wrong_passwords_the_right_one_has_to_wait() {
    let service = Service::start();
    make(&service.enterprise().await, "192321213").await;
    for _ in 0..10 {
        // Values of the maximum length are still checked and counted.
        let (status, _) = try_to_log_in(&service, json!({"mobile": "192321213", "password": "wrong"})).await;
        assert_eq!(status, 401);
    }
    let right = json!({"mobile": "192321213", "password": PASSWORD});
    let (status, answer) = try_to_log_in(&service, right).await;
    assert_eq!(status, 429);
    check_refusal(&answer);
    service.pass(1);
    log_in(&service, "192321213", PASSWORD).await;
}

#[tokio::test]
async fn tokens_end_with_the_password_they_were_given_for() {
    let service = Service::start();
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    // At the same moment: a token is bound to the password, not to its time.
    let (hash, now) = (secret::hash_password("another one").unwrap(), service.clock.now());
    let change = move |conn: &mut _| channel::set_password(conn, "192321213", hash, now);
    service.app.db.write(change).await.unwrap();
    partner.refused(401, Method::GET, "/api/courses", json!({})).await;
    let token = log_in(&service, "192321213", "another one").await["token"].as_str().unwrap().to_owned();
    Partner { token, ..partner }.get("/api/courses").await;
}

#[tokio::test]
async fn a_token_of_an_earlier_version_ends_with_the_second_in_which_the_password_is_set() {
    let service = Service::start();
    let mut partner = Partner::of(&service.enterprise().await, "192321213").await;
    let key = service.app.db.read(|conn| {
        let channel = channel::find(conn, "192321213")?.unwrap();
        Ok::<_, lectern::db::Error>(channel::access(conn, channel.channel_id).unwrap().unwrap().keys.jwt_key)
    });
    let mut claims = claims(&partner.token);
    claims.as_object_mut().unwrap().remove("credential").unwrap();
    partner.token = forged(&json!({"alg": "HS256", "typ": "JWT"}), &claims, &key.await.unwrap());
    partner.get("/api/courses").await;
    service.clock.set(service.clock.now() + 500);
    let (hash, now) = (secret::hash_password("another one").unwrap(), service.clock.now());
    let change = move |conn: &mut _| channel::set_password(conn, "192321213", hash, now);
    service.app.db.write(change).await.unwrap();
    partner.refused(401, Method::GET, "/api/courses", json!({})).await;
}

#[tokio::test]
async fn a_key_that_was_rotated_is_good_for_its_grace() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let (sdkappid, now) = (enterprise.sdkappid, service.clock.now());
    service.app.db.write(move |conn| channel::rotate_key(conn, sdkappid, 10_000, now)).await.unwrap();
    partner.get("/api/courses").await;
    service.pass(11);
    partner.refused(401, Method::GET, "/api/courses", json!({})).await;
    let token = log_in(&service, "192321213", PASSWORD).await["token"].as_str().unwrap().to_owned();
    Partner { token, ..partner }.get("/api/courses").await;
}

#[tokio::test]
async fn when_the_enterprise_is_no_longer_valid_its_channels_may_do_nothing() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    enterprise.set(Patch { valid_seconds: Some(1), ..Patch::default() }).await;
    service.pass(2);
    partner.refused(403, Method::GET, "/api/courses", json!({})).await;
    let (status, _) = try_to_log_in(&service, json!({"mobile": "192321213", "password": PASSWORD})).await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn a_call_that_does_not_exist_is_refused_in_the_form_of_the_protocol() {
    let service = Service::start();
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    for (method, path) in [
        (Method::GET, "/api/nothing"),
        (Method::GET, "/api/course/abc"),
        (Method::PUT, "/api/organization/99999999999999999999"),
        (Method::DELETE, "/api/courses"),
    ] {
        partner.refused(404, method, path, json!({})).await;
    }
    let response = service.http.get(format!("{}/login", service.url)).send().await.unwrap();
    assert_eq!(response.status(), 405);
    check_refusal(&response.json().await.unwrap());
}
