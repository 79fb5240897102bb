//! Deliveries: one event for one receiver, from written down to delivered or dead.
//!
//! A delivery is `ready` when it may be sent once it is due, `waiting` while an earlier one of its lane is not settled, and
//! `claimed` while a worker holds it under a lease. Settling takes the token of the lease, so that a worker that lost its
//! lease settles nothing.

mod upkeep;

use std::collections::BTreeSet;

use super::attempt;
use super::attempt::NewAttempt;
use super::event;
use super::event::Event;
use crate::clock::Millis;
use crate::db;
use crate::db::prelude::*;
use crate::db::{Conn, Hearer};
use crate::jobs::Lease;
use crate::store::literal::literal;
use crate::store::rows::insert_slice;
use crate::store::schema::deliveries;
use crate::store::schema::deliveries::dsl;
use crate::store::schema::events;
use crate::store::text::words;
use crate::store::{Result, update};

pub use upkeep::{Filter, dead_since, enterprise_of, find, lift_order, list, progress, replay};

words! {
    /// Where a delivery is.
    State {
        /// It may be sent when it is due.
        Ready = "ready",
        /// An earlier one of its lane is not settled.
        Waiting = "waiting",
        /// A worker holds it.
        Claimed = "claimed",
        /// The receiver has it.
        Delivered = "delivered",
        /// It was tried as often as is allowed.
        Dead = "dead",
    }
}

/// A delivery.
#[derive(Clone, Debug, Queryable)]
pub struct Delivery {
    /// Counts up.
    pub delivery_id: i64,
    /// What is delivered.
    pub event_id: i64,
    /// To whom.
    pub enterprise_id: i64,
    /// What it stays in order with; empty for nothing.
    pub lane: String,
    /// Where it is.
    pub state: State,
    /// When it may be sent.
    pub due: Millis,
    /// How often it was tried.
    pub attempts: i64,
    /// How often it had been tried when it was last replayed.
    pub replayed_at: i64,
    /// Who holds it …
    pub lease_token: Option<String>,
    /// … and until when.
    pub lease_until: Option<Millis>,
    /// When it was delivered or given up.
    pub settled_time: Option<Millis>,
    /// To which of its organizations; 0 for the enterprise itself.
    pub organization_id: i64,
}

/// A delivery that is not written down yet.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = deliveries, treat_none_as_default_value = false)]
pub(in crate::store) struct New {
    event_id: i64,
    enterprise_id: i64,
    organization_id: i64,
    lane: String,
    state: State,
    due: Millis,
    attempts: i64,
    replayed_at: i64,
}

impl New {
    /// One that is due now, unless it is behind another of its lane.
    pub(in crate::store) fn of(event_id: i64, hearer: Hearer, lane: &str, behind: bool, now: Millis) -> Self {
        let Hearer { enterprise_id, organization_id } = hearer;
        let state = if behind { State::Waiting } else { State::Ready };
        let lane = lane.to_owned();
        Self { event_id, enterprise_id, organization_id, lane, state, due: now, attempts: 0, replayed_at: 0 }
    }
}

/// A delivery that is ours to send.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Which.
    pub delivery_id: i64,
    /// How often it was tried before.
    pub attempts: i64,
    /// As [`Delivery::replayed_at`].
    pub replayed_at: i64,
    /// Until when it is ours, unless that is renewed.
    pub lease_until: Millis,
    /// What is delivered.
    pub event: Event,
}

/// What came of sending a delivery.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What to write down of the try; names the delivery.
    pub attempt: NewAttempt,
    /// What becomes of the delivery.
    pub verdict: Verdict,
}

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has it.
    Delivered,
    /// It is tried again then.
    Retry(Millis),
    /// It was tried often enough.
    Dead,
}

/// Writes deliveries down.
pub(in crate::store) fn insert(conn: &mut Conn, new: &[New]) -> Result<()> {
    insert_slice!(conn, dsl::deliveries, new)
}

/// Whether something of a lane is not settled.
pub(in crate::store) fn is_open(conn: &mut Conn, enterprise_id: i64, lane: &str) -> Result<bool> {
    let one = unsettled(enterprise_id, lane).select(dsl::delivery_id).limit(1);
    Ok(one.get_result::<i64>(conn).optional()?.is_some())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn unsettled<'a>(enterprise_id: i64, lane: &'a str) -> _ {
    dsl::deliveries
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::lane.eq(lane))
        .filter(dsl::settled_time.is_null())
}

literal!(IsReady = "state = 'ready'");
literal!(IsClaimed = "state = 'claimed'");

/// Takes up to `limit` deliveries of a receiver that are due, those that are due longest first.
pub fn claim(conn: &mut Conn, hearer: Hearer, lease: &Lease, now: Millis, limit: i64) -> Result<Vec<Claimed>> {
    let due = dsl::deliveries
        .filter(dsl::enterprise_id.eq(hearer.enterprise_id))
        .filter(dsl::organization_id.eq(hearer.organization_id))
        .filter(IsReady)
        .filter(dsl::due.le(now))
        .order((dsl::due, dsl::delivery_id))
        .limit(limit)
        .select((dsl::delivery_id, dsl::event_id, dsl::attempts, dsl::replayed_at));
    let found: Vec<(i64, i64, i64, i64)> = match conn {
        Conn::Sqlite(c) => due.load(c)?,
        // What another instance is claiming is left to it.
        Conn::Postgres(c) => due.for_update().skip_locked().load(c)?,
    };
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids = found.iter().map(|(delivery_id, ..)| *delivery_id);
    diesel::update(dsl::deliveries.filter(dsl::delivery_id.eq_any(ids)))
        .set((dsl::state.eq(State::Claimed), dsl::lease_token.eq(&lease.token), dsl::lease_until.eq(lease.until)))
        .execute(conn)?;
    let event_ids = found.iter().map(|(_, event_id, ..)| *event_id);
    let mut told: std::collections::HashMap<i64, Event> = events::table
        .filter(events::enterprise_id.eq(hearer.enterprise_id))
        .filter(events::event_id.eq_any(event_ids))
        .load::<Event>(conn)?
        .into_iter()
        .map(|event| (event.event_id, event))
        .collect();
    let claimed = |(delivery_id, event_id, attempts, replayed_at)| {
        let event = told.remove(&event_id)?;
        Some(Claimed { delivery_id, attempts, replayed_at, lease_until: lease.until, event })
    };
    Ok(found.into_iter().filter_map(claimed).collect())
}

/// Holds on to everything that is claimed under a lease, but for what is just being settled, or taken over.
pub fn renew(conn: &mut Conn, lease: &Lease) -> Result<()> {
    let held = dsl::deliveries.filter(IsClaimed).filter(dsl::lease_token.eq(&lease.token));
    let until = dsl::lease_until.eq(lease.until);
    match conn {
        Conn::Sqlite(c) => diesel::update(held).set(until).execute(c),
        Conn::Postgres(c) => {
            let ids: Vec<i64> = held.select(dsl::delivery_id).for_no_key_update().skip_locked().load(c)?;
            diesel::update(dsl::deliveries.filter(dsl::delivery_id.eq_any(ids))).set(until).execute(c)
        }
    }
    .map(drop)
}

/// Gives back what is claimed and was not sent.
pub fn release(conn: &mut Conn, token: &str, delivery_ids: &[i64]) -> Result<()> {
    let given_back = diesel::update(dsl::deliveries)
        .filter(dsl::delivery_id.eq_any(delivery_ids))
        .filter(dsl::lease_token.eq(token))
        .set((dsl::state.eq(State::Waiting), dsl::lease_token.eq(None::<String>)))
        .returning((dsl::delivery_id, dsl::enterprise_id, dsl::lane))
        .get_results(conn)?;
    line_up(conn, &given_back)
}

/// Frees what others claimed and let run out; `everything` frees all that others hold, which is right when there can be no
/// other.
pub fn release_expired(conn: &mut Conn, own_token: &str, now: Millis, everything: bool) -> Result<usize> {
    let until = if everything { Millis::MAX } else { now };
    let run_out =
        dsl::deliveries.filter(IsClaimed).filter(dsl::lease_until.lt(until)).filter(dsl::lease_token.ne(own_token));
    let waiting = (dsl::state.eq(State::Waiting), dsl::lease_token.eq(None::<String>));
    let row = (dsl::delivery_id, dsl::enterprise_id, dsl::lane);
    let freed: Vec<(i64, i64, String)> = match conn {
        Conn::Sqlite(c) => diesel::update(run_out).set(waiting).returning(row).get_results(c)?,
        Conn::Postgres(c) => {
            // What another instance is taking over is left to it.
            let ids: Vec<i64> = run_out.select(dsl::delivery_id).for_no_key_update().skip_locked().load(c)?;
            let run_out = dsl::deliveries.filter(dsl::delivery_id.eq_any(ids));
            diesel::update(run_out).set(waiting).returning(row).get_results(c)?
        }
    };
    line_up(conn, &freed)?;
    Ok(freed.len())
}

/// Makes what waits ready where nothing earlier of its lane is unsettled: an earlier one may have been replayed meanwhile.
fn line_up(conn: &mut Conn, waiting: &[(i64, i64, String)]) -> Result<()> {
    let free: Vec<i64> = waiting.iter().filter(|(_, _, lane)| lane.is_empty()).map(|(id, _, _)| *id).collect();
    if !free.is_empty() {
        diesel::update(dsl::deliveries.filter(dsl::delivery_id.eq_any(free)))
            .set(dsl::state.eq(State::Ready))
            .execute(conn)?;
    }
    advance(conn, waiting.iter().map(|(_, enterprise_id, lane)| (*enterprise_id, lane.as_str())).collect())
}

/// Writes down what came of sending, of those deliveries that are still held under the token, and makes the next ones of
/// their lanes ready. Says how many were still held.
pub fn settle(conn: &mut Conn, token: &str, outcomes: &[Outcome], now: Millis) -> Result<usize> {
    if outcomes.is_empty() {
        return Ok(0);
    }
    let held = held(conn, token, outcomes)?;
    let outcomes: Vec<(&Outcome, &(i64, i64, String))> = outcomes
        .iter()
        .filter_map(|outcome| {
            let at =
                held.binary_search_by_key(&outcome.attempt.delivery_id, |(delivery_id, _, _)| *delivery_id).ok()?;
            Some((outcome, held.get(at)?))
        })
        .collect();
    for (state, verdict) in [(State::Delivered, Verdict::Delivered), (State::Dead, Verdict::Dead)] {
        let ids: Vec<i64> = outcomes.iter().filter(|(o, _)| o.verdict == verdict).map(|(_, row)| row.0).collect();
        if !ids.is_empty() {
            diesel::update(dsl::deliveries.filter(dsl::delivery_id.eq_any(ids)))
                .set((
                    dsl::state.eq(state),
                    dsl::attempts.eq(dsl::attempts + 1),
                    dsl::settled_time.eq(now),
                    dsl::lease_token.eq(None::<String>),
                ))
                .execute(conn)?;
        }
    }
    for (outcome, (delivery_id, _, lane)) in &outcomes {
        if let Verdict::Retry(due) = outcome.verdict {
            // Of a lane it is the earliest and made ready below, unless an earlier one was replayed meanwhile.
            let state = if lane.is_empty() { State::Ready } else { State::Waiting };
            let retry = (
                dsl::state.eq(state),
                dsl::attempts.eq(dsl::attempts + 1),
                dsl::due.eq(due),
                dsl::lease_token.eq(None::<String>),
            );
            update::prepared(dsl::deliveries, dsl::delivery_id.eq(*delivery_id), retry).execute(conn)?;
        }
    }
    let attempts: Vec<NewAttempt> = outcomes.iter().map(|(outcome, _)| outcome.attempt.clone()).collect();
    attempt::insert(conn, &attempts)?;
    advance(conn, outcomes.iter().map(|(_, (_, enterprise_id, lane))| (*enterprise_id, lane.as_str())).collect())?;
    Ok(outcomes.len())
}

/// The deliveries of these outcomes that the token still holds, in the order of their ids.
fn held(conn: &mut Conn, token: &str, outcomes: &[Outcome]) -> Result<Vec<(i64, i64, String)>> {
    let query = dsl::deliveries
        .filter(dsl::delivery_id.eq_any(outcomes.iter().map(|outcome| outcome.attempt.delivery_id)))
        .filter(dsl::lease_token.eq(token))
        .order(dsl::delivery_id)
        .select((dsl::delivery_id, dsl::enterprise_id, dsl::lane));
    match conn {
        Conn::Sqlite(c) => query.load(c),
        Conn::Postgres(c) => query.for_update().load(c),
    }
}

/// Makes the earliest unsettled delivery of each lane ready, if it waits.
fn advance(conn: &mut Conn, lanes: BTreeSet<(i64, &str)>) -> Result<()> {
    let mut lanes: Vec<(i64, &str)> = lanes.into_iter().filter(|(_, lane)| !lane.is_empty()).collect();
    while let Some((enterprise_id, _)) = lanes.first().copied() {
        let others = lanes.split_off(lanes.partition_point(|(id, _)| *id == enterprise_id));
        // Who writes an event into the lane now either sees it settled or is seen here.
        event::in_order(conn, enterprise_id)?;
        let heads: Vec<Option<i64>> = dsl::deliveries
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::lane.eq_any(lanes.into_iter().map(|(_, lane)| lane)))
            .filter(dsl::settled_time.is_null())
            .group_by(dsl::lane)
            .select(diesel::dsl::min(dsl::delivery_id))
            .load(conn)?;
        let heads: Vec<i64> = heads.into_iter().flatten().collect();
        if !heads.is_empty() {
            let readied: Vec<i64> = diesel::update(
                dsl::deliveries.filter(dsl::delivery_id.eq_any(heads)).filter(dsl::state.eq(State::Waiting)),
            )
            .set(dsl::state.eq(State::Ready))
            .returning(dsl::organization_id)
            .get_results(conn)?;
            for organization_id in BTreeSet::from_iter(readied) {
                db::ring_at_commit(Hearer { enterprise_id, organization_id });
            }
        }
        lanes = others;
    }
    Ok(())
}

/// When the next delivery of a receiver is due.
pub fn next_due(conn: &mut Conn, hearer: Hearer) -> Result<Option<Millis>> {
    dsl::deliveries
        .filter(dsl::enterprise_id.eq(hearer.enterprise_id))
        .filter(dsl::organization_id.eq(hearer.organization_id))
        .filter(IsReady)
        .select(diesel::dsl::min(dsl::due))
        .get_result(conn)
}

/// The receivers that have something ready, due or not, with when it is due. Costs a look or two into an index for each.
pub fn receivers(conn: &mut Conn) -> Result<Vec<(Hearer, Millis)>> {
    let mut found = Vec::new();
    let mut last = Hearer { enterprise_id: i64::MIN, organization_id: i64::MIN };
    while let Some(hearer) = receiver_after(conn, last)? {
        found.extend(next_due(conn, hearer)?.map(|due| (hearer, due)));
        last = hearer;
    }
    Ok(found)
}

/// The next receiver that has something ready: in the same enterprise, or else the first one of the next.
fn receiver_after(conn: &mut Conn, last: Hearer) -> Result<Option<Hearer>> {
    let ready = || dsl::deliveries.filter(IsReady);
    let sibling: Option<i64> = ready()
        .filter(dsl::enterprise_id.eq(last.enterprise_id))
        .filter(dsl::organization_id.gt(last.organization_id))
        .select(diesel::dsl::min(dsl::organization_id))
        .get_result(conn)?;
    if let Some(organization_id) = sibling {
        return Ok(Some(Hearer { organization_id, ..last }));
    }
    let next: Option<i64> = ready()
        .filter(dsl::enterprise_id.gt(last.enterprise_id))
        .select(diesel::dsl::min(dsl::enterprise_id))
        .get_result(conn)?;
    let Some(enterprise_id) = next else { return Ok(None) };
    let first: Option<i64> = ready()
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .select(diesel::dsl::min(dsl::organization_id))
        .get_result(conn)?;
    Ok(first.map(|organization_id| Hearer { enterprise_id, organization_id }))
}
