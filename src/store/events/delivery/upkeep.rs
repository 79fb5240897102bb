//! What operators and enterprises do with deliveries: look at them, replay them, lift their order.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Delivery, State, line_up};
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::events::event;
use crate::store::events::event::Event;
use crate::store::events::outbox;
use crate::store::literal::literal;
use crate::store::schema::deliveries::dsl;
use crate::store::schema::{deliveries, events};
use crate::store::{Page, Result};

/// SQLite takes at most 32,766 values in a statement.
const AT_ONCE: usize = 10_000;

literal!(IsDead = "state = 'dead'");

/// Which deliveries a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only these; empty for all.
    pub states: Vec<State>,
    /// Only those of this class.
    pub class_id: Option<i64>,
    /// Only those to this organization, or with 0 to the enterprise itself.
    pub organization_id: Option<i64>,
}

/// Deliveries with their events, the newest event first.
pub fn list(conn: &mut Conn, enterprise_id: i64, filter: &Filter, page: Page) -> Result<Vec<(Delivery, Event)>> {
    let mut query = events::table
        .inner_join(dsl::deliveries.on(dsl::event_id.eq(events::event_id)))
        .filter(events::enterprise_id.eq(enterprise_id))
        .select((deliveries::all_columns, events::all_columns))
        .order((events::event_id.desc(), dsl::delivery_id.desc()))
        .offset(page.offset())
        .limit(page.limit())
        .into_boxed();
    if let Some(event_id) = page.after() {
        query = query.filter(events::event_id.lt(event_id));
    }
    match filter.states.as_slice() {
        [] => {}
        // Few among many: with words that the index of what is open, or of what is dead, can be matched with.
        [State::Dead] => {
            query = query.filter(dsl::enterprise_id.eq(enterprise_id)).filter(IsDead);
        }
        [State::Delivered] => query = query.filter(dsl::state.eq(State::Delivered)),
        states => query = query.filter(dsl::settled_time.is_null()).filter(dsl::state.eq_any(states)),
    }
    if let Some(class_id) = filter.class_id {
        query = query.filter(events::class_id.eq(class_id));
    }
    if let Some(organization_id) = filter.organization_id {
        query = query.filter(dsl::organization_id.eq(organization_id));
    }
    query.load_boxed(conn)
}

/// One delivery with its event.
pub fn find(conn: &mut Conn, enterprise_id: i64, delivery_id: i64) -> Result<Option<(Delivery, Event)>> {
    dsl::deliveries
        .inner_join(events::table.on(events::event_id.eq(dsl::event_id)))
        .filter(dsl::delivery_id.eq(delivery_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// The enterprise of a delivery, for an operator who knows the id alone.
pub fn enterprise_of(conn: &mut Conn, delivery_id: i64) -> Result<Option<i64>> {
    dsl::deliveries.find(delivery_id).select(dsl::enterprise_id).get_result(conn).optional()
}

/// The dead deliveries of an enterprise that were given up since then, oldest first.
pub fn dead_since(conn: &mut Conn, enterprise_id: i64, since: Millis) -> Result<Vec<i64>> {
    dsl::deliveries
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(IsDead)
        .filter(dsl::settled_time.ge(since))
        .order(dsl::delivery_id)
        .select(dsl::delivery_id)
        .load(conn)
}

/// Those of `delivery_ids` that exist, with whether they are settled.
pub fn progress(conn: &mut Conn, enterprise_id: i64, delivery_ids: &[i64]) -> Result<HashMap<i64, bool>> {
    let mut found = HashMap::with_capacity(delivery_ids.len());
    for some in delivery_ids.chunks(AT_ONCE) {
        let rows: Vec<(i64, Option<Millis>)> = dsl::deliveries
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::delivery_id.eq_any(some))
            .select((dsl::delivery_id, dsl::settled_time))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(delivery_id, settled)| (delivery_id, settled.is_some())));
    }
    Ok(found)
}

/// Sends deliveries that were settled once more, with all their tries, each in its place of its lane. Says to which
/// organizations, 0 for the enterprise itself.
pub fn replay(conn: &mut Conn, enterprise_id: i64, delivery_ids: &[i64], now: Millis) -> Result<BTreeSet<i64>> {
    let mut told = BTreeSet::new();
    event::in_order(conn, enterprise_id)?;
    for some in delivery_ids.chunks(AT_ONCE) {
        let settled = dsl::deliveries
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::delivery_id.eq_any(some))
            .filter(dsl::settled_time.is_not_null());
        let replayed: Vec<(i64, i64, String, i64)> = diesel::update(settled)
            .set((
                dsl::state.eq(State::Waiting),
                dsl::due.eq(now),
                dsl::replayed_at.eq(dsl::attempts),
                dsl::settled_time.eq(None::<Millis>),
            ))
            .returning((dsl::delivery_id, dsl::enterprise_id, dsl::lane, dsl::organization_id))
            .get_results(conn)?;
        told.extend(replayed.iter().map(|(.., organization_id)| *organization_id));
        let replayed: Vec<_> =
            replayed.into_iter().map(|(id, enterprise_id, lane, _)| (id, enterprise_id, lane)).collect();
        // Of a lane one at most is on its way: what was ready waits, and the earliest is made ready, unless one is just
        // being sent: then it is when that is settled.
        let open = dsl::deliveries.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::settled_time.is_null());
        let in_lanes = open.filter(dsl::lane.ne("")).filter(dsl::lane.eq_any(replayed.iter().map(|(_, _, lane)| lane)));
        diesel::update(in_lanes.clone().filter(dsl::state.eq(State::Ready)))
            .set(dsl::state.eq(State::Waiting))
            .execute(conn)?;
        let busy: Vec<String> = in_lanes.filter(dsl::state.eq(State::Claimed)).select(dsl::lane).load(conn)?;
        let busy: HashSet<String> = busy.into_iter().collect();
        let free: Vec<_> = replayed.into_iter().filter(|(_, _, lane)| !busy.contains(lane)).collect();
        line_up(conn, &free)?;
    }
    Ok(told)
}

/// Lifts the order among everything of a receiver that is not settled. What is claimed keeps its lane, in which it is alone:
/// who settles it holds it, and waits for the order.
pub fn lift_order(conn: &mut Conn, enterprise_id: i64) -> Result<()> {
    while outbox::post(conn)?.more {}
    event::in_order(conn, enterprise_id)?;
    let open = dsl::deliveries.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::settled_time.is_null());
    diesel::update(open.filter(dsl::state.ne(State::Claimed)))
        .set((dsl::state.eq(State::Ready), dsl::lane.eq("")))
        .execute(conn)
        .map(drop)
}
