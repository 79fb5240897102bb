//! Settling deliveries: recording the results of attempts. It checks the lease token, so a worker that lost its lease
//! settles nothing.

use super::lane::advance;
use super::row::State;
use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::events::attempt;
use crate::store::events::attempt::Attempt;
use crate::store::events::endpoint::EndpointId;
use crate::store::ids::{DeliveryId, EnterpriseId};
use crate::store::schema::deliveries::dsl;
use crate::store::{Result, update};

/// The result of one attempt.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The attempt, which names the delivery.
    pub attempt: Attempt,
    /// Whether it failed because no complete response came in time.
    pub timed_out: bool,
    /// When to try again; `None` if the attempt succeeded or was the last one.
    pub retry_at: Option<Millis>,
}

impl Outcome {
    /// The state in which the attempt leaves the delivery.
    #[must_use]
    pub fn state(&self) -> State {
        match self.retry_at {
            Some(_) => State::Ready,
            None if self.attempt.problem.is_empty() => State::Delivered,
            None => State::Dead,
        }
    }
}

/// Records the outcomes of deliveries that the token still holds, and makes the next deliveries of their lanes ready.
/// Returns how many were still held.
pub fn settle(conn: &mut Conn, token: &str, outcomes: &[Outcome], now: Millis) -> Result<usize> {
    if outcomes.is_empty() {
        return Ok(0);
    }
    let held = held(conn, token, outcomes)?;
    let outcomes: Vec<(&Outcome, &(DeliveryId, EnterpriseId, String))> = outcomes
        .iter()
        .filter_map(|outcome| {
            let at =
                held.binary_search_by_key(&outcome.attempt.delivery_id, |(delivery_id, _, _)| *delivery_id).ok()?;
            Some((outcome, held.get(at)?))
        })
        .collect();
    for state in [State::Delivered, State::Dead] {
        let ids: Vec<DeliveryId> = outcomes.iter().filter(|(o, _)| o.state() == state).map(|(_, row)| row.0).collect();
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
    // These began after `now`, before the clock was set back.
    for (outcome, row) in outcomes.iter().filter(|(outcome, _)| outcome.attempt.begin_time > now) {
        if outcome.retry_at.is_none() {
            let settled = dsl::settled_time.eq(ended(outcome.attempt.begin_time, now));
            update::prepared(dsl::deliveries, dsl::delivery_id.eq(row.0), settled).execute(conn)?;
        }
    }
    for (outcome, (delivery_id, _, lane)) in &outcomes {
        if let Some(due) = outcome.retry_at {
            // It is usually the earliest of its lane and made ready below. An earlier one may have been replayed
            // meanwhile.
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
    let attempts: Vec<Attempt> = outcomes.iter().map(|(outcome, _)| outcome.attempt.clone()).collect();
    attempt::insert(conn, &attempts)?;
    advance(conn, outcomes.iter().map(|(_, (_, enterprise_id, lane))| (*enterprise_id, lane.as_str())).collect())?;
    Ok(outcomes.len())
}

/// Returns the deliveries of these outcomes that the token still holds, in id order.
fn held(conn: &mut Conn, token: &str, outcomes: &[Outcome]) -> Result<Vec<(DeliveryId, EnterpriseId, String)>> {
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
