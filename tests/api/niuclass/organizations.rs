//! Organizations, and the options that they allow for courses.

use reqwest::Method;
use serde_json::{Value, json};

use super::partner::Partner;
use crate::support::service::Service;

#[tokio::test]
async fn an_organization_has_its_defaults_and_keeps_what_is_not_sent() {
    let service = Service::start();
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    // User ids may be numbers or strings, and null counts as absent.
    let owner = partner.user_id;
    let made =
        partner.make("/api/organization", json!({"name": "School", "organization_owner": owner, "slogan": null})).await;
    let id = made["id"].as_i64().unwrap();
    let shown = |name: &str, clarity: &str| {
        json!({"id": id, "name": name, "slogan": "", "description": "", "logo": "", "company": "",
            "max_podium_user": 8, "max_clarity": clarity, "callback_url": ""})
    };
    assert_eq!(made, shown("School", "FHD"));
    let path = format!("/api/organization/{id}");
    assert_eq!(partner.put(&path, json!({"max_clarity": "SD"})).await, shown("School", "SD"));
    assert_eq!(partner.put(&path, json!({"name": "Academy"})).await, shown("Academy", "SD"));
    assert_eq!(partner.put(&path, json!({})).await, shown("Academy", "SD"));
}

#[tokio::test]
async fn an_organization_that_can_t_be_is_refused() {
    let service = Service::start();
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    let id = partner.organization(json!({})).await;
    let change = |fields: Value| {
        let mut body = json!({"name": "School", "organization_owner": partner.user_id});
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    for fields in [
        json!({"name": null}),
        json!({"name": ""}),
        json!({"name": 5}),
        json!({"max_podium_user": 0}),
        json!({"max_podium_user": 9}),
        json!({"max_podium_user": "many"}),
        json!({"max_clarity": "8K"}),
        json!({"callback_url": "ftp://example.com"}),
        json!({"callback_url": "example.com"}),
        json!({"organization_owner": null}),
        json!({"organization_owner": "nobody"}),
    ] {
        partner.refused(400, Method::POST, "/api/organization", change(fields.clone())).await;
        if fields.get("organization_owner").is_none() && fields["name"] != json!(null) {
            partner.refused(400, Method::PUT, &format!("/api/organization/{id}"), fields).await;
        }
    }
    partner.refused(404, Method::PUT, "/api/organization/999", json!({})).await;
}

#[tokio::test]
async fn a_course_stays_within_what_its_organization_allows() {
    let service = Service::start();
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    let id = partner.organization(json!({"max_podium_user": 4, "max_clarity": "HD"})).await;
    let courses = format!("/api/organization/{id}/courses");
    let fields = |podium: Value, clarity: &str| json!({"title": "t", "max_podium_user": podium, "clarity": clarity});
    for (podium, clarity) in [(json!(5), "HD"), (json!(0), "HD"), (json!(4), "FHD"), (json!(4), "hd"), (json!(4), "")] {
        partner.refused(400, Method::POST, &courses, fields(podium, clarity)).await;
    }
    partner.refused(400, Method::POST, &courses, json!({"clarity": "HD"})).await;
    partner.refused(400, Method::POST, &courses, json!({"title": "t"})).await;
    let made = partner.make(&courses, fields(json!(null), "HD")).await;
    assert_eq!((&made["max_podium_user"], &made["clarity"]), (&json!(4), &json!("HD")));
    let path = format!("/api/course/{}", made["id"]);
    for change in [json!({"max_podium_user": 5}), json!({"clarity": "FHD"}), json!({"title": ""})] {
        partner.refused(400, Method::PUT, &path, change).await;
    }
    // An option that was allowed when it was chosen is kept, and other fields can be changed.
    partner.put(&format!("/api/organization/{id}"), json!({"max_podium_user": 2, "max_clarity": "Normal"})).await;
    partner.put(&path, json!({"title": "another", "max_podium_user": 4, "clarity": "HD"})).await;
    partner.refused(400, Method::PUT, &path, json!({"max_podium_user": 3})).await;
    partner.put(&path, json!({"max_podium_user": 2, "clarity": "Normal"})).await;
    let info = partner.get(&path).await;
    assert_eq!(
        (&info["title"], &info["max_podium_user"], &info["clarity"]),
        (&json!("another"), &json!(2), &json!("Normal"))
    );
}
