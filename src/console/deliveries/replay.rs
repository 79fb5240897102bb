//! Delivering again: one delivery, or all that match a filter, after a question.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::json;

use super::filter::Filter;
use super::row::base;
use crate::console::form::{Fields, Form};
use crate::console::page;
use crate::console::page::{Frame, redirect};
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::console::words::fill;
use crate::db::Conn;
use crate::domain;
use crate::domain::events::event;
use crate::domain::events::event::Search;
use crate::domain::ids::{DeliveryId, EnterpriseId};
use crate::domain::tenancy::audit;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::console::Action;

/// How many deliveries are replayed at once.
const AT_ONCE: i64 = 1_000;

#[derive(Template)]
#[template(path = "console/replay.html")]
struct ConfirmPage {
    frame: Frame,
    /// The path of the list.
    base: String,
    filter: Filter,
    described: Vec<(&'static str, String)>,
    is_any: bool,
    text: String,
    bound: Option<String>,
}

/// Asks before all that match are delivered again.
pub(super) async fn confirm(
    signed: Signed,
    sdkappid: Path<i64>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (words, enterprise_id) = (signed.words(), enterprise.enterprise_id);
    let filter = Filter::of(&Fields::parse(request.query_string().as_bytes()));
    let search = settled(&filter)?;
    let (ids, more) = signed.app.db.read_slow(move |conn| matching(conn, enterprise_id, &search)).await?;
    let count = if more { format!("{AT_ONCE}+") } else { ids.len().to_string() };
    let page = ConfirmPage {
        frame: Frame::of_enterprise(&signed, &enterprise, words.replay_title),
        base: base(&signed, enterprise.sdkappid),
        described: filter.described(signed.language),
        filter,
        is_any: !ids.is_empty(),
        text: if ids.is_empty() { words.replay_none.into() } else { fill(words.replay_text, &[&count]) },
        bound: more.then(|| fill(words.replay_bound, &[&AT_ONCE.to_string()])),
    };
    page::show(StatusCode::OK, &page)
}

/// Delivers all that match again.
pub(super) async fn all(signed: Signed, sdkappid: Path<i64>, form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let enterprise_id = enterprise.enterprise_id;
    let filter = Filter::of(form.fields());
    let search = settled(&filter)?;
    let (actor, now, sdkappid) = (signed.actor(), signed.app.now(), enterprise.sdkappid);
    let fields = json!(filter.fields().into_iter().collect::<std::collections::BTreeMap<_, _>>());
    let write = move |conn: &mut Conn| {
        let (ids, _) = matching(conn, enterprise_id, &search)?;
        event::replay(conn, enterprise_id, &ids, now)?;
        let details = json!({ "filter": fields, "count": ids.len() });
        let change = Change::of(enterprise_id, AuditAction::DeliveriesReplay, &sdkappid).with(details);
        audit::record(conn, &actor, change, now)?;
        Ok::<_, domain::Error>(ids.len())
    };
    let count = signed.app.db.write(write).await?;
    Ok(redirect(&signed, &format!("/e/{sdkappid}/deliveries?done=replayed&count={count}")))
}

/// Delivers one delivery again.
pub(super) async fn one(signed: Signed, path: Path<(i64, i64)>, _form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let (sdkappid, delivery_id) = (path.0, DeliveryId(path.1));
    let enterprise_id = signed.enterprise(sdkappid).await?.enterprise_id;
    let (actor, now) = (signed.actor(), signed.app.now());
    let write = move |conn: &mut Conn| {
        event::replay(conn, enterprise_id, &[delivery_id], now)?;
        let change = Change::of(enterprise_id, AuditAction::DeliveriesReplay, &delivery_id);
        audit::record(conn, &actor, change, now)
    };
    signed.app.db.write(write).await.map_err(missing)?;
    Ok(redirect(&signed, &format!("/e/{sdkappid}/deliveries/{delivery_id}")))
}

/// What to search for, if it is about settled deliveries: others are on their way already.
fn settled(filter: &Filter) -> Result<Search, Problem> {
    if filter.is_settled() { Ok(filter.search()) } else { Err(Problem::NotFound) }
}

/// The newest deliveries that match, and whether there may be more.
fn matching(conn: &mut Conn, enterprise_id: EnterpriseId, search: &Search) -> domain::Result<(Vec<DeliveryId>, bool)> {
    let (mut ids, mut after) = (Vec::new(), None);
    // A search looks at a part at once. A few parts are enough for one form.
    for _ in 0..10 {
        let left = AT_ONCE.saturating_sub(count(&ids));
        if left == 0 {
            break;
        }
        let found = event::search(conn, enterprise_id, search, after, left)?;
        ids.extend(found.rows.into_iter().map(|(delivery, _)| delivery.delivery_id));
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    Ok((ids, after.is_some()))
}

fn count(ids: &[DeliveryId]) -> i64 {
    i64::try_from(ids.len()).unwrap_or(i64::MAX)
}

/// A delivery that the enterprise does not have is not found.
pub(super) fn missing(error: domain::Error) -> Problem {
    match error {
        domain::Error::Invalid { problem: domain::Problem::NoDelivery(_), .. } => Problem::NotFound,
        other => other.into(),
    }
}
