//! Classes: defaults, changes, members, beginning and end, and idempotent creation.

mod fields;
mod idempotency;
mod life;
mod members;

use serde_json::{Value, json};

use crate::support::service::Enterprise;

const HOUR: i64 = 3600;

impl Enterprise<'_> {
    /// `class/info` without the envelope.
    async fn class_info(&self, class_id: i64) -> Value {
        let mut info = self.ok("class/info", json!({"class_id": class_id})).await;
        let fields = info.as_object_mut().unwrap();
        fields.retain(|name, _| !name.starts_with("error_"));
        info
    }

    async fn members(&self, class_id: i64) -> Vec<(String, String)> {
        let info = self.class_info(class_id).await;
        let members = info["members"].as_array().unwrap();
        assert_eq!(info["member_count"], members.len());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        members.iter().map(|m| (text(&m["user_id"]), text(&m["role"]))).collect()
    }

    async fn expect_members(&self, class_id: i64, expected: &[(&str, &str)]) {
        let expected: Vec<(String, String)> = expected.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        assert_eq!(self.members(class_id).await, expected);
    }

    async fn total_classes(&self) -> i64 {
        self.ok("class/list", json!({})).await["total"].as_i64().unwrap()
    }

    /// `class/create` with a raw body and an `Idempotency-Key`.
    async fn create_under(&self, key: &str, body: &str) -> Value {
        let request = self.service.http.post(self.signed("class/create")).header("Idempotency-Key", key);
        let response = request.body(body.to_owned()).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }
}
