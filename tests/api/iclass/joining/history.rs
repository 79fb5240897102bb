//! The history of a class: one row per user for all sessions.

use serde_json::{Value, json};

use crate::support::service::{BEGIN, Service};

pub fn history_of(answer: &Value) -> [i64; 5] {
    ["camera", "mic", "speaker", "silence", "hand_up"]
        .map(|device| answer[format!("history_{device}").as_str()].as_i64().unwrap())
}

#[tokio::test]
async fn the_history_has_one_row_a_user_over_all_their_sessions() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1", "s2", "s3"]).await;
    let class_id = enterprise.class(json!({})).await;
    assert_eq!(enterprise.history(class_id).await.len(), 0);
    let brief = |rows: Vec<Value>| -> Vec<(String, i64, i64, i64)> {
        let int = |row: &Value, name: &str| row[name].as_i64().unwrap();
        rows.iter()
            .map(|row| {
                let user = row["user_id"].as_str().unwrap().to_owned();
                (user, int(row, "enter_time"), int(row, "quit_time"), int(row, "history_camera"))
            })
            .collect()
    };
    let join = |user: &str, camera: i64| json!({"class_id": class_id, "user_id": user, "camera": camera});
    enterprise.ok("member/join", join("s2", 0)).await;
    service.pass(10);
    enterprise.ok("member/join", join("s1", 1)).await;
    assert_eq!(
        brief(enterprise.history(class_id).await),
        [("s2".into(), BEGIN, 0, 0), ("s1".into(), BEGIN + 10, 0, 1)]
    );
    service.pass(10);
    enterprise.quit(class_id, "s2").await;
    service.pass(10);
    enterprise.ok("member/join", join("s2", 1)).await;
    enterprise.ok("member/join", join("s3", 0)).await;
    // After another join, the last quit is unchanged.
    assert_eq!(
        brief(enterprise.history(class_id).await),
        [("s2".into(), BEGIN, BEGIN + 20, 1), ("s1".into(), BEGIN + 10, 0, 1), ("s3".into(), BEGIN + 30, 0, 0)]
    );
    service.pass(10);
    enterprise.quit(class_id, "s2").await;
    enterprise.quit(class_id, "s1").await;
    assert_eq!(
        brief(enterprise.history(class_id).await),
        [
            ("s2".into(), BEGIN, BEGIN + 40, 1),
            ("s1".into(), BEGIN + 10, BEGIN + 40, 1),
            ("s3".into(), BEGIN + 30, 0, 0)
        ]
    );
}

#[tokio::test]
async fn a_list_shows_people_as_they_are_called_now() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s1"]).await;
    let class_id = enterprise.class(json!({})).await;
    enterprise.join(class_id, "s1").await;
    let profile =
        json!({"user_id": "s1", "nickname": "Neu", "gender": "female", "avatar": "https://example.com/a.png"});
    enterprise.ok("user/profile/modify", profile).await;
    let (now, ever) = (enterprise.runtime_of(class_id, "s1").await, enterprise.history(class_id).await[0].clone());
    for row in [now, ever] {
        assert_eq!(
            (&row["nickname"], &row["gender"], &row["avatar"]),
            (&json!("Neu"), &json!("female"), &json!("https://example.com/a.png"))
        );
    }
}
