//! What the media server lets through follows the states of the people, and sessions end with the stay of their owner.

use lectern::media::Source;
use serde_json::json;

use super::{connect, execute, offer, second_device};
use crate::iclass::board::Lesson;
use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::media::{FakeMedia, Sessions};
use crate::support::service::Service;

const MIC: &[Source] = &[Source::Mic];
const SCREEN: &[Source] = &[Source::Screen];

#[tokio::test]
async fn what_is_on_is_let_through_at_once_and_as_it_changes() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.report(&lesson.li, "mic_open", None).await;
    connect(&lesson.li, lesson.class_id).await;
    media.until_permitted("li", MIC).await;
    lesson.report(&lesson.li, "camera_open", None).await;
    media.until_permitted("li", &[Source::Mic, Source::Camera]).await;
    lesson.report(&lesson.li, "mic_close", None).await;
    media.until_permitted("li", &[Source::Camera]).await;
}

#[tokio::test]
async fn a_pupil_whose_microphone_a_moderator_closed_is_not_permitted() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.report(&lesson.li, "mic_open", None).await;
    connect(&lesson.li, lesson.class_id).await;
    media.until_permitted("li", MIC).await;
    lesson.report(&lesson.teacher, "disable_mic", Some("li")).await;
    media.until_permitted("li", &[]).await;
    let permission = json!([{"user_id": "li", "mic": 1, "camera": 0}]);
    let report = json!({"class_id": lesson.class_id, "event": "PermissionControl", "data": permission});
    lesson.teacher.ok("report/event", report).await;
    media.until_permitted("li", MIC).await;
}

#[tokio::test]
async fn a_screen_is_let_through_of_moderators_and_of_who_may_draw() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    for component in [&lesson.teacher, &lesson.li, &lesson.wang] {
        lesson.report(component, "screen_share_open", None).await;
        connect(component, lesson.class_id).await;
    }
    for (user_id, sources) in [("teacher_1", SCREEN), ("li", SCREEN), ("wang", &[])] {
        media.until_permitted(user_id, sources).await;
    }
    lesson.let_draw("wang", true).await;
    lesson.let_draw("li", false).await;
    media.until_permitted("wang", SCREEN).await;
    media.until_permitted("li", &[]).await;
    let members = json!([{"user_id": "li", "role": "assistant"}]);
    enterprise.ok("member/add", json!({"class_id": lesson.class_id, "list": members})).await;
    media.until_permitted("li", SCREEN).await;
}

#[tokio::test]
async fn who_leaves_or_is_kicked_has_no_session_any_more() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    for component in [&lesson.teacher, &lesson.li, &lesson.wang] {
        connect(component, lesson.class_id).await;
    }
    lesson.report(&lesson.teacher, "kick", Some("li")).await;
    media.until(|sessions| sessions.values().all(|held| held.user_id != "li")).await;
    lesson.li.refused("media/connect", offer(lesson.class_id), 10203).await;
    lesson.wang.ok("member/quit", json!({ "class_id": lesson.class_id })).await;
    media.until(|sessions| sessions.values().all(|held| held.user_id == "teacher_1")).await;
    assert_eq!(media.of("teacher_1").len(), 1);
}

#[tokio::test]
async fn a_component_that_falls_silent_loses_its_session_with_its_place() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    connect(&lesson.li, lesson.class_id).await;
    service.pass(200);
    media.until(Sessions::is_empty).await;
}

#[tokio::test]
async fn whose_token_ends_has_no_session_any_more() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    connect(&lesson.li, lesson.class_id).await;
    connect(&lesson.wang, lesson.class_id).await;
    execute(&service, "DELETE FROM tokens WHERE user_id = 'li'".to_owned()).await;
    media.until(|sessions| sessions.values().all(|held| held.user_id == "wang")).await;
    assert_eq!(media.of("wang").len(), 1);
}

#[tokio::test]
async fn another_device_takes_over_and_the_session_of_the_first_ends() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let first = connect(&lesson.li, lesson.class_id).await;
    let tablet = second_device(&enterprise, "li").await;
    tablet.refused("media/connect", offer(lesson.class_id), 10203).await;
    tablet.ok("member/join", json!({ "class_id": lesson.class_id })).await;
    let second = connect(&tablet, lesson.class_id).await;
    media.until(|sessions| !sessions.contains_key(&first)).await;
    lesson.report(&tablet, "mic_open", None).await;
    media.until_permitted("li", MIC).await;
    assert_eq!(media.of("li"), [second]);
    lesson.li.refused("media/connect", offer(lesson.class_id), 10203).await;
}

#[tokio::test]
async fn the_end_of_the_class_ends_its_sessions() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let (lesson, of) = (Lesson::begin(&enterprise).await, |class_id: i64| json!({ "class_id": class_id }));
    let other = enterprise.class(json!({"class_type": "public"})).await;
    let zhao = Component::register(&enterprise, "zhao", "student").await;
    zhao.ok("member/join", of(other)).await;
    connect(&zhao, other).await;
    connect(&lesson.li, lesson.class_id).await;
    connect(&lesson.teacher, lesson.class_id).await;
    lesson.teacher.ok("class/start", of(lesson.class_id)).await;
    lesson.teacher.ok("class/stop", of(lesson.class_id)).await;
    media.until(|sessions| sessions.values().all(|held| held.class_id == other)).await;
    assert_eq!(media.sessions().len(), 1);
    lesson.li.refused("media/connect", offer(lesson.class_id), 10224).await;
    // So does its deletion.
    enterprise.ok("class/delete", of(other)).await;
    media.until(Sessions::is_empty).await;
}

#[tokio::test]
async fn an_offer_over_the_channel_is_answered_as_one_over_http() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let (mut channel, _) = Channel::enter(&lesson.li, lesson.class_id).await;
    let answer = channel.ok("media/connect", offer(lesson.class_id)).await;
    assert_eq!(media.of("li"), [answer["session"].as_str().unwrap()]);
    channel.send(&json!({ "type": "quit" })).await;
    media.until(Sessions::is_empty).await;
}

#[tokio::test]
async fn what_changes_while_an_offer_is_answered_is_not_lost() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.report(&lesson.li, "mic_open", None).await;
    media.answer_offers(false);
    let changes = async {
        media.until_asked(1).await;
        lesson.report(&lesson.teacher, "disable_mic", Some("li")).await;
        media.answer_offers(true);
    };
    tokio::join!(connect(&lesson.li, lesson.class_id), changes);
    media.until_permitted("li", &[]).await;
    // Who leaves meanwhile has no session.
    media.answer_offers(false);
    let leaves = async {
        media.until_asked(2).await;
        lesson.wang.ok("member/quit", json!({ "class_id": lesson.class_id })).await;
        media.answer_offers(true);
    };
    tokio::join!(lesson.wang.call("media/connect", offer(lesson.class_id)), leaves);
    media.until(|sessions| sessions.values().all(|held| held.user_id != "wang")).await;
}

#[tokio::test]
async fn an_instance_that_stops_ends_its_sessions_and_leaves_the_devices_as_they_are() {
    let media = FakeMedia::new();
    let mut service = Service::forwarding(&media, &[]);
    {
        let enterprise = service.enterprise().await;
        let lesson = Lesson::begin(&enterprise).await;
        lesson.report(&lesson.li, "mic_open", None).await;
        connect(&lesson.li, lesson.class_id).await;
    }
    service.stop();
    assert!(media.sessions().is_empty());
}
