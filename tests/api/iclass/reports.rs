//! Reports of components: they are stored unchanged, and update the lists of members.

mod moderation;
mod page;

use lectern::db::Conn;
use lectern::domain::classroom::actor::Actor;
use lectern::domain::classroom::report;
use lectern::domain::classroom::session::Session;
use lectern::domain::tenancy::enterprise;
use lectern::domain::{Error, Field, Result};
use lectern::protocol::iclass::reported;
use lectern::store;
use lectern::store::ids::ClassId;
use serde_json::{Value, json};

use crate::support::service::{BEGIN, Enterprise, Service};

impl Enterprise<'_> {
    /// Runs a use case in a transaction, like a call of a component.
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
        self.write(move |conn, row| {
            let actor = Actor { enterprise_id: row.enterprise_id, class_id: ClassId(class_id), user_id: &by };
            report::report(conn, row, actor, &reported, now)
        })
        .await
    }

    /// The last session of a user.
    async fn session(&self, class_id: i64, user_id: &str) -> Session {
        let user_id = user_id.to_owned();
        let last = self.write(move |conn, row| {
            Ok(store::classroom::session::last(conn, row.enterprise_id, ClassId(class_id), &user_id)?)
        });
        last.await.unwrap().unwrap()
    }

    async fn states(&self, class_id: i64, user_id: &str) -> [i64; 7] {
        let session = self.session(class_id, user_id).await;
        [
            session.camera,
            session.mic,
            session.speaker,
            i64::from(session.is_silenced()),
            session.hand_up,
            session.reported_drawing(),
            session.screen,
        ]
    }

    async fn kept(&self, class_id: i64) -> Vec<store::classroom::report::Report> {
        self.write(move |conn, row| {
            Ok(store::classroom::report::list(conn, row.enterprise_id, ClassId(class_id), 1000)?)
        })
        .await
        .unwrap()
    }

    /// Creates a class with one participant of each role inside, and returns it. `teacher_1` is its teacher.
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
async fn a_report_about_oneself_changes_the_own_states() {
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
    // The list of members shows it.
    enterprise.report(class_id, "s1", "hand_up", Value::Null).await.unwrap();
    let list = enterprise.ok("member/runtime/list", json!({"class_id": class_id})).await;
    let row = list["list"].as_array().unwrap().iter().find(|row| row["user_id"] == "s1").unwrap().clone();
    assert_eq!((&row["status"]["hand_up"], &row["status"]["silence"]), (&json!(1), &json!(1)));
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
        let published = [enterprise.states(class_id, "s1").await[3], enterprise.states(class_id, "s2").await[3]];
        assert_eq!(published, silenced, "{data}");
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
    // The deletion of the class removes its reports.
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    enterprise.report(class_id, "s1", "speed_test", Value::Null).await.unwrap();
    enterprise.ok("class/delete", json!({"class_id": class_id})).await;
    assert_eq!(enterprise.kept(class_id).await.len(), 0);
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
    // The class of another enterprise does not exist.
    let other = service.enterprise().await;
    other.students(&["s1"]).await;
    let theirs = other.report(class_id, "s1", "device_test", Value::Null).await;
    assert!(matches!(theirs, Err(Error::UnknownClass(_))), "{theirs:?}");
    assert_eq!(enterprise.kept(class_id).await.len(), 1);
}
