//! The life of a class: its defaults, its changes, its members, its beginning and end, and a booking that is sent again.

use lectern::db::{Conn, QueryError};
use lectern::domain::Error;
use lectern::domain::tenancy::enterprise::Patch;
use serde_json::{Value, json};

use crate::chat;
use crate::receiver::Receiver;
use crate::service::{BEGIN, Enterprise, Service};

const HOUR: i64 = 3600;

impl Enterprise<'_> {
    /// `class/info` without the envelope.
    async fn class_info(&self, class_id: i64) -> Value {
        let mut info = self.ok("class/info", json!({"class_id": class_id})).await;
        let fields = info.as_object_mut().unwrap();
        fields.retain(|name, _| !name.starts_with("error_"));
        info
    }

    async fn members(&self, class_id: i64) -> Vec<(String, String)> {
        let info = self.class_info(class_id).await;
        let members = info["members"].as_array().unwrap();
        assert_eq!(info["member_count"], members.len());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        members.iter().map(|m| (text(&m["user_id"]), text(&m["role"]))).collect()
    }

    async fn expect_members(&self, class_id: i64, expected: &[(&str, &str)]) {
        let expected: Vec<(String, String)> = expected.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        assert_eq!(self.members(class_id).await, expected);
    }

    async fn total_classes(&self) -> i64 {
        self.ok("class/list", json!({})).await["total"].as_i64().unwrap()
    }

    /// `class/create` with a body as it is and an `Idempotency-Key`.
    async fn create_under(&self, key: &str, body: &str) -> Value {
        let request = self.service.http.post(self.signed("class/create")).header("Idempotency-Key", key);
        let response = request.body(body.to_owned()).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }
}

fn students(count: usize) -> Vec<Value> {
    (0..count).map(|n| json!({"user_id": format!("s{n}"), "role": "student"})).collect()
}

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
async fn every_field_of_a_class_has_its_default() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"teacher_id": "t"})).await;
    assert_eq!(
        enterprise.class_info(class_id).await,
        json!({"class_id": class_id, "class_topic": class_id.to_string(), "class_type": "public",
            "class_status": "will", "class_live_type": "close", "teacher_id": "t", "assistant_id": "",
            "create_time": BEGIN, "start_time": BEGIN, "stop_time": BEGIN + 2 * HOUR, "real_start_time": 0,
            "real_stop_time": 0, "member_count": 1, "chat_group_id": format!("{class_id}_chat"),
            "cmd_group_id": class_id.to_string(), "max_member_limit": 0, "max_member_num": 0,
            "settings": {"record_types": ["local"], "resolution": "1024x768", "fps": 15, "layout": 0,
                "auto_create_im": 1, "bitrate": 850, "auto_open_mic": 0, "auto_open_camera": 0,
                "enable_all_silence": 0},
            "members": [{"user_id": "t", "role": "teacher"}]})
    );
    // null is absent, and an empty topic has the default too.
    let nulls = json!({"class_topic": "", "class_type": null, "start_time": null, "stop_time": null, "members": null,
        "settings": null, "record_types": null, "assistant_id": null, "password": null, "record_user_id": null});
    let other = enterprise.class(nulls).await;
    let info = enterprise.class_info(other).await;
    assert_eq!((&info["class_topic"], &info["stop_time"]), (&json!(other.to_string()), &json!(BEGIN + 2 * HOUR)));
    let later = enterprise.class(json!({"start_time": BEGIN + 50})).await;
    assert_eq!(enterprise.class_info(later).await["stop_time"], BEGIN + 50 + 2 * HOUR);
    let message = enterprise.refused("class/create", json!({"class_topic": "x"}), 10003).await;
    assert!(message.contains("teacher_id"), "{message}");
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
async fn a_setting_is_taken_at_both_places_and_the_one_inside_wins() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let defaults = json!({"record_types": ["local"], "resolution": "1024x768", "fps": 15, "layout": 0,
        "auto_create_im": 1, "bitrate": 850, "auto_open_mic": 0, "auto_open_camera": 0, "enable_all_silence": 0});
    let choices = [
        ("record_types", json!(["remote"]), json!(["local", "remote"])),
        ("record_types", json!([]), json!(["remote"])),
        ("resolution", json!("640x480"), json!("1280x720")),
        ("fps", json!(20), json!(30)),
        ("layout", json!(3), json!(4)),
        ("auto_create_im", json!(0), json!(1)),
        ("bitrate", json!(500), json!(900)),
        ("auto_open_mic", json!(1), json!(0)),
        ("auto_open_camera", json!(1), json!(0)),
        ("enable_all_silence", json!(1), json!(0)),
    ];
    for (name, one, other) in choices {
        let mut with_one = defaults.clone();
        with_one[name] = one.clone();
        let top = enterprise.class(json!({name: one})).await;
        assert_eq!(enterprise.class_info(top).await["settings"], with_one, "{name} at the top");
        let inside = enterprise.class(json!({"settings": {name: one}})).await;
        assert_eq!(enterprise.class_info(inside).await["settings"], with_one, "{name} inside");
        let both = enterprise.class(json!({name: other, "settings": {name: one}})).await;
        assert_eq!(enterprise.class_info(both).await["settings"], with_one, "{name} at both places");
        let null_inside = enterprise.class(json!({name: one, "settings": {name: null}})).await;
        assert_eq!(enterprise.class_info(null_inside).await["settings"], with_one, "{name} null inside");

        enterprise.ok("class/modify", json!({"class_id": inside, name: other})).await;
        let mut with_other = defaults.clone();
        with_other[name] = other.clone();
        assert_eq!(enterprise.class_info(inside).await["settings"], with_other, "{name} changed at the top");
        enterprise.ok("class/modify", json!({"class_id": inside, name: other, "settings": {name: one}})).await;
        assert_eq!(enterprise.class_info(inside).await["settings"], with_one, "{name} changed at both places");
    }
}

#[tokio::test]
async fn a_recorder_is_named_as_one() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for name in ["tic_record_user_", "tic_record_user_1_01", "tic_recorduser", "tic_recorduser_9", ""] {
        let class_id = enterprise.class(json!({"record_user_id": name, "record_user_sig": "sig"})).await;
        enterprise.ok("class/modify", json!({"class_id": class_id, "record_user_id": name})).await;
    }
    let class_id = enterprise.class(json!({})).await;
    for name in ["recorder", "tic_record_use", "Tic_record_user_1", "x_tic_record_user_1"] {
        for (call, body) in [
            ("class/create", json!({"teacher_id": "t", "record_user_id": name})),
            ("class/modify", json!({"class_id": class_id, "record_user_id": name})),
        ] {
            let message = enterprise.refused(call, body, 10003).await;
            assert!(message.contains("record_user_id"), "{message}");
        }
    }
}

/// What is stored of a class but shown by no call.
#[derive(diesel::QueryableByName, Debug, PartialEq)]
struct Hidden {
    #[diesel(sql_type = diesel::sql_types::Text)]
    admin_id: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    admin_sig: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    record_user_id: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    record_user_sig: String,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    password_hash: Option<String>,
}

fn hidden(conn: &mut Conn, class_id: i64) -> Result<Hidden, QueryError> {
    use lectern::db::prelude::*;
    let query = diesel::sql_query(format!(
        "SELECT admin_id, admin_sig, record_user_id, record_user_sig, password_hash FROM classes \
         WHERE class_id = {class_id}"
    ));
    query.get_result(conn)
}

async fn hidden_of(service: &Service, class_id: i64) -> Hidden {
    service.app.db.read(move |conn| Ok::<_, Error>(hidden(conn, class_id)?)).await.unwrap()
}

#[tokio::test]
async fn a_change_touches_only_what_is_sent() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise
        .class(json!({"teacher_id": "t", "assistant_id": "a", "class_topic": "topic", "class_type": "1vN",
            "class_live_type": "window", "start_time": 5000, "stop_time": 6000, "max_member_limit": 3,
            "max_member_num": 9, "members": students(2), "fps": 20, "admin_id": "admin", "admin_sig": "sig",
            "password": "secret", "record_user_id": "tic_record_user_1", "record_user_sig": "recorder"}))
        .await;
    let unseen = hidden_of(&service, class_id).await;
    assert_eq!(unseen.admin_id, "admin");
    assert!(!unseen.password_hash.as_ref().unwrap().contains("secret"));
    service.pass(10);
    for (name, value) in [
        ("class_topic", json!("other topic")),
        ("class_type", json!("public")),
        ("class_live_type", json!("board")),
        ("start_time", json!(5001)),
        ("stop_time", json!(7000)),
        ("max_member_limit", json!(4)),
        ("max_member_num", json!(0)),
    ] {
        let mut expected = enterprise.class_info(class_id).await;
        enterprise.ok("class/modify", json!({"class_id": class_id, name: value})).await;
        expected[name] = value;
        assert_eq!(enterprise.class_info(class_id).await, expected, "{name}");
    }
    for (name, value) in [("resolution", json!("640x480")), ("fps", json!(1)), ("record_types", json!(["remote"]))] {
        let mut expected = enterprise.class_info(class_id).await;
        enterprise.ok("class/modify", json!({"class_id": class_id, "settings": {name: value}})).await;
        expected["settings"][name] = value;
        assert_eq!(enterprise.class_info(class_id).await, expected, "{name}");
    }
    assert_eq!(hidden_of(&service, class_id).await, unseen);

    let shown = enterprise.class_info(class_id).await;
    let mut expected = unseen;
    for (name, field) in [("admin_id", "admin2"), ("admin_sig", "sig2"), ("record_user_sig", "recorder2")] {
        enterprise.ok("class/modify", json!({"class_id": class_id, name: field})).await;
        match name {
            "admin_id" => expected.admin_id = field.into(),
            "admin_sig" => expected.admin_sig = field.into(),
            _ => expected.record_user_sig = field.into(),
        }
        assert_eq!(hidden_of(&service, class_id).await, expected, "{name}");
    }
    enterprise.ok("class/modify", json!({"class_id": class_id, "record_user_id": "tic_recorduser2"})).await;
    expected.record_user_id = "tic_recorduser2".into();
    assert_eq!(hidden_of(&service, class_id).await, expected);
    enterprise.ok("class/modify", json!({"class_id": class_id, "password": ""})).await;
    expected.password_hash = None;
    assert_eq!(hidden_of(&service, class_id).await, expected);
    assert_eq!(enterprise.class_info(class_id).await, shown);
    // Nothing sent, nothing changed; an empty topic is the default again.
    enterprise.ok("class/modify", json!({"class_id": class_id, "class_topic": null})).await;
    assert_eq!(enterprise.class_info(class_id).await, shown);
    enterprise.ok("class/modify", json!({"class_id": class_id, "class_topic": ""})).await;
    assert_eq!(enterprise.class_info(class_id).await["class_topic"], class_id.to_string());
}

#[tokio::test]
async fn a_password_that_is_changed_is_the_one_that_opens() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1"]).await;
    let class_id = enterprise.class(json!({"password": "old"})).await;
    let join = |password: &str| json!({"class_id": class_id, "user_id": "s1", "password": password});
    enterprise.ok("member/join", join("old")).await;
    enterprise.ok("class/modify", json!({"class_id": class_id, "password": "new"})).await;
    enterprise.refused("member/join", join("old"), 10225).await;
    enterprise.ok("member/join", join("new")).await;
    enterprise.ok("class/modify", json!({"class_id": class_id, "password": ""})).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "s1"})).await;
}

#[tokio::test]
async fn members_are_replaced_as_a_whole_and_the_teacher_stays() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"teacher_id": "t", "members": students(2)})).await;
    enterprise.expect_members(class_id, &[("t", "teacher"), ("s0", "student"), ("s1", "student")]).await;
    let replace = |members: Value| json!({"class_id": class_id, "members": members});
    enterprise.ok("class/modify", replace(json!([{"user_id": "z", "role": "supervisor"}]))).await;
    enterprise.expect_members(class_id, &[("t", "teacher"), ("z", "supervisor")]).await;
    enterprise.ok("class/modify", replace(json!([]))).await;
    enterprise.expect_members(class_id, &[("t", "teacher")]).await;
    // The teacher has one role, whatever the list says.
    enterprise.ok("class/modify", replace(json!([{"user_id": "t", "role": "student"}]))).await;
    enterprise.expect_members(class_id, &[("t", "teacher")]).await;
}

#[tokio::test]
async fn a_new_teacher_takes_the_place_of_the_old() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"teacher_id": "t1", "assistant_id": "a1", "members": students(1)})).await;
    enterprise.expect_members(class_id, &[("t1", "teacher"), ("a1", "assistant"), ("s0", "student")]).await;
    let modify = |mut fields: Value| {
        fields["class_id"] = class_id.into();
        fields
    };
    enterprise.ok("class/modify", modify(json!({"teacher_id": "t2"}))).await;
    enterprise.expect_members(class_id, &[("t2", "teacher"), ("a1", "assistant"), ("s0", "student")]).await;
    enterprise.ok("class/modify", modify(json!({"assistant_id": "a2"}))).await;
    enterprise.expect_members(class_id, &[("t2", "teacher"), ("a2", "assistant"), ("s0", "student")]).await;
    enterprise.ok("class/modify", modify(json!({"teacher_id": "a2", "assistant_id": "t2"}))).await;
    enterprise.expect_members(class_id, &[("a2", "teacher"), ("t2", "assistant"), ("s0", "student")]).await;
    enterprise.ok("class/modify", modify(json!({"assistant_id": ""}))).await;
    enterprise.expect_members(class_id, &[("a2", "teacher"), ("s0", "student")]).await;
    assert_eq!(enterprise.class_info(class_id).await["assistant_id"], "");
    enterprise.ok("class/modify", modify(json!({"teacher_id": "s0"}))).await;
    enterprise.expect_members(class_id, &[("s0", "teacher")]).await;
    // Who both gives and helps, gives.
    let both = enterprise.class(json!({"teacher_id": "t", "assistant_id": "t"})).await;
    enterprise.expect_members(both, &[("t", "teacher")]).await;
}

#[tokio::test]
async fn a_1v1_class_has_one_student() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let create = |count: usize| json!({"teacher_id": "t", "class_type": "1v1", "members": students(count)});
    enterprise.refused("class/create", create(2), 10003).await;
    assert_eq!(enterprise.total_classes().await, 0);
    let mut fields = create(1);
    fields["members"].as_array_mut().unwrap().push(json!({"user_id": "guest", "role": "supervisor"}));
    let class_id = enterprise.class(fields).await;
    let before = enterprise.class_info(class_id).await;
    let add = |id: &str, role: &str| json!({"class_id": class_id, "list": [{"user_id": id, "role": role}]});
    enterprise.refused("member/add", add("s9", "student"), 10003).await;
    enterprise.refused("member/add", add("guest", "student"), 10003).await;
    enterprise.refused("class/modify", json!({"class_id": class_id, "members": students(2)}), 10003).await;
    assert_eq!(enterprise.class_info(class_id).await, before);
    enterprise.ok("member/add", add("s0", "student")).await;
    enterprise.ok("member/add", add("helper", "assistant")).await;

    let public = enterprise.class(json!({"members": students(2)})).await;
    enterprise.refused("class/modify", json!({"class_id": public, "class_type": "1v1"}), 10003).await;
    assert_eq!(enterprise.class_info(public).await["class_type"], "public");
    let narrowed = json!({"class_id": public, "class_type": "1v1", "members": students(1)});
    enterprise.ok("class/modify", narrowed).await;
}

#[tokio::test]
async fn the_same_member_twice_is_one_and_two_roles_are_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let same = json!([{"user_id": "s", "role": "student"}, {"user_id": "s", "role": "stduent"}]);
    let differing = json!([{"user_id": "s", "role": "student"}, {"user_id": "s", "role": "assistant"}]);
    let class_id = enterprise.class(json!({"teacher_id": "t", "members": same})).await;
    enterprise.expect_members(class_id, &[("t", "teacher"), ("s", "student")]).await;
    enterprise.ok("class/modify", json!({"class_id": class_id, "members": same})).await;
    enterprise.ok("member/add", json!({"class_id": class_id, "list": same})).await;
    enterprise.expect_members(class_id, &[("t", "teacher"), ("s", "student")]).await;
    for (call, body) in [
        ("class/create", json!({"teacher_id": "t", "members": differing})),
        ("class/modify", json!({"class_id": class_id, "members": differing})),
        ("member/add", json!({"class_id": class_id, "list": differing})),
    ] {
        let message = enterprise.refused(call, body, 10003).await;
        assert!(message.contains("\"s\""), "{message}");
    }
    enterprise.expect_members(class_id, &[("t", "teacher"), ("s", "student")]).await;
}

#[tokio::test]
async fn ten_thousand_members_fit_and_one_more_does_not() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    // The teacher is one of them.
    let class_id = enterprise.class(json!({"teacher_id": "t", "members": students(9_999)})).await;
    let members = enterprise.members(class_id).await;
    assert_eq!(members.len(), 10_000);
    assert_eq!(members[9_999].0, "s9998");
    let message =
        enterprise.refused("class/create", json!({"teacher_id": "t", "members": students(10_000)}), 10003).await;
    assert!(message.contains("members"), "{message}");
    let one_more = json!({"class_id": class_id, "list": [{"user_id": "more", "role": "student"}]});
    enterprise.refused("member/add", one_more, 10003).await;
    enterprise.refused("class/modify", json!({"class_id": class_id, "members": students(10_000)}), 10003).await;
    assert_eq!(enterprise.members(class_id).await, members);
    let ids: Vec<String> = (0..9_999).map(|n| format!("s{n}")).collect();
    enterprise.ok("member/delete", json!({"class_id": class_id, "list": ids})).await;
    enterprise.expect_members(class_id, &[("t", "teacher")]).await;
    enterprise.ok("member/add", json!({"class_id": class_id, "list": students(9_999)})).await;
    assert_eq!(enterprise.members(class_id).await, members);
}

#[tokio::test]
async fn members_are_added_and_deleted_until_the_class_ends() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"teacher_id": "t", "assistant_id": "a", "members": students(1)})).await;
    let add = |id: &str, role: &str| json!({"class_id": class_id, "list": [{"user_id": id, "role": role}]});
    let delete = |ids: &[&str]| json!({"class_id": class_id, "list": ids});
    enterprise.ok("member/add", add("s0", "supervisor")).await;
    enterprise.expect_members(class_id, &[("t", "teacher"), ("a", "assistant"), ("s0", "supervisor")]).await;
    // The givers keep their roles.
    enterprise.ok("member/add", add("t", "student")).await;
    enterprise.ok("member/add", add("a", "student")).await;
    enterprise.expect_members(class_id, &[("t", "teacher"), ("a", "assistant"), ("s0", "supervisor")]).await;
    enterprise.ok("member/delete", delete(&["nobody", "nobody"])).await;
    enterprise.ok("member/delete", delete(&[])).await;
    for host in ["t", "a"] {
        let message = enterprise.refused("member/delete", delete(&["s0", host]), 10003).await;
        assert!(message.contains(host), "{message}");
    }
    enterprise.expect_members(class_id, &[("t", "teacher"), ("a", "assistant"), ("s0", "supervisor")]).await;
    enterprise.ok("class/start", json!({"class_id": class_id})).await;
    enterprise.ok("member/delete", delete(&["s0", "nobody"])).await;
    enterprise.ok("member/add", add("s1", "student")).await;
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    enterprise.refused("member/add", add("s2", "student"), 10224).await;
    enterprise.refused("member/delete", delete(&["s1"]), 10224).await;
    enterprise.refused("member/add", json!({"class_id": 999_999_999, "list": []}), 10230).await;
    enterprise.refused("member/delete", json!({"class_id": 999_999_999, "list": []}), 10230).await;
    enterprise.expect_members(class_id, &[("t", "teacher"), ("a", "assistant"), ("s1", "student")]).await;
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
    // Without anybody's id, an empty one included, the enterprise itself does it.
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
    // The same teacher is no change, and all else can be changed.
    enterprise.ok("class/modify", json!({"class_id": class_id, "teacher_id": "t2", "class_topic": "late"})).await;
    enterprise.set(Patch { strict_schedule: Some(false), ..Patch::default() }).await;
    enterprise.ok("class/modify", teacher(free, "t3")).await;
}

#[tokio::test]
async fn with_the_hosted_chat_service_a_class_needs_its_administrator() {
    let im = Receiver::answering(|_| chat::code(0));
    let service = Service::start_with(&["--im-engine", "tencent", "--im-url", &im.url]);
    let enterprise = service.enterprise().await;
    let create = |id: Value, sig: Value| json!({"teacher_id": "t", "admin_id": id, "admin_sig": sig});
    for (id, sig, named) in [
        (json!(null), json!("sig"), "admin_id"),
        (json!(""), json!("sig"), "admin_id"),
        (json!("admin"), json!(null), "admin_sig"),
        (json!("admin"), json!(""), "admin_sig"),
    ] {
        let message = enterprise.refused("class/create", create(id, sig), 10003).await;
        assert!(message.contains(named), "{message}");
    }
    assert_eq!(enterprise.total_classes().await, 0);
    let class_id = enterprise.class(create(json!("admin"), json!("sig"))).await;
    enterprise.ok("class/modify", json!({"class_id": class_id, "class_topic": "x"})).await;
}

#[tokio::test]
async fn a_booking_sent_again_under_its_key_is_the_same_class() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let body = r#"{"teacher_id":"t","class_topic":"x","settings":{"fps":20,"layout":1}}"#;
    let first = enterprise.create_under("key-1", body).await;
    assert_eq!(first["error_code"], 0, "{first}");
    assert_eq!(enterprise.create_under("key-1", body).await, first);
    // Neither the order of the keys nor a new signature in the body makes it another request.
    for same in [
        r#"{"settings":{"layout":1,"fps":20},"class_topic":"x","teacher_id":"t"}"#,
        r#"{"teacher_id":"t","class_topic":"x","settings":{"fps":20,"layout":1},"expire_time":1,"sign":"new"}"#,
        r#" { "teacher_id" : "t" , "class_topic" : "\u0078", "settings":{"fps":20,"layout":1} } "#,
    ] {
        assert_eq!(enterprise.create_under("key-1", same).await, first, "{same}");
    }
    assert_eq!(enterprise.total_classes().await, 1);
    let differing = enterprise.create_under("key-1", r#"{"teacher_id":"t","class_topic":"y"}"#).await;
    assert_eq!(differing["error_code"], 10003);
    assert!(differing["error_msg"].as_str().unwrap().contains("Idempotency-Key"), "{differing}");
    assert_eq!(enterprise.total_classes().await, 1);
    // Another key, another enterprise, no key: other classes.
    let second = enterprise.create_under("key-2", body).await;
    assert_ne!(second["class_id"], first["class_id"]);
    let others = other.create_under("key-1", body).await;
    assert_eq!(others["error_code"], 0);
    assert_ne!(others["class_id"], first["class_id"]);
    assert_eq!((enterprise.total_classes().await, other.total_classes().await), (2, 1));

    service.pass(24 * HOUR);
    assert_eq!(enterprise.create_under("key-1", body).await, first);
    service.pass(1);
    let renewed = enterprise.create_under("key-1", body).await;
    assert_eq!(renewed["error_code"], 0);
    assert_ne!(renewed["class_id"], first["class_id"]);
    assert_eq!(enterprise.create_under("key-1", body).await, renewed);
}

#[tokio::test]
async fn a_refused_booking_does_not_use_up_its_key() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let refused = enterprise.create_under("key", r#"{"teacher_id":"t","start_time":2,"stop_time":1}"#).await;
    assert_eq!(refused["error_code"], 10003);
    let made = enterprise.create_under("key", r#"{"teacher_id":"t","start_time":1,"stop_time":2}"#).await;
    assert_eq!(made["error_code"], 0, "{made}");
    let longest = "k".repeat(255);
    assert_eq!(enterprise.create_under(&longest, r#"{"teacher_id":"t"}"#).await["error_code"], 0);
    for bad in ["", "two words", "schl\u{fc}ssel", "\u{7f}x", &"k".repeat(256)] {
        let request = service.http.post(enterprise.signed("class/create"));
        let Ok(value) = reqwest::header::HeaderValue::from_bytes(bad.as_bytes()) else { continue };
        let answer: Value = request
            .header("Idempotency-Key", value)
            .body(r#"{"teacher_id":"t"}"#)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(answer["error_code"], 10003, "{bad:?}: {answer}");
    }
    assert_eq!(enterprise.total_classes().await, 2);
}

#[tokio::test]
async fn eight_bookings_at_once_under_one_key_make_one_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let body = r#"{"teacher_id":"t","members":[{"user_id":"s","role":"student"}]}"#;
    let answers = futures_util::future::join_all((0..8).map(|_| enterprise.create_under("key", body))).await;
    for answer in &answers {
        assert_eq!((&answer["error_code"], answer), (&json!(0), &answers[0]));
    }
    assert_eq!(enterprise.total_classes().await, 1);
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
    // The rest goes on.
    enterprise.ok("class/start", json!({"class_id": 999_999_999})).await;
}
