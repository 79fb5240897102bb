//! Who makes a signed call, for the audit log.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::auth::Caller;
use super::error::ApiError;
use crate::domain::tenancy::audit::{Actor, Origin};
use crate::http::client;

/// The enterprise that signed a request, with the address that it came from.
pub struct AuditedCaller(pub Actor);

impl FromRequest for AuditedCaller {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let address = client::address(request).map_or_else(String::new, |address| address.to_string());
        let caller = Caller::from_request(request, payload).into_inner();
        std::future::ready(
            caller.map(|caller| Self(Actor { name: caller.0.sdkappid.to_string(), origin: Origin::Api, address })),
        )
    }
}
