//! The transaction that posts what was told, and claims for each receiver what there is room for.

use std::sync::Arc;

use super::Destination;
use crate::clock::Millis;
use crate::db::{Conn, Error, Hearer};
use crate::jobs::Lease;
use crate::store;
use crate::store::events::delivery;
use crate::store::events::delivery::Claimed;
use crate::store::events::outbox;
use crate::store::events::outbox::Posted;

/// What it did.
pub(super) struct Claims {
    pub posted: Posted,
    /// One for each receiver that was asked for.
    pub taken: Vec<Taken>,
}

/// What a claim took for one receiver.
pub(super) struct Taken {
    pub hearer: Hearer,
    /// Its settings; `None` while nothing may be sent.
    pub destination: Option<Arc<Destination>>,
    /// Whether there is no such receiver any more.
    pub gone: bool,
    pub claimed: Vec<Claimed>,
    /// Whether there may be more that is due.
    pub more: bool,
    pub next_due: Option<Millis>,
}

/// Posts, and claims so many for each of these.
pub(super) fn claim(
    conn: &mut Conn,
    wanted: Vec<(Hearer, usize)>,
    lease: &Lease,
    now: Millis,
) -> Result<Claims, Error> {
    // First, since who posts may wait for who has the order of events, and that one for rows that are claimed here.
    let posted = outbox::post(conn)?;
    let taken = wanted.into_iter().map(|(hearer, room)| take(conn, hearer, room, lease, now));
    Ok(Claims { taken: taken.collect::<Result<_, Error>>()?, posted })
}

/// Claims for one receiver.
fn take(conn: &mut Conn, hearer: Hearer, room: usize, lease: &Lease, now: Millis) -> Result<Taken, Error> {
    let nothing = Taken { hearer, destination: None, gone: false, claimed: Vec::new(), more: false, next_due: None };
    let Some(destination) = destination(conn, hearer)? else {
        return Ok(Taken { gone: true, ..nothing });
    };
    let has_address =
        if hearer.organization_id == 0 { destination.enterprise.has_receiver() } else { !destination.url.is_empty() };
    if destination.enterprise.callback_paused || !has_address {
        return Ok(nothing);
    }
    let claimed = delivery::claim(conn, hearer, lease, now, i64::try_from(room).unwrap_or(i64::MAX))?;
    let more = claimed.len() == room;
    let next_due = if more { None } else { delivery::next_due(conn, hearer)? };
    Ok(Taken { destination: Some(Arc::new(destination)), claimed, more, next_due, ..nothing })
}

/// Where a receiver is, if it is still there.
fn destination(conn: &mut Conn, hearer: Hearer) -> Result<Option<Destination>, Error> {
    let Hearer { enterprise_id, organization_id } = hearer;
    let Some(enterprise) = store::tenancy::enterprise::get(conn, enterprise_id)? else { return Ok(None) };
    let url = if organization_id == 0 {
        Some(enterprise.call_back_url.clone())
    } else {
        store::tenancy::organization::find(conn, enterprise_id, organization_id)?
            .map(|organization| organization.callback_url)
    };
    Ok(url.map(|url| Destination { enterprise, url }))
}
