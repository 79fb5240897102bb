//! `lectern channel`, beside a running server.

use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};

use super::partner::{Partner, log_in, try_to_log_in};
use crate::support::service::Service;
use crate::support::webhooks;

/// Runs `lectern channel`, and returns the output or the error message.
fn channel(service: &Service, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_lectern"))
        .arg("channel")
        .args(arguments)
        .args(["--database-url", service.database_url()])
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

#[tokio::test]
async fn a_channel_that_the_operator_makes_can_log_in_and_own_an_organization() {
    let service = webhooks::start_now(&[]);
    let enterprise = service.enterprise().await;
    let sdkappid = enterprise.sdkappid.to_string();
    let create = ["create", "--sdkappid", &sdkappid, "--mobile", "192321213", "--password", "Wxxhh2112333", "--json"];
    let made: Value = serde_json::from_str(&channel(&service, &create).unwrap()).unwrap();
    let token = log_in(&service, "192321213", "Wxxhh2112333").await["token"].as_str().unwrap().to_owned();
    let user_id = made["user_id"].as_str().unwrap().parse().unwrap();
    let partner = Partner { service: &service, user_id, token };
    partner.organization(json!({})).await;

    let listed: Value = serde_json::from_str(&channel(&service, &["list", &sdkappid, "--json"]).unwrap()).unwrap();
    assert_eq!(listed, json!([made]));
    assert!(channel(&service, &["list", &sdkappid]).unwrap().contains("192321213"));

    // The signing key: without a grace period the old key is not valid.
    channel(&service, &["rotate-key", &sdkappid, "--grace", "0s"]).unwrap();
    partner.refused(401, Method::GET, "/api/courses", json!({})).await;
    channel(&service, &["set-password", "192321213", "--password", "another one"]).unwrap();
    let (status, _) = try_to_log_in(&service, json!({"mobile": "192321213", "password": "Wxxhh2112333"})).await;
    assert_eq!(status, 401);
    log_in(&service, "192321213", "another one").await;
}

#[tokio::test]
async fn a_channel_that_can_t_be_is_refused() {
    let service = Service::start();
    let sdkappid = service.enterprise().await.sdkappid.to_string();
    let create = |sdkappid: &str, mobile: &str, password: &str| {
        channel(&service, &["create", "--sdkappid", sdkappid, "--mobile", mobile, "--password", password])
    };
    let printed = create(&sdkappid, "192321213", "Wxxhh2112333").unwrap();
    assert!(printed.contains("user_id: 1\n"), "{printed}");
    for (refused, why) in [
        (create(&sdkappid, "192321213", "Wxxhh2112333"), "mobile"),
        (create(&sdkappid, "nobody", "Wxxhh2112333"), "mobile"),
        (create(&sdkappid, "192321214", "short"), "password"),
        (create("1", "192321214", "Wxxhh2112333"), "sdkappid"),
        (channel(&service, &["set-password", "192321214", "--password", "Wxxhh2112333"]), "mobile"),
        (channel(&service, &["rotate-key", "1"]), "sdkappid"),
    ] {
        let complaint = refused.unwrap_err();
        assert!(complaint.contains(why), "{complaint}");
        assert!(!complaint.contains("Wxxhh2112333"), "{complaint}");
    }
}
