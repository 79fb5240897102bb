//! Limits: who guesses passwords, how often something may be done, and how much is kept.

mod bodies;
mod guessing;
mod quotas;
mod rates;

use lectern::domain::tenancy::{channel, secret};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::support::component::from_page;
use crate::support::service::{Enterprise, Service};

const PASSWORD: &str = "secret12";
/// What a partner logs in with.
const MOBILE: &str = "13800000000";

/// An answer in the form of any protocol.
#[derive(Debug)]
struct Answer {
    status: u16,
    /// `error_code`, `errorCode` or `code`.
    code: Value,
    retry_after: Option<u64>,
    body: Value,
}

impl Answer {
    async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body: Value = response.json().await.unwrap_or_default();
        let code = ["error_code", "errorCode", "code"].iter().find_map(|name| body.get(name)).cloned();
        let retry_after = headers.get("retry-after").map(|seconds| seconds.to_str().unwrap().parse().unwrap());
        Self { status, code: code.unwrap_or_default(), retry_after, body }
    }

    #[track_caller]
    fn expect(&self, status: u16, code: impl Into<Value>) {
        assert_eq!((self.status, &self.code), (status, &code.into()), "{self:?}");
    }

    /// Expects a refusal that says how long to wait.
    #[track_caller]
    fn expect_wait(&self, status: u16, code: impl Into<Value>, seconds: u64) {
        self.expect(status, code);
        assert_eq!(self.retry_after, Some(seconds), "{self:?}");
    }
}

/// A protocol in which people sign in, and its answers.
struct Door {
    name: &'static str,
    right: (u16, Value),
    wrong: (u16, Value),
    throttled: (u16, Value),
}

fn doors() -> [Door; 3] {
    let door = |name, right, wrong, throttled| Door { name, right, wrong, throttled };
    [
        door("iclass", (200, json!(0)), (200, json!(10218)), (200, json!(10211))),
        door("suixinbo", (200, json!(0)), (200, json!(10006)), (200, json!(10108))),
        door("niuclass", (200, Value::Null), (401, json!("UNAUTHORIZED")), (429, json!("TOO_MANY_REQUESTS"))),
    ]
}

/// Creates a user `li` and a partner, who both have the password.
async fn people(enterprise: &Enterprise<'_>) {
    let list = json!({"list": [{"user_id": "li", "role": "teacher", "password": PASSWORD}]});
    enterprise.ok("user/register", list).await;
    let (sdkappid, now) = (enterprise.sdkappid, enterprise.service.clock.now());
    let hash = secret::hash_password(PASSWORD).unwrap();
    let make = move |conn: &mut _| channel::create(conn, sdkappid, MOBILE, hash, now);
    enterprise.service.app.db.write(make).await.unwrap();
}

/// Signs in at a door. `from` is what a proxy says about the client.
async fn sign_in(enterprise: &Enterprise<'_>, door: &Door, user_id: &str, password: &str, from: &str) -> Answer {
    let Service { http, url, .. } = enterprise.service;
    let sdkappid = enterprise.sdkappid;
    let request = match door.name {
        "iclass" => http
            .post(format!("{url}/saas/v1/user/login?sdkappid={sdkappid}"))
            .body(from_page(&json!({"userid": user_id, "password": password}))),
        "suixinbo" => http
            .post(format!("{url}/index.php?svc=account&cmd=login"))
            .body(json!({"appid": sdkappid, "timeStamp": 1, "id": user_id, "pwd": password}).to_string()),
        _ => {
            let mobile = if user_id == "li" { MOBILE } else { user_id };
            http.post(format!("{url}/login")).json(&json!({"mobile": mobile, "password": password}))
        }
    };
    Answer::to(request.header("X-Forwarded-For", from)).await
}
