//! Who leaves a course or an organization leaves its lessons, and so does everybody when the lessons go.

use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise::Patch;
use serde_json::{Value, json};

use super::lessons::{Course, DAY, THURSDAY, noon_from, service};
use crate::support::component::Component;
use crate::support::service::Enterprise;

/// Signs a member in on a component, with a renewed `user_token`.
async fn component<'a>(enterprise: &Enterprise<'a>, user_id: i64) -> Component<'a> {
    let user_id = user_id.to_string();
    let renewed = enterprise.ok("user/token/update", json!({ "user_id": user_id })).await;
    Component::of(enterprise, &user_id, renewed["user_token"].as_str().unwrap())
}

impl Course<'_> {
    /// The members of a lesson enter it.
    async fn enter(&self, class_id: &Value) -> [Component<'_>; 2] {
        let events = vec![Extra::QuitClass];
        self.enterprise.set(Patch { callback_events: Some(events), ..Patch::default() }).await;
        let both =
            [component(&self.enterprise, self.teacher.0).await, component(&self.enterprise, self.student.0).await];
        for who in &both {
            who.ok("member/join", json!({ "class_id": class_id })).await;
        }
        both
    }

    /// Who left a lesson, in order.
    async fn left(&self, class_id: &Value) -> Vec<String> {
        let events = self.enterprise.ok("event/list", json!({ "class_id": class_id })).await;
        let events = events["list"].as_array().unwrap().iter().filter(|event| event["event"] == "quit_class");
        events.map(|event| event["data"]["user_id"].as_str().unwrap().to_owned()).collect()
    }

    async fn reason(&self, class_id: &Value, user_id: i64) -> Value {
        let rows = self.enterprise.ok("class/attendance", json!({ "class_id": class_id })).await["list"].clone();
        let user_id = user_id.to_string();
        let row = rows.as_array().unwrap().iter().find(|row| row["user_id"] == user_id).unwrap();
        row["stay_list"][0]["quit_reason"].clone()
    }
}

#[tokio::test]
async fn who_is_removed_from_a_course_is_out_of_its_lessons() {
    let service = service();
    let school = Course::make(&service).await;
    let (student, member) = school.student;
    let lessons = school.lessons().await;
    let (going_on, planned) = (lessons[0]["class_id"].clone(), lessons[1]["class_id"].clone());
    school.enterprise.ok("class/start", json!({ "class_id": going_on })).await;
    let [teacher, pupil] = school.enter(&going_on).await;
    school.enterprise.ok("member/join", json!({"class_id": planned, "user_id": student.to_string()})).await;
    school.partner.delete(&format!("{}/members/{member}", school.path())).await;
    for class_id in [&going_on, &planned] {
        assert_eq!(school.left(class_id).await, [student.to_string()]);
        assert_eq!(school.reason(class_id, student).await, "removed");
        for call in ["class/info", "member/runtime/list", "class/document/list", "imstorage/msg", "member/join"] {
            pupil.refused(call, json!({ "class_id": class_id }), 10226).await;
        }
    }
    // The teacher of a lesson in progress does not change.
    school.partner.delete(&format!("{}/members/{}", school.path(), school.teacher.1)).await;
    teacher.ok("member/runtime/list", json!({ "class_id": going_on })).await;
    teacher.ok("class/stop", json!({ "class_id": going_on })).await;
}

#[tokio::test]
async fn who_is_removed_from_an_organization_is_out_of_its_lessons_even_as_their_teacher() {
    let service = service();
    let school = Course::make(&service).await;
    let going_on = school.lessons().await[0]["class_id"].clone();
    school.enterprise.ok("class/start", json!({ "class_id": going_on })).await;
    let [teacher, pupil] = school.enter(&going_on).await;
    for (_, member) in [school.student, school.teacher] {
        school.partner.delete(&format!("/api/organization/{}/members/{member}", school.organization)).await;
    }
    assert_eq!(school.left(&going_on).await, [school.student.0.to_string(), school.teacher.0.to_string()]);
    for (who, code) in [(&teacher, 10203), (&pupil, 10226)] {
        for call in ["class/info", "member/runtime/list", "class/document/list", "imstorage/list", "member/join"] {
            who.refused(call, json!({ "class_id": going_on }), code).await;
        }
    }
    teacher.refused("class/stop", json!({ "class_id": going_on }), 10203).await;
}

#[tokio::test]
async fn who_leaves_the_organization_does_not_enter_the_lesson_that_they_teach() {
    let service = service();
    let school = Course::make(&service).await;
    let going_on = school.lessons().await[0]["class_id"].clone();
    school.enterprise.ok("class/start", json!({ "class_id": going_on })).await;
    let teacher = component(&school.enterprise, school.teacher.0).await;
    let other = school.partner.organization(json!({})).await;
    school.partner.member(other, "teacher", "13000000001").await;
    school.partner.delete(&format!("/api/organization/{}/members/{}", school.organization, school.teacher.1)).await;
    teacher.refused("member/join", json!({ "class_id": going_on }), 10203).await;
    // Until they are back in the course.
    let (user, back) = school.partner.member(school.organization, "teacher", "13000000001").await;
    assert_eq!(user, school.teacher.0);
    school.partner.put(&format!("{}/members/{back}", school.path()), json!({"role": "teacher"})).await;
    teacher.ok("member/join", json!({ "class_id": going_on })).await;
}

#[tokio::test]
async fn who_waits_in_a_lesson_that_vanishes_leaves_first() {
    let service = service();
    let school = Course::make(&service).await;
    let lessons = school.lessons().await;
    let (vanishing, kept) = (lessons[3]["class_id"].clone(), lessons[0]["class_id"].clone());
    let [teacher, pupil] = school.enter(&vanishing).await;
    let waiting = component(&school.enterprise, school.teacher.0).await;
    waiting.ok("member/join", json!({ "class_id": kept })).await;
    // Three days in place of four.
    school.partner.times(school.course, 2700, 3, noon_from(THURSDAY)).await;
    let both = [teacher.user_id.clone(), pupil.user_id.clone()];
    assert_eq!(school.left(&vanishing).await, both);
    assert_eq!(school.left(&kept).await, [""; 0]);
    school.partner.delete(&school.path()).await;
    assert_eq!(school.left(&kept).await, [teacher.user_id]);
}

#[tokio::test]
async fn statistics_and_attendance_survive_the_course() {
    let service = service();
    let mut school = Course::make(&service).await;
    let lessons = school.lessons().await;
    let (given, going_on) = (lessons[0]["class_id"].clone(), lessons[1]["class_id"].clone());
    school.at(THURSDAY + DAY / 2).await;
    school.enterprise.ok("class/start", json!({ "class_id": given })).await;
    school.enter(&given).await;
    service.pass(600);
    school.enterprise.ok("class/stop", json!({ "class_id": given })).await;
    school.at(THURSDAY + DAY + DAY / 2).await;
    school.enterprise.ok("class/start", json!({ "class_id": going_on })).await;
    school.enter(&going_on).await;
    service.pass(60);
    let student = school.student.0;
    let path = format!("/api/user/statistics?user_id={student}");
    let before = school.partner.get(&path).await;
    assert_eq!(before["items"].as_array().unwrap().len(), 2);
    let attendance = school.enterprise.ok("class/attendance", json!({ "class_id": given })).await;
    school.partner.delete(&school.path()).await;
    assert_eq!(school.partner.get(&path).await, before);
    assert_eq!(school.enterprise.ok("class/attendance", json!({ "class_id": given })).await, attendance);
    // The lesson in progress ended with its course.
    assert_eq!(school.left(&going_on).await, [school.teacher.0.to_string(), student.to_string()]);
    assert_eq!(school.reason(&going_on, student).await, "class_ended");
    let info = school.enterprise.ok("class/info", json!({ "class_id": going_on })).await;
    assert_eq!(info["class_status"], "end");
    service.pass(600);
    assert_eq!(school.partner.get(&path).await, before);
}
