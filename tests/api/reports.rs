//! What components report: kept as it came, and what the lists of members show after it.

use lectern::db::Conn;
use lectern::domain::classroom::report;
use lectern::domain::classroom::session::{QuitReason, Session};
use lectern::domain::tenancy::enterprise;
use lectern::domain::{Error, Field, Result};
use lectern::protocol::iclass::reported;
use lectern::store;
use serde_json::{Value, json};

use crate::service::{BEGIN, Enterprise, Service};

impl Enterprise<'_> {
    /// Does something in a transaction, as a call of a component does.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn, &enterprise::Enterprise) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let sdkappid = self.sdkappid;
        let write = move |conn: &mut Conn| {
            let row = enterprise::require(conn, sdkappid)?;
            f(conn, &row)
        };
        self.service.app.db.write(write).await
    }

    /// Reports an event.
    pub async fn report(&self, class_id: i64, by: &str, event: &str, data: Value) -> Result<()> {
        let (by, event, now) = (by.to_owned(), event.to_owned(), self.service.clock.now());
        let reported = reported(event, Some(&data));
        self.write(move |conn, row| report::report(conn, row, class_id, &by, &reported, now)).await
    }

    /// The last stay of somebody.
    async fn session(&self, class_id: i64, user_id: &str) -> Session {
        let user_id = user_id.to_owned();
        let last = self
            .write(move |conn, row| Ok(store::classroom::session::last(conn, row.enterprise_id, class_id, &user_id)?));
        last.await.unwrap().unwrap()
    }

    async fn states(&self, class_id: i64, user_id: &str) -> [i64; 7] {
        let session = self.session(class_id, user_id).await;
        [
            session.camera,
            session.mic,
            session.speaker,
            session.silence,
            session.hand_up,
            session.enable_draw,
            session.screen,
        ]
    }

    async fn kept(&self, class_id: i64) -> Vec<store::classroom::report::Report> {
        self.write(move |conn, row| Ok(store::classroom::report::list(conn, row.enterprise_id, class_id, 1000)?))
            .await
            .unwrap()
    }

    /// Registers and lets in one of each role, and returns a class with them; `teacher_1` gives it.
    pub async fn full_class(&self, mut fields: Value) -> i64 {
        let people = [
            ("teacher_1", "teacher"),
            ("helper", "assistant"),
            ("root", "superadmin"),
            ("admin", "admin"),
            ("other_teacher", "teacher"),
            ("supervisor", "supervisor"),
            ("s1", "student"),
            ("s2", "student"),
        ];
        let list: Vec<Value> = people.iter().map(|(id, role)| json!({"user_id": id, "role": role})).collect();
        self.ok("user/register", json!({"list": list})).await;
        fields["assistant_id"] = "helper".into();
        let class_id = self.class(fields).await;
        self.ok("class/start", json!({"class_id": class_id})).await;
        for (id, _) in people {
            self.ok("member/join", json!({"class_id": class_id, "user_id": id})).await;
        }
        class_id
    }
}

const LEADERS: [&str; 4] = ["teacher_1", "helper", "root", "admin"];
pub const OTHERS: [&str; 3] = ["supervisor", "s2", "other_teacher"];

#[tokio::test]
async fn what_somebody_reports_of_themselves_changes_their_own_states() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    // camera, mic, speaker, silence, hand_up, enable_draw, screen
    let mut expected = [0_i64; 7];
    for (event, at, value) in [
        ("camera_open", 0, 1),
        ("mic_open", 1, 1),
        ("speaker_open", 2, 1),
        ("hand_up", 4, 1),
        ("screen_share_open", 6, 1),
        ("be_silenced", 3, 1),
        ("camera_close", 0, 0),
        ("mic_close", 1, 0),
        ("speaker_close", 2, 0),
        ("hand_down", 4, 0),
        ("screen_share_close", 6, 0),
        ("camera_open", 0, 1),
        ("mic_open", 1, 1),
        ("speaker_open", 2, 1),
        ("be_disable_camera", 0, 0),
        ("be_disable_mic", 1, 0),
        ("be_disable_speaker", 2, 0),
    ] {
        enterprise.report(class_id, "s1", event, Value::Null).await.unwrap();
        expected[at] = value;
        assert_eq!(enterprise.states(class_id, "s1").await, expected, "{event}");
    }
    for event in [
        "device_test",
        "speed_test",
        "media_open",
        "media_close",
        "packet_loss_mutation",
        "rate_mutation",
        "be_kicked",
        "kicked",
        "apply",
        "reward",
        "never_heard_of",
    ] {
        enterprise.report(class_id, "s1", event, Value::Null).await.unwrap();
        assert_eq!(enterprise.states(class_id, "s1").await, expected, "{event}");
    }
    assert!(enterprise.session(class_id, "s1").await.quit_time.is_none());
    assert_eq!(enterprise.states(class_id, "s2").await, [0; 7]);
    assert_eq!(enterprise.kept(class_id).await.len(), 28);
    // And the list of members shows it.
    enterprise.report(class_id, "s1", "hand_up", Value::Null).await.unwrap();
    let list = enterprise.ok("member/runtime/list", json!({"class_id": class_id})).await;
    let row = list["list"].as_array().unwrap().iter().find(|row| row["user_id"] == "s1").unwrap().clone();
    assert_eq!((&row["status"]["hand_up"], &row["status"]["silence"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn those_who_give_the_class_change_the_states_of_others_and_nobody_else_does() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    for event in ["camera_open", "mic_open", "speaker_open", "hand_up"] {
        enterprise.report(class_id, "s1", event, Value::Null).await.unwrap();
    }
    let s1 = json!({"user_id": "s1"});
    let mut expected = [1, 1, 1, 0, 1, 0, 0];
    let mut kept = 4;
    for (at, (event, undo, index, value)) in [
        ("disable_camera", "camera_open", 0, 0),
        ("disable_mic", "mic_open", 1, 0),
        ("disable_speaker", "speaker_open", 2, 0),
        ("slience", "del_slience", 3, 1),
        ("silence", "del_silence", 3, 1),
        ("hand_down", "hand_up", 4, 0),
        ("enable_draw", "disable_draw", 5, 1),
    ]
    .into_iter()
    .enumerate()
    {
        for other in OTHERS {
            let refused = enterprise.report(class_id, other, event, s1.clone()).await;
            assert!(matches!(refused, Err(Error::Forbidden(_))), "{other} {event}: {refused:?}");
        }
        assert_eq!(enterprise.states(class_id, "s1").await, expected, "{event}");
        let leader = LEADERS[at % LEADERS.len()];
        let before = expected[index];
        enterprise.report(class_id, leader, event, s1.clone()).await.unwrap();
        expected[index] = value;
        assert_eq!(enterprise.states(class_id, "s1").await, expected, "{leader} {event}");
        let by = if undo.ends_with("_open") || undo == "hand_up" { "s1" } else { leader };
        enterprise.report(class_id, by, undo, s1.clone()).await.unwrap();
        expected[index] = before;
        assert_eq!(enterprise.states(class_id, "s1").await, expected, "{by} {undo}");
        kept += 2;
    }
    assert_eq!(enterprise.states(class_id, "s2").await, [0; 7]);
    // What is refused is not kept.
    let reports = enterprise.kept(class_id).await;
    assert_eq!(reports.len(), kept);
    let about = reports.iter().find(|report| report.event == "enable_draw").unwrap();
    assert_eq!(about.target, "s1");
    for event in ["all_silence", "del_all_silence", "kick", "kicked", "reward", "PermissionControl"] {
        let refused = enterprise.report(class_id, "s2", event, s1.clone()).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{event}: {refused:?}");
    }
    let nobody = enterprise.report(class_id, "teacher_1", "slience", json!({})).await;
    assert!(matches!(nobody, Err(Error::Invalid { field: Field::ReportData, .. })), "{nobody:?}");
}

#[tokio::test]
async fn people_are_named_in_any_likely_form() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    for (data, silenced) in [
        (json!({"user_id": "s1"}), [1, 0]),
        (json!({"userid": "s1"}), [1, 0]),
        (json!({"to": "s1"}), [1, 0]),
        (json!({"user_ids": ["s1", "s2", "s1"]}), [1, 1]),
        (json!({"list": [{"user_id": "s2"}]}), [0, 1]),
        (json!(["s1", "s2"]), [1, 1]),
        (json!("s2"), [0, 1]),
        (json!("{\"user_id\":\"s1\"}"), [1, 0]),
        (json!("[\"s1\"]"), [1, 0]),
    ] {
        enterprise.report(class_id, "teacher_1", "slience", data.clone()).await.unwrap();
        let told = [enterprise.states(class_id, "s1").await[3], enterprise.states(class_id, "s2").await[3]];
        assert_eq!(told, silenced, "{data}");
        enterprise.report(class_id, "teacher_1", "del_slience", json!(["s1", "s2"])).await.unwrap();
    }
    let many: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    let refused = enterprise.report(class_id, "teacher_1", "slience", json!(many)).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
}

#[tokio::test]
async fn every_report_is_kept_with_its_time_and_data() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    let data = json!({"up": [1, 2.5, null], "name": "网络"});
    service.pass(7);
    enterprise.report(class_id, "s1", "speed_test", data.clone()).await.unwrap();
    enterprise.report(class_id, "s1", "something_new", Value::Null).await.unwrap();
    let kept = enterprise.kept(class_id).await;
    assert_eq!(serde_json::from_str::<Value>(&kept[0].data).unwrap(), data);
    assert_eq!((kept[0].event.as_str(), kept[0].create_time), ("speed_test", (BEGIN + 7) * 1000));
    assert_eq!((kept[1].event.as_str(), kept[1].data.as_str(), kept[1].user_id.as_str()), ("something_new", "", "s1"));
    let refused = enterprise.report(class_id, "s1", "speed_test", json!("x".repeat(16 * 1024))).await;
    assert!(matches!(refused, Err(Error::Invalid { field: Field::ReportData, .. })), "{refused:?}");
    assert_eq!(enterprise.kept(class_id).await.len(), 2);
    // With the class goes what was reported in it.
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    enterprise.report(class_id, "s1", "speed_test", Value::Null).await.unwrap();
    enterprise.ok("class/delete", json!({"class_id": class_id})).await;
    assert_eq!(enterprise.kept(class_id).await.len(), 0);
}

#[tokio::test]
async fn all_are_silenced_but_those_who_give_the_class_and_later_ones_too() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    enterprise.students(&["late", "later"]).await;
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "s2"})).await;
    enterprise.report(class_id, "teacher_1", "all_silence", Value::Null).await.unwrap();
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "late"})).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "s2"})).await;
    for (user_id, silence) in [("s1", 1), ("s2", 1), ("supervisor", 1), ("late", 1), ("teacher_1", 0), ("helper", 0)] {
        assert_eq!(enterprise.states(class_id, user_id).await[3], silence, "{user_id}");
    }
    let info = enterprise.ok("class/info", json!({"class_id": class_id})).await;
    assert_eq!(info["settings"]["enable_all_silence"], 1, "{info}");
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "s2"})).await;
    enterprise.report(class_id, "helper", "del_all_silence", Value::Null).await.unwrap();
    for user_id in ["later", "s2"] {
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await;
    }
    for user_id in ["s1", "s2", "supervisor", "late", "later"] {
        assert_eq!(enterprise.states(class_id, user_id).await[3], 0, "{user_id}");
    }
}

#[tokio::test]
async fn no_more_come_on_stage_than_may() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({"max_member_limit": 1})).await;
    // Those who give the class take no place.
    for event in ["camera_open", "mic_open"] {
        enterprise.report(class_id, "teacher_1", event, Value::Null).await.unwrap();
        enterprise.report(class_id, "s1", event, Value::Null).await.unwrap();
    }
    for event in ["camera_open", "mic_open"] {
        let refused = enterprise.report(class_id, "s2", event, Value::Null).await;
        assert!(matches!(refused, Err(Error::StageFull(id)) if id == class_id), "{refused:?}");
    }
    let invite = |user_id: &str, on: i64| json!({"user_id": user_id, "camera": on, "mic": on.to_string()});
    let refused = enterprise.report(class_id, "teacher_1", "PermissionControl", invite("s2", 1)).await;
    assert!(matches!(refused, Err(Error::StageFull(_))), "{refused:?}");
    assert_eq!(enterprise.states(class_id, "s2").await, [0; 7]);
    // One leaves the stage and another comes, in one report.
    let swap = json!({"member_permission_list": [invite("s2", 1), invite("s1", 0)]});
    enterprise.report(class_id, "teacher_1", "PermissionControl", swap).await.unwrap();
    assert_eq!(enterprise.states(class_id, "s1").await[..2], [0, 0]);
    assert_eq!(enterprise.states(class_id, "s2").await[..2], [1, 1]);
    // Who leaves the class leaves the stage.
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "s2"})).await;
    enterprise.report(class_id, "s1", "mic_open", Value::Null).await.unwrap();
    let unlimited = enterprise.class(json!({})).await;
    for user_id in ["s1", "s2", "supervisor"] {
        enterprise.ok("member/join", json!({"class_id": unlimited, "user_id": user_id})).await;
        enterprise.report(unlimited, user_id, "mic_open", Value::Null).await.unwrap();
    }
}

#[tokio::test]
async fn a_kick_ends_the_stay() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    service.pass(5);
    for (by, event, user_id) in [("teacher_1", "kick", "s1"), ("helper", "kicked", "s2")] {
        enterprise.report(class_id, by, event, json!({"user_id": user_id})).await.unwrap();
        let session = enterprise.session(class_id, user_id).await;
        assert_eq!((session.quit_time, session.quit_reason), (Some((BEGIN + 5) * 1000), Some(QuitReason::Kicked)));
        enterprise.refused("member/join", json!({"class_id": class_id, "user_id": user_id}), 10203).await;
        // Who was put out may still say so.
        enterprise.report(class_id, user_id, "be_kicked", Value::Null).await.unwrap();
    }
    let refused = enterprise.report(class_id, "helper", "kick", json!({"user_id": "teacher_1"})).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    let unknown = enterprise.report(class_id, "helper", "kick", json!({"user_id": "nobody"})).await;
    assert!(matches!(unknown, Err(Error::UnknownUser(_))), "{unknown:?}");
    assert!(enterprise.session(class_id, "teacher_1").await.quit_time.is_none());
}

#[tokio::test]
async fn only_those_whom_the_class_admits_report() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1", "s2"]).await;
    let members = json!([{"user_id": "s1", "role": "student"}]);
    let class_id = enterprise.class(json!({"class_type": "1vN", "members": members})).await;
    enterprise.report(class_id, "s1", "device_test", Value::Null).await.unwrap();
    let refused = enterprise.report(class_id, "s2", "device_test", Value::Null).await;
    assert!(matches!(refused, Err(Error::NotReserved { .. })), "{refused:?}");
    let unknown = enterprise.report(class_id, "s3", "device_test", Value::Null).await;
    assert!(matches!(unknown, Err(Error::UnknownUser(_))), "{unknown:?}");
    let nowhere = enterprise.report(999_999_999, "s1", "device_test", Value::Null).await;
    assert!(matches!(nowhere, Err(Error::UnknownClass(_))), "{nowhere:?}");
    // Another enterprise's class is none.
    let other = service.enterprise().await;
    other.students(&["s1"]).await;
    let theirs = other.report(class_id, "s1", "device_test", Value::Null).await;
    assert!(matches!(theirs, Err(Error::UnknownClass(_))), "{theirs:?}");
    assert_eq!(enterprise.kept(class_id).await.len(), 1);
}
