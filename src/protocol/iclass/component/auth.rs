//! Authentication of component calls: the enterprise and the user of the token.

mod query;

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;

use crate::config::ComponentSign;
use crate::db::Conn;
use crate::domain;
use crate::domain::Limit;
use crate::domain::classroom::actor::Actor;
use crate::domain::classroom::session::Component;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::user::User;
use crate::domain::tenancy::{secret, token};
use crate::http::client;
use crate::protocol::iclass::auth::{app, before_the_body, caller, check_valid, gate, read, read_of_unknown};
use crate::protocol::iclass::error::{ApiError, Code};
use crate::protocol::iclass::{sign, wire};
use crate::state::{AppState, Who};
use query::Query;

/// A request with its query and its unparsed body.
#[derive(Clone)]
struct Received {
    query: Query,
    body: Bytes,
}

/// Middleware that reads the request of a call without a token. If it names an enterprise, that must exist before the body is
/// read.
///
/// # Errors
/// Those of the inner service. A request that is not accepted gets an error response.
pub async fn receive(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    gate(request, next, take).await
}

async fn take(request: &mut ServiceRequest) -> Result<Received, ApiError> {
    let app = app(request)?;
    let query = Query::parse(request.query_string());
    before_the_body(request, async |_| {
        if query.names_enterprise() {
            enterprise(&app, &query).await?;
        }
        Ok(())
    })
    .await?;
    let body = read_of_unknown(request, &app).await?;
    let received = Received { query, body };
    check_sign(app.config.limits.component_sign, &received)?;
    Ok(received)
}

/// Components send the MD5 of the body as `sign`. It proves that the body is complete, not who sent it.
fn check_sign(mode: ComponentSign, received: &Received) -> Result<(), ApiError> {
    check_digest(mode, received.query.param("sign"), || format!("{:x}", md5::compute(&received.body)))
}

/// Compares a `sign` with the MD5 of the body, as far as the settings want it.
pub(super) fn check_digest(
    mode: ComponentSign,
    given: Option<&str>,
    digest: impl FnOnce() -> String,
) -> Result<(), ApiError> {
    let invalid = |e: sign::Error| Err(ApiError::new(Code::Signature, e.to_string()));
    match (mode, given) {
        (ComponentSign::Off, _) | (ComponentSign::Check, None) => Ok(()),
        (ComponentSign::Require, None) => invalid(sign::Error::NoSign),
        (_, Some(given)) if given == digest() => Ok(()),
        (_, Some(_)) => invalid(sign::Error::Wrong),
    }
}

/// Middleware of the calls with a token: finds the user of the token, and then reads the body.
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
    let query = Query::parse(request.query_string());
    let participant = before_the_body(request, async |_| participant(&app, &query).await).await?;
    let received = Received { query, body: read(request, &app).await? };
    check_sign(app.config.limits.component_sign, &received)?;
    request.extensions_mut().insert(received);
    Ok(participant)
}

/// Finds who uploads a file with this query, and the `sign` of the file.
pub(super) async fn uploader(app: &AppState, query: &str) -> Result<(Participant, Option<String>), ApiError> {
    let query = Query::parse(query);
    let me = participant(app, &query).await?;
    let sign = query.param("sign").map(str::to_owned);
    if sign.is_none() {
        check_digest(app.config.limits.component_sign, None, String::new)?;
    }
    Ok((me, sign))
}

async fn participant(app: &AppState, query: &Query) -> Result<Participant, ApiError> {
    let enterprise = enterprise(app, query).await?;
    let token = query.param("token").ok_or_else(|| ApiError::new(Code::DeadToken, "token: missing"))?;
    let me = of_token(app, enterprise, query.param("user_id"), secret::hash_token(token)).await?;
    // A call whose body is a file names its class here. For others, see `link`.
    if let Some(class_id) = query.param("class_id") {
        me.check_in(ClassId(class_id.parse().unwrap_or_default()))?;
    }
    Ok(me)
}

async fn enterprise(app: &AppState, query: &Query) -> Result<Arc<Enterprise>, ApiError> {
    valid_enterprise(app, query.param("sdkappid")).await
}

/// Finds the enterprise, which must be valid now.
pub(super) async fn valid_enterprise(app: &AppState, sdkappid: Option<&str>) -> Result<Arc<Enterprise>, ApiError> {
    let enterprise = caller(app, sdkappid).await?;
    check_valid(app, &enterprise)?;
    Ok(enterprise)
}

/// Finds the user of a token.
pub(super) async fn of_token(
    app: &AppState,
    enterprise: Arc<Enterprise>,
    user_id: Option<&str>,
    token_hash: String,
) -> Result<Participant, ApiError> {
    let (enterprise_id, now) = (enterprise.enterprise_id, app.now());
    let (user_id, hash) = (user_id.map(str::to_owned), token_hash.clone());
    let holder = app.db.read(move |conn| token::holder(conn, enterprise_id, user_id.as_deref(), &hash, now)).await?;
    let token::Holder { user, only_in } = holder;
    Ok(Participant { enterprise, user, only_in, token_hash })
}

/// Prepares a request for a call that came over the channel.
pub(super) fn prepare(request: &HttpRequest, me: Participant, body: Bytes) {
    let mut extensions = request.extensions_mut();
    extensions.insert(Received { query: Query::default(), body });
    extensions.insert(me);
}

/// The only class that the token of a request is good for, and the body; `None` for a token that is good for all classes.
pub(super) fn limited(request: &HttpRequest) -> Option<(ClassId, Bytes)> {
    let extensions = request.extensions();
    let only_in = extensions.get::<Participant>()?.only_in?;
    Some((only_in, extensions.get::<Received>()?.body.clone()))
}

fn received(request: &impl HttpMessage) -> Result<Received, ApiError> {
    let received = request.extensions().get::<Received>().cloned();
    received.ok_or_else(|| ApiError::new(Code::Internal, "the request was not read"))
}

/// The signed-in user of a component.
#[derive(Clone)]
pub struct Participant {
    /// The user's enterprise.
    pub enterprise: Arc<Enterprise>,
    /// The user.
    pub user: User,
    /// The only class that the token is good for; `None` for all.
    pub only_in: Option<ClassId>,
    /// The hash of the token. Each device has its own token.
    pub token_hash: String,
}

impl Participant {
    /// The user, and what their token is good for.
    pub fn holder(&self) -> token::Holder {
        token::Holder { user: self.user.clone(), only_in: self.only_in }
    }

    /// Checks that the token is good for a class.
    pub fn check_in(&self, class_id: ClassId) -> domain::Result<()> {
        self.holder().check_in(class_id)
    }

    /// Keeps the user signed in, who has entered the class of a link.
    pub fn stay_signed_in(&self, conn: &mut Conn) -> domain::Result<()> {
        if self.only_in.is_none() {
            return Ok(());
        }
        token::extend(conn, self.enterprise.enterprise_id, &self.token_hash)
    }

    /// Counts an attempt to enter a class with its password. An empty password is none.
    pub fn count_class_password(&self, app: &AppState, http: &HttpRequest, password: &str) -> domain::Result<()> {
        if password.is_empty() {
            return Ok(());
        }
        let (address, user_id) = (Some(client::counted_address(http)), Some(self.user.user_id.as_str()));
        let who = Who { address, user_id, enterprise_id: Some(self.enterprise.enterprise_id) };
        app.rates.take(Limit::ClassPasswords, &who)
    }

    /// The user, acting in a class.
    pub fn in_class(&self, class_id: i64) -> Actor<'_> {
        let enterprise_id = self.enterprise.enterprise_id;
        Actor { enterprise_id, class_id: ClassId(class_id), user_id: &self.user.user_id }
    }

    /// The component, as the holder of sessions.
    pub fn component(&self, app: &AppState) -> Component {
        Component {
            user_id: self.user.user_id.clone(),
            token_hash: self.token_hash.clone(),
            lease: app.presence.lease(),
        }
    }

    /// Whether the user administers the enterprise.
    pub fn is_administrator(&self) -> bool {
        self.user.role.is_administrator()
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

/// A call without a token. It may lack the `sdkappid`, because a page makes some calls before it knows the enterprise.
pub struct PublicCall(Received);

impl PublicCall {
    /// The enterprise of the `sdkappid`.
    pub async fn enterprise(&self, app: &AppState) -> Result<Arc<Enterprise>, ApiError> {
        enterprise(app, &self.0.query).await
    }

    /// Whether the call has an `sdkappid` other than 0.
    pub fn names_enterprise(&self) -> bool {
        self.0.query.names_enterprise()
    }

    /// A query parameter, or `None` if it is empty.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.0.query.param(name)
    }
}

impl FromRequest for PublicCall {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(received(request).map(Self))
    }
}

/// The parsed body of a component call.
pub struct ComponentRequest<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for ComponentRequest<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(received(request).and_then(|received| wire::parse(&received.body)).map_err(ApiError::into_page).map(Self))
    }
}
