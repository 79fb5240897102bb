//! The life of a class: which steps its state, times and participants allow.

use lectern::db::Conn;
use lectern::domain::Error;
use lectern::domain::tenancy::enterprise::Patch;
use serde_json::{Value, json};

use super::HOUR;
use super::members::students;
use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn a_class_goes_from_will_to_ing_to_end() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let times = |info: &Value| {
        (
            info["class_status"].as_str().unwrap().to_owned(),
            info["real_start_time"].as_i64().unwrap(),
            info["real_stop_time"].as_i64().unwrap(),
        )
    };
    assert_eq!(times(&enterprise.class_info(class_id).await), ("will".into(), 0, 0));
    service.pass(5);
    enterprise.ok("class/start", json!({"class_id": class_id})).await;
    assert_eq!(times(&enterprise.class_info(class_id).await), ("ing".into(), BEGIN + 5, 0));
    service.pass(5);
    enterprise.ok("class/start", json!({"class_id": class_id})).await;
    assert_eq!(times(&enterprise.class_info(class_id).await), ("ing".into(), BEGIN + 5, 0));
    service.pass(5);
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    assert_eq!(times(&enterprise.class_info(class_id).await), ("end".into(), BEGIN + 5, BEGIN + 15));
    service.pass(5);
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    assert_eq!(times(&enterprise.class_info(class_id).await), ("end".into(), BEGIN + 5, BEGIN + 15));
}

#[tokio::test]
async fn a_step_that_the_state_does_not_allow_is_refused_and_changes_nothing() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let this = json!({"class_id": class_id});
    let change = json!({"class_id": class_id, "class_topic": "other"});

    let before = enterprise.class_info(class_id).await;
    enterprise.refused("class/stop", this.clone(), 10003).await;
    assert_eq!(enterprise.class_info(class_id).await, before);

    enterprise.ok("class/start", this.clone()).await;
    let before = enterprise.class_info(class_id).await;
    enterprise.refused("class/modify", change.clone(), 10223).await;
    enterprise.refused("class/delete", this.clone(), 10223).await;
    assert_eq!(enterprise.class_info(class_id).await, before);

    enterprise.ok("class/stop", this.clone()).await;
    let before = enterprise.class_info(class_id).await;
    enterprise.refused("class/modify", change, 10224).await;
    enterprise.refused("class/start", this.clone(), 10224).await;
    assert_eq!(enterprise.class_info(class_id).await, before);
}

#[tokio::test]
async fn a_class_that_is_not_in_progress_can_be_deleted_for_good() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let booked = enterprise.class(json!({"members": students(2)})).await;
    enterprise.ok("class/delete", json!({"class_id": booked})).await;
    let ended = enterprise.class(json!({})).await;
    enterprise.students(&["s1"]).await;
    enterprise.ok("class/start", json!({"class_id": ended})).await;
    enterprise.ok("member/join", json!({"class_id": ended, "user_id": "s1"})).await;
    enterprise.ok("class/stop", json!({"class_id": ended})).await;
    enterprise.ok("class/delete", json!({"class_id": ended})).await;
    for class_id in [booked, ended] {
        let this = json!({"class_id": class_id});
        for call in ["class/info", "class/start", "class/stop", "class/delete", "class/modify", "member/history/list"] {
            let message = enterprise.refused(call, this.clone(), 10230).await;
            assert!(message.contains(&class_id.to_string()), "{call}: {message}");
        }
    }
    assert_eq!(enterprise.total_classes().await, 0);
    let next = enterprise.class(json!({})).await;
    assert!(next > ended, "an id is used again");
}

#[tokio::test]
async fn a_class_does_not_stop_before_it_starts() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for (start, stop) in [(BEGIN, BEGIN), (0, 0), (1000, 2000), (BEGIN + 9, BEGIN + 10)] {
        let class_id = enterprise.class(json!({"start_time": start, "stop_time": stop})).await;
        let info = enterprise.class_info(class_id).await;
        assert_eq!((&info["start_time"], &info["stop_time"]), (&json!(start), &json!(stop)));
    }
    let known = enterprise.total_classes().await;
    for fields in [json!({"start_time": 2000, "stop_time": 1999}), json!({"stop_time": BEGIN - 1})] {
        let mut fields = fields;
        fields["teacher_id"] = "t".into();
        let message = enterprise.refused("class/create", fields, 10003).await;
        assert!(message.contains("stop_time"), "{message}");
    }
    assert_eq!(enterprise.total_classes().await, known);

    let class_id = enterprise.class(json!({"start_time": 5000, "stop_time": 6000})).await;
    for change in [json!({"stop_time": 4999}), json!({"start_time": 6001}), json!({"start_time": 9, "stop_time": 8})] {
        let mut change = change;
        (change["class_id"], change["class_topic"]) = (class_id.into(), "changed".into());
        enterprise.refused("class/modify", change, 10003).await;
    }
    let info = enterprise.class_info(class_id).await;
    assert_eq!(
        (&info["start_time"], &info["stop_time"], &info["class_topic"]),
        (&json!(5000), &json!(6000), &json!(class_id.to_string()))
    );
    enterprise.ok("class/modify", json!({"class_id": class_id, "stop_time": 5000})).await;
    enterprise.ok("class/modify", json!({"class_id": class_id, "start_time": 7000, "stop_time": 7000})).await;
}

#[tokio::test]
async fn a_default_start_within_a_second_allows_the_same_second_as_stop() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    service.clock.set(BEGIN * 1000 + 999);
    let class_id = enterprise.class(json!({"stop_time": BEGIN})).await;
    let info = enterprise.class_info(class_id).await;
    assert_eq!((&info["start_time"], &info["stop_time"]), (&json!(BEGIN), &json!(BEGIN)));
    let other = enterprise.class(json!({})).await;
    enterprise.ok("class/modify", json!({"class_id": other, "stop_time": BEGIN})).await;
}

#[tokio::test]
async fn only_its_teacher_or_assistant_begins_and_ends_a_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"teacher_id": "t", "assistant_id": "a", "members": students(1)})).await;
    let by = |who: &str| json!({"class_id": class_id, "teacher_id": who});
    for call in ["class/start", "class/stop"] {
        for other in ["s0", "stranger"] {
            let message = enterprise.refused(call, by(other), 10203).await;
            assert!(message.contains(other), "{message}");
        }
    }
    assert_eq!(enterprise.class_info(class_id).await["class_status"], "will");
    enterprise.ok("class/start", by("a")).await;
    enterprise.refused("class/start", by("s0"), 10203).await;
    enterprise.refused("class/stop", by("s0"), 10203).await;
    assert_eq!(enterprise.class_info(class_id).await["class_status"], "ing");
    enterprise.ok("class/stop", by("t")).await;
    // Without a user id, or with an empty one, the enterprise itself makes the change.
    let other = enterprise.class(json!({"start_time": BEGIN + 9 * HOUR, "stop_time": BEGIN + 10 * HOUR})).await;
    enterprise.ok("class/start", json!({"class_id": other, "teacher_id": ""})).await;
    enterprise.ok("class/stop", json!({"class_id": other, "teacher_id": null})).await;
}

#[tokio::test]
async fn under_a_strict_schedule_the_teacher_is_fixed_in_the_last_hour() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let start = BEGIN + 2 * HOUR;
    let fields = json!({"teacher_id": "t1", "start_time": start, "stop_time": start + HOUR});
    let free = enterprise.class(fields.clone()).await;
    enterprise.set(Patch { strict_schedule: Some(true), ..Patch::default() }).await;
    let class_id = enterprise.class(fields).await;
    let teacher = |id: i64, who: &str| json!({"class_id": id, "teacher_id": who});
    service.pass(HOUR - 1);
    enterprise.ok("class/modify", teacher(class_id, "t2")).await;
    service.pass(1);
    enterprise.refused("class/modify", teacher(class_id, "t3"), 10220).await;
    assert_eq!(enterprise.class_info(class_id).await["teacher_id"], "t2");
    // The same teacher is no change, and all other fields can be changed.
    enterprise.ok("class/modify", json!({"class_id": class_id, "teacher_id": "t2", "class_topic": "late"})).await;
    enterprise.set(Patch { strict_schedule: Some(false), ..Patch::default() }).await;
    enterprise.ok("class/modify", teacher(free, "t3")).await;
}

#[tokio::test]
async fn when_the_class_ids_are_used_up_no_class_is_made() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let used = service.app.db.write(|conn| {
        use diesel::RunQueryDsl;
        let statement = match conn {
            Conn::Sqlite(_) => "UPDATE sqlite_sequence SET seq = 999999998 WHERE name = 'classes'",
            Conn::Postgres(_) => "SELECT setval(pg_get_serial_sequence('classes', 'class_id'), 999999998)",
        };
        diesel::sql_query(statement).execute(conn).map(drop).map_err(Error::from)
    });
    used.await.unwrap();
    assert_eq!(enterprise.class(json!({})).await, 999_999_999);
    enterprise.refused("class/create", json!({"teacher_id": "t"}), 10222).await;
    let answer = enterprise.create_under("key", r#"{"teacher_id":"t"}"#).await;
    assert_eq!(answer["error_code"], 10222);
    assert_eq!(enterprise.total_classes().await, 1);
    // Everything else still works.
    enterprise.ok("class/start", json!({"class_id": 999_999_999})).await;
}
