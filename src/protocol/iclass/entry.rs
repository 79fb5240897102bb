//! The classroom page, at `teacher_url`, `student_url` and `url`. Every address of a class gets the same page, whether the class
//! exists or not: the page asks who comes. Only a public class is described in it, and any class to who may enter it and has their
//! token in the query (`user_id` and `token`).

pub mod assets;
mod policy;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, route};
use serde::Serialize;

use crate::clock::Millis;
use crate::domain;
use crate::domain::classroom::class::{Class, Status, Type};
use crate::domain::classroom::member;
use crate::domain::classroom::member::Holder;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::secret;
use crate::http::page_policy;
use crate::state::AppState;

/// Serves the page of a class.
#[route("/{sdkappid:140\\d+|\\d{1,18}}/{class_id:\\d{9}}{door:(/[01])?}", method = "GET", method = "HEAD")]
pub async fn entry(app: Data<AppState>, path: Path<(i64, i64, String)>, request: HttpRequest) -> HttpResponse {
    let (sdkappid, class_id, door) = path.into_inner();
    let (status, class) = match find(&app, sdkappid, ClassId(class_id), holder(request.query_string())).await {
        Ok(class) => (StatusCode::OK, class),
        Err(problem) => {
            log::error!("loading the page of a class failed: {problem}");
            (StatusCode::SERVICE_UNAVAILABLE, None)
        }
    };
    let Some(template) = assets::page() else {
        log::error!("the classroom page was not built");
        return HttpResponse::InternalServerError().finish();
    };
    // The page also works behind a proxy that serves it below a path, so that it knows no absolute address.
    let root = if door.is_empty() { "../" } else { "../../" };
    let described = class.as_ref().and_then(|class| serde_json::to_string(&ClassView::from(class)).ok());
    let html = template.replace("{{root}}", root).replace("{{class}}", &escape(&described.unwrap_or_default()));
    let mut response = HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header(("permissions-policy", policy::DEVICES))
        .body(html);
    let policy = policy::policy(&app.public_url, &app.config.server.page_origins);
    let frame_ancestors = app.config.server.frame_ancestors.directive();
    for (name, value) in page_policy::headers(&policy, frame_ancestors.as_deref()) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Who opens the page, as the address says.
fn holder(query: &str) -> Option<Holder> {
    let param = |wanted: &str| {
        let mut params = url::form_urlencoded::parse(query.as_bytes());
        params.find(|(name, value)| name == wanted && !value.is_empty()).map(|(_, value)| value.into_owned())
    };
    let token_hash = secret::hash_token(&param("token")?);
    Some(Holder { user_id: param("user_id"), token_hash })
}

/// The class, if whoever opens the page may know it.
async fn find(
    app: &AppState,
    sdkappid: i64,
    class_id: ClassId,
    holder: Option<Holder>,
) -> domain::Result<Option<Class>> {
    let now = app.now();
    let found = app.enterprises.find(&app.db, sdkappid, now).await?;
    let Some(enterprise) = found.filter(|enterprise| enterprise.is_valid_at(now)) else { return Ok(None) };
    let enterprise_id = enterprise.enterprise_id;
    app.db.read(move |conn| member::find_visible(conn, enterprise_id, class_id, holder.as_ref(), now)).await
}

/// What the page shows of a class before anybody signs in. Times are in milliseconds, as in the channel.
#[derive(Serialize)]
struct ClassView<'a> {
    class_topic: &'a str,
    class_type: Type,
    class_status: Status,
    start_time: Millis,
    stop_time: Millis,
}

impl<'a> From<&'a Class> for ClassView<'a> {
    fn from(class: &'a Class) -> Self {
        let Class { class_type, class_status, start_time, stop_time, .. } = *class;
        Self { class_topic: &class.class_topic, class_type, class_status, start_time, stop_time }
    }
}

/// Escapes a text for the value of an attribute.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
