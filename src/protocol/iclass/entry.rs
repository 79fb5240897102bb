//! The pages at `teacher_url`, `student_url` and `url`. They explain how to enter the class. A public class is shown to
//! everybody; any other only to who may enter it and has their token in the link (`user_id` and `token` in the query).

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};

use crate::clock::Millis;
use crate::domain;
use crate::domain::classroom::class::{Class, Status};
use crate::domain::classroom::member;
use crate::domain::classroom::member::Holder;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::secret;
use crate::http::page_policy;
use crate::state::AppState;

/// Serves the page of a class.
#[get("/{sdkappid:140\\d+|\\d{1,18}}/{class_id:\\d{9}}{door:(/[01])?}")]
pub async fn entry(app: Data<AppState>, path: Path<(i64, i64, String)>, request: HttpRequest) -> HttpResponse {
    let (sdkappid, class_id, door) = path.into_inner();
    match find(&app, sdkappid, ClassId(class_id), holder(request.query_string())).await {
        Ok(Some(class)) => page(&app, StatusCode::OK, &describe(&class, &door)),
        Ok(None) => page(&app, StatusCode::NOT_FOUND, NOTHING_TO_SHOW),
        Err(e) => {
            log::error!("loading the page of a class failed: {e}");
            page(&app, StatusCode::SERVICE_UNAVAILABLE, "<h1>Not available now</h1>")
        }
    }
}

/// The same for a class that doesn't exist and for one that isn't shown.
const NOTHING_TO_SHOW: &str = "<h1>No class to show</h1><p>There is no class here that everybody may see. If your school \
    gave you this address, open it in the classroom component of your school, with your user id and the \
    <code>user_token</code> that your school gave you.</p>";

/// Who opens the page, as the link says.
fn holder(query: &str) -> Option<Holder> {
    let param = |wanted: &str| {
        let mut params = url::form_urlencoded::parse(query.as_bytes());
        params.find(|(name, value)| name == wanted && !value.is_empty()).map(|(_, value)| value.into_owned())
    };
    let token_hash = secret::hash_token(&param("token")?);
    Some(Holder { user_id: param("user_id"), token_hash })
}

async fn find(
    app: &AppState,
    sdkappid: i64,
    class_id: ClassId,
    holder: Option<Holder>,
) -> domain::Result<Option<Class>> {
    let Some(enterprise) = app.enterprises.find(&app.db, sdkappid, app.now()).await? else { return Ok(None) };
    let (enterprise_id, now) = (enterprise.enterprise_id, app.now());
    app.db.read(move |conn| member::find_visible(conn, enterprise_id, class_id, holder.as_ref(), now)).await
}

fn describe(class: &Class, door: &str) -> String {
    let who = match door {
        "/0" => "the teacher",
        "/1" => "students",
        _ => "everybody",
    };
    let state = match class.class_status {
        Status::Will => format!("begins {}", utc(class.start_time)),
        Status::Ing => format!("in progress since {}", utc(class.real_start_time)),
        Status::End => format!("ended {}", utc(class.real_stop_time)),
    };
    let class_id = class.class_id;
    let topic = escape(&class.class_topic);
    format!(
        "<h1>{topic}</h1><p>Class {class_id}, {state}.</p><p>This is the entry for {who}. Open it in the classroom \
         component of your school, with class id <code>{class_id}</code>, your user id and the <code>user_token</code> \
         that your school gave you.</p>"
    )
}

fn utc(time: Millis) -> String {
    chrono::DateTime::from_timestamp_millis(time)
        .map_or_else(String::new, |time| time.format("%F %H:%M UTC").to_string())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// What the page may load: nothing but its own style.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

fn page(app: &AppState, status: StatusCode, body: &str) -> HttpResponse {
    let mut response = HttpResponse::build(status)
        // The link may have a token in it.
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .body(format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>Lectern</title><style>body{{font:1.1rem/1.5 system-ui,sans-serif;\
             max-width:36rem;margin:4rem auto;padding:0 1rem}}</style>{body}</html>"
        ));
    let frame_ancestors = app.config.server.frame_ancestors.directive();
    for (name, value) in page_policy::headers(POLICY, frame_ancestors.as_deref()) {
        response.headers_mut().insert(name, value);
    }
    response
}
