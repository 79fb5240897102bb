//! The members of a class and its teacher.

use serde_json::{Value, json};

use crate::support::service::Service;

pub fn students(count: usize) -> Vec<Value> {
    (0..count).map(|n| json!({"user_id": format!("s{n}"), "role": "student"})).collect()
}

#[tokio::test]
async fn members_are_replaced_as_a_whole_and_the_teacher_remains() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"teacher_id": "t", "members": students(2)})).await;
    enterprise.expect_members(class_id, &[("t", "teacher"), ("s0", "student"), ("s1", "student")]).await;
    let replace = |members: Value| json!({"class_id": class_id, "members": members});
    enterprise.ok("class/modify", replace(json!([{"user_id": "z", "role": "supervisor"}]))).await;
    enterprise.expect_members(class_id, &[("t", "teacher"), ("z", "supervisor")]).await;
    enterprise.ok("class/modify", replace(json!([]))).await;
    enterprise.expect_members(class_id, &[("t", "teacher")]).await;
    // The teacher is always the teacher, whatever the list says.
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
    // A teacher who is also the assistant is the teacher.
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
    // The hosts keep their roles.
    enterprise.ok("member/add", add("t", "student")).await;
    enterprise.ok("member/add", add("a", "student")).await;
    enterprise.expect_members(class_id, &[("t", "teacher"), ("a", "assistant"), ("s0", "supervisor")]).await;
    enterprise.ok("member/delete", delete(&["nobody", "nobody"])).await;
    enterprise.ok("member/delete", delete(&[])).await;
    for moderator in ["t", "a"] {
        let message = enterprise.refused("member/delete", delete(&["s0", moderator]), 10003).await;
        assert!(message.contains(moderator), "{message}");
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
