//! Joining and quitting a class: admission, the order of errors, and what a session stores.

mod admission;
mod history;
mod sessions;
mod visitors;

use lectern::domain::tenancy::enterprise::Patch;
use serde_json::{Value, json};

use crate::support::service::Enterprise;

impl Enterprise<'_> {
    async fn start_class(&self, class_id: i64) {
        self.ok("class/start", json!({"class_id": class_id})).await;
    }

    async fn stop_class(&self, class_id: i64) {
        self.ok("class/stop", json!({"class_id": class_id})).await;
    }

    async fn join(&self, class_id: i64, user_id: &str) -> Value {
        self.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await
    }

    async fn quit(&self, class_id: i64, user_id: &str) {
        self.ok("member/quit", json!({"class_id": class_id, "user_id": user_id})).await;
    }

    async fn not_joined(&self, class_id: i64, user_id: &str, code: i64) {
        self.refused("member/join", json!({"class_id": class_id, "user_id": user_id}), code).await;
    }

    /// The ids of the participants inside. `runtime/total` must agree.
    async fn inside(&self, class_id: i64) -> Vec<String> {
        let list = self.ok("member/runtime/list", json!({"class_id": class_id})).await;
        let total = self.ok("member/runtime/total", json!({"class_id": class_id})).await;
        let rows = list["list"].as_array().unwrap();
        assert_eq!((&list["total"], &total["total"]), (&json!(rows.len()), &json!(rows.len())));
        rows.iter().map(|row| row["user_id"].as_str().unwrap().to_owned()).collect()
    }

    async fn runtime_of(&self, class_id: i64, user_id: &str) -> Value {
        let list = self.ok("member/runtime/list", json!({"class_id": class_id})).await;
        list["list"].as_array().unwrap().iter().find(|row| row["user_id"] == user_id).unwrap().clone()
    }

    async fn history(&self, class_id: i64) -> Vec<Value> {
        let list = self.ok("member/history/list", json!({"class_id": class_id})).await;
        let total = self.ok("member/history/total", json!({"class_id": class_id})).await;
        let rows = list["list"].as_array().unwrap().clone();
        assert_eq!((&list["total"], &total["total"]), (&json!(rows.len()), &json!(rows.len())));
        rows
    }

    async fn visitor(&self, class_id: i64) -> Value {
        self.ok("member/visitor/join", json!({"class_id": class_id})).await["visitor_info"].clone()
    }

    async fn total_users(&self) -> Value {
        self.ok("user/list", json!({})).await["total"].clone()
    }

    async fn strict(&self) {
        self.set(Patch { strict_schedule: Some(true), ..Patch::default() }).await;
    }

    /// Registers these users with their roles.
    async fn people(&self, people: &[(&str, &str)]) {
        let list: Vec<Value> = people.iter().map(|(id, role)| json!({"user_id": id, "role": role})).collect();
        self.ok("user/register", json!({"list": list})).await;
    }
}
