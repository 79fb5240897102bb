//! Attendance: exact to the second, and the same during a class, after it, and after a restart.

use serde_json::{Value, json};

use crate::support::service::{BEGIN, Enterprise, Service};

const HOUR: i64 = 3600;

impl Enterprise<'_> {
    async fn attendance(&self, class_id: i64) -> Vec<Value> {
        let answer = self.ok("class/attendance", json!({"class_id": class_id})).await;
        let rows = answer["list"].as_array().unwrap().clone();
        assert_eq!((&answer["total"], &answer["finish"]), (&json!(rows.len()), &json!(true)));
        rows
    }

    pub async fn csv(&self, body: Value) -> String {
        let response = self.service.http.post(self.signed("class/attendance/csv")).body(body.to_string()).send().await;
        let response = response.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
        let disposition = response.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert_eq!(disposition, format!("attachment; filename=\"attendance-{}.csv\"", body["class_id"]));
        String::from_utf8(response.bytes().await.unwrap().to_vec()).unwrap()
    }

    pub async fn come(&self, class_id: i64, user_id: &str) {
        self.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await;
    }

    pub async fn go(&self, class_id: i64, user_id: &str) {
        self.ok("member/quit", json!({"class_id": class_id, "user_id": user_id})).await;
    }
}

fn of<'a>(rows: &'a [Value], user_id: &str) -> &'a Value {
    rows.iter().find(|row| row["user_id"] == user_id).unwrap()
}

/// Present, late and left early, in seconds.
fn times(row: &Value) -> [i64; 3] {
    ["present_seconds", "late_seconds", "left_early_seconds"].map(|name| row[name].as_i64().unwrap())
}

/// The sessions, in seconds from the beginning of the test, with their end reasons.
fn sessions(row: &Value) -> Vec<(i64, i64, String)> {
    let of_session = |session: &Value| {
        let quit = session["quit_time"].as_i64().unwrap();
        let reason = session["quit_reason"].as_str().unwrap().to_owned();
        (session["enter_time"].as_i64().unwrap() - BEGIN, if quit == 0 { 0 } else { quit - BEGIN }, reason)
    };
    row["stay_list"].as_array().unwrap().iter().map(of_session).collect()
}

/// A class from second 600 to second 4200 of the test, as planned. One student is on time, one is late, one loses the connection
/// twice, one is kicked, one never joins, and a visitor joins briefly. This ends at second 3600, before the class ends.
pub async fn taught(enterprise: &Enterprise<'_>) -> i64 {
    let service = enterprise.service;
    let people = ["on_time", "late", "drops", "kicked", "absent"];
    enterprise.students(&people).await;
    enterprise.ok("user/register", json!({"list": [{"user_id": "teacher_1", "role": "teacher"}]})).await;
    let members: Vec<Value> = people.iter().map(|id| json!({"user_id": id, "role": "student"})).collect();
    let start = BEGIN + 600;
    let fields = json!({"members": members, "start_time": start, "stop_time": start + HOUR});
    let class_id = enterprise.class(fields).await;
    service.pass(500);
    for user_id in ["teacher_1", "on_time", "drops"] {
        enterprise.come(class_id, user_id).await;
    }
    service.pass(100);
    enterprise.ok("class/start", json!({"class_id": class_id})).await;
    enterprise.report(class_id, "on_time", "camera_open", Value::Null).await.unwrap();
    enterprise.report(class_id, "on_time", "hand_up", Value::Null).await.unwrap();
    enterprise.come(class_id, "kicked").await;
    service.pass(100); // 700
    enterprise.go(class_id, "drops").await;
    enterprise.report(class_id, "teacher_1", "reward", json!({"user_id": "on_time"})).await.unwrap();
    service.pass(20); // 720
    enterprise.come(class_id, "drops").await;
    enterprise.report(class_id, "drops", "mic_open", Value::Null).await.unwrap();
    service.pass(180); // 900
    enterprise.report(class_id, "teacher_1", "disable_camera", json!({"user_id": "on_time"})).await.unwrap();
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "late", "camera": 1})).await;
    enterprise.report(class_id, "teacher_1", "check_in", json!({"check_id": "c", "time_limit": 30})).await.unwrap();
    enterprise.report(class_id, "on_time", "check_in", Value::Null).await.unwrap();
    enterprise.launch(class_id, "teacher_1", "q", 30).await.unwrap();
    enterprise.answer(class_id, "on_time", "q", json!("A,B")).await.unwrap();
    enterprise.answer(class_id, "late", "q", json!("C")).await.unwrap();
    service.pass(100); // 1000
    // Without heartbeats the session of a visitor lasts a minute and a half.
    let visitor = enterprise.ok("member/visitor/join", json!({"class_id": class_id, "nickname": "=V"})).await;
    let visitor = visitor["visitor_info"]["user_id"].as_str().unwrap().to_owned();
    enterprise.go(class_id, "drops").await;
    enterprise.report(class_id, "teacher_1", "kick", json!({"user_id": "kicked"})).await.unwrap();
    service.pass(50); // 1050
    enterprise.come(class_id, "drops").await;
    enterprise.go(class_id, &visitor).await;
    service.pass(2550); // 3600
    enterprise.go(class_id, "late").await;
    class_id
}

#[tokio::test]
async fn attendance_is_exact_to_the_second_during_a_class_after_it_and_after_a_restart() {
    let mut service = Service::start();
    let (sdkappid, class_id, during, after) = {
        let enterprise = service.enterprise().await;
        let class_id = taught(&enterprise).await;
        let during = enterprise.attendance(class_id).await;
        assert_eq!(times(of(&during, "on_time")), [3000, 0, 0]);
        assert_eq!(times(of(&during, "late")), [2700, 300, 0]);
        assert_eq!(times(of(&during, "drops")), [100 + 280 + 2550, 0, 0]);
        assert_eq!(times(of(&during, "kicked")), [400, 0, 2600]);
        assert_eq!(times(of(&during, "absent")), [0, 0, 0]);
        assert_eq!(sessions(of(&during, "on_time")), [(500, 0, String::new())]);
        service.pass(600); // 4200
        enterprise.ok("class/stop", json!({"class_id": class_id})).await;
        (enterprise.sdkappid, class_id, during, enterprise.attendance(class_id).await)
    };
    let ids: Vec<&str> = after.iter().map(|row| row["user_id"].as_str().unwrap()).collect();
    assert_eq!(ids[..6], ["teacher_1", "on_time", "late", "drops", "kicked", "absent"]);
    let visitor = ids[6];
    assert!(visitor.starts_with("visitor_") && ids.len() == 7, "{ids:?}");

    assert_eq!(times(of(&after, "teacher_1")), [3600, 0, 0]);
    assert_eq!(times(of(&after, "on_time")), [3600, 0, 0]);
    assert_eq!(times(of(&after, "late")), [2700, 300, 600]);
    assert_eq!(times(of(&after, "drops")), [100 + 280 + 3150, 0, 0]);
    assert_eq!(times(of(&after, "kicked")), [400, 0, 3200]);
    assert_eq!(times(of(&after, "absent")), [0, 0, 0]);
    assert_eq!(times(of(&after, visitor)), [50, 400, 3150]);
    let session = |from: i64, until: i64, why: &str| (from, until, why.to_owned());
    let drops = [session(500, 700, "quit"), session(720, 1000, "quit"), session(1050, 4200, "class_ended")];
    assert_eq!(sessions(of(&after, "drops")), drops);
    assert_eq!(sessions(of(&after, "kicked")), [session(600, 1000, "kicked")]);
    assert_eq!(sessions(of(&after, visitor)), [session(1000, 1050, "quit")]);
    assert_eq!(sessions(of(&after, "absent")), []);

    let on_time = of(&after, "on_time");
    for (name, value) in [
        ("hand_ups", 1),
        ("rewards", 1),
        ("camera_seconds", 300),
        ("mic_seconds", 0),
        ("check_ins_answered", 1),
        ("check_ins", 1),
        ("questions_answered", 1),
        ("questions_right", 1),
        ("questions", 1),
    ] {
        assert_eq!(on_time[name], value, "{name}");
    }
    let late = of(&after, "late");
    assert_eq!((&late["camera_seconds"], &late["questions_right"]), (&json!(2700), &json!(0)));
    assert_eq!((&late["questions_answered"], &late["check_ins_answered"]), (&json!(1), &json!(0)));
    assert_eq!(of(&after, "drops")["mic_seconds"], 280);
    assert_eq!((&of(&after, visitor)["role"], &of(&after, visitor)["nickname"]), (&json!("visitor"), &json!("=V")));

    // The account of a visitor ends a day after the class, and the name with it.
    service.pass(80_000);
    let later = service.enterprise_with(sdkappid).await.attendance(class_id).await;
    assert_eq!(later, after);
    service.restart();
    let enterprise = service.enterprise_with(sdkappid).await;
    assert_eq!(enterprise.attendance(class_id).await, after);
    // A session that ended during the class is reported the same after the class.
    assert_eq!(sessions(of(&during, "kicked")), sessions(of(&after, "kicked")));
}

#[tokio::test]
async fn a_restart_during_a_class_changes_nothing() {
    let mut service = Service::start();
    let (sdkappid, class_id, before) = {
        let enterprise = service.enterprise().await;
        let class_id = taught(&enterprise).await;
        (enterprise.sdkappid, class_id, enterprise.attendance(class_id).await)
    };
    service.restart();
    assert_eq!(service.enterprise_with(sdkappid).await.attendance(class_id).await, before);
}

#[tokio::test]
async fn pages_by_index_and_by_cursor_have_each_person_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = taught(&enterprise).await;
    let all = enterprise.attendance(class_id).await;
    for size in [1, 2, 3, 5, 6, 7, 8] {
        let (mut by_index, mut by_cursor) = (Vec::new(), Vec::new());
        while by_index.len() < all.len() {
            let asked = json!({"class_id": class_id, "index": by_index.len(), "size": size});
            let page = enterprise.ok("class/attendance", asked).await;
            by_index.extend(page["list"].as_array().unwrap().clone());
            assert_eq!((&page["finish"], &page["total"]), (&json!(by_index.len() >= all.len()), &json!(all.len())));
        }
        let mut after = json!("");
        while !after.is_null() {
            let asked = json!({"class_id": class_id, "size": size, "after": after});
            let page = enterprise.ok("class/attendance", asked).await;
            by_cursor.extend(page["list"].as_array().unwrap().clone());
            after = page["next"].clone();
        }
        assert_eq!((&by_index, &by_cursor), (&all, &all), "{size}");
    }
    let beyond = enterprise.ok("class/attendance", json!({"class_id": class_id, "index": 100})).await;
    assert_eq!((&beyond["list"], &beyond["total"]), (&json!([]), &json!(all.len())));
}

#[tokio::test]
async fn a_class_that_has_not_begun_has_sessions_and_no_duration() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1"]).await;
    let class_id = enterprise.class(json!({})).await;
    enterprise.come(class_id, "s1").await;
    service.pass(100);
    let rows = enterprise.attendance(class_id).await;
    assert_eq!((times(of(&rows, "s1")), sessions(of(&rows, "s1"))), ([0, 0, 0], vec![(0, 0, String::new())]));
    // A reserved teacher who is not registered is listed by id.
    assert_eq!((&rows[0]["user_id"], &rows[0]["nickname"]), (&json!("teacher_1"), &json!("teacher_1")));
}
