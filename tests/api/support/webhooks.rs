//! Helpers of webhook tests: enterprises with an address, many events, and queries of deliveries.

use std::time::Duration;

use lectern::clock::Clock;
use lectern::domain;
use lectern::domain::classroom::session;
use lectern::domain::classroom::session::JoinRequest;
use lectern::domain::events::event;
use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Draft, Patch};
use lectern::store::ids::ClassId;
use serde_json::{Value, json};

use super::PATIENCE;
use crate::support::service::{Enterprise, Service};

/// Starts a service that may send to receivers on this machine.
pub fn start(flags: &[&str]) -> Service {
    Service::start_with(&[&["--callback-allow-private", "true"], flags].concat())
}

/// As [`start`], with the system clock, for commands that run in another process.
pub fn start_now(flags: &[&str]) -> Service {
    Service::start_at(Clock::System, &[&["--callback-allow-private", "true"], flags].concat())
}

/// Runs `lectern callbacks` beside a service, and returns the output or the error message.
pub fn command(service: &Service, arguments: &[&str]) -> Result<String, String> {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_lectern"))
        .arg("callbacks")
        .args(arguments)
        .args(["--database-url", service.database_url()])
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// Creates an enterprise that subscribes to all events, with a student `pupil`.
pub async fn subscribed<'a>(service: &'a Service, url: &str) -> Enterprise<'a> {
    let draft = Draft { name: "Test".into(), call_back_url: Some(url.to_owned()), ..Draft::default() };
    let enterprise = service.enterprise_of(draft).await;
    let callback_events = Some(vec![Extra::JoinClass, Extra::QuitClass]);
    enterprise.set(Patch { callback_on_api: Some(true), callback_events, ..Patch::default() }).await;
    enterprise.students(&["pupil"]).await;
    enterprise
}

/// A change of the address alone.
pub fn address(url: &str) -> Patch {
    Patch { call_back_url: Some(url.to_owned()), ..Patch::default() }
}

/// A pause, or its end.
pub fn paused(yes: bool) -> Patch {
    Patch { callback_paused: Some(yes), ..Patch::default() }
}

/// Publishes `count` test events, which have no class, in one transaction.
pub async fn test_events(enterprise: &Enterprise<'_>, count: usize) {
    let (sdkappid, now) = (enterprise.sdkappid, enterprise.service.clock.now());
    let write = move |conn: &mut _| {
        let row = enterprise::require(conn, sdkappid)?;
        (0..count).try_for_each(|_| event::test(conn, &row, now))
    };
    enterprise.service.app.db.write(write).await.unwrap();
}

/// Lets `pupil` join and quit these classes alternately, `count` times in each.
pub async fn moves(enterprise: &Enterprise<'_>, class_ids: &[i64], count: usize) {
    let (sdkappid, now, class_ids) = (enterprise.sdkappid, enterprise.service.clock.now(), class_ids.to_vec());
    let write = move |conn: &mut _| {
        let row = enterprise::require(conn, sdkappid)?;
        for nth in 0..count {
            for class_id in &class_ids {
                if nth % 2 == 0 {
                    session::join(conn, &row, ClassId(*class_id), JoinRequest::of_user("pupil"), now)?;
                } else {
                    session::quit(conn, &row, ClassId(*class_id), "pupil", now)?;
                }
            }
        }
        Ok::<_, domain::Error>(())
    };
    enterprise.service.app.db.write(write).await.unwrap();
}

/// Creates a class and begins it, which is its first event.
pub async fn begun_class(enterprise: &Enterprise<'_>) -> i64 {
    // The end is far away, so that the class does not end automatically.
    let stop_time = enterprise.service.now() + 1_000_000_000;
    let class_id = enterprise.class(json!({ "stop_time": stop_time })).await;
    enterprise.ok("class/start", json!({"class_id": class_id})).await;
    class_id
}

/// The deliveries that match `filter`, the newest first.
pub async fn deliveries(enterprise: &Enterprise<'_>, filter: &Value) -> Vec<Value> {
    enterprise.ok("callback/list", filter.clone()).await["list"].as_array().unwrap().clone()
}

/// Waits until the deliveries that match `filter` satisfy a condition.
pub async fn wait_for(enterprise: &Enterprise<'_>, filter: Value, done: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let mut last = Vec::new();
    let wait = async {
        loop {
            last = deliveries(enterprise, &filter).await;
            if done(&last) {
                break;
            }
            // A write by another process does not notify this one.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "waited in vain: {last:#?}");
    last
}

/// Waits until so many deliveries have this state.
pub async fn wait_for_state(enterprise: &Enterprise<'_>, state: &str, count: usize) -> Vec<Value> {
    wait_for(enterprise, json!({ "state": state }), |rows| rows.len() == count).await
}

/// Waits until the newest delivery has this many attempts, and returns its `callback/info`.
pub async fn tried(enterprise: &Enterprise<'_>, attempts: i64) -> Value {
    let rows = wait_for(enterprise, json!({"size": 1}), |rows| rows[0]["attempts"] == attempts).await;
    info(enterprise, &rows[0]).await
}

/// The `callback/info` of a row of `callback/list`.
pub async fn info(enterprise: &Enterprise<'_>, row: &Value) -> Value {
    enterprise.ok("callback/info", json!({"delivery_id": row["delivery_id"]})).await
}
