//! `svc=live&cmd=reportbind` and `querybind`: files bound to a room.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain::classroom::bind;
use crate::domain::classroom::bind::BindFile;
use crate::domain::ids::ClassId;
use crate::protocol::suixinbo::asked::Caller;
use crate::protocol::suixinbo::error::{ApiError, Code};
use crate::protocol::suixinbo::fields::{Fields, URL_CHARS};
use crate::protocol::suixinbo::reply::{Answer, done, reply};
use crate::state::AppState;
use crate::store::Page;

pub use crate::domain::classroom::bind::File;

/// The longest name of a file, in characters.
const NAME_CHARS: usize = 128;

/// The file to bind or unbind.
pub fn file(fields: &Fields) -> Result<File, ApiError> {
    let media = fields.one_of("type", 0..=1)?;
    Ok(File { media, name: fields.filled("file_name", NAME_CHARS)?, url: fields.filled("url", URL_CHARS)? })
}

/// Binds a file.
pub async fn bind(app: &AppState, caller: Caller, class_id: ClassId, file: File) -> Answer {
    let now = app.now();
    let bound = app.db.write(move |conn| bind::bind(conn, caller.in_class(class_id), file, now)).await?;
    if bound { done() } else { Err(ApiError::new(Code::Bound, "the url is bound already")) }
}

/// Unbinds a file.
pub async fn unbind(app: &AppState, caller: Caller, class_id: ClassId, url: String) -> Answer {
    let now = app.now();
    let unbound = app.db.write(move |conn| bind::unbind(conn, caller.in_class(class_id), &url, now)).await?;
    if unbound { done() } else { Err(ApiError::new(Code::NotBound, "the url is not bound")) }
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuixinboBound)]
pub struct Bound {
    total: i64,
    bind_files: Vec<FileRow>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuixinboFile)]
pub struct FileRow {
    /// 0 courseware, 1 a video.
    #[serde(rename = "type")]
    media: i64,
    /// In seconds.
    bind_time: i64,
    file_name: String,
    url: String,
}

impl From<BindFile> for FileRow {
    fn from(file: BindFile) -> Self {
        Self {
            media: file.media.unwrap_or_default(),
            bind_time: seconds(file.upload_time),
            file_name: file.file_name(),
            url: file.doc_url,
        }
    }
}

/// Lists the bound files, newest first.
pub async fn list(app: &AppState, caller: Caller, class_id: ClassId, page: Page) -> Answer {
    let bound = app.db.read_slow(move |conn| bind::of_class(conn, caller.in_class(class_id), page)).await?;
    reply(Bound { total: bound.total, bind_files: bound.rows.into_iter().map(FileRow::from).collect() })
}
