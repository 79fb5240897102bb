//! A service on a database of the previous version: clients notice nothing, and pending events are delivered.

use std::sync::Arc;

use lectern::clock::Clock;
use lectern::protocol::iclass::sign;
use serde_json::{Value, json};

use crate::niuclass::partner;
use crate::support::database::Database;
use crate::support::receiver::Receiver;
use crate::support::service::Service;
use crate::support::upgrade_dumps::{MADE, in_file, on_server};
use crate::support::webhooks;

#[tokio::test]
async fn a_service_goes_on_with_a_sqlite_file_of_the_version_before() {
    goes_on(in_file()).await;
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_service_goes_on_with_a_postgresql_database_of_the_version_before() {
    goes_on(on_server()).await;
}

async fn goes_on(database: Database) {
    let flags = ["--callback-allow-private", "true"].map(str::to_owned);
    let service = Service::start_on(Arc::new(database), Clock::set_at(MADE * 1000), flags.into());
    let receiver = Receiver::start();
    let enterprise = service.enterprise_with(1_400_000_001).await;
    let business = enterprise.ok("business/info", json!({})).await;
    for (field, value) in [
        ("name", json!("学校 One")),
        ("bizid", json!(8_525)),
        ("appid", json!(1_251_659_802)),
        ("project_id", json!(7)),
        ("secret_id", json!("AKIDexample")),
        ("secret_key", json!("cloud secret")),
    ] {
        assert_eq!(business[field], value, "{field}");
    }
    for (call, total) in [("user/list", 10), ("class/list", 9), ("document/list", 5)] {
        assert_eq!(enterprise.ok(call, json!({})).await["total"], total, "{call}");
    }
    let inside = enterprise.ok("member/runtime/list", json!({"class_id": 100_000_002})).await;
    assert_eq!(inside["total"], 3, "{inside}");

    // The key before the last rotation is still valid.
    let expire_time = MADE + 60;
    let sign = sign::sign("ks89nvnrbztky1d4vv16a6akbvaih4wn", expire_time);
    let query = format!("sdkappid=1400000001&random=1&expire_time={expire_time}&sign={sign}");
    let url = format!("{}/paas/v1/business/info?{query}", service.url);
    let answer: Value = service.http.post(url).body("{}").send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["error_code"], 0, "{answer}");

    // Users can still sign in, and IM still signs with the configured application id.
    partner::log_in(&service, "192321213", partner::PASSWORD).await;
    let login = json!({"appid": 1_400_000_001, "timeStamp": 1, "id": "t1", "pwd": "cGFzc3dvcmQ="}).to_string();
    let url = format!("{}/index.php?svc=account&cmd=login", service.url);
    let answer: Value = service.http.post(url).body(login).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["errorCode"], 0, "{answer}");
    let signed = service.http.get(format!("{}/signature/login/lean/3", service.url)).send().await.unwrap();
    assert_eq!(signed.status(), 200);

    // One delivery was pending, and one event was not relayed yet.
    enterprise.set(webhooks::address(&receiver.url)).await;
    enterprise.set(webhooks::paused(false)).await;
    webhooks::wait_for_state(&enterprise, "delivered", 28).await;
    let mut who: Vec<String> = receiver
        .requests()
        .iter()
        .map(|request| request.body["data"]["user_id"].as_str().unwrap().to_owned())
        .collect();
    who.sort();
    assert_eq!(who, ["comer", "other"]);
}
