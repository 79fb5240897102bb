//! How long signatures and enterprises are valid.

use lectern::domain::tenancy::enterprise::Patch;
use serde_json::json;

use super::keys::with_key;
use super::{MAX_AGE, code};
use crate::support::service::{BEGIN, Enterprise, Service};

/// The `error_code` of a correct signature with this `expire_time`.
pub async fn with_time(enterprise: &Enterprise<'_>, expire_time: i64) -> i64 {
    with_key(enterprise, &enterprise.tic_key, expire_time).await
}

#[tokio::test]
async fn a_signature_is_good_until_its_time_and_not_after() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    assert_eq!(with_time(&enterprise, BEGIN).await, 0);
    service.clock.set(BEGIN * 1000 + 999);
    assert_eq!(with_time(&enterprise, BEGIN).await, 0, "still the same second");
    assert_eq!(with_time(&enterprise, BEGIN - 1).await, 10217);
    service.pass(1);
    assert_eq!(with_time(&enterprise, BEGIN).await, 10217);
    for old in [1_548_247_837, 1, 0, -1, i64::MIN] {
        assert_eq!(with_time(&enterprise, old).await, 10217, "{old}");
    }
}

#[tokio::test]
async fn a_signature_may_be_good_for_a_week_and_no_longer() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    assert_eq!(with_time(&enterprise, BEGIN + MAX_AGE).await, 0);
    for far in [BEGIN + MAX_AGE + 1, BEGIN * 1000, i64::MAX] {
        assert_eq!(with_time(&enterprise, far).await, 10217, "{far}");
    }
    service.pass(1);
    assert_eq!(with_time(&enterprise, BEGIN + MAX_AGE + 1).await, 0);
}

#[tokio::test]
async fn how_long_a_signature_may_be_good_is_a_setting() {
    let service = Service::start_with(&["--sign-max-age-seconds", "60"]);
    let enterprise = service.enterprise().await;
    assert_eq!(with_time(&enterprise, BEGIN + 60).await, 0);
    assert_eq!(with_time(&enterprise, BEGIN + 61).await, 10217);
}

#[tokio::test]
async fn an_enterprise_past_its_validity_is_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.set(Patch { valid_seconds: Some(7200), ..Patch::default() }).await;
    service.pass(7200);
    enterprise.ok("business/info", json!({})).await;
    service.pass(1);
    let message = enterprise.refused("business/info", json!({}), 10203).await;
    assert!(message.contains(&enterprise.sdkappid.to_string()), "{message}");
    enterprise.refused("class/create", json!({"teacher_id": "t"}), 10203).await;
    // A wrong signature does not reveal that the enterprise has expired.
    let query = format!("sdkappid={}&expire_time={}&sign=0", enterprise.sdkappid, service.now() + 60);
    assert_eq!(code(&service, &query, "").await, 10217);
    enterprise.set(Patch { valid_seconds: Some(7201), ..Patch::default() }).await;
    enterprise.ok("business/info", json!({})).await;
}
