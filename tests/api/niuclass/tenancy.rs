//! No channel can access the resources of another, in the same enterprise or in another.

use reqwest::Method;
use serde_json::{Value, json};

use super::partner::Partner;
use crate::support::service::{BEGIN, Service};

/// The resources of a channel, and the calls that take their ids.
struct Managed {
    organization: i64,
    course: i64,
    user: i64,
    member: i64,
    in_course: i64,
}

impl Managed {
    async fn make(partner: &Partner<'_>) -> Self {
        let organization = partner.organization(json!({})).await;
        let course = partner.course(organization).await;
        let (user, member) = partner.member(organization, "teacher", "13000000001").await;
        let (_, in_course) = partner.member(organization, "student", "13000000002").await;
        partner.put(&format!("/api/course/{course}/members/{in_course}"), json!({"role": "student"})).await;
        let times = json!([{"start": BEGIN, "class_start": "12:00", "repeat": "daily"}]);
        partner.times(course, 2700, 7, times).await;
        Self { organization, course, user, member, in_course }
    }

    /// All calls that take an id, with the ids of this channel. They succeed for the channel itself. Deletions come last.
    fn calls(&self) -> Vec<(Method, String, Value)> {
        let Self { organization, course, user, member, in_course } = self;
        let of = |path: &str| format!("/api/organization/{organization}{path}");
        let within = |path: &str| format!("/api/course/{course}{path}");
        let times = json!([{"start": BEGIN, "class_start": "13:00", "repeat": "daily"}]);
        let message = json!({"name": "n", "text": "t", "avatar": "", "timestamp": BEGIN});
        let new = json!({"role": "student", "mobile": "13000000009", "name": "taken"});
        vec![
            (Method::PUT, "/api/user/profile".into(), json!({"user_id": user, "name": "taken"})),
            (Method::GET, format!("/api/user/statistics?user_id={user}"), json!({})),
            (Method::GET, format!("/api/courses?organization_id={organization}"), json!({})),
            (Method::PUT, of(""), json!({"name": "taken"})),
            (Method::PUT, of("/members"), json!({"user_id": user, "role": "owner"})),
            (Method::PUT, of("/member"), json!({"user_id": user, "role": "owner"})),
            (Method::POST, of("/courses"), json!({"title": "taken", "clarity": "HD"})),
            (Method::POST, of("/members"), new),
            (Method::PUT, of(&format!("/members/{member}")), json!({"title": "taken"})),
            (Method::GET, within(""), json!({})),
            (Method::PUT, within(""), json!({"title": "taken"})),
            (Method::PUT, within("/times"), json!({"duration": 60, "times": times})),
            (Method::PUT, within(&format!("/members/{member}")), json!({"role": "teacher"})),
            (Method::POST, within("/customim"), message),
            (Method::DELETE, within(&format!("/members/{in_course}")), json!({})),
            (Method::DELETE, within(""), json!({})),
            (Method::DELETE, of(&format!("/members/{member}")), json!({})),
        ]
    }

    /// What the channel and its enterprise see of the resources.
    async fn seen(&self, partner: &Partner<'_>) -> String {
        let Self { organization, course, member, user, .. } = self;
        let statistics = partner.get(&format!("/api/user/statistics?user_id={user}")).await;
        let member = partner.put(&format!("/api/organization/{organization}/members/{member}"), json!({})).await;
        let organization = partner.put(&format!("/api/organization/{organization}"), json!({})).await;
        let listed = partner.get("/api/courses").await;
        format!("{} {member} {organization} {listed} {statistics}", partner.info(*course).await)
    }
}

#[tokio::test]
async fn another_channels_ids_are_those_of_nothing_in_every_call() {
    let service = Service::start();
    let (enterprise, elsewhere) = (service.enterprise().await, service.enterprise().await);
    let owner = Partner::of(&enterprise, "1000000001").await;
    let theirs = Managed::make(&owner).await;
    let classes = enterprise.ok("class/list", json!({})).await;
    let before = theirs.seen(&owner).await;
    let beside = Partner::of(&enterprise, "1000000002").await;
    let far = Partner::of(&elsewhere, "1000000003").await;
    for other in [&beside, &far] {
        let own = Managed::make(other).await;
        let nothing = Managed { organization: 999, course: 999, user: 999_999, member: 999, in_course: 999 };
        for ((method, path, body), (_, of_nothing, body_of_nothing)) in theirs.calls().into_iter().zip(nothing.calls())
        {
            let (status, answer) = other.call(method.clone(), &path, body).await;
            let expected = if path.contains("/courses?") { 403 } else { 404 };
            assert_eq!(status, expected, "{method} {path}: {answer}");
            // The answer does not reveal that it exists.
            let (_, unknown) = other.call(method.clone(), &of_nothing, body_of_nothing).await;
            assert_eq!(unknown["code"], answer["code"], "{method} {path}");
        }
        // An id of the other channel within the caller's own resources.
        let mixed = [
            (Method::PUT, format!("/api/organization/{}/members/{}", own.organization, theirs.member)),
            (Method::DELETE, format!("/api/organization/{}/members/{}", own.organization, theirs.member)),
            (Method::PUT, format!("/api/course/{}/members/{}", own.course, theirs.member)),
            (Method::DELETE, format!("/api/course/{}/members/{}", own.course, theirs.in_course)),
        ];
        for (method, path) in mixed {
            other.refused(404, method, &path, json!({"role": "student"})).await;
        }
        let role = json!({"user_id": theirs.user, "role": "owner"});
        other.refused(404, Method::PUT, &format!("/api/organization/{}/members", own.organization), role).await;
        let stolen = json!({"name": "taken", "organization_owner": theirs.user});
        other.refused(400, Method::POST, "/api/organization", stolen).await;
        let listed = other.get("/api/courses").await["items"].clone();
        let ids: Vec<&Value> = listed.as_array().unwrap().iter().map(|row| &row["id"]).collect();
        assert_eq!(ids, [&json!(own.course)]);
    }
    assert_eq!(theirs.seen(&owner).await, before);
    let rows = enterprise.ok("class/list", json!({})).await["list"].clone();
    let there = |class: &Value| rows.as_array().unwrap().contains(class);
    assert!(classes["list"].as_array().unwrap().iter().all(there));
    // All calls succeed for the owner.
    for (method, path, body) in theirs.calls() {
        let (status, answer) = owner.call(method.clone(), &path, body).await;
        assert!(status.is_success(), "{method} {path}: {answer}");
    }
}

#[tokio::test]
async fn users_whom_no_channel_made_are_out_of_reach() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "1000000001").await;
    let other = Partner::of(&enterprise, "1000000002").await;
    enterprise.students(&["pupil"]).await;
    for user in [json!("pupil"), json!(other.user_id)] {
        let change = json!({"user_id": user, "name": "taken"});
        partner.refused(404, Method::PUT, "/api/user/profile", change).await;
    }
    // The channel can use its own account.
    partner.put("/api/user/profile", json!({"user_id": partner.user_id, "name": "我"})).await;
}
