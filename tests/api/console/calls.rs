//! Trying out calls in the console: they are signed by the service, and answered like real ones.

use lectern::domain::tenancy::audit::{AuditAction, Origin};
use lectern::domain::tenancy::operator::ConsoleRole;
use serde_json::{Value, json};

use super::deliveries::audited;
use crate::support::service::{Enterprise, Service};
use crate::support::visitor::{Page, Visitor};

fn base(enterprise: &Enterprise<'_>) -> String {
    format!("/e/{}/calls", enterprise.sdkappid)
}

/// Makes a call.
async fn made(visitor: &Visitor<'_>, enterprise: &Enterprise<'_>, path: &str, body: &str) -> Page {
    visitor.open(&format!("{}?call={path}", base(enterprise))).await;
    visitor.post(&base(enterprise), &[("call", path), ("body", body)]).await
}

/// The answer on a page.
fn answer(page: &Page) -> Value {
    let text = page.html.split("id=\"answer\"").nth(1).unwrap().split("<pre").nth(1).unwrap();
    let text = text.split_once('>').unwrap().1.split("</pre>").next().unwrap();
    serde_json::from_str(&text.replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">")).unwrap()
}

#[tokio::test]
async fn a_call_is_signed_made_and_shown_with_its_answer() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let visitor = Visitor::by_link(&enterprise, "admin", "li").await;
    let page = visitor.open(&base(&enterprise)).await;
    for path in ["/paas/v1/class/create", "/paas/v1/member/add", "/record/v1/online/start"] {
        assert!(page.html.contains(&format!("<option value=\"{path}\"")), "{path}");
    }
    for path in ["/paas/v1/console/link", "/paas/v1/document/upload", "/saas/v1/", "/api/"] {
        assert!(!page.html.contains(&format!("<option value=\"{path}")), "{path}");
    }
    let page = visitor.open(&format!("{}?call=/paas/v1/class/create", base(&enterprise))).await;
    page.must_show("members[].user_id");
    visitor.open(&format!("{}?call=/paas/v1/user/info", base(&enterprise))).await.must_show("\"user_id\": \"\"");

    let body = r#"{"teacher_id": "li", "class_topic": "It's from the console"}"#;
    let page = made(&visitor, &enterprise, "/paas/v1/class/create", body).await;
    assert_eq!(page.status, 200);
    page.must_show("HTTP 200");
    let class_id = answer(&page)["class_id"].as_i64().unwrap();
    let info = enterprise.ok("class/info", json!({"class_id": class_id})).await;
    assert_eq!(info["class_topic"], "It's from the console");
    // The address is that of clients, and its signature is good for five minutes.
    let url = page.html.split("POST http").nth(1).unwrap().split_whitespace().next().unwrap().replace("&#38;", "&");
    let url = format!("http{url}");
    let expire_time = service.now() + 300;
    assert!(
        url.starts_with(&format!("{}/paas/v1/class/create?sdkappid={}", service.url, enterprise.sdkappid)),
        "{url}"
    );
    assert!(url.contains(&format!("expire_time={expire_time}&sign=")), "{url}");
    let again = service.http.post(&url).body(body).send().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(again["error_code"], 0);
    page.must_show(&format!("curl '{url}'"));
    page.must_show(r"It'\''s from the console");

    // A refusal is an answer too.
    let page = made(&visitor, &enterprise, "/paas/v1/class/info", "{\"class_id\": \"<script>\"}").await;
    assert_eq!(answer(&page)["error_code"], 10003);
    let page = made(&visitor, &enterprise, "/paas/v1/class/info", "<script>no json").await;
    page.must_show("<script>no json");
    assert!(!page.html.contains("<script>"));

    let entries = audited(&service).await;
    let first = entries.iter().rfind(|entry| entry.action == AuditAction::CallMade).unwrap();
    assert_eq!((first.actor.as_str(), first.target.as_str()), ("li", "/paas/v1/class/create"));
    assert_eq!((first.origin, first.address.as_str()), (Origin::Console, "127.0.0.1"));
}

#[tokio::test]
async fn the_keys_do_not_reach_the_browser() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.ok("business/modify", json!({"secret_key": "of the cloud"})).await;
    let visitor = Visitor::operator(&service).await;
    let page = made(&visitor, &enterprise, "/paas/v1/business/info", "{}").await;
    let answer = answer(&page);
    for secret in ["tic_key", "private_key", "secret_key"] {
        assert_eq!(answer[secret], "********", "{secret}");
    }
    for secret in [enterprise.tic_key.as_str(), &enterprise.private_key, "of the cloud"] {
        assert!(!page.shows(secret));
    }
}

#[tokio::test]
async fn a_call_that_deletes_something_is_confirmed_first() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["lin"]).await;
    let visitor = Visitor::by_link(&enterprise, "admin", "li").await;
    let (path, body) = ("/paas/v1/user/delete", r#"{"user_id": "lin"}"#);
    let page = made(&visitor, &enterprise, path, body).await;
    assert_eq!(page.status, 400);
    page.must_show("It was not sent, because the box is not ticked.");
    page.must_show(body);
    enterprise.ok("user/info", json!({"user_id": "lin"})).await;
    assert!(!audited(&service).await.iter().any(|entry| entry.action == AuditAction::CallMade));
    let fields = [("call", path), ("body", body), ("confirmed", "on")];
    assert_eq!(answer(&visitor.post(&base(&enterprise), &fields).await)["error_code"], 0);
    enterprise.refused("user/info", json!({"user_id": "lin"}), 10215).await;
}

#[tokio::test]
async fn only_those_who_may_change_the_enterprise_make_its_calls() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let fields = [("call", "/paas/v1/class/create"), ("body", r#"{"teacher_id": "li"}"#)];
    let account = Visitor::signed_in(&service, "support", ConsoleRole::Support).await;
    let of_enterprise = Visitor::by_link(&enterprise, "support", "s").await;
    for visitor in [&account, &of_enterprise] {
        let page = visitor.open(&format!("/e/{}/classes", enterprise.sdkappid)).await;
        assert!(!page.html.contains(&base(&enterprise)));
        assert_eq!(visitor.get(&base(&enterprise)).await.status, 403);
        assert_eq!(visitor.post(&base(&enterprise), &fields).await.status, 403);
    }
    let admin = Visitor::by_link(&enterprise, "admin", "li").await;
    admin.open(&base(&enterprise)).await;
    assert_eq!(admin.get(&base(&other)).await.status, 404);
    assert_eq!(admin.post(&base(&other), &fields).await.status, 404);
    assert_eq!(admin.post_as(&base(&enterprise), &fields).await.status, 403, "without the token of the session");
    for path in
        ["", "/paas/v1/console/link", "/saas/v1/user/login", "/healthz", "//evil.example/x", "/console/enterprises"]
    {
        assert_eq!(admin.post(&base(&enterprise), &[("call", path), ("body", "{}")]).await.status, 404, "{path}");
    }
    for one in [&enterprise, &other] {
        assert_eq!(one.ok("class/list", json!({})).await["total"], 0);
    }
}
