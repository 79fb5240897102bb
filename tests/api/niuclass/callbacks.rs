//! Callbacks to organizations: signed, in order, retried, and independent of the enterprise's callbacks.

use std::time::{Duration, Instant};

use lectern::domain::ids::OrganizationId;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::webhook_secret;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use super::partner::Partner;
use crate::support::PATIENCE;
use crate::support::component::Component;
use crate::support::receiver::{Receiver, Reply, Request};
use crate::support::service::{BEGIN, Enterprise, Service};
use crate::support::webhooks;

/// Answers with 2xx and an unreadable body.
fn receiver() -> Receiver {
    Receiver::answering(|_| Reply::Whole(204, "text/plain", String::new()))
}

async fn say(partner: &Partner<'_>, course: i64, text: &str) {
    let body = json!({"name": "n", "text": text, "avatar": "", "timestamp": BEGIN});
    partner.expect(200, Method::POST, &format!("/api/course/{course}/customim"), body).await;
}

fn texts(requests: &[std::sync::Arc<Request>]) -> Vec<String> {
    let said = requests.iter().filter(|request| request.body["type"] == "im");
    said.map(|request| request.body["data"]["content"].as_str().unwrap().to_owned()).collect()
}

/// The secret that signs the deliveries of an organization.
async fn secret(enterprise: &Enterprise<'_>, organization: i64) -> String {
    let (sdkappid, receiver) =
        (enterprise.sdkappid, webhook_secret::Receiver::Organization(OrganizationId(organization)));
    let read = move |conn: &mut _| webhook_secret::require(conn, sdkappid, receiver);
    enterprise.service.app.db.read(read).await.unwrap().webhook_secret
}

/// Whether a secret proves the body of a request.
fn proves(request: &Request, secret: &str) -> bool {
    let mut headers = HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.insert(name, request.header(name).parse().unwrap());
    }
    Webhook::new(secret).unwrap().verify(request.raw.as_bytes(), &headers).is_ok()
}

#[tokio::test]
async fn each_organization_has_a_secret_of_its_own_which_the_operator_rotates() {
    let service = webhooks::start_now(&[]);
    let receiver = receiver();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let mut secrets = Vec::new();
    for _ in 0..2 {
        let organization = partner.organization(json!({"callback_url": receiver.url})).await;
        partner.course(organization).await;
        secrets.push((organization, secret(&enterprise, organization).await));
    }
    let of_enterprise = enterprise_secret(&enterprise).await;
    let requests = receiver.wait_for(2).await;
    let proved: Vec<[bool; 3]> = requests
        .iter()
        .map(|request| [&secrets[0].1, &secrets[1].1, &of_enterprise].map(|secret| proves(request, secret)))
        .collect();
    assert!(proved.contains(&[true, false, false]) && proved.contains(&[false, true, false]), "{proved:?}");

    let (sdkappid, id) = (enterprise.sdkappid.to_string(), secrets[0].0.to_string());
    let organization = |args: &[&str]| -> Value {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_lectern"))
            .arg("organization")
            .args(args)
            .args(["--json", "--database-url", service.database_url()])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let rotated = organization(&["rotate-webhook-secret", &sdkappid, &id]);
    assert_eq!(rotated["organization_id"], secrets[0].0);
    let new = rotated["webhook_secret"].as_str().unwrap();
    assert_ne!(new, secrets[0].1);
    let listed = organization(&["list", &sdkappid, "--secrets"]);
    assert_eq!(listed[0]["webhook_secret"], new);
    assert_eq!(listed[1]["webhook_secret"], secrets[1].1.as_str());
    assert_eq!(organization(&["list", &sdkappid])[0]["webhook_secret"], "********");
    partner.course(secrets[0].0).await;
    let requests = receiver.wait_for(3).await;
    assert!(proves(&requests[2], new) && proves(&requests[2], &secrets[0].1), "both are good in the grace period");
}

async fn enterprise_secret(enterprise: &Enterprise<'_>) -> String {
    let sdkappid = enterprise.sdkappid;
    let read = move |conn: &mut _| lectern::domain::tenancy::enterprise::require(conn, sdkappid);
    enterprise.service.app.db.read(read).await.unwrap().webhook_secret
}

#[tokio::test]
async fn the_headers_prove_the_body() {
    // The verifying library uses the system clock.
    let service = webhooks::start_now(&[]);
    let receiver = receiver();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({"callback_url": format!("{}?key=1", receiver.url)})).await;
    partner.course(organization).await;
    let published = receiver.wait_for(1).await;
    let request = &published[0];
    assert_eq!(request.query.iter().collect::<Vec<_>>(), [(&"key".to_owned(), &"1".to_owned())]);
    let mut headers = HeaderMap::new();
    for name in ["webhook-id", "webhook-signature"] {
        headers.insert(name, request.header(name).parse().unwrap());
    }
    headers.insert("webhook-timestamp", request.header("webhook-timestamp").parse().unwrap());
    let verifier = Webhook::new(&secret(&enterprise, organization).await).unwrap();
    verifier.verify(request.raw.as_bytes(), &headers).unwrap();
    assert!(verifier.verify(b"{}", &headers).is_err());
}

#[tokio::test]
async fn what_is_not_received_is_tried_again_before_what_comes_after() {
    let service = webhooks::start(&[]);
    let receiver = Receiver::answering(|_| Reply::Whole(500, "text/plain", String::new()));
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let course = partner.course(organization).await;
    partner.put(&format!("/api/organization/{organization}"), json!({"callback_url": receiver.url})).await;
    say(&partner, course, "first").await;
    receiver.wait_for(1).await;
    say(&partner, course, "second").await;
    receiver.answer(|_| Reply::Whole(200, "text/html", "<p>ok".into()));
    // Retried after a minute.
    retried(&service, &receiver).await;
    let published =
        receiver.wait_until("both", |requests| texts(requests).last().is_some_and(|last| last == "second")).await;
    assert_eq!(texts(&published), ["first", "first", "second"]);
    let attempts: Vec<i64> = published.iter().map(|request| request.number("lectern-attempt")).collect();
    assert_eq!(attempts, [1, 2, 1]);
}

/// Advances the clock by minutes until the receiver gets another request.
async fn retried(service: &Service, receiver: &Receiver) {
    let before = receiver.requests().len();
    let wait = async {
        while receiver.requests().len() == before {
            service.pass(60);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "never tried again");
}

#[tokio::test]
async fn an_enterprise_and_its_organizations_each_receive_events_in_their_own_form() {
    let service = webhooks::start(&[]);
    let (own, first, second) = (Receiver::start(), receiver(), receiver());
    let enterprise = service.enterprise().await;
    enterprise.set(webhooks::address(&own.url)).await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let mut courses = Vec::new();
    for receiver in [&first, &second] {
        let organization = partner.organization(json!({"callback_url": receiver.url})).await;
        let course = partner.course(organization).await;
        let (user, member) = partner.member(organization, "teacher", "13000000001").await;
        partner.put(&format!("/api/course/{course}/members/{member}"), json!({"role": "teacher"})).await;
        let times = json!([{"start": BEGIN + 86_400, "class_start": "12:00", "repeat": "none"}]);
        partner.times(course, 2700, 0, times).await;
        courses.push((course, user));
    }
    let renewed = enterprise.ok("user/token/update", json!({"user_id": courses[0].1.to_string()})).await;
    let token = renewed["user_token"].as_str().unwrap();
    let teacher = Component::of(&enterprise, &courses[0].1.to_string(), token);
    let listed = enterprise.ok("class/list", json!({})).await["list"].clone();
    for class in listed.as_array().unwrap() {
        for call in ["class/start", "class/stop"] {
            teacher.ok(call, json!({"class_id": class["class_id"]})).await;
        }
    }
    for (receiver, (course, _)) in [&first, &second].into_iter().zip(&courses) {
        let published = receiver.wait_for(3).await;
        assert!(published.iter().all(|request| request.body.as_object().unwrap().keys().eq(["data", "type"])));
        let types: Vec<&Value> = published.iter().map(|request| &request.body["type"]).collect();
        assert_eq!(types, [&json!("create_course"), &json!("live_start"), &json!("live_stop")]);
        assert_eq!(published[1].body["data"], json!({"course_id": course}));
    }
    let published = own.wait_for(4).await;
    let mut events: Vec<&str> = published.iter().map(|request| request.event()).collect();
    events.sort_unstable();
    assert_eq!(events, ["class_begin", "class_begin", "class_over", "class_over"]);
    // The enterprise's list contains only its own deliveries.
    let rows = webhooks::wait_for_state(&enterprise, "delivered", 4).await;
    assert!(rows.iter().all(|row| row["event"].as_str().unwrap().starts_with("class_")));
}

#[tokio::test]
async fn a_signed_call_that_begins_a_lesson_is_not_published_unless_configured() {
    let service = webhooks::start(&[]);
    let receiver = receiver();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let course = partner.course(organization).await;
    partner.put(&format!("/api/organization/{organization}"), json!({"callback_url": receiver.url})).await;
    let times = json!([{"start": BEGIN + 86_400, "class_start": "12:00", "repeat": "daily"}]);
    partner.times(course, 2700, 2, times).await;
    let listed = enterprise.ok("class/list", json!({})).await["list"].clone();
    for class in listed.as_array().unwrap() {
        for call in ["class/start", "class/stop"] {
            enterprise.ok(call, json!({"class_id": class["class_id"]})).await;
        }
        enterprise.set(Patch { callback_on_api: Some(true), ..Patch::default() }).await;
    }
    let published = receiver.wait_for(2).await;
    let types: Vec<&Value> = published.iter().map(|request| &request.body["type"]).collect();
    assert_eq!(types, [&json!("live_start"), &json!("live_stop")]);
}

#[tokio::test]
async fn an_organization_without_an_address_receives_nothing_and_a_paused_one_receives_later() {
    let service = webhooks::start(&[]);
    let receiver = receiver();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let course = partner.course(organization).await;
    say(&partner, course, "nobody hears").await;
    let path = format!("/api/organization/{organization}");
    partner.put(&path, json!({"callback_url": receiver.url})).await;
    enterprise.set(webhooks::paused(true)).await;
    say(&partner, course, "heard later").await;
    enterprise.set(webhooks::paused(false)).await;
    say(&partner, course, "heard").await;
    receiver.wait_for(2).await;
    partner.put(&path, json!({"callback_url": ""})).await;
    say(&partner, course, "nobody hears").await;
    partner.put(&path, json!({"callback_url": receiver.url})).await;
    say(&partner, course, "last").await;
    assert_eq!(texts(&receiver.wait_for(3).await), ["heard later", "heard", "last"]);
}

#[tokio::test]
async fn operators_see_and_replay_the_deliveries_of_organizations() {
    let service = webhooks::start_now(&[]);
    let receiver = receiver();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({"callback_url": receiver.url})).await;
    let course = partner.course(organization).await;
    receiver.wait_for(1).await;
    let sdkappid = enterprise.sdkappid.to_string();
    let deadline = Instant::now() + PATIENCE;
    let row = loop {
        let printed = webhooks::command(&service, &["list", &sdkappid, "--json"]).unwrap();
        let rows: Value = serde_json::from_str(&printed).unwrap();
        if rows[0]["state"] == "delivered" {
            break rows[0].clone();
        }
        assert!(Instant::now() < deadline, "never delivered: {rows}");
    };
    assert_eq!((&row["event"], &row["organization_id"]), (&json!("create_course"), &json!(organization)));
    assert_eq!(row["data"]["id"], course);
    let delivery_id = row["delivery_id"].to_string();
    let shown: Value =
        serde_json::from_str(&webhooks::command(&service, &["show", &delivery_id, "--json"]).unwrap()).unwrap();
    assert_eq!((&shown["attempt_list"][0]["status"], &shown["event"]), (&json!(204), &json!("create_course")));
    webhooks::command(&service, &["replay", &delivery_id]).unwrap();
    let published = receiver.wait_for(2).await;
    assert_eq!(published[0].raw, published[1].raw);
    // The enterprise's calls do not return it, because it belongs to another protocol.
    enterprise.refused("callback/info", json!({"delivery_id": row["delivery_id"]}), 10003).await;
}
