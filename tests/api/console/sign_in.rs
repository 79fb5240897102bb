//! Signing in with name, password and code.

use lectern::domain::tenancy::operator;
use lectern::domain::tenancy::operator::ConsoleRole;

use crate::support::service::Service;
use crate::support::visitor::{Operator, PASSWORD, Visitor};

const WRONG: &str = "Name, password or code is wrong";

#[tokio::test]
async fn there_is_no_console_until_an_operator_exists() {
    let service = Service::start();
    let visitor = Visitor::of(&service);
    for path in ["", "/", "/sign-in", "/link", "/enterprises", "/assets/console.css", "/e/1/deliveries"] {
        let page = visitor.get(path).await;
        assert_eq!((page.status, page.html.as_str()), (404, ""), "{path}");
        assert!(page.set_cookies.is_empty(), "{path}");
    }
    assert_eq!(visitor.post("/sign-in", &[("name", "op")]).await.status, 404);
    Operator::create(&service, "op", ConsoleRole::Operator).await;
    visitor.open("/sign-in").await.must_show("Sign in to the console");
    assert_eq!(visitor.get("/").await.location, "/console/sign-in");
}

#[tokio::test]
async fn an_operator_signs_in_and_out() {
    let service = Service::start();
    let visitor = Visitor::operator(&service).await;
    assert_eq!(visitor.get("/").await.location, "/console/enterprises");
    let page = visitor.open("/enterprises").await;
    page.must_show("Operator");
    assert_eq!(visitor.get("/sign-in").await.location, "/console/");
    let token = visitor.cookies.borrow()["lectern_console"].clone();
    assert_eq!(visitor.post("/sign-out", &[]).await.location, "/console/sign-in");
    assert_eq!(visitor.get("/enterprises").await.location, "/console/sign-in");
    visitor.cookies.borrow_mut().insert("lectern_console".into(), token);
    assert_eq!(visitor.get("/enterprises").await.location, "/console/sign-in", "its token is dead");
}

#[tokio::test]
async fn every_wrong_part_has_the_same_answer() {
    let service = Service::start();
    let operator = Operator::create(&service, "op", ConsoleRole::Operator).await;
    let code = operator.code(&service);
    let other = if code == "000000" { "000001" } else { "000000" };
    let visitor = Visitor::of(&service);
    let mut answers = Vec::new();
    for (name, password, code) in [
        ("nobody", PASSWORD, code.as_str()),
        ("op", "wrong horse battery", &code),
        ("op", PASSWORD, other),
        ("op", PASSWORD, ""),
        ("op", "", &code),
        ("op", " correct horse battery", &code),
    ] {
        let page = visitor.sign_in(name, password, code).await;
        assert_eq!(page.status, 403, "{name} {password} {code}");
        page.must_show(WRONG);
        answers.push(page.html.replace("value=\"nobody\"", "value=\"op\""));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert_eq!(visitor.get("/enterprises").await.location, "/console/sign-in");
    assert_eq!(visitor.sign_in("op", PASSWORD, &code).await.location, "/console/");
}

#[tokio::test]
async fn a_code_works_once() {
    let service = Service::start();
    let operator = Operator::create(&service, "op", ConsoleRole::Operator).await;
    let code = operator.code(&service);
    assert_eq!(Visitor::of(&service).sign_in("op", PASSWORD, &code).await.status, 303);
    let again = Visitor::of(&service).sign_in("op", PASSWORD, &code).await;
    assert_eq!(again.status, 403);
    again.must_show(WRONG);
    // Neither does an earlier one that was not used.
    service.pass(60);
    let (earlier, later) = (operator.code(&service), {
        service.pass(30);
        operator.code(&service)
    });
    assert_eq!(Visitor::of(&service).sign_in("op", PASSWORD, &later).await.status, 303);
    assert_eq!(Visitor::of(&service).sign_in("op", PASSWORD, &earlier).await.status, 403);
}

#[tokio::test]
async fn of_many_who_use_a_code_at_once_one_is_signed_in() {
    let service = Service::start();
    let operator = Operator::create(&service, "op", ConsoleRole::Operator).await;
    let code = operator.code(&service);
    let visitors: Vec<Visitor<'_>> = (0..4).map(|_| Visitor::of(&service)).collect();
    let attempts = visitors.iter().map(|visitor| visitor.sign_in("op", PASSWORD, &code));
    let pages = futures_util::future::join_all(attempts).await;
    assert_eq!(pages.iter().filter(|page| page.status == 303).count(), 1);
}

#[tokio::test]
async fn who_guesses_has_to_wait() {
    let service = Service::start();
    let operator = Operator::create(&service, "op", ConsoleRole::Operator).await;
    let visitor = Visitor::of(&service);
    for _ in 0..10 {
        assert_eq!(visitor.sign_in("op", "wrong horse battery", "123456").await.status, 403);
    }
    let page = visitor.sign_in("op", PASSWORD, &operator.code(&service)).await;
    assert_eq!((page.status, page.headers["retry-after"].as_str()), (429, "1"), "the right one waits too");
    page.must_show("Too many wrong attempts");
    service.pass(1);
    assert_eq!(visitor.sign_in("op", PASSWORD, "000000x").await.status, 403);
    let page = visitor.sign_in("op", PASSWORD, &operator.code(&service)).await;
    assert_eq!((page.status, page.headers["retry-after"].as_str()), (429, "2"), "the wait doubles");
    service.pass(2);
    assert_eq!(visitor.sign_in("op", PASSWORD, &operator.code(&service)).await.status, 303);
}

#[tokio::test]
async fn a_disabled_operator_is_signed_out_and_can_not_sign_in() {
    let service = Service::start();
    let operator = Operator::create(&service, "li", ConsoleRole::Operator).await;
    let visitor = Visitor::of(&service);
    assert_eq!(visitor.sign_in("li", PASSWORD, &operator.code(&service)).await.status, 303);
    service.app.db.write(|conn| operator::set_disabled(conn, "li", true)).await.unwrap();
    assert_eq!(visitor.get("/enterprises").await.location, "/console/sign-in");
    service.pass(30);
    visitor.sign_in("li", PASSWORD, &operator.code(&service)).await.must_show(WRONG);
    service.app.db.write(|conn| operator::set_disabled(conn, "li", false)).await.unwrap();
    assert_eq!(visitor.sign_in("li", PASSWORD, &operator.code(&service)).await.status, 303);
}

#[tokio::test]
async fn who_knows_the_password_can_not_guess_codes_from_many_addresses() {
    let service = Service::start_with(&["--trusted-proxies", "127.0.0.0/8"]);
    let operator = Operator::create(&service, "op", ConsoleRole::Operator).await;
    let from = async |host: usize, password: &str, code: &str| {
        let address = format!("198.51.100.{host}");
        Visitor::with(&service, &[("x-forwarded-for", &address)]).sign_in("op", password, code).await.status
    };
    for host in 0..20 {
        assert_eq!(from(host, "wrong horse battery", "000000x").await, 403);
    }
    assert_eq!(from(100, PASSWORD, &operator.code(&service)).await, 303, "wrong passwords keep nobody out");
    service.pass(30);
    for host in 20..30 {
        assert_eq!(from(host, PASSWORD, "000000x").await, 403);
    }
    let code = operator.code(&service);
    assert_eq!(from(101, PASSWORD, &code).await, 403, "the right code waits too, and nothing says why");
    service.pass(1);
    assert_eq!(from(102, PASSWORD, &code).await, 303);
}
