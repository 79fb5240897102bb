//! `/paas/v1/document/upload`: the body is a document, kept here for enterprises without a place of their own.

use std::cell::RefCell;

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
use crate::http::body;
use crate::state;
use crate::state::{AppState, StoreError};

/// The longest name of a file, in bytes: what file systems take is 255.
const LONGEST_NAME: usize = 200;
/// What a file without a name is called.
const NAMELESS: &str = "document";

/// Adds the call. Apart from the others, whose bodies are read before they are called.
pub fn configure(config: &mut ServiceConfig) {
    let call = web::resource(format!("{SCOPE}/document/upload")).wrap(cors()).to(upload);
    config.service(call);
}

/// What is told of an upload, in the query: the body is the file.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Described {
    /// The name of the document, without the extension
    doc_name: Option<Name>,
    /// Its extension, such as ppt: what it is served as
    doc_ext: Option<Text<0, 16>>,
    /// `public` for an address that stays, `private` for links that end [default: public]
    permission: Option<Permission>,
}

/// The file that was uploaded.
#[derive(Serialize, ToSchema)]
struct Uploaded {
    /// What `document/add` takes; of a private file a link that ends
    doc_url: String,
    /// In bytes
    doc_size: i64,
    /// Of its content
    doc_md5: String,
}

/// Upload a document; the body is the file
#[utoipa::path(
    post,
    path = "/document/upload",
    tag = "document",
    params(Described),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses((status = 200, body = Reply<Uploaded>))
)]
async fn upload(app: Data<AppState>, sent: Upload, described: DescribedQuery) -> Answer<Uploaded> {
    let Upload { enterprise, mut payload } = sent;
    let described = match described {
        Ok(described) => described.into_inner(),
        Err(problem) => {
            body::discard(&mut payload).await;
            return Err(ApiError::invalid(problem.to_string()));
        }
    };
    let private = described.permission == Some(Permission::Private);
    let name = file_name(&text(described.doc_name).unwrap_or_default(), &text(described.doc_ext).unwrap_or_default());
    let seen = RefCell::new((0_i64, md5::Context::new()));
    let content = body::stream(&mut payload, app.config.document_limit_bytes).inspect_ok(|chunk| {
        let (size, digest) = &mut *seen.borrow_mut();
        *size = size.saturating_add(i64::try_from(chunk.len()).unwrap_or(i64::MAX));
        digest.consume(chunk);
    });
    let stored = state::upload(&app, enterprise.enterprise_id, private, &name, content).await;
    let address = match stored {
        Ok(address) => address,
        Err(problem) => {
            body::discard(&mut payload).await;
            return Err(problem.into());
        }
    };
    let (doc_size, digest) = seen.into_inner();
    reply(Uploaded { doc_url: app.link(&enterprise, &address), doc_size, doc_md5: format!("{:x}", digest.finalize()) })
}

/// Not an error before the body was seen to.
type DescribedQuery = Result<Query<Described>, actix_web::Error>;

impl From<StoreError<body::Error>> for ApiError {
    fn from(problem: StoreError<body::Error>) -> Self {
        match problem {
            StoreError::Content(problem) => problem.into(),
            StoreError::Row(problem) => problem.into(),
            StoreError::Storage(problem) => {
                log::error!("an upload was not stored: {problem}");
                Self::new(Code::Internal, "the file could not be stored; try again")
            }
        }
    }
}

/// What the file is called in its address: what `doc_name` and `doc_ext` make, without what a path or a storage takes amiss.
fn file_name(doc_name: &str, doc_ext: &str) -> String {
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
