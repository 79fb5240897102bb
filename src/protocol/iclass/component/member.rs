//! `member/*` for components: joining and quitting a class, and who else is inside.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::domain;
use crate::domain::classroom::member;
use crate::domain::classroom::session;
use crate::domain::classroom::session::{JoinRequest, Session};
use crate::domain::ids::ClassId;
use crate::protocol::iclass::backend::class::ClassRef;
use crate::protocol::iclass::backend::member::{Joined, ListMembers, RuntimeRow, devices, show_inside};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, CachedReply, Done, ListReply, Reply, done, reply};
use crate::protocol::iclass::wire::{ClassPassword, Flag, Natural, text};
use crate::state::AppState;

/// How many people on stage the response to a join lists.
const ON_STAGE: i64 = 100;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/member/join", join);
    calls.add("/member/quit", quit);
    calls.add("/member/runtime/list", runtime_list);
}

#[derive(Deserialize, ToSchema)]
struct Enter {
    /// The class
    class_id: Natural,
    /// The password of the class
    password: Option<ClassPassword>,
    /// 1 on, 0 off [default: 0]
    camera: Option<Flag>,
    /// 1 on, 0 off [default: 0]
    mic: Option<Flag>,
    /// 1 on, 0 off [default: 0]
    speaker: Option<Flag>,
}

#[derive(Serialize, ToSchema)]
struct Entered {
    #[serde(flatten)]
    joined: Joined,
    /// The people on stage
    member_permission_list: Vec<OnStage>,
}

/// A person on stage.
#[derive(Serialize, ToSchema)]
struct OnStage {
    user_id: String,
    camera: i64,
    mic: i64,
}

impl From<Session> for OnStage {
    fn from(session: Session) -> Self {
        Self { user_id: session.user_id, camera: session.camera, mic: session.mic }
    }
}

/// Join a class
#[utoipa::path(post, path = "/member/join", tag = "component", request_body = Enter, responses((status = 200, body = Reply<Entered>)))]
async fn join(
    app: Data<AppState>,
    me: Participant,
    http: HttpRequest,
    body: ComponentRequest<Enter>,
) -> Answer<Entered> {
    let (request, now) = (body.0, app.now());
    let devices = devices(request.camera, request.mic, request.speaker);
    let (class_id, password) = (request.class_id.0, text(request.password).unwrap_or_default());
    me.count_class_password(&app, &http, &password)?;
    let component = me.component(&app);
    let token_hash = component.token_hash.clone();
    let (joined, on_stage) = app
        .db
        .write(move |conn| {
            let request = JoinRequest { password: &password, devices, ..JoinRequest::of_component(&component) };
            let joined = session::join(conn, &me.enterprise, ClassId(class_id), request, now)?;
            me.stay_signed_in(conn)?;
            let on_stage = session::on_stage(conn, me.enterprise.enterprise_id, ClassId(class_id), ON_STAGE)?;
            Ok::<_, domain::Error>((joined, on_stage))
        })
        .await?;
    // The cached presence may belong to an earlier session.
    app.presence.forget(ClassId(class_id), &token_hash);
    let member_permission_list = on_stage.into_iter().map(OnStage::from).collect();
    reply(Entered { joined: joined.into(), member_permission_list })
}

/// Quit a class
#[utoipa::path(post, path = "/member/quit", tag = "component", request_body = ClassRef, responses((status = 200, body = Reply<Done>)))]
async fn quit(app: Data<AppState>, me: Participant, body: ComponentRequest<ClassRef>) -> Answer<Done> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    let component = me.component(&app);
    let token_hash = component.token_hash.clone();
    app.db
        .write(move |conn| session::quit_as_component(conn, &me.enterprise, ClassId(class_id), &component, now))
        .await?;
    app.presence.forget(ClassId(class_id), &token_hash);
    done()
}

/// List the people inside a class that the caller may enter
#[utoipa::path(post, path = "/member/runtime/list", tag = "component", request_body = ListMembers,
    responses((status = 200, body = Reply<ListReply<RuntimeRow>>)))]
async fn runtime_list(
    app: Data<AppState>,
    me: Participant,
    body: ComponentRequest<ListMembers>,
) -> Result<CachedReply, ApiError> {
    let (enterprise_id, class_id) = (me.enterprise.enterprise_id, body.0.class_id.0);
    app.db.read(move |conn| member::check_sees(conn, ClassId(class_id), &me.user)).await?;
    show_inside(&app, enterprise_id, body.0).await
}
