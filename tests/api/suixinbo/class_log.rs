//! The followers of a room as a class receive what its clients do.

use serde_json::json;

use super::Client;
use crate::support::follower::Followers;
use crate::support::service::Service;

#[tokio::test]
async fn what_happens_in_a_room_is_sent_to_its_followers() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let student = Client::student(&enterprise, "s1").await;
    let roomnum = teacher.room("Fractions").await;
    let mut followers = Followers::of(&enterprise, roomnum, &["t1", "s1"]).await;
    teacher.live("startcourse", json!({ "roomnum": roomnum })).await;
    assert_eq!(followers.look().await, ["member t1", "class ing"]);
    student.enters(roomnum).await;
    student.live("reportmemid", json!({"roomnum": roomnum, "operate": 1})).await;
    assert_eq!(followers.look().await, ["member s1", "left s1 quit"]);
    teacher.live("exitroom", json!({ "roomnum": roomnum })).await;
    assert_eq!(followers.look().await, ["class end"]);
}

#[tokio::test]
async fn a_room_of_a_user_who_is_deleted_ends_for_those_who_follow_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let roomnum = teacher.begun_room().await;
    let mut followers = Followers::of(&enterprise, roomnum, &["t1"]).await;
    enterprise.ok("user/delete", json!({"user_id": "t1"})).await;
    assert_eq!(followers.look().await, ["class end", "left t1 deleted"]);
}
