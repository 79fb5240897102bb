//! Writing down what happened, in the transaction that makes it happen, and who is to be told.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Error, Result};
use crate::clock::Millis;
use crate::db::{self, Conn};
use crate::store;
use crate::store::Json;
pub use crate::store::attempt::Attempt;
pub use crate::store::delivery::{Delivery, Filter, State, dead_since, enterprise_of, list};
use crate::store::enterprise::Enterprise;
pub use crate::store::enterprise::Extra;
use crate::store::event::NewEvent;
pub use crate::store::event::{Event, Fact, Video, feed};

/// Which class an event is of, and its number among the events of that class.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub class_id: i64,
    pub sequence: i64,
}

/// Writes an event down and, when the enterprise has an address, its delivery.
pub(super) fn record(conn: &mut Conn, enterprise: &Enterprise, place: Place, fact: Fact, now: Millis) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    let new = NewEvent {
        enterprise_id,
        class_id: place.class_id,
        sequence: place.sequence,
        fact: Json::new(fact),
        create_time: now,
    };
    let event_id = store::event::insert(conn, &new)?;
    if !enterprise.call_back_url.is_empty() {
        let in_order = enterprise.callback_ordered && place.class_id != 0;
        let lane = if in_order { format!("class {}", place.class_id) } else { String::new() };
        store::delivery::insert(conn, event_id, enterprise_id, &lane, place.sequence == 1, now)?;
        db::ring_at_commit(enterprise_id);
    }
    Ok(())
}

/// Writes down an event of a class that is not being changed itself.
pub(super) fn record_in_class(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    fact: Fact,
    now: Millis,
) -> Result<()> {
    let sequence = store::class::next_sequence(conn, enterprise.enterprise_id, class_id)?;
    record(conn, enterprise, Place { class_id, sequence }, fact, now)
}

/// Sends a test event.
///
/// # Errors
/// [`Error::Invalid`] when the enterprise has no address.
pub fn test(conn: &mut Conn, enterprise: &Enterprise, now: Millis) -> Result<()> {
    if enterprise.call_back_url.is_empty() {
        return Err(Error::invalid("call_back_url", "the enterprise has none"));
    }
    record(conn, enterprise, Place::default(), Fact::Test { time: now }, now)
}

/// A delivery that must be there, with its event and its tries.
///
/// # Errors
/// [`Error::Invalid`] when it is not.
pub fn known(conn: &mut Conn, enterprise_id: i64, delivery_id: i64) -> Result<(Delivery, Event, Vec<Attempt>)> {
    let (delivery, event) =
        store::delivery::find(conn, enterprise_id, delivery_id)?.ok_or_else(|| unknown("delivery_id", delivery_id))?;
    let attempts = store::attempt::list(conn, enterprise_id, delivery_id)?;
    Ok((delivery, event, attempts))
}

/// Sends deliveries that were delivered or given up once more; all or none.
///
/// # Errors
/// [`Error::Invalid`] for one that is not there or still on its way.
pub fn replay(conn: &mut Conn, enterprise_id: i64, delivery_ids: &[i64], now: Millis) -> Result<()> {
    let mut settled = store::delivery::progress(conn, enterprise_id, delivery_ids)?;
    for delivery_id in delivery_ids {
        // Named twice, it is on its way the second time.
        match settled.insert(*delivery_id, false) {
            Some(true) => {}
            Some(false) => return Err(Error::invalid("delivery_ids", format!("{delivery_id} is still on its way"))),
            None => return Err(unknown("delivery_ids", *delivery_id)),
        }
    }
    store::delivery::replay(conn, enterprise_id, delivery_ids, now)?;
    db::ring_at_commit(enterprise_id);
    Ok(())
}

fn unknown(field: &'static str, delivery_id: i64) -> Error {
    Error::invalid(field, format!("{delivery_id}: no such delivery"))
}

/// A secret for Standard Webhooks: 24 random bytes.
pub(super) fn webhook_secret() -> String {
    format!("whsec_{}", STANDARD.encode(rand::random::<[u8; 24]>()))
}
