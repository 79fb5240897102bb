//! Contacts: the groups of an organization, its teachers and its students.

use reqwest::Method;
use serde_json::json;

use super::app::AppState;
use crate::niuclass::partner::Partner;
use crate::support::service::Service;

#[tokio::test]
async fn contacts_are_the_groups_the_teachers_and_the_students() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let app = AppState::of(&enterprise).await;
    let partner = Partner::of(&enterprise, "1000000001").await;
    let organization = partner.organization(json!({})).await;
    let path = format!("/im/org/{organization}/contacts");
    assert_eq!(app.get(&path).await, json!({"data": []}));

    let teacher = json!({"role": "teacher", "mobile": "13000000001", "name": "LEE", "avatar": "http://a.b/lee.jpg"});
    let teacher = partner.make(&format!("/api/organization/{organization}/members"), teacher).await;
    let (student, _) = partner.member(organization, "student", "13000000002").await;
    partner.member(organization, "maintainer", "13000000003").await;
    let elsewhere = partner.organization(json!({})).await;
    partner.member(elsewhere, "student", "13000000004").await;
    let group = app.group(json!({"organization_id": organization, "group_name": "g123"})).await;
    let expected = json!({"data": [
        {"id": group, "avatar": "0", "name": "g123", "type": "group"},
        {"id": teacher["user_id"], "avatar": "http://a.b/lee.jpg", "name": "LEE", "type": "user"},
        {"id": student, "avatar": "0", "name": "student 13000000002", "type": "user"},
    ]});
    assert_eq!(app.get(&path).await, expected);
    assert!(teacher["user_id"].is_i64());

    // The app of another enterprise sees neither.
    let other = AppState::of(&service.enterprise().await).await;
    other.refused(404, 1001, Method::GET, &path, json!({})).await;
    other.group(json!({"organization_id": organization, "group_name": "other"})).await;
    assert_eq!(other.get(&path).await["data"].as_array().unwrap().len(), 1);
    assert_eq!(app.get(&path).await, expected);
}
