//! What an enterprise used on each day, as charts, as a table, and as a file.

mod chart;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::csv;
use super::form::Fields;
use super::page;
use super::page::{Choice, Frame};
use super::problem::Problem;
use super::size::bytes;
use super::time::{Moment, date};
use super::visit::Signed;
use super::words::Words;
use crate::domain;
use crate::domain::ids::EnterpriseId;
use crate::domain::tenancy::console::Action;
use crate::domain::usage;
use crate::domain::usage::UsageDay;
use chart::{Chart, grouped};

/// How many days can be shown. The first is the default.
const SPANS: [(&str, i64); 3] = [("30", 30), ("90", 90), ("365", 365)];

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    const USAGE: &str = "/e/{sdkappid:\\d{1,18}}/usage";
    config.route(USAGE, web::get().to(show)).route(&format!("{USAGE}.csv"), web::get().to(export));
}

#[derive(Template)]
#[template(path = "console/usage.html")]
struct UsagePage {
    frame: Frame,
    /// The path of the page.
    base: String,
    spans: Vec<Choice>,
    /// How many days are shown.
    span: &'static str,
    counted: Option<Moment>,
    charts: Vec<Chart>,
    rows: Vec<Row>,
}

/// A day of the table.
struct Row {
    date: String,
    classes: String,
    people: String,
    minutes: String,
    storage: String,
    delivered: String,
    given_up: String,
}

/// What is asked for: how many days.
fn asked(request: &HttpRequest) -> (&'static str, i64) {
    let fields = Fields::parse(request.query_string().as_bytes());
    let [default, ..] = SPANS;
    SPANS.into_iter().find(|(word, _)| *word == fields.get("days")).unwrap_or(default)
}

/// The days that were counted, in order.
async fn days(signed: &Signed, enterprise_id: EnterpriseId, span: i64) -> Result<Vec<UsageDay>, Problem> {
    let first = usage::day_of(signed.app.now()).saturating_sub(span).saturating_add(1);
    let read = move |conn: &mut _| Ok::<_, domain::Error>(usage::list(conn, enterprise_id, first)?);
    Ok(signed.app.db.read(read).await?)
}

async fn show(signed: Signed, sdkappid: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (words, (word, span)) = (signed.words(), asked(&request));
    let days = days(&signed, enterprise.enterprise_id, span).await?;
    let today = usage::day_of(signed.app.now());
    let label = |value| match value {
        "30" => words.last_30_days,
        "90" => words.last_90_days,
        _ => words.last_365_days,
    };
    let page = UsagePage {
        frame: Frame::of_enterprise(&signed, &enterprise, words.usage),
        base: format!("{}/e/{}/usage", signed.root, enterprise.sdkappid),
        spans: SPANS.map(|(value, _)| Choice { value, label: label(value), is_chosen: value == word }).into(),
        span: word,
        counted: days.iter().map(|day| day.count_time).max().map(Moment),
        charts: charts(&days, (today.saturating_sub(span).saturating_add(1), today), words),
        rows: days.iter().rev().map(Row::from).collect(),
    };
    page::show(StatusCode::OK, &page)
}

/// The charts: a bar for each day.
fn charts(days: &[UsageDay], span: (i64, i64), words: &Words) -> Vec<Chart> {
    let one = |title, value: fn(&UsageDay) -> i64, write: fn(i64) -> String| {
        Chart::new(title, span, days.iter().map(|day| (day.day, [value(day), 0])), write)
    };
    let callbacks = days.iter().map(|day| (day.day, [day.delivered, day.given_up]));
    vec![
        one(words.classes_held, |day| day.classes, grouped),
        one(words.people_inside, |day| day.people, grouped),
        one(words.minutes_inside, |day| day.minutes, grouped),
        one(words.stored, |day| day.storage_bytes.unwrap_or_default(), bytes),
        Chart::new(words.callbacks, span, callbacks, grouped).of_two(words.delivered, words.dead),
    ]
}

impl From<&UsageDay> for Row {
    fn from(day: &UsageDay) -> Self {
        Self {
            date: date(day.day),
            classes: grouped(day.classes),
            people: grouped(day.people),
            minutes: grouped(day.minutes),
            storage: day.storage_bytes.map_or_else(|| "–".to_owned(), bytes),
            delivered: grouped(day.delivered),
            given_up: grouped(day.given_up),
        }
    }
}

/// The days as a table, the oldest first. What is not known is empty.
async fn export(signed: Signed, sdkappid: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let days = days(&signed, enterprise.enterprise_id, asked(&request).1).await?;
    let mut table = csv::line(["date", "classes", "people", "minutes", "storage_bytes", "delivered", "given_up"]);
    for day in days {
        table += &csv::line([
            date(day.day).as_str(),
            &day.classes.to_string(),
            &day.people.to_string(),
            &day.minutes.to_string(),
            &day.storage_bytes.map_or_else(String::new, |bytes| bytes.to_string()),
            &day.delivered.to_string(),
            &day.given_up.to_string(),
        ]);
    }
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"usage.csv\""))
        .body(table))
}
