//! Uploads of components: the body is a file, which is not read before its caller and its parameters are known.

use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::web::{Data, Query};
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use super::auth::{Participant, check_digest, uploader};
use crate::http::body;
use crate::protocol::iclass::error::{ApiError, Code};
use crate::state::AppState;

/// An upload of a component: its caller, the parameters in its query, and its unread body.
pub struct ComponentUpload<P> {
    /// Who uploads.
    pub me: Participant,
    /// The parameters.
    pub params: P,
    /// The body.
    pub payload: Payload,
    sign: Option<String>,
    /// How long the client says that the body is, in bytes.
    length: Option<u64>,
}

impl<P> ComponentUpload<P> {
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

    /// Returns the result of the upload. After an error, what is left of the body is discarded first, so that the client
    /// reads the answer.
    ///
    /// # Errors
    /// The error of the upload.
    pub async fn end<T>(&mut self, result: Result<T, ApiError>) -> Result<T, ApiError> {
        if result.is_err() {
            body::discard(&mut self.payload).await;
        }
        result
    }
}

impl<P: DeserializeOwned + 'static> FromRequest for ComponentUpload<P> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            match admit(&request).await {
                Ok((me, sign, params)) => Ok(Self { me, params, payload, sign, length: content_length(&request) }),
                Err(error) => {
                    body::discard(&mut payload).await;
                    Err(error)
                }
            }
        })
    }
}

async fn admit<P: DeserializeOwned>(request: &HttpRequest) -> Result<(Participant, Option<String>, P), ApiError> {
    let app = request.app_data::<Data<AppState>>().cloned();
    let app = app.ok_or_else(|| ApiError::new(Code::Internal, "the service is not set up"))?;
    if request.method() != Method::POST {
        return Err(ApiError::method());
    }
    let (me, sign) = uploader(&app, request.query_string()).await?;
    let params = Query::<P>::extract(request).await.map_err(|problem| ApiError::invalid(problem.to_string()))?;
    Ok((me, sign, params.into_inner()))
}

fn content_length(request: &HttpRequest) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok())
}
