//! The enterprises of the service, for its operators.

mod create;

use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::form::Fields;
use super::page;
use super::page::Frame;
use super::problem::Problem;
use super::time::Moment;
use super::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::enterprise::{Enterprise, Protocols};
use crate::domain::tenancy::{console, enterprise};

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .route("/enterprises", web::get().to(list))
        .route("/enterprises", web::post().to(create::create))
        .route("/enterprises/new", web::get().to(create::form));
}

#[derive(Template)]
#[template(path = "console/enterprises.html")]
struct ListPage {
    frame: Frame,
    search: String,
    may_operate: bool,
    rows: Vec<Row>,
}

struct Row {
    sdkappid: i64,
    name: String,
    protocols: String,
    created: Moment,
    is_paused: bool,
}

async fn list(signed: Signed, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    signed.check_sees_all()?;
    let fields = Fields::parse(request.query_string().as_bytes());
    let search = fields.get("search").to_owned();
    let read = |conn: &mut Conn| Ok::<_, domain::Error>(enterprise::all(conn)?);
    let all = signed.app.db.read_slow(read).await?;
    let rows = all.into_iter().filter(|enterprise| matches(enterprise, &search)).map(Row::from).collect();
    let notice = (fields.get("done") == "deleted").then(|| signed.words().done_deleted.to_owned());
    let frame = Frame::of_service(&signed, signed.words().enterprises).noting(notice);
    let may_operate = console::may(signed.session.role, Action::Operate);
    page::show(StatusCode::OK, &ListPage { frame, search, may_operate, rows })
}

fn matches(enterprise: &Enterprise, search: &str) -> bool {
    enterprise.name.to_lowercase().contains(&search.to_lowercase())
        || enterprise.sdkappid.to_string().starts_with(search)
}

impl From<Enterprise> for Row {
    fn from(enterprise: Enterprise) -> Self {
        Self {
            sdkappid: enterprise.sdkappid,
            protocols: protocol_names(enterprise.protocols()).join(", "),
            created: Moment(enterprise.create_time),
            is_paused: enterprise.callback_paused,
            name: enterprise.name,
        }
    }
}

/// The names of the protocols that answer.
fn protocol_names(protocols: Protocols) -> Vec<&'static str> {
    let Protocols { channels, rooms, im } = protocols;
    let all = [("iClass", true), ("NiuClass", channels), ("Suixinbo", rooms), ("IM", im)];
    all.into_iter().filter(|(_, is_on)| *is_on).map(|(name, _)| name).collect()
}
