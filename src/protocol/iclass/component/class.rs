//! `class/*` for components: finding, starting and stopping classes.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};

use super::auth::{ComponentRequest, Participant};
use crate::domain::classroom::class;
use crate::domain::classroom::class::{Filter, Type};
use crate::domain::classroom::member;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::backend::class::{ClassInfo, ClassRef, ClassRow, ListClasses, show, show_list};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, CachedReply, Done, ListReply, Reply, done};
use crate::state::AppState;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(info).service(start).service(stop).service(list).service(public_list);
}

/// Get a class that the caller may enter
#[utoipa::path(tag = "component", request_body = ClassRef, responses((status = 200, body = Reply<ClassInfo>)))]
#[post("/class/info")]
async fn info(app: Data<AppState>, me: Participant, body: ComponentRequest<ClassRef>) -> Result<CachedReply, ApiError> {
    let (enterprise_id, class_id) = (me.enterprise.enterprise_id, body.0.class_id.0);
    app.db.read(move |conn| member::check_sees(conn, ClassId(class_id), &me.user)).await?;
    show(&app, enterprise_id, ClassId(class_id)).await
}

/// Start a class; its teacher, its assistants and administrators may
///
/// Sends the callbacks `class_begin` and, if the class is to be recorded remotely, `online_record_start`.
#[utoipa::path(tag = "component", request_body = ClassRef, responses((status = 200, body = Reply<Done>)))]
#[post("/class/start")]
async fn start(app: Data<AppState>, me: Participant, body: ComponentRequest<ClassRef>) -> Answer<Done> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    let write =
        move |conn: &mut _| class::start_as_component(conn, &me.enterprise, ClassId(class_id), &me.user.user_id, now);
    app.db.write(write).await?;
    done()
}

/// Stop a class; the same people may as for class/start. Ends all sessions and sends the callback `class_over`
#[utoipa::path(tag = "component", request_body = ClassRef, responses((status = 200, body = Reply<Done>)))]
#[post("/class/stop")]
async fn stop(app: Data<AppState>, me: Participant, body: ComponentRequest<ClassRef>) -> Answer<Done> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    let write =
        move |conn: &mut _| class::stop_as_component(conn, &me.enterprise, ClassId(class_id), &me.user.user_id, now);
    app.db.write(write).await?;
    done()
}

/// List the classes that the caller is reserved for
///
/// `user_id` is ignored.
#[utoipa::path(tag = "component", request_body = ListClasses,
    responses((status = 200, body = Reply<ListReply<ClassRow>>)))]
#[post("/class/list")]
async fn list(
    app: Data<AppState>,
    me: Participant,
    body: ComponentRequest<ListClasses>,
) -> Answer<ListReply<ClassRow>> {
    let (filter, page) = body.0.into_filter()?;
    let own = Filter { user_id: Some(me.user.user_id), ..filter };
    show_list(&app, me.enterprise.enterprise_id, own, page).await
}

/// List public classes
///
/// `user_id` and `class_type` are ignored.
#[utoipa::path(tag = "component", request_body = ListClasses,
    responses((status = 200, body = Reply<ListReply<ClassRow>>)))]
#[post("/class/public/list")]
async fn public_list(
    app: Data<AppState>,
    me: Participant,
    body: ComponentRequest<ListClasses>,
) -> Answer<ListReply<ClassRow>> {
    let (filter, page) = body.0.into_filter()?;
    let public = Filter { user_id: None, types: vec![Type::Public], ..filter };
    show_list(&app, me.enterprise.enterprise_id, public, page).await
}
