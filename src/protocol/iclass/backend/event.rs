//! `/paas/v1/event/*` and `/paas/v1/callback/*`: an enterprise reads its events and manages their deliveries.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::db;
use crate::domain;
use crate::domain::events::event;
use crate::domain::events::event::{EndpointId, Filter};
use crate::domain::ids::{ClassId, DeliveryId, EventId};
use crate::domain::tenancy::audit;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::protocol::iclass::audited::AuditedCaller;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::delivery::{DeliveryInfo, DeliveryRow, EventRow, Progress};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Done, Reply, done, reply};
use crate::protocol::iclass::wire::{After, Natural, Size, Time, page};
use crate::state::AppState;
use crate::store::{Page, Start};

/// How many deliveries one call may replay.
const AT_ONCE: usize = 1_000;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(events).service(list).service(info).service(replay);
}

#[derive(Deserialize, ToSchema)]
struct ListEvents {
    /// Return the events after this `event_id` [default: 0]
    after: Option<Natural>,
    /// Only the events of this class
    class_id: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
}

#[derive(Serialize, ToSchema)]
struct EventFeed {
    /// Whether these are the last events so far
    finish: bool,
    /// The events, in order
    list: Vec<EventRow>,
}

/// Read events, whether or not they were delivered
#[utoipa::path(tag = "callback", request_body = ListEvents, responses((status = 200, body = Reply<EventFeed>)))]
#[post("/event/list")]
async fn events(app: Data<AppState>, caller: Caller, body: Body<ListEvents>) -> Answer<EventFeed> {
    let (enterprise_id, class_id) = (caller.0.enterprise_id, body.0.class_id.map(|id| ClassId(id.0)));
    let (after, size) = (body.0.after.map_or(0, |after| after.0), page(None, body.0.size, None)?.size);
    catch_up(&app).await?;
    let mut events = app
        .db
        .read_slow(move |conn| {
            Ok::<_, domain::Error>(event::feed(conn, enterprise_id, class_id, EventId(after), size + 1)?)
        })
        .await?;
    let finish = cut(&mut events, size);
    let addresses = |stored: &str| app.address(&caller.0, stored);
    reply(EventFeed { finish, list: events.iter().map(|event| EventRow::new(event, &addresses)).collect() })
}

/// Relays the outbox, so that the lists show all published events. If that fails, as on a full disk, the lists show the latest
/// events later.
async fn catch_up(app: &AppState) -> Result<(), ApiError> {
    if app.db.read(|conn| Ok::<_, db::Error>(event::is_relayed(conn)?)).await? {
        return Ok(());
    }
    if let Err(e) = app.db.write(|conn| Ok::<_, db::Error>(event::relay(conn)?)).await {
        log::warn!("the latest events are not in the lists yet: {e}");
    }
    Ok(())
}

/// Truncates rows to the requested size, and returns whether they are the last. The caller reads one row more than requested,
/// which costs less than counting.
fn cut<T>(rows: &mut Vec<T>, size: i64) -> bool {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let finish = rows.len() <= size;
    rows.truncate(size);
    finish
}

#[derive(Deserialize, ToSchema)]
struct ListDeliveries {
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Cursor, instead of `index`: empty for the first page, then the last `next`. Costs the same anywhere in the list
    after: Option<After>,
    /// Only deliveries in this state [default: all]
    state: Option<Progress>,
    /// Only the events of this class
    class_id: Option<Natural>,
}

#[derive(Serialize, ToSchema)]
struct DeliveryPage {
    /// Whether these are the last deliveries
    finish: bool,
    list: Vec<DeliveryRow>,
    /// `after` of the next page; present if `after` was sent and there are more deliveries
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// List deliveries, the newest first
#[utoipa::path(tag = "callback", request_body = ListDeliveries, responses((status = 200, body = Reply<DeliveryPage>)))]
#[post("/callback/list")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ListDeliveries>) -> Answer<DeliveryPage> {
    let filter = Filter {
        states: body.0.state.map(Progress::states).unwrap_or_default(),
        class_id: body.0.class_id.map(|id| ClassId(id.0)),
        // Organizations receive events in another protocol.
        within_enterprise: true,
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
    reply(DeliveryPage {
        finish,
        list: rows.iter().map(|(delivery, event)| DeliveryRow::new(delivery, event, &addresses)).collect(),
        next,
    })
}

#[derive(Deserialize, ToSchema)]
struct DeliveryRef {
    /// The delivery
    delivery_id: Natural,
}

/// Get a delivery with its attempts
#[utoipa::path(tag = "callback", request_body = DeliveryRef, responses((status = 200, body = Reply<DeliveryInfo>)))]
#[post("/callback/info")]
async fn info(app: Data<AppState>, caller: Caller, body: Body<DeliveryRef>) -> Answer<DeliveryInfo> {
    let (enterprise_id, delivery_id) = (caller.0.enterprise_id, DeliveryId(body.0.delivery_id.0));
    let found = app.db.read_slow(move |conn| event::require(conn, enterprise_id, delivery_id)).await?;
    let (delivery, event, attempts) = found;
    if let EndpointId::Organization(..) = delivery.endpoint() {
        // The deliveries to organizations belong to another protocol.
        return Err(ApiError::invalid(format!("delivery_id: {delivery_id}: no such delivery")));
    }
    reply(DeliveryInfo::new(&delivery, &event, attempts, &|stored| app.address(&caller.0, stored)))
}

#[derive(Deserialize, ToSchema)]
struct Replay {
    /// 1 to 1000 deliveries that are delivered or dead
    delivery_ids: Option<Vec<Natural>>,
    /// Instead of `delivery_ids`: all deliveries that became dead since this time, in seconds
    dead_since: Option<Time>,
}

/// Deliver again, with all retries; all deliveries or none
#[utoipa::path(tag = "callback", request_body = Replay, responses((status = 200, body = Reply<Done>)))]
#[post("/callback/replay")]
async fn replay(app: Data<AppState>, caller: Caller, by: AuditedCaller, body: Body<Replay>) -> Answer<Done> {
    let (enterprise_id, sdkappid, now) = (caller.0.enterprise_id, caller.0.sdkappid, app.now());
    let chosen: Option<Vec<DeliveryId>> =
        body.0.delivery_ids.map(|ids| ids.into_iter().map(|id| DeliveryId(id.0)).collect());
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
            event::replay(conn, enterprise_id, &ids, now)?;
            // One delivery is named as in the console; of many, how many they are.
            let change = match ids.as_slice() {
                [delivery_id] => Change::of(enterprise_id, AuditAction::DeliveriesReplay, delivery_id),
                ids => Change::of(enterprise_id, AuditAction::DeliveriesReplay, &sdkappid)
                    .with(json!({ "count": ids.len() })),
            };
            audit::record(conn, &by.0, change, now)
        })
        .await?;
    done()
}
