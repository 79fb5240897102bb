//! How often something may be done, for each address, account and enterprise.

use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::settings::{ChatPatch, Registration, RoomPatch};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, PASSWORD, doors, people, sign_in};
use crate::support::component::{Component, from_page};
use crate::support::service::{Enterprise, Service};

/// Everybody comes through a proxy.
fn start(flags: &[&str]) -> Service {
    Service::start_with(&[&["--trusted-proxies", "127.0.0.1"], flags].concat())
}

/// Sends a body from an address, as a component without a token.
async fn from_stranger(enterprise: &Enterprise<'_>, call: &str, body: Value, from: &str) -> Answer {
    let Service { http, url, .. } = enterprise.service;
    let url = format!("{url}/saas/v1/{call}?sdkappid={}", enterprise.sdkappid);
    Answer::to(http.post(url).body(from_page(&body)).header("X-Forwarded-For", from)).await
}

/// Sends a command of a room client from an address.
async fn command(enterprise: &Enterprise<'_>, svc: &str, cmd: &str, mut fields: Value, from: &str) -> Answer {
    let Service { http, url, .. } = enterprise.service;
    fields["appid"] = enterprise.sdkappid.into();
    fields["timeStamp"] = 1.into();
    let url = format!("{url}/index.php?svc={svc}&cmd={cmd}");
    Answer::to(http.post(url).body(fields.to_string()).header("X-Forwarded-For", from)).await
}

#[tokio::test]
async fn visitors_are_limited_for_each_address_and_enterprise() {
    let flags = ["--limit-visitors-per-address", "3/h", "--limit-visitors-per-enterprise", "5/h"];
    let service = start(&flags);
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let class_id = enterprise.class(json!({"class_type": "public"})).await;
    let elsewhere = other.class(json!({"class_type": "public"})).await;
    for call in ["user/visitor/get", "member/visitor/join", "user/visitor/get"] {
        from_stranger(&enterprise, call, json!({ "class_id": class_id }), "192.0.2.1").await.expect(200, 0);
    }
    for call in ["user/visitor/get", "member/visitor/join"] {
        let refused = from_stranger(&enterprise, call, json!({ "class_id": class_id }), "192.0.2.1").await;
        refused.expect_wait(200, 10290, 1200);
        assert_eq!(refused.body["error_msg"], "too many new visitors; try again in 1200 s");
    }
    from_stranger(&enterprise, "user/visitor/get", json!({ "class_id": class_id }), "192.0.2.2").await.expect(200, 0);
    // The enterprise's own calls count for the enterprise only.
    enterprise.ok("member/visitor/join", json!({ "class_id": class_id })).await;
    enterprise.refused("member/visitor/join", json!({ "class_id": class_id }), 10290).await;
    from_stranger(&enterprise, "user/visitor/get", json!({ "class_id": class_id }), "192.0.2.3")
        .await
        .expect(200, 10290);
    from_stranger(&other, "user/visitor/get", json!({ "class_id": elsewhere }), "192.0.2.3").await.expect(200, 0);
    service.pass(1200);
    from_stranger(&enterprise, "user/visitor/get", json!({ "class_id": class_id }), "192.0.2.1").await.expect(200, 0);
}

#[tokio::test]
async fn signing_in_is_limited_for_each_address_and_account() {
    for (flag, others) in [("--limit-sign-ins-per-address", false), ("--limit-sign-ins-per-account", true)] {
        let service = start(&[flag, "3/h"]);
        let enterprise = service.enterprise().await;
        people(&enterprise).await;
        for door in doors() {
            let from = format!("192.0.2.{}", door.name.len());
            for _ in 0..3 {
                sign_in(&enterprise, &door, "li", PASSWORD, &from).await.expect(door.right.0, door.right.1.clone());
            }
            let (status, code) = match door.name {
                "iclass" => (200, json!(10290)),
                "suixinbo" => (200, json!(10108)),
                _ => (429, json!("TOO_MANY_REQUESTS")),
            };
            sign_in(&enterprise, &door, "li", PASSWORD, &from).await.expect_wait(status, code.clone(), 1200);
            let wang = sign_in(&enterprise, &door, "wang", PASSWORD, &from).await;
            assert_eq!((wang.status, &wang.code) != (status, &code), others, "{wang:?}");
            let elsewhere = sign_in(&enterprise, &door, "li", PASSWORD, "198.51.100.1").await;
            elsewhere.expect(door.right.0, door.right.1.clone());
            service.pass(3600);
        }
    }
}

#[tokio::test]
async fn registrations_and_rooms_are_limited() {
    let flags = ["--limit-registrations-per-address", "2/h", "--limit-registrations-per-enterprise", "3/h"];
    let service = start(&[&flags[..], &["--limit-rooms-per-account", "2/h"]].concat());
    let enterprise = service.enterprise().await;
    people(&enterprise).await;
    let rooms = RoomPatch { registration: Some(Registration::Pupils), ..RoomPatch::default() };
    enterprise.set(Patch { rooms, ..Patch::default() }).await;
    let regist = async |id: &str, from| {
        command(&enterprise, "account", "regist", json!({"id": id, "pwd": "x", "role": 0}), from).await
    };
    for id in ["s1", "s2"] {
        regist(id, "192.0.2.1").await.expect(200, 0);
    }
    regist("s3", "192.0.2.1").await.expect_wait(200, 10108, 1800);
    regist("s3", "192.0.2.2").await.expect(200, 0);
    regist("s4", "192.0.2.3").await.expect_wait(200, 10108, 1200);

    let [_, suixinbo, _] = doors();
    let signed_in = sign_in(&enterprise, &suixinbo, "li", PASSWORD, "192.0.2.1").await;
    let room = json!({"token": signed_in.body["data"]["token"], "title": "Fractions"});
    for _ in 0..2 {
        command(&enterprise, "live", "create", room.clone(), "192.0.2.1").await.expect(200, 0);
    }
    command(&enterprise, "live", "create", room.clone(), "192.0.2.9").await.expect_wait(200, 10108, 1800);
}

#[tokio::test]
async fn reports_and_messages_are_limited_for_each_account_and_heartbeats_are_not() {
    let flags = ["--limit-reports-per-account", "3/m", "--limit-report-kib-per-account", "8/m"];
    let service = start(&[&flags[..], &["--limit-messages-per-account", "3/m"]].concat());
    let enterprise = service.enterprise().await;
    let (li, wang) = (
        Component::register(&enterprise, "li", "teacher").await,
        Component::register(&enterprise, "wang", "student").await,
    );
    let class_id = enterprise.class(json!({"teacher_id": "li", "class_type": "public"})).await;
    let class = json!({ "class_id": class_id });
    for component in [&li, &wang] {
        component.ok("member/join", class.clone()).await;
        for _ in 0..3 {
            component.ok("report/event", json!({"class_id": class_id, "event": "camera_open"})).await;
            component.ok("imstorage/send", json!({"class_id": class_id, "msg_type": "text", "content": "hello"})).await;
        }
        component.refused("report/event", json!({"class_id": class_id, "event": "camera_open"}), 10290).await;
        component
            .refused("imstorage/send", json!({"class_id": class_id, "msg_type": "text", "content": "hello"}), 10290)
            .await;
        for _ in 0..10 {
            component.call("report/heartbeat", class.clone()).await;
            let beat = component.call("report/heartbeat", class.clone()).await;
            assert_eq!(beat["error_code"], 0, "{beat}");
        }
    }
    service.pass(60);
    let large = json!({"class_id": class_id, "event": "note", "data": {"text": "x".repeat(5 * 1024)}});
    li.ok("report/event", large.clone()).await;
    li.refused("report/event", large.clone(), 10290).await;
    wang.ok("report/event", large).await;
}

#[tokio::test]
async fn an_enterprise_has_its_rate_of_new_classes() {
    let service = start(&["--limit-classes-per-enterprise", "2/h"]);
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    for _ in 0..2 {
        enterprise.class(json!({})).await;
    }
    let message = enterprise.refused("class/create", json!({"teacher_id": "t"}), 10290).await;
    assert_eq!(message, "too many new classes; try again in 1800 s");
    other.class(json!({})).await;
    service.pass(1800);
    enterprise.class(json!({})).await;
}

#[tokio::test]
async fn calls_without_a_token_are_limited_for_each_address() {
    let service = start(&["--limit-open-calls-per-address", "2/m"]);
    let enterprise = service.enterprise().await;
    let chat = ChatPatch { im_open: Some(true), chat_master_key: Some("key".into()), ..ChatPatch::default() };
    enterprise.set(Patch { chat, ..Patch::default() }).await;
    let url = format!("{}/signature/login/{}/li", service.url, enterprise.sdkappid);
    let sign =
        async |from: &str| Answer::to(service.http.request(Method::GET, &url).header("X-Forwarded-For", from)).await;
    for _ in 0..2 {
        assert_eq!(sign("192.0.2.1").await.status, 200);
    }
    sign("192.0.2.1").await.expect_wait(429, 1009, 30);
    assert_eq!(sign("192.0.2.2").await.status, 200);
    let url = format!("{}/saas/v1/business/base/info?sdkappid=0", service.url);
    let find = async |from: &str| {
        let call = service.http.request(Method::POST, &url).header("X-Forwarded-For", from);
        Answer::to(call.json(&json!({"enterprise_id": enterprise.enterprise_id}))).await
    };
    find("192.0.2.1").await.expect_wait(200, 10290, 30);
    assert_eq!(find("192.0.2.2").await.status, 200);
}

#[tokio::test]
async fn passwords_of_classes_are_limited_for_each_address_and_account() {
    let service = start(&["--limit-class-passwords-per-account", "3/h"]);
    let enterprise = service.enterprise().await;
    let (li, wang) = (
        Component::register(&enterprise, "li", "student").await,
        Component::register(&enterprise, "wang", "student").await,
    );
    let class_id = enterprise.class(json!({"class_type": "public", "password": "secret"})).await;
    let join = |password: &str| json!({"class_id": class_id, "password": password});
    for _ in 0..3 {
        li.refused("member/join", join("wrong"), 10225).await;
    }
    li.refused("member/join", join("secret"), 10290).await;
    wang.ok("member/join", join("secret")).await;
    service.pass(1200);
    li.ok("member/join", join("secret")).await;
}
