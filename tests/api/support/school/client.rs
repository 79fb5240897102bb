//! A back end of the school, which signs its calls.

use std::collections::BTreeMap;

use lectern::clock::{Clock, seconds};
use lectern::protocol::iclass::sign;
use serde_json::{Value, json};

use super::id;
use crate::support::process::eventually;

/// A client of one process.
#[derive(Clone)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) url: String,
    pub(super) sdkappid: i64,
    pub(super) tic_key: String,
}

impl Client {
    /// The same client with another key.
    pub fn with_key(&self, tic_key: &str) -> Self {
        Self { tic_key: tic_key.to_owned(), ..self.clone() }
    }

    /// Makes a call. The error is a missing or incomplete answer.
    pub async fn call(&self, call: &str, body: Value) -> reqwest::Result<Value> {
        Ok(self.ask(call, body).await?.1)
    }

    /// As [`Client::call`], with the HTTP status.
    pub async fn ask(&self, call: &str, body: Value) -> reqwest::Result<(u16, Value)> {
        self.ask_with(call, body, &[]).await
    }

    /// As [`Client::ask`], with more headers.
    pub async fn ask_with(
        &self,
        call: &str,
        body: Value,
        headers: &[(&'static str, &str)],
    ) -> reqwest::Result<(u16, Value)> {
        let request = self.http.post(self.signed(call)).body(body.to_string());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = request.send().await?;
        Ok((response.status().as_u16(), response.json().await?))
    }

    /// Sends a raw body.
    pub async fn post(&self, call: &str, body: reqwest::Body) -> reqwest::Result<reqwest::Response> {
        self.http.post(self.signed(call)).body(body).send().await
    }

    fn signed(&self, call: &str) -> String {
        let expire_time = seconds(Clock::System.now()) + 3600;
        let sign = sign::sign(&self.tic_key, expire_time);
        let sdkappid = self.sdkappid;
        format!("{}/paas/v1/{call}?sdkappid={sdkappid}&random=1&expire_time={expire_time}&sign={sign}", self.url)
    }

    /// Makes a call and expects success.
    pub async fn ok(&self, call: &str, body: Value) -> Value {
        let answer = self.call(call, body).await.unwrap();
        assert_eq!(answer["error_code"], 0, "{call}: {answer}");
        answer
    }

    /// Creates classes and begins them.
    pub async fn begin(&self, classes: usize) -> Vec<i64> {
        let mut begun = Vec::new();
        for _ in 0..classes {
            let class_id = id(&self.ok("class/create", json!({"teacher_id": "teacher"})).await["class_id"]);
            self.ok("class/start", json!({"class_id": class_id})).await;
            begun.push(class_id);
        }
        begun
    }

    /// How many deliveries are in a state.
    pub async fn deliveries(&self, state: &str) -> usize {
        let mut found = 0;
        loop {
            let page = self.ok("callback/list", json!({"state": state, "index": found})).await;
            found += page["list"].as_array().unwrap().len();
            if page["finish"] == true {
                return found;
            }
        }
    }

    /// Waits until all deliveries are settled.
    pub async fn settled(&self) {
        eventually("nothing is pending", async || (self.deliveries("pending").await == 0).then_some(())).await;
    }

    /// All events.
    pub async fn feed(&self) -> Vec<Value> {
        let mut events: Vec<Value> = Vec::new();
        loop {
            let after = events.last().map_or(0, |event| id(&event["event_id"]));
            let page = self.ok("event/list", json!({"after": after})).await;
            events.extend(page["list"].as_array().unwrap().iter().cloned());
            if page["finish"] == true {
                return events;
            }
        }
    }

    /// All classes with their states.
    pub async fn classes(&self) -> BTreeMap<i64, String> {
        let mut classes = BTreeMap::new();
        loop {
            let page = self.ok("class/list", json!({"index": classes.len(), "create_time_desc": false})).await;
            for class in page["list"].as_array().unwrap() {
                classes.insert(id(&class["class_id"]), class["class_status"].as_str().unwrap().to_owned());
            }
            if page["finish"] == true {
                return classes;
            }
        }
    }
}
