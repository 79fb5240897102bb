//! A delivery with all its attempts: the requests, the answers and the problems.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use serde_json::Value;

use super::row::{StateView, base, class, endpoint, name};
use crate::console::page;
use crate::console::page::Frame;
use crate::console::problem::Problem;
use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::console::words::{Words, fill};
use crate::domain::events::event;
use crate::domain::events::event::Attempt;
use crate::domain::ids::DeliveryId;
use crate::domain::tenancy::console::Action;
use crate::webhook::Formatters;

#[derive(Template)]
#[template(path = "console/delivery.html")]
struct DeliveryPage {
    frame: Frame,
    /// The path of the list.
    base: String,
    delivery_id: i64,
    event: String,
    event_id: i64,
    class: String,
    sequence: i64,
    time: Moment,
    state: StateView,
    endpoint: String,
    attempts: i64,
    next_attempt: Option<Moment>,
    settled: Option<Moment>,
    is_paused: bool,
    may_replay: bool,
    data: String,
    tries: Vec<Try>,
}

/// An attempt.
struct Try {
    title: String,
    time: Moment,
    duration: String,
    url: String,
    status: String,
    problem: String,
    answer: String,
    /// The body that was sent, with a masked signature; empty if it is not known.
    request: String,
}

impl Try {
    fn new(attempt: Attempt, sent: Option<&Value>, words: &Words) -> Self {
        Self {
            title: fill(words.attempt, &[&attempt.number.to_string()]),
            time: Moment(attempt.begin_time),
            duration: fill(words.milliseconds, &[&attempt.duration.to_string()]),
            url: attempt.url,
            status: attempt.status.map_or_else(String::new, |status| format!("HTTP {status}")),
            problem: attempt.problem,
            answer: attempt.answer,
            request: sent.map_or_else(String::new, pretty),
        }
    }
}

/// Shows a delivery.
pub(super) async fn one(
    signed: Signed,
    path: Path<(i64, i64)>,
    formatters: Data<Formatters>,
) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let (sdkappid, delivery_id) = (path.0, DeliveryId(path.1));
    let enterprise = signed.enterprise(sdkappid).await?;
    let (words, enterprise_id) = (signed.words(), enterprise.enterprise_id);
    // An id of another enterprise is like one that does not exist.
    let found = signed.app.db.read_slow(move |conn| event::require(conn, enterprise_id, delivery_id)).await;
    let (delivery, event, attempts) = found.map_err(super::replay::missing)?;
    let formatter = formatters.get(delivery.endpoint().kind());
    let shown = formatter
        .map_or(Value::Null, |formatter| formatter.show_with_attempts(delivery.clone(), &event, attempts.clone()));
    let sent = |nth: usize| shown.get("attempt_list").and_then(|list| list.get(nth)?.get("sent"));
    let tries = attempts.into_iter().enumerate().map(|(nth, attempt)| Try::new(attempt, sent(nth), words));
    let mut tries: Vec<Try> = tries.collect();
    tries.reverse();
    let name = name(&shown);
    let frame = Frame::of_enterprise(&signed, &enterprise, &format!("{} {delivery_id}: {name}", words.delivery));
    let page = DeliveryPage {
        frame,
        base: base(&signed, sdkappid),
        delivery_id: delivery_id.0,
        event: name,
        event_id: event.event_id.0,
        class: class(&event),
        sequence: event.sequence,
        time: Moment(event.create_time),
        state: StateView::new(delivery.state, words),
        endpoint: endpoint(&delivery, words),
        attempts: delivery.attempts,
        next_attempt: delivery.settled_time.is_none().then_some(Moment(delivery.due)),
        settled: delivery.settled_time.map(Moment),
        is_paused: enterprise.callback_paused,
        may_replay: delivery.settled_time.is_some() && signed.may_change(),
        data: shown.get("data").map_or_else(String::new, pretty),
        tries,
    };
    page::show(StatusCode::OK, &page)
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
