//! `/paas/v1/member/*`: who is reserved for a class, who is inside, who was.

use std::sync::Arc;

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::db::Conn;
use crate::domain;
use crate::domain::CacheTag;
use crate::domain::classroom::class;
use crate::domain::classroom::class::Member;
use crate::domain::classroom::member;
use crate::domain::classroom::session;
use crate::domain::classroom::session::{Devices, JoinRequest, Seen, Session, VisitorRequest};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::user::{Gender, Role, User};
use crate::integrations::tencent::usersig;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::avatar;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Done, ListReply, Reply, Told, TotalReply, done, get_or_load, reply};
use crate::protocol::iclass::wire::{After, Name, Natural, Record, Size, Switch, Text, UserId, int, page, text};
use crate::state::AppState;

/// The password of a class.
pub type Password = Text<0, 64>;

/// What a state is when it was never told.
const UNKNOWN: i64 = -1;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(add).service(delete).service(join).service(visitor_join).service(quit);
    config.service(runtime_list).service(runtime_total).service(history_list).service(history_total);
}

/// Somebody who is reserved for a class.
#[derive(Deserialize, Serialize, ToSchema)]
pub struct MemberWire {
    /// As what
    role: Role,
    /// Who
    user_id: UserId,
}

impl From<MemberWire> for Member {
    fn from(member: MemberWire) -> Self {
        Self { user_id: member.user_id.0, role: member.role }
    }
}

impl From<Member> for MemberWire {
    fn from(member: Member) -> Self {
        Self { role: member.role, user_id: Text(member.user_id) }
    }
}

#[derive(Deserialize, ToSchema)]
struct AddMembers {
    /// The class
    class_id: Natural,
    /// Who is added
    #[schema(value_type = Vec<MemberWire>)]
    list: Vec<Record<MemberWire>>,
}

/// Reserve people for a class that is not over
#[utoipa::path(tag = "member", request_body = AddMembers, responses((status = 200, body = Reply<Done>)))]
#[post("/member/add")]
async fn add(app: Data<AppState>, caller: Caller, body: Body<AddMembers>) -> Answer<Done> {
    let (enterprise_id, class_id) = (caller.0.enterprise_id, body.0.class_id.0);
    let new = body.0.list.into_iter().map(|Record(member)| member.into()).collect();
    app.db.write(move |conn| member::add(conn, enterprise_id, class_id, new)).await?;
    done()
}

#[derive(Deserialize, ToSchema)]
struct DeleteMembers {
    /// The class
    class_id: Natural,
    /// Who is removed
    list: Vec<UserId>,
}

/// Take people off the member list of a class that is not over
#[utoipa::path(tag = "member", request_body = DeleteMembers, responses((status = 200, body = Reply<Done>)))]
#[post("/member/delete")]
async fn delete(app: Data<AppState>, caller: Caller, body: Body<DeleteMembers>) -> Answer<Done> {
    let (enterprise_id, class_id) = (caller.0.enterprise_id, body.0.class_id.0);
    let user_ids: Vec<String> = body.0.list.into_iter().map(|id| id.0).collect();
    app.db.write(move |conn| member::remove(conn, enterprise_id, class_id, &user_ids)).await?;
    done()
}

#[derive(Deserialize, ToSchema)]
struct Join {
    /// The class
    class_id: Natural,
    /// Who enters
    user_id: UserId,
    /// The password of the class
    password: Option<Password>,
    /// 1 open, 0 shut [default: 0]
    camera: Option<Switch>,
    /// 1 open, 0 shut [default: 0]
    mic: Option<Switch>,
    /// 1 open, 0 shut [default: 0]
    speaker: Option<Switch>,
}

/// The states of somebody's last stay in the class; -1 where there is none.
#[derive(Serialize, ToSchema)]
pub struct History {
    history_camera: i64,
    history_mic: i64,
    history_speaker: i64,
    history_silence: i64,
    history_hand_up: i64,
    /// Whether they were allowed to draw
    history_enable_draw: i64,
}

impl From<Option<&Session>> for History {
    fn from(last: Option<&Session>) -> Self {
        Self {
            history_camera: last.map_or(UNKNOWN, |session| session.camera),
            history_mic: last.map_or(UNKNOWN, |session| session.mic),
            history_speaker: last.map_or(UNKNOWN, |session| session.speaker),
            history_silence: last.map_or(UNKNOWN, |session| session.silence),
            history_hand_up: last.map_or(UNKNOWN, |session| session.hand_up),
            history_enable_draw: last.map_or(UNKNOWN, |session| session.enable_draw),
        }
    }
}

/// Somebody is inside.
#[derive(Serialize, ToSchema)]
pub struct Joined {
    /// What they are in this class
    role: Role,
    #[serde(flatten)]
    history: History,
}

impl From<session::Joined> for Joined {
    fn from(joined: session::Joined) -> Self {
        Self { role: joined.role, history: joined.before.as_ref().into() }
    }
}

/// The devices somebody comes with.
pub fn devices(camera: Option<Switch>, mic: Option<Switch>, speaker: Option<Switch>) -> Devices {
    Devices { camera: int(camera) == Some(1), mic: int(mic) == Some(1), speaker: int(speaker) == Some(1) }
}

/// Let a registered user into a class
#[utoipa::path(tag = "member", request_body = Join, responses((status = 200, body = Reply<Joined>)))]
#[post("/member/join")]
async fn join(app: Data<AppState>, caller: Caller, body: Body<Join>) -> Answer<Joined> {
    let (asked, now) = (body.0, app.now());
    let devices = devices(asked.camera, asked.mic, asked.speaker);
    let password = text(asked.password).unwrap_or_default();
    let joined = app
        .db
        .write(move |conn| {
            let request = JoinRequest { user_id: &asked.user_id.0, component: None, password: &password, devices };
            session::join(conn, &caller.0, asked.class_id.0, request, now)
        })
        .await?;
    reply(joined.into())
}

/// Somebody without an account wants to come in.
#[derive(Deserialize, ToSchema)]
pub struct VisitorJoin {
    /// The class; a public one
    pub class_id: Natural,
    /// The password of the class
    password: Option<Password>,
    /// The name shown [default: the visitor's id]
    nickname: Option<Name>,
}

/// They are inside.
#[derive(Serialize, ToSchema)]
pub struct VisitorJoined {
    visitor_info: VisitorInfo,
}

#[derive(Serialize, ToSchema)]
struct VisitorInfo {
    /// Begins with `visitor_`
    user_id: String,
    /// What the classroom component is called with
    user_token: String,
    /// The ticket of the chat service, good for 24 hours
    user_sig: String,
}

/// Let somebody without an account into a public class
#[utoipa::path(tag = "member", request_body = VisitorJoin, responses((status = 200, body = Reply<VisitorJoined>)))]
#[post("/member/visitor/join")]
async fn visitor_join(app: Data<AppState>, caller: Caller, body: Body<VisitorJoin>) -> Answer<VisitorJoined> {
    let_visitor_in(&app, caller.0, body.0).await
}

/// Lets somebody without an account in.
pub async fn let_visitor_in(app: &AppState, enterprise: Arc<Enterprise>, asked: VisitorJoin) -> Answer<VisitorJoined> {
    let now = app.now();
    let password = text(asked.password).unwrap_or_default();
    let host = enterprise.clone();
    let ticket = app
        .db
        .write(move |conn| {
            let request = VisitorRequest { nickname: text(asked.nickname), password: &password };
            session::join_as_visitor(conn, &host, asked.class_id.0, request, now)
        })
        .await?;
    let user_sig =
        usersig::sign(&enterprise.private_key, enterprise.sdkappid, &ticket.user_id, now, usersig::DAY_SECONDS);
    reply(VisitorJoined {
        visitor_info: VisitorInfo { user_id: ticket.user_id, user_token: ticket.user_token, user_sig },
    })
}

#[derive(Deserialize, ToSchema)]
struct Quit {
    /// The class
    class_id: Natural,
    /// Who leaves
    user_id: UserId,
}

/// Let somebody out of a class
#[utoipa::path(tag = "member", request_body = Quit, responses((status = 200, body = Reply<Done>)))]
#[post("/member/quit")]
async fn quit(app: Data<AppState>, caller: Caller, body: Body<Quit>) -> Answer<Done> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    app.db.write(move |conn| session::quit(conn, &caller.0, class_id, &body.0.user_id.0, now)).await?;
    done()
}

/// Whose people are asked for, and which page of them.
#[derive(Deserialize, ToSchema)]
pub struct ListMembers {
    /// The class
    pub class_id: Natural,
    /// Rows to leave out [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Instead of `index`: empty for the first page, then what `next` said. Costs the same anywhere in the list
    after: Option<After>,
}

#[derive(Deserialize, ToSchema)]
struct CountMembers {
    /// The class
    class_id: Natural,
}

/// What is shown of somebody in a list of a class.
#[derive(Serialize, ToSchema)]
struct Person {
    user_id: String,
    nickname: String,
    gender: Gender,
    avatar: String,
    /// In seconds
    enter_time: i64,
    /// What they are in this class
    role: Role,
}

impl Person {
    fn new(user: User, session: &Session, enter_time: i64, public_url: &str) -> Self {
        Self {
            avatar: avatar::url(&user, public_url),
            user_id: user.user_id,
            nickname: user.nickname,
            gender: user.gender,
            enter_time: seconds(enter_time),
            role: session.role,
        }
    }
}

/// Somebody who is inside.
#[derive(Serialize, ToSchema)]
pub struct RuntimeRow {
    #[serde(flatten)]
    person: Person,
    status: States,
}

/// 1 open, silenced, up, allowed to draw, shared; 0 not.
#[derive(Serialize, ToSchema)]
struct States {
    camera: i64,
    mic: i64,
    speaker: i64,
    silence: i64,
    hand_up: i64,
    enable_draw: i64,
    screen: i64,
}

impl RuntimeRow {
    fn new((session, user): (Session, User), public_url: &str) -> Self {
        Self {
            status: States {
                camera: session.camera,
                mic: session.mic,
                speaker: session.speaker,
                silence: session.silence,
                hand_up: session.hand_up,
                enable_draw: session.enable_draw,
                screen: session.screen,
            },
            person: Person::new(user, &session, session.enter_time, public_url),
        }
    }
}

/// List who is inside now, in the order in which they came
#[utoipa::path(tag = "member", request_body = ListMembers, responses((status = 200, body = Reply<ListReply<RuntimeRow>>)))]
#[post("/member/runtime/list")]
async fn runtime_list(app: Data<AppState>, caller: Caller, body: Body<ListMembers>) -> Result<Told, ApiError> {
    show_inside(&app, caller.0.enterprise_id, body.0).await
}

/// Answers with a page of those who are inside.
pub async fn show_inside(app: &AppState, enterprise_id: i64, asked: ListMembers) -> Result<Told, ApiError> {
    let page = page(asked.index, asked.size, asked.after)?;
    let (class_id, public_url) = (asked.class_id.0, app.public_url.clone());
    let subjects = vec![CacheTag::Inside(class_id), CacheTag::Users(enterprise_id)];
    get_or_load(app, "member/runtime/list", enterprise_id, format!("{class_id} {page:?}"), subjects, move |conn| {
        class::require(conn, enterprise_id, class_id)?;
        let inside = session::inside(conn, enterprise_id, class_id, page)?;
        Ok(ListReply::new(inside, |row| RuntimeRow::new(row, &public_url)))
    })
    .await
}

/// Count who is inside now
#[utoipa::path(tag = "member", request_body = CountMembers, responses((status = 200, body = Reply<TotalReply>)))]
#[post("/member/runtime/total")]
async fn runtime_total(app: Data<AppState>, caller: Caller, body: Body<CountMembers>) -> Answer<TotalReply> {
    let total = of_class(&app, &caller, body.0.class_id, |conn, enterprise_id, class_id| {
        Ok(session::count_inside(conn, enterprise_id, class_id)?)
    });
    reply(TotalReply { total: total.await? })
}

#[derive(Serialize, ToSchema)]
struct HistoryRow {
    /// `enter_time` is when they first came
    #[serde(flatten)]
    person: Person,
    /// When they last left, in seconds; 0 when they have not left yet
    quit_time: i64,
    #[serde(flatten)]
    history: History,
}

impl HistoryRow {
    fn new(seen: Seen, public_url: &str) -> Self {
        Self {
            quit_time: seen.last_quit.map_or(0, seconds),
            history: Some(&seen.last).into(),
            person: Person::new(seen.user, &seen.last, seen.first_enter, public_url),
        }
    }
}

/// List who has ever been inside, one row a user, visitors apart
#[utoipa::path(tag = "member", request_body = ListMembers, responses((status = 200, body = Reply<ListReply<HistoryRow>>)))]
#[post("/member/history/list")]
async fn history_list(app: Data<AppState>, caller: Caller, body: Body<ListMembers>) -> Answer<ListReply<HistoryRow>> {
    let page = page(body.0.index, body.0.size, body.0.after)?;
    let seen = of_class(&app, &caller, body.0.class_id, move |conn, enterprise_id, class_id| {
        Ok(session::seen(conn, enterprise_id, class_id, page)?)
    });
    reply(ListReply::new(seen.await?, |row| HistoryRow::new(row, &app.public_url)))
}

/// Count who has ever been inside, visitors apart
#[utoipa::path(tag = "member", request_body = CountMembers, responses((status = 200, body = Reply<TotalReply>)))]
#[post("/member/history/total")]
async fn history_total(app: Data<AppState>, caller: Caller, body: Body<CountMembers>) -> Answer<TotalReply> {
    let total = of_class(&app, &caller, body.0.class_id, |conn, enterprise_id, class_id| {
        Ok(session::count_seen(conn, enterprise_id, class_id)?)
    });
    reply(TotalReply { total: total.await? })
}

/// Reads something of a class that must be there.
async fn of_class<T: Send + 'static>(
    app: &AppState,
    caller: &Caller,
    class_id: Natural,
    read: impl FnOnce(&mut Conn, i64, i64) -> domain::Result<T> + Send + 'static,
) -> domain::Result<T> {
    let (enterprise_id, class_id) = (caller.0.enterprise_id, class_id.0);
    app.db
        .read_slow(move |conn| {
            class::require(conn, enterprise_id, class_id)?;
            read(conn, enterprise_id, class_id)
        })
        .await
}
