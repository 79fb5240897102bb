//! A channel from its login to the statistics of a lesson in the classroom.

use lectern::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::partner::Partner;
use crate::support::component::Component;
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::{Enterprise, Service};

/// Monday 2024-03-04, 00:00 in Beijing.
const MONDAY: i64 = 1_709_481_600;

/// Signs a member in on a component, with a renewed `user_token`.
async fn component<'a>(enterprise: &Enterprise<'a>, user_id: i64) -> Component<'a> {
    let user_id = user_id.to_string();
    let renewed = enterprise.ok("user/token/update", json!({"user_id": user_id})).await;
    Component::of(enterprise, &user_id, renewed["user_token"].as_str().unwrap())
}

#[tokio::test]
async fn a_channel_plans_a_course_and_receives_events_of_its_lessons() {
    let flags = ["--callback-allow-private", "true"];
    let service = Service::start_at(Clock::set_at((MONDAY - 3_600) * 1000), &flags);
    let receiver = Receiver::answering(|_| Reply::Whole(200, "text/plain", String::new()));
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({"callback_url": receiver.url})).await;
    let (first, first_member) = partner.member(organization, "teacher", "13000000001").await;
    let (second, second_member) = partner.member(organization, "teacher", "13000000002").await;
    let mut students = Vec::new();
    for number in 0..10 {
        students.push(partner.member(organization, "student", &format!("1310000000{number}")).await);
    }
    let course = partner.course(organization).await;
    let path = format!("/api/course/{course}");
    partner.put(&format!("{path}/members/{first_member}"), json!({"role": "teacher"})).await;
    for (_, member) in &students {
        partner.put(&format!("{path}/members/{member}"), json!({"role": "student"})).await;
    }
    // Mondays and Wednesdays, for two weeks.
    let times = json!([{"start": MONDAY, "class_start": "09:00", "repeat": "weekly", "point": [1, 3]}]);
    partner.times(course, 2700, 2, times).await;
    partner.put(&format!("{path}/members/{second_member}"), json!({"role": "teacher"})).await;

    // The lessons are classes of the enterprise, with the members of the course.
    let listed = enterprise.ok("class/list", json!({})).await;
    // The newest is first.
    let listed: Vec<&Value> = listed["list"].as_array().unwrap().iter().rev().collect();
    let starts: Vec<i64> = listed.iter().map(|row| row["start_time"].as_i64().unwrap()).collect();
    let day = 86_400;
    let nine = MONDAY + 9 * 3_600;
    assert_eq!(starts, [nine, nine + 2 * day, nine + 7 * day, nine + 9 * day]);
    let class_id = &listed[0]["class_id"];
    let info = enterprise.ok("class/info", json!({"class_id": class_id})).await;
    assert_eq!((&info["class_topic"], &info["teacher_id"]), (&json!("王维诗词鉴赏"), &json!(first.to_string())));
    assert_eq!((&info["member_count"], &info["class_type"]), (&json!(12), &json!("1vN")));
    assert_eq!((&info["max_member_limit"], &info["settings"]["resolution"]), (&json!(8), &json!("1280x720")));

    // The second teacher begins it with a component, and a student joins for half an hour.
    service.clock.set(nine * 1000);
    assert_eq!(partner.info(course).await["state"], "inprogress");
    let teacher = component(&enterprise, second).await;
    let lesson = json!({"class_id": class_id});
    let enter = |user: i64| json!({"class_id": class_id, "user_id": user.to_string()});
    enterprise.ok("member/join", enter(second)).await;
    enterprise.ok("member/join", enter(students[0].0)).await;
    teacher.ok("class/start", lesson.clone()).await;
    teacher.ok("imstorage/send", json!({"class_id": class_id, "content": "今天是周一"})).await;
    service.pass(1800);
    enterprise.ok("member/quit", enter(students[0].0)).await;
    service.pass(300);
    assert_eq!(partner.info(course).await["finished_classes"], 0);
    teacher.ok("class/stop", lesson).await;
    let now = partner.info(course).await;
    assert_eq!((&now["finished_classes"], &now["state"]), (&json!(1), &json!("notstart")));
    assert_eq!(now["latest_class_time"], nine + 2 * day);

    let published = receiver.wait_for(4).await;
    let bodies: Vec<&Value> = published.iter().map(|request| &request.body).collect();
    assert_eq!(bodies[0]["type"], "create_course");
    assert_eq!(*bodies[1], json!({"type": "live_start", "data": {"course_id": course}}));
    assert_eq!(
        *bodies[2],
        json!({"type": "im", "data": {"content": "今天是周一", "name": "teacher 13000000002", "role": "teacher",
            "avatar": "", "course_id": course, "type": "text"}})
    );
    assert_eq!(*bodies[3], json!({"type": "live_stop", "data": {"course_id": course}}));

    service.pass(10);
    // The statistics match the attendance of the class.
    for (user_id, time) in [(second, 2100), (students[0].0, 1800)] {
        let seen = partner.get(&format!("/api/user/statistics?user_id={user_id}")).await;
        assert_eq!(
            seen,
            json!({"items": [{"course_id": course, "course_name": "王维诗词鉴赏", "class_start": nine,
                "class_end": nine + 2700, "organization_id": organization, "time": time}]})
        );
        let attended = enterprise.ok("class/attendance", json!({"class_id": class_id})).await;
        let rows = attended["list"].as_array().unwrap();
        let own = rows.iter().find(|row| row["user_id"].as_str() == Some(&user_id.to_string())).unwrap();
        assert_eq!(own["present_seconds"], time, "{own}");
    }
    for (user_id, span) in [(first, ""), (second, "&start=1&end=2"), (second, &format!("&start={}", nine + 2101))] {
        let seen = partner.get(&format!("/api/user/statistics?user_id={user_id}{span}")).await;
        assert_eq!(seen, json!({"items": []}), "{span}");
    }
    // A range in the middle counts only the time within it.
    let middle = format!("/api/user/statistics?user_id={second}&start={}&end={}", nine + 60, nine + 100);
    assert_eq!(partner.get(&middle).await["items"][0]["time"], 40);
    service.pass(8 * day);
    let path = format!("/api/user/statistics?user_id={second}");
    partner.refused(401, Method::GET, &path, json!({})).await;
}
