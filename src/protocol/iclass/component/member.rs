//! Coming into a class and leaving it with a component, and who else is there.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use crate::domain;
use crate::domain::classroom::member;
use crate::domain::classroom::session;
use crate::domain::classroom::session::{JoinRequest, Session};
use crate::protocol::iclass::backend::class::ClassRef;
use crate::protocol::iclass::backend::member::{Joined, ListMembers, Password, RuntimeRow, devices, show_inside};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Done, ListReply, Reply, Told, done, reply};
use crate::protocol::iclass::wire::{Natural, Switch, text};
use crate::state::AppState;

/// How many are told of who are on stage.
const ON_STAGE: i64 = 100;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(join).service(quit).service(runtime_list);
}

#[derive(Deserialize, ToSchema)]
struct Enter {
    /// The class
    class_id: Natural,
    /// The password of the class
    password: Option<Password>,
    /// 1 open, 0 shut [default: 0]
    camera: Option<Switch>,
    /// 1 open, 0 shut [default: 0]
    mic: Option<Switch>,
    /// 1 open, 0 shut [default: 0]
    speaker: Option<Switch>,
}

#[derive(Serialize, ToSchema)]
struct Entered {
    #[serde(flatten)]
    joined: Joined,
    /// Who is on stage
    member_permission_list: Vec<OnStage>,
}

/// Somebody who may be seen or heard.
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

/// Come in
#[utoipa::path(tag = "component", request_body = Enter, responses((status = 200, body = Reply<Entered>)))]
#[post("/member/join")]
async fn join(app: Data<AppState>, me: Participant, asked: ComponentRequest<Enter>) -> Answer<Entered> {
    let (asked, now) = (asked.0, app.now());
    let devices = devices(asked.camera, asked.mic, asked.speaker);
    let (class_id, password) = (asked.class_id.0, text(asked.password).unwrap_or_default());
    let component = me.component(&app);
    let token_hash = component.token_hash.clone();
    let (joined, on_stage) = app
        .db
        .write(move |conn| {
            let request = JoinRequest { password: &password, devices, ..JoinRequest::of_component(&component) };
            let joined = session::join(conn, &me.enterprise, class_id, request, now)?;
            let on_stage = session::on_stage(conn, me.enterprise.enterprise_id, class_id, ON_STAGE)?;
            Ok::<_, domain::Error>((joined, on_stage))
        })
        .await?;
    // What is remembered of a stay before is not of this one.
    app.presence.forget(class_id, &token_hash);
    let member_permission_list = on_stage.into_iter().map(OnStage::from).collect();
    reply(Entered { joined: joined.into(), member_permission_list })
}

/// Leave
#[utoipa::path(tag = "component", request_body = ClassRef, responses((status = 200, body = Reply<Done>)))]
#[post("/member/quit")]
async fn quit(app: Data<AppState>, me: Participant, asked: ComponentRequest<ClassRef>) -> Answer<Done> {
    let (class_id, now) = (asked.0.class_id.0, app.now());
    let component = me.component(&app);
    let token_hash = component.token_hash.clone();
    app.db.write(move |conn| session::quit_as_component(conn, &me.enterprise, class_id, &component, now)).await?;
    app.presence.forget(class_id, &token_hash);
    done()
}

/// List who is inside a class that the caller may enter
#[utoipa::path(tag = "component", request_body = ListMembers,
    responses((status = 200, body = Reply<ListReply<RuntimeRow>>)))]
#[post("/member/runtime/list")]
async fn runtime_list(
    app: Data<AppState>,
    me: Participant,
    asked: ComponentRequest<ListMembers>,
) -> Result<Told, ApiError> {
    let (enterprise_id, class_id) = (me.enterprise.enterprise_id, asked.0.class_id.0);
    app.db.read(move |conn| member::check_sees(conn, class_id, &me.user)).await?;
    show_inside(&app, enterprise_id, asked.0).await
}
