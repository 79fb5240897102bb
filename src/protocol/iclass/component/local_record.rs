//! `localrecord/upload`: stores the body as a recording that the component made of a class.

use actix_web::web::{self, Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::file_body::ComponentUpload;
use crate::domain::classroom::local_recording;
use crate::domain::classroom::local_recording::Draft;
use crate::domain::classroom::recording::Recording;
use crate::domain::content::file::Kind;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::upload::write;
use crate::protocol::iclass::wire::{Int, Natural, Text, Time};
use crate::service::upload::Upload;
use crate::state::AppState;

/// The longest duration, in seconds.
const DAY: i64 = 86_400;

/// Adds the call. It is outside the scope of the other calls, because their middleware reads the whole body first.
pub fn configure(config: &mut ServiceConfig) {
    config.service(web::resource("/localrecord/upload").to(upload));
}

/// The query parameters of an upload.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LocalRecordParams {
    /// The class
    class_id: Natural,
    /// When the recording begins, in seconds
    start_time: Time,
    /// When the recording ends, in seconds
    stop_time: Time,
    /// How long it is, in seconds [default: from `start_time` to `stop_time`]
    #[param(value_type = Option<i64>, minimum = 0, maximum = 86400)]
    duration: Option<Int<0, DAY>>,
    /// The task of the component; the files of one task may be queried together [default: a new one]
    #[param(value_type = Option<String>, max_length = 128)]
    task_id: Option<Text<0, 128>>,
    /// The format of the file [default: mp4]
    #[param(inline)]
    format: Option<Format>,
    /// 0 a camera, 1 a screen, 2 the whole class [default: 2]
    #[param(value_type = Option<i64>, minimum = 0, maximum = 2)]
    video_type: Option<Int<0, 2>>,
}

/// A format that recordings may have.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    Mp4,
    Webm,
    Mkv,
    Mov,
    Flv,
    M4a,
    Mp3,
}

impl Format {
    /// The extension of a file.
    fn word(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::Webm => "webm",
            Self::Mkv => "mkv",
            Self::Mov => "mov",
            Self::Flv => "flv",
            Self::M4a => "m4a",
            Self::Mp3 => "mp3",
        }
    }
}

/// The recording that was uploaded.
#[derive(Serialize, ToSchema)]
struct LocalRecordAdded {
    /// The task that it belongs to
    task_id: String,
    /// The id of the file
    file_id: String,
    /// A link that expires, unless recordings of the enterprise are public
    file_url: String,
    /// In bytes
    file_size: i64,
}

/// Upload what the component recorded of a class, as a moderator; the body is the file
#[utoipa::path(
    post,
    path = "/localrecord/upload",
    tag = "component",
    params(LocalRecordParams),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses((status = 200, body = Reply<LocalRecordAdded>))
)]
async fn upload(app: Data<AppState>, mut upload: ComponentUpload<LocalRecordParams>) -> Answer<LocalRecordAdded> {
    let added = add(&app, &mut upload).await;
    let added = upload.end(added).await?;
    reply(LocalRecordAdded {
        task_id: added.task_id.unwrap_or_default(),
        file_id: added.video_id,
        file_url: app.address(&upload.me.enterprise, &added.video_url),
        file_size: added.video_size,
    })
}

async fn add(app: &AppState, upload: &mut ComponentUpload<LocalRecordParams>) -> Result<Recording, ApiError> {
    let params = &upload.params;
    let class_id = ClassId(params.class_id.0);
    let (start_time, stop_time) = (params.start_time.0, params.stop_time.0);
    if stop_time < start_time {
        return Err(ApiError::invalid("stop_time: before start_time"));
    }
    let (limit, most) = (app.config.recording.upload_bytes, app.config.quotas.quota_recording_bytes);
    upload.check_length(limit)?;
    let (enterprise, user) = (upload.me.enterprise.clone(), upload.me.user.clone());
    let by = user.clone();
    let is_private = app.db.read(move |conn| local_recording::check(conn, &by, class_id, most)).await?;
    let format = upload.params.format.unwrap_or(Format::Mp4).word();
    let name = format!("recording.{format}");
    let wanted = Upload { enterprise_id: enterprise.enterprise_id, is_private, kind: Kind::Recording, name: &name };
    let (written, md5) = write(app, wanted, limit, &mut upload.payload).await?;
    upload.check_sign(app, &md5)?;
    let draft = Draft {
        task_id: upload.params.task_id.as_ref().map(|id| id.0.clone()).unwrap_or_default(),
        format: format.to_owned(),
        address: written.address.clone(),
        bytes: written.bytes,
        md5,
        start_time,
        stop_time,
        duration: upload.params.duration.as_ref().map_or(stop_time - start_time, |duration| duration.0),
        video_type: upload.params.video_type.as_ref().map_or(2, |video_type| video_type.0),
    };
    let now = app.now();
    let add = move |conn: &mut _| local_recording::add(conn, &enterprise, (&user, class_id), draft, most, now);
    Ok(written.keep(add).await?)
}
