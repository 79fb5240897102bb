//! The message to a whole class: once a day in Beijing time.

use lectern::clock::Clock;
use reqwest::Method;
use serde_json::json;

use super::app::AppState;
use crate::niuclass::partner::Partner;
use crate::support::service::{Enterprise, Service};

/// 2023-11-15 00:00:00 in Beijing, in seconds.
const MIDNIGHT: i64 = 1_699_977_600;

/// The number of messages in the chat group of a class.
async fn messages(enterprise: &Enterprise<'_>, class_id: i64) -> i64 {
    enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await["total"].as_i64().unwrap()
}

#[tokio::test]
async fn a_class_is_messaged_once_a_day() {
    let service = Service::start_at(Clock::set_at(MIDNIGHT * 1000 - 1), &[]);
    let enterprise = service.enterprise().await;
    let app = AppState::of(&enterprise).await;
    let (class_id, other) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
    let path = format!("/im/org/{class_id}/message");
    let first = app.expect(201, Method::POST, &path, json!({})).await;
    app.refused(200, 7007, Method::POST, &path, json!({})).await;
    app.expect(201, Method::POST, &format!("/im/org/{other}/message"), json!({})).await;
    // A millisecond later the next day begins.
    service.clock.set(MIDNIGHT * 1000);
    let second = app.expect(201, Method::POST, &path, json!({})).await;
    service.clock.set((MIDNIGHT + 86_400) * 1000 - 1);
    app.refused(200, 7007, Method::POST, &path, json!({})).await;
    service.clock.set((MIDNIGHT + 86_400) * 1000);
    app.expect(201, Method::POST, &path, json!({})).await;

    assert_eq!(messages(&enterprise, class_id).await, 3);
    assert_eq!(messages(&enterprise, other).await, 1);
    let said = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await["list"].clone();
    for (row, pushed) in said.as_array().unwrap().iter().zip([&first, &second]) {
        assert_eq!(row["type"], "custom");
        let content: serde_json::Value = serde_json::from_str(row["content"].as_str().unwrap()).unwrap();
        assert_eq!(content, *pushed);
    }
}

#[tokio::test]
async fn a_course_is_messaged_in_its_own_group() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let app = AppState::of(&enterprise).await;
    let partner = Partner::of(&enterprise, "1000000001").await;
    let organization = partner.organization(json!({})).await;
    let course = partner.course(organization).await;
    let path = format!("/im/org/{course}/message");
    app.expect(201, Method::POST, &path, json!({})).await;
    app.refused(200, 7007, Method::POST, &path, json!({})).await;
    let seen = enterprise.ok("imstorage/groups", json!({ "organization_id": organization })).await;
    assert_eq!(seen["list"][0]["total"], 1);
}

#[tokio::test]
async fn a_class_without_groups_is_messaged_too_and_one_that_is_not_there_is_not() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let app = AppState::of(&enterprise).await;
    let class_id = enterprise.class(json!({"settings": {"auto_create_im": 0}})).await;
    app.expect(201, Method::POST, &format!("/im/org/{class_id}/message"), json!({})).await;
    for path in ["/im/org/999999999/message", "/im/org/1/message", "/im/org/x/message"] {
        app.refused(404, 1001, Method::POST, path, json!({})).await;
    }
    let other = AppState::of(&service.enterprise().await).await;
    other.refused(404, 1001, Method::POST, &format!("/im/org/{class_id}/message"), json!({})).await;
}
