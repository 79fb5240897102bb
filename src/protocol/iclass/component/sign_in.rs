//! The calls that a component makes before it has a token: finding the enterprise, login, and access for visitors.

use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, PublicCall, receive};
use crate::clock::seconds;
use crate::domain;
use crate::domain::Limit;
use crate::domain::classroom::visitor::Stranger;
use crate::domain::classroom::{class, sign_in};
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::domain::tenancy::enterprise;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::user::User;
use crate::domain::tenancy::{secret, token, user};
use crate::http::client;
use crate::integrations::tencent::usersig;
use crate::protocol::iclass::backend::member;
use crate::protocol::iclass::backend::member::{VisitorJoin, VisitorJoined};
use crate::protocol::iclass::error::{ApiError, Code};
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::{Name, Natural, Text, UserId, text};
use crate::state::{AppState, LoginKey, Who};

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(business).service(login).service(visitor).service(visitor_join);
}

#[derive(Deserialize, ToSchema)]
struct EnterpriseRef {
    /// The enterprise, from the URL of the page
    enterprise_id: Natural,
}

#[derive(Serialize, ToSchema)]
struct BusinessBase {
    /// The `sdkappid` for all other calls
    sdkappid: i64,
    name: String,
    /// The URL of its logo; empty for none
    icon: String,
}

/// Get the public information about an enterprise
///
/// Called with `sdkappid` 0, because the page learns the `sdkappid` here. Anybody may ask, and learns the name and the logo.
#[utoipa::path(tag = "component", request_body = EnterpriseRef, responses((status = 200, body = Reply<BusinessBase>)))]
#[post("/business/base/info", wrap = "from_fn(receive)")]
async fn business(
    app: Data<AppState>,
    request: HttpRequest,
    body: ComponentRequest<EnterpriseRef>,
) -> Answer<BusinessBase> {
    let address = Some(client::counted_address(&request));
    app.rates.take(Limit::OpenCalls, &Who { address, ..Who::default() })?;
    let enterprise_id = body.0.enterprise_id.0;
    let enterprise =
        app.db.read(move |conn| Ok::<_, domain::Error>(enterprise::get(conn, EnterpriseId(enterprise_id))?)).await?;
    // An enterprise whose validity is over answers as one that doesn't exist.
    let Some(enterprise) = enterprise.filter(|enterprise| enterprise.is_valid_at(app.now())) else {
        let message = format!("enterprise_id {enterprise_id}: no such enterprise");
        return Err(ApiError::new(Code::UnknownEnterprise, message));
    };
    reply(BusinessBase { sdkappid: enterprise.sdkappid, name: enterprise.name, icon: enterprise.icon })
}

#[derive(Deserialize, ToSchema)]
struct Login {
    /// The user
    userid: UserId,
    /// The user's password or `user_token`
    password: Text<1, 128>,
}

#[derive(Serialize, ToSchema)]
struct SignedIn {
    sdkappid: i64,
    user_id: String,
    /// The `user_token` that was sent; empty after a password
    user_token: String,
    /// The ticket for the chat service, valid as long as the token
    user_sig: String,
    /// The token for the other calls, valid for seven days or until the `user_token` is renewed
    token: String,
}

/// Sign in
///
/// An unknown user gets the answer of a wrong password.
#[utoipa::path(tag = "component", request_body = Login, responses((status = 200, body = Reply<SignedIn>)))]
#[post("/user/login", wrap = "from_fn(receive)")]
async fn login(
    app: Data<AppState>,
    call: PublicCall,
    request: HttpRequest,
    body: ComponentRequest<Login>,
) -> Answer<SignedIn> {
    let enterprise = call.enterprise(&app).await?;
    let (user_id, password) = (body.0.userid.0, body.0.password.0);
    let enterprise_id = enterprise.enterprise_id;
    let attempt = app.begin_sign_in(LoginKey {
        enterprise_id: Some(enterprise_id),
        user_id: user_id.clone(),
        address: client::counted_address(&request),
    })?;
    let user = app.db.read(move |conn| user::with_chosen_id(conn, enterprise_id, &user_id)).await?;
    let signed_in = check_password(&app, user.as_ref(), password).await?;
    attempt.settle(signed_in.is_some());
    let wrong = || ApiError::new(Code::WrongPassword, "userid or password: wrong");
    let (user, user_token) = user.zip(signed_in).ok_or_else(wrong)?;
    let (now, user_id) = (app.now(), user.user_id.clone());
    let token = app.db.write(move |conn| token::grant(conn, &user, now)).await?;
    let (private_key, sdkappid) = (&enterprise.private_key, enterprise.sdkappid);
    let user_sig = usersig::sign(private_key, sdkappid, &user_id, now, seconds(token::GOOD_FOR));
    reply(SignedIn { sdkappid, user_id, user_token, user_sig, token })
}

/// Checks what was sent as the password. Returns it if it is the `user_token`, an empty string if it is the password, and `None`
/// if it is neither. That takes as long for a user who does not exist.
async fn check_password(app: &AppState, user: Option<&User>, password: String) -> domain::Result<Option<String>> {
    if user.is_some_and(|user| secret::same(&user.token_hash, &secret::hash_token(&password))) {
        return Ok(Some(password));
    }
    let stored = user.and_then(|user| user.password_hash.clone());
    Ok(app.passwords.is(stored, password).await?.then(String::new))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = Visit)]
struct VisitorRequest {
    /// The public class that the visitor wants to enter
    class_id: Natural,
    /// The display name [default: the visitor's id]
    nickname: Option<Name>,
}

#[derive(Serialize, ToSchema)]
struct Visitor {
    /// Begins with `visitor_`
    user_id: String,
    /// The password for login
    password: String,
    enterprise_id: i64,
    /// The token for the other calls, valid for seven days
    token: String,
}

/// Create an account for a visitor
///
/// `sdkappid` may be 0; the enterprise is then that of the class. A class that is not public answers as one that doesn't exist.
/// Who was put out of the class gets no other account for it while it goes on.
#[utoipa::path(tag = "component", request_body = VisitorRequest, responses((status = 200, body = Reply<Visitor>)))]
#[post("/user/visitor/get", wrap = "from_fn(receive)")]
async fn visitor(
    app: Data<AppState>,
    call: PublicCall,
    request: HttpRequest,
    body: ComponentRequest<VisitorRequest>,
) -> Answer<Visitor> {
    let VisitorRequest { class_id, nickname } = body.0;
    let enterprise_id = enterprise_of_class(&app, &call, class_id).await?.enterprise_id;
    app.check_new_visitor(enterprise_id, Some(client::counted_address(&request))).await?;
    let (now, stranger) = (app.now(), stranger(&call, &request));
    let (ticket, token) = app
        .db
        .write(move |conn| {
            sign_in::grant_visitor(conn, enterprise_id, ClassId(class_id.0), text(nickname), &stranger, now)
        })
        .await?;
    reply(Visitor { user_id: ticket.user_id, password: ticket.user_token, enterprise_id: enterprise_id.0, token })
}

/// Let a person without an account join a public class
#[utoipa::path(tag = "component", request_body = VisitorJoin, responses((status = 200, body = Reply<VisitorJoined>)))]
#[post("/member/visitor/join", wrap = "from_fn(receive)")]
async fn visitor_join(
    app: Data<AppState>,
    call: PublicCall,
    request: HttpRequest,
    body: ComponentRequest<VisitorJoin>,
) -> Answer<VisitorJoined> {
    let enterprise = enterprise_of_class(&app, &call, body.0.class_id).await?;
    let (stranger, address) = (stranger(&call, &request), client::counted_address(&request));
    member::join_visitor(&app, enterprise, body.0, Some(stranger), Some(address)).await
}

/// The client who asks, with the token of an earlier account if the page has one.
fn stranger(call: &PublicCall, request: &HttpRequest) -> Stranger {
    let earlier =
        call.param("token").map(|token| (call.param("user_id").map(str::to_owned), secret::hash_token(token)));
    Stranger { address: client::address(request), earlier }
}

/// The enterprise of the `sdkappid`, or else that of the class.
async fn enterprise_of_class(
    app: &AppState,
    call: &PublicCall,
    class_id: Natural,
) -> Result<Arc<Enterprise>, ApiError> {
    if call.names_enterprise() {
        return call.enterprise(app).await;
    }
    let enterprise = app.db.read(move |conn| class::host(conn, ClassId(class_id.0))).await?;
    if !enterprise.is_valid_at(app.now()) {
        return Err(domain::Error::UnknownClass(ClassId(class_id.0)).into());
    }
    Ok(Arc::new(enterprise))
}
