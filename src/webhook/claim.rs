//! The transaction that relays the outbox and claims deliveries for each endpoint.

use std::sync::Arc;

use super::endpoint::{Endpoint, Formatters};
use crate::clock::Millis;
use crate::db::{Conn, Error};
use crate::jobs::Lease;
use crate::store::events::delivery;
use crate::store::events::delivery::Delivery;
use crate::store::events::endpoint::EndpointId;
use crate::store::events::event::Event;
use crate::store::events::outbox;
use crate::store::events::outbox::Relayed;

/// The deliveries that were claimed for one endpoint.
pub(super) struct Claim {
    pub id: EndpointId,
    /// `None` if nothing may be sent to it now.
    pub endpoint: Option<Arc<Endpoint>>,
    /// Whether the endpoint was removed.
    pub gone: bool,
    pub claimed: Vec<(Delivery, Event)>,
    /// Whether more deliveries may be due.
    pub more: bool,
    pub next_due: Option<Millis>,
}

/// Relays the outbox, and claims up to the given number of deliveries for each endpoint.
pub(super) fn claim(
    conn: &mut Conn,
    wanted: Vec<(EndpointId, usize)>,
    formatters: &Formatters,
    lease: &Lease,
    now: Millis,
) -> Result<(Relayed, Vec<Claim>), Error> {
    // Relay before any row is locked: the relay may wait for the holder of the advisory lock for the order of events, which may
    // wait for rows that are claimed here.
    let relayed = outbox::relay(conn)?;
    let claims = wanted.into_iter().map(|wanted| claim_for(conn, wanted, formatters, lease, now));
    Ok((relayed, claims.collect::<Result<_, Error>>()?))
}

fn claim_for(
    conn: &mut Conn,
    (id, room): (EndpointId, usize),
    formatters: &Formatters,
    lease: &Lease,
    now: Millis,
) -> Result<Claim, Error> {
    let nothing = Claim { id, endpoint: None, gone: false, claimed: Vec::new(), more: false, next_due: None };
    let Some(formatter) = formatters.get(id.kind()) else { return Ok(nothing) };
    let Some(endpoint) = Endpoint::find(conn, id, formatter)? else {
        return Ok(Claim { gone: true, ..nothing });
    };
    if !endpoint.is_open() {
        return Ok(nothing);
    }
    let claimed = delivery::claim(conn, id, lease, now, i64::try_from(room).unwrap_or(i64::MAX))?;
    let more = claimed.len() == room;
    let next_due = if more { None } else { delivery::next_due(conn, id)? };
    Ok(Claim { endpoint: Some(Arc::new(endpoint)), claimed, more, next_due, ..nothing })
}
