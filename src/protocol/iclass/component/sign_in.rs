//! What a component asks for before it has a token: the enterprise, the token itself, and a way in for visitors.

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Host};
use crate::clock::seconds;
use crate::domain;
use crate::domain::classroom::{class, sign_in};
use crate::domain::tenancy::enterprise;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::user::User;
use crate::domain::tenancy::{secret, token, user};
use crate::integrations::tencent::usersig;
use crate::protocol::iclass::auth::check_valid;
use crate::protocol::iclass::backend::member;
use crate::protocol::iclass::backend::member::{VisitorJoin, VisitorJoined};
use crate::protocol::iclass::error::{ApiError, Code};
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::{Name, Natural, Text, UserId, text};
use crate::state::{AppState, LoginKey};

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(business).service(login).service(visitor).service(visitor_join);
}

#[derive(Deserialize, ToSchema)]
struct EnterpriseRef {
    /// The enterprise, as the address of the page names it
    enterprise_id: Natural,
}

#[derive(Serialize, ToSchema)]
struct BusinessBase {
    /// What every other call has to carry
    sdkappid: i64,
    name: String,
    /// The address of its logo; empty for none
    icon: String,
}

/// Look at what everybody may know of an enterprise
///
/// Comes with `sdkappid` 0: the page learns it here.
#[utoipa::path(tag = "component", request_body = EnterpriseRef, responses((status = 200, body = Reply<BusinessBase>)))]
#[post("/business/base/info")]
async fn business(app: Data<AppState>, asked: ComponentRequest<EnterpriseRef>) -> Answer<BusinessBase> {
    let enterprise_id = asked.0.enterprise_id.0;
    let found = app.db.read(move |conn| Ok::<_, domain::Error>(enterprise::get(conn, enterprise_id)?)).await?;
    let Some(enterprise) = found else {
        let message = format!("enterprise_id {enterprise_id}: no such enterprise");
        return Err(ApiError::new(Code::UnknownEnterprise, message));
    };
    check_valid(&app, &enterprise)?;
    reply(BusinessBase { sdkappid: enterprise.sdkappid, name: enterprise.name, icon: enterprise.icon })
}

#[derive(Deserialize, ToSchema)]
struct Login {
    /// Who signs in
    userid: UserId,
    /// Their password, or their `user_token`
    password: Text<1, 128>,
}

#[derive(Serialize, ToSchema)]
struct SignedIn {
    sdkappid: i64,
    user_id: String,
    /// The `user_token` that was sent; empty after a password
    user_token: String,
    /// The ticket of the chat service, good as long as the token
    user_sig: String,
    /// What the other calls take, for seven days or until the `user_token` is renewed
    token: String,
}

/// Sign in
#[utoipa::path(tag = "component", request_body = Login, responses((status = 200, body = Reply<SignedIn>)))]
#[post("/user/login")]
async fn login(
    app: Data<AppState>,
    host: Host,
    request: HttpRequest,
    asked: ComponentRequest<Login>,
) -> Answer<SignedIn> {
    let enterprise = host.named(&app).await?;
    let (user_id, password) = (asked.0.userid.0, asked.0.password.0);
    let trier = LoginKey {
        enterprise_id: enterprise.enterprise_id,
        user_id: user_id.clone(),
        address: request.peer_addr().map(|address| address.ip()),
    };
    if !app.attempts.begin(&trier, app.now()) {
        return Err(ApiError::new(Code::Login, "password: too many wrong ones; wait a minute"));
    }
    let enterprise_id = enterprise.enterprise_id;
    let user = app.db.read(move |conn| user::require(conn, enterprise_id, &user_id)).await?;
    let user_token = shown(&app, &user, password).await?;
    app.attempts.succeeded(&trier);
    let (now, user_id) = (app.now(), user.user_id.clone());
    let token = app.db.write(move |conn| token::grant(conn, &user, now)).await?;
    let (private_key, sdkappid) = (&enterprise.private_key, enterprise.sdkappid);
    let user_sig = usersig::sign(private_key, sdkappid, &user_id, now, seconds(token::GOOD_FOR));
    reply(SignedIn { sdkappid, user_id, user_token, user_sig, token })
}

/// The `user_token`, if it was that which was shown.
async fn shown(app: &AppState, user: &User, password: String) -> Result<String, ApiError> {
    if secret::same(&user.token_hash, &secret::hash_token(&password)) {
        return Ok(password);
    }
    let right = app.passwords.is_of(user, password).await;
    if right { Ok(String::new()) } else { Err(ApiError::new(Code::WrongPassword, "password: wrong")) }
}

#[derive(Deserialize, ToSchema)]
struct Visit {
    /// The class they want to enter; a public one
    class_id: Natural,
    /// The name shown [default: the visitor's id]
    nickname: Option<Name>,
}

#[derive(Serialize, ToSchema)]
struct Visitor {
    /// Begins with `visitor_`
    user_id: String,
    /// What they sign in with
    password: String,
    enterprise_id: i64,
    /// What the other calls take, for seven days
    token: String,
}

/// Make an account for a visitor
///
/// May come with `sdkappid` 0: the class says whose it is.
#[utoipa::path(tag = "component", request_body = Visit, responses((status = 200, body = Reply<Visitor>)))]
#[post("/user/visitor/get")]
async fn visitor(app: Data<AppState>, host: Host, asked: ComponentRequest<Visit>) -> Answer<Visitor> {
    let Visit { class_id, nickname } = asked.0;
    let enterprise_id = of_class(&app, &host, class_id).await?.enterprise_id;
    let now = app.now();
    let (ticket, token) =
        app.db.write(move |conn| sign_in::grant_visitor(conn, enterprise_id, class_id.0, text(nickname), now)).await?;
    reply(Visitor { user_id: ticket.user_id, password: ticket.user_token, enterprise_id, token })
}

/// Let somebody without an account into a public class
#[utoipa::path(tag = "component", request_body = VisitorJoin, responses((status = 200, body = Reply<VisitorJoined>)))]
#[post("/member/visitor/join")]
async fn visitor_join(app: Data<AppState>, host: Host, asked: ComponentRequest<VisitorJoin>) -> Answer<VisitorJoined> {
    let enterprise = of_class(&app, &host, asked.0.class_id).await?;
    member::let_visitor_in(&app, enterprise, asked.0).await
}

/// The enterprise that is named, or else that of the class.
async fn of_class(app: &AppState, host: &Host, class_id: Natural) -> Result<Arc<Enterprise>, ApiError> {
    if host.is_named() {
        return host.named(app).await;
    }
    let enterprise = app.db.read(move |conn| class::host(conn, class_id.0)).await?;
    check_valid(app, &enterprise)?;
    Ok(Arc::new(enterprise))
}
