//! Callbacks: what is sent, when, and what acknowledges it.

mod addresses;
mod attempts;
mod events;
pub mod signing;

use lectern::protocol::iclass::sign;
use serde_json::json;

use crate::support::receiver::Request;
use crate::support::service::Enterprise;

/// Whether a request has the enterprise's signature in both places, valid for an hour from now.
fn assert_signed(request: &Request, enterprise: &Enterprise<'_>) {
    let expire_time = enterprise.service.now() + 3600;
    let sign = sign::sign(&enterprise.tic_key, expire_time);
    assert_eq!(request.query["sdkappid"], enterprise.sdkappid.to_string());
    assert_eq!((&request.query["expire_time"], &request.query["sign"]), (&expire_time.to_string(), &sign));
    assert_eq!((&request.body["expire_time"], &request.body["sign"]), (&json!(expire_time), &json!(sign)));
    assert!(request.query["random"].parse::<u32>().is_ok(), "{}", request.target);
}
