//! Signing in by a link: its token is after the `#`, which browsers send to no server, and comes here in a form.

use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::form::Form;
use super::page;
use super::page::Frame;
use super::problem::Problem;
use super::sign_in::signed_in;
use super::visit::Visit;
use crate::domain::tenancy::audit::{Actor, AuditAction, Change, Origin};
use crate::domain::tenancy::{audit, console};
use crate::domain::{self, Limit};
use crate::http::client;
use crate::state::Who;

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/link", web::get().to(form)).route("/link", web::post().to(enter));
}

#[derive(Template)]
#[template(path = "console/link.html")]
struct LinkPage {
    frame: Frame,
    problem: Option<&'static str>,
}

async fn form(visit: Visit) -> Result<HttpResponse, Problem> {
    show(&visit, StatusCode::OK, None)
}

fn show(visit: &Visit, status: StatusCode, problem: Option<&'static str>) -> Result<HttpResponse, Problem> {
    page::show(status, &LinkPage { frame: Frame::new(visit, visit.words().link_title), problem })
}

async fn enter(visit: Visit, form: Form, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let who = Who { address: Some(client::counted_address(&request)), ..Who::default() };
    visit.app.rates.take(Limit::SignIns, &who)?;
    let (token, now, address) = (form.fields().get("token").to_owned(), visit.app.now(), visit.address.clone());
    let write = move |conn: &mut _| {
        let Some((token, who)) = console::use_link(conn, &token, now)? else { return Ok(None) };
        let actor = Actor { name: who.name.clone(), origin: Origin::Console, address };
        let change =
            Change { enterprise_id: who.enterprise_id, ..Change::of_service(AuditAction::LinkSignIn, &who.name) };
        audit::record(conn, &actor, change.with(serde_json::json!({ "role": who.role })), now)?;
        Ok::<_, domain::Error>(Some(token))
    };
    match visit.app.db.write(write).await? {
        Some(token) => Ok(signed_in(&visit, &token)),
        None => show(&visit, StatusCode::FORBIDDEN, Some(visit.words().link_wrong)),
    }
}
