//! Who is inside but has lost the connection: those who watch are sent it, those who enter later find it.

use lectern::domain::ids::ClassId;
use lectern::realtime::{ConnectionChange, Signal};
use serde_json::{Value, json};

use super::class_of_two;
use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::service::Service;

/// Waits for the news that somebody's connection broke or is back.
async fn connection_of(channel: &mut Channel, user_id: &str, is_connected: bool) {
    let wanted =
        json!({"type": "signal", "kind": "connection", "user_id": user_id, "data": {"connected": is_connected}});
    channel.message_where(|message| *message == wanted).await;
}

/// Whether somebody is connected, as a snapshot has it.
fn connected(welcome: &Value, user_id: &str) -> bool {
    let members = welcome["snapshot"]["members"].as_array().unwrap_or_else(|| panic!("no snapshot: {welcome}"));
    let member = members.iter().find(|member| member["user_id"] == user_id);
    member.unwrap_or_else(|| panic!("{user_id} is not inside: {welcome}"))["connected"].as_bool().unwrap()
}

#[tokio::test]
async fn who_enters_later_sees_who_has_lost_the_connection() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut watching, _) = Channel::enter(&teacher, class_id).await;
    let (leaving, welcome) = Channel::enter(&pupil, class_id).await;
    assert!(connected(&welcome, "li") && connected(&welcome, "wang"), "{welcome}");
    drop(leaving);
    connection_of(&mut watching, "wang", false).await;

    let (mut later, welcome) = Channel::enter(&teacher, class_id).await;
    assert!(connected(&welcome, "li") && !connected(&welcome, "wang"), "{welcome}");
    later.ok("report/event", json!({"class_id": class_id, "event": "enable_draw", "data": {"user_id": "wang"}})).await;
    let member = later.event("member").await;
    assert_eq!((&member["enable_draw"], &member["connected"]), (&json!(1), &json!(false)));

    let (_back, welcome) = Channel::enter(&pupil, class_id).await;
    assert!(connected(&welcome, "wang"), "who comes back knows that they are: {welcome}");
    connection_of(&mut later, "wang", true).await;
    let (_again, welcome) = Channel::enter(&teacher, class_id).await;
    assert!(connected(&welcome, "wang"), "{welcome}");
}

#[tokio::test]
async fn a_client_that_resumes_without_a_snapshot_receives_who_has_lost_the_connection() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut watching, _) = Channel::enter(&teacher, class_id).await;
    let (leaving, _) = Channel::enter(&pupil, class_id).await;
    let last = watching.ping().await.0["sequence"].as_i64().unwrap();
    drop(leaving);
    connection_of(&mut watching, "wang", false).await;
    let (mut back, welcome) = Channel::enter_again(&teacher, class_id, last).await;
    assert!(welcome["snapshot"].is_null(), "{welcome}");
    connection_of(&mut back, "wang", false).await;
}

#[tokio::test]
async fn who_left_and_enters_again_is_connected() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut watching, _) = Channel::enter(&teacher, class_id).await;
    let (leaving, _) = Channel::enter(&pupil, class_id).await;
    drop(leaving);
    connection_of(&mut watching, "wang", false).await;
    pupil.ok("member/quit", json!({ "class_id": class_id })).await;
    // Without a channel this time, as a component of the published service.
    service.pass(1);
    pupil.ok("member/join", json!({ "class_id": class_id })).await;
    let (_later, welcome) = Channel::enter(&teacher, class_id).await;
    assert!(connected(&welcome, "wang"), "{welcome}");
}

#[tokio::test]
async fn who_is_connected_contradicts_the_end_of_an_earlier_connection() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut watching, _) = Channel::enter(&teacher, class_id).await;
    let (_pupil, _) = Channel::enter(&pupil, class_id).await;
    let change = ConnectionChange { connection: 1, is_connected: false, time: service.app.now() };
    let late = Signal { user_id: "wang".to_owned(), text: "{}".into(), connection: Some(change) };
    service.app.channel.signal(ClassId(class_id), late);
    connection_of(&mut watching, "wang", true).await;
    let (_later, welcome) = Channel::enter(&teacher, class_id).await;
    assert!(connected(&welcome, "wang"), "{welcome}");
}

#[tokio::test]
#[ignore = "needs several instances, so PostgreSQL"]
async fn every_instance_knows_who_has_lost_the_connection() {
    let one = Service::start();
    let other = Service::start_beside(&one, one.clock.clone());
    let enterprise = one.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let assistant = Component::register(&enterprise, "zhao", "assistant").await;
    enterprise.ok("class/modify", json!({"class_id": class_id, "assistant_id": "zhao"})).await;
    let elsewhere = |component: &Component<'_>| (component.user_id.clone(), component.token.clone());
    let at_other =
        |(user_id, token): (String, String)| Component { service: &other, sdkappid: pupil.sdkappid, user_id, token };
    let (pupil_there, assistant_there) = (at_other(elsewhere(&pupil)), at_other(elsewhere(&assistant)));
    let (mut watching, _) = Channel::enter(&teacher, class_id).await;
    let (leaving, _) = Channel::enter(&pupil, class_id).await;
    drop(leaving);
    connection_of(&mut watching, "wang", false).await;
    // Nobody has followed the class there, and the first who does knows: at the latest with the signal.
    let (mut there, welcome) = Channel::enter(&assistant_there, class_id).await;
    if connected(&welcome, "wang") {
        connection_of(&mut there, "wang", false).await;
    }
    let (mut back, welcome) = Channel::enter(&pupil_there, class_id).await;
    assert!(connected(&welcome, "wang"), "{welcome}");
    connection_of(&mut watching, "wang", true).await;
    // Back to the first instance while the connection to the other is open.
    let (_again, _) = Channel::enter(&pupil, class_id).await;
    assert_eq!(back.ended().await, (4002, "replaced".into()));
    let (_last, welcome) = Channel::enter(&assistant_there, class_id).await;
    assert!(connected(&welcome, "wang"), "{welcome}");
}
