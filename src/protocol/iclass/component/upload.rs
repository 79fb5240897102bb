//! `document/upload` for components: stores the body as a document of a class, and has it converted.

use actix_web::web::{self, Data, ServiceConfig};
use serde::Deserialize;
use utoipa::IntoParams;

use super::file_body::ComponentUpload;
use crate::domain::classroom::courseware;
use crate::domain::content::document::{Draft, Permission};
use crate::domain::content::file;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::quota::Counted;
use crate::protocol::iclass::backend::document::Added;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::upload::{Stored, file_name, store};
use crate::protocol::iclass::wire::{Natural, Text};
use crate::state::AppState;

/// The longest extension of a name.
const LONGEST_EXTENSION: usize = 16;
/// The longest name of a document, without the extension.
const LONGEST_NAME: usize = 128;

/// Adds the call. It is outside the scope of the other calls, because their middleware reads the whole body first.
pub fn configure(config: &mut ServiceConfig) {
    config.service(web::resource("/document/upload").to(upload));
}

/// The query parameters of an upload.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DocumentUploadParams {
    /// The class
    class_id: Natural,
    /// The name of the document with its extension
    #[param(value_type = String, min_length = 1, max_length = 200)]
    name: Text<1, 200>,
    /// `private` for links that expire, `public` for permanent ones [default: private]
    permission: Option<Permission>,
}

/// Upload a document to a class as a moderator; the body is the file. All but sound and video is converted
#[utoipa::path(
    post,
    path = "/document/upload",
    tag = "component",
    params(DocumentUploadParams),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses((status = 200, body = Reply<Added>))
)]
async fn upload(app: Data<AppState>, mut upload: ComponentUpload<DocumentUploadParams>) -> Answer<Added> {
    let checked = check(&app, &upload).await;
    upload.end(checked).await?;
    let class_id = ClassId(upload.params.class_id.0);
    let permission = upload.params.permission.unwrap_or(Permission::Private);
    let (doc_name, doc_ext) = split(&upload.params.name.0);
    let (enterprise, user, now) = (upload.me.enterprise.clone(), upload.me.user.clone(), app.now());
    let enterprise_id = enterprise.enterprise_id;
    let (is_private, name) = (permission == Permission::Private, file_name(&doc_name, &doc_ext));
    let Stored { address, size, md5 } = store(&app, enterprise_id, is_private, &name, &mut upload.payload).await?;
    let (stored, checked) = (address.key().clone(), upload.check_sign(&app, &md5));
    let draft = Draft {
        doc_url: String::new(),
        file: Some(address),
        is_transcode: is_convertible(&doc_ext),
        doc_name,
        doc_ext,
        doc_size: size,
        doc_md5: md5,
        permission,
        owner: user.user_id.clone(),
        is_static: false,
    };
    let added = match checked {
        Ok(()) => {
            let missing = app.converter.missing();
            let add = move |conn: &mut _| courseware::add(conn, &enterprise, (&user, class_id), draft, missing, now);
            app.db.write(add).await.map_err(ApiError::from)
        }
        Err(problem) => Err(problem),
    };
    match added {
        Ok(doc_id) => reply(Added { doc_id }),
        Err(problem) => {
            app.db.write(move |conn| file::discard(conn, enterprise_id, &stored, now)).await?;
            Err(problem)
        }
    }
}

/// Checks whether the caller may upload, before the body is read.
async fn check(app: &AppState, upload: &ComponentUpload<DocumentUploadParams>) -> Result<(), ApiError> {
    let params = &upload.params;
    upload.check_length(app.config.limits.document_bytes)?;
    let (user, class_id) = (upload.me.user.clone(), ClassId(params.class_id.0));
    app.db.read(move |conn| courseware::check_room(conn, &user, class_id)).await?;
    let enterprise_id = upload.me.enterprise.enterprise_id;
    app.check_quota(enterprise_id, Counted::Documents, 1).await?;
    if is_convertible(&split(&params.name.0).1) {
        app.quotas.take_conversion(&app.db, enterprise_id, app.now()).await?;
    }
    Ok(())
}

/// The name of a document and its extension, in lower case.
fn split(name: &str) -> (String, String) {
    let is_extension =
        |text: &str| (1..=LONGEST_EXTENSION).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    let (name, extension) = match name.rsplit_once('.') {
        Some((name, extension)) if !name.is_empty() && is_extension(extension) => {
            (name, extension.to_ascii_lowercase())
        }
        _ => (name, String::new()),
    };
    (name.chars().take(LONGEST_NAME).collect(), extension)
}

/// Whether a document is converted. The converter looks at the content and has the last word.
fn is_convertible(extension: &str) -> bool {
    let kind = mime_guess::from_ext(extension).first();
    kind.is_none_or(|kind| kind.type_() != mime_guess::mime::VIDEO && kind.type_() != mime_guess::mime::AUDIO)
}

#[cfg(test)]
mod tests {
    use super::{is_convertible, split};

    #[test]
    fn a_name_has_an_extension_or_none() {
        for (name, stem, extension) in [
            ("第一课.PPTX", "第一课", "pptx"),
            ("a.b.pdf", "a.b", "pdf"),
            ("README", "README", ""),
            (".hidden", ".hidden", ""),
            ("a.", "a.", ""),
            ("v1.2-final", "v1.2-final", ""),
        ] {
            assert_eq!(split(name), (stem.to_owned(), extension.to_owned()));
        }
        assert_eq!(split(&"课".repeat(200)).0.chars().count(), 128);
    }

    #[test]
    fn sound_and_video_are_not_converted() {
        assert!(["pptx", "pdf", "png", "", "xyz", "txt"].iter().all(|extension| is_convertible(extension)));
        assert!(["mp4", "webm", "mp3", "wav", "mov"].iter().all(|extension| !is_convertible(extension)));
    }
}
