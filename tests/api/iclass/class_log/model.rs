//! Whatever components and back ends do, what a follower knows from a snapshot and the events after it is what a new snapshot
//! says.

use lectern::db::Conn;
use lectern::domain;
use lectern::domain::classroom::{deadline, session};
use lectern::domain::ids::{ClassId, EnterpriseId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::component::Component;
use crate::support::follower::Followers;
use crate::support::service::{Enterprise, Service};

/// The teacher, and the pupils. Only the last two get other roles.
const USERS: [&str; 4] = ["teacher_1", "li", "wang", "zhao"];
const REPORTS: [&str; 14] = [
    "camera_open",
    "mic_open",
    "camera_close",
    "mic_close",
    "speaker_open",
    "screen_share_open",
    "screen_share_close",
    "hand_up",
    "hand_down",
    "slience",
    "del_slience",
    "enable_draw",
    "disable_draw",
    "kicked",
];
const COMMANDS: [&str; 9] = [
    "hand_down",
    "slience",
    "del_slience",
    "enable_draw",
    "disable_draw",
    "disable_camera",
    "disable_mic",
    "kick",
    "reward",
];

/// Something that somebody does. Much of it is refused, and appends nothing to the log.
#[derive(Clone, Debug)]
enum Step {
    /// By one of two devices.
    Join(usize, usize, bool),
    Quit(usize, usize),
    JoinByCall(usize, bool),
    QuitByCall(usize),
    /// Enters another class, and so leaves this one.
    Move(usize, usize),
    Report(usize, usize),
    Command(usize, usize, usize),
    Permit(usize, bool),
    AllSilence(bool),
    CheckIn(usize),
    Check(usize),
    EndCheckIn,
    Ask(usize, bool),
    Reply(usize, usize, usize),
    EndQuestion(usize),
    Role(usize, usize),
    Remove(usize),
    Modify(usize),
    Rename(usize, usize),
    Say(usize, usize, Option<usize>),
    /// Recalls the last message.
    Recall(usize),
    Begin,
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let user = || 0..USERS.len();
    let pupil = || 1..USERS.len();
    prop_oneof![
        8 => (user(), 0..2_usize, any::<bool>()).prop_map(|(user, device, on)| Step::Join(user, device, on)),
        2 => (user(), 0..2_usize).prop_map(|(user, device)| Step::Quit(user, device)),
        2 => (user(), any::<bool>()).prop_map(|(user, on)| Step::JoinByCall(user, on)),
        1 => user().prop_map(Step::QuitByCall),
        1 => (pupil(), 0..2_usize).prop_map(|(user, device)| Step::Move(user, device)),
        8 => (user(), 0..REPORTS.len()).prop_map(|(user, report)| Step::Report(user, report)),
        6 => (user(), 0..COMMANDS.len(), user()).prop_map(|(by, command, of)| Step::Command(by, command, of)),
        2 => (pupil(), any::<bool>()).prop_map(|(user, on)| Step::Permit(user, on)),
        2 => any::<bool>().prop_map(Step::AllSilence),
        3 => (0..3_usize).prop_map(Step::CheckIn),
        3 => pupil().prop_map(Step::Check),
        1 => Just(Step::EndCheckIn),
        3 => (0..3_usize, any::<bool>()).prop_map(|(id, has_limit)| Step::Ask(id, has_limit)),
        5 => (user(), 0..3_usize, 0..3_usize).prop_map(|(user, id, select)| Step::Reply(user, id, select)),
        1 => (0..3_usize).prop_map(Step::EndQuestion),
        3 => (2..USERS.len(), 0..3_usize).prop_map(|(user, role)| Step::Role(user, role)),
        1 => pupil().prop_map(Step::Remove),
        2 => (0..5_usize).prop_map(Step::Modify),
        2 => (user(), 0..3_usize).prop_map(|(user, name)| Step::Rename(user, name)),
        4 => (user(), 0..2_usize, proptest::option::of(user())).prop_map(|(user, group, to)| Step::Say(user, group, to)),
        2 => user().prop_map(Step::Recall),
        1 => Just(Step::Begin),
        3 => prop_oneof![Just(1_i64), Just(30), Just(200)].prop_map(Step::Pass),
    ]
}

struct School<'a> {
    enterprise: &'a Enterprise<'a>,
    /// Two devices of each user.
    devices: &'a [[Component<'a>; 2]],
    class_id: i64,
    other: i64,
}

impl School<'_> {
    async fn take(&self, step: &Step) {
        let class_id = self.class_id;
        let of_class = json!({ "class_id": class_id });
        let question = |id: usize| json!({"class_id": class_id, "question_id": format!("q{id}")});
        match *step {
            Step::Join(user, device, on) => {
                self.says((user, device), "member/join", json!({"class_id": class_id, "mic": i64::from(on)})).await;
            }
            Step::Quit(user, device) => self.says((user, device), "member/quit", of_class).await,
            Step::JoinByCall(user, on) => {
                self.calls("member/join", json!({"user_id": USERS[user], "camera": i64::from(on)})).await;
            }
            Step::QuitByCall(user) => self.calls("member/quit", json!({"user_id": USERS[user]})).await,
            Step::Move(user, device) => {
                self.says((user, device), "member/join", json!({"class_id": self.other})).await;
            }
            Step::Report(user, report) => self.reports(user, REPORTS[report], Value::Null).await,
            Step::Command(by, command, of) => {
                self.reports(by, COMMANDS[command], json!({"user_id": USERS[of]})).await;
            }
            Step::Permit(user, on) => {
                let rights =
                    json!({"enable": i64::from(on), "rights": ["camera", "mic", ""], "objectId": [USERS[user]]});
                self.reports(0, "PermissionControl", rights).await;
            }
            Step::AllSilence(on) => {
                self.reports(0, if on { "all_silence" } else { "del_all_silence" }, Value::Null).await;
            }
            Step::CheckIn(id) => {
                self.reports(0, "apply_check_in", json!({"check_id": format!("c{id}"), "time_limit": id * 20})).await;
            }
            Step::Check(user) => self.reports(user, "check_in", Value::Null).await,
            Step::EndCheckIn => self.reports(0, "cancel_check_in", Value::Null).await,
            Step::Ask(id, has_limit) => {
                let mut body = question(id);
                body["options"] = json!(["A", "B"]);
                body["correct_answer"] = if id == 0 { Value::Null } else { json!("A") };
                body["limit_time"] = json!(if has_limit { 20 } else { 0 });
                self.says((0, 0), "question/launch", body).await;
            }
            Step::Reply(user, id, select) => {
                let mut body = question(id);
                body["reply_select"] = json!(["A", "B", "A,B"][select]);
                self.says((user, 0), "question/reply", body).await;
            }
            Step::EndQuestion(id) => self.says((0, 0), "question/cancel", question(id)).await,
            Step::Role(user, role) => {
                let role = ["student", "assistant", "supervisor"][role];
                self.calls("member/add", json!({"list": [{"user_id": USERS[user], "role": role}]})).await;
            }
            Step::Remove(user) => self.calls("member/delete", json!({"list": [USERS[user]]})).await,
            Step::Modify(what) => {
                let what = [
                    json!({"class_topic": "another"}),
                    json!({"assistant_id": "wang"}),
                    json!({"assistant_id": ""}),
                    json!({"members": [{"user_id": "zhao", "role": "student"}]}),
                    json!({"settings": {"enable_all_silence": 1}}),
                ][what]
                    .clone();
                self.calls("class/modify", what).await;
            }
            Step::Rename(user, name) => {
                let name = ["x", "李雷", ""][name];
                self.enterprise.call("user/profile/modify", json!({"user_id": USERS[user], "nickname": name})).await;
            }
            Step::Say(user, group, to) => {
                let mut body = json!({"class_id": class_id, "type": "text", "content": "hello"});
                match to {
                    Some(to) => body["to"] = USERS[to].into(),
                    None if group == 1 => body["group_id"] = class_id.to_string().into(),
                    None => {}
                }
                self.says((user, 0), "imstorage/send", body).await;
            }
            Step::Recall(user) => {
                let last = json!({"class_id": class_id, "size": 1});
                let seen = self.devices[user][0].call("imstorage/history", last).await;
                let message_id = seen["messages"][0]["message_id"].clone();
                let recall = json!({"class_id": class_id, "message_id": message_id});
                self.says((user, 0), "imstorage/recall", recall).await;
            }
            Step::Begin => self.calls("class/start", json!({})).await,
            Step::Pass(seconds) => self.pass(seconds).await,
        }
    }

    async fn says(&self, (user, device): (usize, usize), call: &str, body: Value) {
        self.devices[user][device].call(call, body).await;
    }

    async fn calls(&self, call: &str, mut body: Value) {
        body["class_id"] = self.class_id.into();
        self.enterprise.call(call, body).await;
    }

    async fn reports(&self, by: usize, event: &str, data: Value) {
        let mut body = json!({"class_id": self.class_id, "event": event});
        if !data.is_null() {
            body["data"] = data;
        }
        self.says((by, 0), "report/event", body).await;
    }

    /// Time passes, and the workers do what is due.
    async fn pass(&self, seconds: i64) {
        let service = self.enterprise.service;
        service.pass(seconds);
        let (enterprise_id, class_id) = (EnterpriseId(self.enterprise.enterprise_id), ClassId(self.class_id));
        let now = service.clock.now();
        let due = move |conn: &mut Conn| {
            session::sweep(conn, enterprise_id, class_id, 1_000, now)?;
            for due in deadline::due(conn, now, 1_000)? {
                deadline::pass(conn, &due, now)?;
            }
            Ok::<_, domain::Error>(())
        };
        service.app.db.write(due).await.unwrap();
    }
}

#[test]
fn a_follower_knows_what_a_snapshot_says_whatever_happens() {
    let service = Service::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (enterprise, devices) = runtime.block_on(async {
        let enterprise = service.enterprise().await;
        let mut devices = Vec::new();
        for user_id in USERS {
            let role = if user_id == "teacher_1" { "teacher" } else { "student" };
            let first = Component::register(&enterprise, user_id, role).await;
            let renewed = enterprise.ok("user/token/update", json!({ "user_id": user_id })).await;
            let user_token = renewed["user_token"].as_str().unwrap().to_owned();
            let mut second = Component::of(&enterprise, user_id, "");
            let login = json!({"userid": user_id, "password": user_token});
            second.token = second.ok("user/login", login).await["token"].as_str().unwrap().to_owned();
            devices.push([Component::of(&enterprise, &first.user_id, &user_token), second]);
        }
        (enterprise, devices)
    });
    let mut runner = TestRunner::new(Config { cases: 16, failure_persistence: None, ..Config::default() });
    let result = runner.run(&vec(step(), 1..60), |steps| {
        runtime.block_on(async {
            let (class_id, other) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
            let school = School { enterprise: &enterprise, devices: &devices, class_id, other };
            let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li"]).await;
            for step in &steps {
                school.take(step).await;
                followers.look().await;
            }
            enterprise.call("class/stop", json!({ "class_id": class_id })).await;
            followers.look().await;
        });
        Ok(())
    });
    result.unwrap();
}
