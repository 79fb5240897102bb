//! Sessions without heartbeats end, also across restarts and with several instances.

use lectern::clock::Clock;
use lectern::store::ids::EnterpriseId;
use serde_json::{Value, json};

use super::{Device, GRACE, Session, ended, open, work};
use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Service};
use crate::support::webhooks::{self, subscribed};

#[tokio::test]
async fn a_session_without_heartbeats_ended_at_the_last_one() {
    let service = webhooks::start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let class_id = enterprise.begun(36_000).await;
    let (silent, alive) = (enterprise.device("silent").await, enterprise.device("alive").await);
    enterprise.enter(class_id, &silent).await.unwrap();
    enterprise.enter(class_id, &alive).await.unwrap();
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "pupil"})).await;
    for _ in 0..3 {
        service.pass(30);
        enterprise.beats(class_id, &silent).await;
        enterprise.beats(class_id, &alive).await;
    }
    for _ in 0..3 {
        service.pass(30);
        enterprise.beats(class_id, &alive).await;
    }
    service.pass(GRACE);
    work(&service).await;
    // The lease expired, but another instance may have received a heartbeat.
    assert_eq!(enterprise.sessions(class_id).await[0], open("silent", 1, 0));
    service.pass(GRACE);
    enterprise.beats(class_id, &alive).await;
    let sessions = [ended("silent", 1, 0, 90, "timeout"), open("alive", 1, 0), open("pupil", 1, 0)];
    enterprise.wait_for_sessions(class_id, &sessions).await;
    let inside = enterprise.ok("member/runtime/list", json!({"class_id": class_id})).await;
    assert_eq!(inside["total"], 2);
    // The next device opens another session. A session without a component has no lease.
    assert_eq!(enterprise.heartbeat(class_id, &silent).await["error_code"], 10203);
    enterprise.leave(class_id, &alive).await;
    service.pass(9_000);
    work(&service).await;
    assert_eq!(enterprise.sessions(class_id).await[2], open("pupil", 1, 0));
    let published = enterprise.published(class_id).await;
    let quits: Vec<_> = published.iter().filter(|(name, _)| name == "quit_class").collect();
    assert_eq!(quits, [&("quit_class".to_owned(), 90), &("quit_class".to_owned(), 190)]);
}

#[tokio::test]
async fn a_heartbeat_needs_a_good_token_of_somebody_inside() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let (device, other) = (enterprise.device("u").await, enterprise.device("other").await);
    enterprise.enter(class_id, &device).await.unwrap();
    let code =
        async |class_id: i64, device: &Device| enterprise.heartbeat(class_id, device).await["error_code"].clone();
    assert_eq!(code(class_id, &other).await, 10203);
    assert_eq!(code(class_id + 1, &device).await, 10203);
    let made_up = Device { token: "made-up".into(), ..device.clone() };
    assert_eq!(code(class_id, &made_up).await, 10216);
    let of_another = Device { token: other.token.clone(), ..device.clone() };
    assert_eq!(code(class_id, &of_another).await, 10216);
    enterprise.beats(class_id, &device).await;
    assert_eq!(code(class_id, &of_another).await, 10216);
    let named_wrongly = Device { user_id: "other".into(), ..device.clone() };
    assert_eq!(code(class_id, &named_wrongly).await, 10216);
    // A renewed token is rejected at the latest when the heartbeat is stored.
    let sdkappid = enterprise.enterprise_id;
    let renew = move |conn: &mut _| lectern::domain::tenancy::user::renew_token(conn, EnterpriseId(sdkappid), "u");
    service.app.db.write(renew).await.unwrap();
    service.pass(GRACE);
    enterprise.heartbeat(class_id, &device).await;
    service.pass(GRACE);
    work(&service).await;
    assert_eq!(code(class_id, &device).await, 10216);
}

#[tokio::test]
async fn only_the_entry_of_the_class_counts_in_the_list_that_the_page_sends() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let device = enterprise.device("u").await;
    enterprise.enter(class_id, &device).await.unwrap();
    let good = json!({"CustomData": {"user_id": "u", "class_id": class_id, "token": device.token,
        "class_video_type": null, "resolution": "640x480"}});
    let send = async |list: Value| {
        let url = format!("{}/v4/ilvb_edu/report_heartbeat?sdkappid={}", service.url, enterprise.sdkappid);
        let body = json!({ "HeartbeatList": list }).to_string();
        service.http.post(url).body(body).send().await.unwrap().json::<Value>().await.unwrap()
    };
    let elsewhere = json!({"CustomData": {"user_id": "u", "class_id": class_id + 1, "token": device.token}});
    for first in [
        json!({"CustomData": {"RoomId": 7}}),
        json!({"CustomData": {}}),
        json!({"CustomData": {"class_id": null}}),
        json!({"CustomData": {"class_id": 0}}),
        json!({"CustomData": {"class_id": ""}}),
        json!({"CustomData": {"class_id": "none", "token": 1}}),
        json!({"CustomData": {"class_id": class_id}}),
        json!({"CustomData": "none"}),
        json!({}),
        json!(null),
        elsewhere.clone(),
    ] {
        let answer = send(json!([first, good])).await;
        assert_eq!(answer, json!({"Response": {"IntervalTime": 30}}), "{first}");
    }
    // A list that names no class records nothing, and is no error either.
    assert_eq!(send(json!([{"CustomData": {}}])).await, json!({"Response": {"IntervalTime": 30}}));
    // Nothing hides that the user is outside.
    assert_eq!(send(json!([{"CustomData": {"RoomId": 7}}, elsewhere])).await["error_code"], 10203);
    assert_eq!(send(json!([{"CustomData": {"class_id": class_id}}])).await["error_code"], 10003);
    for seconds in [60, 60] {
        service.pass(seconds);
        send(json!([{"CustomData": {}}, good])).await;
    }
    service.pass(60);
    work(&service).await;
    assert_eq!(enterprise.sessions(class_id).await, [open("u", 1, 0)]);
}

#[tokio::test]
async fn a_component_may_report_with_its_token_in_the_query() {
    let service = Service::start_with(&["--heartbeat-seconds", "7"]);
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let device = enterprise.device("u").await;
    enterprise.enter(class_id, &device).await.unwrap();
    let url = format!(
        "{}/saas/v1/report/heartbeat?sdkappid={}&user_id=u&token={}&random=1",
        service.url, enterprise.sdkappid, device.token
    );
    let body = json!({"platform": "web", "class_id": class_id}).to_string();
    let answer: Value = service.http.post(&url).body(body).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer, json!({"error_code": 0, "error_msg": "", "Response": {"IntervalTime": 7}}));
    let empty: Value = service.http.post(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(empty["error_code"], 10003);
}

#[tokio::test]
async fn a_restart_keeps_sessions_with_heartbeats_and_ends_the_others() {
    let mut service = Service::start();
    let enterprise = service.enterprise().await;
    let sdkappid = enterprise.sdkappid;
    let class_id = enterprise.begun(36_000).await;
    let (gone, alive) = (enterprise.device("gone").await, enterprise.device("alive").await);
    enterprise.enter(class_id, &gone).await.unwrap();
    enterprise.enter(class_id, &alive).await.unwrap();
    service.clock.set((BEGIN + 2) * 1000);
    // The heartbeat is only in memory when the service stops.
    enterprise.beats(class_id, &gone).await;
    enterprise.beats(class_id, &alive).await;
    // The service was stopped for longer than a lease, so it could receive no heartbeats.
    service.restart_after(600);
    let enterprise = service.enterprise_with(sdkappid).await;
    service.pass(20);
    enterprise.beats(class_id, &alive).await;
    service.pass(20);
    enterprise.wait_for_sessions(class_id, &[ended("gone", 1, 0, 2, "timeout"), open("alive", 1, 0)]).await;
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn with_several_instances_each_session_and_each_class_ends_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.publishes_joins_and_quits().await;
    let class_id = enterprise.begun(600).await;
    let mut devices = Vec::new();
    for n in 0..20 {
        let device = enterprise.device(&format!("u{n}")).await;
        enterprise.enter(class_id, &device).await.unwrap();
        devices.push(device);
    }
    let clock = || Clock::set_at(BEGIN * 1000);
    let others = [Service::start_beside(&service, clock()), Service::start_beside(&service, clock())];
    let at = |seconds: i64| (BEGIN + seconds) * 1000;
    // Each instance receives the heartbeats of some sessions; the other instances do not end these.
    for other in &others {
        other.clock.set(at(30));
    }
    service.clock.set(at(30));
    for (n, device) in devices.iter().enumerate() {
        let instance = [&service, &others[0], &others[1]][n % 3];
        let answer = enterprise.heartbeat_at(instance, class_id, device).await;
        assert_eq!(answer["Response"]["IntervalTime"], 30, "{answer}");
    }
    let instances = [&service, &others[0], &others[1]];
    for instance in instances {
        instance.app.presence.work(&instance.app.db, at(36)).await.unwrap();
    }
    for seconds in [100, 125, 126, 700, 800] {
        let done = instances.map(|instance| instance.app.presence.work(&instance.app.db, at(seconds)));
        let [one, two, three] = done;
        let done = tokio::join!(one, two, three);
        assert!(done.0.is_ok() && done.1.is_ok() && done.2.is_ok(), "{done:?}");
        if seconds == 100 || seconds == 125 {
            assert!(enterprise.sessions(class_id).await.iter().all(|session| session.quit.is_none()), "{seconds}");
        }
    }
    let sessions = enterprise.sessions(class_id).await;
    let expected: Vec<Session> = (0..20).map(|n| ended(&format!("u{n}"), 1, 0, 30, "timeout")).collect();
    assert_eq!(sessions, expected);
    let published = enterprise.published(class_id).await;
    let count = |name: &str| published.iter().filter(|(event, _)| event == name).count();
    assert_eq!((count("join_class"), count("quit_class"), count("class_over")), (20, 20, 1));
}
