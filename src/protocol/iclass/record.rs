//! The recording service: `/record/v1/online/*` begins, interrupts and ends the recording of a class in progress, and
//! `/record/v1/offline/*` makes its video again. Each has an address for its callbacks.

use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audited::AuditedCaller;
use super::auth;
use super::auth::{Body, Caller};
use super::callback::LOCAL_RECORD;
use super::error;
use super::reply::{Answer, Done, Reply, done, reply};
use super::scope::cors;
use super::wire::{Natural, Text, Url};
use crate::clock::seconds;
use crate::domain;
use crate::domain::classroom::online_recording;
use crate::domain::classroom::online_recording::{OnlineRecording, RecordingState};
use crate::domain::classroom::recording;
use crate::domain::classroom::recording::Recording;
use crate::domain::events::endpoint::change_enterprise;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::{Enterprise, Patch};
use crate::state::AppState;

/// The path of the calls.
pub const SCOPE: &str = "/record/v1";

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    let calls = web::scope(SCOPE)
        .wrap(from_fn(auth::authenticate))
        .wrap(cors())
        .route("/online/start", web::post().to(start))
        .route("/online/stop", web::post().to(stop))
        .route("/online/pause", web::post().to(pause))
        .route("/online/resume", web::post().to(resume))
        .route("/online/query", web::post().to(query))
        .route("/online/callback", web::post().to(set_online_callback))
        .route("/offline/create", web::post().to(create))
        .route("/offline/query", web::post().to(query))
        .route("/offline/callback", web::post().to(set_offline_callback))
        .default_service(web::to(error::no_such_call));
    config.service(calls);
}

#[derive(Deserialize, ToSchema)]
struct RecordedClass {
    /// The class; it must be in progress
    class_id: Natural,
}

#[derive(Deserialize, ToSchema)]
struct RecordTask {
    /// The id that `online/start` returned
    task_id: Text<1, 64>,
}

/// What becomes of a recording.
#[derive(Serialize, ToSchema)]
pub(super) struct RecordView {
    task_id: String,
    #[schema(value_type = i64)]
    class_id: ClassId,
    /// What is done with it
    status: RecordingState,
    /// Why it ended early or has no video; empty if it did not
    message: String,
    /// When it began, in seconds
    start_time: i64,
    /// When it ended, in seconds; 0 while it goes on
    stop_time: i64,
    video_info: Vec<VideoView>,
}

/// A video of a class.
#[derive(Serialize, ToSchema)]
pub(super) struct VideoView {
    /// The position of its first frame
    video_play_time: i64,
    /// In bytes
    video_size: i64,
    video_format: String,
    /// In seconds
    video_duration: i64,
    video_url: String,
    video_id: String,
    /// 0 a camera, 1 a screen, 2 the whole class
    video_type: i64,
    user_id: String,
    /// When it begins, in seconds
    start_time: i64,
    /// When it ends, in seconds
    stop_time: i64,
    /// `local_record` for what a component recorded itself and uploaded, else `online_record`
    record_type: &'static str,
}

impl VideoView {
    /// A video with an address that is valid now.
    pub(super) fn of(app: &AppState, enterprise: &Enterprise, recording: Recording) -> Self {
        Self {
            video_play_time: recording.play_time,
            video_size: recording.video_size,
            video_format: recording.video_format,
            video_duration: recording.duration,
            video_url: app.address(enterprise, &recording.video_url),
            video_id: recording.video_id,
            video_type: recording.video_type,
            user_id: recording.user_id,
            start_time: recording.start_time,
            stop_time: recording.stop_time,
            record_type: if recording.task_id.is_some() { LOCAL_RECORD } else { "online_record" },
        }
    }
}

impl RecordView {
    fn of(app: &AppState, enterprise: &Enterprise, recording: OnlineRecording, videos: Vec<Recording>) -> Self {
        let own = videos.into_iter().filter(|video| video.recording_id == Some(recording.id));
        Self {
            task_id: recording.task_id,
            class_id: recording.class_id,
            status: recording.state,
            message: recording.message,
            start_time: seconds(recording.begin_time),
            stop_time: recording.end_time.map_or(0, seconds),
            video_info: own.map(|video| VideoView::of(app, enterprise, video)).collect(),
        }
    }
}

/// Record a class in progress from now on; one that is recorded already goes on
#[utoipa::path(post, path = "/online/start", tag = "recording service", request_body = RecordedClass, responses((status = 200, body = Reply<RecordView>)))]
async fn start(app: Data<AppState>, caller: Caller, body: Body<RecordedClass>) -> Answer<RecordView> {
    let (class_id, recorder, now) = (ClassId(body.0.class_id.0), app.recorder(), app.now());
    let enterprise = caller.0.clone();
    let write = move |conn: &mut _| online_recording::start_on_request(conn, &enterprise, class_id, recorder, now);
    let recording = app.db.write(write).await?;
    reply(RecordView::of(&app, &caller.0, recording, Vec::new()))
}

/// End the recording of a class that goes on; its video is made then
#[utoipa::path(post, path = "/online/stop", tag = "recording service", request_body = RecordedClass, responses((status = 200, body = Reply<RecordView>)))]
async fn stop(app: Data<AppState>, caller: Caller, body: Body<RecordedClass>) -> Answer<RecordView> {
    let (class_id, enterprise, now) = (ClassId(body.0.class_id.0), caller.0.clone(), app.now());
    let write = move |conn: &mut _| online_recording::stop_on_request(conn, &enterprise, class_id, now);
    let recording = app.db.write(write).await?;
    reply(RecordView::of(&app, &caller.0, recording, Vec::new()))
}

/// Interrupt the recording of a class; the video leaves the time out
#[utoipa::path(post, path = "/online/pause", tag = "recording service", request_body = RecordedClass, responses((status = 200, body = Reply<RecordView>)))]
async fn pause(app: Data<AppState>, caller: Caller, body: Body<RecordedClass>) -> Answer<RecordView> {
    set_paused(app, caller, body, true).await
}

/// Let the recording of a class go on
#[utoipa::path(post, path = "/online/resume", tag = "recording service", request_body = RecordedClass, responses((status = 200, body = Reply<RecordView>)))]
async fn resume(app: Data<AppState>, caller: Caller, body: Body<RecordedClass>) -> Answer<RecordView> {
    set_paused(app, caller, body, false).await
}

async fn set_paused(
    app: Data<AppState>,
    caller: Caller,
    body: Body<RecordedClass>,
    is_paused: bool,
) -> Answer<RecordView> {
    let (class_id, enterprise, now) = (ClassId(body.0.class_id.0), caller.0.clone(), app.now());
    let write = move |conn: &mut _| online_recording::set_paused(conn, &enterprise, class_id, is_paused, now);
    let recording = app.db.write(write).await?;
    reply(RecordView::of(&app, &caller.0, recording, Vec::new()))
}

/// Query what becomes of a recording, and its videos
#[utoipa::path(post, path = "/online/query", tag = "recording service", request_body = RecordTask, responses((status = 200, body = Reply<RecordView>)))]
async fn query(app: Data<AppState>, caller: Caller, body: Body<RecordTask>) -> Answer<RecordView> {
    let enterprise_id = caller.0.enterprise_id;
    let read = move |conn: &mut _| {
        let found = online_recording::require_task(conn, enterprise_id, &body.0.task_id.0)?;
        let videos = recording::list(conn, enterprise_id, found.class_id)?;
        Ok::<_, domain::Error>((found, videos))
    };
    let (found, videos) = app.db.read(read).await?;
    reply(RecordView::of(&app, &caller.0, found, videos))
}

/// Have the video of a recording made again that has none
#[utoipa::path(post, path = "/offline/create", tag = "recording service", request_body = RecordTask, responses((status = 200, body = Reply<RecordView>)))]
async fn create(app: Data<AppState>, caller: Caller, body: Body<RecordTask>) -> Answer<RecordView> {
    let (enterprise_id, now) = (caller.0.enterprise_id, app.now());
    let write = move |conn: &mut _| online_recording::compose_again(conn, enterprise_id, &body.0.task_id.0, now);
    let recording = app.db.write(write).await?;
    reply(RecordView::of(&app, &caller.0, recording, Vec::new()))
}

#[derive(Deserialize, ToSchema)]
struct SetRecordingCallback {
    /// The URL for the callbacks; empty to use the enterprise's callback URL
    callback: Url,
}

/// Set the URL for `online_record_start` and `online_record_stop` of recordings that `online/start` began
#[utoipa::path(post, path = "/online/callback", tag = "recording service", request_body = SetRecordingCallback, responses((status = 200, body = Reply<Done>)))]
async fn set_online_callback(
    app: Data<AppState>,
    caller: Caller,
    by: AuditedCaller,
    body: Body<SetRecordingCallback>,
) -> Answer<Done> {
    set_callback(&app, &caller, by, Patch { online_callback: Some(body.0.callback.0), ..Patch::default() }).await
}

/// Set the URL for `online_record_stop` of videos that `offline/create` had made
#[utoipa::path(post, path = "/offline/callback", tag = "recording service", request_body = SetRecordingCallback, responses((status = 200, body = Reply<Done>)))]
async fn set_offline_callback(
    app: Data<AppState>,
    caller: Caller,
    by: AuditedCaller,
    body: Body<SetRecordingCallback>,
) -> Answer<Done> {
    set_callback(&app, &caller, by, Patch { offline_callback: Some(body.0.callback.0), ..Patch::default() }).await
}

async fn set_callback(app: &AppState, caller: &Caller, by: AuditedCaller, patch: Patch) -> Answer<Done> {
    let (sdkappid, now) = (caller.0.sdkappid, app.now());
    app.db.write(move |conn| change_enterprise(conn, sdkappid, patch, &by.0, now)).await?;
    app.enterprises.forget(sdkappid);
    done()
}
