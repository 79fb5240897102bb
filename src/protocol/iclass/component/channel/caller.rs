//! The calls of `/saas/v1` that a client makes over the channel.

use std::time::Instant;

use actix_web::body;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use bytestring::ByteString;
use futures_util::future::{FutureExt, LocalBoxFuture};
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use super::message::{Call, Outgoing};
use crate::http::outcome::Called;
use crate::http::request_meter::RequestMeter;
use crate::protocol::iclass::component::auth;
use crate::protocol::iclass::component::auth::Participant;
use crate::protocol::iclass::component::calls::CallTable;
use crate::protocol::iclass::error::{ApiError, Code};

/// The protocol of these calls, in the metrics.
const PROTOCOL: &str = "channel";

/// A call on its way, and its reply.
pub(super) type Reply = LocalBoxFuture<'static, ByteString>;

/// Makes the calls of a client.
#[derive(Clone)]
pub(super) struct Caller {
    pub calls: CallTable,
    /// The request of the WebSocket. Calls are made with it.
    pub http: HttpRequest,
}

impl Caller {
    /// Makes a call, by the function that serves it over HTTP. `me` is an error if the token of the client is not valid.
    pub fn call(&self, me: Result<Participant, ApiError>, call: Call) -> Reply {
        let caller = self.clone();
        async move {
            let begun = Instant::now();
            let response = match me {
                Ok(me) => caller.response(me, &call).await,
                Err(problem) => Err(problem),
            };
            caller.count(&call.call, &response, begun);
            let body = match response {
                Ok(response) => {
                    body::to_bytes(response.into_body()).await.map_err(|_| ApiError::new(Code::Internal, "no answer"))
                }
                Err(problem) => Err(problem),
            };
            let body = match &body {
                Ok(body) => serde_json::from_slice(body).unwrap_or(RawValue::NULL),
                Err(problem) => &refusal(problem),
            };
            Outgoing::Reply { id: call.id.as_ref(), body }.text()
        }
        .boxed_local()
    }

    /// The response to a call.
    async fn response(&self, me: Participant, Call { call, body, .. }: &Call) -> Result<HttpResponse, ApiError> {
        let body = if body.is_null() { Bytes::from_static(b"{}") } else { body.to_string().into() };
        auth::prepare(&self.http, me, body);
        let made = self.calls.call(call, self.http.clone());
        Ok(made.ok_or_else(|| ApiError::new(Code::Internal, format!("{call}: no such call")))?.await)
    }

    fn count(&self, call: &str, response: &Result<HttpResponse, ApiError>, begun: Instant) {
        let Some(meter) = self.http.app_data::<Data<RequestMeter>>() else { return };
        let called = Called { protocol: PROTOCOL, call: self.calls.name(call).map(str::to_owned) };
        match response {
            Ok(response) => meter.count_call(called, response, begun.elapsed()),
            Err(problem) => meter.count_call(called, &problem.error_response(), begun.elapsed()),
        }
    }
}

/// The body of the reply to a call that could not be made.
fn refusal(problem: &ApiError) -> Box<RawValue> {
    let body = json!({ "error_code": problem.code().number(), "error_msg": problem.message() });
    to_raw_value(&body).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
