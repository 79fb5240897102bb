//! Members of organizations are users of the enterprise.

use reqwest::Method;
use serde_json::{Value, json};

use super::partner::Partner;
use crate::support::service::Service;

#[tokio::test]
async fn a_member_is_a_user_of_the_enterprise() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let path = format!("/api/organization/{organization}/members");
    let fields = json!({"role": "maitainer", "mobile": "12992331122", "name": "张三", "email": "hwwww@qiniu.com"});
    let made = partner.make(&path, fields).await;
    assert_eq!((&made["role"], &made["title"], &made["bio"]), (&json!("maintainer"), &json!(""), &json!("")));
    let user_id = made["user_id"].to_string();
    let user = enterprise.ok("user/info", json!({ "user_id": user_id })).await["user_info"].clone();
    assert_eq!((&user["nickname"], &user["phone_no"]), (&json!("张三"), &json!("12992331122")));
    assert_eq!((&user["e_mail"], &user["role"]), (&json!("hwwww@qiniu.com"), &json!("teacher")));
}

#[tokio::test]
async fn a_new_member_gets_no_id_that_a_class_has_reserved() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let (first, _) = partner.member(organization, "student", "13800000001").await;
    let [taught, reserved] = [first + 1, first + 2].map(|id| id.to_string());
    let members = json!([{"user_id": reserved, "role": "student"}]);
    enterprise.class(json!({"teacher_id": taught, "class_type": "1vN", "members": members})).await;
    assert_eq!(partner.member(organization, "teacher", "13800000002").await.0, first + 3);
    enterprise.students(&[&taught, &reserved]).await;
}

#[tokio::test]
async fn one_telephone_number_is_one_user_in_all_organizations_of_a_channel() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (partner, other) = (Partner::of(&enterprise, "11111").await, Partner::of(&enterprise, "22222").await);
    let (one, two) = (partner.organization(json!({})).await, partner.organization(json!({})).await);
    let (user, member) = partner.member(one, "teacher", "12992331122").await;
    let (same_user, other_member) = partner.member(two, "student", "12992331122").await;
    assert_eq!(same_user, user);
    assert_ne!(other_member, member);
    let again = json!({"role": "student", "mobile": "12992331122", "name": "again"});
    let message = partner.refused(400, Method::POST, &format!("/api/organization/{one}/members"), again).await;
    assert!(message.contains("12992331122"), "{message}");
    // Another channel has its own users.
    let theirs = other.organization(json!({})).await;
    assert_ne!(other.member(theirs, "teacher", "12992331122").await.0, user);
}

#[tokio::test]
async fn an_id_that_an_enterprise_chose_before_is_not_given_to_a_member() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let taken: Vec<String> = (1..60).map(|number| (partner.user_id + number).to_string()).collect();
    let ids: Vec<&str> = taken.iter().map(String::as_str).collect();
    enterprise.students(&ids).await;
    let organization = partner.organization(json!({})).await;
    let (user, _) = partner.member(organization, "teacher", "12992331122").await;
    assert!(!taken.contains(&user.to_string()));
    assert_eq!(enterprise.ok("user/list", json!({})).await["total"], 61);
}

#[tokio::test]
async fn fields_of_a_member_that_are_not_sent_do_not_change() {
    let service = Service::start();
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let (user, member) = partner.member(organization, "teacher", "12992331122").await;
    let path = format!("/api/organization/{organization}/members/{member}");
    let first = partner.put(&path, json!({"title": "张老师", "bio": "张老师\n教语文的"})).await;
    assert_eq!(first["bio"], "张老师\n教语文的");
    assert_eq!(partner.put(&path, json!({})).await, first);
    partner.put("/api/user/profile", json!({"user_id": user, "name": "李三"})).await;
    assert_eq!(partner.put(&path, json!({"role": "student"})).await["name"], "李三");
    // Also by user.
    let by_user = format!("/api/organization/{organization}/members");
    partner.put(&by_user, json!({"user_id": user})).await;
    assert_eq!(partner.put(&path, json!({})).await["role"], "student");
    partner.put(&by_user, json!({"user_id": user, "role": "owner"})).await;
    assert_eq!(partner.put(&path, json!({})).await["role"], "owner");
}

#[tokio::test]
async fn members_that_can_t_be_are_refused() {
    let service = Service::start();
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let (user, member) = partner.member(organization, "teacher", "12992331122").await;
    let path = format!("/api/organization/{organization}/members");
    let fields = |change: Value| {
        let mut body = json!({"role": "student", "mobile": "13000000000", "name": "n"});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    for change in [
        json!({"role": null}),
        json!({"role": "king"}),
        json!({"name": null}),
        json!({"name": ""}),
        json!({"mobile": null}),
        json!({"mobile": ""}),
        json!({"mobile": "no number"}),
        json!({"email": "nowhere"}),
        json!({"avatar": "nowhere"}),
    ] {
        partner.refused(400, Method::POST, &path, fields(change)).await;
    }
    let message = partner.refused(400, Method::POST, &path, fields(json!({"mobile": "x"}))).await;
    assert!(message.starts_with("mobile"), "{message}");
    partner.refused(400, Method::PUT, &format!("{path}/{member}"), json!({"role": "king"})).await;
    partner.refused(404, Method::PUT, &format!("{path}/999"), json!({"role": "student"})).await;
    partner.refused(404, Method::DELETE, &format!("{path}/999"), json!({})).await;
    partner.refused(404, Method::PUT, &path, json!({"user_id": "nobody", "role": "student"})).await;
    partner.refused(400, Method::PUT, &path, json!({"user_id": user, "role": "king"})).await;
    partner.refused(400, Method::PUT, &path, json!({"role": "student"})).await;
    partner.refused(404, Method::PUT, "/api/user/profile", json!({"user_id": "nobody", "name": "n"})).await;
    partner.refused(400, Method::PUT, "/api/user/profile", json!({"name": "n"})).await;
    partner.refused(400, Method::PUT, "/api/user/profile", json!({"user_id": user, "email": "x"})).await;
    partner.refused(404, Method::GET, "/api/user/statistics?user_id=nobody", json!({})).await;
    partner.refused(400, Method::GET, "/api/user/statistics", json!({})).await;
    partner.refused(400, Method::GET, &format!("/api/user/statistics?user_id={user}&start=2&end=1"), json!({})).await;
}
