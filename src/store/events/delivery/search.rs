//! Searching the deliveries of an enterprise by what people ask for, and why deliveries failed. A search reads a bounded number of
//! rows, whatever it is for.

use std::collections::HashMap;

use super::row::{Delivery, State};
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::events::event::{Event, first_since};
use crate::store::events::kind::EventKind;
use crate::store::ids::{ClassId, DeliveryId, EnterpriseId, EventId};
use crate::store::literal::literal;
use crate::store::page::end_of_prefix;
use crate::store::schema::deliveries::dsl;
use crate::store::schema::{attempts, deliveries, events};

literal!(IsDead = "state = 'dead'");

/// How many events one page looks at, if no index finds what is asked for.
const LOOKED_AT: i64 = 20_000;
/// How many of the newest dead deliveries are grouped by their reasons.
const GROUPED: i64 = 5_000;

/// What to search for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The states; empty for all.
    pub states: Vec<State>,
    /// The class.
    pub class_id: Option<ClassId>,
    /// The kind of the event.
    pub kind: Option<EventKind>,
    /// The event happened at this time or later.
    pub since: Option<Millis>,
    /// The event happened before this time.
    pub until: Option<Millis>,
    /// The problem of the last attempt.
    pub problem: Option<String>,
}

/// A position in a search: the last delivery before it. Newer events come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The event of the delivery.
    pub event_id: EventId,
    /// The delivery.
    pub delivery_id: DeliveryId,
}

/// A page of a search.
#[derive(Clone, Debug)]
pub struct Found {
    /// The deliveries with their events, newest event first. There may be fewer than asked for, and more on the next page.
    pub rows: Vec<(Delivery, Event)>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<Position>,
}

impl Search {
    /// Whether an index finds all that matches, or nearly all rows match.
    fn is_indexed(&self) -> bool {
        let few = matches!(self.states.as_slice(), [first, ..] if *first != State::Delivered);
        self.class_id.is_some() || few || (self.kind.is_none() && self.problem.is_none() && self.states.is_empty())
    }
}

/// Returns a page of the deliveries that match.
pub fn search(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    search: &Search,
    after: Option<Position>,
    size: i64,
) -> Result<Found> {
    let mut lowest = search.since.map(|time| first_since(conn, enterprise_id, time)).transpose()?;
    let below = search.until.map(|time| first_since(conn, enterprise_id, time)).transpose()?;
    let mut seen = None;
    if !search.is_indexed() {
        seen = window(conn, enterprise_id, [after.map(|at| at.event_id), below].into_iter().flatten().min())?;
        lowest = lowest.max(seen);
    }
    let mut query = events::table
        .inner_join(dsl::deliveries.on(dsl::event_id.eq(events::event_id)))
        .filter(events::enterprise_id.eq(enterprise_id))
        .select((deliveries::all_columns, events::all_columns))
        .order((events::event_id.desc(), dsl::delivery_id.desc()))
        .limit(size.saturating_add(1))
        .into_boxed();
    if let Some(Position { event_id, delivery_id }) = after {
        let rest_of_event = events::event_id.eq(event_id).and(dsl::delivery_id.lt(delivery_id));
        query = query.filter(events::event_id.le(event_id)).filter(events::event_id.lt(event_id).or(rest_of_event));
    }
    if let Some(lowest) = lowest {
        query = query.filter(events::event_id.ge(lowest));
    }
    if let Some(below) = below {
        query = query.filter(events::event_id.lt(below));
    }
    match search.states.as_slice() {
        [] => {}
        [State::Dead] => query = query.filter(dsl::enterprise_id.eq(enterprise_id)).filter(IsDead),
        [State::Delivered] => query = query.filter(dsl::state.eq(State::Delivered)),
        states => query = query.filter(dsl::settled_time.is_null()).filter(dsl::state.eq_any(states)),
    }
    if let Some(class_id) = search.class_id {
        query = query.filter(events::class_id.eq(class_id));
    }
    if let Some(kind) = search.kind {
        let prefix = kind.prefix();
        let end = end_of_prefix(&prefix).unwrap_or_default();
        query = query.filter(events::fact.ge(prefix)).filter(events::fact.lt(end));
    }
    if let Some(problem) = &search.problem {
        let last = attempts::table
            .filter(attempts::delivery_id.eq(deliveries::delivery_id))
            .filter(attempts::number.eq(deliveries::attempts))
            .filter(attempts::problem.eq(problem));
        query = query.filter(diesel::dsl::exists(last));
    }
    let mut rows: Vec<(Delivery, Event)> = query.load_boxed(conn)?;
    let wanted = usize::try_from(size).unwrap_or(usize::MAX);
    let next = if rows.len() > wanted {
        rows.truncate(wanted);
        rows.last().map(|(delivery, event)| Position { event_id: event.event_id, delivery_id: delivery.delivery_id })
    } else {
        // Older events were not looked at.
        seen.filter(|seen| lowest == Some(*seen))
            .map(|event_id| Position { event_id, delivery_id: DeliveryId(i64::MIN) })
    };
    Ok(Found { rows, next })
}

/// Returns the oldest event that a page looks at; `None` if it looks at all that are left.
fn window(conn: &mut Conn, enterprise_id: EnterpriseId, from: Option<EventId>) -> Result<Option<EventId>> {
    events::table
        .filter(events::enterprise_id.eq(enterprise_id))
        .filter(events::event_id.le(from.unwrap_or(EventId(i64::MAX))))
        .order(events::event_id.desc())
        .offset(LOOKED_AT)
        .limit(1)
        .select(events::event_id)
        .get_result(conn)
        .optional()
}

/// The result of the last attempt of a delivery.
#[derive(Clone, Debug, Queryable)]
pub struct LastAttempt {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// When it began.
    pub begin_time: Millis,
    /// The HTTP status of the response, if there was one.
    pub status: Option<i64>,
    /// Why it failed; empty on success.
    pub problem: String,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn last_attempts(enterprise_id: EnterpriseId) -> _ {
    let is_last = attempts::number.eq(deliveries::attempts).and(attempts::delivery_id.eq(deliveries::delivery_id));
    deliveries::table
        .inner_join(attempts::table.on(is_last))
        .filter(deliveries::enterprise_id.eq(enterprise_id))
        .select((attempts::delivery_id, attempts::begin_time, attempts::status, attempts::problem))
}

/// Returns the last attempts of some deliveries.
pub fn last_of(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    delivery_ids: &[DeliveryId],
) -> Result<HashMap<DeliveryId, LastAttempt>> {
    let found: Vec<LastAttempt> =
        last_attempts(enterprise_id).filter(deliveries::delivery_id.eq_any(delivery_ids)).load(conn)?;
    Ok(found.into_iter().map(|last| (last.delivery_id, last)).collect())
}

/// A reason for which deliveries became dead.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The problem of their last attempts.
    pub problem: String,
    /// How many there are among the newest dead deliveries.
    pub count: usize,
    /// The last of them.
    pub last: LastAttempt,
}

/// Groups the newest dead deliveries by their reasons, the most frequent first.
pub fn failures(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Vec<Failure>> {
    let dead: Vec<LastAttempt> =
        last_attempts(enterprise_id).filter(IsDead).order(deliveries::delivery_id.desc()).limit(GROUPED).load(conn)?;
    let mut groups: Vec<Failure> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for last in dead {
        let place = places.get(&last.problem).and_then(|place| groups.get_mut(*place));
        if let Some(group) = place {
            group.count += 1;
        } else {
            places.insert(last.problem.clone(), groups.len());
            groups.push(Failure { problem: last.problem.clone(), count: 1, last });
        }
    }
    // The sort keeps the order of equal groups: the one with the newest failure first.
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    Ok(groups)
}
