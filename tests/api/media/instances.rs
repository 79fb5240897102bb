//! Several instances: each class is on the media server of one, and offers find it.

use std::time::Instant;

use lectern::clock::Clock;
use lectern::media::Source;
use serde_json::json;

use super::{connect, execute, offer};
use crate::iclass::board::Lesson;
use crate::support::component::{Component, from_page};
use crate::support::media::{FakeMedia, Sessions};
use crate::support::process::{Process, eventually};
use crate::support::robot::{Plan, Robot};
use crate::support::service::Service;

/// The same component, with another instance.
fn at<'a>(service: &'a Service, component: &Component<'_>) -> Component<'a> {
    let Component { sdkappid, user_id, token, .. } = component;
    Component { service, sdkappid: *sdkappid, user_id: user_id.clone(), token: token.clone() }
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn all_of_a_class_meet_on_one_media_server_whichever_instance_they_call() {
    let (here, there) = (FakeMedia::new(), FakeMedia::new());
    let first = Service::forwarding(&here, &[]);
    let second = Service::forwarding_beside(&first, &there);
    let enterprise = first.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.report(&lesson.li, "mic_open", None).await;
    connect(&lesson.teacher, lesson.class_id).await;
    let session = connect(&at(&second, &lesson.li), lesson.class_id).await;
    let (with, without) = if here.of("teacher_1").is_empty() { (&there, &here) } else { (&here, &there) };
    assert_eq!(with.of("li"), [session.as_str()]);
    assert!(without.sessions().is_empty());
    with.until_permitted("li", &[Source::Mic]).await;
    // Another offer for the session, its refusals and its end go there too.
    let sources = json!([{"mid": "0", "source": "camera"}]);
    let again = json!({"class_id": lesson.class_id, "session": session, "offer": "v=0 again", "sources": sources});
    for service in [&first, &second] {
        let answer = at(service, &lesson.li).ok("media/connect", again.clone()).await;
        assert_eq!((&answer["answer"], &answer["session"]), (&json!("answer to v=0 again"), &json!(session)));
        at(service, &lesson.wang).refused("media/connect", again.clone(), 10292).await;
        let bad = json!({"class_id": lesson.class_id, "session": "", "offer": "v=0 bad", "sources": []});
        let refusal = at(service, &lesson.wang).refused("media/connect", bad, 10003).await;
        assert_eq!(refusal, "offer: no line can be used");
    }
    assert_eq!(with.sessions()[&session].sources, [("0".to_owned(), Source::Camera)]);
    // Whoever closes a microphone may call any instance.
    let disable = json!({"class_id": lesson.class_id, "event": "disable_mic", "data": {"user_id": "li"}});
    at(&second, &lesson.teacher).ok("report/event", disable).await;
    with.until_permitted("li", &[]).await;
    let end = json!({"class_id": lesson.class_id, "session": session});
    for service in [&first, &second] {
        at(service, &lesson.li).ok("media/disconnect", end.clone()).await;
    }
    with.until(|sessions| sessions.values().all(|held| held.user_id != "li")).await;
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn classes_are_spread_over_the_instances() {
    let (here, there) = (FakeMedia::new(), FakeMedia::new());
    let first = Service::forwarding(&here, &[]);
    let _second = Service::forwarding_beside(&first, &there);
    let enterprise = first.enterprise().await;
    until_alive(&first, 2).await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    for _ in 0..4 {
        let class_id = enterprise.class(json!({})).await;
        teacher.ok("member/join", json!({ "class_id": class_id })).await;
        connect(&teacher, class_id).await;
    }
    let places = "SELECT count(DISTINCT instance_id) AS number FROM media_places";
    assert_eq!(number(&first, places).await, 2);
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn an_instance_that_dies_loses_its_classes_to_another() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    // An instance that died a moment ago has the class. Its lease ends in two seconds.
    let until = service.clock.now() + 2_000;
    let (class_id, enterprise_id) = (lesson.class_id, enterprise.enterprise_id);
    execute(&service, format!("INSERT INTO media_instances VALUES (7, 0, {until})")).await;
    execute(&service, format!("INSERT INTO media_places VALUES ({class_id}, {enterprise_id}, 7, {until})")).await;
    let session = json!({"class_id": class_id, "session": "a", "offer": "v=0", "sources": []});
    let dies = async {
        eventually("the offer waits", async || {
            (number(&service, "SELECT count(*) AS number FROM media_requests").await == 1).then_some(())
        })
        .await;
        service.pass(3);
    };
    let (connected, ()) = tokio::join!(connect(&lesson.li, class_id), dies);
    assert_eq!(media.of("li"), [connected]);
    assert_eq!(number(&service, "SELECT count(*) AS number FROM media_requests").await, 0);
    lesson.li.refused("media/connect", session, 10292).await;
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn an_instance_that_lost_a_class_ends_its_sessions_there_and_leaves_the_devices_as_they_are() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.report(&lesson.li, "mic_open", None).await;
    connect(&lesson.li, lesson.class_id).await;
    let until = service.clock.now() + 3_000;
    execute(&service, format!("UPDATE media_places SET instance_id = 7, lease_until = {until}")).await;
    media.until(Sessions::is_empty).await;
    assert_eq!(lesson.devices("li").await, [1, 0, 0]);
    service.pass(4);
    connect(&lesson.li, lesson.class_id).await;
    media.until_permitted("li", &[Source::Mic]).await;
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn an_instance_that_stops_hands_its_classes_over() {
    let (here, there) = (FakeMedia::new(), FakeMedia::new());
    let mut first = Service::forwarding(&here, &[]);
    let second = Service::forwarding_beside(&first, &there);
    let enterprise = second.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.report(&lesson.li, "mic_open", None).await;
    let session = connect(&lesson.li, lesson.class_id).await;
    let stops = if here.sessions().is_empty() { None } else { Some(()) };
    first.stop();
    assert!(here.sessions().is_empty());
    assert_eq!(number(&second, "SELECT count(*) AS number FROM media_instances").await, 1);
    if stops.is_some() {
        let again = json!({"class_id": lesson.class_id, "session": session, "offer": "v=0", "sources": []});
        lesson.li.refused("media/connect", again, 10292).await;
    }
    let connected = connect(&lesson.li, lesson.class_id).await;
    assert!(there.of("li").contains(&connected));
    there.until_permitted("li", &[Source::Mic]).await;
    assert_eq!(lesson.devices("li").await, [1, 0, 0]);
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn an_instance_that_does_not_answer_is_not_waited_for_longer_than_its_deadline() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let until = service.clock.now() + 30_000;
    let (class_id, enterprise_id) = (lesson.class_id, enterprise.enterprise_id);
    execute(&service, format!("INSERT INTO media_places VALUES ({class_id}, {enterprise_id}, 7, {until})")).await;
    lesson.li.refused("media/connect", offer(class_id), 10291).await;
    assert!(media.sessions().is_empty());
    assert_eq!(number(&service, "SELECT count(*) AS number FROM media_requests").await, 0);
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_class_goes_on_at_another_instance_when_its_own_was_killed() {
    // This one has no media server.
    let service = Service::start_at(Clock::System, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.report(&lesson.li, "mic_open", None).await;
    let dies = Process::start(service.database_url(), &[]);
    let hears = async |listener: &Robot| {
        eventually("the voice comes", async || {
            listener.got("li", "mic").is_some_and(|got| got.packets > 20).then_some(())
        })
        .await;
    };
    let _speaker = enter(&lesson.li, &dies, lesson.class_id, true).await;
    let listener = enter(&lesson.wang, &dies, lesson.class_id, false).await;
    hears(&listener).await;
    let stays = Process::start(service.database_url(), &[]);
    until_alive(&service, 2).await;
    dies.kill();
    let killed = Instant::now();
    let _speaker = enter(&lesson.li, &stays, lesson.class_id, true).await;
    let listener = enter(&lesson.wang, &stays, lesson.class_id, false).await;
    hears(&listener).await;
    println!("the voice comes again {} ms after the instance was killed", killed.elapsed().as_millis());
}

/// A robot enters through a process, as pages do: it asks again until there is an answer.
async fn enter(component: &Component<'_>, through: &Process, class_id: i64, mic: bool) -> Robot {
    Robot::connect(Plan { mic, slots: (2, 0), ..Plan::default() }, async |offer, sources| {
        let sources: Vec<_> = sources.iter().map(|(mid, source)| json!({"mid": mid, "source": source})).collect();
        let body = from_page(&json!({"class_id": class_id, "session": "", "offer": offer, "sources": sources}));
        let url = component.url("media/connect", &body).replace(&component.service.url, &through.url);
        eventually("an instance takes the class", async || {
            let answer = component.post(url.clone(), body.clone()).await;
            answer["answer"].as_str().map(ToOwned::to_owned)
        })
        .await
    })
    .await
}

async fn until_alive(service: &Service, instances: i64) {
    let count = "SELECT count(*) AS number FROM media_instances";
    eventually("all are alive", async || (number(service, count).await == instances).then_some(())).await;
}

async fn number(service: &Service, query: &str) -> i64 {
    super::number(service, query.to_owned()).await
}
