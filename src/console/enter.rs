//! What happens before and after every request to the console: whether there is a console, who comes, that no other site sends
//! forms, and the headers and pages of refusals.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpResponse, ResponseError};

use super::page;
use super::problem::Problem;
use super::same_site::is_same_site;
use super::visit::Visit;
use super::{assets, cookie};
use crate::domain::tenancy::console;
use crate::http::{body, page_policy};
use crate::state::AppState;

/// The pages load their own scripts and styles, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'self'";
/// The header of requests that a page repeats by itself. They do not keep a session alive.
const POLL: &str = "x-console-poll";

/// The middleware.
pub(super) async fn enter(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let visit = match admit(&request).await {
        Ok(visit) => visit,
        Err(problem) => {
            body::discard(&mut request.take_payload()).await;
            return Ok(request.into_response(problem.error_response()));
        }
    };
    request.extensions_mut().insert(visit.clone());
    let is_form = request.method() == Method::POST;
    if is_form && !is_same_site(request.request(), &visit.app.public_url) {
        body::discard(&mut request.take_payload()).await;
        let refused = refusal(&visit, &Problem::Stale);
        return Ok(request.into_response(finish(&visit, refused)));
    }
    let is_asset = request.path().starts_with(assets::BELOW);
    let response = next.call(request).await?.map_into_boxed_body();
    let problem = response.response().error().and_then(|error| error.as_error::<Problem>().cloned());
    let response = match problem {
        Some(problem) => response.into_response(refusal(&visit, &problem)),
        None => response,
    };
    if is_asset {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    Ok(ServiceResponse::new(request, finish(&visit, response)))
}

/// Whether there is a console, and who comes.
async fn admit(request: &ServiceRequest) -> Result<Visit, Problem> {
    let app = request.app_data::<Data<AppState>>().cloned().ok_or(Problem::Failed)?;
    if !app.db.read(console::is_open).await? {
        return Err(Problem::Off);
    }
    let visit = Visit::of(request.request(), app).await?;
    let now = visit.app.now();
    let is_seen = !request.headers().contains_key(POLL);
    if let Some(session) = visit.session.clone().filter(|session| is_seen && console::is_unseen(session, now)) {
        visit.app.db.write(move |conn| console::seen(conn, &session, now)).await?;
    }
    Ok(visit)
}

/// The page that says why a request is refused.
fn refusal(visit: &Visit, problem: &Problem) -> HttpResponse {
    if let Problem::SignedOut = problem {
        return page::redirect(visit, "/sign-in");
    }
    let mut response = page::problem(visit, problem);
    if let Problem::Busy(seconds) = problem {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// Adds the headers of a page, and the cookie that its forms are bound to.
fn finish(visit: &Visit, mut response: HttpResponse) -> HttpResponse {
    let is_page = response.status() != StatusCode::SEE_OTHER && !response.headers().contains_key(LOCATION);
    let headers = response.headers_mut();
    let frame_ancestors = visit.app.config.server.frame_ancestors.directive();
    for (name, value) in page_policy::headers(POLICY, frame_ancestors.as_deref()) {
        headers.insert(name, value);
    }
    // Without a referrer browsers would also hide the origin of forms, by which other sites are refused.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !headers.contains_key(CONTENT_TYPE) && is_page {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    }
    let form_cookie = || cookie::set(cookie::FORM, visit.form_cookie(), &visit.root, None, visit.is_secure);
    if is_page
        && visit.is_new
        && let Some(value) = form_cookie()
    {
        headers.append(SET_COOKIE, value);
    }
    response
}
