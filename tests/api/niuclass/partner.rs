//! A channel partner of an enterprise, which logs in and calls with its token.

use std::sync::LazyLock;

use lectern::domain::tenancy::{channel, secret};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::service::{Enterprise, Service};

/// The password of every partner.
pub const PASSWORD: &str = "Wxxhh2112333";

/// Hashed once, because hashing is slow on purpose.
static PASSWORD_HASH: LazyLock<String> = LazyLock::new(|| secret::hash_password(PASSWORD).unwrap());

/// A channel that is logged in.
pub struct Partner<'a> {
    pub service: &'a Service,
    /// Its account.
    pub user_id: i64,
    pub token: String,
}

impl<'a> Partner<'a> {
    /// Creates a channel of an enterprise and logs in.
    pub async fn of(enterprise: &Enterprise<'a>, mobile: &str) -> Self {
        let user_id = make(enterprise, mobile).await;
        let token = log_in(enterprise.service, mobile, PASSWORD).await["token"].as_str().unwrap().to_owned();
        Self { service: enterprise.service, user_id, token }
    }

    /// Makes a call, and returns the status and the body; null for none.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let url = format!("{}{path}", self.service.url);
        let request = self.service.http.request(method, url).bearer_auth(&self.token).json(&body);
        answer(request).await
    }

    /// Makes a call and expects this status.
    pub async fn expect(&self, status: u16, method: Method, path: &str, body: Value) -> Value {
        let (was, answer) = self.call(method.clone(), path, body.clone()).await;
        assert_eq!(was, status, "{method} {path} {body}: {answer}");
        if was.as_u16() >= 400 {
            check_refusal(&answer);
        }
        answer
    }

    pub async fn get(&self, path: &str) -> Value {
        self.expect(200, Method::GET, path, json!({})).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Value {
        self.expect(200, Method::PUT, path, body).await
    }

    pub async fn make(&self, path: &str, body: Value) -> Value {
        self.expect(201, Method::POST, path, body).await
    }

    pub async fn delete(&self, path: &str) {
        self.expect(204, Method::DELETE, path, json!({})).await;
    }

    /// Makes a call, expects an error, and returns the message.
    pub async fn refused(&self, status: u16, method: Method, path: &str, body: Value) -> String {
        self.expect(status, method, path, body).await["message"].as_str().unwrap().to_owned()
    }

    /// Creates an organization with these fields and returns its id.
    pub async fn organization(&self, mut fields: Value) -> i64 {
        if fields.get("name").is_none() {
            fields["name"] = "古诗词鉴赏".into();
        }
        fields["organization_owner"] = self.user_id.into();
        self.make("/api/organization", fields).await["id"].as_i64().unwrap()
    }

    /// Creates a member and returns the `user_id` and the `member_id`.
    pub async fn member(&self, organization: i64, role: &str, mobile: &str) -> (i64, i64) {
        let fields = json!({"role": role, "mobile": mobile, "name": format!("{role} {mobile}")});
        let made = self.make(&format!("/api/organization/{organization}/members"), fields).await;
        (made["user_id"].as_i64().unwrap(), made["member_id"].as_i64().unwrap())
    }

    /// Creates a course and returns its id.
    pub async fn course(&self, organization: i64) -> i64 {
        let fields = json!({"title": "王维诗词鉴赏", "clarity": "HD"});
        self.make(&format!("/api/organization/{organization}/courses"), fields).await["id"].as_i64().unwrap()
    }

    /// Gets a course.
    pub async fn info(&self, course: i64) -> Value {
        self.get(&format!("/api/course/{course}")).await
    }

    /// Sets the times of a course.
    pub async fn times(&self, course: i64, duration: i64, period: i64, times: Value) {
        let body = json!({"duration": duration, "period": period, "times": times});
        assert_eq!(self.put(&format!("/api/course/{course}/times"), body).await, json!({}));
    }
}

/// Creates a channel and returns the id of its account.
pub async fn make(enterprise: &Enterprise<'_>, mobile: &str) -> i64 {
    let (sdkappid, mobile, now) = (enterprise.sdkappid, mobile.to_owned(), enterprise.service.clock.now());
    let make = move |conn: &mut _| channel::create(conn, sdkappid, &mobile, PASSWORD_HASH.clone(), now);
    enterprise.service.app.db.write(make).await.unwrap().user_id.parse().unwrap()
}

/// Logs in and expects success.
pub async fn log_in(service: &Service, mobile: &str, password: &str) -> Value {
    let (status, answer) = try_to_log_in(service, json!({"mobile": mobile, "password": password})).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Sends a body to the login.
pub async fn try_to_log_in(service: &Service, body: Value) -> (StatusCode, Value) {
    answer(service.http.post(format!("{}/login", service.url)).json(&body)).await
}

async fn answer(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
}

/// Checks that an error has the exact form of the protocol.
pub fn check_refusal(answer: &Value) {
    let fields = answer.as_object().unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["code", "message"], "{answer}");
    assert!(fields.values().all(|value| value.as_str().is_some_and(|text| !text.is_empty())), "{answer}");
}
