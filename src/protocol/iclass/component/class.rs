//! `class/*` for components: finding, starting and stopping classes.

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::clock::seconds;
use crate::domain::classroom::class;
use crate::domain::classroom::class::{Filter, Type};
use crate::domain::classroom::current::{Current, current};
use crate::domain::classroom::member;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::backend::class::{ClassInfo, ClassRef, ClassRow, ListClasses, show_list};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, CachedReply, Done, ListReply, Reply, done, reply};
use crate::state::AppState;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/class/info", info);
    calls.add("/class/start", start);
    calls.add("/class/stop", stop);
    calls.add("/class/list", list);
    calls.add("/class/public/list", public_list);
}

/// A class, and what those who enter late must know of it.
#[derive(Serialize, ToSchema)]
struct CurrentView {
    #[serde(flatten)]
    class: ClassInfo,
    /// The check-in that accepts answers; empty if there is none
    current_check_in_id: String,
    /// The question that accepts answers; empty if there is none
    current_question_id: String,
    /// For how many seconds the class has been in progress, or was; 0 before it starts
    duration_time: i64,
    /// Always 0: there is one kind of video
    class_video_type: i64,
    /// The address of the live picture; empty if there is none
    live_url: String,
}

impl CurrentView {
    fn new(current: Current, live_url: String) -> Self {
        Self {
            class: (current.class, current.members).into(),
            current_check_in_id: current.check_id.unwrap_or_default(),
            current_question_id: current.question_id.unwrap_or_default(),
            duration_time: seconds(current.duration),
            class_video_type: 0,
            live_url,
        }
    }
}

/// Get a class that the caller may enter
#[utoipa::path(post, path = "/class/info", tag = "component", request_body = ClassRef, responses((status = 200, body = Reply<CurrentView>)))]
async fn info(app: Data<AppState>, me: Participant, body: ComponentRequest<ClassRef>) -> Answer<CurrentView> {
    let (class_id, now) = (ClassId(body.0.class_id.0), app.now());
    let enterprise = me.enterprise.clone();
    let read = move |conn: &mut _| {
        member::check_sees(conn, class_id, &me.user)?;
        current(conn, me.enterprise.enterprise_id, class_id, now)
    };
    let current = app.db.read(read).await?;
    let live_url = app.live_of_class(&enterprise, class_id, current.course);
    reply(CurrentView::new(current, live_url))
}

/// Start a class; its teacher, its assistants and administrators may
///
/// Sends the callbacks `class_begin` and, if the class is to be recorded remotely, `online_record_start`.
#[utoipa::path(post, path = "/class/start", tag = "component", request_body = ClassRef, responses((status = 200, body = Reply<Done>)))]
async fn start(app: Data<AppState>, me: Participant, body: ComponentRequest<ClassRef>) -> Answer<Done> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    let recorder = app.recorder();
    let write = move |conn: &mut _| {
        class::start_as_component(conn, &me.enterprise, ClassId(class_id), &me.user.user_id, recorder, now)
    };
    app.db.write(write).await?;
    done()
}

/// Stop a class; the same people may as for class/start. Ends all sessions and sends the callback `class_over`
#[utoipa::path(post, path = "/class/stop", tag = "component", request_body = ClassRef, responses((status = 200, body = Reply<Done>)))]
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
#[utoipa::path(post, path = "/class/list", tag = "component", request_body = ListClasses,
    responses((status = 200, body = Reply<ListReply<ClassRow>>)))]
async fn list(
    app: Data<AppState>,
    me: Participant,
    body: ComponentRequest<ListClasses>,
) -> Result<CachedReply, ApiError> {
    let (filter, page) = body.0.into_filter()?;
    let own = Filter { user_id: Some(me.user.user_id), ..filter };
    show_list(&app, me.enterprise.enterprise_id, own, page).await
}

/// List public classes
///
/// `user_id` and `class_type` are ignored.
#[utoipa::path(post, path = "/class/public/list", tag = "component", request_body = ListClasses,
    responses((status = 200, body = Reply<ListReply<ClassRow>>)))]
async fn public_list(
    app: Data<AppState>,
    me: Participant,
    body: ComponentRequest<ListClasses>,
) -> Result<CachedReply, ApiError> {
    let (filter, page) = body.0.into_filter()?;
    let public = Filter { user_id: None, types: vec![Type::Public], ..filter };
    show_list(&app, me.enterprise.enterprise_id, public, page).await
}
