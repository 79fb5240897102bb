//! Coming into a class and leaving it: who is admitted, in which order refusals come, what is remembered of a stay.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use lectern::domain::tenancy::enterprise::Patch;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::service::{BEGIN, Enterprise, Service};

const HOUR: i64 = 3600;

impl Enterprise<'_> {
    async fn start_class(&self, class_id: i64) {
        self.ok("class/start", json!({"class_id": class_id})).await;
    }

    async fn stop_class(&self, class_id: i64) {
        self.ok("class/stop", json!({"class_id": class_id})).await;
    }

    async fn join(&self, class_id: i64, user_id: &str) -> Value {
        self.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await
    }

    async fn quit(&self, class_id: i64, user_id: &str) {
        self.ok("member/quit", json!({"class_id": class_id, "user_id": user_id})).await;
    }

    async fn not_joined(&self, class_id: i64, user_id: &str, code: i64) {
        self.refused("member/join", json!({"class_id": class_id, "user_id": user_id}), code).await;
    }

    /// Who is inside: ids, and what `runtime/total` says must agree.
    async fn inside(&self, class_id: i64) -> Vec<String> {
        let list = self.ok("member/runtime/list", json!({"class_id": class_id})).await;
        let total = self.ok("member/runtime/total", json!({"class_id": class_id})).await;
        let rows = list["list"].as_array().unwrap();
        assert_eq!((&list["total"], &total["total"]), (&json!(rows.len()), &json!(rows.len())));
        rows.iter().map(|row| row["user_id"].as_str().unwrap().to_owned()).collect()
    }

    async fn runtime_of(&self, class_id: i64, user_id: &str) -> Value {
        let list = self.ok("member/runtime/list", json!({"class_id": class_id})).await;
        list["list"].as_array().unwrap().iter().find(|row| row["user_id"] == user_id).unwrap().clone()
    }

    async fn history(&self, class_id: i64) -> Vec<Value> {
        let list = self.ok("member/history/list", json!({"class_id": class_id})).await;
        let total = self.ok("member/history/total", json!({"class_id": class_id})).await;
        let rows = list["list"].as_array().unwrap().clone();
        assert_eq!((&list["total"], &total["total"]), (&json!(rows.len()), &json!(rows.len())));
        rows
    }

    async fn visitor(&self, class_id: i64) -> Value {
        self.ok("member/visitor/join", json!({"class_id": class_id})).await["visitor_info"].clone()
    }

    async fn total_users(&self) -> Value {
        self.ok("user/list", json!({})).await["total"].clone()
    }

    async fn strict(&self) {
        self.set(Patch { strict_schedule: Some(true), ..Patch::default() }).await;
    }

    /// Registers these users as what they are.
    async fn people(&self, people: &[(&str, &str)]) {
        let list: Vec<Value> = people.iter().map(|(id, role)| json!({"user_id": id, "role": role})).collect();
        self.ok("user/register", json!({"list": list})).await;
    }
}

fn history_of(answer: &Value) -> [i64; 5] {
    ["camera", "mic", "speaker", "silence", "hand_up"]
        .map(|device| answer[format!("history_{device}").as_str()].as_i64().unwrap())
}

#[tokio::test]
async fn refusals_come_in_the_documented_order() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.people(&[("teacher_1", "teacher"), ("s1", "student")]).await;
    enterprise.strict().await;
    let start = BEGIN + 2 * HOUR;
    // Everything is wrong at once; then one fault after the other goes away.
    let fields = json!({"class_type": "1vN", "password": "right", "max_member_num": 1, "start_time": start});
    let join = |class_id: i64, user_id: &str, password: &str| json!({"class_id": class_id, "user_id": user_id, "password": password});
    let ended = enterprise.class(fields.clone()).await;
    enterprise.start_class(ended).await;
    enterprise.stop_class(ended).await;
    enterprise.refused("member/join", join(999_999_999, "nobody", "wrong"), 10230).await;
    enterprise.refused("member/join", join(ended, "nobody", "wrong"), 10215).await;
    enterprise.refused("member/join", join(ended, "s1", "wrong"), 10224).await;

    let class_id = enterprise.class(fields).await;
    enterprise.ok("member/join", join(class_id, "teacher_1", "right")).await;
    enterprise.refused("member/join", join(class_id, "nobody", "wrong"), 10215).await;
    enterprise.refused("member/join", join(class_id, "s1", "wrong"), 10225).await;
    enterprise.refused("member/join", join(class_id, "s1", ""), 10225).await;
    enterprise.refused("member/join", json!({"class_id": class_id, "user_id": "s1"}), 10225).await;
    enterprise.refused("member/join", join(class_id, "s1", "right"), 10226).await;
    let reserve = json!({"class_id": class_id, "list": [{"user_id": "s1", "role": "student"}]});
    enterprise.ok("member/add", reserve).await;
    let message = enterprise.refused("member/join", join(class_id, "s1", "right"), 10300).await;
    assert!(message.contains(&(start - HOUR).to_string()), "{message}");
    service.pass(HOUR);
    enterprise.refused("member/join", join(class_id, "s1", "right"), 10227).await;
    enterprise.quit(class_id, "teacher_1").await;
    enterprise.ok("member/join", join(class_id, "s1", "right")).await;
    assert_eq!(enterprise.inside(class_id).await, ["s1"]);
}

#[tokio::test]
async fn a_refusal_names_what_is_at_fault() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.people(&[("s1", "student")]).await;
    let closed = enterprise.class(json!({"class_type": "1v1"})).await;
    let locked = enterprise.class(json!({"password": "x"})).await;
    let full = enterprise.class(json!({"max_member_num": 1})).await;
    enterprise.visitor(full).await;
    for (class_id, user_id, code, named) in [
        (123_456_789, "s1", 10230, "123456789".to_owned()),
        (locked, "no-one", 10215, "no-one".to_owned()),
        (locked, "s1", 10225, "password".to_owned()),
        (closed, "s1", 10226, "s1".to_owned()),
        (full, "s1", 10227, full.to_string()),
    ] {
        let body = json!({"class_id": class_id, "user_id": user_id});
        let message = enterprise.refused("member/join", body, code).await;
        assert!(message.contains(&named), "{message}");
    }
    enterprise.refused("member/visitor/join", json!({"class_id": 123_456_789}), 10230).await;
}

#[tokio::test]
async fn a_public_class_admits_every_registered_user_as_what_they_are() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let roles = ["superadmin", "admin", "teacher", "assistant", "student", "supervisor"];
    let people: Vec<(&str, &str)> = roles.iter().map(|role| (*role, *role)).collect();
    enterprise.people(&people).await;
    let class_id = enterprise.class(json!({})).await;
    for role in roles {
        assert_eq!(enterprise.join(class_id, role).await["role"], role);
        assert_eq!(enterprise.runtime_of(class_id, role).await["role"], role);
    }
    // Reserved as something else, they are that.
    let reserved = json!([{"user_id": "admin", "role": "student"}, {"user_id": "student", "role": "assistant"}]);
    let other = enterprise.class(json!({"members": reserved, "teacher_id": "supervisor"})).await;
    for (user, role) in
        [("admin", "student"), ("student", "assistant"), ("supervisor", "teacher"), ("teacher", "teacher")]
    {
        assert_eq!(enterprise.join(other, user).await["role"], role, "{user}");
    }
    // A change of the list changes the role at the next entry.
    let change = json!({"class_id": other, "list": [{"user_id": "admin", "role": "supervisor"}]});
    enterprise.ok("member/add", change).await;
    assert_eq!(enterprise.join(other, "admin").await["role"], "supervisor");
    enterprise.ok("member/delete", json!({"class_id": other, "list": ["admin"]})).await;
    assert_eq!(enterprise.join(other, "admin").await["role"], "admin");
}

#[tokio::test]
async fn a_class_that_is_not_public_admits_the_reserved_only() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.people(&[("t", "student"), ("a", "student"), ("s1", "teacher"), ("s2", "admin")]).await;
    for class_type in ["1v1", "1vN"] {
        let fields = json!({"teacher_id": "t", "assistant_id": "a", "class_type": class_type,
            "members": [{"user_id": "s1", "role": "student"}, {"user_id": "unregistered", "role": "supervisor"}]});
        let class_id = enterprise.class(fields).await;
        assert_eq!(enterprise.join(class_id, "t").await["role"], "teacher");
        assert_eq!(enterprise.join(class_id, "a").await["role"], "assistant");
        assert_eq!(enterprise.join(class_id, "s1").await["role"], "student");
        enterprise.not_joined(class_id, "s2", 10226).await;
        enterprise.not_joined(class_id, "unregistered", 10215).await;
        assert_eq!(enterprise.inside(class_id).await, ["t", "a", "s1"]);
        enterprise.start_class(class_id).await;
        enterprise.not_joined(class_id, "s2", 10226).await;
    }
}

#[tokio::test]
async fn the_last_stay_is_told_at_the_next_entry() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1", "s2"]).await;
    let (class_id, other) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
    let join = |camera: i64, mic: i64, speaker: i64| json!({"class_id": class_id, "user_id": "s1", "camera": camera, "mic": mic, "speaker": speaker});
    let first = enterprise.ok("member/join", join(1, 0, 1)).await;
    assert_eq!(history_of(&first), [-1; 5]);
    enterprise.quit(class_id, "s1").await;
    let second = enterprise.ok("member/join", join(0, 1, 0)).await;
    assert_eq!(history_of(&second), [1, 0, 1, 0, 0]);
    enterprise.quit(class_id, "s1").await;
    assert_eq!(history_of(&enterprise.ok("member/join", join(1, 1, 1)).await), [0, 1, 0, 0, 0]);
    // Neither somebody else's stay nor one in another class.
    assert_eq!(history_of(&enterprise.join(class_id, "s2").await), [-1; 5]);
    assert_eq!(history_of(&enterprise.join(other, "s1").await), [-1; 5]);
    for wrong in [json!(2), json!(-1), json!("open"), json!(true)] {
        let body = json!({"class_id": class_id, "user_id": "s1", "camera": wrong});
        assert!(enterprise.refused("member/join", body, 10003).await.contains("camera"));
    }
}

#[tokio::test]
async fn joining_twice_is_one_stay_with_the_new_devices() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1"]).await;
    let class_id = enterprise.class(json!({"max_member_num": 1})).await;
    let body = json!({"class_id": class_id, "user_id": "s1", "camera": 1});
    enterprise.ok("member/join", body).await;
    service.pass(10);
    // Though full, who is inside stays inside.
    let again = enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "s1", "mic": 1})).await;
    assert_eq!(history_of(&again), [1, 0, 0, 0, 0]);
    assert_eq!(enterprise.inside(class_id).await, ["s1"]);
    let row = enterprise.runtime_of(class_id, "s1").await;
    assert_eq!(
        row["status"],
        json!({"camera": 0, "mic": 1, "speaker": 0, "silence": 0, "hand_up": 0,
        "enable_draw": 0, "screen": 0})
    );
    assert_eq!(row["enter_time"], BEGIN);
    enterprise.quit(class_id, "s1").await;
    assert_eq!(enterprise.inside(class_id).await, [""; 0]);
    assert_eq!(enterprise.history(class_id).await.len(), 1);
}

#[tokio::test]
async fn eight_entries_at_once_are_one_stay() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1"]).await;
    let class_id = enterprise.class(json!({"max_member_num": 1})).await;
    futures_util::future::join_all((0..8).map(|_| enterprise.join(class_id, "s1"))).await;
    assert_eq!(enterprise.inside(class_id).await, ["s1"]);
}

#[tokio::test]
async fn of_eight_who_want_the_last_two_seats_two_get_them() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let ids: Vec<String> = (0..8).map(|n| format!("s{n}")).collect();
    enterprise.students(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let class_id = enterprise.class(json!({"max_member_num": 2})).await;
    let joins = ids.iter().map(|id| enterprise.call("member/join", json!({"class_id": class_id, "user_id": id})));
    let answers = futures_util::future::join_all(joins).await;
    let mut codes: Vec<i64> = answers.iter().map(|answer| answer["error_code"].as_i64().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 0, 10227, 10227, 10227, 10227, 10227, 10227]);
    assert_eq!(enterprise.inside(class_id).await.len(), 2);
}

#[tokio::test]
async fn who_is_not_inside_can_quit_all_the_same() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1"]).await;
    let class_id = enterprise.class(json!({})).await;
    enterprise.quit(class_id, "s1").await;
    assert_eq!(enterprise.history(class_id).await.len(), 0);
    enterprise.join(class_id, "s1").await;
    service.pass(10);
    enterprise.quit(class_id, "s1").await;
    service.pass(10);
    enterprise.quit(class_id, "s1").await;
    assert_eq!(enterprise.history(class_id).await[0]["quit_time"], BEGIN + 10);
    enterprise.start_class(class_id).await;
    enterprise.stop_class(class_id).await;
    enterprise.quit(class_id, "s1").await;
    enterprise.refused("member/quit", json!({"class_id": class_id, "user_id": "nobody"}), 10215).await;
    enterprise.refused("member/quit", json!({"class_id": 123_456_789, "user_id": "s1"}), 10230).await;
}

#[tokio::test]
async fn a_visitor_comes_into_a_public_class_with_a_ticket_of_the_enterprise() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let body = json!({"class_id": class_id, "nickname": "Guest"});
    let visitor = enterprise.ok("member/visitor/join", body).await["visitor_info"].clone();
    let user_id = visitor["user_id"].as_str().unwrap();
    assert!(user_id.starts_with("visitor_"), "{visitor}");
    let token = visitor["user_token"].as_str().unwrap();
    assert!(token.len() == 32 && token.bytes().all(|b| b"0123456789abcdef".contains(&b)), "{token}");

    let base64 = visitor["user_sig"].as_str().unwrap().replace('*', "+").replace('-', "/").replace('_', "=");
    let packed = STANDARD.decode(base64).unwrap();
    let mut text = String::new();
    flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    let ticket: Value = serde_json::from_str(&text).unwrap();
    let sdkappid = enterprise.sdkappid;
    let signed = format!("TLS.identifier:{user_id}\nTLS.sdkappid:{sdkappid}\nTLS.time:{BEGIN}\nTLS.expire:86400\n");
    let mut mac = Hmac::<Sha256>::new_from_slice(enterprise.private_key.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    let sig = STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(
        ticket,
        json!({"TLS.ver": "2.0", "TLS.identifier": user_id, "TLS.sdkappid": sdkappid, "TLS.expire": 86400,
            "TLS.time": BEGIN, "TLS.sig": sig})
    );

    let info = enterprise.ok("user/info", json!({"user_id": user_id})).await["user_info"].clone();
    assert_eq!((&info["role"], &info["nickname"]), (&json!("visitor"), &json!("Guest")));
    assert_eq!(enterprise.inside(class_id).await, [user_id]);
    assert_eq!(enterprise.history(class_id).await.len(), 0);
    let nameless = enterprise.visitor(class_id).await;
    let row = enterprise.runtime_of(class_id, nameless["user_id"].as_str().unwrap()).await;
    assert_eq!((&row["nickname"], &row["role"]), (&nameless["user_id"], &json!("visitor")));
    assert_ne!(nameless["user_token"], visitor["user_token"]);
    enterprise.quit(class_id, user_id).await;
    assert_eq!(enterprise.inside(class_id).await.len(), 1);
    assert_eq!(enterprise.history(class_id).await.len(), 0);
}

#[tokio::test]
async fn a_visitor_who_is_refused_leaves_no_user_behind() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.people(&[("s1", "student")]).await;
    let visit = |class_id: i64| json!({"class_id": class_id});
    for class_type in ["1v1", "1vN"] {
        // Not even the password of a class that is not theirs is checked.
        let closed = enterprise.class(json!({"class_type": class_type, "password": "x"})).await;
        enterprise.refused("member/visitor/join", visit(closed), 10203).await;
    }
    let ended = enterprise.class(json!({"password": "x"})).await;
    enterprise.start_class(ended).await;
    enterprise.stop_class(ended).await;
    enterprise.refused("member/visitor/join", visit(ended), 10224).await;
    let locked = enterprise.class(json!({"password": "x"})).await;
    enterprise.refused("member/visitor/join", visit(locked), 10225).await;
    enterprise.ok("member/visitor/join", json!({"class_id": locked, "password": "x"})).await;
    let full = enterprise.class(json!({"max_member_num": 1})).await;
    enterprise.join(full, "s1").await;
    enterprise.refused("member/visitor/join", visit(full), 10227).await;
    enterprise.strict().await;
    let later = enterprise.class(json!({"start_time": BEGIN + 2 * HOUR})).await;
    enterprise.refused("member/visitor/join", visit(later), 10300).await;
    assert_eq!(enterprise.total_users().await, 2);
    assert_eq!(enterprise.inside(later).await, [""; 0]);
}

#[tokio::test]
async fn everybody_is_out_when_the_class_ends() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.people(&[("teacher_1", "teacher"), ("s1", "student"), ("s2", "student")]).await;
    let (class_id, other) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
    enterprise.start_class(class_id).await;
    for user in ["teacher_1", "s1", "s2"] {
        enterprise.join(class_id, user).await;
    }
    enterprise.join(other, "s1").await;
    enterprise.visitor(class_id).await;
    service.pass(10);
    enterprise.quit(class_id, "s2").await;
    assert_eq!(enterprise.inside(class_id).await.len(), 3);
    service.pass(10);
    enterprise.stop_class(class_id).await;
    assert_eq!(enterprise.inside(class_id).await, [""; 0]);
    assert_eq!(enterprise.inside(other).await, ["s1"]);
    let quits: Vec<Value> = enterprise.history(class_id).await.iter().map(|row| row["quit_time"].clone()).collect();
    assert_eq!(quits, [BEGIN + 20, BEGIN + 20, BEGIN + 10]);
    service.pass(10);
    enterprise.stop_class(class_id).await;
    enterprise.quit(class_id, "s1").await;
    assert_eq!(enterprise.history(class_id).await[1]["quit_time"], BEGIN + 20);
    enterprise.not_joined(class_id, "s1", 10224).await;
    enterprise.not_joined(class_id, "teacher_1", 10224).await;
}

#[tokio::test]
async fn the_history_has_one_row_a_user_over_all_their_stays() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1", "s2", "s3"]).await;
    let class_id = enterprise.class(json!({})).await;
    assert_eq!(enterprise.history(class_id).await.len(), 0);
    let brief = |rows: Vec<Value>| -> Vec<(String, i64, i64, i64)> {
        let int = |row: &Value, name: &str| row[name].as_i64().unwrap();
        rows.iter()
            .map(|row| {
                let user = row["user_id"].as_str().unwrap().to_owned();
                (user, int(row, "enter_time"), int(row, "quit_time"), int(row, "history_camera"))
            })
            .collect()
    };
    let join = |user: &str, camera: i64| json!({"class_id": class_id, "user_id": user, "camera": camera});
    enterprise.ok("member/join", join("s2", 0)).await;
    service.pass(10);
    enterprise.ok("member/join", join("s1", 1)).await;
    assert_eq!(
        brief(enterprise.history(class_id).await),
        [("s2".into(), BEGIN, 0, 0), ("s1".into(), BEGIN + 10, 0, 1)]
    );
    service.pass(10);
    enterprise.quit(class_id, "s2").await;
    service.pass(10);
    enterprise.ok("member/join", join("s2", 1)).await;
    enterprise.ok("member/join", join("s3", 0)).await;
    // Inside again: the last quit stays the last quit.
    assert_eq!(
        brief(enterprise.history(class_id).await),
        [("s2".into(), BEGIN, BEGIN + 20, 1), ("s1".into(), BEGIN + 10, 0, 1), ("s3".into(), BEGIN + 30, 0, 0)]
    );
    service.pass(10);
    enterprise.quit(class_id, "s2").await;
    enterprise.quit(class_id, "s1").await;
    assert_eq!(
        brief(enterprise.history(class_id).await),
        [
            ("s2".into(), BEGIN, BEGIN + 40, 1),
            ("s1".into(), BEGIN + 10, BEGIN + 40, 1),
            ("s3".into(), BEGIN + 30, 0, 0)
        ]
    );
}

#[tokio::test]
async fn a_list_shows_people_as_they_are_called_now() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1"]).await;
    let class_id = enterprise.class(json!({})).await;
    enterprise.join(class_id, "s1").await;
    let profile =
        json!({"user_id": "s1", "nickname": "Neu", "gender": "female", "avatar": "https://example.com/a.png"});
    enterprise.ok("user/profile/modify", profile).await;
    let (now, ever) = (enterprise.runtime_of(class_id, "s1").await, enterprise.history(class_id).await[0].clone());
    for row in [now, ever] {
        assert_eq!(
            (&row["nickname"], &row["gender"], &row["avatar"]),
            (&json!("Neu"), &json!("female"), &json!("https://example.com/a.png"))
        );
    }
}

#[tokio::test]
async fn a_full_class_still_admits_those_who_give_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise
        .people(&[("t", "teacher"), ("a", "assistant"), ("t2", "teacher"), ("s1", "student"), ("s2", "student")])
        .await;
    let class_id = enterprise.class(json!({"teacher_id": "t", "assistant_id": "a", "max_member_num": 1})).await;
    enterprise.join(class_id, "s1").await;
    enterprise.not_joined(class_id, "s2", 10227).await;
    enterprise.not_joined(class_id, "t2", 10227).await;
    assert_eq!(enterprise.join(class_id, "t").await["role"], "teacher");
    assert_eq!(enterprise.join(class_id, "a").await["role"], "assistant");
    assert_eq!(enterprise.inside(class_id).await, ["s1", "t", "a"]);
    enterprise.quit(class_id, "s1").await;
    enterprise.not_joined(class_id, "s1", 10227).await;
    enterprise.quit(class_id, "t").await;
    enterprise.quit(class_id, "a").await;
    enterprise.join(class_id, "s2").await;
    let open = enterprise.class(json!({"max_member_num": 0})).await;
    for user in ["t", "a", "t2", "s1", "s2"] {
        enterprise.join(open, user).await;
    }
}

#[tokio::test]
async fn under_a_strict_schedule_a_class_opens_one_hour_before() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.people(&[("t", "teacher"), ("a", "assistant"), ("s1", "student")]).await;
    let start = BEGIN + 2 * HOUR;
    let class_id = enterprise.class(json!({"teacher_id": "t", "assistant_id": "a", "start_time": start})).await;
    enterprise.join(class_id, "s1").await;
    enterprise.quit(class_id, "s1").await;
    enterprise.strict().await;
    service.pass(HOUR - 1);
    enterprise.not_joined(class_id, "s1", 10300).await;
    enterprise.refused("member/visitor/join", json!({"class_id": class_id}), 10300).await;
    enterprise.join(class_id, "t").await;
    enterprise.join(class_id, "a").await;
    // A class that has begun early is not open earlier for that.
    enterprise.start_class(class_id).await;
    enterprise.not_joined(class_id, "s1", 10300).await;
    service.pass(1);
    enterprise.join(class_id, "s1").await;
    enterprise.visitor(class_id).await;
    assert_eq!(enterprise.inside(class_id).await.len(), 4);
}

#[tokio::test]
async fn where_all_are_silenced_students_and_visitors_come_in_silenced() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.people(&[("t", "teacher"), ("a", "assistant"), ("s1", "student")]).await;
    let class_id = enterprise.class(json!({"teacher_id": "t", "assistant_id": "a", "enable_all_silence": 1})).await;
    let visitor = enterprise.visitor(class_id).await["user_id"].as_str().unwrap().to_owned();
    for (user, silence) in [("t", 0), ("a", 0), ("s1", 1), (visitor.as_str(), 1)] {
        if user != visitor {
            enterprise.join(class_id, user).await;
        }
        assert_eq!(enterprise.runtime_of(class_id, user).await["status"]["silence"], silence, "{user}");
    }
    // Leaving and coming back does not lift it.
    enterprise.quit(class_id, "s1").await;
    assert_eq!(history_of(&enterprise.join(class_id, "s1").await), [0, 0, 0, 1, 0]);
    assert_eq!(enterprise.runtime_of(class_id, "s1").await["status"]["silence"], 1);
    let loud = enterprise.class(json!({})).await;
    enterprise.join(loud, "s1").await;
    assert_eq!(enterprise.runtime_of(loud, "s1").await["status"]["silence"], 0);
}
