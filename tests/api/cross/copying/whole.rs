//! A complete copy has every row unchanged and the next ids, and a service continues on it.

use std::sync::Arc;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use lectern::db::Conn;
use lectern::domain::events::event;
use lectern::domain::tenancy::enterprise;
use serde_json::json;

use super::{Number, connect, copy, count, execute, names, school, service_in_file, start, targets};
use crate::support::database::Database;
use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Enterprise};
use crate::support::webhooks;

#[tokio::test]
async fn every_row_of_every_table_comes_through_as_it_was() {
    let (receiver, mut service) = (Receiver::start(), service_in_file());
    let enterprise_id = school(&service, &receiver).await.enterprise_id;
    service.stop();
    let original = service.database_url();
    execute(original, &format!("INSERT INTO outbox VALUES (1, {enterprise_id}, 0, 0, '{{\"a\":\"张\"}}', 1, '[]')"));
    for middle in targets() {
        let end = Database::in_file();
        copy(original, &middle.url);
        copy(&middle.url, &end.url);
        let tables = names(original, "SELECT name FROM sqlite_schema WHERE type = 'table'");
        assert!(tables.len() > 10, "{tables:?}");
        for table in tables {
            assert!(count(original, &table) > 0, "nothing in {table} to copy");
            assert_eq!(count(original, &table), count(&end.url, &table), "{table}");
            // The databases were migrated at different times.
            if table != "__diesel_schema_migrations" {
                let mut conn = connect(original);
                conn.batch_execute(&format!("ATTACH '{}' AS copied", end.url.trim_start_matches("sqlite://"))).unwrap();
                let differ = format!("SELECT * FROM main.{table} EXCEPT SELECT * FROM copied.{table}");
                let differ = diesel::sql_query(format!("SELECT count(*) AS number FROM ({differ})"));
                assert_eq!(differ.get_result::<Number>(&mut conn).unwrap().number, 0, "{table}");
            }
        }
    }
}

#[tokio::test]
async fn the_rows_of_both_are_counted_at_the_end() {
    let (receiver, service) = (Receiver::start(), service_in_file());
    school(&service, &receiver).await;
    for target in targets() {
        let printed = copy(service.database_url(), &target.url);
        let row = printed.lines().find(|line| line.starts_with("classes  ")).unwrap();
        assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["classes", "3", "3"], "{printed}");
    }
}

/// What a client sees. It must be the same on a copy.
async fn seen(enterprise: &Enterprise<'_>) -> String {
    let classes = enterprise.ok("class/list", json!({})).await;
    let mut answers = vec![classes.to_string()];
    for class in classes["list"].as_array().unwrap() {
        let class_id = &class["class_id"];
        let mut info = enterprise.ok("class/info", json!({"class_id": class_id})).await;
        // Each service has another address.
        info.as_object_mut().unwrap().retain(|name, _| !name.ends_with("url"));
        answers.push(info.to_string());
        answers.push(enterprise.ok("member/runtime/list", json!({"class_id": class_id})).await.to_string());
        answers.push(enterprise.ok("member/history/list", json!({"class_id": class_id})).await.to_string());
    }
    for call in ["user/list", "document/list", "event/list", "callback/list", "business/info"] {
        answers.push(enterprise.ok(call, json!({})).await.to_string());
    }
    answers.push(enterprise.ok("user/info", json!({"user_id": "pupil"})).await.to_string());
    let answers = answers.join("\n");
    answers.replace(&enterprise.service.url, "")
}

#[tokio::test]
async fn a_service_on_the_copy_answers_the_same_and_delivers_what_was_pending() {
    let (receiver, service) = (Receiver::start(), service_in_file());
    let enterprise = school(&service, &receiver).await;
    for target in targets() {
        copy(service.database_url(), &target.url);
        let moved = start(target.clone());
        let there = moved.enterprise_with(enterprise.sdkappid).await;
        assert_eq!(seen(&there).await, seen(&enterprise).await);
        let before = receiver.requests().len();
        there.set(webhooks::paused(false)).await;
        webhooks::wait_for(&there, json!({}), |rows| rows.iter().all(|row| row["state"] == "delivered")).await;
        let arrived: Vec<String> =
            receiver.requests()[before..].iter().map(|request| request.event().to_owned()).collect();
        assert_eq!(arrived, ["class_begin", "join_class"]);
    }
}

#[tokio::test]
async fn the_last_published_events_are_delivered_by_a_service_on_the_copy() {
    let (receiver, mut service) = (Receiver::start(), service_in_file());
    let sdkappid = webhooks::subscribed(&service, &receiver.url).await.sdkappid;
    service.stop();
    let publish = move |conn: &mut Conn| {
        let enterprise = enterprise::require(conn, sdkappid)?;
        event::test(conn, &enterprise, BEGIN * 1000)
    };
    service.app.db.write(publish).await.unwrap();
    let targets = targets();
    for target in &targets {
        copy(service.database_url(), &target.url);
        let moved = start(target.clone());
        webhooks::wait_for_state(&moved.enterprise_with(sdkappid).await, "delivered", 1).await;
    }
    assert_eq!(receiver.requests().len(), targets.len());
}

#[tokio::test]
async fn ids_go_on_after_the_last_that_was_given_though_its_row_is_gone() {
    let (receiver, service) = (Receiver::start(), service_in_file());
    let enterprise = school(&service, &receiver).await;
    let last = enterprise.class(json!({})).await;
    enterprise.ok("class/delete", json!({"class_id": last})).await;
    for target in targets() {
        // There and back, so that both databases copied the next number.
        let back = Arc::new(Database::in_file());
        copy(service.database_url(), &target.url);
        copy(&target.url, &back.url);
        for database in [target, back] {
            let moved = start(database);
            let there = moved.enterprise_with(enterprise.sdkappid).await;
            assert_eq!(there.class(json!({})).await, last + 1);
            let other = moved.enterprise().await;
            assert_eq!(other.enterprise_id, enterprise.enterprise_id + 1);
            there.students(&["another"]).await;
        }
    }
}

#[tokio::test]
async fn an_empty_database_is_copied_too() {
    let service = service_in_file();
    for target in targets() {
        copy(service.database_url(), &target.url);
        let moved = start(target);
        assert_eq!(moved.enterprise().await.enterprise_id, 10_001);
    }
}

#[tokio::test]
async fn what_is_counted_is_counted_once_though_the_copy_is_made_twice() {
    let (receiver, service) = (Receiver::start(), service_in_file());
    let enterprise = school(&service, &receiver).await;
    for target in targets() {
        copy(service.database_url(), &target.url);
        copy(service.database_url(), &target.url);
        let moved = start(target);
        let there = moved.enterprise_with(enterprise.sdkappid).await;
        for (call, total) in [("class/list", 3), ("user/list", 2), ("document/list", 1)] {
            assert_eq!(there.ok(call, json!({})).await["total"], total, "{call}");
        }
    }
}
