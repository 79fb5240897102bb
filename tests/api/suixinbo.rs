//! Suixinbo edu: clients of a live classroom, and the enterprise that owns the rooms.

mod accounts;
mod binds;
mod class_log;
mod cloud;
mod presence;
mod recordings;
mod registration;
mod replay;
mod room_lists;
mod rooms;
mod routing;

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::PATIENCE;
use crate::support::service::{Enterprise, Service};

const PASSWORD: &str = "cGFzc3dvcmQ=";

/// A client, with or without a token.
#[derive(Clone)]
struct Client<'a> {
    service: &'a Service,
    appid: i64,
    id: String,
    token: String,
}

impl<'a> Client<'a> {
    /// A client without a token.
    fn of(enterprise: &Enterprise<'a>, id: &str) -> Self {
        Self { service: enterprise.service, appid: enterprise.sdkappid, id: id.into(), token: String::new() }
    }

    /// Opens an account and signs in.
    async fn opens(enterprise: &Enterprise<'a>, id: &str, role: i64) -> Self {
        let mut client = Self::of(enterprise, id);
        client.ok("account", "regist", json!({"id": id, "pwd": PASSWORD, "role": role})).await;
        client.signs_in().await;
        client
    }

    async fn teacher(enterprise: &Enterprise<'a>, id: &str) -> Self {
        Self::opens(enterprise, id, 1).await
    }

    async fn student(enterprise: &Enterprise<'a>, id: &str) -> Self {
        Self::opens(enterprise, id, 0).await
    }

    async fn signs_in(&mut self) -> Value {
        let data = self.ok("account", "login", json!({"id": self.id, "pwd": PASSWORD})).await;
        self.token = data["token"].as_str().unwrap().into();
        data
    }

    /// Makes a call with these fields and those that every body has.
    async fn call(&self, svc: &str, cmd: &str, mut fields: Value) -> Value {
        let common = json!({"appid": self.appid, "timeStamp": 1_267_997_317});
        for (name, value) in common.as_object().unwrap() {
            fields.as_object_mut().unwrap().entry(name).or_insert(value.clone());
        }
        if !self.token.is_empty() {
            fields["token"] = self.token.clone().into();
        }
        send(self.service, svc, cmd, fields.to_string()).await
    }

    /// Makes a call, expects success, and returns the data.
    async fn ok(&self, svc: &str, cmd: &str, fields: Value) -> Value {
        let answer = self.call(svc, cmd, fields.clone()).await;
        assert_eq!((&answer["errorCode"], &answer["errorInfo"]), (&json!(0), &json!("")), "{cmd} {fields}: {answer}");
        answer["data"].clone()
    }

    /// Makes a call, expects an error with this code, and returns the message.
    async fn refused(&self, svc: &str, cmd: &str, fields: Value, code: i64) -> String {
        let answer = self.call(svc, cmd, fields.clone()).await;
        assert_eq!(answer["errorCode"], code, "{cmd} {fields}: {answer}");
        assert!(answer.get("data").is_none(), "{answer}");
        let message = answer["errorInfo"].as_str().unwrap();
        assert!(!message.is_empty());
        message.to_owned()
    }

    async fn live(&self, cmd: &str, fields: Value) -> Value {
        self.ok("live", cmd, fields).await
    }

    /// Opens a room and returns its number.
    async fn room(&self, title: &str) -> i64 {
        self.live("create", json!({ "title": title })).await["roomnum"].as_i64().unwrap()
    }

    /// Opens a room and begins it.
    async fn begun_room(&self) -> i64 {
        let roomnum = self.room("Fractions").await;
        self.live("startcourse", json!({ "roomnum": roomnum })).await;
        roomnum
    }

    async fn enters(&self, roomnum: i64) {
        self.live("reportmemid", json!({"roomnum": roomnum, "operate": 0})).await;
    }

    async fn beats(&self, roomnum: i64) {
        self.live("heartbeat", json!({ "roomnum": roomnum })).await;
    }

    /// The row of a room in the list.
    async fn sees(&self, roomnum: i64) -> Value {
        self.live("roomlist", json!({"index": 0, "size": 10, "roomnum": roomnum})).await["rooms"][0].clone()
    }

    /// The numbers of the rooms in a list, and its total.
    async fn lists(&self, filter: Value) -> (Vec<i64>, i64) {
        let mut fields = json!({"index": 0, "size": 50});
        fields.as_object_mut().unwrap().extend(filter.as_object().unwrap().clone());
        let data = self.live("roomlist", fields).await;
        let rooms = data["rooms"].as_array().unwrap().iter();
        (rooms.map(|room| room["roomnum"].as_i64().unwrap()).collect(), data["total"].as_i64().unwrap())
    }

    /// The ids of the users in a room.
    async fn inside(&self, roomnum: i64) -> Vec<String> {
        let data = self.live("roomidlist", json!({"roomnum": roomnum, "index": 0, "size": 50})).await;
        let ids: Vec<String> =
            data["idlist"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().into()).collect();
        assert_eq!(data["total"], ids.len());
        ids
    }
}

/// Sends a raw body.
async fn send(service: &Service, svc: &str, cmd: &str, body: String) -> Value {
    let url = format!("{}/index.php?svc={svc}&cmd={cmd}", service.url);
    let response = service.http.post(url).body(body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    response.json().await.unwrap()
}

/// Waits until a condition holds: a worker ends sessions without heartbeats.
async fn eventually<T>(ask: impl AsyncFn() -> T, is_so: impl Fn(&T) -> bool) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let found = ask().await;
        if is_so(&found) {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "waited in vain");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
