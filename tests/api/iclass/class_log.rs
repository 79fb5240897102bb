//! The log of a class has an event for every change that those who follow the class see, whoever causes it. What they know
//! from a snapshot and the events is compared with a new snapshot at every look.

mod answering;
mod classes;
mod limits;
mod model;
mod over_the_channel;
mod people;
mod states;

use serde_json::{Value, json};

use crate::support::component::Component;
use crate::support::service::Enterprise;

/// A class that has begun, with its teacher `teacher_1` and its pupil `li` inside.
pub async fn lesson<'a>(enterprise: &Enterprise<'a>) -> (i64, Component<'a>, Component<'a>) {
    let teacher = Component::register(enterprise, "teacher_1", "teacher").await;
    let li = Component::register(enterprise, "li", "student").await;
    let class_id = enterprise.class(json!({})).await;
    for component in [&teacher, &li] {
        component.ok("member/join", json!({"class_id": class_id})).await;
    }
    enterprise.ok("class/start", json!({"class_id": class_id})).await;
    (class_id, teacher, li)
}

impl Component<'_> {
    /// Reports an event.
    async fn reports(&self, class_id: i64, event: &str, data: Value) {
        let mut body = json!({"class_id": class_id, "event": event});
        if !data.is_null() {
            body["data"] = data;
        }
        self.ok("report/event", body).await;
    }

    /// Asks a question with the right answers A and B.
    async fn asks(&self, class_id: i64, question_id: &str, seconds: i64) {
        let body = json!({"class_id": class_id, "question_id": question_id, "options": ["A", "B", "C"],
            "correct_answer": ["A", "B"], "limit_time": seconds});
        self.ok("question/launch", body).await;
    }

    /// Answers a question.
    async fn replies(&self, class_id: i64, question_id: &str, select: Value) {
        let body = json!({"class_id": class_id, "question_id": question_id, "reply_id": "r", "reply_select": select});
        self.ok("question/reply", body).await;
    }
}
