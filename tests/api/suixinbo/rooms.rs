//! Rooms are classes without a schedule, visible through both protocols.

use serde_json::{Value, json};

use super::Client;
use crate::support::component::Component;
use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Service};
use crate::support::webhooks;

#[tokio::test]
async fn a_room_is_a_class_and_a_class_is_a_room() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let made = teacher.live("create", json!({"title": "数学", "cover": "http://url.com/a.jpeg"})).await;
    let roomnum = made["roomnum"].as_i64().unwrap();
    assert_eq!(made["groupid"], roomnum.to_string());
    let info = enterprise.ok("class/info", json!({"class_id": roomnum})).await;
    assert_eq!((&info["class_topic"], &info["class_status"]), (&json!("数学"), &json!("will")));
    assert_eq!((&info["teacher_id"], &info["class_type"]), (&json!("t1"), &json!("public")));
    assert_eq!(info["members"], json!([{"role": "teacher", "user_id": "t1"}]));

    let class_id = enterprise.class(json!({"teacher_id": "t1", "class_topic": "Fractions"})).await;
    let (rooms, total) = teacher.lists(json!({})).await;
    assert_eq!((rooms, total), (vec![class_id, roomnum], 2));
    let room = teacher.sees(class_id).await;
    assert_eq!((&room["title"], &room["state"], &room["host_uid"]), (&json!("Fractions"), &json!(0), &json!("t1")));
    assert_eq!((&room["cover"], &room["groupid"]), (&json!(""), &json!(class_id.to_string())));

    // Begun and joined through one protocol, read and ended through the other.
    let student = Client::student(&enterprise, "s1").await;
    for id in [roomnum, class_id] {
        teacher.live("startcourse", json!({ "roomnum": id })).await;
        student.enters(id).await;
        let inside = enterprise.ok("member/runtime/list", json!({ "class_id": id })).await;
        let ids: Vec<&Value> = inside["list"].as_array().unwrap().iter().map(|row| &row["user_id"]).collect();
        assert_eq!(ids, ["t1", "s1"]);
        assert_eq!(teacher.sees(id).await["memsize"], 2);
        enterprise.ok("class/stop", json!({ "class_id": id })).await;
        let room = student.sees(id).await;
        assert_eq!((&room["state"], &room["memsize"]), (&json!(2), &json!(0)));
        assert_eq!((&room["begin_time"], &room["end_time"]), (&json!(service.now()), &json!(service.now())));
    }
}

#[tokio::test]
async fn the_enterprise_is_notified_of_its_rooms() {
    let (service, receiver) = (webhooks::start(&[]), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let roomnum = teacher.begun_room().await;
    teacher.live("exitroom", json!({ "roomnum": roomnum })).await;
    let published: Vec<String> = receiver.wait_for(4).await.iter().map(|request| request.event().to_owned()).collect();
    assert_eq!(published, ["join_class", "class_begin", "quit_class", "class_over"]);
}

#[tokio::test]
async fn the_group_of_a_room_is_notified_of_what_happens_in_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, student) = (Client::teacher(&enterprise, "t1").await, Client::student(&enterprise, "s1").await);
    let roomnum = teacher.begun_room().await;
    student.enters(roomnum).await;
    student.enters(roomnum).await;
    student.live("reportmemid", json!({"roomnum": roomnum, "operate": 1})).await;
    // The other protocol shows the same room.
    let mut component = Component::of(&enterprise, "s1", "");
    let signed_in = component.ok("user/login", json!({"userid": "s1", "password": super::PASSWORD})).await;
    component.token = signed_in["token"].as_str().unwrap().into();
    component.ok("member/join", json!({ "class_id": roomnum })).await;
    // The messages of that protocol are in the same group.
    component.ok("report/event", json!({"class_id": roomnum, "event": "hand_up"})).await;
    service.pass(7);
    teacher.live("exitroom", json!({ "roomnum": roomnum })).await;
    let messages = enterprise.ok("imstorage/msg", json!({"class_id": roomnum, "group_id": roomnum.to_string()})).await;
    let published: Vec<Value> = messages["list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| {
            serde_json::from_str(message["content"].as_str().unwrap_or_else(|| panic!("{message}"))).unwrap()
        })
        .collect();
    let notice = |number: i64, seq: i64, time: i64, value: Value| json!({"type": number, "seq": seq, "timestamp": BEGIN + time, "value": value});
    assert_eq!(
        published,
        [
            notice(1003, 1, 0, json!({"uid": "t1"})),
            notice(1001, 2, 0, json!({})),
            notice(1003, 3, 0, json!({"uid": "s1"})),
            notice(1003, 4, 0, json!({"uid": "s1"})),
            json!({"type": "control", "user_id": "s1", "role": "student",
                "data": {"action": "hand_up", "user_id": "s1"}}),
            notice(1002, 6, 7, json!({})),
        ]
    );
    let room = teacher.sees(roomnum).await;
    assert_eq!((&room["begin_imseq"], &room["end_imseq"]), (&json!(2), &json!(6)));
    // The group of a class with a schedule receives no notices.
    let class_id = enterprise.class(json!({"teacher_id": "t1"})).await;
    teacher.live("startcourse", json!({ "roomnum": class_id })).await;
    let messages =
        enterprise.ok("imstorage/msg", json!({"class_id": class_id, "group_id": class_id.to_string()})).await;
    assert_eq!(messages["list"], json!([]));
}

#[tokio::test]
async fn a_room_is_its_teachers() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let [teacher, other] = [Client::teacher(&enterprise, "t1").await, Client::teacher(&enterprise, "t2").await];
    let student = Client::student(&enterprise, "s1").await;
    student.refused("live", "create", json!({"title": "x"}), 10101).await;
    let roomnum = teacher.room("x").await;
    let room = json!({ "roomnum": roomnum });
    for client in [&other, &student] {
        client.refused("live", "startcourse", room.clone(), 10101).await;
    }
    teacher.live("startcourse", room.clone()).await;
    teacher.refused("live", "startcourse", room.clone(), 10102).await;
    for client in [&other, &student] {
        client.refused("live", "exitroom", room.clone(), 10101).await;
    }
    other.enters(roomnum).await;
    let inside = student.live("roomidlist", json!({"roomnum": roomnum, "index": 0, "size": 50})).await;
    assert_eq!(inside["idlist"], json!([{"id": "t1", "role": 1}, {"id": "t2", "role": 1}]));
    teacher.live("exitroom", room.clone()).await;
    assert_eq!(teacher.inside(roomnum).await, [""; 0]);
    for (cmd, fields) in [
        ("exitroom", room.clone()),
        ("startcourse", room.clone()),
        ("reportmemid", json!({"roomnum": roomnum, "operate": 0})),
        ("reportmemid", json!({"roomnum": roomnum, "operate": 1})),
    ] {
        teacher.refused("live", cmd, fields, 10102).await;
    }
    teacher.beats(roomnum).await;
}

#[tokio::test]
async fn a_kicked_member_can_not_enter_again() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, student) = (Client::teacher(&enterprise, "t1").await, Client::student(&enterprise, "s1").await);
    let roomnum = teacher.begun_room().await;
    student.enters(roomnum).await;
    let component = Component::of(&enterprise, "t1", &teacher.token);
    component.ok("report/event", json!({"class_id": roomnum, "event": "kicked", "data": {"user_id": "s1"}})).await;
    assert_eq!(teacher.inside(roomnum).await, ["t1"]);
    student.refused("live", "reportmemid", json!({"roomnum": roomnum, "operate": 0}), 10101).await;
}

#[tokio::test]
async fn a_class_that_is_not_public_is_a_room_without_a_name_for_strangers() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (reserved, stranger) = (Client::student(&enterprise, "s1").await, Client::student(&enterprise, "s2").await);
    let members = json!([{"user_id": "s1", "role": "student"}]);
    let fields = json!({"class_type": "1vN", "class_topic": "a secret topic", "members": members});
    let class_id = enterprise.class(fields).await;
    enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    reserved.enters(class_id).await;
    assert_eq!(reserved.sees(class_id).await["title"], "a secret topic");
    assert_eq!(reserved.inside(class_id).await, ["s1"]);
    assert_eq!(stranger.sees(class_id).await["title"], "");
    assert_eq!(stranger.inside(class_id).await, [""; 0]);
    enterprise.ok("member/delete", json!({"class_id": class_id, "list": ["s1"]})).await;
    assert_eq!(reserved.sees(class_id).await["title"], "");
    assert_eq!(reserved.inside(class_id).await, [""; 0]);
}

#[tokio::test]
async fn nothing_of_another_enterprise_is_seen_or_touched() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    // Both protocols have the same ids.
    let (teacher, stranger) = (Client::teacher(&enterprise, "t1").await, Client::teacher(&other, "t1").await);
    let roomnum = teacher.room("x").await;
    let going_on = teacher.begun_room().await;
    let file = json!({"type": 0, "file_name": "a.ppt", "url": "http://u/1"});
    teacher.live("reportbind", json!({"roomnum": roomnum, "operate": 0, "bind_file": file})).await;
    let before = [teacher.sees(roomnum).await, teacher.sees(going_on).await];
    for id in [roomnum, going_on] {
        for (cmd, fields) in [
            ("startcourse", json!({ "roomnum": id })),
            ("exitroom", json!({ "roomnum": id })),
            ("heartbeat", json!({ "roomnum": id })),
            ("reportmemid", json!({"roomnum": id, "operate": 0})),
            ("reportmemid", json!({"roomnum": id, "operate": 1})),
            ("reportbind", json!({"roomnum": id, "operate": 0, "bind_file": file})),
            ("reportbind", json!({"roomnum": id, "operate": 1, "bind_file": file})),
            ("querybind", json!({"roomnum": id, "index": 0, "size": 50})),
        ] {
            stranger.refused("live", cmd, fields, 10010).await;
        }
        assert_eq!(stranger.inside(id).await, [""; 0]);
        assert_eq!(stranger.lists(json!({ "roomnum": id })).await, (vec![], 0));
    }
    assert_eq!(stranger.lists(json!({})).await, (vec![], 0));
    assert_eq!(stranger.lists(json!({"host_uid": "t1"})).await, (vec![], 0));
    assert_eq!([teacher.sees(roomnum).await, teacher.sees(going_on).await], before);
}

#[tokio::test]
async fn what_a_field_can_not_hold_is_refused_with_its_name() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    teacher.live("create", json!({"title": "题".repeat(128)})).await;
    let roomnum = teacher.begun_room().await;
    for (cmd, fields, named) in [
        ("create", json!({}), "title"),
        ("create", json!({"title": 1}), "title"),
        ("create", json!({"title": null}), "title"),
        ("create", json!({"title": "题".repeat(129)}), "title"),
        ("create", json!({"title": "a\u{0}b"}), "title"),
        ("create", json!({"title": "x", "cover": {}}), "cover"),
        ("create", json!({"title": "x", "cover": "x".repeat(2049)}), "cover"),
        ("create", json!({"title": "x", "cover": "http:///x"}), "cover"),
        ("create", json!({"title": "x", "cover": " "}), "cover"),
        ("startcourse", json!({}), "roomnum"),
        ("startcourse", json!({"roomnum": "one"}), "roomnum"),
        ("startcourse", json!({"roomnum": 1.5}), "roomnum"),
        ("startcourse", json!({"roomnum": 1e300}), "roomnum"),
        ("reportmemid", json!({ "roomnum": roomnum }), "operate"),
        ("reportmemid", json!({"roomnum": roomnum, "operate": 2}), "operate"),
        ("reportbind", json!({"roomnum": roomnum, "operate": 0, "bind_file": []}), "bind_file"),
        ("reportbind", json!({"roomnum": roomnum, "operate": 0, "bind_file": {}}), "type"),
        ("querybind", json!({"roomnum": roomnum, "index": 0}), "size"),
    ] {
        let message = teacher.refused("live", cmd, fields.clone(), 10003).await;
        assert!(message.contains(named), "{cmd} {fields}: {message}");
    }
    for huge in [i64::MAX, i64::MIN, -1, 999_999_999] {
        teacher.refused("live", "heartbeat", json!({"roomnum": huge}), 10010).await;
    }
}

#[tokio::test]
async fn who_never_entered_a_room_can_t_end_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, other) = (Client::teacher(&enterprise, "t1").await, Client::teacher(&enterprise, "t2").await);
    let roomnum = teacher.room("x").await;
    let room = || json!({ "roomnum": roomnum });
    teacher.refused("live", "exitroom", room(), 10102).await;
    // The back end begins it, so that nobody is inside.
    enterprise.ok("class/start", json!({ "class_id": roomnum })).await;
    other.refused("live", "exitroom", room(), 10101).await;
    teacher.refused("live", "exitroom", room(), 10107).await;
    assert_eq!(teacher.sees(roomnum).await["state"], 1);
    teacher.enters(roomnum).await;
    teacher.live("reportmemid", json!({"roomnum": roomnum, "operate": 1})).await;
    teacher.live("exitroom", room()).await;
    assert_eq!(teacher.sees(roomnum).await["state"], 2);
}

#[tokio::test]
async fn a_room_number_may_be_a_text() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, student) = (Client::teacher(&enterprise, "t1").await, Client::student(&enterprise, "s1").await);
    let roomnum = teacher.room("x").await;
    let with = |mut fields: Value| {
        fields["roomnum"] = roomnum.to_string().into();
        fields
    };
    teacher.live("startcourse", with(json!({}))).await;
    student.live("reportmemid", with(json!({"operate": 0}))).await;
    student.live("heartbeat", with(json!({}))).await;
    let inside = student.live("roomidlist", with(json!({"index": 0, "size": 10}))).await;
    assert_eq!(inside["total"], 2);
    let file = json!({"type": 0, "file_name": "a.ppt", "url": "http://u/1"});
    teacher.live("reportbind", with(json!({"operate": 0, "bind_file": file}))).await;
    assert_eq!(teacher.live("querybind", with(json!({"index": 0, "size": 10}))).await["total"], 1);
    assert_eq!(teacher.lists(with(json!({}))).await, (vec![roomnum], 1));
    teacher.live("exitroom", with(json!({}))).await;
    let report = with(json!({"playback_idx_url": "http://idx/1.json"}));
    let answer = super::send(&service, "live", "idxfileendcall", report.to_string()).await;
    assert_eq!(answer["errorCode"], 0, "{answer}");
    for wrong in [json!("x"), json!("1.5"), json!(""), json!([1]), json!("999999999999999999999")] {
        teacher.refused("live", "heartbeat", json!({ "roomnum": wrong }), 10003).await;
    }
}
