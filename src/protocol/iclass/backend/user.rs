//! `/paas/v1/user/*`: registering, changing and finding users.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::db::Conn;
use crate::domain;
use crate::domain::CacheTag;
use crate::domain::classroom::profile;
use crate::domain::school::removal;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::quota::Counted;
use crate::domain::tenancy::user::{Draft, Filter, Gender, Patch, Role, User};
use crate::domain::tenancy::{audit, user};
use crate::protocol::iclass::audited::AuditedCaller;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::avatar;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, CachedReply, Done, ListReply, Reply, done, get_or_load, reply};
use crate::protocol::iclass::wire::{After, Name, Natural, Record, Size, Text, Url, UserId, page, text};
use crate::state::{AppState, CacheKey};

type Password = Text<4, 18>;
type Contact = Text<0, 254>;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(register).service(modify).service(delete).service(update_token).service(info).service(list);
}

#[derive(Deserialize, ToSchema)]
struct Register {
    /// 1 to 100 users
    #[schema(value_type = Vec<NewUser>)]
    list: Vec<Record<NewUser>>,
}

#[derive(Deserialize, ToSchema)]
struct NewUser {
    /// The id, unique within the enterprise
    user_id: UserId,
    /// The role
    role: Role,
    /// The display name [default: the user id]
    nickname: Option<Name>,
    /// [default: male]
    gender: Option<Gender>,
    /// The URL of the avatar [default: one of Lectern's]
    avatar: Option<Url>,
    /// The telephone number
    phone_no: Option<Contact>,
    /// The e-mail address
    e_mail: Option<Contact>,
    /// The password for the classroom's login (later revision)
    password: Option<Password>,
}

#[derive(Serialize, ToSchema)]
struct Registered {
    /// One entry for each user, in the order sent
    user_list: Vec<UserTicket>,
    /// Ids that are in use already, with error 10214; no user is then created
    repeats: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct UserTicket {
    user_id: String,
    /// The token to start the classroom component with; 32 hex digits
    user_token: String,
}

/// Register users, all or none
#[utoipa::path(tag = "user", request_body = Register, responses((status = 200, body = Reply<Registered>)))]
#[post("/user/register")]
async fn register(app: Data<AppState>, caller: Caller, body: Body<Register>) -> Answer<Registered> {
    let (enterprise_id, now) = (caller.0.enterprise_id, app.now());
    app.check_quota(enterprise_id, Counted::Users, body.0.list.len()).await?;
    let drafts = drafts(&app, body.0.list).await?;
    for (index, draft) in drafts.iter().enumerate() {
        user::check(draft).map_err(|error| ApiError::from(error).in_list(index))?;
    }
    let tickets = app.db.write(move |conn| user::register(conn, enterprise_id, drafts, now)).await?;
    let user_list = tickets.into_iter().map(|t| UserTicket { user_id: t.user_id, user_token: t.user_token }).collect();
    reply(Registered { user_list, repeats: Vec::new() })
}

/// Hashes the passwords. Each waits for its turn, so that a long list does not hold up those who sign in.
async fn drafts(app: &AppState, users: Vec<Record<NewUser>>) -> Result<Vec<Draft>, ApiError> {
    if users.len() > user::AT_ONCE {
        return Err(ApiError::invalid(format!("list: has {} users, more than {}", users.len(), user::AT_ONCE)));
    }
    let mut drafts = Vec::with_capacity(users.len());
    for Record(new) in users {
        let password_hash = match new.password {
            Some(password) => Some(app.passwords.hash(password.0).await?),
            None => None,
        };
        drafts.push(Draft {
            user_id: new.user_id.0,
            role: new.role,
            nickname: text(new.nickname),
            gender: new.gender,
            avatar: text(new.avatar),
            phone_no: text(new.phone_no),
            e_mail: text(new.e_mail),
            password_hash,
        });
    }
    Ok(drafts)
}

#[derive(Deserialize, ToSchema)]
struct ModifyUser {
    /// The user
    user_id: UserId,
    role: Option<Role>,
    nickname: Option<Name>,
    gender: Option<Gender>,
    avatar: Option<Url>,
    phone_no: Option<Contact>,
    e_mail: Option<Contact>,
    /// A new password for the classroom's login. It ends the tokens that the user is signed in with, not the `user_token`
    password: Option<Password>,
}

/// Change a user; only the fields sent change
#[utoipa::path(tag = "user", request_body = ModifyUser, responses((status = 200, body = Reply<Done>)))]
#[post("/user/profile/modify")]
async fn modify(app: Data<AppState>, caller: Caller, by: AuditedCaller, body: Body<ModifyUser>) -> Answer<Done> {
    let (enterprise_id, now, request) = (caller.0.enterprise_id, app.now(), body.0);
    let patch = Patch {
        role: request.role,
        nickname: text(request.nickname),
        gender: request.gender,
        avatar: text(request.avatar),
        phone_no: text(request.phone_no),
        e_mail: text(request.e_mail),
        ..Patch::default()
    };
    let password_hash = match request.password {
        Some(password) => Some(app.passwords.hash(password.0).await?),
        None => None,
    };
    let ended = app.db.write(move |conn| {
        let user_id = &request.user_id.0;
        profile::modify(conn, enterprise_id, user_id, patch, now)?;
        let Some(password_hash) = password_hash else { return Ok(Vec::new()) };
        let ended = user::set_password(conn, enterprise_id, user_id, password_hash, now)?;
        audit::record(conn, &by.0, Change::of(enterprise_id, AuditAction::UserPassword, user_id), now)?;
        Ok::<_, domain::Error>(ended)
    });
    app.presence.forget_all(&ended.await?);
    done()
}

/// Delete a user, who leaves everything that is not over
#[utoipa::path(tag = "user", request_body = UserRef, responses((status = 200, body = Reply<Done>)))]
#[post("/user/delete")]
async fn delete(app: Data<AppState>, caller: Caller, by: AuditedCaller, body: Body<UserRef>) -> Answer<Done> {
    let (enterprise, user_id, now) = (caller.0, body.0.user_id.0, app.now());
    let write = move |conn: &mut Conn| {
        let ended = removal::delete(conn, &enterprise, &user_id, now)?;
        let change = Change::of(enterprise.enterprise_id, AuditAction::UserDelete, &user_id);
        audit::record(conn, &by.0, change, now)?;
        Ok::<_, domain::Error>(ended)
    };
    let ended = app.db.write(write).await?;
    app.presence.forget_all(&ended);
    done()
}

#[derive(Deserialize, ToSchema)]
struct UserRef {
    /// The user
    user_id: UserId,
}

#[derive(Serialize, ToSchema)]
struct NewTicket {
    /// The new token; the old one is no longer valid
    user_token: String,
}

/// Renew the token of a user
#[utoipa::path(tag = "user", request_body = UserRef, responses((status = 200, body = Reply<NewTicket>)))]
#[post("/user/token/update")]
async fn update_token(
    app: Data<AppState>,
    caller: Caller,
    by: AuditedCaller,
    body: Body<UserRef>,
) -> Answer<NewTicket> {
    let (enterprise_id, user_id, now) = (caller.0.enterprise_id, body.0.user_id.0, app.now());
    let write = move |conn: &mut Conn| {
        let user_token = user::renew_token(conn, enterprise_id, &user_id)?;
        audit::record(conn, &by.0, Change::of(enterprise_id, AuditAction::UserToken, &user_id), now)?;
        Ok::<_, domain::Error>(user_token)
    };
    reply(NewTicket { user_token: app.db.write(write).await? })
}

/// The fields of a user.
#[derive(Serialize, ToSchema)]
pub struct UserWire {
    user_id: String,
    nickname: String,
    gender: Gender,
    avatar: String,
    role: Role,
    pub phone_no: String,
    pub e_mail: String,
    /// In seconds
    regist_time: i64,
    /// In seconds
    update_time: i64,
}

impl UserWire {
    /// The wire form of a user.
    pub fn new(user: User, public_url: &str) -> Self {
        Self {
            avatar: avatar::url(&user, public_url),
            user_id: user.user_id,
            nickname: user.nickname,
            gender: user.gender,
            role: user.role,
            phone_no: user.phone_no,
            e_mail: user.e_mail,
            regist_time: seconds(user.regist_time),
            update_time: seconds(user.update_time),
        }
    }
}

/// A user.
#[derive(Serialize, ToSchema)]
pub struct UserInfo {
    pub user_info: UserWire,
}

/// Get a user
#[utoipa::path(tag = "user", request_body = UserRef, responses((status = 200, body = Reply<UserInfo>)))]
#[post("/user/info")]
async fn info(app: Data<AppState>, caller: Caller, body: Body<UserRef>) -> Result<CachedReply, ApiError> {
    let (enterprise_id, user_id, public_url) = (caller.0.enterprise_id, body.0.user_id.0, app.public_url.clone());
    let tags = vec![CacheTag::User(enterprise_id, user_id.clone())];
    let key = CacheKey { call: "user/info", enterprise_id, about: user_id.clone() };
    let load = app.db.read(move |conn| {
        let user = user::require(conn, enterprise_id, &user_id)?;
        Ok(UserInfo { user_info: UserWire::new(user, &public_url) })
    });
    get_or_load(&app, key, tags, load).await
}

#[derive(Deserialize, ToSchema)]
struct ListUsers {
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Used instead of `index`: empty for the first page, then the `next` of the page before. Costs the same anywhere in the list
    after: Option<After>,
    /// Only these [default: all]
    roles: Option<Vec<Role>>,
    /// Only ids with this prefix
    prefix: Option<Name>,
}

/// List users by registration time
#[utoipa::path(tag = "user", request_body = ListUsers, responses((status = 200, body = Reply<ListReply<UserWire>>)))]
#[post("/user/list")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ListUsers>) -> Answer<ListReply<UserWire>> {
    let request = body.0;
    let filter = Filter { roles: request.roles.unwrap_or_default(), prefix: text(request.prefix).unwrap_or_default() };
    let (enterprise_id, page) = (caller.0.enterprise_id, page(request.index, request.size, request.after)?);
    let users =
        app.db.read_slow(move |conn| Ok::<_, domain::Error>(user::list(conn, enterprise_id, &filter, page)?)).await?;
    reply(ListReply::new(users, |user| UserWire::new(user, &app.public_url)))
}
