//! Deleting users, and setting their passwords: what ends, and what is kept.

use reqwest::Method;
use serde_json::{Value, json};

use crate::im::app::AppState;
use crate::niuclass::partner::Partner;
use crate::support::calls::everything;
use crate::support::component::Component;
use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Enterprise, Service};
use crate::support::webhooks;

/// Calls Suixinbo.
async fn room_call(enterprise: &Enterprise<'_>, svc: &str, cmd: &str, mut fields: Value) -> Value {
    fields["appid"] = enterprise.sdkappid.into();
    fields["timeStamp"] = 1.into();
    let url = format!("{}/index.php?svc={svc}&cmd={cmd}", enterprise.service.url);
    enterprise.service.http.post(url).body(fields.to_string()).send().await.unwrap().json().await.unwrap()
}

/// The ids in a list.
fn ids(answer: &Value, list: &str) -> Vec<String> {
    answer[list].as_array().unwrap().iter().map(|row| row["user_id"].as_str().unwrap().to_owned()).collect()
}

/// A school where `li` attended one class, is inside another, and is reserved for a third.
struct School<'a> {
    enterprise: Enterprise<'a>,
    over: i64,
    going_on: i64,
    planned: i64,
    li: Component<'a>,
}

impl<'a> School<'a> {
    async fn of(enterprise: Enterprise<'a>) -> Self {
        let li = Component::register(&enterprise, "li", "student").await;
        let stop_time = BEGIN + 1_000_000;
        let members = json!([{"user_id": "li", "role": "student"}, {"user_id": "pupil", "role": "student"}]);
        let fields = || json!({"class_type": "1vN", "stop_time": stop_time, "members": members});
        let (over, going_on) = (enterprise.class(fields()).await, enterprise.class(fields()).await);
        let mut assisted = fields();
        assisted["assistant_id"] = "li".into();
        let planned = enterprise.class(assisted).await;
        for class_id in [over, going_on] {
            enterprise.ok("class/start", json!({ "class_id": class_id })).await;
            li.ok("member/join", json!({ "class_id": class_id })).await;
            enterprise.service.pass(10);
            if class_id == over {
                enterprise.ok("class/stop", json!({ "class_id": class_id })).await;
            }
        }
        Self { enterprise, over, going_on, planned, li }
    }
}

#[tokio::test]
async fn a_deleted_user_is_out_everywhere_and_was_where_they_were() {
    let (service, receiver, others) = (webhooks::start(&[]), Receiver::start(), Receiver::start());
    let school = School::of(webhooks::subscribed(&service, &receiver.url).await).await;
    let other = School::of(webhooks::subscribed(&service, &others.url).await).await;
    let enterprise = &school.enterprise;
    let password = json!({"user_id": "li", "password": "secret"});
    enterprise.ok("user/profile/modify", password).await;
    let login = json!({"id": "li", "pwd": "secret"});
    let signed_in = room_call(enterprise, "account", "login", login.clone()).await;
    let room_token = signed_in["data"]["token"].as_str().unwrap().to_owned();
    let app = AppState::of(enterprise).await;
    let group = app.group(json!({"organization_id": 0, "member_client_ids": ["li", "pupil"]})).await;
    let elsewhere = AppState::of(&other.enterprise).await;
    let theirs = elsewhere.group(json!({"organization_id": 0, "member_client_ids": ["li", "pupil"]})).await;
    let (going_on, over, planned) = (school.going_on, school.over, school.planned);
    webhooks::wait_for(&other.enterprise, json!({}), |rows| rows.iter().all(|row| row["state"] == "delivered")).await;
    service.pass(5);
    let before = everything(&other.enterprise).await;

    enterprise.ok("user/delete", json!({"user_id": "li"})).await;
    enterprise.refused("user/delete", json!({"user_id": "li"}), 10215).await;

    // Every protocol treats them as unknown.
    enterprise.refused("user/info", json!({"user_id": "li"}), 10215).await;
    enterprise.refused("user/profile/modify", json!({"user_id": "li"}), 10215).await;
    enterprise.refused("member/join", json!({"class_id": going_on, "user_id": "li"}), 10215).await;
    school.li.refused("user/info", json!({}), 10216).await;
    school.li.refused("member/join", json!({ "class_id": going_on }), 10216).await;
    school.li.refused("user/login", json!({"userid": "li", "password": "secret"}), 10218).await;
    assert_eq!(room_call(enterprise, "account", "login", login).await["errorCode"], 10006);
    let list = json!({"token": room_token, "index": 0, "size": 1});
    assert_eq!(room_call(enterprise, "live", "roomlist", list).await["errorCode"], 10009);
    assert_eq!(ids(&enterprise.ok("user/list", json!({})).await, "list"), ["pupil"]);
    assert_eq!(enterprise.ok("user/list", json!({})).await["total"], 1);
    assert_eq!(app.members(group).await, ["pupil"]);

    // Out of what goes on and of what is to come.
    let inside = enterprise.ok("member/runtime/list", json!({ "class_id": going_on })).await;
    assert_eq!(inside["total"], 0, "{inside}");
    let quits =
        receiver.wait_until("two who left", |all| all.iter().filter(|r| r.event() == "quit_class").count() == 2);
    let quit = quits.await.iter().rev().find(|request| request.event() == "quit_class").unwrap().body["data"].clone();
    assert_eq!((&quit["user_id"], &quit["class_id"]), (&json!("li"), &json!(going_on)), "{quit}");
    assert_eq!(quit["quit_time"], service.now(), "{quit}");
    for (class_id, members, assistant) in
        [(going_on, vec!["teacher_1", "pupil"], ""), (planned, vec!["teacher_1", "pupil"], "")]
    {
        let info = enterprise.ok("class/info", json!({ "class_id": class_id })).await;
        assert_eq!(ids(&info, "members"), members, "{info}");
        assert_eq!(info["assistant_id"], assistant, "{info}");
    }

    // Past data is kept, under the id.
    let info = enterprise.ok("class/info", json!({ "class_id": over })).await;
    assert_eq!(ids(&info, "members"), ["teacher_1", "li", "pupil"]);
    for (class_id, reason, seconds) in [(over, "class_ended", 10), (going_on, "deleted", 35)] {
        let attendance = enterprise.ok("class/attendance", json!({ "class_id": class_id })).await;
        let row = attendance["list"].as_array().unwrap().iter().find(|row| row["user_id"] == "li").unwrap();
        assert_eq!((&row["nickname"], &row["present_seconds"]), (&json!("li"), &json!(seconds)), "{row}");
        assert_eq!(row["stay_list"][0]["quit_reason"], reason, "{row}");
        let history = enterprise.ok("member/history/list", json!({ "class_id": class_id })).await;
        assert_eq!((&history["total"], ids(&history, "list")), (&json!(1), vec!["li".to_owned()]), "{history}");
    }

    // Nothing of another tenant is touched.
    assert_eq!(everything(&other.enterprise).await, before);
    other.li.ok("user/info", json!({})).await;
    assert_eq!(elsewhere.members(theirs).await, ["li", "pupil"]);

    // Nobody takes the id but the school.
    let regist = json!({"id": "li", "pwd": "x", "role": 0});
    assert_eq!(room_call(enterprise, "account", "regist", regist).await["errorCode"], 10004);
    enterprise.students(&["li"]).await;
    enterprise.refused("member/join", json!({"class_id": going_on, "user_id": "li"}), 10226).await;
}

#[tokio::test]
async fn a_teacher_is_kept_while_classes_need_them() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list = json!({"list": [{"user_id": "wang", "role": "teacher"}]});
    enterprise.ok("user/register", list).await;
    let mut class_ids = Vec::new();
    for _ in 0..3 {
        class_ids.push(enterprise.class(json!({"teacher_id": "wang"})).await);
    }
    let [planned, going_on, over] = class_ids[..] else { unreachable!() };
    for class_id in [going_on, over] {
        enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    }
    enterprise.ok("class/stop", json!({ "class_id": over })).await;
    let message = enterprise.refused("user/delete", json!({"user_id": "wang"}), 10203).await;
    assert!(message.contains(&format!("{planned}, {going_on};")), "{message}");
    assert!(!message.contains(&over.to_string()), "{message}");
    enterprise.ok("user/info", json!({"user_id": "wang"})).await;
    let info = enterprise.ok("class/info", json!({ "class_id": planned })).await;
    assert_eq!(ids(&info, "members"), ["wang"]);

    enterprise.ok("class/modify", json!({"class_id": planned, "teacher_id": "zhao"})).await;
    enterprise.ok("class/stop", json!({ "class_id": going_on })).await;
    enterprise.ok("user/delete", json!({"user_id": "wang"})).await;
    let info = enterprise.ok("class/info", json!({ "class_id": over })).await;
    assert_eq!(info["teacher_id"], "wang");
}

#[tokio::test]
async fn the_rooms_that_somebody_opened_go_with_the_account() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for (id, role) in [("outsider", 1), ("pupil", 0)] {
        room_call(&enterprise, "account", "regist", json!({"id": id, "pwd": "x", "role": role})).await;
    }
    let sign_in = async |id: &str| {
        let data = room_call(&enterprise, "account", "login", json!({"id": id, "pwd": "x"})).await;
        data["data"]["token"].clone()
    };
    let (outsider, pupil) = (sign_in("outsider").await, sign_in("pupil").await);
    let open = async || {
        let made = room_call(&enterprise, "live", "create", json!({"token": outsider, "title": "x"})).await;
        made["data"]["roomnum"].as_i64().unwrap()
    };
    let (waiting, going_on) = (open().await, open().await);
    let begun = json!({"token": outsider, "roomnum": going_on});
    assert_eq!(room_call(&enterprise, "live", "startcourse", begun).await["errorCode"], 0);
    let enters = json!({"token": pupil, "roomnum": going_on, "operate": 0});
    assert_eq!(room_call(&enterprise, "live", "reportmemid", enters).await["errorCode"], 0);
    service.pass(10);
    enterprise.ok("user/delete", json!({"user_id": "outsider"})).await;
    enterprise.refused("class/info", json!({ "class_id": waiting }), 10230).await;
    let info = enterprise.ok("class/info", json!({ "class_id": going_on })).await;
    assert_eq!(info["class_status"], "end");
    let attendance = enterprise.ok("class/attendance", json!({ "class_id": going_on })).await;
    let reasons: Vec<_> = attendance["list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["user_id"], &row["stay_list"][0]["quit_reason"]))
        .collect();
    assert_eq!(json!(reasons), json!([["outsider", "deleted"], ["pupil", "class_ended"]]));
}

#[tokio::test]
async fn a_deleted_member_leaves_the_organization_and_its_courses() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let course = partner.course(organization).await;
    let mut users = Vec::new();
    for (role, mobile) in [("teacher", "13800000001"), ("teacher", "13800000002"), ("student", "13800000003")] {
        let (user, member) = partner.member(organization, role, mobile).await;
        partner.put(&format!("/api/course/{course}/members/{member}"), json!({ "role": role })).await;
        users.push(user.to_string());
    }
    let start = service.now() + 86_400;
    partner.times(course, 3_600, 0, json!([{"start": start, "class_start": "08:00", "repeat": "none"}])).await;
    let classes = enterprise.ok("class/list", json!({})).await;
    let lesson = classes["list"][0]["class_id"].as_i64().unwrap();
    let teacher = async || {
        let info = enterprise.ok("class/info", json!({ "class_id": lesson })).await;
        (info["teacher_id"].as_str().unwrap().to_owned(), ids(&info, "members"))
    };
    assert_eq!(teacher().await, (users[0].clone(), users.clone()));
    // The lesson to come passes to the next teacher of the course.
    enterprise.ok("user/delete", json!({"user_id": users[0]})).await;
    assert_eq!(teacher().await, (users[1].clone(), users[1..].to_vec()));
    enterprise.ok("user/delete", json!({"user_id": users[2]})).await;
    assert_eq!(teacher().await, (users[1].clone(), users[1..2].to_vec()));
    let rename = |user: &str| json!({"user_id": user, "name": "n"});
    partner.refused(404, Method::PUT, "/api/user/profile", rename(&users[0])).await;
    partner.put("/api/user/profile", rename(&users[1])).await;
    // A channel needs its account.
    let account = partner.user_id.to_string();
    let message = enterprise.refused("user/delete", json!({ "user_id": account }), 10203).await;
    assert!(message.contains("channel"), "{message}");
    partner.get("/api/courses").await;
}

#[tokio::test]
async fn a_new_password_ends_every_token_that_somebody_signed_in_with() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let other = service.enterprise().await;
    let stranger = Component::register(&other, "li", "student").await;
    let registered = enterprise
        .ok("user/register", json!({"list": [{"user_id": "li", "role": "student", "password": "before"}]}))
        .await;
    let user_token = registered["user_list"][0]["user_token"].as_str().unwrap();
    let page = Component::of(&enterprise, "li", "");
    let sign_in = async |password: &str| {
        let signed_in = page.ok("user/login", json!({"userid": "li", "password": password})).await;
        Component::of(&enterprise, "li", signed_in["token"].as_str().unwrap())
    };
    let (one, two) = (sign_in("before").await, sign_in("before").await);
    let sets = json!({"user_id": "li", "nickname": "Li", "password": "after!"});
    enterprise.ok("user/profile/modify", sets).await;
    for ended in [&one, &two] {
        ended.refused("user/info", json!({}), 10216).await;
    }
    page.refused("user/login", json!({"userid": "li", "password": "before"}), 10218).await;
    let info = sign_in("after!").await.ok("user/info", json!({})).await;
    assert_eq!(info["user_info"]["nickname"], "Li");
    // The token that the back end got is its own, and valid until it renews it.
    Component::of(&enterprise, "li", user_token).ok("user/info", json!({})).await;
    stranger.ok("user/info", json!({})).await;
    for wrong in [json!("abc"), json!(""), json!("1234567890123456789"), json!(7)] {
        let message =
            enterprise.refused("user/profile/modify", json!({"user_id": "li", "password": wrong}), 10003).await;
        assert!(message.contains("password"), "{message}");
    }
    enterprise.refused("user/profile/modify", json!({"user_id": "nobody", "password": "after!"}), 10215).await;
    sign_in("after!").await;
}
