//! Reports in the forms of the published web classroom.

use lectern::domain::chat::filter::WordFilter;
use lectern::domain::classroom::chat;
use lectern::domain::classroom::chat::{Content, Draft};
use lectern::domain::{Error, Forbidden, Result};
use lectern::store::ids::ClassId;
use serde_json::{Value, json};

use crate::support::service::{Enterprise, Service};

impl Enterprise<'_> {
    /// The states of a user that the list of those inside shows.
    async fn shown(&self, class_id: i64, user_id: &str) -> Value {
        let list = self.ok("member/runtime/list", json!({ "class_id": class_id })).await;
        let rows = list["list"].as_array().unwrap();
        rows.iter().find(|row| row["user_id"] == user_id).unwrap()["status"].clone()
    }

    /// Sends a text from inside.
    async fn says(&self, class_id: i64, user_id: &str) -> Result<()> {
        let (user_id, now) = (user_id.to_owned(), self.service.clock.now());
        self.write(move |conn, row| {
            let content = Content::Text(WordFilter::default().mask("hello".into()));
            let draft = Draft { group_id: None, receiver_id: None, user_id, content, random: None };
            chat::send_from_inside(conn, row.enterprise_id, ClassId(class_id), draft, now).map(drop)
        })
        .await
    }
}

#[tokio::test]
async fn the_teacher_calls_people_on_stage_and_answers_raised_hands() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    let control = async |data: Value| {
        enterprise.report(class_id, "teacher_1", "PermissionControl", data.clone()).await.unwrap();
        let status = enterprise.shown(class_id, "s1").await;
        [&status["camera"], &status["mic"], &status["hand_up"]].map(|state| state.as_i64().unwrap())
    };
    enterprise.report(class_id, "s1", "hand_up", Value::Null).await.unwrap();
    for (data, shown) in [
        (json!({"enable": 1, "rights": ["camera", "mic"], "objectId": ["s1"]}), [1, 1, 1]),
        (json!({"enable": 0, "rights": ["camera"], "user_id": "s1"}), [0, 1, 1]),
        (json!({"enable": "1", "rights": ["camera"], "objectId": "s1"}), [1, 1, 1]),
        (json!({"enable": false, "rights": ["camera", "mic"], "objectId": ["s1"]}), [0, 0, 1]),
        (json!({"enable": 1, "rights": [""], "objectId": ["s1"]}), [0, 0, 0]),
        (json!({"enable": true, "rights": "mic", "objectId": ["s1"]}), [0, 1, 0]),
        (json!({"enable": 0, "rights": "[\"mic\"]", "objectId": ["s1"]}), [0, 0, 0]),
        // The object is whom it is about, whoever else is named.
        (json!({"enable": 1, "rights": ["mic"], "objectId": ["s1"], "user_id": "teacher_1"}), [0, 1, 0]),
        (json!({"objectId": [{"user_id": "s1", "camera": 1, "mic": 0}]}), [1, 0, 0]),
        (json!({"rights": ["camera"], "objectId": ["s1"]}), [1, 0, 0]),
    ] {
        assert_eq!(control(data.clone()).await, shown, "{data}");
    }
    assert_eq!(enterprise.shown(class_id, "teacher_1").await["mic"], 0);
    let data = json!({"enable": 1, "rights": ["mic"], "objectId": ["s2"]});
    let refused = enterprise.report(class_id, "s1", "PermissionControl", data).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    // A hand may also be raised by somebody who is named with others, some of them outside.
    enterprise.report(class_id, "s2", "hand_up", Value::Null).await.unwrap();
    control(json!({"enable": 1, "rights": ["", "camera"], "objectId": ["nobody", "s2"]})).await;
    let status = enterprise.shown(class_id, "s2").await;
    assert_eq!((&status["camera"], &status["hand_up"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn a_page_reports_its_own_silence_and_drawing_without_data() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    for (user_id, data) in [("s1", Value::Null), ("s2", json!({})), ("teacher_1", json!("")), ("s1", json!([]))] {
        for (event, state, value) in [
            ("slience", "silence", 1),
            ("del_slience", "silence", 0),
            ("enable_draw", "enable_draw", 1),
            ("disable_draw", "enable_draw", 0),
        ] {
            enterprise.report(class_id, user_id, event, data.clone()).await.unwrap();
            assert_eq!(enterprise.shown(class_id, user_id).await[state], value, "{user_id} {event}");
        }
    }
    enterprise.report(class_id, "s1", "slience", Value::Null).await.unwrap();
    let silenced = enterprise.says(class_id, "s1").await;
    assert!(matches!(silenced, Err(Error::Forbidden(Forbidden::Silenced { .. }))), "{silenced:?}");
    enterprise.report(class_id, "s1", "del_slience", Value::Null).await.unwrap();
    enterprise.says(class_id, "s1").await.unwrap();
    // They are about others when they name them, and then they are for those who lead.
    for event in ["slience", "del_slience", "enable_draw", "disable_draw"] {
        let refused = enterprise.report(class_id, "s1", event, json!({"user_id": "s2"})).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{event}: {refused:?}");
    }
    for (event, data) in [
        ("apply", json!({"user_id": "s1", "operate": "camera", "enable": 1})),
        ("kicked", Value::Null),
        ("kicked", json!({"user_id": "s1"})),
    ] {
        enterprise.report(class_id, "s1", event, data).await.unwrap();
    }
    assert_eq!(enterprise.shown(class_id, "s1").await["silence"], 0);
}

#[tokio::test]
async fn a_page_lifts_no_silence_that_a_moderator_imposed() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    for (event, data, undo) in
        [("slience", json!({"user_id": "s1"}), "del_slience"), ("all_silence", Value::Null, "del_all_silence")]
    {
        enterprise.report(class_id, "teacher_1", event, data.clone()).await.unwrap();
        // The page obeys and says so.
        enterprise.report(class_id, "s1", "slience", Value::Null).await.unwrap();
        enterprise.report(class_id, "s1", "del_slience", Value::Null).await.unwrap();
        enterprise.report(class_id, "s1", "del_slience", json!({"user_id": "s1"})).await.unwrap();
        assert_eq!(enterprise.shown(class_id, "s1").await["silence"], 1, "{event}");
        let silenced = enterprise.says(class_id, "s1").await;
        assert!(matches!(silenced, Err(Error::Forbidden(Forbidden::Silenced { .. }))), "{silenced:?}");
        // Entering again doesn't lift it either.
        for call in ["member/quit", "member/join"] {
            enterprise.ok(call, json!({"class_id": class_id, "user_id": "s1"})).await;
        }
        enterprise.report(class_id, "s1", "del_slience", Value::Null).await.unwrap();
        assert_eq!(enterprise.shown(class_id, "s1").await["silence"], 1, "{event}");
        enterprise.report(class_id, "teacher_1", undo, data).await.unwrap();
        assert_eq!(enterprise.shown(class_id, "s1").await["silence"], 0, "{undo}");
    }
}
