//! `/paas/v1/event/*` and `/paas/v1/callback/*`: an enterprise reads its events and looks after their deliveries.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::db;
use crate::db::Conn;
use crate::domain;
use crate::domain::events::event;
use crate::domain::events::event::{Attempt, Delivery, Event, Filter, State};
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::callback::{Addresses, SIGN_SECONDS, Sent, describe, sent};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Done, Reply, done, reply};
use crate::protocol::iclass::wire::{After, Natural, Size, Time, page};
use crate::state::AppState;
use crate::store::{Page, Start};

/// Deliveries that one call may replay.
const AT_ONCE: usize = 1_000;
/// On the command line nobody knows under which address the service is reached.
const NO_ADDRESSES: Addresses<'static> = &|_| String::new();
/// What is shown where a signature was.
const MASK: &str = "********";

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(events).service(list).service(info).service(replay);
}

#[derive(Deserialize, ToSchema)]
struct ListEvents {
    /// The last `event_id` that is known [default: 0]
    after: Option<Natural>,
    /// Only the events of this class
    class_id: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
}

#[derive(Serialize, ToSchema)]
struct EventFeed {
    /// Whether no event comes after these yet
    finish: bool,
    /// The events in their order
    list: Vec<EventRow>,
}

#[derive(Serialize, ToSchema)]
struct EventRow {
    /// What `after` takes; in the order in which things happened
    event_id: i64,
    /// Counts the events of the class from 1; 0 without a class
    sequence: i64,
    /// The class; 0 for none
    class_id: i64,
    /// As in a callback
    event: &'static str,
    /// As in a callback
    data: Value,
    /// In seconds
    create_time: i64,
}

impl EventRow {
    fn new(event: &Event, addresses: Addresses<'_>) -> Self {
        let (name, data) = describe(event, addresses);
        Self {
            event_id: event.event_id,
            sequence: event.sequence,
            class_id: event.class_id,
            event: name,
            data,
            create_time: seconds(event.create_time),
        }
    }
}

/// Read the events after one, whether or not they were delivered
#[utoipa::path(tag = "callback", request_body = ListEvents, responses((status = 200, body = Reply<EventFeed>)))]
#[post("/event/list")]
async fn events(app: Data<AppState>, caller: Caller, body: Body<ListEvents>) -> Answer<EventFeed> {
    let (enterprise_id, class_id) = (caller.0.enterprise_id, body.0.class_id.map(|id| id.0));
    let (after, size) = (body.0.after.map_or(0, |after| after.0), page(None, body.0.size, None)?.size);
    catch_up(&app).await?;
    let mut events = app
        .db
        .read_slow(move |conn| Ok::<_, domain::Error>(event::feed(conn, enterprise_id, class_id, after, size + 1)?))
        .await?;
    let finish = cut(&mut events, size);
    let addresses = |stored: &str| app.address(&caller.0, stored);
    reply(EventFeed { finish, list: events.iter().map(|event| EventRow::new(event, &addresses)).collect() })
}

/// Has the lists show what was told until now, but for what can't be posted, as on a full disk: that is in them later.
async fn catch_up(app: &AppState) -> Result<(), ApiError> {
    if app.db.read(|conn| Ok::<_, db::Error>(event::is_posted(conn)?)).await? {
        return Ok(());
    }
    if let Err(e) = app.db.write(|conn| Ok::<_, db::Error>(event::post(conn)?)).await {
        log::warn!("what was told last is not in the lists yet: {e}");
    }
    Ok(())
}

/// Cuts rows to the size asked for and says whether nothing was cut off: one more than is shown was read, which costs less
/// than to count.
fn cut<T>(rows: &mut Vec<T>, size: i64) -> bool {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let finish = rows.len() <= size;
    rows.truncate(size);
    finish
}

/// Where a delivery is.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
enum Progress {
    /// It will be tried.
    Pending,
    /// The receiver has it.
    Delivered,
    /// It was tried as often as is allowed.
    Dead,
}

impl TryFrom<String> for Progress {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        match word.as_str() {
            "pending" => Ok(Self::Pending),
            "delivered" => Ok(Self::Delivered),
            "dead" => Ok(Self::Dead),
            _ => Err(format!("{word:?} is not pending, delivered or dead")),
        }
    }
}

impl Progress {
    fn states(self) -> Vec<State> {
        match self {
            Self::Pending => vec![State::Ready, State::Waiting, State::Claimed],
            Self::Delivered => vec![State::Delivered],
            Self::Dead => vec![State::Dead],
        }
    }
}

impl From<State> for Progress {
    fn from(state: State) -> Self {
        match state {
            State::Ready | State::Waiting | State::Claimed => Self::Pending,
            State::Delivered => Self::Delivered,
            State::Dead => Self::Dead,
        }
    }
}

#[derive(Deserialize, ToSchema)]
struct ListDeliveries {
    /// Rows to leave out [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Instead of `index`: empty for the first page, then what `next` said. Costs the same anywhere in the list
    after: Option<After>,
    /// Only these [default: all]
    state: Option<Progress>,
    /// Only the events of this class
    class_id: Option<Natural>,
}

#[derive(Serialize, ToSchema)]
struct DeliveryPage {
    /// Whether no delivery comes after these
    finish: bool,
    list: Vec<DeliveryRow>,
    /// What `after` has to be for the next page; there when `after` was sent and the list goes on
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct DeliveryRow {
    delivery_id: i64,
    #[serde(flatten)]
    event: EventRow,
    state: Progress,
    /// How often it was tried
    attempts: i64,
    /// When it is tried next, in seconds; 0 when it is not
    due: i64,
    /// When it was delivered or given up, in seconds; 0 before
    settled_time: i64,
}

impl DeliveryRow {
    fn new((delivery, event): (Delivery, Event), addresses: Addresses<'_>) -> Self {
        Self {
            delivery_id: delivery.delivery_id,
            event: EventRow::new(&event, addresses),
            state: delivery.state.into(),
            attempts: delivery.attempts,
            due: if delivery.settled_time.is_none() { seconds(delivery.due) } else { 0 },
            settled_time: delivery.settled_time.map_or(0, seconds),
        }
    }
}

/// List deliveries, the newest first
#[utoipa::path(tag = "callback", request_body = ListDeliveries, responses((status = 200, body = Reply<DeliveryPage>)))]
#[post("/callback/list")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ListDeliveries>) -> Answer<DeliveryPage> {
    let filter = Filter {
        states: body.0.state.map(Progress::states).unwrap_or_default(),
        class_id: body.0.class_id.map(|id| id.0),
        // Its organizations are told in another protocol.
        organization_id: Some(0),
    };
    let (enterprise_id, page) = (caller.0.enterprise_id, page(body.0.index, body.0.size, body.0.after)?);
    let asked = Page { size: page.size + 1, ..page };
    catch_up(&app).await?;
    let mut rows =
        app.db.read_slow(move |conn| Ok::<_, domain::Error>(event::list(conn, enterprise_id, &filter, asked)?)).await?;
    let finish = cut(&mut rows, page.size);
    let goes_on = !finish && matches!(page.start, Start::After(_));
    let next = rows.last().filter(|_| goes_on).map(|(_, event)| event.event_id.to_string());
    let addresses = |stored: &str| app.address(&caller.0, stored);
    reply(DeliveryPage { finish, list: rows.into_iter().map(|row| DeliveryRow::new(row, &addresses)).collect(), next })
}

#[derive(Deserialize, ToSchema)]
struct DeliveryRef {
    /// The delivery
    delivery_id: Natural,
}

#[derive(Serialize, ToSchema)]
struct DeliveryInfo {
    #[serde(flatten)]
    delivery: DeliveryRow,
    /// Every try, in order
    attempt_list: Vec<AttemptRow>,
}

#[derive(Serialize, ToSchema)]
struct AttemptRow {
    /// From 1
    number: i64,
    /// In seconds
    begin_time: i64,
    /// In milliseconds
    duration: i64,
    /// Where it went, without the query
    url: String,
    /// What was sent, its signature masked
    sent: Sent,
    /// The HTTP status of the answer; 0 when there was none
    status: i64,
    /// The beginning of the answer
    answer: String,
    /// Why it failed; empty when it went well
    problem: String,
}

impl AttemptRow {
    fn new(event: &Event, addresses: Addresses<'_>, attempt: Attempt) -> Self {
        Self {
            number: attempt.number,
            begin_time: seconds(attempt.begin_time),
            duration: attempt.duration,
            url: attempt.url,
            sent: sent(event, addresses, seconds(attempt.begin_time) + SIGN_SECONDS, MASK),
            status: attempt.status.unwrap_or(0),
            answer: attempt.answer,
            problem: attempt.problem,
        }
    }
}

/// A delivery with every try, as `callback/info` shows it.
///
/// # Errors
/// As [`event::require`].
pub fn show_delivery(conn: &mut Conn, enterprise_id: i64, delivery_id: i64) -> domain::Result<Value> {
    Ok(json!(describe_delivery(event::require(conn, enterprise_id, delivery_id)?, NO_ADDRESSES)))
}

/// A delivery, as `callback/list` shows it.
#[must_use]
pub fn show_delivery_row(row: (Delivery, Event)) -> Value {
    json!(DeliveryRow::new(row, NO_ADDRESSES))
}

fn describe_delivery(found: (Delivery, Event, Vec<Attempt>), addresses: Addresses<'_>) -> DeliveryInfo {
    let (delivery, event, attempts) = found;
    let attempt_list = attempts.into_iter().map(|attempt| AttemptRow::new(&event, addresses, attempt)).collect();
    DeliveryInfo { delivery: DeliveryRow::new((delivery, event), addresses), attempt_list }
}

/// Look at a delivery and every try
#[utoipa::path(tag = "callback", request_body = DeliveryRef, responses((status = 200, body = Reply<DeliveryInfo>)))]
#[post("/callback/info")]
async fn info(app: Data<AppState>, caller: Caller, body: Body<DeliveryRef>) -> Answer<DeliveryInfo> {
    let (enterprise_id, delivery_id) = (caller.0.enterprise_id, body.0.delivery_id.0);
    let found = app.db.read_slow(move |conn| event::require(conn, enterprise_id, delivery_id)).await?;
    if found.0.organization_id != 0 {
        // Sent in another protocol.
        return Err(ApiError::invalid(format!("delivery_id: {delivery_id}: no such delivery")));
    }
    reply(describe_delivery(found, &|stored| app.address(&caller.0, stored)))
}

#[derive(Deserialize, ToSchema)]
struct Replay {
    /// 1 to 1000 deliveries that were delivered or given up …
    delivery_ids: Option<Vec<Natural>>,
    /// … or, without them, all that were given up since then, in seconds
    dead_since: Option<Time>,
}

/// Deliver once more, with all tries; all or none
#[utoipa::path(tag = "callback", request_body = Replay, responses((status = 200, body = Reply<Done>)))]
#[post("/callback/replay")]
async fn replay(app: Data<AppState>, caller: Caller, body: Body<Replay>) -> Answer<Done> {
    let (enterprise_id, now) = (caller.0.enterprise_id, app.now());
    let chosen: Option<Vec<i64>> = body.0.delivery_ids.map(|ids| ids.into_iter().map(|id| id.0).collect());
    let since = body.0.dead_since.map(Time::millis);
    if chosen.as_ref().is_some_and(|ids| ids.is_empty() || ids.len() > AT_ONCE) {
        return Err(ApiError::invalid(format!("delivery_ids: must have 1 to {AT_ONCE} ids")));
    }
    if chosen.is_none() && since.is_none() {
        return Err(ApiError::invalid("delivery_ids: missing, and dead_since too"));
    }
    app.db
        .write(move |conn| {
            let ids = match (chosen, since) {
                (Some(ids), _) => ids,
                (None, since) => event::dead_since(conn, enterprise_id, since.unwrap_or(now))?,
            };
            event::replay(conn, enterprise_id, &ids, now)
        })
        .await?;
    done()
}
