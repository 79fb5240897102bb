//! The audit log in the console, as a table, and in the database.

use diesel::connection::SimpleConnection;
use lectern::clock::Clock;
use lectern::db::Conn;
use lectern::domain;
use serde_json::json;

use super::deliveries::audited;
use crate::support::receiver::Receiver;
use crate::support::service::Service;
use crate::support::visitor::Visitor;
use crate::support::webhooks;

#[tokio::test]
async fn the_log_shows_changes_of_the_console_the_command_line_and_signed_calls() {
    let service = Service::start_at(Clock::System, &[]);
    let enterprise = service.enterprise().await;
    enterprise.ok("business/modify", json!({"name": "=1+1", "secret_key": "hidden"})).await;
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_lectern"))
        .args(["enterprise", "set", &enterprise.sdkappid.to_string(), "--phone-no", "123"])
        .args(["--database-url", service.database_url()])
        .env("USER", "root")
        .env_remove("SUDO_USER")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let visitor = Visitor::operator(&service).await;
    let page = visitor.open("/audit").await;
    let sdkappid = enterprise.sdkappid.to_string();
    for text in ["Settings changed", "root", "Command line", "Signed call", "127.0.0.1", "Signed in", &sdkappid] {
        page.must_show(text);
    }
    page.must_show(r#"{"name":"=1+1","secret_key":"********"}"#);
    let rows =
        async |query: &str| visitor.open(&format!("/audit?{query}")).await.html.matches("<th scope=\"row\"").count();
    assert_eq!(rows("").await, 3);
    assert_eq!(rows("origin=cli").await, 1);
    assert_eq!(rows("action=enterprise_set").await, 2);
    assert_eq!(rows("action=enterprise_set&origin=console").await, 0);
    assert_eq!(rows("actor=op").await, 1);
    assert_eq!(rows("action=nonsense").await, 3);

    let admin = Visitor::by_link(&enterprise, "support", "li").await;
    let page = admin.open(&format!("/e/{sdkappid}/audit")).await;
    page.must_show("root");
    page.must_show("Link to the console made");
    assert!(!page.shows("Signed in<"), "what is not of the enterprise is not there");
    let table = admin.get(&format!("/e/{sdkappid}/audit.csv?origin=api&action=enterprise_set")).await;
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(table.headers["content-disposition"], "attachment; filename=\"audit.csv\"");
    let lines: Vec<&str> = table.html.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0], r#""time","actor","origin","address","action","enterprise","target","details""#);
    assert!(
        lines[1]
            .ends_with(&format!(r#","{sdkappid}","{sdkappid}","{{""name"":""=1+1"",""secret_key"":""********""}}""#))
    );
}

#[tokio::test]
async fn the_log_has_pages() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for nth in 0..60 {
        enterprise.ok("business/modify", json!({"name": format!("name {nth}")})).await;
    }
    let visitor = Visitor::operator(&service).await;
    let page = visitor.open("/audit?action=enterprise_set").await;
    page.must_show("name 59");
    assert!(!page.shows("name 9\""));
    let next = page.html.split("rel=\"next\" href=\"/console").nth(1).unwrap().split('"').next().unwrap();
    let page = visitor.open(&next.replace("&#38;", "&")).await;
    page.must_show("name 9\"");
    assert!(!page.shows("name 10") && !page.html.contains("rel=\"next\""));
}

#[tokio::test]
async fn the_database_refuses_to_change_or_delete_an_entry() {
    let service = Service::start();
    Visitor::operator(&service).await;
    assert_eq!(audited(&service).await.len(), 1);
    for statement in ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"] {
        let write = move |conn: &mut Conn| Ok::<_, domain::Error>(conn.batch_execute(statement)?);
        assert!(service.app.db.write(write).await.is_err(), "{statement}");
    }
    assert_eq!(audited(&service).await[0].actor, "op");
}

#[tokio::test]
async fn signed_calls_that_change_access_or_deliver_again_are_in_the_log_and_the_daily_work_is_not() {
    let (receiver, service) = (Receiver::start(), webhooks::start(&[]));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    enterprise.students(&["li", "wang"]).await;
    webhooks::test_events(&enterprise, 2).await;
    let rows = webhooks::wait_for_state(&enterprise, "delivered", 2).await;
    let ids: Vec<i64> = rows.iter().map(|row| row["delivery_id"].as_i64().unwrap()).collect();
    assert!(audited(&service).await.is_empty(), "users were registered");

    enterprise.ok("user/token/update", json!({"user_id": "li"})).await;
    enterprise.ok("user/profile/modify", json!({"user_id": "li", "nickname": "Li"})).await;
    enterprise.ok("user/profile/modify", json!({"user_id": "li", "password": "secret1"})).await;
    enterprise.ok("user/delete", json!({"user_id": "wang"})).await;
    for call in ["user/token/update", "user/delete"] {
        enterprise.refused(call, json!({"user_id": "nobody"}), 10215).await;
    }
    enterprise.ok("callback/replay", json!({"delivery_ids": [ids[0]]})).await;
    webhooks::wait_for_state(&enterprise, "delivered", 2).await;
    enterprise.ok("callback/replay", json!({"delivery_ids": ids})).await;
    enterprise.refused("callback/replay", json!({"delivery_ids": [1_000_000]}), 10003).await;

    let mut entries = audited(&service).await;
    entries.reverse();
    let sdkappid = enterprise.sdkappid.to_string();
    let one = ids[0].to_string();
    let seen: Vec<_> =
        entries.iter().map(|entry| (entry.action.as_str(), entry.target.as_str(), entry.details.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("user_token", "li", ""),
            ("user_password", "li", ""),
            ("user_delete", "wang", ""),
            ("deliveries_replay", &one, ""),
            ("deliveries_replay", &sdkappid, r#"{"count":2}"#),
        ]
    );
    assert!(entries.iter().all(|entry| entry.actor == sdkappid && entry.address == "127.0.0.1"));
}
