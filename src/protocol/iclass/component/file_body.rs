//! Uploads of components: the body is a file, which is not read before its caller is known.

use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;

use super::auth::{Participant, check_digest, uploader};
use crate::http::body;
use crate::protocol::iclass::error::{ApiError, Code};
use crate::state::AppState;

/// An upload of a component: its caller, and its unread body.
pub struct ComponentUpload {
    /// Who uploads.
    pub me: Participant,
    /// The body.
    pub payload: Payload,
    sign: Option<String>,
    /// How long the client says that the body is, in bytes.
    length: Option<u64>,
}

impl ComponentUpload {
    /// Checks that the client does not announce a longer body, before it is read.
    ///
    /// # Errors
    /// It is longer than `limit`, in bytes.
    pub fn check_length(&self, limit: u64) -> Result<(), ApiError> {
        if self.length.is_some_and(|length| length > limit) {
            return Err(body::Error::TooLarge(limit).into());
        }
        Ok(())
    }

    /// Checks the `sign` of the upload, when the MD5 of its body is known.
    ///
    /// # Errors
    /// The signature is missing or wrong.
    pub fn check_sign(&self, app: &AppState, digest: &str) -> Result<(), ApiError> {
        check_digest(app.config.limits.component_sign, self.sign.as_deref(), || digest.to_owned())
    }
}

impl FromRequest for ComponentUpload {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            match admit_upload(&request).await {
                Ok((me, sign)) => Ok(Self { me, payload, sign, length: content_length(&request) }),
                Err(error) => {
                    body::discard(&mut payload).await;
                    Err(error)
                }
            }
        })
    }
}

async fn admit_upload(request: &HttpRequest) -> Result<(Participant, Option<String>), ApiError> {
    let app = request.app_data::<Data<AppState>>().cloned();
    let app = app.ok_or_else(|| ApiError::new(Code::Internal, "the service is not set up"))?;
    if request.method() != Method::POST {
        return Err(ApiError::method());
    }
    uploader(&app, request.query_string()).await
}

fn content_length(request: &HttpRequest) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok())
}
