//! Settling deliveries: recording what attempts came to. It takes the token of the lease, so that a worker that lost its lease
//! settles nothing.

use super::lane::advance;
use super::row::State;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::events::attempt;
use crate::store::events::attempt::Attempt;
use crate::store::events::endpoint::EndpointId;
use crate::store::schema::deliveries::dsl;
use crate::store::{Result, update};

/// What one attempt came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// To which endpoint.
    pub endpoint: EndpointId,
    /// The attempt; names the delivery.
    pub attempt: Attempt,
    /// Whether it ended because no whole answer came in time.
    pub timed_out: bool,
    /// What becomes of the delivery.
    pub verdict: Verdict,
}

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The endpoint acknowledged it.
    Delivered,
    /// There is another attempt then.
    Retry(Millis),
    /// There were as many attempts as are allowed.
    Dead,
}

/// Records the outcomes of those deliveries that are still held under the token, and makes the next ones of their lanes ready.
/// Says how many were still held.
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
    let attempts: Vec<Attempt> = outcomes.iter().map(|(outcome, _)| outcome.attempt.clone()).collect();
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
