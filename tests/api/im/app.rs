//! An app of an enterprise, which calls with its token.

use hmac::{Hmac, KeyInit, Mac};
use lectern::domain::chat::group;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::settings::ChatPatch;
use lectern::domain::tenancy::{enterprise_token, secret};
use lectern::store::ids::EnterpriseId;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha1::Sha1;
use url::form_urlencoded::Serializer;

use crate::support::service::{Enterprise, Service};

/// The master key of every app.
pub const MASTER_KEY: &str = "masterkey";

/// An app.
pub struct AppState<'a> {
    pub service: &'a Service,
    pub enterprise_id: i64,
    /// The id of its chat application.
    pub app_id: String,
    /// The token that it sends; `None` for calls without a token.
    pub token: Option<String>,
}

impl<'a> AppState<'a> {
    /// Gives an enterprise a token and a master key.
    pub async fn of(enterprise: &Enterprise<'a>) -> Self {
        let chat = ChatPatch { chat_master_key: Some(MASTER_KEY.into()), ..ChatPatch::default() };
        enterprise.set(Patch { chat, ..Patch::default() }).await;
        let (sdkappid, now) = (enterprise.sdkappid, enterprise.service.clock.now());
        let make = move |conn: &mut _| enterprise_token::create(conn, sdkappid, "app", now);
        let token = enterprise.service.app.db.write(make).await.unwrap();
        Self {
            service: enterprise.service,
            enterprise_id: enterprise.enterprise_id,
            app_id: sdkappid.to_string(),
            token: Some(token),
        }
    }

    /// The same app with another token, or without one.
    pub fn showing(&self, token: Option<&str>) -> AppState<'a> {
        AppState {
            service: self.service,
            enterprise_id: self.enterprise_id,
            app_id: self.app_id.clone(),
            token: token.map(str::to_owned),
        }
    }

    /// Makes a call with a raw body, and returns the status and the answer; null for none.
    pub async fn send(&self, method: Method, path: &str, body: String) -> (StatusCode, Value) {
        let mut request = self.service.http.request(method, format!("{}{path}", self.service.url)).body(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        answer(request).await
    }

    /// Makes a call with JSON, and expects this status.
    pub async fn expect(&self, status: u16, method: Method, path: &str, fields: Value) -> Value {
        let (was, answer) = self.send(method.clone(), path, fields.to_string()).await;
        assert_eq!(was, status, "{method} {path} {fields}: {answer}");
        answer
    }

    pub async fn get(&self, path: &str) -> Value {
        self.expect(200, Method::GET, path, json!({})).await
    }

    /// Creates a group and returns its id.
    pub async fn group(&self, fields: Value) -> i64 {
        self.expect(201, Method::POST, "/im/group", fields).await["group_id"].as_i64().unwrap()
    }

    /// Makes a call and expects an error in the exact form of the protocol, which names the request.
    pub async fn refused(&self, status: u16, code: i64, method: Method, path: &str, fields: Value) -> String {
        let answer = self.expect(status, method.clone(), path, fields).await;
        let names: Vec<&String> = answer.as_object().unwrap().keys().collect();
        assert_eq!(names, ["code", "msg", "request"], "{answer}");
        assert_eq!(answer["code"], code, "{method} {path}: {answer}");
        let path = path.split('?').next().unwrap();
        assert_eq!(answer["request"], format!("{method}  {path}"));
        let msg = answer["msg"].as_str().unwrap();
        assert!(!msg.is_empty());
        msg.to_owned()
    }

    /// The members of a group in the database.
    pub async fn members(&self, group: i64) -> Vec<String> {
        let me = self.enterprise_id;
        self.service.app.db.read(move |conn| group::members(conn, EnterpriseId(me), group)).await.unwrap()
    }
}

/// Sends a request.
pub async fn answer(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
}

/// Encodes fields as a form.
pub fn form(fields: &Value) -> String {
    let mut form = Serializer::new(String::new());
    for (name, value) in fields.as_object().unwrap() {
        form.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    form.finish()
}

/// The signature of a text under the master key.
pub fn signature(text: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(MASTER_KEY.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    secret::hex(&mac.finalize().into_bytes())
}
