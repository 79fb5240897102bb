//! Lessons are classes that follow their course until they begin.

use lectern::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::partner::{PASSWORD, Partner, log_in};
use crate::support::service::{Enterprise, Service};

/// Thursday 2019-02-28, 00:00 in Beijing.
pub const THURSDAY: i64 = 1_551_283_200;
pub const DAY: i64 = 86_400;

/// A service on the day before, with a course that has lessons at noon on four days, a teacher and a student.
pub struct Course<'a> {
    pub enterprise: Enterprise<'a>,
    pub partner: Partner<'a>,
    pub organization: i64,
    pub course: i64,
    pub teacher: (i64, i64),
    pub student: (i64, i64),
}

pub fn service() -> Service {
    Service::start_at(Clock::set_at((THURSDAY - 3_600) * 1000), &[])
}

pub fn noon_from(start: i64) -> Value {
    json!([{"start": start, "class_start": "12:00", "repeat": "daily"}])
}

impl<'a> Course<'a> {
    pub async fn make(service: &'a Service) -> Self {
        let enterprise = service.enterprise().await;
        let partner = Partner::of(&enterprise, "192321213").await;
        let organization = partner.organization(json!({})).await;
        let course = partner.course(organization).await;
        let teacher = partner.member(organization, "teacher", "13000000001").await;
        let student = partner.member(organization, "student", "13000000002").await;
        for ((_, member), role) in [(teacher, "teacher"), (student, "student")] {
            partner.put(&format!("/api/course/{course}/members/{member}"), json!({ "role": role })).await;
        }
        partner.times(course, 2700, 4, noon_from(THURSDAY)).await;
        Self { enterprise, partner, organization, course, teacher, student }
    }

    /// Sets the time in seconds, and logs in again.
    pub async fn at(&mut self, second: i64) {
        self.partner.service.clock.set(second * 1000);
        let token = log_in(self.partner.service, "192321213", PASSWORD).await;
        token["token"].as_str().unwrap().clone_into(&mut self.partner.token);
    }

    /// The lessons as classes, by their ids.
    pub async fn lessons(&self) -> Vec<Value> {
        let list = self.enterprise.ok("class/list", json!({})).await["list"].clone();
        let mut classes = Vec::new();
        // The newest is first.
        for row in list.as_array().unwrap().iter().rev() {
            classes.push(self.enterprise.ok("class/info", json!({"class_id": row["class_id"]})).await);
        }
        classes
    }

    /// The planned beginning of each lesson, in days and hours after the Thursday in Beijing.
    async fn starts(&self) -> Vec<(i64, i64)> {
        let after = |class: &Value| class["start_time"].as_i64().unwrap() - THURSDAY;
        let mut starts: Vec<i64> = self.lessons().await.iter().map(after).collect();
        starts.sort_unstable();
        starts.into_iter().map(|start| (start / DAY, start % DAY / 3_600)).collect()
    }

    pub fn path(&self) -> String {
        format!("/api/course/{}", self.course)
    }
}

#[tokio::test]
async fn another_plan_leaves_lessons_that_are_past_or_go_on() {
    let service = service();
    let mut school = Course::make(&service).await;
    let before = school.lessons().await;
    assert_eq!(school.starts().await, [(0, 12), (1, 12), (2, 12), (3, 12)]);
    // The first lesson is over without having begun, the second is in progress.
    school.at(THURSDAY + DAY + 12 * 3_600).await;
    let second = json!({"class_id": before[1]["class_id"]});
    school.enterprise.ok("class/start", second.clone()).await;
    service.pass(60);
    let at_eight = json!([
        {"start": THURSDAY, "class_start": "08:00", "repeat": "daily"},
        {"start": THURSDAY + 3 * DAY, "class_start": "12:00", "repeat": "none"},
    ]);
    school.partner.times(school.course, 3600, 4, at_eight).await;
    assert_eq!(school.starts().await, [(0, 12), (1, 12), (2, 8), (3, 8), (3, 12)]);
    let after = school.lessons().await;
    // The lessons that remain are the same classes, with the duration of the new schedule.
    for (old, new) in before.iter().zip(&after).take(2) {
        assert_eq!((&old["class_id"], &old["stop_time"]), (&new["class_id"], &new["stop_time"]));
    }
    let kept = after.iter().find(|class| class["class_id"] == before[3]["class_id"]).unwrap();
    assert_eq!(kept["stop_time"], before[3]["stop_time"].as_i64().unwrap() + 900);
    let info = school.partner.info(school.course).await;
    let published = ["total_classes", "finished_classes", "state", "duration"].map(|name| info[name].clone());
    assert_eq!(published, [json!(5), json!(1), json!("inprogress"), json!(3600)]);
    school.enterprise.ok("class/stop", second).await;
    assert_eq!(school.partner.info(school.course).await["finished_classes"], 2);
}

#[tokio::test]
async fn lessons_that_have_not_begun_follow_their_course() {
    let service = service();
    let school = Course::make(&service).await;
    let first = json!({"class_id": school.lessons().await[0]["class_id"]});
    school.enterprise.ok("class/start", first).await;
    let change = json!({"title": "another", "max_podium_user": 3, "clarity": "Normal", "duration": 600});
    school.partner.put(&school.path(), change).await;
    for (at, class) in school.lessons().await.iter().enumerate() {
        let published = ["class_topic", "max_member_limit"].map(|name| class[name].clone());
        let lasts = class["stop_time"].as_i64().unwrap() - class["start_time"].as_i64().unwrap();
        let resolution = &class["settings"]["resolution"];
        if at == 0 {
            assert_eq!((published, lasts), ([json!("王维诗词鉴赏"), json!(8)], 2700));
            assert_eq!(resolution, "1280x720");
        } else {
            assert_eq!((published, lasts), ([json!("another"), json!(3)], 600));
            assert_eq!(resolution, "854x480");
        }
    }
}

#[tokio::test]
async fn who_is_in_a_course_is_in_its_lessons_that_are_not_over() {
    let service = service();
    let school = Course::make(&service).await;
    let (teacher, student) = (school.teacher.0.to_string(), school.student.0.to_string());
    let lessons = school.lessons().await;
    let over = json!({"class_id": lessons[0]["class_id"]});
    school.enterprise.ok("class/start", over.clone()).await;
    school.enterprise.ok("class/stop", over).await;
    let going_on = json!({"class_id": lessons[1]["class_id"]});
    school.enterprise.ok("class/start", going_on).await;

    let (other, member) = school.partner.member(school.organization, "teacher", "13000000003").await;
    let other = other.to_string();
    school.partner.put(&format!("{}/members/{member}", school.path()), json!({"role": "student"})).await;
    school.partner.put(&format!("{}/members/{member}", school.path()), json!({"role": "teacher"})).await;
    school.partner.delete(&format!("{}/members/{}", school.path(), school.teacher.1)).await;
    school.partner.delete(&format!("/api/organization/{}/members/{}", school.organization, school.student.1)).await;

    let lessons = school.lessons().await;
    let members = |at: usize| -> Vec<(String, String)> {
        let list = lessons[at]["members"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut members: Vec<_> = list.iter().map(|row| (text(&row["user_id"]), text(&row["role"]))).collect();
        members.sort();
        members
    };
    let sorted = |of: &[(&String, &str)]| {
        let mut all: Vec<_> = of.iter().map(|(id, role)| ((*id).clone(), (*role).to_owned())).collect();
        all.sort();
        all
    };
    assert_eq!(members(0), sorted(&[(&teacher, "teacher"), (&student, "student")]), "what is over stays");
    assert_eq!(members(1), sorted(&[(&teacher, "teacher"), (&other, "teacher")]), "its teacher stays");
    for (at, lesson) in lessons.iter().enumerate().skip(2) {
        assert_eq!(members(at), sorted(&[(&other, "teacher")]));
        assert_eq!(lesson["teacher_id"], json!(other));
    }
    // New lessons also have them.
    school.partner.times(school.course, 2700, 1, noon_from(THURSDAY + 20 * DAY)).await;
    let last = school.lessons().await.pop().unwrap();
    assert_eq!((&last["teacher_id"], &last["member_count"]), (&json!(other), &json!(1)));
}

#[tokio::test]
async fn a_course_that_is_removed_leaves_the_lessons_that_were_given() {
    let service = service();
    let school = Course::make(&service).await;
    let given = json!({"class_id": school.lessons().await[0]["class_id"]});
    school.enterprise.ok("class/start", given.clone()).await;
    school
        .enterprise
        .ok("member/join", json!({"class_id": given["class_id"], "user_id": school.student.0.to_string()}))
        .await;
    school.enterprise.ok("class/stop", given.clone()).await;
    school.partner.delete(&school.path()).await;
    let left = school.lessons().await;
    assert_eq!(left.iter().map(|class| class["class_id"].clone()).collect::<Vec<_>>(), [given["class_id"].clone()]);
    assert_eq!(school.enterprise.ok("member/history/list", given).await["total"], 1);
    for (method, path) in [(Method::GET, school.path()), (Method::DELETE, school.path())] {
        school.partner.refused(404, method, &path, json!({})).await;
    }
    assert_eq!(school.partner.get("/api/courses").await, json!({"items": []}));
}

#[tokio::test]
async fn people_write_in_the_group_of_the_course_in_each_of_its_lessons() {
    let service = service();
    let school = Course::make(&service).await;
    let lessons = school.lessons().await;
    let (one, other) = (&lessons[0]["class_id"], &lessons[1]["class_id"]);
    let student = school.student.0.to_string();
    let say = |class_id: &Value, group_id: Value, content: &str| json!({"class_id": class_id, "group_id": group_id, "user_id": student, "content": content});
    let sent = school.enterprise.ok("imstorage/send", say(one, json!(null), "first")).await;
    assert_eq!(sent["sequence"], 1);
    // Clients derive the name of the group as for any class.
    let named = format!("{other}_chat");
    assert_eq!(school.enterprise.ok("imstorage/send", say(other, json!(named), "second")).await["sequence"], 2);
    let outside = json!({"name": "项羽", "text": "third", "avatar": "", "timestamp": THURSDAY});
    school.partner.put(&school.path(), json!({})).await;
    school.partner.expect(200, Method::POST, &format!("{}/customim", school.path()), outside).await;
    for class_id in [one, other] {
        let list = school.enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await["list"].clone();
        let said: Vec<&str> = list.as_array().unwrap().iter().map(|row| row["content"].as_str().unwrap()).collect();
        assert_eq!(said, ["first", "second", "third"]);
        let groups = school.enterprise.ok("imstorage/list", json!({ "class_id": class_id })).await["list"].clone();
        let ids: Vec<&Value> = groups.as_array().unwrap().iter().map(|row| &row["group_id"]).collect();
        assert_eq!(ids, [&json!(format!("course_{}", school.course)), &json!(class_id.to_string())]);
    }
    // The components of each lesson have their own group.
    let command = say(one, json!(one.to_string()), "signal");
    assert_eq!(school.enterprise.ok("imstorage/send", command).await["sequence"], 1);
    for body in
        [json!({}), json!({"name": "n", "text": "", "avatar": "", "timestamp": 1}), json!({"name": "n", "text": "t"})]
    {
        school.partner.refused(400, Method::POST, &format!("{}/customim", school.path()), body).await;
    }
}

#[tokio::test]
async fn who_is_not_in_the_course_can_t_enter_its_lessons() {
    let service = service();
    let school = Course::make(&service).await;
    let (stranger, _) = school.partner.member(school.organization, "student", "13000000009").await;
    let class_id = school.lessons().await[0]["class_id"].clone();
    let enter = |user: i64| json!({"class_id": class_id, "user_id": user.to_string()});
    school.enterprise.refused("member/join", enter(stranger), 10226).await;
    school.enterprise.ok("member/join", enter(school.student.0)).await;
}

#[tokio::test]
async fn the_people_of_a_course_find_its_lessons_in_the_list_of_classes() {
    let service = service();
    let school = Course::make(&service).await;
    let mut people = vec![school.teacher.0, school.student.0];
    // These come after the times were set.
    for (role, mobile) in [("teacher", "13000000003"), ("student", "13000000004")] {
        let (user, member) = school.partner.member(school.organization, role, mobile).await;
        school.partner.put(&format!("{}/members/{member}", school.path()), json!({ "role": role })).await;
        people.push(user);
    }
    for user in people {
        for user_id in [json!(user.to_string()), json!(user)] {
            let listed = school.enterprise.ok("class/list", json!({ "user_id": user_id })).await;
            assert_eq!(listed["total"], 4, "{user_id}: {listed}");
        }
    }
}

#[tokio::test]
async fn the_components_in_a_lesson_receive_what_happens_in_it() {
    let service = service();
    let school = Course::make(&service).await;
    let (teacher, student) = (school.teacher.0.to_string(), school.student.0.to_string());
    let class_id = school.lessons().await[0]["class_id"].as_i64().unwrap();
    school.enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    school.enterprise.ok("member/join", json!({"class_id": class_id, "user_id": student})).await;
    school.enterprise.report(class_id, &student, "hand_up", Value::Null).await.unwrap();
    let called = json!({"enable": 1, "rights": ["mic"], "objectId": [student]});
    school.enterprise.report(class_id, &teacher, "PermissionControl", called).await.unwrap();
    let asked = json!({"class_id": class_id, "group_id": class_id.to_string()});
    let said = school.enterprise.ok("imstorage/msg", asked).await["list"].clone();
    let said: Vec<String> =
        said.as_array().unwrap().iter().map(|row| format!("{} {}", row["ext"], row["content"])).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("CTRL") && said[0].contains("hand_up"), "{said:?}");
    assert!(said[1].contains("change_member_permission"), "{said:?}");
}
