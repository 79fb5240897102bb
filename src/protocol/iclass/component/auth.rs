//! Who calls from a classroom: the body as it came, the enterprise, and the user whom the token signs in.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;

use crate::config::ComponentSign;
use crate::domain::classroom::session::Component;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::user::User;
use crate::domain::tenancy::{secret, token};
use crate::protocol::iclass::auth::{app, caller, check_valid, gate, read};
use crate::protocol::iclass::error::{ApiError, Code};
use crate::protocol::iclass::{sign, wire};
use crate::state::AppState;

/// A request as it came: its query and its body, not parsed yet.
#[derive(Clone)]
struct Received {
    query: Arc<HashMap<String, String>>,
    body: Bytes,
}

impl Received {
    /// A parameter of the query; an empty one is none.
    fn param(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// The middleware in front of every call of a component.
///
/// # Errors
/// Those of the calls; a refusal is an answer.
pub async fn receive(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    gate(request, next, take).await
}

async fn take(request: &mut ServiceRequest) -> Result<Received, ApiError> {
    let app = app(request)?;
    let body = read(request, &app).await??;
    let mut query = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(request.query_string().as_bytes()) {
        query.entry(name.into_owned()).or_insert_with(|| value.into_owned());
    }
    let received = Received { query: Arc::new(query), body };
    check_sign(app.config.limits.component_sign, &received)?;
    Ok(received)
}

/// Here `sign` is the MD5 of the body: it shows that the body came whole, not who sent it.
fn check_sign(mode: ComponentSign, received: &Received) -> Result<(), ApiError> {
    let refused = |e: sign::Error| Err(ApiError::new(Code::Signature, e.to_string()));
    match (mode, received.param("sign")) {
        (ComponentSign::Off, _) | (ComponentSign::Check, None) => Ok(()),
        (ComponentSign::Require, None) => refused(sign::Error::NoSign),
        (_, Some(given)) if given == format!("{:x}", md5::compute(&received.body)) => Ok(()),
        (_, Some(_)) => refused(sign::Error::Wrong),
    }
}

/// The middleware in front of the calls that take a token.
///
/// # Errors
/// As [`receive`].
pub async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    gate(request, next, sign_in).await
}

async fn sign_in(request: &mut ServiceRequest) -> Result<Participant, ApiError> {
    let app = app(request)?;
    let received = received(request)?;
    let enterprise = enterprise(&app, &received).await?;
    let token = received.param("token").ok_or_else(|| ApiError::new(Code::DeadToken, "token: missing"))?;
    let (enterprise_id, token_hash, now) = (enterprise.enterprise_id, secret::hash_token(token), app.now());
    let (user_id, shown) = (received.param("user_id").map(str::to_owned), token_hash.clone());
    let user = app.db.read(move |conn| token::owner(conn, enterprise_id, user_id.as_deref(), &shown, now)).await?;
    Ok(Participant { enterprise, user, token_hash })
}

async fn enterprise(app: &AppState, received: &Received) -> Result<Arc<Enterprise>, ApiError> {
    let enterprise = caller(app, received.param("sdkappid")).await?;
    check_valid(app, &enterprise)?;
    Ok(enterprise)
}

fn received(request: &impl HttpMessage) -> Result<Received, ApiError> {
    let received = request.extensions().get::<Received>().cloned();
    received.ok_or_else(|| ApiError::new(Code::Internal, "the request was not read"))
}

/// Whoever is signed in on a component.
#[derive(Clone)]
pub struct Participant {
    /// Whose user they are.
    pub enterprise: Arc<Enterprise>,
    /// Who.
    pub user: User,
    /// Of the token that signs them in: a device has one of its own.
    pub token_hash: String,
}

impl Participant {
    /// The component that they signed in on, for the stays that it holds open.
    pub fn component(&self, app: &AppState) -> Component {
        Component {
            user_id: self.user.user_id.clone(),
            token_hash: self.token_hash.clone(),
            lease: app.presence.lease(),
        }
    }

    /// Whether they look after everything of the enterprise.
    pub fn is_administrator(&self) -> bool {
        self.user.role.administrates()
    }
}

impl FromRequest for Participant {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.extensions().get::<Self>().cloned();
        ready(found.ok_or_else(|| ApiError::new(Code::DeadToken, "token: missing")))
    }
}

/// The enterprise that a call without a token names, as far as it does: a page asks for some things before it knows.
pub struct Host(Received);

impl Host {
    /// The enterprise of the `sdkappid`.
    pub async fn named(&self, app: &AppState) -> Result<Arc<Enterprise>, ApiError> {
        enterprise(app, &self.0).await
    }

    /// Whether an `sdkappid` is there that could be one.
    pub fn is_named(&self) -> bool {
        self.0.param("sdkappid").is_some_and(|sdkappid| sdkappid.parse::<i64>().is_ok_and(|number| number != 0))
    }

    /// A parameter of the query; an empty one is none.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.0.param(name)
    }
}

impl FromRequest for Host {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(received(request).map(Self))
    }
}

/// The body of a call, parsed.
pub struct ComponentRequest<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for ComponentRequest<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(received(request).and_then(|received| wire::parse(&received.body)).map_err(ApiError::into_page).map(Self))
    }
}
