//! Classes that end automatically.

use serde_json::json;

use super::{ended, work};
use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn an_empty_class_ends_by_itself_within_a_minute_of_its_time() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.publishes_joins_and_quits().await;
    let class_id = enterprise.begun(600).await;
    let device = enterprise.device("u").await;
    enterprise.enter(class_id, &device).await.unwrap();
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "u"})).await;
    for _ in 0..22 {
        service.pass(30);
        enterprise.beats(class_id, &device).await;
    }
    work(&service).await;
    enterprise.wait_for_status(class_id, "ing").await;
    enterprise.leave(class_id, &device).await;
    // A participant may be reloading the page.
    service.pass(10);
    work(&service).await;
    enterprise.wait_for_status(class_id, "ing").await;
    service.pass(50);
    enterprise.wait_for_status(class_id, "end").await;
    assert_eq!(enterprise.end_reason(class_id).await.as_deref(), Some("empty"));
    service.pass(50_000);
    work(&service).await;
    let published = enterprise.published(class_id).await;
    let expected = [("join_class", 0), ("quit_class", 660), ("class_over", 720)];
    assert_eq!(published, expected.map(|(name, time)| (name.to_owned(), time)));
}

#[tokio::test]
async fn every_class_ends_some_time_after_its_stop_time() {
    let service = Service::start_with(&["--class-max-overrun-seconds", "1000"]);
    let enterprise = service.enterprise().await;
    enterprise.device("u").await;
    let class_id = enterprise.begun(600).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "u"})).await;
    let never = enterprise.class(json!({"start_time": BEGIN, "stop_time": BEGIN + 600})).await;
    let later = enterprise.class(json!({"start_time": BEGIN, "stop_time": BEGIN + 700})).await;
    // A class that was created and begun after its time gets the full overrun from then.
    let late = enterprise.class(json!({"start_time": 1, "stop_time": 2})).await;
    let stopped = enterprise.begun(600).await;
    enterprise.ok("class/stop", json!({"class_id": stopped})).await;
    service.pass(999);
    work(&service).await;
    enterprise.wait_for_status(late, "will").await;
    service.pass(600);
    work(&service).await;
    enterprise.wait_for_status(class_id, "ing").await;
    enterprise.wait_for_status(never, "will").await;
    service.pass(10);
    enterprise.wait_for_status(class_id, "end").await;
    enterprise.wait_for_status(never, "end").await;
    enterprise.wait_for_status(later, "will").await;
    enterprise.wait_for_status(late, "end").await;
    assert_eq!(enterprise.sessions(class_id).await, [ended("u", 1, 0, 1_609, "class_ended")]);
    for (class_id, reason) in [(class_id, "overrun"), (never, "never_began"), (stopped, "stopped")] {
        assert_eq!(enterprise.end_reason(class_id).await.as_deref(), Some(reason));
    }
    assert_eq!(enterprise.end_reason(later).await, None);
    for class_id in [class_id, never] {
        assert_eq!(enterprise.published(class_id).await, [("class_over".to_owned(), 1_609)]);
    }
    assert_eq!(enterprise.published(stopped).await, []);
}

#[tokio::test]
async fn a_class_that_is_begun_after_its_time_has_ten_minutes() {
    let service = Service::start_with(&["--class-max-overrun-seconds", "60"]);
    let enterprise = service.enterprise().await;
    enterprise.device("u").await;
    let planned = json!({"start_time": BEGIN, "stop_time": BEGIN + 600});
    let (empty, full) = (enterprise.class(planned.clone()).await, enterprise.class(planned).await);
    // The worker ends what nobody began in time, so both are begun as soon as their time is over.
    service.clock.set((BEGIN + 600) * 1000);
    for class_id in [empty, full] {
        enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    }
    enterprise.ok("member/join", json!({"class_id": full, "user_id": "u"})).await;
    for _ in 0..11 {
        service.pass(50);
        work(&service).await;
    }
    service.pass(49);
    work(&service).await;
    for class_id in [empty, full] {
        enterprise.wait_for_status(class_id, "ing").await;
    }
    service.pass(10);
    work(&service).await;
    enterprise.wait_for_status(empty, "end").await;
    enterprise.wait_for_status(full, "end").await;
    assert_eq!(enterprise.end_reason(full).await.as_deref(), Some("overrun"));
}
