//! The followers of a lesson receive what its course changes.

use serde_json::{Value, json};

use super::lessons::{Course, THURSDAY, noon_from, service};
use crate::support::follower::Followers;

/// The id of a lesson.
fn id(lesson: &Value) -> i64 {
    lesson["class_id"].as_i64().unwrap()
}

#[tokio::test]
async fn what_a_course_changes_in_a_lesson_is_sent() {
    let service = service();
    let school = Course::make(&service).await;
    let (teacher, student) = (school.teacher.0.to_string(), school.student.0.to_string());
    let lessons = school.lessons().await;
    let planned = id(&lessons[0]);
    school.enterprise.ok("member/join", json!({"class_id": planned, "user_id": student})).await;
    let mut followers = Followers::of(&school.enterprise, planned, &[&teacher, &student]).await;
    school.partner.put(&school.path(), json!({"title": "another"})).await;
    assert_eq!(followers.look().await, ["class will"]);
    school.partner.put(&school.path(), json!({"duration": 600})).await;
    assert_eq!(followers.look().await, ["class will"]);
    // Another role, and a name.
    let of_student = format!("{}/members/{}", school.path(), school.student.1);
    for role in ["teacher", "student"] {
        school.partner.put(&of_student, json!({ "role": role })).await;
        assert_eq!(followers.look().await, [format!("member {student}")], "{role}");
    }
    let of_organization = format!("/api/organization/{}/members/{}", school.organization, school.student.1);
    school.partner.put(&of_organization, json!({"name": "李雷"})).await;
    assert_eq!(followers.look().await, [format!("member {student}")]);
    assert_eq!(followers.member(&student).nickname, "李雷");
    // Another teacher.
    let of_teacher = format!("{}/members/{}", school.path(), school.teacher.1);
    school.partner.delete(&of_teacher).await;
    assert_eq!(followers.look().await, ["class will"]);
    school.partner.delete(&of_student).await;
    assert_eq!(followers.look().await, [format!("left {student} removed")]);
}

#[tokio::test]
async fn the_end_and_the_deletion_of_lessons_with_their_course_are_sent() {
    let service = service();
    let school = Course::make(&service).await;
    let student = school.student.0.to_string();
    let lessons = school.lessons().await;
    let (going_on, planned) = (id(&lessons[0]), id(&lessons[1]));
    school.enterprise.ok("class/start", json!({"class_id": going_on})).await;
    for class_id in [going_on, planned] {
        school.enterprise.ok("member/join", json!({"class_id": class_id, "user_id": student})).await;
    }
    let mut ending = Followers::of(&school.enterprise, going_on, &[&student]).await;
    let vanishing = Followers::of(&school.enterprise, planned, &[&student]).await;
    assert_eq!(vanishing.stored().await.0, 2);
    school.partner.times(school.course, 2700, 1, noon_from(THURSDAY)).await;
    assert_eq!(vanishing.stored().await.0, 1);
    school.partner.delete(&school.path()).await;
    assert_eq!(ending.look().await, ["class end"]);
}
