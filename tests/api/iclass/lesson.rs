//! A lesson in the published web classroom: its calls in its own forms, from signing in to the end of the class, and the
//! messages that another page gets.

use serde_json::{Value, json};

use super::chat::{code, fields, hosted};
use super::commands::{content, control, messages};
use crate::support::component::Component;
use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Enterprise, Service};

const PASSWORD: &str = "chalk-and-talk";

/// A page in the classroom.
struct Page<'a> {
    component: Component<'a>,
    user_sig: String,
    class_id: i64,
}

impl<'a> Page<'a> {
    /// The page learns the enterprise from its address, then its user signs in.
    async fn sign_in(enterprise: &Enterprise<'a>, user_id: &str, class_id: i64) -> Self {
        let mut component = Component::of_nobody(enterprise.service);
        let base = component.ok("business/base/info", json!({"enterprise_id": enterprise.enterprise_id})).await;
        component.sdkappid = base["sdkappid"].as_i64().unwrap();
        let login = json!({"userid": user_id, "password": PASSWORD});
        let signed_in = component.ok("user/login", login).await;
        component.user_id = signed_in["user_id"].as_str().unwrap().into();
        component.token = signed_in["token"].as_str().unwrap().into();
        component.ok("user/info", json!({"user_id": user_id})).await;
        Self { component, user_sig: signed_in["user_sig"].as_str().unwrap().into(), class_id }
    }

    /// Makes a call about the class.
    async fn call(&self, call: &str, mut body: Value) -> Value {
        body["class_id"] = self.class_id.into();
        self.component.ok(call, body).await
    }

    async fn report(&self, event: &str, data: Value) {
        let mut body = json!({ "event": event });
        if !data.is_null() {
            body["data"] = data;
        }
        self.call("report/event", body).await;
    }

    /// Enters, and reports the states that it has from now on.
    async fn enter(&self) {
        let info = self.call("class/info", json!({})).await;
        assert_eq!(info["class_id"], self.class_id);
        let joined = self.call("member/join", json!({"password": ""})).await;
        let silent = joined["history_silence"] == 1;
        self.report(if silent { "slience" } else { "del_slience" }, Value::Null).await;
        self.report("disable_draw", Value::Null).await;
        self.report("mic_close", Value::Null).await;
        self.report("camera_close", Value::Null).await;
    }

    /// Sends the list of heartbeats, of which only the second is one of a class.
    async fn beat(&self) {
        let Self { component: Component { service, sdkappid, user_id, token, .. }, user_sig, class_id } = self;
        let url = format!(
            "{}/v4/ilvb_edu/report_heartbeat?sdkappid={sdkappid}&usersig={user_sig}&identifier={user_id}\
             &contenttype=json&random=1",
            service.url
        );
        let own = json!({"user_id": user_id, "class_id": class_id, "token": token, "class_video_type": 0,
            "resolution": "640x480"});
        let body = json!({"HeartbeatList": [{"CustomData": {}}, {"CustomData": own}]}).to_string();
        let answer: Value = service.http.post(url).body(body).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer, json!({"Response": {"IntervalTime": 30}}), "{user_id}");
    }

    /// The states of a person, as the page of the teacher polls them.
    async fn status(&self, user_id: &str) -> Value {
        let list = self.call("member/runtime/list", json!({"index": 0, "size": 100})).await;
        let rows = list["list"].as_array().unwrap();
        rows.iter().find(|row| row["user_id"] == user_id).unwrap()["status"].clone()
    }
}

/// The three pages of a lesson: Wu teaches, Li and Wang are pupils.
struct Lesson<'a> {
    service: &'a Service,
    wu: Page<'a>,
    li: Page<'a>,
    wang: Page<'a>,
}

impl<'a> Lesson<'a> {
    /// Registers the people, creates the class with these fields, and signs everybody in.
    async fn of(enterprise: &Enterprise<'a>, mut class: Value) -> Self {
        let person = |user_id: &str, role: &str| json!({"user_id": user_id, "role": role, "password": PASSWORD});
        let list = json!([person("wu", "teacher"), person("li", "student"), person("wang", "student")]);
        enterprise.ok("user/register", json!({ "list": list })).await;
        class["teacher_id"] = "wu".into();
        class["class_type"] = "1vN".into();
        class["start_time"] = BEGIN.into();
        class["stop_time"] = (BEGIN + 2700).into();
        class["members"] = json!(["li", "wang"].map(|user_id| json!({"user_id": user_id, "role": "student"})));
        let class_id = enterprise.class(class).await;
        let page = async |user_id: &str| Page::sign_in(enterprise, user_id, class_id).await;
        Self { service: enterprise.service, wu: page("wu").await, li: page("li").await, wang: page("wang").await }
    }

    /// Plays the lesson. Returns the control messages that every page must get.
    async fn play(&self) -> Vec<Value> {
        let Self { wu, li, wang, .. } = self;
        let mut said = Vec::new();
        for page in [wu, li, wang] {
            page.enter().await;
        }
        wu.call("class/start", json!({})).await;
        self.goes_on_for_three_minutes().await;
        said.extend(self.stage().await);
        self.silence_and_drawing().await;
        said.extend(self.check_in().await);
        said.extend(self.question().await);
        wu.report("apply", json!({"user_id": "li", "operate": "mic", "enable": 0})).await;
        let info = wang.call("class/info", json!({})).await;
        assert_eq!(
            (&info["class_status"], &info["duration_time"]),
            (&json!("ing"), &json!(self.service.now() - BEGIN))
        );
        wu.call("class/stop", json!({})).await;
        let over = wang.call("class/info", json!({})).await;
        assert_eq!((&over["class_status"], &over["duration_time"]), (&json!("end"), &info["duration_time"]));
        said
    }

    async fn goes_on_for_three_minutes(&self) {
        for _ in 0..6 {
            self.service.pass(30);
            for page in [&self.wu, &self.li, &self.wang] {
                page.beat().await;
            }
            let inside = self.wu.call("member/runtime/list", json!({"index": 0, "size": 100})).await;
            assert_eq!(inside["total"], 3);
        }
    }

    async fn stage(&self) -> Vec<Value> {
        let Self { wu, li, .. } = self;
        let devices = |camera: i64, mic: i64| {
            let people = json!([{"user_id": "li", "camera": camera, "mic": mic}]);
            control("wu", "teacher", json!({"action": "change_member_permission", "objectId": people}))
        };
        let hand = |action: &str| control("li", "student", json!({"action": action, "user_id": "li"}));
        li.report("hand_up", Value::Null).await;
        assert_eq!(wu.status("li").await["hand_up"], 1);
        wu.report("PermissionControl", json!({"enable": 1, "rights": [""], "objectId": ["li"]})).await;
        assert_eq!(wu.status("li").await["hand_up"], 0);
        wu.report("PermissionControl", json!({"enable": 1, "rights": ["camera", "mic"], "objectId": ["li"]})).await;
        // The page of Li obeys.
        li.report("camera_open", Value::Null).await;
        li.report("mic_open", Value::Null).await;
        let status = wu.status("li").await;
        assert_eq!((&status["camera"], &status["mic"]), (&json!(1), &json!(1)));
        wu.report("PermissionControl", json!({"enable": 0, "rights": ["camera"], "user_id": "li"})).await;
        li.report("camera_close", Value::Null).await;
        let status = wu.status("li").await;
        assert_eq!((&status["camera"], &status["mic"]), (&json!(0), &json!(1)));
        li.report("hand_up", Value::Null).await;
        li.report("hand_down", Value::Null).await;
        let answered = [hand("hand_up"), hand("hand_down"), devices(0, 0)];
        let staged = [devices(1, 1), devices(0, 1), hand("hand_up"), hand("hand_down")];
        answered.into_iter().chain(staged).collect()
    }

    async fn silence_and_drawing(&self) {
        let Self { wu, li, .. } = self;
        for (event, state, value) in [
            ("slience", "silence", 1),
            ("enable_draw", "enable_draw", 1),
            ("disable_draw", "enable_draw", 0),
            ("del_slience", "silence", 0),
        ] {
            li.report(event, Value::Null).await;
            assert_eq!(wu.status("li").await[state], value, "{event}");
        }
        wu.report("all_silence", Value::Null).await;
        li.report("slience", Value::Null).await;
        assert_eq!(wu.status("li").await["silence"], 1);
        wu.report("del_all_silence", Value::Null).await;
        li.report("del_slience", Value::Null).await;
        assert_eq!(wu.status("li").await["silence"], 0);
    }

    async fn check_in(&self) -> Vec<Value> {
        let Self { service, wu, li, wang } = self;
        let check_id = format!("{}_{}", wu.class_id, service.clock.now());
        let start_time = service.now();
        wu.report("apply_check_in", json!({ "check_id": check_id })).await;
        assert_eq!(wang.call("class/info", json!({})).await["current_check_in_id"], check_id);
        let info = li.call("checkIn/info", json!({ "check_id": check_id })).await;
        assert_eq!(info["start_time"], start_time);
        li.report("check_in", json!({"check_id": check_id, "user_id": "li"})).await;
        let result = wu.call("checkIn/result", json!({ "check_id": check_id })).await;
        let rows = result["member_detail"].as_array().unwrap();
        let states: Vec<_> = rows.iter().map(|row| (row["user_id"].as_str().unwrap(), &row["check_state"])).collect();
        assert_eq!(states, [("li", &json!(1)), ("wang", &json!(0))]);
        assert_eq!((&result["all_number"], &result["check_in_number"]), (&json!(2), &json!(1)));
        wu.report("cancel_check_in", json!({ "check_id": check_id })).await;
        assert_eq!(wang.call("class/info", json!({})).await["current_check_in_id"], "");
        let shown = json!({"action": "show_check_in", "check_id": check_id, "start_time": start_time, "time_limit": 0});
        let hidden = json!({"action": "hide_check_in", "check_id": check_id});
        vec![control("wu", "teacher", shown), control("wu", "teacher", hidden)]
    }

    async fn question(&self) -> Vec<Value> {
        let Self { service, wu, li, wang } = self;
        let question_id = format!("{}_{}", wu.class_id, service.clock.now());
        let start_time = service.now();
        let launch = json!({"question_id": question_id, "options": ["A", "B", "C", "D"], "correct_answer": ["B", "C"],
            "limit_time": null});
        wu.call("question/launch", launch).await;
        assert_eq!(wang.call("class/info", json!({})).await["current_question_id"], question_id);
        service.pass(8);
        let reply = |user_id: &str, select: Value| json!({"question_id": question_id, "reply_id": user_id, "reply_select": select});
        let accepted = li.call("question/reply", reply("li", json!(["B", "C"]))).await;
        assert_eq!((&accepted["question_id"], &accepted["correct_answer"]), (&json!(question_id), &json!(["B", "C"])));
        wang.call("question/reply", reply("wang", json!([]))).await;
        let result = wu.call("question/result", json!({ "question_id": question_id })).await;
        assert_eq!((&result["total_number"], &result["correct_answer"]), (&json!(2), &json!(["B", "C"])));
        let rows = result["reply_detail"].as_array().unwrap();
        let row = |row: &Value| ["reply_id", "reply_answer", "reply_cost_time"].map(|name| row[name].clone());
        let rows: Vec<[Value; 3]> = rows.iter().map(row).collect();
        assert_eq!(rows, [[json!("li"), json!(["B", "C"]), json!(8)], [json!("wang"), Value::Null, json!(8)]]);
        wu.call("question/cancel", json!({"question_id": question_id, "action": "cancel_question"})).await;
        assert_eq!(wang.call("class/info", json!({})).await["current_question_id"], "");
        let shown = json!({"action": "show_question", "question_id": question_id, "options": ["A", "B", "C", "D"],
            "start_time": start_time, "limit_time": 0});
        let over = json!({"action": "cancel_question", "question_id": question_id});
        vec![control("wu", "teacher", shown), control("wu", "teacher", over)]
    }
}

#[tokio::test]
async fn a_lesson_in_the_published_classroom_holds_and_another_page_gets_every_message() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::of(&enterprise, json!({})).await;
    let expected = lesson.play().await;
    let groups = lesson.wang.call("imstorage/list", json!({})).await;
    let command = groups["list"].as_array().unwrap().iter().find(|group| group["type"] == "command").unwrap().clone();
    let rows = lesson.wang.call("imstorage/msg", json!({"group_id": command["group_id"]})).await["list"].clone();
    let rows: Vec<(Value, Value, Value)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let content = serde_json::from_str(row["content"].as_str().unwrap()).unwrap();
            (row["type"].clone(), row["ext"].clone(), content)
        })
        .collect();
    let expected: Vec<_> = expected.into_iter().map(|message| (json!("custom"), json!("CTRL"), message)).collect();
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn the_hosted_group_gets_every_message_of_the_same_lesson() {
    let im = Receiver::answering(|_| code(0));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::of(&enterprise, fields()).await;
    let expected = lesson.play().await;
    let sent = messages(&im, expected.len()).await;
    assert_eq!(sent.iter().map(|request| content(request)).collect::<Vec<_>>(), expected);
}
