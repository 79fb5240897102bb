//! The schedule of a course at different times, and the lists of courses.

use lectern::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::partner::Partner;
use crate::support::service::Service;

/// Thursday 2019-02-28, 00:00 in Beijing.
const THURSDAY: i64 = 1_551_283_200;
const DAY: i64 = 86_400;
/// 11:20 on that day.
const FIRST: i64 = THURSDAY + 11 * 3_600 + 20 * 60;

fn start_at(second: i64) -> Service {
    Service::start_at(Clock::set_at(second * 1000), &[])
}

fn daily() -> Value {
    json!([{"start": THURSDAY, "class_start": "11:20", "repeat": "daily"}])
}

#[tokio::test]
async fn a_course_shows_its_progress_at_any_moment() {
    let service = start_at(THURSDAY - DAY);
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    let course = partner.course(partner.organization(json!({})).await).await;
    partner.times(course, 2700, 3, daily()).await;
    let token_lasts = THURSDAY - DAY + DAY;
    for (second, finished, latest, state) in [
        (THURSDAY - DAY, 0, json!(FIRST), "notstart"),
        (FIRST - 601, 0, json!(FIRST), "notstart"),
        (FIRST - 600, 0, json!(FIRST), "starting"),
        (FIRST - 1, 0, json!(FIRST), "starting"),
        (FIRST, 0, json!(FIRST + DAY), "inprogress"),
        (FIRST + 2699, 0, json!(FIRST + DAY), "inprogress"),
        (FIRST + 2700, 1, json!(FIRST + DAY), "notstart"),
        (FIRST + DAY - 600, 1, json!(FIRST + DAY), "starting"),
        (FIRST + 2 * DAY + 2699, 2, json!(null), "inprogress"),
        (FIRST + 2 * DAY + 2700, 3, json!(null), "finish"),
        (FIRST + 90 * DAY, 3, json!(null), "finish"),
    ] {
        service.clock.set(second * 1000);
        let partner = if second < token_lasts { &partner } else { &again(&service, &partner).await };
        let info = partner.info(course).await;
        let published = (&info["finished_classes"], &info["latest_class_time"], &info["state"], &info["total_classes"]);
        assert_eq!(published, (&json!(finished), &latest, &json!(state), &json!(3)), "at {second}");
    }
}

/// The same channel with a new token.
async fn again<'a>(service: &'a Service, partner: &Partner<'a>) -> Partner<'a> {
    let token = super::partner::log_in(service, "192321213", super::partner::PASSWORD).await;
    Partner { service, user_id: partner.user_id, token: token["token"].as_str().unwrap().to_owned() }
}

#[tokio::test]
async fn a_schedule_that_is_all_past_has_its_lessons_finished() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let course = partner.course(partner.organization(json!({})).await).await;
    let weekly = json!([{"start": THURSDAY, "class_start": "11:20", "repeat": "weekly", "points": [3, 4, 5]}]);
    partner.times(course, 2700, 22, weekly).await;
    let info = partner.info(course).await;
    let published =
        ["total_classes", "finished_classes", "latest_class_time", "state", "end"].map(|name| info[name].clone());
    assert_eq!(published, [json!(65), json!(65), json!(null), json!("finish"), json!(1_564_113_900)]);
    // Lessons that did not begin are dropped: the new schedule has its own.
    partner.times(course, 2700, 0, json!([{"start": THURSDAY, "class_start": "11:20", "repeat": "none"}])).await;
    assert_eq!(partner.info(course).await["total_classes"], 1);
    assert_eq!(enterprise.ok("class/list", json!({"class_status": ["will", "ing"]})).await["total"], 0);
}

#[tokio::test]
async fn what_was_not_given_is_as_the_document_leaves_it() {
    let service = start_at(THURSDAY - DAY);
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    let course = partner.course(partner.organization(json!({})).await).await;
    let info = partner.info(course).await;
    let published = ["start", "end", "times", "state", "live_hls", "total_classes"].map(|name| info[name].clone());
    assert_eq!(published, [json!(null), json!(null), json!([]), json!("notstart"), json!(""), json!(0)]);
    // Without a period it repeats for one week or one day.
    let path = format!("/api/course/{course}/times");
    let time = json!({"start": "2019-02-28", "class_start": "9:05", "repeat": "weekly", "point": ["4", 5]});
    partner.put(&path, json!({"duration": "2700", "times": [time]})).await;
    let info = partner.info(course).await;
    assert_eq!((&info["total_classes"], &info["period"]), (&json!(2), &json!(0)));
    let time = &info["times"][0];
    assert_eq!((&time["start"], &time["points"]), (&json!(THURSDAY), &json!([4, 5])));
    assert_eq!((&time["class_start"], &time["class_end"]), (&json!("09:05"), &json!("09:50")));
    partner.put(&path, json!({"duration": 2700, "times": daily()})).await;
    assert_eq!(partner.info(course).await["total_classes"], 1);
}

#[tokio::test]
async fn times_that_can_t_be_are_refused_and_change_nothing() {
    let service = start_at(THURSDAY - DAY);
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    let course = partner.course(partner.organization(json!({})).await).await;
    partner.times(course, 2700, 3, daily()).await;
    let before = partner.info(course).await;
    let time = |change: Value| {
        let mut time = json!({"start": THURSDAY, "class_start": "11:20", "repeat": "weekly", "points": [3]});
        time.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        json!({"duration": 2700, "period": 2, "times": [time]})
    };
    let mut bodies = vec![
        json!({}),
        json!({"duration": 2700}),
        json!({"duration": 2700, "times": []}),
        json!({"duration": 0, "times": daily()}),
        json!({"duration": 86_401, "times": daily()}),
        json!({"duration": 2700, "times": daily(), "period": 1001}),
        json!({"duration": 2700, "times": daily(), "period": -1}),
        json!({"duration": 2700, "times": daily(), "period": i64::MAX}),
        json!({"duration": 2700, "times": vec![daily()[0].clone(); 51]}),
    ];
    for change in [
        json!({"points": []}),
        json!({"points": null}),
        json!({"points": [0]}),
        json!({"points": [8]}),
        json!({"class_start": "24:00"}),
        json!({"class_start": "noon"}),
        json!({"class_start": 1120}),
        json!({"repeat": "monthly"}),
        json!({"start": "yesterday"}),
        json!({"start": -1}),
        json!({"start": null}),
    ] {
        bodies.push(time(change));
    }
    for body in bodies {
        partner.refused(400, Method::PUT, &format!("/api/course/{course}/times"), body).await;
    }
    assert_eq!(partner.info(course).await, before);
}

#[tokio::test]
async fn a_list_shows_what_is_not_over_unless_a_span_is_given() {
    let service = start_at(THURSDAY - DAY);
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    let (one, other) = (partner.organization(json!({})).await, partner.organization(json!({})).await);
    let at = |days: i64| json!([{"start": THURSDAY + days * DAY, "class_start": "11:20", "repeat": "none"}]);
    let (early, late, unplanned) = (partner.course(one).await, partner.course(other).await, partner.course(one).await);
    partner.times(early, 2700, 0, at(0)).await;
    partner.times(late, 2700, 0, at(10)).await;
    let shown = async |query: String| -> Vec<i64> {
        let items = partner.get(&format!("/api/courses?{query}")).await["items"].clone();
        items.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(shown(String::new()).await, [early, late, unplanned]);
    assert_eq!(shown("limit=1&offset=1".into()).await, [late]);
    assert_eq!(shown("limit=1000&offset=2&start=&end=".into()).await, [unplanned]);
    assert_eq!(shown(format!("organization_id={one}")).await, [early, unplanned]);
    assert_eq!(shown(format!("start={}", THURSDAY + DAY)).await, [late]);
    assert_eq!(shown(format!("end={}", THURSDAY + DAY)).await, [early]);
    assert_eq!(shown(format!("start={}&end={}", THURSDAY + DAY, THURSDAY + 2 * DAY)).await, [0; 0]);
    // The range includes the end of the last lesson.
    assert_eq!(shown(format!("start={}&end={}", FIRST + 2700, FIRST + 2700)).await, [early]);
    for query in ["limit=0", "limit=x", "offset=-1", "start=x", "end=-1", "start=2&end=1", "organization_id=x"] {
        partner.refused(400, Method::GET, &format!("/api/courses?{query}"), json!({})).await;
    }
    service.clock.set((FIRST + 2700) * 1000);
    let partner = again(&service, &partner).await;
    let items = partner.get("/api/courses").await["items"].clone();
    let ids: Vec<&Value> = items.as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, [&json!(late), &json!(unplanned)]);
}

#[tokio::test]
async fn the_start_of_a_time_names_a_day_at_any_hour_of_it() {
    let service = start_at(THURSDAY - DAY);
    let partner = Partner::of(&service.enterprise().await, "192321213").await;
    let organization = partner.organization(json!({})).await;
    for hour in [0, 7, 8, 11, 12, 16, 23] {
        let course = partner.course(organization).await;
        let start = THURSDAY + hour * 3_600 + 59 * 60 + 59;
        let times = json!([{"start": start, "class_start": "11:20", "repeat": "daily"}]);
        partner.times(course, 2700, 2, times).await;
        let info = partner.info(course).await;
        let published = ["start", "end", "latest_class_time", "total_classes"].map(|name| info[name].clone());
        let expected = [json!(THURSDAY), json!(FIRST + DAY + 2700), json!(FIRST), json!(2)];
        assert_eq!(published, expected, "at {hour} hours");
        // A span that has only the first lesson has the course.
        let span = format!("/api/courses?start={FIRST}&end={FIRST}");
        let items = partner.get(&span).await["items"].clone();
        let ids: Vec<&Value> = items.as_array().unwrap().iter().map(|row| &row["id"]).collect();
        assert!(ids.contains(&&json!(course)), "at {hour} hours: {items}");
    }
}

#[tokio::test]
async fn a_list_shows_what_goes_on_beyond_its_time_and_not_what_is_over() {
    let service = start_at(THURSDAY);
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let [overruns, ended, planned] =
        [partner.course(organization).await, partner.course(organization).await, partner.course(organization).await];
    let once = || json!([{"start": THURSDAY, "class_start": "11:20", "repeat": "none"}]);
    for course in [overruns, ended, planned] {
        partner.times(course, 2700, 0, once()).await;
    }
    let (user_id, member_id) = partner.member(organization, "teacher", "13500000000").await;
    partner.put(&format!("/api/course/{overruns}/members/{member_id}"), json!({"role": "teacher"})).await;
    let classes = enterprise.ok("class/list", json!({})).await["list"].clone();
    // The newest is first.
    let class_of = |nth: usize| json!({"class_id": classes[2 - nth]["class_id"]});
    service.clock.set(FIRST * 1000);
    for nth in [0, 1] {
        enterprise.ok("class/start", class_of(nth)).await;
    }
    // An empty lesson would end by itself when it is over.
    let mut joining = class_of(0);
    joining["user_id"] = user_id.to_string().into();
    enterprise.ok("member/join", joining).await;
    service.pass(600);
    enterprise.ok("class/stop", class_of(1)).await;
    let listed = async || -> Vec<i64> {
        let items = partner.get("/api/courses").await["items"].clone();
        items.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
    };
    // Its only lesson was ended early.
    assert_eq!(partner.info(ended).await["state"], "finish");
    assert_eq!(listed().await, [overruns, planned]);
    service.clock.set((FIRST + 2700) * 1000);
    assert_eq!(partner.info(overruns).await["state"], "inprogress");
    assert_eq!(listed().await, [overruns]);
    enterprise.ok("class/stop", class_of(0)).await;
    assert_eq!(listed().await, [0; 0]);
}
