//! A classroom component that behaves like the published page: bodies begin with the platform, `sign` is a hash of the body,
//! and fields without a value are sent empty.

use serde_json::{Value, json};

use crate::support::service::{Enterprise, Service};

/// A component, with or without a token.
pub struct Component<'a> {
    pub service: &'a Service,
    pub sdkappid: i64,
    pub user_id: String,
    pub token: String,
}

impl<'a> Component<'a> {
    /// A component without a token.
    pub fn of_nobody(service: &'a Service) -> Self {
        Self { service, sdkappid: 0, user_id: String::new(), token: String::new() }
    }

    /// A component with a token.
    pub fn of(enterprise: &Enterprise<'a>, user_id: &str, token: &str) -> Self {
        Self {
            service: enterprise.service,
            sdkappid: enterprise.sdkappid,
            user_id: user_id.to_owned(),
            token: token.to_owned(),
        }
    }

    /// Registers a user and signs them in with their `user_token`.
    pub async fn register(enterprise: &Enterprise<'a>, user_id: &str, role: &str) -> Self {
        let list = json!({"list": [{"user_id": user_id, "role": role}]});
        let registered = enterprise.ok("user/register", list).await;
        let user_token = registered["user_list"][0]["user_token"].as_str().unwrap();
        let mut component = Self::of(enterprise, user_id, "");
        let signed_in = component.ok("user/login", json!({"userid": user_id, "password": user_token})).await;
        component.token = signed_in["token"].as_str().unwrap().into();
        component
    }

    /// The URL of a call, with the query that the page adds for a body.
    pub fn url(&self, call: &str, body: &str) -> String {
        let Self { service, sdkappid, user_id, token } = self;
        let sign = format!("{:x}", md5::compute(body));
        format!(
            "{}/saas/v1/{call}?sdkappid={sdkappid}&user_id={user_id}&token={token}&random=153012345&sign={sign}",
            service.url
        )
    }

    /// Sends a raw body and returns the answer, which always has HTTP 200.
    pub async fn send(&self, call: &str, body: String) -> Value {
        self.post(self.url(call, &body), body).await
    }

    /// Sends a body to a URL.
    pub async fn post(&self, url: String, body: String) -> Value {
        let response = self.service.http.post(url).body(body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/json");
        response.json().await.unwrap()
    }

    /// Makes a call.
    pub async fn call(&self, call: &str, body: Value) -> Value {
        self.send(call, from_page(&body)).await
    }

    /// Makes a call and expects success.
    pub async fn ok(&self, call: &str, body: Value) -> Value {
        let answer = self.call(call, body.clone()).await;
        assert_eq!(answer["error_code"], 0, "{call} {body}: {answer}");
        answer
    }

    /// Makes a call, expects an error with this code, and returns the message.
    pub async fn refused(&self, call: &str, body: Value, code: i64) -> String {
        let answer = self.call(call, body.clone()).await;
        assert_eq!(answer["error_code"], code, "{call} {body}: {answer}");
        answer["error_msg"].as_str().unwrap().to_owned()
    }
}

/// A body in the format of the page, with the platform first.
pub fn from_page(body: &Value) -> String {
    let fields = body.to_string();
    match fields.trim_start_matches('{') {
        "}" => r#"{"platform":"web"}"#.to_owned(),
        rest => format!(r#"{{"platform":"web",{rest}"#),
    }
}
