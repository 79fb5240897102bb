//! The audit log: who changed what, as a list and as a table to download.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded::Serializer;

use super::actions;
use super::csv;
use super::form::Fields;
use super::page;
use super::page::{Choice, Frame};
use super::problem::Problem;
use super::time::Moment;
use super::visit::Signed;
use super::words::Language;
use crate::db::Conn;
use crate::domain;
use crate::domain::tenancy::audit::{AuditAction, AuditEntry, Filter, Origin};
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::{audit, enterprise};
use crate::store::{Page, Start};

/// How many entries a page shows.
const ROWS: i64 = 50;
/// How many entries a table has at most.
const EXPORTED: i64 = 10_000;

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    const OF_ENTERPRISE: &str = "/e/{sdkappid:\\d{1,18}}/audit";
    config
        .route("/audit", web::get().to(of_service))
        .route("/audit.csv", web::get().to(export_of_service))
        .route(OF_ENTERPRISE, web::get().to(of_enterprise))
        .route(&format!("{OF_ENTERPRISE}.csv"), web::get().to(export_of_enterprise));
}

#[derive(Template)]
#[template(path = "console/audit.html")]
struct AuditPage {
    frame: Frame,
    /// The path of the list.
    base: String,
    origins: Vec<Choice>,
    actions: Vec<Choice>,
    actor: String,
    is_set: bool,
    query: String,
    rows: Vec<Row>,
    older: Option<String>,
    is_first: bool,
}

struct Row {
    time: Moment,
    actor: String,
    origin: &'static str,
    address: String,
    action: &'static str,
    /// The word that is stored.
    word: &'static str,
    enterprise: String,
    target: String,
    details: String,
}

/// What the list is filtered by, as it was typed.
struct Asked {
    origin: String,
    action: String,
    actor: String,
    before: Option<i64>,
}

impl Asked {
    fn of(request: &HttpRequest) -> Self {
        let fields = Fields::parse(request.query_string().as_bytes());
        let get = |name| fields.get(name).to_owned();
        Self { origin: get("origin"), action: get("action"), actor: get("actor"), before: get("before").parse().ok() }
    }

    fn filter(&self) -> Filter {
        Filter {
            enterprise_id: None,
            origin: ORIGINS.into_iter().find(|origin| origin.as_str() == self.origin),
            action: AuditAction::ALL.into_iter().find(|action| action.as_str() == self.action),
            actor: self.actor.clone(),
        }
    }

    fn query(&self, before: Option<i64>) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in [("origin", &self.origin), ("action", &self.action), ("actor", &self.actor)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        query.finish()
    }
}

const ORIGINS: [Origin; 3] = [Origin::Console, Origin::Cli, Origin::Api];

fn origin_label(language: Language, origin: Origin) -> &'static str {
    language.of(match origin {
        Origin::Console => ("Console", "控制台"),
        Origin::Cli => ("Command line", "命令行"),
        Origin::Api => ("Signed call", "签名接口"),
    })
}

async fn of_service(signed: Signed, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    signed.check_sees_all()?;
    let asked = Asked::of(&request);
    let frame = Frame::of_service(&signed, signed.words().audit);
    let base = format!("{}/audit", signed.root);
    let filter = asked.filter();
    show(&signed, frame, base, &asked, filter).await
}

async fn of_enterprise(signed: Signed, sdkappid: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let asked = Asked::of(&request);
    let frame = Frame::of_enterprise(&signed, &enterprise, signed.words().audit);
    let base = format!("{}/e/{}/audit", signed.root, enterprise.sdkappid);
    let filter = Filter { enterprise_id: Some(enterprise.enterprise_id), ..asked.filter() };
    show(&signed, frame, base, &asked, filter).await
}

async fn show(
    signed: &Signed,
    frame: Frame,
    base: String,
    asked: &Asked,
    filter: Filter,
) -> Result<HttpResponse, Problem> {
    let (words, language) = (signed.words(), signed.language);
    let page = Page { start: Start::After(asked.before), size: ROWS };
    let (mut entries, names) = read(signed, filter, page).await?;
    // The list reads one row more, which shows whether it goes on.
    let goes_on = i64::try_from(entries.len()).unwrap_or(i64::MAX) > ROWS;
    entries.truncate(usize::try_from(ROWS).unwrap_or_default());
    let older = entries.last().filter(|_| goes_on).map(|last| asked.query(Some(last.id)));
    let choice = |value: &'static str, label, chosen: &str| Choice { value, label, is_chosen: value == chosen };
    let origins = ORIGINS.map(|origin| choice(origin.as_str(), origin_label(language, origin), &asked.origin));
    let actions = AuditAction::ALL.map(|one| choice(one.as_str(), actions::label(language, one), &asked.action));
    let row = |entry: AuditEntry| Row {
        time: Moment(entry.create_time),
        actor: entry.actor,
        origin: origin_label(language, entry.origin),
        address: entry.address,
        action: actions::label(language, entry.action),
        word: entry.action.as_str(),
        enterprise: entry.enterprise_id.map_or_else(String::new, |id| names.name(id.0)),
        target: entry.target,
        details: entry.details,
    };
    let page = AuditPage {
        frame,
        base,
        origins: std::iter::once(choice("", words.all, &asked.origin)).chain(origins).collect(),
        actions: std::iter::once(choice("", words.all, &asked.action)).chain(actions).collect(),
        actor: asked.actor.clone(),
        is_set: !asked.query(None).is_empty(),
        query: asked.query(None),
        rows: entries.into_iter().map(row).collect(),
        older,
        is_first: asked.before.is_none(),
    };
    page::show(StatusCode::OK, &page)
}

/// The numbers of enterprises by their ids.
struct Names(Vec<(i64, i64)>);

impl Names {
    /// The `sdkappid` of an enterprise; its id if it was deleted.
    fn name(&self, enterprise_id: i64) -> String {
        let found = self.0.iter().find(|(id, _)| *id == enterprise_id);
        found.map_or_else(|| format!("#{enterprise_id}"), |(_, sdkappid)| sdkappid.to_string())
    }
}

async fn read(signed: &Signed, filter: Filter, page: Page) -> Result<(Vec<AuditEntry>, Names), Problem> {
    let read = move |conn: &mut Conn| {
        let entries = audit::list(conn, &filter, page)?;
        let all = enterprise::all(conn)?;
        let names = all.into_iter().map(|enterprise| (enterprise.enterprise_id.0, enterprise.sdkappid)).collect();
        Ok::<_, domain::Error>((entries, Names(names)))
    };
    Ok(signed.app.db.read_slow(read).await?)
}

async fn export_of_service(signed: Signed, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    signed.check_sees_all()?;
    let filter = Asked::of(&request).filter();
    export(&signed, filter).await
}

async fn export_of_enterprise(
    signed: Signed,
    sdkappid: Path<i64>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise_id = Some(signed.enterprise(*sdkappid).await?.enterprise_id);
    let filter = Filter { enterprise_id, ..Asked::of(&request).filter() };
    export(&signed, filter).await
}

/// The entries as a table, the newest first.
async fn export(signed: &Signed, filter: Filter) -> Result<HttpResponse, Problem> {
    let page = Page { start: Start::After(None), size: EXPORTED };
    let (entries, names) = read(signed, filter, page).await?;
    let header = ["time", "actor", "origin", "address", "action", "enterprise", "target", "details"];
    let mut table = csv::line(header);
    for entry in entries {
        table += &csv::line([
            Moment(entry.create_time).machine().as_str(),
            &entry.actor,
            entry.origin.as_str(),
            &entry.address,
            entry.action.as_str(),
            &entry.enterprise_id.map_or_else(String::new, |id| names.name(id.0)),
            &entry.target,
            &entry.details,
        ]);
    }
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""))
        .body(table))
}
