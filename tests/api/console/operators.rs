//! `lectern operator`, beside a running service.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use lectern::clock::Clock;
use lectern::domain::tenancy::totp;
use serde_json::Value;

use super::deliveries::audited;
use crate::support::service::Service;
use crate::support::visitor::Visitor;

const PASSWORD: &str = "a long pass phrase";

fn run(service: &Service, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lectern"))
        .arg("operator")
        .args(arguments)
        .args(["--database-url", service.database_url()])
        .env("USER", "root")
        .env_remove("SUDO_USER")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn ok(service: &Service, arguments: &[&str], input: &str) -> String {
    let output = run(service, arguments, input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(service: &Service, arguments: &[&str], input: &str) -> String {
    let output = run(service, arguments, input);
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

/// The code of the secret in an address for an app.
fn code(service: &Service, address: &str) -> String {
    let secret = address.split("secret=").nth(1).unwrap().split('&').next().unwrap();
    totp::code(secret, service.clock.now())
}

#[tokio::test]
async fn an_operator_is_created_and_signs_in() {
    let service = Service::start_at(Clock::set_at(1_700_000_000_000), &[]);
    let made: Value =
        serde_json::from_str(&ok(&service, &["create", "li", "--json"], &format!("{PASSWORD}\n"))).unwrap();
    let address = made["otpauth"].as_str().unwrap();
    assert!(address.starts_with("otpauth://totp/Lectern:li?secret="), "{address}");
    let visitor = Visitor::of(&service);
    assert_eq!(visitor.sign_in("li", PASSWORD, &code(&service, address)).await.status, 303);

    let listed = ok(&service, &["list"], "");
    assert!(listed.contains("operator") && listed.contains("li") && !listed.contains("argon2"), "{listed}");
    let complaint = refused(&service, &["create", "li", "--password", PASSWORD], "");
    assert!(complaint.contains("there is an operator \"li\" already"), "{complaint}");

    // Another password, another secret, and no access any more: each signs out.
    service.pass(60);
    ok(&service, &["set-password", "li", "--password", "another pass phrase"], "");
    assert_eq!(visitor.get("/enterprises").await.location, "/console/sign-in");
    assert_eq!(visitor.sign_in("li", PASSWORD, &code(&service, address)).await.status, 403);
    assert_eq!(visitor.sign_in("li", "another pass phrase", &code(&service, address)).await.status, 303);
    service.pass(60);
    let other = ok(&service, &["reset-totp", "li"], "");
    assert_eq!(visitor.sign_in("li", "another pass phrase", &code(&service, address)).await.status, 403);
    assert_eq!(visitor.sign_in("li", "another pass phrase", &code(&service, &other)).await.status, 303);
    ok(&service, &["disable", "li"], "");
    assert_eq!(visitor.get("/enterprises").await.location, "/console/sign-in");
    ok(&service, &["enable", "li"], "");

    let entries = audited(&service).await;
    let mut actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    actions.sort_unstable();
    let wanted = [
        "operator_create",
        "operator_disable",
        "operator_enable",
        "operator_password",
        "operator_totp",
        "sign_in",
        "sign_in",
        "sign_in",
    ];
    assert_eq!(actions, wanted);
    let by_command: Vec<_> = entries.iter().filter(|entry| entry.actor == "root").collect();
    assert_eq!(by_command.len(), 5);
    assert!(entries.iter().all(|entry| !entry.details.contains("pass") && !entry.details.contains("secret")));
}

#[tokio::test]
async fn a_short_password_an_empty_name_and_an_unknown_operator_are_refused() {
    let service = Service::start();
    for (arguments, named) in [
        (&["create", "li", "--password", "short"] as &[&str], "12 to 128"),
        (&["create", "", "--password", PASSWORD], "name"),
        (&["create", " li", "--password", PASSWORD], "name"),
        (&["create", "li", "--role", "admin", "--password", PASSWORD], "role"),
        (&["set-password", "li", "--password", PASSWORD], "no operator \"li\""),
        (&["reset-totp", "li"], "no operator \"li\""),
        (&["disable", "li"], "no operator \"li\""),
    ] {
        let complaint = refused(&service, arguments, "");
        assert!(complaint.contains(named), "{arguments:?}: {complaint}");
    }
    assert!(refused(&service, &["create", "li"], "").contains("12 to 128"));
    assert_eq!(Visitor::of(&service).get("/sign-in").await.status, 404);
}
