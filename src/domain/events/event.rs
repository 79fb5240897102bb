//! Publishes events in the transaction of the change that they report; lists deliveries and replays them.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
pub use crate::store::events::attempt::Attempt;
pub use crate::store::events::delivery::{
    Delivery, Failure, Filter, Found, LastAttempt, Position, Search, State, dead_since, enterprise_of, failures,
    last_of, list, search,
};
use crate::store::events::endpoint::address_within;
pub use crate::store::events::endpoint::{EndpointId, EndpointKind};
pub use crate::store::events::event::{Event, feed};
pub use crate::store::events::kind::EventKind;
use crate::store::events::outbox;
pub use crate::store::events::outbox::{is_empty as is_relayed, relay};
pub use crate::store::events::outbox_entry::{OutboxEntry, Subscription};
pub use crate::store::events::payload::{CreatedCourse, EventPayload, LocalRecording, Requested, Video};
use crate::store::ids::{ClassId, CourseId, DeliveryId, EnterpriseId};
use crate::store::tenancy::enterprise::Enterprise;
pub use crate::store::tenancy::enterprise::Extra;

/// An event of a class, published to the enterprise. `sequence` is its number in the class, from 1.
pub(in crate::domain) fn of_class(
    enterprise: &Enterprise,
    class_id: ClassId,
    sequence: i64,
    payload: &EventPayload,
    now: Millis,
) -> OutboxEntry {
    let own = own_subscription(enterprise, payload, format!("class {class_id}"), sequence == 1);
    OutboxEntry::new(enterprise.enterprise_id, Some((class_id, sequence)), payload, now).to(own)
}

/// Publishes an event to its subscriptions, in the order of their lanes if the enterprise wants it.
pub(in crate::domain) fn publish(conn: &mut Conn, enterprise: &Enterprise, event: OutboxEntry) -> Result<()> {
    let event = if enterprise.callback_ordered { event } else { event.without_order() };
    Ok(outbox::publish(conn, event)?)
}

/// Publishes an event that belongs to no class to the enterprise. Events of one lane are delivered in order; `first`
/// says that it is the first of its lane.
pub(in crate::domain) fn publish_in_lane(
    conn: &mut Conn,
    enterprise: &Enterprise,
    (lane, first): (String, bool),
    payload: &EventPayload,
    now: Millis,
) -> Result<()> {
    let own = own_subscription(enterprise, payload, lane, first);
    publish(conn, enterprise, OutboxEntry::new(enterprise.enterprise_id, None, payload, now).to(own))
}

/// Publishes an event to an organization only, if it subscribes.
pub(in crate::domain) fn publish_to_organization(
    conn: &mut Conn,
    enterprise: &Enterprise,
    organization: Option<Subscription>,
    payload: &EventPayload,
    now: Millis,
) -> Result<()> {
    publish(conn, enterprise, OutboxEntry::new(enterprise.enterprise_id, None, payload, now).to(organization))
}

/// The subscription of the organization of a course, if it has an address. Events of one course are delivered in order.
pub(in crate::domain) fn organization_of_course(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    course_id: CourseId,
) -> Result<Option<Subscription>> {
    let organization = store::tenancy::organization::of_course(conn, enterprise_id, course_id)?;
    let addressed = organization.filter(|organization| !organization.callback_url.is_empty());
    Ok(addressed.map(|organization| {
        let endpoint = EndpointId::Organization(enterprise_id, organization.organization_id);
        Subscription::new(endpoint).in_lane(format!("course {course_id}"), false)
    }))
}

/// The enterprise's own subscription, if it has an address for this event.
fn own_subscription(
    enterprise: &Enterprise,
    payload: &EventPayload,
    lane: String,
    first: bool,
) -> Option<Subscription> {
    let endpoint = EndpointId::within_enterprise(enterprise, payload);
    let has_address = !address_within(enterprise, endpoint.kind()).is_empty();
    has_address.then(|| Subscription::new(endpoint).in_lane(lane, first))
}

/// Publishes a test event.
///
/// # Errors
/// [`Error::Invalid`] when the enterprise has no callback address.
pub fn test(conn: &mut Conn, enterprise: &Enterprise, now: Millis) -> Result<()> {
    if enterprise.call_back_url.is_empty() {
        return Err(Error::invalid(Field::CallbackUrl, Problem::NoCallback));
    }
    publish_in_lane(conn, enterprise, (String::new(), false), &EventPayload::Test { time: now }, now)
}

/// Returns a delivery with its event and its attempts.
///
/// # Errors
/// [`Error::Invalid`] when it does not exist.
pub fn require(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    delivery_id: DeliveryId,
) -> Result<(Delivery, Event, Vec<Attempt>)> {
    let (delivery, event) = store::events::delivery::find(conn, enterprise_id, delivery_id)?
        .ok_or_else(|| unknown(Field::Delivery, delivery_id))?;
    let attempts = store::events::attempt::list(conn, enterprise_id, delivery_id)?;
    Ok((delivery, event, attempts))
}

/// Schedules settled deliveries (delivered or given up) again; all or none.
///
/// # Errors
/// [`Error::Invalid`] for a delivery that does not exist or is not settled.
pub fn replay(conn: &mut Conn, enterprise_id: EnterpriseId, delivery_ids: &[DeliveryId], now: Millis) -> Result<()> {
    let mut settled = store::events::delivery::progress(conn, enterprise_id, delivery_ids)?;
    for delivery_id in delivery_ids {
        // The second occurrence of an id fails: its first occurrence is scheduled again already.
        match settled.insert(*delivery_id, false) {
            Some(true) => {}
            Some(false) => return Err(Error::invalid(Field::Deliveries, Problem::OnItsWay(*delivery_id))),
            None => return Err(unknown(Field::Deliveries, *delivery_id)),
        }
    }
    Ok(store::events::delivery::replay(conn, enterprise_id, delivery_ids, now)?)
}

fn unknown(field: Field, delivery_id: DeliveryId) -> Error {
    Error::invalid(field, Problem::NoDelivery(delivery_id))
}
