//! Writing down what happened, in the transaction that makes it happen, and who is to be told.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::clock::Millis;
use crate::db;
use crate::db::{Conn, Hearer};
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::Json;
pub use crate::store::events::attempt::Attempt;
pub use crate::store::events::delivery::{Delivery, Filter, State, dead_since, enterprise_of, list};
pub use crate::store::events::event::{Event, EventPayload, NewlyMade, Video, feed};
use crate::store::events::outbox;
use crate::store::events::outbox::{Hearing, Telling};
pub use crate::store::events::outbox::{is_empty as is_posted, post};
use crate::store::tenancy::enterprise::Enterprise;
pub use crate::store::tenancy::enterprise::Extra;
use crate::store::tenancy::organization::Organization;

/// Which class an event is of, and its number among the events of that class.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::domain) struct Place {
    pub class_id: i64,
    pub sequence: i64,
}

/// An organization that is to hear of an event of a course of its own.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain) struct Listener {
    pub organization_id: i64,
    pub course_id: i64,
}

impl Listener {
    /// The organization of a course, if it has an address.
    pub(in crate::domain) fn of(conn: &mut Conn, enterprise_id: i64, course_id: i64) -> Result<Option<Self>> {
        let organization = store::tenancy::organization::of_course(conn, enterprise_id, course_id)?;
        let hearing = organization.filter(|organization| !organization.callback_url.is_empty());
        Ok(hearing.map(|Organization { organization_id, .. }| Self { organization_id, course_id }))
    }
}

/// What an event is delivered in order with.
#[derive(Clone, Debug, Default)]
pub(in crate::domain) struct Lane {
    /// Empty for nothing.
    pub name: String,
    /// Whether nothing of it was told before.
    pub first: bool,
}

/// Writes an event down and, when the enterprise has an address, its delivery.
pub(in crate::domain) fn record(
    conn: &mut Conn,
    enterprise: &Enterprise,
    place: Place,
    fact: EventPayload,
    now: Millis,
) -> Result<()> {
    record_for(conn, enterprise, None, place, fact, now)
}

/// As [`record`], with a delivery to an organization too.
pub(in crate::domain) fn record_for(
    conn: &mut Conn,
    enterprise: &Enterprise,
    listener: Option<Listener>,
    place: Place,
    fact: EventPayload,
    now: Millis,
) -> Result<()> {
    let lane = match place.class_id {
        0 => Lane::default(),
        class_id => Lane { name: format!("class {class_id}"), first: place.sequence == 1 },
    };
    let itself = as_enterprise(enterprise, lane, &fact);
    tell(conn, enterprise, place, fact, itself.into_iter().chain(as_organization(enterprise, listener)), now)
}

/// Writes an event down that one organization is told of, and its enterprise is not.
pub(in crate::domain) fn record_for_organization(
    conn: &mut Conn,
    enterprise: &Enterprise,
    listener: Option<Listener>,
    fact: EventPayload,
    now: Millis,
) -> Result<()> {
    tell(conn, enterprise, Place::default(), fact, as_organization(enterprise, listener), now)
}

/// Writes down an event of no class that comes after others.
pub(in crate::domain) fn record_in_lane(
    conn: &mut Conn,
    enterprise: &Enterprise,
    lane: Lane,
    fact: EventPayload,
    now: Millis,
) -> Result<()> {
    let itself = as_enterprise(enterprise, lane, &fact);
    tell(conn, enterprise, Place::default(), fact, itself, now)
}

/// How the enterprise itself hears of it, if it has an address.
fn as_enterprise(enterprise: &Enterprise, lane: Lane, fact: &EventPayload) -> Option<Hearing> {
    let Lane { name, first } = if enterprise.callback_ordered { lane } else { Lane::default() };
    (!enterprise.address_of(fact).is_empty()).then_some(Hearing { organization_id: 0, lane: name, first })
}

/// How an organization hears of it: in the order of the events of the course.
fn as_organization(enterprise: &Enterprise, listener: Option<Listener>) -> Option<Hearing> {
    let Listener { organization_id, course_id } = listener?;
    let lane = if enterprise.callback_ordered { format!("course {course_id}") } else { String::new() };
    Some(Hearing { organization_id, lane, first: false })
}

fn tell(
    conn: &mut Conn,
    enterprise: &Enterprise,
    place: Place,
    fact: EventPayload,
    hearings: impl IntoIterator<Item = Hearing>,
    now: Millis,
) -> Result<()> {
    let telling = Telling {
        enterprise_id: enterprise.enterprise_id,
        class_id: place.class_id,
        sequence: place.sequence,
        fact: Json::new(fact),
        create_time: now,
        hearings: Json::new(hearings.into_iter().collect()),
    };
    Ok(outbox::tell(conn, &telling)?)
}

/// Writes down an event of a class that is not being changed itself.
pub(in crate::domain) fn record_in_class(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    fact: EventPayload,
    now: Millis,
) -> Result<()> {
    let sequence = store::classroom::class::next_sequence(conn, enterprise.enterprise_id, class_id)?;
    record(conn, enterprise, Place { class_id, sequence }, fact, now)
}

/// Sends a test event.
///
/// # Errors
/// [`Error::Invalid`] when the enterprise has no address.
pub fn test(conn: &mut Conn, enterprise: &Enterprise, now: Millis) -> Result<()> {
    if enterprise.call_back_url.is_empty() {
        return Err(Error::invalid(Field::CallbackUrl, Problem::NoCallback));
    }
    record(conn, enterprise, Place::default(), EventPayload::Test { time: now }, now)
}

/// A delivery that must be there, with its event and its tries.
///
/// # Errors
/// [`Error::Invalid`] when it is not.
pub fn require(conn: &mut Conn, enterprise_id: i64, delivery_id: i64) -> Result<(Delivery, Event, Vec<Attempt>)> {
    let (delivery, event) = store::events::delivery::find(conn, enterprise_id, delivery_id)?
        .ok_or_else(|| unknown(Field::Delivery, delivery_id))?;
    let attempts = store::events::attempt::list(conn, enterprise_id, delivery_id)?;
    Ok((delivery, event, attempts))
}

/// Sends deliveries that were delivered or given up once more; all or none.
///
/// # Errors
/// [`Error::Invalid`] for one that is not there or still on its way.
pub fn replay(conn: &mut Conn, enterprise_id: i64, delivery_ids: &[i64], now: Millis) -> Result<()> {
    let mut settled = store::events::delivery::progress(conn, enterprise_id, delivery_ids)?;
    for delivery_id in delivery_ids {
        // Named twice, it is on its way the second time.
        match settled.insert(*delivery_id, false) {
            Some(true) => {}
            Some(false) => return Err(Error::invalid(Field::Deliveries, Problem::OnItsWay(*delivery_id))),
            None => return Err(unknown(Field::Deliveries, *delivery_id)),
        }
    }
    for organization_id in store::events::delivery::replay(conn, enterprise_id, delivery_ids, now)? {
        db::ring_at_commit(Hearer { enterprise_id, organization_id });
    }
    Ok(())
}

fn unknown(field: Field, delivery_id: i64) -> Error {
    Error::invalid(field, Problem::NoDelivery(delivery_id))
}

/// A secret for Standard Webhooks: 24 random bytes.
pub(in crate::domain) fn webhook_secret() -> String {
    format!("whsec_{}", STANDARD.encode(rand::random::<[u8; 24]>()))
}
