//! The document service: `/transcode/v1/*`, earlier `/ppt2h5/v1/*`. It converts the file at a URL without creating a document.

use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audited::AuditedCaller;
use super::auth;
use super::auth::{Body, Caller};
use super::conversion::{conversion_code, message};
use super::error;
use super::reply::{Answer, Done, Reply, done, reply, reply_of_failure};
use super::scope::cors;
use super::wire::{Text, Url};
use crate::domain::content::conversion;
use crate::domain::content::conversion::{ConversionStatus, Draft, Service};
use crate::domain::content::document::TranscodeStatus;
use crate::domain::events::endpoint::change_enterprise;
use crate::domain::tenancy::enterprise::{Enterprise, Patch};
use crate::state::AppState;

/// The path of the calls.
pub const SCOPE: &str = "/transcode/v1";
/// The earlier path of the calls.
pub const EARLIER_SCOPE: &str = "/ppt2h5/v1";

/// Adds the calls at both paths.
pub fn configure(config: &mut ServiceConfig) {
    config.service(calls(SCOPE)).service(calls(EARLIER_SCOPE));
}

fn calls(scope: &str) -> impl HttpServiceFactory + use<> {
    web::scope(scope)
        .wrap(from_fn(auth::authenticate))
        .wrap(cors())
        .service(create)
        .service(query)
        .service(callback)
        .default_service(web::to(error::no_such_call))
}

#[derive(Deserialize, ToSchema)]
struct CreateTask {
    /// The URL of the original; it must download within a minute
    url: Url,
    /// Whether slides become static pictures without animations [default: false]
    is_static_ppt: Option<bool>,
}

#[derive(Serialize, ToSchema)]
struct Created {
    task_id: String,
}

/// Convert the file at a URL
#[utoipa::path(tag = "document service", request_body = CreateTask, responses((status = 200, body = Reply<Created>)))]
#[post("/create")]
async fn create(app: Data<AppState>, request: HttpRequest, caller: Caller, body: Body<CreateTask>) -> Answer<Created> {
    let is_earlier = request.path().starts_with(EARLIER_SCOPE);
    let draft = Draft {
        service: if is_earlier { Service::Ppt2h5 } else { Service::Transcode },
        doc_id: None,
        file: app.file_of(&caller.0, &body.0.url.0)?,
        url: body.0.url.0,
        name: String::new(),
        extension: String::new(),
        size: 0,
        md5: String::new(),
        is_private: false,
        is_static: body.0.is_static_ppt.unwrap_or_default(),
    };
    let (missing, now) = (app.converter.missing(), app.now());
    app.quotas.take_conversion(&app.db, caller.0.enterprise_id, now).await?;
    let task_id = app.db.write(move |conn| conversion::request(conn, &caller.0, draft, missing, now)).await?;
    reply(Created { task_id })
}

#[derive(Deserialize, ToSchema)]
struct TaskRef {
    /// The id that `create` returned
    task_id: Text<1, 64>,
}

/// The progress of a conversion task.
#[derive(Serialize, ToSchema)]
pub(super) struct Progress {
    task_id: String,
    status: TranscodeStatus,
    /// In percent
    progress: i64,
    /// The URL of the H5 page; empty before it is finished
    result_url: String,
    /// The earlier name of `result_url`
    h5_url: String,
    /// The width and height of the first page in pixels, such as 1280x720; empty before it is finished
    resolution: String,
    /// 0 before it is finished
    pages: i64,
    title: String,
}

impl Progress {
    fn of(app: &AppState, enterprise: &Enterprise, status: ConversionStatus) -> Self {
        let url = app.address(enterprise, &status.result);
        Self {
            resolution: resolution(&status),
            task_id: status.task_id,
            status: status.state,
            progress: status.progress,
            h5_url: url.clone(),
            result_url: url,
            pages: status.pages,
            title: status.title,
        }
    }
}

/// Width and height such as `1280x720`, or empty before they are known.
pub(super) fn resolution(status: &ConversionStatus) -> String {
    if status.width > 0 { format!("{}x{}", status.width, status.height) } else { String::new() }
}

/// Query the progress of a task; `error_code` is that of the conversion if it failed
#[utoipa::path(tag = "document service", request_body = TaskRef, responses((status = 200, body = Reply<Progress>)))]
#[post("/query")]
async fn query(app: Data<AppState>, caller: Caller, body: Body<TaskRef>) -> Answer<Progress> {
    let (enterprise_id, now) = (caller.0.enterprise_id, app.now());
    let task = app.db.read(move |conn| conversion::require(conn, enterprise_id, &body.0.task_id.0)).await?;
    let status = task.status(now);
    let (code, message) = (conversion_code(status.failure), message(status.failure, &status.message).into_owned());
    reply_of_failure(code, message, Progress::of(&app, &caller.0, status))
}

#[derive(Deserialize, ToSchema)]
struct SetCallback {
    /// The URL for progress callbacks; empty to use the enterprise's callback URL
    callback: Url,
}

/// Set the URL for the progress callbacks of tasks
#[utoipa::path(tag = "document service", request_body = SetCallback, responses((status = 200, body = Reply<Done>)))]
#[post("/callback")]
async fn callback(app: Data<AppState>, caller: Caller, by: AuditedCaller, body: Body<SetCallback>) -> Answer<Done> {
    let (sdkappid, now) = (caller.0.sdkappid, app.now());
    let patch = Patch { transcode_callback: Some(body.0.callback.0), ..Patch::default() };
    app.db.write(move |conn| change_enterprise(conn, sdkappid, patch, &by.0, now)).await?;
    app.enterprises.forget(sdkappid);
    done()
}
