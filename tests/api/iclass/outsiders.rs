//! Outsiders: visitors, strangers without a token, and people who were put out of a class.

mod accounts;
mod knowing;
mod leaving;
mod names;
mod places;
mod put_out;

use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise::Patch;
use serde_json::{Value, json};

use crate::support::component::Component;
use crate::support::service::Enterprise;

/// A visitor with an account for a class.
async fn visitor<'a>(enterprise: &Enterprise<'a>, class_id: i64) -> Component<'a> {
    let made = Component::of(enterprise, "", "").ok("user/visitor/get", json!({ "class_id": class_id })).await;
    Component::of(enterprise, made["user_id"].as_str().unwrap(), made["token"].as_str().unwrap())
}

impl Enterprise<'_> {
    /// Subscribes to those who leave.
    async fn receives_who_leaves(&self) {
        self.set(Patch { callback_events: Some(vec![Extra::QuitClass]), ..Patch::default() }).await;
    }

    /// Who left a class, in order, as the events say.
    async fn left(&self, class_id: i64) -> Vec<String> {
        let events = self.ok("event/list", json!({ "class_id": class_id })).await;
        let events = events["list"].as_array().unwrap().iter().filter(|event| event["event"] == "quit_class");
        events.map(|event| event["data"]["user_id"].as_str().unwrap().to_owned()).collect()
    }

    /// Why the last session of a user in a class ended; empty while it is open.
    async fn reason(&self, class_id: i64, user_id: &str) -> String {
        let rows = self.ok("class/attendance", json!({ "class_id": class_id })).await["list"].clone();
        let row = rows.as_array().unwrap().iter().find(|row| row["user_id"] == user_id).unwrap();
        row["stay_list"].as_array().unwrap().last().unwrap()["quit_reason"].as_str().unwrap().to_owned()
    }

    async fn is_inside(&self, class_id: i64) -> Vec<Value> {
        let inside = self.ok("member/runtime/list", json!({ "class_id": class_id })).await;
        inside["list"].as_array().unwrap().iter().map(|row| row["user_id"].clone()).collect()
    }
}
