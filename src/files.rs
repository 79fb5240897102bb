//! Serves files at `/files/`, whole or in byte ranges, and lists of live segments at `/live/`. Caches may keep files, and pages of
//! any origin may read them. The protocols only return the URLs.

mod conditions;
mod kinds;
mod live;
mod without;

use actix_web::body::SizedStream;
use actix_web::http::header::{self, CacheControl, CacheDirective, ContentRange, ContentRangeSpec, ETag};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt;

use crate::clock::Millis;
use crate::domain::content::file;
use crate::domain::content::file::{Access, Kind, Link};
use crate::state::AppState;
use crate::storage::{Error, Stored};
use conditions::{Part, Validators};
use without::{fail, preflight, refuse};

/// `max-age` of a public file. Such a file never changes; a year is the customary value for that.
const IMMUTABLE_SECONDS: u32 = 31_536_000;

/// Mounts `/files/`.
pub fn configure(config: &mut ServiceConfig) {
    let files = web::resource("/files/{key}/{rest:.*}")
        .route(web::get().to(serve))
        .route(web::head().to(serve))
        .route(web::method(Method::OPTIONS).to(preflight))
        .default_service(web::to(|| async { refuse(StatusCode::METHOD_NOT_ALLOWED) }));
    config.service(files).configure(live::configure);
}

async fn serve(app: Data<AppState>, request: HttpRequest, path: Path<(String, String)>) -> HttpResponse {
    let (key, rest) = path.into_inner();
    let Some(link) = Link::of(&key, &rest) else { return refuse(StatusCode::NOT_FOUND) };
    let (now, requested) = (app.now(), link.clone());
    let access = app.db.read(move |conn| file::access(conn, &requested, now)).await;
    let (kind, until) = match access {
        Ok(Access::Granted(kind, until)) => (kind, until),
        Ok(Access::Refused) => return refuse(StatusCode::FORBIDDEN),
        Ok(Access::Unknown) => return refuse(StatusCode::NOT_FOUND),
        Err(problem) => return fail(&problem),
    };
    match answer(&app, &request, &link, kind, until).await {
        Ok(response) => response,
        Err(Error::Missing) => refuse(StatusCode::NOT_FOUND),
        Err(problem) => {
            log::error!("reading a file from the storage failed: {problem}");
            refuse(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

async fn answer(
    app: &AppState,
    request: &HttpRequest,
    link: &Link,
    kind: Kind,
    until: Millis,
) -> Result<HttpResponse, Error> {
    let path = link.address.in_storage();
    let stored = app.storage.stat(&path).await?;
    let Stored { size, .. } = stored;
    let validators = Validators::of(&stored);
    let private = link.address.key().is_private();
    let response = |status| {
        let mut response = HttpResponse::build(status);
        response
            .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
            .insert_header((header::ACCESS_CONTROL_EXPOSE_HEADERS, "Accept-Ranges, Content-Range, ETag"))
            .insert_header((header::ACCEPT_RANGES, "bytes"))
            .insert_header(ETag(validators.etag.clone()))
            .insert_header(header::LastModified(validators.last_modified.into()))
            .insert_header(caching(private, until.saturating_sub(app.now())));
        response
    };
    if conditions::is_not_modified(request, &validators) {
        return Ok(response(StatusCode::NOT_MODIFIED).finish());
    }
    let (status, range) = match conditions::part(request, &validators, size) {
        Part::Whole => (StatusCode::OK, 0..size),
        Part::Range(range) => (StatusCode::PARTIAL_CONTENT, range),
        Part::None => {
            let spec = ContentRangeSpec::Bytes { range: None, instance_length: Some(size) };
            return Ok(response(StatusCode::RANGE_NOT_SATISFIABLE).insert_header(ContentRange(spec)).finish());
        }
    };
    let mut response = response(status);
    let frame_ancestors = app.config.storage.frame_ancestors.directive();
    kinds::describe(&mut response, kind, link.address.name(), frame_ancestors.as_deref());
    if status == StatusCode::PARTIAL_CONTENT {
        let range = Some((range.start, range.end.saturating_sub(1)));
        let spec = ContentRangeSpec::Bytes { range, instance_length: Some(size) };
        response.insert_header(ContentRange(spec));
    }
    let length = range.end - range.start;
    let bytes = if request.method() == Method::HEAD {
        futures_util::stream::empty().boxed()
    } else {
        app.storage.read(&path, range).await?
    };
    Ok(response.body(SizedStream::new(length, bytes)))
}

/// Only the reader's own cache may keep a private file, and no longer than the link is valid.
fn caching(private: bool, left: Millis) -> CacheControl {
    if private {
        let seconds = u32::try_from(left / 1000).unwrap_or(u32::MAX);
        CacheControl(vec![CacheDirective::Private, CacheDirective::MaxAge(seconds)])
    } else {
        let immutable = CacheDirective::Extension("immutable".into(), None);
        CacheControl(vec![CacheDirective::Public, CacheDirective::MaxAge(IMMUTABLE_SECONDS), immutable])
    }
}
