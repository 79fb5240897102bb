//! Links that sign one user in to one class.

mod channel;
mod ending;
mod making;
mod scope;

use serde_json::json;

use crate::support::component::Component;
use crate::support::service::Enterprise;

/// The holder of the link at a URL.
fn holder<'a>(enterprise: &Enterprise<'a>, url: &str) -> Component<'a> {
    let (user_id, token) = url.split_once('#').unwrap().1.split_once('/').unwrap();
    Component::of(enterprise, user_id, token)
}

/// The holder of a new link to a class.
async fn link<'a>(enterprise: &Enterprise<'a>, class_id: i64, user_id: &str) -> Component<'a> {
    let made = enterprise.ok("class/link", json!({"class_id": class_id, "user_id": user_id})).await;
    holder(enterprise, made["url"].as_str().unwrap())
}

/// A class that is not public, with a teacher and the pupils li and wang.
async fn class(enterprise: &Enterprise<'_>) -> i64 {
    let user = |id: &str, role: &str| json!({"user_id": id, "role": role, "phone_no": "123"});
    let users =
        [user("teacher_1", "teacher"), user("li", "student"), user("wang", "student"), user("zhang", "student")];
    enterprise.ok("user/register", json!({ "list": users })).await;
    let members = json!([{"user_id": "li", "role": "student"}, {"user_id": "wang", "role": "student"}]);
    // Long enough for all links to it.
    let stop_time = enterprise.service.now() + 172_800;
    enterprise.class(json!({"class_type": "1vN", "members": members, "stop_time": stop_time})).await
}
