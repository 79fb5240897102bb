//! `/paas/v1/document/upload`: stores the body as a file, for enterprises without file storage of their own.

use std::cell::RefCell;

use actix_web::dev::Payload;
use actix_web::web::{self, Data, Query, ServiceConfig};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Upload;
use super::error::{ApiError, Code};
use super::reply::{Answer, Reply, reply};
use super::scope::{SCOPE, cors};
use super::wire::{Name, Text, text};
use crate::domain::content::document::Permission;
use crate::domain::content::file;
use crate::domain::content::file::{Address, Kind};
use crate::domain::ids::EnterpriseId;
use crate::http::body;
use crate::service::upload;
use crate::service::upload::{UploadError, Written};
use crate::state::AppState;

/// The longest file name in bytes. File systems allow 255.
const LONGEST_NAME: usize = 200;
/// The name of a file without a name.
const NAMELESS: &str = "document";

/// Adds the call. It is outside the scope of the other calls, because their middleware reads the whole body first.
pub fn configure(config: &mut ServiceConfig) {
    let call = web::resource(format!("{SCOPE}/document/upload")).wrap(cors()).to(upload);
    config.service(call);
}

/// The query parameters of an upload.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UploadParams {
    /// The name of the document, without the extension
    doc_name: Option<Name>,
    /// The extension, such as ppt; it determines the content type
    doc_ext: Option<Text<0, 16>>,
    /// `public` for a permanent URL, `private` for links that expire [default: public]
    permission: Option<Permission>,
}

/// The file that was uploaded.
#[derive(Serialize, ToSchema)]
struct Uploaded {
    /// The `doc_url` for `document/add`; for a private file a link that expires
    doc_url: String,
    /// In bytes
    doc_size: i64,
    /// The MD5 of the content
    doc_md5: String,
}

/// Upload a document; the body is the file
#[utoipa::path(
    post,
    path = "/document/upload",
    tag = "document",
    params(UploadParams),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses((status = 200, body = Reply<Uploaded>))
)]
async fn upload(app: Data<AppState>, upload: Upload, params: UploadQuery) -> Answer<Uploaded> {
    let Upload { enterprise, mut payload } = upload;
    let params = match params {
        Ok(params) => params.into_inner(),
        Err(problem) => {
            body::discard(&mut payload).await;
            return Err(ApiError::invalid(problem.to_string()));
        }
    };
    let private = params.permission == Some(Permission::Private);
    let name = file_name(&text(params.doc_name).unwrap_or_default(), &text(params.doc_ext).unwrap_or_default());
    let Stored { address, size, md5 } = store(&app, enterprise.enterprise_id, private, &name, &mut payload).await?;
    reply(Uploaded { doc_url: app.link(&enterprise, &address), doc_size: size, doc_md5: md5 })
}

/// A file that was stored.
pub(super) struct Stored {
    /// Its address.
    pub address: Address,
    /// In bytes.
    pub size: i64,
    /// The MD5 of the content, in hex.
    pub md5: String,
}

/// Stores a body as a document of this name.
pub(super) async fn store(
    app: &AppState,
    enterprise_id: EnterpriseId,
    is_private: bool,
    name: &str,
    payload: &mut Payload,
) -> Result<Stored, ApiError> {
    let wanted = upload::Upload { enterprise_id, is_private, kind: Kind::Upload, name };
    let (written, md5) = match write(app, wanted, app.config.limits.document_bytes, payload).await {
        Ok(written) => written,
        Err(problem) => {
            body::discard(payload).await;
            return Err(problem);
        }
    };
    let (address, size, key) = (written.address.clone(), written.bytes, written.address.key().clone());
    written.keep(move |conn| file::keep(conn, enterprise_id, &key, size)).await?;
    Ok(Stored { address, size, md5 })
}

/// Writes a body of at most `limit` bytes to a file that is not kept yet. Returns it with the MD5 of the content, in hex.
pub(super) async fn write(
    app: &AppState,
    wanted: upload::Upload<'_>,
    limit: u64,
    payload: &mut Payload,
) -> Result<(Written, String), ApiError> {
    let digest = RefCell::new(md5::Context::new());
    let content = body::stream(payload, limit).inspect_ok(|chunk| digest.borrow_mut().consume(chunk));
    let written = upload::write(&app.db, &app.storage, &app.clock, wanted, content).await?;
    Ok((written, format!("{:x}", digest.into_inner().finalize())))
}

/// A `Result`, so that the handler can discard the body before it responds with the error.
type UploadQuery = Result<Query<UploadParams>, actix_web::Error>;

impl From<UploadError<body::Error>> for ApiError {
    fn from(problem: UploadError<body::Error>) -> Self {
        match problem {
            UploadError::Content(problem) => problem.into(),
            UploadError::Row(problem) => problem.into(),
            UploadError::Storage(problem) => {
                log::error!("storing an upload failed: {problem}");
                Self::new(Code::Internal, "the file could not be stored; try again")
            }
        }
    }
}

/// The file name in the URL, made from `doc_name` and `doc_ext`. Characters with a meaning in paths or URLs become `_`.
pub(super) fn file_name(doc_name: &str, doc_ext: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .map(|c| if matches!(c, '/' | '\\' | '#' | '?' | '%') || c.is_control() { '_' } else { c })
            .collect()
    };
    let extension = plain(doc_ext.trim_start_matches('.'));
    let room = LONGEST_NAME.saturating_sub(extension.len());
    let mut name = plain(doc_name.trim_start_matches('.'));
    while name.len() > room {
        name.pop();
    }
    let name = if name.is_empty() { NAMELESS } else { &name };
    if extension.is_empty() { name.to_owned() } else { format!("{name}.{extension}") }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_called_what_its_document_is() {
        assert_eq!(file_name("第一课", "pptx"), "第一课.pptx");
        assert_eq!(file_name("a.b", ".pdf"), "a.b.pdf");
        assert_eq!(file_name("", ""), "document");
        assert_eq!(file_name("..", "/../x"), "document._.._x");
        assert_eq!(file_name("../../etc/passwd", ""), "_.._etc_passwd");
        assert!(file_name(&"课".repeat(128), "pptx").len() <= 205);
    }
}
