//! The chat of a course: its lessons, the channel's messages and the callbacks have the same messages.

use lectern::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::lessons::{Course, THURSDAY, service};
use super::partner::Partner;
use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::Service;

/// A service whose clock is the system's, for callbacks.
fn calling_back() -> Service {
    Service::start_at(Clock::System, &["--callback-allow-private", "true"])
}

impl Course<'_> {
    /// Signs a member in on a component.
    async fn component(&self, user_id: i64) -> Component<'_> {
        let user_id = user_id.to_string();
        let renewed = self.enterprise.ok("user/token/update", json!({ "user_id": user_id })).await;
        Component::of(&self.enterprise, &user_id, renewed["user_token"].as_str().unwrap())
    }

    async fn post(&self, text: &str) {
        let body = json!({"name": "bad 项羽", "text": text, "avatar": "", "timestamp": THURSDAY});
        self.partner.expect(200, Method::POST, &format!("{}/customim", self.path()), body).await;
    }
}

#[tokio::test]
async fn followers_of_any_lesson_receive_the_messages_of_the_course() {
    let service = service();
    let school = Course::make(&service).await;
    school.enterprise.ok("imstorage/filter/add", json!({"words": ["bad"]})).await;
    let lessons = school.lessons().await;
    let [one, other] = [0, 1].map(|n: usize| lessons[n]["class_id"].as_i64().unwrap());
    let (teacher, student) = (school.component(school.teacher.0).await, school.component(school.student.0).await);
    let (mut in_one, _) = Channel::enter(&teacher, one).await;
    let (mut in_other, _) = Channel::enter(&student, other).await;
    student.ok("imstorage/send", json!({"class_id": other, "content": "a bad word"})).await;
    school.post("bad news").await;
    for (channel, class_id) in [(&mut in_one, one), (&mut in_other, other)] {
        let said = channel.event("message").await;
        let group_id = format!("{class_id}_chat");
        assert_eq!((&said["content"], &said["group_id"]), (&json!("a *** word"), &json!(group_id)), "{said}");
        let posted = channel.event("message").await;
        assert_eq!((&posted["content"], &posted["nickname"]), (&json!("*** news"), &json!("bad 项羽")));
        assert_eq!(
            (&posted["message_id"], &posted["user_id"], &posted["role"]),
            (&json!("c2"), &json!(""), &json!(""))
        );
    }
    // Recalled in one lesson, gone in all.
    teacher.ok("imstorage/recall", json!({"class_id": one, "message_id": "c2"})).await;
    for (channel, component, class_id) in [(&mut in_one, &teacher, one), (&mut in_other, &student, other)] {
        let recalled = channel.event("message_recalled").await;
        assert_eq!(recalled["message_id"], "c2");
        let (mut again, _) = Channel::enter_again(component, class_id, 1).await;
        let received = Value::from(again.ping().await.1).to_string();
        let history = component.ok("imstorage/history", json!({ "class_id": class_id })).await.to_string();
        assert!(!received.contains("news") && !history.contains("news"), "{received} {history}");
        assert!(history.contains("*** word"), "{history}");
    }
}

#[tokio::test]
async fn an_organization_gets_a_link_to_an_image() {
    let service = calling_back();
    let receiver = Receiver::answering(|_| Reply::Whole(204, "text/plain", String::new()));
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({ "callback_url": receiver.url })).await;
    let course = partner.course(organization).await;
    let teacher = partner.member(organization, "teacher", "13000000001").await;
    let student = partner.member(organization, "student", "13000000002").await;
    partner.put(&format!("/api/course/{course}/members/{}", teacher.1), json!({"role": "teacher"})).await;
    let tomorrow = service.now() + 86_400;
    let times = json!([{"start": tomorrow, "class_start": "12:00", "repeat": "none"}]);
    partner.times(course, 2700, 4, times).await;
    let school = Course { enterprise, partner, organization, course, teacher, student };
    let class_id = school.lessons().await[0]["class_id"].as_i64().unwrap();
    let component = school.component(school.teacher.0).await;
    component.ok("member/join", json!({ "class_id": class_id })).await;
    let image = crate::iclass::chat::images::png(3, 2);
    let url = crate::iclass::chat::images::upload(&component, class_id, image.clone()).await["url"].clone();
    component.ok("imstorage/send", json!({"class_id": class_id, "type": "image", "content": url})).await;
    // What is whispered is no message of the course.
    let student = school.student.0.to_string();
    component.refused("imstorage/send", json!({"class_id": class_id, "content": "psst", "to": student}), 10203).await;
    let said = |request: &std::sync::Arc<crate::support::receiver::Request>| request.body["type"] == "im";
    let requests = receiver.wait_until("an image", |requests| requests.iter().any(said)).await;
    let data = requests.iter().find(|request| said(request)).unwrap().body["data"].clone();
    assert_eq!(data["type"], "image");
    let served = service.http.get(data["content"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(served.bytes().await.unwrap(), image);
}
