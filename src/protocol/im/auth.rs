//! Authentication: the enterprise of the token, or an enterprise that accepts calls without a token.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;

use super::error::{ApiError, Code};
use super::wire;
use crate::domain;
use crate::domain::Limit;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::settings::ChatSettings;
use crate::domain::tenancy::{enterprise, enterprise_token, settings};
use crate::http::{body, client};
use crate::state::{AppState, Who};

/// A request after authentication, with its unparsed body.
struct Received {
    owner: TokenOwner,
    body: Bytes,
}

/// The enterprise of the request's token; `None` without a token.
#[derive(Clone)]
pub struct TokenOwner(Option<Arc<Host>>);

/// An enterprise with its chat application.
pub struct Host {
    pub enterprise: Enterprise,
    pub settings: ChatSettings,
}

/// Middleware of every call. It rejects an invalid token; the calls decide whether they need one. It also turns every error
/// into a response that names the request.
///
/// # Errors
/// Those of the inner service, except [`ApiError`].
pub async fn authenticate(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    match admit(&mut request).await {
        Ok(received) => drop(request.extensions_mut().insert(received)),
        Err(error) => {
            let answer = error.answer(request.request());
            return Ok(request.into_response(answer).map_into_right_body());
        }
    }
    let response = next.call(request).await?;
    let error = response.response().error().and_then(|error| error.as_error::<ApiError>());
    match error.map(|error| error.answer(response.request())) {
        Some(answer) => Ok(response.into_response(answer).map_into_right_body()),
        None => Ok(response.map_into_left_body()),
    }
}

async fn admit(request: &mut ServiceRequest) -> Result<Received, ApiError> {
    let app = app(request.request())?;
    let owner = match owner(request, &app).await {
        Ok(owner) => owner,
        Err(refusal) => {
            // Not kept, but read, because a connection with an unread body can't be reused.
            body::discard(&mut request.take_payload()).await;
            return Err(refusal);
        }
    };
    let (payload, limit) = (request.take_payload(), app.config.limits.body_bytes);
    let body = if owner.is_some() {
        body::read(payload, limit).await?
    } else {
        let (body, reservation) = body::read_of_unknown(request.request(), payload, limit).await?;
        request.extensions_mut().insert(reservation);
        body
    };
    Ok(Received { owner: TokenOwner(owner), body })
}

/// The enterprise of the token; `None` without one.
async fn owner(request: &ServiceRequest, app: &AppState) -> Result<Option<Arc<Host>>, ApiError> {
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        let address = Some(client::counted_address(request.request()));
        app.rates.take(Limit::OpenCalls, &Who { address, ..Who::default() })?;
        return Ok(None);
    };
    let token = header.to_str().ok().and_then(token).ok_or_else(|| {
        ApiError::new(Code::Auth, "Authorization: must be Bearer and a token, or Basic with a token for the user")
    })?;
    let owner = app.db.read(move |conn| enterprise_token::owner(conn, &token)).await?;
    let owner = owner.filter(is_served);
    let owner = owner.ok_or_else(|| ApiError::new(Code::Auth, "the token is not good, or not any more"))?;
    valid(app, owner).map(Some)
}

/// The token of an `Authorization` header: that of `Bearer`, or the user name of `Basic`. The password is ignored.
fn token(header: &str) -> Option<String> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
    Some(pair.split_once(':')?.0.to_owned())
}

/// Whether an enterprise has switched IM on.
fn is_served((enterprise, _): &(Enterprise, ChatSettings)) -> bool {
    enterprise.im_enabled
}

/// Returns the enterprise if its validity has not ended.
fn valid(app: &AppState, (enterprise, settings): (Enterprise, ChatSettings)) -> Result<Arc<Host>, ApiError> {
    if enterprise.is_valid_at(app.now()) {
        Ok(Arc::new(Host { enterprise, settings }))
    } else {
        Err(ApiError::new(Code::Forbidden, "the validity of the enterprise is over"))
    }
}

/// Returns the enterprise if it accepts calls without a token.
fn open(app: &AppState, found: Option<(Enterprise, ChatSettings)>) -> Result<Arc<Host>, ApiError> {
    let found = found.filter(is_served).filter(|(_, settings)| settings.im_open);
    valid(app, found.ok_or_else(|| ApiError::new(Code::Auth, "Authorization: missing"))?)
}

impl TokenOwner {
    /// The calling enterprise for a chat application. The token's enterprise must own the application. Without a token the
    /// application's owner must be open.
    ///
    /// # Errors
    /// 1001 for the application of another enterprise, 1005 if a token is missing.
    pub async fn for_app(self, app: &AppState, app_id: &str) -> Result<Arc<Host>, ApiError> {
        match self.0 {
            Some(host) if host.settings.app_id(host.enterprise.sdkappid) == app_id => Ok(host),
            Some(_) => Err(ApiError::new(Code::NotFound, format!("app_id {app_id:?}: not found"))),
            None => {
                let app_id = app_id.to_owned();
                let find = move |conn: &mut _| Ok::<_, domain::Error>(settings::of_chat_app(conn, &app_id)?);
                open(app, app.db.read(find).await?)
            }
        }
    }

    /// The enterprise whose groups a call manages: that of the token, or the configured default if it is open.
    async fn for_groups(self, app: &AppState) -> Result<Arc<Host>, ApiError> {
        match (self.0, app.config.chat.default_sdkappid) {
            (Some(host), _) => Ok(host),
            (None, Some(sdkappid)) => {
                let find = move |conn: &mut _| {
                    let Some(enterprise) = enterprise::find(conn, sdkappid)? else { return Ok(None) };
                    let settings = settings::chat(conn, enterprise.enterprise_id)?;
                    Ok::<_, domain::Error>(Some((enterprise, settings)))
                };
                open(app, app.db.read(find).await?)
            }
            (None, None) => open(app, None),
        }
    }
}

/// The `enterprise_id` of the calling enterprise of a call that manages groups.
pub struct Caller(pub i64);

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = app(request).and_then(|app| Ok((app, received(request, |received| Ok(received.owner.clone()))?)));
        Box::pin(async move {
            let (app, owner) = found?;
            owner.for_groups(&app).await.map(|host| Self(host.enterprise.enterprise_id.0))
        })
    }
}

impl FromRequest for TokenOwner {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(received(request, |received| Ok(received.owner.clone())))
    }
}

/// The parsed fields of a call, from the body (JSON or a form) and the query.
pub struct Fields<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Fields<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parse = |received: &Received| Ok(Self(wire::parse(&received.body, request.query_string())?));
        ready(received(request, parse))
    }
}

fn app(request: &HttpRequest) -> Result<Data<AppState>, ApiError> {
    let app = request.app_data::<Data<AppState>>().cloned();
    app.ok_or_else(|| ApiError::new(Code::Failed, "the service is not set up"))
}

fn received<T>(request: &HttpRequest, f: impl FnOnce(&Received) -> Result<T, ApiError>) -> Result<T, ApiError> {
    match request.extensions().get::<Received>() {
        Some(received) => f(received),
        None => Err(ApiError::new(Code::Auth, "Authorization: missing")),
    }
}
