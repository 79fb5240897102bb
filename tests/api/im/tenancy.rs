//! No app can access the resources of another enterprise.

use lectern::domain::chat::group;
use lectern::store::ids::EnterpriseId;
use reqwest::Method;
use serde_json::json;

use super::app::AppState;
use super::calling::calls;
use crate::niuclass::partner::Partner;
use crate::support::service::Service;

#[tokio::test]
async fn the_ids_of_another_enterprise_are_those_of_nothing_in_every_call() {
    let service = Service::start();
    let (enterprise, elsewhere) = (service.enterprise().await, service.enterprise().await);
    let (app, other) = (AppState::of(&enterprise).await, AppState::of(&elsewhere).await);
    let partner = Partner::of(&enterprise, "1000000001").await;
    let organization = partner.organization(json!({})).await;
    partner.member(organization, "student", "13000000001").await;
    let class_id = enterprise.class(json!({})).await;
    let new = json!({"organization_id": organization, "member_client_ids": "a:b", "group_name": "own"});
    let id = app.group(new).await;
    let contacts = format!("/im/org/{organization}/contacts");
    let seen = app.get(&contacts).await;
    let nothing = calls("1", 999_999, 999_999_999, 999_999);
    for ((method, path, fields), (_, of_nobody, _)) in
        calls(&app.app_id, id, class_id, organization).into_iter().zip(nothing)
    {
        let (status, mut answer) = other.send(method.clone(), &path, fields.to_string()).await;
        let (of_none, mut nothing) = other.send(method.clone(), &of_nobody, fields.to_string()).await;
        assert_eq!(status, of_none, "{method} {path}: {answer}");
        // The answers differ only in the id.
        assert_eq!(answer["code"], nothing["code"], "{method} {path}");
        let text = |answer: &mut serde_json::Value| answer["msg"].take().to_string().replace(char::is_numeric, "");
        if !answer.is_null() {
            assert_eq!(text(&mut answer), text(&mut nothing), "{method} {path}");
        }
    }
    elsewhere.refused("imstorage/groups", json!({ "organization_id": organization }), 10003).await;
    assert_eq!(app.get(&contacts).await, seen);
    assert_eq!(app.members(id).await, ["a", "b"]);
    let me = other.enterprise_id;
    service.app.db.read(move |conn| group::members(conn, EnterpriseId(me), id)).await.unwrap_err();
    // All calls succeed for the owner.
    for (method, path, fields) in calls(&app.app_id, id, class_id, organization) {
        let (status, answer) = app.send(method.clone(), &path, fields.to_string()).await;
        assert!(status.is_success() && answer.get("code").is_none(), "{method} {path}: {answer}");
    }
}

#[tokio::test]
async fn one_number_is_another_organization_for_each_enterprise() {
    let service = Service::start();
    let app = AppState::of(&service.enterprise().await).await;
    let other = AppState::of(&service.enterprise().await).await;
    let (mine, theirs) =
        (app.group(json!({"organization_id": 2})).await, other.group(json!({"organization_id": 2})).await);
    for (who, id) in [(&app, mine), (&other, theirs)] {
        assert_eq!(
            who.get("/im/org/2/groups").await["data"],
            json!([{"id": id, "group_name": "群聊", "group_avatar": ""}])
        );
    }
    other.refused(200, 7003, Method::PUT, &format!("/im/group/{mine}"), json!({"group_name": "taken"})).await;
}
