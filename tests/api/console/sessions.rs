//! Sessions: their cookies, that none can be planted, and when they end.

use lectern::domain::tenancy::operator::ConsoleRole;

use crate::support::service::Service;
use crate::support::visitor::{Operator, PASSWORD, Visitor};

const PLANTED: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn a_token_that_was_planted_is_not_the_one_of_the_session() {
    let service = Service::start();
    let operator = Operator::create(&service, "op", ConsoleRole::Operator).await;
    let visitor = Visitor::of(&service);
    for name in ["lectern_console", "lectern_console_form"] {
        visitor.cookies.borrow_mut().insert(name.into(), PLANTED.into());
    }
    assert_eq!(visitor.sign_in("op", PASSWORD, &operator.code(&service)).await.status, 303);
    assert_ne!(visitor.cookies.borrow()["lectern_console"], PLANTED);
    let attacker = Visitor::of(&service);
    attacker.cookies.borrow_mut().insert("lectern_console".into(), PLANTED.into());
    assert_eq!(attacker.get("/enterprises").await.location, "/console/sign-in");
}

#[tokio::test]
async fn cookies_are_for_this_site_only() {
    let service = Service::start();
    let operator = Operator::create(&service, "op", ConsoleRole::Operator).await;
    let visitor = Visitor::of(&service);
    let page = visitor.open("/sign-in").await;
    assert!(page.set_cookies[0].ends_with("; Path=/console; HttpOnly; SameSite=Strict"), "{:?}", page.set_cookies);
    let page = visitor.sign_in("op", PASSWORD, &operator.code(&service)).await;
    assert_eq!(page.set_cookies.len(), 1);
    assert!(page.set_cookies[0].ends_with("; Path=/console; HttpOnly; SameSite=Strict"), "{:?}", page.set_cookies);

    let behind_proxy = Visitor::with(&service, &[("x-forwarded-proto", "https")]);
    let page = behind_proxy.open("/sign-in").await;
    assert!(page.set_cookies[0].ends_with("; HttpOnly; SameSite=Strict; Secure"), "{:?}", page.set_cookies);
}

#[tokio::test]
async fn a_session_ends_after_an_hour_without_a_request_and_after_half_a_day() {
    let service = Service::start();
    let visitor = Visitor::operator(&service).await;
    for _ in 0..13 {
        service.pass(3_300);
        visitor.open("/enterprises").await;
    }
    service.pass(300);
    assert_eq!(visitor.get("/enterprises").await.location, "/console/sign-in", "twelve hours are over");

    let other = Visitor::signed_in(&service, "other", ConsoleRole::Operator).await;
    service.pass(3_600);
    assert_eq!(other.get("/enterprises").await.location, "/console/sign-in");
}

#[tokio::test]
async fn a_page_that_asks_again_and_again_keeps_no_session_alive() {
    let service = Service::start();
    let operator = Visitor::operator(&service).await;
    let polling = Visitor::with(&service, &[("x-console-poll", "1")]);
    *polling.cookies.borrow_mut() = operator.cookies.borrow().clone();
    for _ in 0..3 {
        service.pass(1_000);
        polling.open("/enterprises").await;
    }
    service.pass(1_000);
    assert_eq!(operator.get("/enterprises").await.location, "/console/sign-in");
}

#[tokio::test]
async fn a_link_does_not_go_on_with_a_session_that_was_planted() {
    let service = Service::start();
    let (mine, other) = (service.enterprise().await, service.enterprise().await);
    let attacker = Visitor::by_link(&other, "admin", "attacker").await;
    let planted = attacker.cookies.borrow()["lectern_console"].clone();
    let victim = Visitor::of(&service);
    victim.cookies.borrow_mut().insert("lectern_console".into(), planted.clone());
    let made = mine.ok("console/link", serde_json::json!({"role": "admin", "name": "victim"})).await;
    let token = made["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    victim.get("/link").await;
    assert_eq!(victim.post("/link", &[("token", &token)]).await.status, 303);
    assert_ne!(victim.cookies.borrow()["lectern_console"], planted);
    assert_eq!(attacker.get("/").await.location, format!("/console/e/{}/deliveries", other.sdkappid));
    assert_eq!(victim.get("/").await.location, format!("/console/e/{}/deliveries", mine.sdkappid));
}
