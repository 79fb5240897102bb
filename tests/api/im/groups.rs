//! Groups: members, pages and errors.

use reqwest::Method;
use serde_json::{Value, json};

use super::app::AppState;
use crate::niuclass::partner::Partner;
use crate::support::service::Service;

#[tokio::test]
async fn members_may_come_in_one_field_or_in_several_and_in_the_query() {
    let service = Service::start();
    let app = AppState::of(&service.enterprise().await).await;
    let id = app.group(json!({"member_client_ids": ["a:b", 7, "a"]})).await;
    assert_eq!(app.members(id).await, ["a", "b", "7"]);
    let members = format!("/im/group/{id}/member");
    let several = "member_client_ids=c%3Ad&member_client_ids=e&member_client_ids=c".to_owned();
    let (status, added) = app.send(Method::POST, &members, several).await;
    assert_eq!((status.as_u16(), &added["member_client_ids"]), (201, &json!("c:d:e")));
    // Added twice, removed, removed again, and added again.
    app.expect(201, Method::POST, &members, json!({"member_client_ids": "a:c::"})).await;
    for _ in 0..2 {
        let (status, _) =
            app.send(Method::DELETE, &format!("{members}?member_client_ids=a:nobody"), String::new()).await;
        assert_eq!(status, 204);
    }
    assert_eq!(app.members(id).await, ["b", "7", "c", "d", "e"]);
    app.expect(201, Method::POST, &members, json!({"member_client_ids": "a"})).await;
    assert_eq!(app.members(id).await, ["b", "7", "c", "d", "e", "a"]);
}

#[tokio::test]
async fn pages_of_groups_have_the_total_of_all() {
    let service = Service::start();
    let app = AppState::of(&service.enterprise().await).await;
    let mut ids = Vec::new();
    for n in 0..23 {
        ids.push(app.group(json!({"group_name": format!("g{n}"), "organization_id": 5})).await);
    }
    app.group(json!({"organization_id": 6})).await;
    for (query, expected) in [
        ("", &ids[..20]),
        ("?page=2", &ids[20..]),
        ("?page=3", &[]),
        ("?page=2&per_page=5", &ids[5..10]),
        ("?per_page=1000", &ids[..]),
    ] {
        let listed = app.get(&format!("/im/org/5/groups{query}")).await;
        assert_eq!(listed["total_count"], 23, "{query}");
        let rows: Vec<i64> = listed["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
        assert_eq!(rows, expected, "{query}");
    }
    for wrong in ["page=0", "per_page=0", "per_page=1001", "page=x"] {
        let msg = app.refused(400, 1000, Method::GET, &format!("/im/org/5/groups?{wrong}"), json!({})).await;
        assert!(msg.contains("page"), "{msg}");
    }
}

#[tokio::test]
async fn errors_have_the_code_of_the_protocol() {
    let service = Service::start();
    let app = AppState::of(&service.enterprise().await).await;
    let id = app.group(json!({})).await;
    let group = format!("/im/group/{id}");
    let long = "x".repeat(129);
    for (method, path, fields) in [
        (Method::POST, "/im/group", json!({ "group_name": long })),
        (Method::POST, "/im/group", json!({"organization_id": -1})),
        (Method::POST, "/im/group", json!({"organization_id": "two"})),
        (Method::POST, "/im/group", json!({ "member_client_ids": long })),
        (Method::POST, "/im/group", json!({"member_client_ids": {"a": 1}})),
        (Method::POST, "/im/group", json!({"group_avatar": "http:///x"})),
        (Method::POST, "/im/group", json!({"group_avatar": " "})),
        (Method::PUT, &group, json!({})),
        (Method::PUT, &group, json!({"group_name": ""})),
        (Method::POST, &format!("{group}/member"), json!({})),
        (Method::DELETE, &format!("{group}/member"), json!({})),
    ] {
        app.refused(400, 1000, method, path, fields).await;
    }
    let (status, answer) = app.send(Method::POST, "/im/group", "{".into()).await;
    assert_eq!((status.as_u16(), &answer["code"]), (400, &json!(1000)));
    // A group that does not exist.
    let one = || json!({"group_name": "n", "member_client_ids": "a"});
    app.refused(200, 7003, Method::PUT, "/im/group/999", one()).await;
    app.refused(200, 7003, Method::POST, "/im/group/999/member", one()).await;
    app.refused(200, 7003, Method::DELETE, "/im/group/999/member", one()).await;
    app.expect(204, Method::DELETE, "/im/group/999", json!({})).await;
    app.expect(204, Method::DELETE, &group, json!({})).await;
    app.refused(200, 7003, Method::PUT, &group, one()).await;
    // Calls and organizations that do not exist.
    for path in
        ["/im/nothing", "/v1/im", "/signature/nothing", "/im/org/x/groups", "/im/org/77/groups", "/im/org/77/contacts"]
    {
        app.refused(404, 1001, Method::GET, path, json!({})).await;
    }
    app.refused(404, 1001, Method::PUT, "/im/group/x", one()).await;
    app.refused(404, 1001, Method::PATCH, &group, one()).await;
}

#[tokio::test]
async fn the_group_of_a_course_is_shown_and_changes_with_the_course_alone() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let app = AppState::of(&enterprise).await;
    let partner = Partner::of(&enterprise, "1000000001").await;
    let organization = partner.organization(json!({})).await;
    partner.course(organization).await;
    let own = app.group(json!({"organization_id": organization, "group_name": "own"})).await;
    let listed = app.get(&format!("/im/org/{organization}/groups")).await;
    let rows = listed["data"].as_array().unwrap();
    assert_eq!(listed["total_count"], 2);
    assert_eq!(
        (&rows[0]["group_name"], &rows[1]),
        (&json!("王维诗词鉴赏"), &json!({"id": own, "group_name": "own", "group_avatar": ""}))
    );

    let of_course = format!("/im/group/{}", rows[0]["id"]);
    let fields = || json!({"group_name": "taken", "member_client_ids": "a"});
    app.refused(200, 7001, Method::PUT, &of_course, fields()).await;
    app.refused(200, 7002, Method::DELETE, &of_course, fields()).await;
    app.refused(200, 7004, Method::POST, &format!("{of_course}/member"), fields()).await;
    app.refused(200, 7005, Method::DELETE, &format!("{of_course}/member"), fields()).await;
    assert_eq!(app.get(&format!("/im/org/{organization}/groups")).await, listed);

    // The enterprise's own calls agree.
    let seen = enterprise.ok("imstorage/groups", json!({ "organization_id": organization })).await;
    let kinds: Vec<&Value> = seen["list"].as_array().unwrap().iter().map(|row| &row["type"]).collect();
    assert_eq!((&seen["total"], kinds), (&json!(2), vec![&json!("course"), &json!("free")]));
    enterprise.refused("imstorage/groups", json!({"organization_id": 77}), 10003).await;
}

#[tokio::test]
async fn ids_may_be_integers_or_texts() {
    let service = Service::start();
    let app = AppState::of(&service.enterprise().await).await;
    for spelling in ["conversion_id", "conversation_id"] {
        for id in [json!(0), json!(77), json!("0"), json!("77"), json!("a-b")] {
            let fields = json!({spelling: id, "organization_id": "9", "member_client_ids": [1, "b"]});
            // JSON: the id is answered as it was sent.
            let made = app.expect(201, Method::POST, "/im/group", fields.clone()).await;
            assert_eq!(made[spelling], id, "{made}");
            assert_eq!((&made["organization_id"], &made["member_client_ids"]), (&json!(9), &json!("1:b")));
            // In a form every value is a text.
            let text = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            let (status, made) = app.send(Method::POST, "/im/group", format!("{spelling}={text}")).await;
            assert_eq!((status.as_u16(), &made[spelling]), (201, &json!(text)), "{made}");
        }
        for wrong in [json!(1.5), json!(true), json!([1]), json!({}), json!("x".repeat(129))] {
            app.refused(400, 1000, Method::POST, "/im/group", json!({ spelling: wrong })).await;
        }
    }
    let id = app.group(json!({"member_client_ids": 5})).await;
    let members = format!("/im/group/{id}/member");
    let added =
        app.expect(201, Method::POST, &members, json!({"group_id": id.to_string(), "member_client_ids": 6})).await;
    assert_eq!(added["member_client_ids"], "6");
    app.expect(204, Method::DELETE, &members, json!({"member_client_ids": [5]})).await;
    assert_eq!(app.members(id).await, ["6"]);
}
