//! Heartbeats keep users in a room, and keep the room open.

use serde_json::json;

use super::{Client, eventually};
use crate::support::receiver::Receiver;
use crate::support::service::{Enterprise, Service};
use crate::support::webhooks;

async fn status(enterprise: &Enterprise<'_>, class_id: i64) -> String {
    enterprise.ok("class/info", json!({ "class_id": class_id })).await["class_status"].as_str().unwrap().into()
}

#[tokio::test]
async fn a_member_without_heartbeats_for_two_minutes_has_left() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let (beats, silent) = (Client::student(&enterprise, "s1").await, Client::student(&enterprise, "s2").await);
    let roomnum = teacher.begun_room().await;
    beats.enters(roomnum).await;
    silent.enters(roomnum).await;
    for _ in 0..4 {
        service.pass(30);
        teacher.beats(roomnum).await;
        beats.beats(roomnum).await;
        service.app.presence.work(&service.app.db, service.clock.now()).await.unwrap();
        assert_eq!(teacher.inside(roomnum).await, ["t1", "s1", "s2"]);
    }
    service.pass(6);
    teacher.beats(roomnum).await;
    beats.beats(roomnum).await;
    eventually(async || teacher.inside(roomnum).await, |inside| *inside == ["t1", "s1"]).await;
    assert_eq!(teacher.sees(roomnum).await["memsize"], 2);
    // A late heartbeat succeeds, but does not reopen the session.
    silent.beats(roomnum).await;
    assert_eq!(teacher.inside(roomnum).await, ["t1", "s1"]);
    silent.enters(roomnum).await;
    assert_eq!(teacher.inside(roomnum).await, ["t1", "s1", "s2"]);
}

#[tokio::test]
async fn a_room_ends_when_its_teacher_sends_no_heartbeat_for_five_minutes() {
    let (service, receiver) = (webhooks::start(&[]), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let (teacher, student) = (Client::teacher(&enterprise, "t1").await, Client::student(&enterprise, "s1").await);
    let roomnum = teacher.begun_room().await;
    student.enters(roomnum).await;
    for _ in 0..3 {
        service.pass(100);
        student.beats(roomnum).await;
        service.app.presence.work(&service.app.db, service.clock.now()).await.unwrap();
        assert_eq!(status(&enterprise, roomnum).await, "ing");
    }
    // At the next look, which is every ten seconds.
    service.pass(16);
    student.beats(roomnum).await;
    eventually(async || status(&enterprise, roomnum).await, |status| status == "end").await;
    assert_eq!(student.sees(roomnum).await["state"], 2);
    assert_eq!(student.inside(roomnum).await, [""; 0]);
    student.beats(roomnum).await;
    let published = receiver.wait_for(6).await;
    let published: Vec<&str> = published.iter().map(|request| request.event()).collect();
    assert_eq!(published, ["join_class", "class_begin", "join_class", "quit_class", "quit_class", "class_over"]);
}

#[tokio::test]
async fn a_room_lasts_while_its_teacher_sends_heartbeats_inside_or_not() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, student) = (Client::teacher(&enterprise, "t1").await, Client::student(&enterprise, "s1").await);
    let other = Client::teacher(&enterprise, "t2").await;
    let (inside, outside, nobody) = (
        teacher.begun_room().await,
        other.begun_room().await,
        Client::teacher(&enterprise, "t3").await.begun_room().await,
    );
    other.live("reportmemid", json!({"roomnum": outside, "operate": 1})).await;
    for _ in 0..10 {
        service.pass(60);
        teacher.beats(inside).await;
        other.beats(outside).await;
        // The heartbeat of another user does not help.
        student.beats(nobody).await;
        other.beats(nobody).await;
        service.app.presence.work(&service.app.db, service.clock.now()).await.unwrap();
    }
    let states: Vec<String> =
        vec![status(&enterprise, inside).await, status(&enterprise, outside).await, status(&enterprise, nobody).await];
    assert_eq!(states, ["ing", "ing", "end"]);
    assert_eq!(other.inside(outside).await, [""; 0]);
}

#[tokio::test]
async fn a_service_that_was_away_gives_teachers_time_for_a_heartbeat() {
    let mut service = Service::start();
    let (sdkappid, token, roomnum) = {
        let enterprise = service.enterprise().await;
        let teacher = Client::teacher(&enterprise, "t1").await;
        (enterprise.sdkappid, teacher.token.clone(), teacher.begun_room().await)
    };
    service.restart_after(600);
    let enterprise = service.enterprise_with(sdkappid).await;
    let teacher = Client { token, ..Client::of(&enterprise, "t1") };
    service.app.presence.work(&service.app.db, service.clock.now()).await.unwrap();
    assert_eq!(status(&enterprise, roomnum).await, "ing");
    service.pass(20);
    teacher.beats(roomnum).await;
    service.pass(60);
    teacher.beats(roomnum).await;
    service.app.presence.work(&service.app.db, service.clock.now()).await.unwrap();
    assert_eq!(status(&enterprise, roomnum).await, "ing");
}

#[tokio::test]
async fn a_room_that_has_not_begun_and_a_class_with_a_schedule_do_not_end_for_missing_heartbeats() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let waiting = teacher.room("x").await;
    let stop_time = service.now() + 1_000_000;
    let class_id = enterprise.class(json!({"teacher_id": "t1", "stop_time": stop_time})).await;
    teacher.live("startcourse", json!({ "roomnum": class_id })).await;
    service.pass(900_000);
    service.app.presence.work(&service.app.db, service.clock.now()).await.unwrap();
    assert_eq!(status(&enterprise, waiting).await, "will");
    assert_eq!(status(&enterprise, class_id).await, "ing");
}
