//! Reports that change the state of other participants: silence, stage, kicks.

use lectern::domain::classroom::session::QuitReason;
use lectern::domain::{Error, Field};
use lectern::store::ids::ClassId;
use serde_json::{Value, json};

use super::{LEADERS, OTHERS};
use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn only_moderators_change_the_states_of_others() {
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
    // A rejected report is not stored.
    let reports = enterprise.kept(class_id).await;
    assert_eq!(reports.len(), kept);
    let about = reports.iter().find(|report| report.event == "enable_draw").unwrap();
    assert_eq!(about.target, "s1");
    for event in ["all_silence", "del_all_silence", "kick", "kicked", "reward", "PermissionControl"] {
        let refused = enterprise.report(class_id, "s2", event, s1.clone()).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{event}: {refused:?}");
    }
    let nobody = enterprise.report(class_id, "teacher_1", "slience", json!({"whom": "s1"})).await;
    assert!(matches!(nobody, Err(Error::Invalid { field: Field::ReportData, .. })), "{nobody:?}");
}

#[tokio::test]
async fn all_are_silenced_except_moderators_and_so_are_those_who_join_later() {
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
    // Moderators take no place on stage.
    for event in ["camera_open", "mic_open"] {
        enterprise.report(class_id, "teacher_1", event, Value::Null).await.unwrap();
        enterprise.report(class_id, "s1", event, Value::Null).await.unwrap();
    }
    for event in ["camera_open", "mic_open"] {
        let refused = enterprise.report(class_id, "s2", event, Value::Null).await;
        assert!(matches!(refused, Err(Error::StageFull(id)) if id == ClassId(class_id)), "{refused:?}");
    }
    let invite = |user_id: &str, on: i64| json!({"user_id": user_id, "camera": on, "mic": on.to_string()});
    let refused = enterprise.report(class_id, "teacher_1", "PermissionControl", invite("s2", 1)).await;
    assert!(matches!(refused, Err(Error::StageFull(_))), "{refused:?}");
    assert_eq!(enterprise.states(class_id, "s2").await, [0; 7]);
    // One participant leaves the stage and another enters it in the same report.
    let swap = json!({"member_permission_list": [invite("s2", 1), invite("s1", 0)]});
    enterprise.report(class_id, "teacher_1", "PermissionControl", swap).await.unwrap();
    assert_eq!(enterprise.states(class_id, "s1").await[..2], [0, 0]);
    assert_eq!(enterprise.states(class_id, "s2").await[..2], [1, 1]);
    // Quitting the class frees the place on stage.
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "s2"})).await;
    enterprise.report(class_id, "s1", "mic_open", Value::Null).await.unwrap();
    let unlimited = enterprise.class(json!({})).await;
    for user_id in ["s1", "s2", "supervisor"] {
        enterprise.ok("member/join", json!({"class_id": unlimited, "user_id": user_id})).await;
        enterprise.report(unlimited, user_id, "mic_open", Value::Null).await.unwrap();
    }
}

#[tokio::test]
async fn a_kick_ends_the_session() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    service.pass(5);
    for (by, event, user_id) in [("teacher_1", "kick", "s1"), ("helper", "kicked", "s2")] {
        enterprise.report(class_id, by, event, json!({"user_id": user_id})).await.unwrap();
        let session = enterprise.session(class_id, user_id).await;
        assert_eq!((session.quit_time, session.quit_reason), (Some((BEGIN + 5) * 1000), Some(QuitReason::Kicked)));
        enterprise.refused("member/join", json!({"class_id": class_id, "user_id": user_id}), 10203).await;
        // A kicked member may still report the kick.
        enterprise.report(class_id, user_id, "be_kicked", Value::Null).await.unwrap();
    }
    let refused = enterprise.report(class_id, "helper", "kick", json!({"user_id": "teacher_1"})).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    let unknown = enterprise.report(class_id, "helper", "kick", json!({"user_id": "nobody"})).await;
    assert!(matches!(unknown, Err(Error::UnknownUser(_))), "{unknown:?}");
    assert!(enterprise.session(class_id, "teacher_1").await.quit_time.is_none());
}
