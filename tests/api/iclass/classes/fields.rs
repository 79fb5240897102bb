//! The fields of a class: defaults, settings and changes.

use lectern::db::{Conn, QueryError};
use lectern::domain::Error;
use serde_json::{Value, json};

use super::HOUR;
use super::members::students;
use crate::iclass::chat;
use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Service};

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
    // null counts as absent, and an empty topic also gets the default.
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

/// The fields of a class that are stored but returned by no call.
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
    // Absent fields do not change. An empty topic resets it to the default.
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
