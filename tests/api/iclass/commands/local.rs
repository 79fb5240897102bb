//! Control messages in Lectern's own groups.

use lectern::clock::Clock;
use serde_json::{Value, json};

use super::control;
use crate::support::PATIENCE;
use crate::support::service::{BEGIN, Enterprise, Service};

impl Enterprise<'_> {
    /// The messages of the command group of a class.
    async fn commands(&self, class_id: i64) -> Vec<Value> {
        let asked = json!({"class_id": class_id, "group_id": class_id.to_string()});
        self.ok("imstorage/msg", asked).await["list"].as_array().unwrap().clone()
    }

    /// The control messages of a class.
    async fn controls(&self, class_id: i64) -> Vec<Value> {
        let rows = self.commands(class_id).await.into_iter().filter(|row| row["ext"] == "CTRL");
        rows.map(|row| serde_json::from_str(row["content"].as_str().unwrap()).unwrap()).collect()
    }

    /// Waits until a class has this number of control messages, and returns the last.
    async fn wait_for_control(&self, class_id: i64, number: usize) -> Value {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let controls = self.controls(class_id).await;
            if controls.len() >= number {
                assert_eq!(controls.len(), number, "{controls:?}");
                return controls[number - 1].clone();
            }
            assert!(tokio::time::Instant::now() < deadline, "{controls:?}");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn what_happens_in_a_class_is_said_in_its_command_group() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    let expected = enterprise.scene(class_id).await;
    assert_eq!(enterprise.controls(class_id).await, expected);
    let first = enterprise.commands(class_id).await[0].clone();
    assert_eq!(
        (&first["sequence"], &first["user_id"], &first["type"], &first["send_time"]),
        (&json!(1), &json!("s1"), &json!("custom"), &json!(BEGIN))
    );
    // Nobody else can send such a message.
    let forged = json!({"class_id": class_id, "group_id": class_id.to_string(), "user_id": "s1", "type": "custom",
        "content": expected[8].to_string(), "ext": "CTRL"});
    enterprise.ok("imstorage/send", forged).await;
    assert_eq!(enterprise.controls(class_id).await.len(), expected.len());
    let chat = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await;
    assert_eq!(chat["total"], 0);
    // A class without groups goes on without messages, and so do those who are outside.
    let silent = enterprise.class(json!({"auto_create_im": 0})).await;
    enterprise.ok("member/join", json!({"class_id": silent, "user_id": "s1"})).await;
    enterprise.report(silent, "s1", "hand_up", Value::Null).await.unwrap();
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "s2"})).await;
    let before = enterprise.controls(class_id).await.len();
    enterprise.report(class_id, "s2", "hand_up", Value::Null).await.unwrap();
    assert_eq!(enterprise.controls(class_id).await.len(), before);
}

#[tokio::test]
async fn a_time_limit_that_passes_is_said_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    enterprise.launch(class_id, "helper", "q1", 30).await.unwrap();
    enterprise
        .report(class_id, "teacher_1", "apply_check_in", json!({"check_id": "c", "time_limit": 20}))
        .await
        .unwrap();
    service.pass(20);
    let hidden = enterprise.wait_for_control(class_id, 3).await;
    assert_eq!(hidden, control("teacher_1", "teacher", json!({"action": "hide_check_in", "check_id": "c"})));
    service.pass(10);
    let over = control("helper", "assistant", json!({"action": "timeout_question", "question_id": "q1"}));
    assert_eq!(enterprise.wait_for_control(class_id, 4).await, over);
    // The page of the teacher, which counts down itself, says it too.
    enterprise.cancel(class_id, "teacher_1", "q1").await.unwrap();
    // By its clock, the time of the second question is over first.
    enterprise.launch(class_id, "teacher_1", "q2", 30).await.unwrap();
    enterprise.time_out(class_id, "teacher_1", "q2").await.unwrap();
    let over = control("teacher_1", "teacher", json!({"action": "timeout_question", "question_id": "q2"}));
    assert_eq!(enterprise.wait_for_control(class_id, 6).await, over);
    // A class that ends first has nothing more to say.
    enterprise.launch(class_id, "teacher_1", "q3", 30).await.unwrap();
    enterprise.ok("class/stop", json!({ "class_id": class_id })).await;
    let other = enterprise.class(json!({})).await;
    enterprise.launch(other, "teacher_1", "q4", 30).await.unwrap();
    service.pass(60);
    enterprise.wait_for_control(other, 2).await;
    enterprise.wait_for_control(class_id, 7).await;
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn two_instances_say_once_that_a_time_limit_passed() {
    let service = Service::start();
    let beside = Service::start_beside(&service, Clock::set_at(BEGIN * 1000));
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(json!({})).await;
    let ids = ["q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9"];
    for id in ids {
        enterprise.launch(class_id, "helper", id, 30).await.unwrap();
    }
    for one in [&service, &beside] {
        one.pass(30);
    }
    enterprise.wait_for_control(class_id, 2 * ids.len()).await;
    enterprise.launch(class_id, "helper", "last", 30).await.unwrap();
    for one in [&service, &beside] {
        one.pass(30);
    }
    enterprise.wait_for_control(class_id, 2 * ids.len() + 2).await;
}
