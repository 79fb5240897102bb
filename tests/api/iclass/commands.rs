//! The control messages in the command group of a class.

mod hosted;
mod local;

pub use hosted::{content, messages};

use serde_json::{Value, json};

use crate::support::service::Enterprise;

/// A control message.
pub fn control(user_id: &str, role: &str, data: Value) -> Value {
    let mut message = json!({"type": "control", "user_id": user_id, "role": role});
    message["data"] = data;
    message
}

impl Enterprise<'_> {
    /// Something of everything that is said in the command group of a [`Self::full_class`], and what is said of it.
    async fn scene(&self, class_id: i64) -> Vec<Value> {
        let now = self.service.now();
        self.report(class_id, "s1", "hand_up", Value::Null).await.unwrap();
        let answered = json!({"enable": 1, "rights": ["", "camera"], "objectId": ["s1", "s2", "nobody"]});
        self.report(class_id, "teacher_1", "PermissionControl", answered).await.unwrap();
        self.report(class_id, "helper", "disable_camera", json!({"user_id": "s2"})).await.unwrap();
        self.report(class_id, "s2", "hand_up", Value::Null).await.unwrap();
        self.report(class_id, "s2", "hand_down", Value::Null).await.unwrap();
        self.launch(class_id, "teacher_1", "q", 0).await.unwrap();
        self.cancel(class_id, "helper", "q").await.unwrap();
        let check = json!({"check_id": "c", "time_limit": 60});
        self.report(class_id, "teacher_1", "apply_check_in", check.clone()).await.unwrap();
        self.report(class_id, "teacher_1", "apply_check_in", check).await.unwrap();
        self.report(class_id, "s1", "check_in", json!({"check_id": "c"})).await.unwrap();
        self.report(class_id, "teacher_1", "cancel_check_in", json!({"check_id": "c"})).await.unwrap();
        // What changes nothing in the class is not said.
        self.report(class_id, "s1", "mic_open", Value::Null).await.unwrap();
        self.report(class_id, "s1", "speed_test", Value::Null).await.unwrap();
        let devices = |user_id: &str, camera: i64| json!({"user_id": user_id, "camera": camera, "mic": 0});
        let set = |people: Value| json!({"action": "change_member_permission", "objectId": people});
        vec![
            control("s1", "student", json!({"action": "hand_up", "user_id": "s1"})),
            control("s1", "student", json!({"action": "hand_down", "user_id": "s1"})),
            control("s2", "student", json!({"action": "hand_down", "user_id": "s2"})),
            control("teacher_1", "teacher", set(json!([devices("s1", 1), devices("s2", 1)]))),
            control("helper", "assistant", set(json!([devices("s2", 0)]))),
            control("s2", "student", json!({"action": "hand_up", "user_id": "s2"})),
            control("s2", "student", json!({"action": "hand_down", "user_id": "s2"})),
            control(
                "teacher_1",
                "teacher",
                json!({"action": "show_question", "question_id": "q", "options": ["A", "B", "C"], "start_time": now,
                    "limit_time": 0}),
            ),
            control("helper", "assistant", json!({"action": "cancel_question", "question_id": "q"})),
            control(
                "teacher_1",
                "teacher",
                json!({"action": "show_check_in", "check_id": "c", "start_time": now, "time_limit": 60}),
            ),
            control("teacher_1", "teacher", json!({"action": "hide_check_in", "check_id": "c"})),
        ]
    }
}
