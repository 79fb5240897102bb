//! Authentication of signed calls: checks the signature before the body is parsed, and passes the enterprise and the body on.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::{ApiError, Code};
use super::sign;
use super::wire;
use super::wire::Int;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::http::body;
use crate::state::AppState;

/// The end of the path of the call whose refusals have lists.
const REGISTRATION: &str = "/user/register";

/// The public parameters (iClass, appendix 1). `random` is ignored.
#[derive(Default)]
struct PublicParams<'a> {
    sdkappid: Option<Cow<'a, str>>,
    sign: Option<Cow<'a, str>>,
    expire_time: Option<Cow<'a, str>>,
}

impl<'a> PublicParams<'a> {
    fn parse(query: &'a str) -> Self {
        let mut params = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let field = match name.as_ref() {
                "sdkappid" => &mut params.sdkappid,
                "sign" => &mut params.sign,
                "expire_time" => &mut params.expire_time,
                _ => continue,
            };
            field.get_or_insert(value);
        }
        params
    }

    /// Whether the whole signature is in the query.
    fn is_signed(&self) -> bool {
        self.sign.is_some() && self.expire_time.is_some()
    }
}

/// An older revision of the protocol has these parameters in the body instead of the query.
#[derive(Default, Deserialize)]
struct SignedBody {
    sign: Option<String>,
    expire_time: Option<Int<{ i64::MIN }, { i64::MAX }>>,
}

/// A signed request: its enterprise and its unparsed body.
struct Signed {
    enterprise: Arc<Enterprise>,
    body: Bytes,
}

/// Middleware that authenticates every signed call.
///
/// # Errors
/// Those of the inner service. A failed authentication becomes a response.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    if !request.path().ends_with(REGISTRATION) {
        return gate(request, next, admit).await;
    }
    let admit = async |request: &mut ServiceRequest| admit(request).await.map_err(ApiError::with_lists);
    let response = gate(request, next, admit).await?;
    let error = response.response().error().and_then(|error| error.as_error::<ApiError>().cloned());
    Ok(match error {
        Some(error) => response.into_response(error.with_lists().error_response()).map_into_right_body(),
        None => response,
    })
}

/// Runs `admit`. On success puts its result into the request's extensions and calls the next service, else responds with the
/// error.
pub(super) async fn gate<T: 'static, B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
    admit: impl AsyncFnOnce(&mut ServiceRequest) -> Result<T, ApiError>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    if request.method() == Method::OPTIONS {
        let allowed = HttpResponse::NoContent().insert_header((header::ALLOW, "POST, OPTIONS")).finish();
        return Ok(request.into_response(allowed).map_into_right_body());
    }
    match admit(&mut request).await {
        Ok(admitted) => {
            request.extensions_mut().insert(admitted);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(error) => {
            let mut response = error.error_response();
            if response.status() == actix_web::http::StatusCode::METHOD_NOT_ALLOWED {
                response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST, OPTIONS"));
            }
            Ok(request.into_response(response).map_into_right_body())
        }
    }
}

/// Admits a caller before the body is read. The body of one who is refused is read all the same, without keeping it, because a
/// connection with an unread body can't be reused.
pub(super) async fn before_the_body<T>(
    request: &mut ServiceRequest,
    admit: impl AsyncFnOnce(&ServiceRequest) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let admitted = if request.method() == Method::POST { admit(request).await } else { Err(ApiError::method()) };
    if admitted.is_err() {
        body::discard(&mut request.take_payload()).await;
    }
    admitted
}

/// The body of a caller who is known.
pub(super) async fn read(request: &mut ServiceRequest, app: &AppState) -> Result<Bytes, body::Error> {
    body::read(request.take_payload(), app.config.limits.body_bytes).await
}

/// The body of a caller who is not known yet. The reservation is kept with the request.
pub(super) async fn read_of_unknown(request: &mut ServiceRequest, app: &AppState) -> Result<Bytes, body::Error> {
    let payload = request.take_payload();
    let read = body::read_of_unknown(request.request(), payload, app.config.limits.body_bytes).await;
    let (body, reservation) = read?;
    request.extensions_mut().insert(reservation);
    Ok(body)
}

/// The state that all requests share.
pub(super) fn app(request: &ServiceRequest) -> Result<Data<AppState>, ApiError> {
    request.app_data::<Data<AppState>>().cloned().ok_or_else(not_set_up)
}

fn not_set_up() -> ApiError {
    ApiError::new(Code::Internal, "the service is not set up")
}

async fn admit(request: &mut ServiceRequest) -> Result<Signed, ApiError> {
    let app = app(request)?;
    let admitted = before_the_body(request, async |request| {
        let params = PublicParams::parse(request.query_string());
        let enterprise = caller(&app, params.sdkappid.as_deref()).await?;
        if params.is_signed() {
            check_sign(&app, &enterprise, &params, None)?;
            check_valid(&app, &enterprise)?;
        }
        Ok((enterprise, params.is_signed()))
    });
    let (enterprise, is_known) = admitted.await?;
    if is_known {
        return Ok(Signed { enterprise, body: read(request, &app).await? });
    }
    let body = read_of_unknown(request, &app).await;
    let params = PublicParams::parse(request.query_string());
    if body.as_ref().err() != Some(&body::Error::Busy) {
        check_sign(&app, &enterprise, &params, body.as_ref().ok())?;
    }
    check_valid(&app, &enterprise)?;
    Ok(Signed { enterprise, body: body? })
}

/// Checks that the enterprise's validity has not ended.
pub(super) fn check_valid(app: &AppState, enterprise: &Enterprise) -> Result<(), ApiError> {
    if enterprise.is_valid_at(app.now()) {
        Ok(())
    } else {
        Err(ApiError::new(Code::Forbidden, format!("sdkappid {}: its validity is over", enterprise.sdkappid)))
    }
}

/// Finds the enterprise by its `sdkappid`.
pub(super) async fn caller(app: &AppState, sdkappid: Option<&str>) -> Result<Arc<Enterprise>, ApiError> {
    let given = sdkappid.ok_or_else(|| ApiError::new(Code::UnknownEnterprise, "sdkappid: missing"))?;
    let unknown = || ApiError::new(Code::UnknownEnterprise, format!("sdkappid {given:?}: no such enterprise"));
    let sdkappid = given.parse().map_err(|_| unknown())?;
    app.enterprises.find(&app.db, sdkappid, app.now()).await?.ok_or_else(unknown)
}

fn check_sign(
    app: &AppState,
    enterprise: &Enterprise,
    params: &PublicParams<'_>,
    body: Option<&Bytes>,
) -> Result<(), ApiError> {
    let invalid = |message: String| ApiError::new(Code::Signature, message);
    let in_body = match body {
        Some(body) if params.sign.is_none() || params.expire_time.is_none() => {
            serde_json::from_slice(body).unwrap_or_default()
        }
        _ => SignedBody::default(),
    };
    let expire_time = match params.expire_time.as_deref() {
        Some(text) => Some(text.parse().map_err(|_| invalid("expire_time: not an integer".into()))?),
        None => in_body.expire_time.map(|time| time.0),
    };
    let given = params.sign.as_deref().or(in_body.sign.as_deref());
    sign::check(enterprise, given, expire_time, app.now(), app.config.limits.sign_max_age_seconds)
        .map_err(|e| invalid(e.to_string()))
}

/// The enterprise that signed the request.
pub struct Caller(pub Arc<Enterprise>);

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(signed(request, |signed| Ok(Self(signed.enterprise.clone()))))
    }
}

/// The parsed body of a signed request.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(signed(request, |signed| wire::parse(&signed.body).map(Self)))
    }
}

/// The unparsed body of a signed request.
pub struct RawBody(pub Bytes);

impl FromRequest for RawBody {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(signed(request, |signed| Ok(Self(signed.body.clone()))))
    }
}

/// A request with its signature in the query, and its unread body.
pub struct Upload {
    pub enterprise: Arc<Enterprise>,
    pub payload: Payload,
}

impl FromRequest for Upload {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            match admit_upload(&request).await {
                Ok(enterprise) => Ok(Self { enterprise, payload }),
                Err(error) => {
                    body::discard(&mut payload).await;
                    Err(error)
                }
            }
        })
    }
}

async fn admit_upload(request: &HttpRequest) -> Result<Arc<Enterprise>, ApiError> {
    let app = request.app_data::<Data<AppState>>().cloned().ok_or_else(not_set_up)?;
    if request.method() != Method::POST {
        return Err(ApiError::method());
    }
    let params = PublicParams::parse(request.query_string());
    let enterprise = caller(&app, params.sdkappid.as_deref()).await?;
    check_sign(&app, &enterprise, &params, None)?;
    check_valid(&app, &enterprise)?;
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let limit = app.config.limits.document_bytes;
    if length.is_some_and(|length: u64| length > limit) {
        return Err(body::Error::TooLarge(limit).into());
    }
    Ok(enterprise)
}

fn signed<T>(request: &HttpRequest, f: impl FnOnce(&Signed) -> Result<T, ApiError>) -> Result<T, ApiError> {
    match request.extensions().get::<Signed>() {
        Some(signed) => f(signed),
        None => Err(ApiError::new(Code::Signature, sign::Error::NoSign.to_string())),
    }
}
