//! The hosted service fails, hangs or is slow: no incomplete class is left.

use lectern::domain::Error;
use lectern::domain::classroom::class::{Booking, Patch, Pending, Step};
use lectern::store::chat::group_deletion;
use lectern::store::ids::EnterpriseId;
use serde_json::{Value, json};

use super::{TICKET, came, class_of, classes, code, fields, group, hosted, makes_chat, with};
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::Service;

#[tokio::test]
async fn no_class_is_left_however_the_hosted_service_fails() {
    let elsewhere = Receiver::answering(|_| code(0));
    let im = Receiver::answering(|_| code(0));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let padded = |bytes: usize| {
        let answer = format!("{{\"ErrorCode\":0{:1$}}}", "", bytes - "{\"ErrorCode\":0}".len());
        Reply::Whole(200, "application/json", answer)
    };
    let failures = [
        (code(70_001), "70001"),
        (code(10_021), "10021"),
        (code(-1), "-1"),
        (Reply::Whole(500, "application/json", r#"{"ErrorCode":0}"#.into()), "HTTP 500"),
        (Reply::Whole(204, "text/plain", String::new()), "HTTP 204"),
        (Reply::Redirect(elsewhere.url.clone()), "HTTP 302"),
        (Reply::Whole(200, "text/html", "<html>".into()), "no ErrorCode"),
        (Reply::Whole(200, "application/json", String::new()), "no ErrorCode"),
        (Reply::Whole(200, "application/json", r#"{"ActionStatus":"OK"}"#.into()), "no ErrorCode"),
        (Reply::Whole(200, "application/json", r#"{"ErrorCode":"0"}"#.into()), "no ErrorCode"),
        (Reply::Close, "broke off"),
        (padded(64 * 1024 + 1), "larger"),
        (Reply::Endless, "larger"),
        (Reply::Gigabyte, "larger"),
    ];
    for (reply, named) in failures {
        let what = format!("{reply:.40?}");
        for which in ["one", "both"] {
            let (both, reply) = (which == "both", reply.clone());
            im.answer(move |request| if both || makes_chat(request) { reply.clone() } else { code(0) });
            let message = enterprise.refused("class/create", fields(), 10280).await;
            assert!(message.contains(named), "{what}: {message}");
            assert!(!message.contains(TICKET) && !message.contains("in words"), "{what}: {message}");
            assert_eq!(classes(&enterprise).await, 0, "{what}");
            let class_id = class_of(&im.requests());
            enterprise.refused("class/info", json!({ "class_id": class_id }), 10230).await;
            enterprise.refused("imstorage/list", json!({ "class_id": class_id }), 10230).await;
        }
    }
    assert_eq!(elsewhere.requests().len(), 0);
    // An answer of the largest size that is read.
    im.answer(move |_| padded(64 * 1024));
    enterprise.class(fields()).await;
    assert_eq!(classes(&enterprise).await, 1);
}

#[tokio::test]
async fn a_service_that_hangs_keeps_nobody_waiting_for_ever() {
    let service;
    let im = Receiver::answering(|request| if makes_chat(request) { Reply::Drip } else { Reply::Hang });
    service = hosted(&im);
    let enterprise = service.enterprise().await;
    let message = enterprise.refused("class/create", fields(), 10280).await;
    assert!(message.contains("in time"), "{message}");
    assert_eq!(classes(&enterprise).await, 0);
}

#[tokio::test]
async fn the_hosted_service_is_not_called_for_a_request_that_is_refused_anyway() {
    let im = Receiver::answering(|_| code(0));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    for (field, value) in [("stop_time", json!(1)), ("record_user_id", json!("x")), ("teacher_id", json!(null))] {
        let mut wrong = fields();
        wrong[field] = value;
        enterprise.refused("class/create", wrong, 10003).await;
    }
    assert_eq!(im.requests().len(), 0);
}

#[tokio::test]
async fn a_group_that_was_made_in_vain_is_destroyed_at_once() {
    let im = Receiver::answering(|request| code(if makes_chat(request) { 70_001 } else { 0 }));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    enterprise.refused("class/create", fields(), 10280).await;
    let class_id = class_of(&im.requests());
    came(&im, 2, &[vec![format!("destroy_group {class_id}")]]).await;
    let request = im.requests()[2].clone();
    assert_eq!(request.body, json!({"GroupId": class_id.to_string()}));
    assert_eq!((request.query["identifier"].as_str(), request.query["usersig"].as_str()), ("admin", TICKET));
    // Nothing is left of the failed class, also a minute later.
    service.pass(61);
    im.answer(|_| code(0));
    let next = enterprise.class(fields()).await;
    enterprise.ok("class/delete", json!({ "class_id": next })).await;
    came(&im, 3, &[with("create_group", next), with("destroy_group", next)]).await;
}

#[tokio::test]
async fn a_class_that_waited_too_long_for_its_groups_is_not_made() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let patch = Patch { teacher_id: Some("teacher_1".into()), ..Patch::default() };
    let (enterprise_id, sdkappid, now) = (enterprise.enterprise_id, enterprise.sdkappid, service.clock.now());
    let booking = Booking { enterprise_id: EnterpriseId(enterprise_id), sdkappid, once: None, patch, now };
    let begin = || {
        let booking = booking.clone();
        service.app.db.write(move |conn| match booking.begin(conn)? {
            Step::Groups(pending) => Ok::<_, Error>(pending),
            Step::Booked(class_id) => panic!("{class_id} is there"),
        })
    };
    let complete = |pending: Pending| {
        let booking = booking.clone();
        service.app.db.write(move |conn| booking.complete(conn, &pending))
    };
    let (in_time, late) = (begin().await.unwrap(), begin().await.unwrap());
    assert_eq!(complete(in_time.clone()).await.unwrap(), in_time.class_id);
    // The deletion of the groups is due and in progress.
    let tried = service.app.db.write(move |conn| {
        for due in group_deletion::due(conn, now + 60_000, 10)? {
            group_deletion::reschedule(conn, &due, now + 120_000)?;
        }
        Ok::<_, Error>(())
    });
    tried.await.unwrap();
    assert!(matches!(complete(late).await, Err(Error::NoGroups(_))));
    assert_eq!(classes(&enterprise).await, 1);
}

#[tokio::test]
async fn a_booking_that_failed_may_be_sent_again_under_its_key() {
    let im = Receiver::answering(|_| code(70_001));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let create = async || {
        let asked = service.http.post(enterprise.signed("class/create")).header("Idempotency-Key", "one");
        let answer: Value = asked.body(fields().to_string()).send().await.unwrap().json().await.unwrap();
        answer
    };
    assert_eq!(create().await["error_code"], 10280);
    im.answer(|_| code(0));
    let first = create().await;
    assert_eq!(first["error_code"], 0, "{first}");
    let asked = im.requests().len();
    assert_eq!(create().await, first);
    assert_eq!((classes(&enterprise).await, im.requests().len()), (1, asked));
}

#[tokio::test]
async fn two_bookings_at_once_under_a_key_are_one_class_and_the_groups_of_the_other_go() {
    let im = Receiver::answering(|_| Reply::Hold);
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let create = async || {
        let asked = service.http.post(enterprise.signed("class/create")).header("Idempotency-Key", "one");
        let answer: Value = asked.body(fields().to_string()).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["error_code"], 0, "{answer}");
        answer["class_id"].as_i64().unwrap()
    };
    let release = async {
        im.wait_for(4).await;
        im.answer(|_| code(0));
        im.release_with(code(0));
    };
    let (one, other, ()) = tokio::join!(create(), create(), release);
    assert_eq!((one, classes(&enterprise).await), (other, 1));
    let asked: Vec<i64> = im.requests().iter().map(|r| group(r).trim_end_matches("_chat").parse().unwrap()).collect();
    let lost = *asked.iter().find(|class_id| **class_id != one).unwrap();
    service.pass(61);
    came(&im, 4, &[with("create_group", lost), with("destroy_group", lost)]).await;
    enterprise.ok("class/info", json!({ "class_id": one })).await;
}
