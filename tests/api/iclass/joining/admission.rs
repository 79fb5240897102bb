//! Who is admitted to a class, and the order of the errors.

use serde_json::json;

use super::history::history_of;
use crate::support::service::{BEGIN, Service};

pub const HOUR: i64 = 3600;

#[tokio::test]
async fn refusals_come_in_the_documented_order() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.people(&[("teacher_1", "teacher"), ("s1", "student")]).await;
    enterprise.strict().await;
    let start = BEGIN + 2 * HOUR;
    // All errors at once; then one after the other is corrected.
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
    // A reserved role has precedence.
    let reserved = json!([{"user_id": "admin", "role": "student"}, {"user_id": "student", "role": "assistant"}]);
    let other = enterprise.class(json!({"members": reserved, "teacher_id": "supervisor"})).await;
    for (user, role) in
        [("admin", "student"), ("student", "assistant"), ("supervisor", "teacher"), ("teacher", "teacher")]
    {
        assert_eq!(enterprise.join(other, user).await["role"], role, "{user}");
    }
    // A change of the list changes the role at the next join.
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
async fn a_full_class_still_admits_its_moderators() {
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
    // A class that began early does not admit participants earlier.
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
    // Quitting and joining again does not lift it.
    enterprise.quit(class_id, "s1").await;
    assert_eq!(history_of(&enterprise.join(class_id, "s1").await), [0, 0, 0, 1, 0]);
    assert_eq!(enterprise.runtime_of(class_id, "s1").await["status"]["silence"], 1);
    let loud = enterprise.class(json!({})).await;
    enterprise.join(loud, "s1").await;
    assert_eq!(enterprise.runtime_of(loud, "s1").await["status"]["silence"], 0);
}
