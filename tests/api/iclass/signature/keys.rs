//! Which keys are valid for which enterprise, also during a rotation.

use lectern::domain::tenancy::enterprise;
use lectern::protocol::iclass::sign::sign;
use lectern::service::delete_enterprise::delete_enterprise;
use serde_json::json;

use super::validity::with_time;
use super::{ask, code};
use crate::support::service::{BEGIN, Enterprise, Service};

pub async fn with_key(enterprise: &Enterprise<'_>, key: &str, expire_time: i64) -> i64 {
    let (sdkappid, sign) = (enterprise.sdkappid, sign(key, expire_time));
    let query = format!("sdkappid={sdkappid}&random=1&expire_time={expire_time}&sign={sign}");
    code(enterprise.service, &query, "").await
}

#[tokio::test]
async fn the_key_of_another_enterprise_is_refused() {
    let service = Service::start();
    let (one, other) = (service.enterprise().await, service.enterprise().await);
    assert_ne!(one.tic_key, other.tic_key);
    assert_eq!(with_key(&one, &other.tic_key, BEGIN + 60).await, 10217);
    assert_eq!(with_key(&other, &one.tic_key, BEGIN + 60).await, 10217);
    assert_eq!(with_key(&other, &other.tic_key, BEGIN + 60).await, 0);
}

#[tokio::test]
async fn an_unknown_sdkappid_has_a_code_of_its_own() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let time = BEGIN + 60;
    let rest = format!("random=1&expire_time={time}&sign={}", sign(&enterprise.tic_key, time));
    let wrap = i128::from(enterprise.sdkappid) + (1_i128 << 64);
    for id in [
        String::new(),
        "sdkappid&".into(),
        "sdkappid=&".into(),
        "sdkappid=1&".into(),
        "sdkappid=0&".into(),
        "sdkappid=-1&".into(),
        "sdkappid=abc&".into(),
        "sdkappid=1.5&".into(),
        format!("sdkappid={}x&", enterprise.sdkappid),
        format!("sdkappid={}%00&", enterprise.sdkappid),
        format!("sdkappid={}&", enterprise.sdkappid + 1),
        format!("sdkappid={}&", enterprise.enterprise_id),
        format!("sdkappid={wrap}&"),
        "sdkappid=%27%20OR%201=1--&".into(),
    ] {
        let (code, message) = ask(&service, &format!("{id}{rest}"), "").await;
        assert_eq!(code, 10270, "{id}");
        assert!(message.starts_with("sdkappid"), "{id}: {message}");
    }
    // Only the query identifies the caller.
    let body = json!({"sdkappid": enterprise.sdkappid}).to_string();
    assert_eq!(code(&service, &rest, &body).await, 10270);
    assert_eq!(code(&service, &format!("sdkappid={}&{rest}", enterprise.sdkappid), &body).await, 0);
}

#[tokio::test]
async fn an_old_key_is_good_within_its_grace_and_the_new_one_at_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let first = rotate(&enterprise, 3600).await;
    assert_ne!(first, enterprise.tic_key);
    for key in [&enterprise.tic_key, &first] {
        assert_eq!(with_key(&enterprise, key, service.now() + 60).await, 0);
    }
    service.pass(3600);
    for key in [&enterprise.tic_key, &first] {
        assert_eq!(with_key(&enterprise, key, service.now() + 60).await, 0);
    }
    service.pass(1);
    assert_eq!(with_key(&enterprise, &enterprise.tic_key, service.now() + 60).await, 10217);
    assert_eq!(with_key(&enterprise, &first, service.now() + 60).await, 0);

    // After another rotation, only the previous key has a grace period.
    let second = rotate(&enterprise, 3600).await;
    let third = rotate(&enterprise, 0).await;
    assert_eq!(with_key(&enterprise, &first, service.now() + 60).await, 10217);
    assert_eq!(with_key(&enterprise, &third, service.now() + 60).await, 0);
    service.pass(1);
    assert_eq!(with_key(&enterprise, &second, service.now() + 60).await, 10217);
}

/// Gives the enterprise a new key and returns it.
async fn rotate(enterprise: &Enterprise<'_>, grace_seconds: i64) -> String {
    let (service, sdkappid, now) = (enterprise.service, enterprise.sdkappid, enterprise.service.clock.now());
    let rotated = service
        .app
        .db
        .write(move |conn| enterprise::rotate_key(conn, sdkappid, grace_seconds * 1000, now))
        .await
        .unwrap();
    service.app.enterprises.forget(sdkappid);
    rotated.tic_key
}

#[tokio::test]
async fn a_change_made_elsewhere_is_seen_within_a_second() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    assert_eq!(with_time(&enterprise, BEGIN + 60).await, 0);
    let sdkappid = enterprise.sdkappid;
    // Like another process, without notifying the service.
    service.app.db.write(move |conn| delete_enterprise(conn, sdkappid)).await.unwrap();
    service.pass(1);
    assert_eq!(with_time(&enterprise, BEGIN + 60).await, 10270);
}
