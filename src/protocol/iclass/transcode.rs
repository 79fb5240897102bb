//! `/transcode/v1/*`, and `/ppt2h5/v1/*` by its earlier name: the document service. It converts what is at an address, without
//! a document that stays.

use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth;
use super::auth::{Body, Caller};
use super::conversion::{conversion_code, message};
use super::reply::{Answer, Done, Reply, done, reply, reply_of_failure};
use super::wire::{Text, Url};
use super::{cors, error};
use crate::domain::content::conversion;
use crate::domain::content::conversion::{ConversionStatus, Draft, Service};
use crate::domain::content::document::TranscodeStatus;
use crate::domain::tenancy::enterprise;
use crate::domain::tenancy::enterprise::{Enterprise, Patch};
use crate::state::AppState;

/// Where the calls are …
pub const SCOPE: &str = "/transcode/v1";
/// … and where they were before.
pub const EARLIER_SCOPE: &str = "/ppt2h5/v1";

/// Adds the calls, at both places.
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
    /// Where the original can be fetched, within a minute
    url: Url,
    /// Whether slides become pictures, without their animations [default: false]
    is_static_ppt: Option<bool>,
}

#[derive(Serialize, ToSchema)]
struct Created {
    task_id: String,
}

/// Convert what is at an address
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
    let task_id = app.db.write(move |conn| conversion::request(conn, &caller.0, draft, missing, now)).await?;
    reply(Created { task_id })
}

#[derive(Deserialize, ToSchema)]
struct TaskRef {
    /// What `create` gave
    task_id: Text<1, 64>,
}

/// How a task stands.
#[derive(Serialize, ToSchema)]
pub(super) struct Progress {
    task_id: String,
    status: TranscodeStatus,
    /// In percent
    progress: i64,
    /// The address of the H5 page, when it is finished
    result_url: String,
    /// The same, by its earlier name
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

/// Width and height, once they are known.
pub(super) fn resolution(status: &ConversionStatus) -> String {
    if status.width > 0 { format!("{}x{}", status.width, status.height) } else { String::new() }
}

/// See how a task stands; `error_code` is that of the conversion when it failed
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
    /// Where the progress of tasks is told; empty for where everything is told
    callback: Url,
}

/// Choose where the progress of tasks is told
#[utoipa::path(tag = "document service", request_body = SetCallback, responses((status = 200, body = Reply<Done>)))]
#[post("/callback")]
async fn callback(app: Data<AppState>, caller: Caller, body: Body<SetCallback>) -> Answer<Done> {
    let sdkappid = caller.0.sdkappid;
    let patch = Patch { transcode_callback: Some(body.0.callback.0), ..Patch::default() };
    app.db.write(move |conn| enterprise::modify(conn, sdkappid, patch)).await?;
    app.enterprises.forget(sdkappid);
    done()
}
