//! What an enterprise can see and change of its own settings.

use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::settings::CloudPatch;
use serde_json::{Value, json};

use crate::support::service::{BEGIN, Enterprise, Service};

impl Enterprise<'_> {
    /// `business/info` without the envelope.
    async fn business(&self) -> Value {
        let mut info = self.ok("business/info", json!({})).await;
        info.as_object_mut().unwrap().retain(|name, _| !name.starts_with("error_"));
        info
    }
}

#[tokio::test]
async fn an_enterprise_sees_all_of_itself() {
    let service = Service::start();
    let (first, second) = (service.enterprise().await, service.enterprise().await);
    service.pass(100);
    for enterprise in [&first, &second] {
        assert_eq!(
            enterprise.business().await,
            json!({"enterprise_id": enterprise.enterprise_id, "sdkappid": enterprise.sdkappid, "busi_type": "saas",
                "name": "Test", "contact_user": "", "phone_no": "", "e_mail": "", "create_time": BEGIN,
                "valid_time": 1_576_800_000, "super_admin": "", "icon": "", "tic_key": enterprise.tic_key,
                "private_key": enterprise.private_key, "bizid": 0, "call_back_url": "", "project_id": 0, "appid": 0,
                "secret_id": "", "secret_key": ""})
        );
    }
    assert_eq!((first.enterprise_id, second.enterprise_id), (10001, 10002));
    assert_ne!((&first.tic_key, &first.private_key), (&second.tic_key, &second.private_key));
}

#[tokio::test]
async fn a_change_of_an_enterprise_touches_only_what_is_sent() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let others = other.business().await;
    let mut expected = enterprise.business().await;
    let texts = [
        ("name", "新的企业名称"),
        ("contact_user", "someone"),
        ("phone_no", "+86 755"),
        ("e_mail", "a@b.example"),
        ("secret_id", "AKID"),
        ("secret_key", "key"),
        ("call_back_url", "https://school.example.com/events?x=1"),
    ];
    for (field, value) in texts {
        enterprise.ok("business/modify", json!({field: value})).await;
        expected[field] = value.into();
        assert_eq!(enterprise.business().await, expected, "{field}");
    }
    for (field, value) in [("appid", json!(1_250_000_000)), ("project_id", json!("7"))] {
        enterprise.ok("business/modify", json!({field: value})).await;
        expected[field] = if field == "appid" { value } else { json!(7) };
        assert_eq!(enterprise.business().await, expected, "{field}");
    }
    // null counts as absent, and fields that the enterprise may not change do not change.
    enterprise.ok("business/modify", json!({"name": null, "call_back_url": null, "appid": null})).await;
    let theirs = json!({"sdkappid": 1, "tic_key": "x", "private_key": "x", "enterprise_id": 1, "valid_time": 1, "bizid": 9,
        "busi_type": "x", "create_time": 1, "super_admin": "x", "icon": "x", "strict_schedule": true});
    enterprise.ok("business/modify", theirs).await;
    enterprise.ok("business/modify", json!({})).await;
    assert_eq!(enterprise.business().await, expected);
    // An empty string clears a field.
    for (field, _) in texts {
        enterprise.ok("business/modify", json!({field: ""})).await;
        expected[field] = "".into();
        assert_eq!(enterprise.business().await, expected, "{field}");
    }
    enterprise.ok("business/modify", json!({"appid": 0, "project_id": 0})).await;
    (expected["appid"], expected["project_id"]) = (json!(0), json!(0));
    assert_eq!(enterprise.business().await, expected);
    assert_eq!(other.business().await, others);
}

#[tokio::test]
async fn events_go_to_http_or_https_or_nowhere() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for good in ["http://example.com", "https://example.com:8443/a?b=c", "http://127.0.0.1:9000/", "http://[::1]/", ""]
    {
        enterprise.ok("business/modify", json!({"call_back_url": good})).await;
        assert_eq!(enterprise.business().await["call_back_url"], good);
    }
    enterprise.ok("business/modify", json!({"call_back_url": "https://example.com"})).await;
    for bad in [
        "example.com",
        "ftp://example.com",
        "http://",
        "https:example.com",
        "//example.com",
        "file:///tmp/x",
        " http://example.com",
        "新的回调地址",
    ] {
        let change = json!({"call_back_url": bad, "name": "changed"});
        let message = enterprise.refused("business/modify", change, 10003).await;
        assert!(message.contains("call_back_url"), "{message}");
    }
    let business = enterprise.business().await;
    assert_eq!((&business["call_back_url"], &business["name"]), (&json!("https://example.com"), &json!("Test")));
}

#[tokio::test]
async fn what_the_operator_sets_is_seen() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let patch = Patch {
        super_admin: Some("root".into()),
        icon: Some("https://example.com/icon.png".into()),
        cloud: CloudPatch { bizid: Some(5), ..CloudPatch::default() },
        valid_seconds: Some(1000),
        ..Patch::default()
    };
    enterprise.set(patch).await;
    let business = enterprise.business().await;
    assert_eq!(
        (&business["super_admin"], &business["icon"], &business["bizid"], &business["valid_time"]),
        (&json!("root"), &json!("https://example.com/icon.png"), &json!(5), &json!(1000))
    );
    service.pass(1000);
    enterprise.business().await;
    service.pass(1);
    let message = enterprise.refused("business/info", json!({}), 10203).await;
    assert!(message.contains(&enterprise.sdkappid.to_string()), "{message}");
    enterprise.refused("class/create", json!({"teacher_id": "t"}), 10203).await;
}
