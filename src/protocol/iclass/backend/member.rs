//! `/paas/v1/member/*`: who is reserved for a class, who is inside, and who has been inside.

mod view;
mod visitor;

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::Conn;
use crate::domain;
use crate::domain::CacheTag;
use crate::domain::classroom::class;
use crate::domain::classroom::class::Member;
use crate::domain::classroom::member;
use crate::domain::classroom::session;
use crate::domain::classroom::session::{Devices, JoinRequest};
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::domain::tenancy::user::Role;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{
    Answer, CachedReply, Done, ListReply, Reply, TotalReply, done, get_or_load, reply,
};
use crate::protocol::iclass::wire::{After, ClassPassword, Flag, Natural, Record, Size, Text, UserId, int, page, text};
use crate::state::{AppState, CacheKey};
use view::{History, HistoryRow};

pub use view::RuntimeRow;
pub use visitor::{VisitorJoin, VisitorJoined, join_visitor};

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(add).service(delete).service(join).service(visitor_join).service(quit);
    config.service(runtime_list).service(runtime_total).service(history_list).service(history_total);
}

/// A person who is reserved for a class.
#[derive(Deserialize, Serialize, ToSchema)]
pub struct MemberWire {
    /// The role in the class
    role: Role,
    /// The user
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
    /// The people to add
    #[schema(value_type = Vec<MemberWire>)]
    list: Vec<Record<MemberWire>>,
}

/// Add people to the member list of a class that has not ended
#[utoipa::path(tag = "member", request_body = AddMembers, responses((status = 200, body = Reply<Done>)))]
#[post("/member/add")]
async fn add(app: Data<AppState>, caller: Caller, body: Body<AddMembers>) -> Answer<Done> {
    let (enterprise_id, class_id, now) = (caller.0.enterprise_id, body.0.class_id.0, app.now());
    let new = body.0.list.into_iter().map(|Record(member)| member.into()).collect();
    app.db.write(move |conn| member::add(conn, enterprise_id, ClassId(class_id), new, now)).await?;
    done()
}

#[derive(Deserialize, ToSchema)]
struct DeleteMembers {
    /// The class
    class_id: Natural,
    /// The people to remove
    list: Vec<UserId>,
}

/// Remove people from the member list of a class that has not ended
///
/// Those who are inside leave.
#[utoipa::path(tag = "member", request_body = DeleteMembers, responses((status = 200, body = Reply<Done>)))]
#[post("/member/delete")]
async fn delete(app: Data<AppState>, caller: Caller, body: Body<DeleteMembers>) -> Answer<Done> {
    let (class_id, now) = (ClassId(body.0.class_id.0), app.now());
    let user_ids: Vec<String> = body.0.list.into_iter().map(|id| id.0).collect();
    app.db.write(move |conn| session::remove_members(conn, &caller.0, class_id, &user_ids, now)).await?;
    done()
}

#[derive(Deserialize, ToSchema)]
struct Join {
    /// The class
    class_id: Natural,
    /// The user who joins
    user_id: UserId,
    /// The password of the class
    password: Option<ClassPassword>,
    /// 1 on, 0 off [default: 0]
    camera: Option<Flag>,
    /// 1 on, 0 off [default: 0]
    mic: Option<Flag>,
    /// 1 on, 0 off [default: 0]
    speaker: Option<Flag>,
}

/// The response to a join.
#[derive(Serialize, ToSchema)]
pub struct Joined {
    /// The role in this class
    role: Role,
    #[serde(flatten)]
    history: History,
}

impl From<session::Joined> for Joined {
    fn from(joined: session::Joined) -> Self {
        Self { role: joined.role, history: joined.before.as_ref().into() }
    }
}

/// The device states that a person joins with.
pub fn devices(camera: Option<Flag>, mic: Option<Flag>, speaker: Option<Flag>) -> Devices {
    Devices { camera: int(camera) == Some(1), mic: int(mic) == Some(1), speaker: int(speaker) == Some(1) }
}

/// Let a registered user join a class
#[utoipa::path(tag = "member", request_body = Join, responses((status = 200, body = Reply<Joined>)))]
#[post("/member/join")]
async fn join(app: Data<AppState>, caller: Caller, body: Body<Join>) -> Answer<Joined> {
    let (request, now) = (body.0, app.now());
    let devices = devices(request.camera, request.mic, request.speaker);
    let password = text(request.password).unwrap_or_default();
    let joined = app
        .db
        .write(move |conn| {
            let of_user = JoinRequest::of_user(&request.user_id.0);
            let join = JoinRequest { password: &password, devices, ..of_user };
            session::join(conn, &caller.0, ClassId(request.class_id.0), join, now)
        })
        .await?;
    reply(joined.into())
}

/// Let a person without an account join a public class
#[utoipa::path(tag = "member", request_body = VisitorJoin, responses((status = 200, body = Reply<VisitorJoined>)))]
#[post("/member/visitor/join")]
async fn visitor_join(app: Data<AppState>, caller: Caller, body: Body<VisitorJoin>) -> Answer<VisitorJoined> {
    join_visitor(&app, caller.0, body.0, None, None).await
}

#[derive(Deserialize, ToSchema)]
struct Quit {
    /// The class
    class_id: Natural,
    /// The user who quits
    user_id: UserId,
}

/// Let a user quit a class
#[utoipa::path(tag = "member", request_body = Quit, responses((status = 200, body = Reply<Done>)))]
#[post("/member/quit")]
async fn quit(app: Data<AppState>, caller: Caller, body: Body<Quit>) -> Answer<Done> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    app.db.write(move |conn| session::quit(conn, &caller.0, ClassId(class_id), &body.0.user_id.0, now)).await?;
    done()
}

/// The class and page of a list of people.
#[derive(Deserialize, ToSchema)]
pub struct ListMembers {
    /// The class
    pub class_id: Natural,
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Used instead of `index`: empty for the first page, then the `next` of the page before. Costs the same anywhere in the list
    after: Option<After>,
}

#[derive(Deserialize, ToSchema)]
struct CountMembers {
    /// The class
    class_id: Natural,
}

/// List the people inside, in the order in which they joined
#[utoipa::path(tag = "member", request_body = ListMembers, responses((status = 200, body = Reply<ListReply<RuntimeRow>>)))]
#[post("/member/runtime/list")]
async fn runtime_list(app: Data<AppState>, caller: Caller, body: Body<ListMembers>) -> Result<CachedReply, ApiError> {
    show_inside(&app, caller.0.enterprise_id, body.0).await
}

/// Responds with a page of the people inside.
pub async fn show_inside(
    app: &AppState,
    enterprise_id: EnterpriseId,
    request: ListMembers,
) -> Result<CachedReply, ApiError> {
    let page = page(request.index, request.size, request.after)?;
    let (class_id, public_url) = (request.class_id.0, app.public_url.clone());
    let tags = vec![CacheTag::Inside(ClassId(class_id)), CacheTag::Users(enterprise_id)];
    let key = CacheKey { call: "member/runtime/list", enterprise_id, about: format!("{class_id} {page:?}") };
    let load = app.db.read(move |conn| {
        class::require(conn, enterprise_id, ClassId(class_id))?;
        let inside = session::inside(conn, enterprise_id, ClassId(class_id), page)?;
        Ok(ListReply::new(inside, |row| RuntimeRow::new(row, &public_url)))
    });
    get_or_load(app, key, tags, load).await
}

/// Count the people inside
#[utoipa::path(tag = "member", request_body = CountMembers, responses((status = 200, body = Reply<TotalReply>)))]
#[post("/member/runtime/total")]
async fn runtime_total(app: Data<AppState>, caller: Caller, body: Body<CountMembers>) -> Answer<TotalReply> {
    let total = read_class(&app, &caller, body.0.class_id, |conn, enterprise_id, class_id| {
        Ok(session::count_inside(conn, EnterpriseId(enterprise_id), ClassId(class_id))?)
    });
    reply(TotalReply { total: total.await? })
}

/// List everybody who has been inside except visitors, one row per user
#[utoipa::path(tag = "member", request_body = ListMembers, responses((status = 200, body = Reply<ListReply<HistoryRow>>)))]
#[post("/member/history/list")]
async fn history_list(app: Data<AppState>, caller: Caller, body: Body<ListMembers>) -> Answer<ListReply<HistoryRow>> {
    let page = page(body.0.index, body.0.size, body.0.after)?;
    let seen = read_class(&app, &caller, body.0.class_id, move |conn, enterprise_id, class_id| {
        Ok(session::seen(conn, EnterpriseId(enterprise_id), ClassId(class_id), page)?)
    });
    reply(ListReply::new(seen.await?, |row| HistoryRow::new(row, &app.public_url)))
}

/// Count everybody who has been inside except visitors
#[utoipa::path(tag = "member", request_body = CountMembers, responses((status = 200, body = Reply<TotalReply>)))]
#[post("/member/history/total")]
async fn history_total(app: Data<AppState>, caller: Caller, body: Body<CountMembers>) -> Answer<TotalReply> {
    let total = read_class(&app, &caller, body.0.class_id, |conn, enterprise_id, class_id| {
        Ok(session::count_seen(conn, EnterpriseId(enterprise_id), ClassId(class_id))?)
    });
    reply(TotalReply { total: total.await? })
}

/// Runs a query on a class after checking that it exists.
async fn read_class<T: Send + 'static>(
    app: &AppState,
    caller: &Caller,
    class_id: Natural,
    read: impl FnOnce(&mut Conn, i64, i64) -> domain::Result<T> + Send + 'static,
) -> domain::Result<T> {
    let (enterprise_id, class_id) = (caller.0.enterprise_id, class_id.0);
    app.db
        .read_slow(move |conn| {
            class::require(conn, enterprise_id, ClassId(class_id))?;
            read(conn, enterprise_id.0, class_id)
        })
        .await
}
