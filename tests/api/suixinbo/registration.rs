//! Open registration: who may open an account, and with which ids.

use lectern::domain::tenancy::enterprise::{Draft, Patch, Protocols};
use lectern::domain::tenancy::settings::{Registration, RoomPatch};
use serde_json::json;

use super::{Client, PASSWORD};
use crate::im::app::AppState;
use crate::niuclass::partner::Partner;
use crate::support::component::Component;
use crate::support::service::{Enterprise, Service};

async fn opens_registration(enterprise: &Enterprise<'_>, registration: Registration) {
    let rooms = RoomPatch { registration: Some(registration), ..RoomPatch::default() };
    enterprise.set(Patch { rooms, ..Patch::default() }).await;
}

#[tokio::test]
async fn accounts_are_opened_only_where_the_enterprise_says_so_and_by_teachers_only_where_it_says_that_too() {
    let service = Service::start();
    let draft = Draft { protocols: Protocols::ALL, ..Draft::default() };
    let enterprise = service.enterprise_as_is(draft).await;
    let client = Client::of(&enterprise, "");
    let regist = |id: &str, role: i64| json!({"id": id, "pwd": PASSWORD, "role": role});
    for role in [0, 1] {
        let message = client.refused("account", "regist", regist("li", role), 10101).await;
        assert!(message.contains("the enterprise registers its people"), "{message}");
    }
    opens_registration(&enterprise, Registration::Pupils).await;
    let message = client.refused("account", "regist", regist("li", 1), 10101).await;
    assert!(message.contains("only pupils"), "{message}");
    client.ok("account", "regist", regist("li", 0)).await;
    opens_registration(&enterprise, Registration::Teachers).await;
    client.ok("account", "regist", regist("wang", 1)).await;
    let all = enterprise.ok("user/list", json!({})).await;
    let roles: Vec<_> = all["list"].as_array().unwrap().iter().map(|row| (&row["user_id"], &row["role"])).collect();
    assert_eq!(json!(roles), json!([["li", "student"], ["wang", "teacher"]]));
}

#[tokio::test]
async fn an_outsider_does_not_become_the_teacher_of_a_private_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"teacher_id": "head", "assistant_id": "aide", "class_type": "1vN"})).await;
    let outsider = Client::of(&enterprise, "");
    for id in ["head", "aide"] {
        outsider.refused("account", "regist", json!({"id": id, "pwd": PASSWORD, "role": 1}), 10004).await;
        outsider.refused("account", "login", json!({"id": id, "pwd": PASSWORD}), 10006).await;
    }
    // The school registers them afterwards as before.
    let mut teacher = Component::register(&enterprise, "head", "teacher").await;
    teacher.user_id = "head".into();
    teacher.ok("member/join", json!({ "class_id": class_id })).await;
}

#[tokio::test]
async fn an_id_that_is_reserved_anywhere_is_answered_like_one_that_is_taken() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let members = json!([{"user_id": "pupil", "role": "student"}, {"user_id": "watcher", "role": "supervisor"}]);
    let class = json!({"teacher_id": "teacher", "assistant_id": "assistant", "class_type": "1vN", "members": members,
        "admin_id": "im_admin", "admin_sig": "x", "record_user_id": "tic_record_user_1"});
    enterprise.class(class).await;
    AppState::of(&enterprise).await.group(json!({"organization_id": 0, "member_client_ids": "guest"})).await;
    enterprise.ok("document/add", json!({"doc_url": "http://a.b/c.pdf", "owner": "author"})).await;
    enterprise.set(Patch { super_admin: Some("root".into()), ..Patch::default() }).await;
    enterprise.students(&["registered"]).await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let (member, _) = partner.member(organization, "teacher", "13800000001").await;

    let client = Client::of(&enterprise, "");
    let answer = async |id: &str| {
        let message = client.refused("account", "regist", json!({"id": id, "pwd": PASSWORD, "role": 0}), 10004).await;
        message.replace(id, "ID")
    };
    let taken = answer("registered").await;
    for id in [
        "teacher",
        "assistant",
        "pupil",
        "watcher",
        "im_admin",
        "tic_record_user_1",
        "tic_recorduser_2",
        "guest",
        "author",
        "root",
        "administrator",
        "Administrator",
        "visitor_0123456789abcdef",
        &member.to_string(),
    ] {
        assert_eq!(answer(id).await, taken, "{id}");
    }
    // What another enterprise reserves is free here.
    let other = service.enterprise().await;
    for id in ["teacher", "pupil", "guest", "author", "root", "im_admin"] {
        Client::of(&other, "").ok("account", "regist", json!({"id": id, "pwd": PASSWORD, "role": 1})).await;
    }
}
