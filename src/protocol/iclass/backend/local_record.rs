//! `localrecord/query`: what components recorded themselves and uploaded.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain::classroom::local_recording;
use crate::domain::classroom::local_recording::Filter;
use crate::domain::classroom::recording::Recording;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::{Natural, Size, SoughtUserId, Text, page};
use crate::state::AppState;

/// Adds the call.
pub fn configure(config: &mut ServiceConfig) {
    config.service(query);
}

#[derive(Deserialize, ToSchema)]
struct ListLocalRecords {
    /// The class
    class_id: Natural,
    /// Who recorded; empty for all
    #[schema(value_type = Option<String>)]
    user_id: Option<SoughtUserId>,
    /// The task of the component; empty for all
    task_id: Option<Text<0, 128>>,
    /// Files to skip [default: 0]
    #[serde(rename = "Index", alias = "index")]
    index: Option<Natural>,
    /// Files to return, at most 100 [default: 100]
    size: Option<Size>,
}

/// A page of files.
#[derive(Serialize, ToSchema)]
struct LocalRecords {
    /// Whether this is the last page
    finish: bool,
    /// How many files there are
    total: i64,
    /// In the order in which they were uploaded
    record_info_list: Vec<LocalRecord>,
}

/// A file that a component recorded itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
struct LocalRecord {
    /// The class
    #[schema(value_type = i64)]
    room_id: ClassId,
    /// Who recorded
    user_id: String,
    /// The task of the component
    task_id: String,
    /// When it begins, in seconds
    start_time: i64,
    /// When it was uploaded, in seconds
    splic_time: i64,
    /// The format, such as mp4
    video_output_type: String,
    video_output_id: String,
    video_output_url: String,
    /// In bytes
    video_output_size: i64,
    /// In milliseconds
    video_output_duration: i64,
}

impl LocalRecord {
    fn of(app: &AppState, enterprise: &Enterprise, recording: Recording) -> Self {
        Self {
            room_id: recording.class_id,
            user_id: recording.user_id,
            task_id: recording.task_id.unwrap_or_default(),
            start_time: recording.start_time,
            splic_time: seconds(recording.create_time),
            video_output_type: recording.video_format,
            video_output_id: recording.video_id,
            video_output_url: app.address(enterprise, &recording.video_url),
            video_output_size: recording.video_size,
            video_output_duration: recording.duration.saturating_mul(1_000),
        }
    }
}

/// List what components recorded of a class themselves and uploaded
#[utoipa::path(tag = "localrecord", request_body = ListLocalRecords, responses((status = 200, body = Reply<LocalRecords>)))]
#[post("/localrecord/query")]
async fn query(app: Data<AppState>, caller: Caller, body: Body<ListLocalRecords>) -> Answer<LocalRecords> {
    let ListLocalRecords { class_id, user_id, task_id, index, size } = body.0;
    let page = page(index, size, None)?;
    let filter = Filter {
        user_id: user_id.map(|id| id.as_text()).filter(|id| !id.is_empty()),
        task_id: task_id.map(|id| id.0).filter(|id| !id.is_empty()),
    };
    let (enterprise_id, class_id) = (caller.0.enterprise_id, ClassId(class_id.0));
    let list = move |conn: &mut _| local_recording::list(conn, enterprise_id, class_id, &filter, page);
    let found = app.db.read(list).await?;
    let record_info_list = found.rows.into_iter().map(|row| LocalRecord::of(&app, &caller.0, row)).collect();
    reply(LocalRecords { finish: found.finish, total: found.total, record_info_list })
}
