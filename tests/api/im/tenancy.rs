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
    for (method, path, fields) in calls(&app.app_id, id, class_id, organization) {
        let msg = other.refused(404, 1001, method, &path, fields).await;
        assert!(!msg.contains("own"), "{msg}");
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
    other.expect(404, Method::PUT, &format!("/im/group/{mine}"), json!({"group_name": "taken"})).await;
}
