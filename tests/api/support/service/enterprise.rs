//! A client of the signed calls of an enterprise.

use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::protocol::iclass::sign;
use serde_json::Value;

use super::Service;

/// An enterprise of a service, with a client that signs for it.
pub struct Enterprise<'a> {
    pub service: &'a Service,
    pub enterprise_id: i64,
    pub sdkappid: i64,
    pub tic_key: String,
    pub private_key: String,
}

impl Enterprise<'_> {
    /// The URL of a call, signed for an hour.
    pub fn signed(&self, call: &str) -> String {
        let expire_time = self.service.now() + 3600;
        let (sdkappid, sign) = (self.sdkappid, sign::sign(&self.tic_key, expire_time));
        format!(
            "{}/paas/v1/{call}?sdkappid={sdkappid}&random=1&expire_time={expire_time}&sign={sign}",
            self.service.url
        )
    }

    /// Sends a raw body and returns the answer, which always has HTTP 200.
    pub async fn send(&self, call: &str, body: impl Into<reqwest::Body>) -> Value {
        let response = self.service.http.post(self.signed(call)).body(body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/json");
        response.json().await.unwrap()
    }

    /// Makes a call.
    pub async fn call(&self, call: &str, body: Value) -> Value {
        self.send(call, body.to_string()).await
    }

    /// Makes a call and expects success.
    pub async fn ok(&self, call: &str, body: Value) -> Value {
        let answer = self.call(call, body.clone()).await;
        assert_eq!(answer["error_code"], 0, "{call} {body}: {answer}");
        assert_eq!(answer["error_msg"], "");
        answer
    }

    /// Makes a call, expects an error with this code, and returns the message.
    pub async fn refused(&self, call: &str, body: Value, code: i64) -> String {
        let answer = self.call(call, body.clone()).await;
        assert_eq!(answer["error_code"], code, "{call} {body}: {answer}");
        answer["error_msg"].as_str().unwrap().to_owned()
    }

    /// Creates a class with these fields and a default `teacher_id`, and returns its id.
    pub async fn class(&self, mut fields: Value) -> i64 {
        if fields.get("teacher_id").is_none() {
            fields["teacher_id"] = "teacher_1".into();
        }
        self.ok("class/create", fields).await["class_id"].as_i64().unwrap()
    }

    /// Registers students.
    pub async fn students(&self, user_ids: &[&str]) {
        let list: Vec<Value> =
            user_ids.iter().map(|id| serde_json::json!({ "user_id": id, "role": "student" })).collect();
        self.ok("user/register", serde_json::json!({ "list": list })).await;
    }

    /// Changes the enterprise as an operator would, and makes the service see it.
    pub async fn set(&self, patch: Patch) {
        let sdkappid = self.sdkappid;
        self.service.app.db.write(move |conn| modify_enterprise(conn, sdkappid, patch)).await.unwrap();
        self.service.app.enterprises.forget(sdkappid);
    }
}
