//! The pages at `teacher_url`, `student_url` and `url`. They show the class and explain how to enter it.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};

use crate::clock::Millis;
use crate::domain;
use crate::domain::classroom::class;
use crate::domain::classroom::class::{Class, Status};
use crate::domain::ids::ClassId;
use crate::http::page_policy;
use crate::state::AppState;

/// Serves the page of a class.
#[get("/{sdkappid:140\\d+|\\d{1,18}}/{class_id:\\d{9}}{door:(/[01])?}")]
pub async fn entry(app: Data<AppState>, path: Path<(i64, i64, String)>) -> HttpResponse {
    let (sdkappid, class_id, door) = path.into_inner();
    match find(&app, sdkappid, ClassId(class_id)).await {
        Ok(Some(class)) => page(&app, StatusCode::OK, &describe(&class, &door)),
        Ok(None) => page(&app, StatusCode::NOT_FOUND, "<h1>No such class</h1>"),
        Err(e) => {
            log::error!("loading the page of a class failed: {e}");
            page(&app, StatusCode::SERVICE_UNAVAILABLE, "<h1>Not available now</h1>")
        }
    }
}

async fn find(app: &AppState, sdkappid: i64, class_id: ClassId) -> domain::Result<Option<Class>> {
    let Some(enterprise) = app.enterprises.find(&app.db, sdkappid, app.now()).await? else { return Ok(None) };
    let enterprise_id = enterprise.enterprise_id;
    match app.db.read(move |conn| class::require(conn, enterprise_id, class_id)).await {
        Ok(class) => Ok(Some(class)),
        Err(domain::Error::UnknownClass(_)) => Ok(None),
        Err(e) => Err(e),
    }
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
    let mut response =
        HttpResponse::build(status).insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(format!(
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
