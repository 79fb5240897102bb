//! The media server writes states back: what does not arrive any more is off.

use std::collections::BTreeSet;

use lectern::domain::classroom::log::LogEvent;
use lectern::media::Source;
use serde_json::json;

use super::connect;
use crate::iclass::board::Lesson;
use crate::support::channel::Channel;
use crate::support::media::FakeMedia;
use crate::support::process::eventually;
use crate::support::service::Service;

#[tokio::test]
async fn a_source_that_stops_is_turned_off_and_everybody_is_told() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let (mut channel, _) = Channel::enter(&lesson.wang, lesson.class_id).await;
    for event in ["mic_open", "camera_open"] {
        lesson.report(&lesson.li, event, None).await;
        channel.event("member").await;
    }
    connect(&lesson.li, lesson.class_id).await;
    service.pass(10);
    media.stop(lesson.class_id, "li", Source::Mic);
    let member = channel.event("member").await;
    assert_eq!((&member["user_id"], &member["mic"], &member["camera"]), (&json!("li"), &json!(0), &json!(1)));
    assert_eq!(lesson.devices("li").await, [0, 1, 0]);
    media.until_permitted("li", &[Source::Camera]).await;
    // It is in the attendance as if the component had reported it.
    let attendance = enterprise.ok("class/attendance", json!({ "class_id": lesson.class_id })).await;
    let row = attendance["list"].as_array().unwrap().iter().find(|row| row["user_id"] == "li").unwrap().to_string();
    assert!(row.contains("mic"), "{row}");
}

#[tokio::test]
async fn who_has_no_session_any_more_has_nothing_on() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    for event in ["mic_open", "camera_open", "screen_share_open"] {
        lesson.report(&lesson.li, event, None).await;
        lesson.report(&lesson.wang, event, None).await;
    }
    for component in [&lesson.li, &lesson.wang] {
        connect(component, lesson.class_id).await;
    }
    let second = connect(&lesson.wang, lesson.class_id).await;
    media.end(|id, held| held.user_id == "li" || (held.user_id == "wang" && id != second));
    let is_off = async || (lesson.devices("li").await == [0, 0, 0]).then_some(());
    eventually("the devices of li are off", is_off).await;
    // One of two sessions of wang is left.
    assert_eq!(lesson.devices("wang").await, [1, 1, 1]);
    // A component that ends its session says so as well.
    lesson.wang.ok("media/disconnect", json!({ "class_id": lesson.class_id, "session": second })).await;
    let is_off = async || (lesson.devices("wang").await == [0, 0, 0]).then_some(());
    eventually("the devices of wang are off", is_off).await;
}

#[tokio::test]
async fn what_is_off_already_changes_nothing() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    connect(&lesson.li, lesson.class_id).await;
    connect(&lesson.wang, lesson.class_id).await;
    lesson.report(&lesson.wang, "mic_open", None).await;
    media.stop(lesson.class_id, "li", Source::Mic);
    media.stop(lesson.class_id, "nobody", Source::Camera);
    media.stop(1, "li", Source::Camera);
    media.stop(lesson.class_id, "wang", Source::Mic);
    let is_off = async || (lesson.devices("wang").await == [0, 0, 0]).then_some(());
    eventually("the microphone of wang is off", is_off).await;
    let changed: BTreeSet<String> = enterprise.log_events(lesson.class_id).await.iter().filter_map(subject).collect();
    assert_eq!(changed, BTreeSet::from(["wang".to_owned()]));
}

fn subject(event: &LogEvent) -> Option<String> {
    event.subject().map(str::to_owned)
}
