//! `imstorage/upload`: stores the body as an image for the chat of a class.

use std::cell::RefCell;

use actix_web::guard::Post;
use actix_web::web::{self, Bytes, BytesMut, Data, ServiceConfig};
use futures_util::future::ready;
use futures_util::stream;
use futures_util::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::classroom::actor::Actor;
use crate::domain::classroom::chat::image;
use crate::domain::content::file::{Address, Kind};
use crate::domain::ids::ClassId;
use crate::http::body;
use crate::protocol::iclass::component::file_body::ComponentUpload;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::Natural;
use crate::service::upload;
use crate::service::upload::Upload;
use crate::state::AppState;

/// Adds the call. It is outside of the other calls, whose middleware reads the whole body first.
pub fn configure(config: &mut ServiceConfig) {
    config.service(web::resource("/imstorage/upload").guard(Post()).to(upload));
}

/// The query parameters of an upload.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UploadParams {
    /// The class that the image is for
    #[param(value_type = i64)]
    class_id: Natural,
}

/// The image that was uploaded.
#[derive(Serialize, ToSchema)]
#[schema(as = UploadedImage)]
struct Uploaded {
    /// The `content` of a message of type `image`; a link that expires, unless the class is public
    url: String,
}

/// Upload an image for the chat of a class that the caller is inside; the body is a PNG, JPEG, GIF or WebP file
#[utoipa::path(
    post,
    path = "/imstorage/upload",
    tag = "component",
    params(UploadParams),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The image"),
    responses((status = 200, body = Reply<Uploaded>))
)]
async fn upload(app: Data<AppState>, mut upload: ComponentUpload<UploadParams>) -> Answer<Uploaded> {
    let stored = store(&app, &mut upload).await;
    let address = upload.end(stored).await?;
    reply(Uploaded { url: app.link(&upload.me.enterprise, &address) })
}

async fn store(app: &AppState, upload: &mut ComponentUpload<UploadParams>) -> Result<Address, ApiError> {
    let (me, class_id) = (upload.me.clone(), ClassId(upload.params.class_id.0));
    me.check_in(class_id)?;
    upload.check_length(app.config.limits.chat_image_bytes)?;
    let (enterprise_id, user_id, now) = (me.enterprise.enterprise_id, me.user.user_id, app.now());
    let by = user_id.clone();
    let check = move |conn: &mut _| image::check_upload(conn, Actor { enterprise_id, class_id, user_id: &by });
    let is_private = app.db.read(check).await?;
    app.check_new_image(enterprise_id, &user_id).await?;
    let digest = RefCell::new(md5::Context::new());
    let content = body::stream(&mut upload.payload, app.config.limits.chat_image_bytes);
    let mut content = Box::pin(content.inspect_ok(|chunk| digest.borrow_mut().consume(chunk)));
    let mut head = BytesMut::new();
    while head.len() < image::HEAD
        && let Some(chunk) = content.try_next().await?
    {
        head.extend_from_slice(&chunk);
    }
    let name = format!("image.{}", image::extension(&head)?);
    let content = stream::once(ready(Ok::<Bytes, body::Error>(head.freeze()))).chain(content);
    let wanted = Upload { enterprise_id, is_private, kind: Kind::Upload, name: &name };
    let keep = move |conn: &mut _, address: &Address, bytes| {
        image::keep(conn, Actor { enterprise_id, class_id, user_id: &user_id }, address, bytes, now)
    };
    let address = upload::upload_for(&app.db, &app.storage, &app.clock, wanted, content, keep).await?;
    let digest = format!("{:x}", digest.into_inner().finalize());
    if let Err(problem) = upload.check_sign(app, &digest) {
        let stored = address.to_string();
        app.db.write(move |conn| image::forget(conn, enterprise_id, &stored, now)).await?;
        return Err(problem);
    }
    Ok(address)
}
