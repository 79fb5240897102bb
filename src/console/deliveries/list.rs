//! The list of the deliveries of an enterprise, and its failures by reason.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::filter::Filter;
use super::row::{Row, base};
use crate::console::form::Fields;
use crate::console::page;
use crate::console::page::{Choice, Frame};
use crate::console::problem::Problem;
use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::console::words::{Words, fill};
use crate::db;
use crate::db::Conn;
use crate::domain;
use crate::domain::events::event;
use crate::domain::events::event::Failure;
use crate::domain::ids::DeliveryId;
use crate::domain::tenancy::console::Action;
use crate::state::AppState;
use crate::webhook::Formatters;

/// How many deliveries a page shows.
const ROWS: i64 = 50;

#[expect(clippy::struct_excessive_bools, reason = "a page: each shows something of its own")]
#[derive(Template)]
#[template(path = "console/deliveries.html")]
struct ListPage {
    frame: Frame,
    /// The path of the list.
    base: String,
    callback_url: String,
    is_paused: bool,
    may_change: bool,
    failures: Vec<FailureRow>,
    filter: Filter,
    states: Vec<Choice>,
    events: Vec<Choice>,
    reason: Option<String>,
    rows: Vec<Row>,
    /// The query of the next page.
    older: Option<String>,
    /// Whether only a part was searched and the page is not full.
    is_part: bool,
    /// The query of all that match, if they can be replayed.
    replay: Option<String>,
    is_first: bool,
}

struct FailureRow {
    reason: String,
    count: usize,
    last: Moment,
    query: String,
}

impl From<Failure> for FailureRow {
    fn from(Failure { problem, count, last }: Failure) -> Self {
        let query = Filter::of_reason(&problem).query(None);
        Self { reason: problem, count, last: Moment(last.begin_time), query }
    }
}

/// Shows a page of the list.
pub(super) async fn list(
    signed: Signed,
    sdkappid: Path<i64>,
    formatters: Data<Formatters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (words, enterprise_id) = (signed.words(), enterprise.enterprise_id);
    let fields = Fields::parse(request.query_string().as_bytes());
    let filter = Filter::of(&fields);
    let (search, after) = (filter.search(), filter.after());
    catch_up(&signed.app).await?;
    let read = move |conn: &mut Conn| {
        let found = event::search(conn, enterprise_id, &search, after, ROWS)?;
        let ids: Vec<DeliveryId> = found.rows.iter().map(|(delivery, _)| delivery.delivery_id).collect();
        let last = event::last_of(conn, enterprise_id, &ids)?;
        Ok::<_, domain::Error>((found, last, event::failures(conn, enterprise_id)?))
    };
    let (found, last, failures) = signed.app.db.read_slow(read).await?;
    let row = |(delivery, event): (event::Delivery, event::Event)| {
        let last = last.get(&delivery.delivery_id);
        Row::new((delivery, event), last, &formatters, words)
    };
    let rows: Vec<Row> = found.rows.into_iter().map(row).collect();
    let frame = Frame::of_enterprise(&signed, &enterprise, words.deliveries).noting(notice(&fields, words));
    page::show(
        StatusCode::OK,
        &ListPage {
            frame,
            base: base(&signed, enterprise.sdkappid),
            is_paused: enterprise.callback_paused,
            callback_url: enterprise.call_back_url,
            may_change: signed.may_change(),
            failures: failures.into_iter().map(FailureRow::from).collect(),
            states: filter.states(words),
            events: filter.events(signed.language),
            reason: (!filter.reason.is_empty()).then(|| fill(words.filtered_by_reason, &[&filter.reason])),
            is_part: found.next.is_some() && i64::try_from(rows.len()) != Ok(ROWS),
            older: found.next.map(|next| filter.query(Some(next))),
            replay: (filter.is_settled() && signed.may_change() && !rows.is_empty()).then(|| filter.query(None)),
            is_first: after.is_none(),
            rows,
            filter,
        },
    )
}

/// Relays the outbox, so that the list shows what was published before. If that fails, it shows it later.
async fn catch_up(app: &AppState) -> Result<(), Problem> {
    if app.db.read(|conn| Ok::<_, db::Error>(event::is_relayed(conn)?)).await? {
        return Ok(());
    }
    if let Err(problem) = app.db.write(|conn| Ok::<_, db::Error>(event::relay(conn)?)).await {
        log::warn!("the latest events are not in the list yet: {problem}");
    }
    Ok(())
}

/// What was just done, as the address says.
fn notice(fields: &Fields, words: &Words) -> Option<String> {
    match fields.get("done") {
        "paused" => Some(words.done_paused.into()),
        "resumed" => Some(words.done_resumed.into()),
        "tested" => Some(words.done_tested.into()),
        "replayed" => {
            let count: u32 = fields.get("count").parse().ok()?;
            Some(fill(words.done_replayed, &[&count.to_string()]))
        }
        _ => None,
    }
}
