//! The outbox: what is told, with who is to hear of it, written in the transaction of the change that it tells of. From there it
//! is posted: moved into `events` and `deliveries`, many at a time.
//!
//! A change then writes one row more, into a table that is small and in memory, whatever indexes events and deliveries have:
//! their pages are written once for all that is posted together. On PostgreSQL changes do not wait for one another to have
//! their events numbered.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::event::{EventPayload, NewEvent};
use super::{delivery, event};
use crate::clock::Millis;
use crate::db;
use crate::db::prelude::*;
use crate::db::{Conn, Hearer};
use crate::store::Result;
use crate::store::schema::enterprises;
use crate::store::schema::outbox;
use crate::store::schema::outbox::dsl;
use crate::store::text::Json;

/// How much is posted in one transaction: what waits for the writer meanwhile waits for some milliseconds.
const AT_ONCE: i64 = 512;

/// What is told of a change.
#[derive(Debug, Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub struct Telling {
    /// Whose event it is.
    pub enterprise_id: i64,
    /// The class it is of; 0 for none.
    pub class_id: i64,
    /// The number of the event in its class; 0 without a class.
    pub sequence: i64,
    /// What happened.
    pub fact: Json<EventPayload>,
    /// When it was written down.
    pub create_time: Millis,
    /// Who is to hear of it.
    pub hearings: Json<Vec<Hearing>>,
}

/// Who is to hear of an event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hearing {
    /// The organization; 0 for the enterprise itself.
    pub organization_id: i64,
    /// What it is delivered in order with; empty for nothing.
    pub lane: String,
    /// Whether nothing of the lane was told before.
    pub first: bool,
}

impl Hearing {
    fn hearer(&self, enterprise_id: i64) -> Hearer {
        Hearer { enterprise_id, organization_id: self.organization_id }
    }
}

/// A row of the outbox.
#[derive(Queryable)]
struct Told {
    outbox_id: i64,
    enterprise_id: i64,
    class_id: i64,
    sequence: i64,
    /// As it is stored, and stays.
    fact: String,
    create_time: Millis,
    hearings: Json<Vec<Hearing>>,
}

/// What was posted.
#[derive(Debug, Default)]
pub struct Posted {
    /// Who has something to hear by it.
    pub hearers: BTreeSet<Hearer>,
    /// Whether more waits that can be posted at once.
    pub more: bool,
}

/// Writes down what is told, and wakes who posts and delivers it.
pub fn tell(conn: &mut Conn, telling: &Telling) -> Result<()> {
    let enterprise_id = telling.enterprise_id;
    // Even when nobody is to hear of it, it is to be posted.
    db::ring_at_commit(Hearer::enterprise(enterprise_id));
    for hearing in &*telling.hearings {
        db::ring_at_commit(hearing.hearer(enterprise_id));
    }
    diesel::insert_into(dsl::outbox).values(telling).execute(conn).map(drop)
}

/// Whether nothing waits to be posted.
pub fn is_empty(conn: &mut Conn) -> Result<bool> {
    Ok(dsl::outbox.select(dsl::outbox_id).limit(1).get_result::<i64>(conn).optional()?.is_none())
}

/// Posts what was told first, up to some hundred events: gives them their ids, which count up in the order in which they were
/// told, and makes their deliveries. A delivery waits when an earlier one of its lane is not settled.
pub fn post(conn: &mut Conn) -> Result<Posted> {
    if is_empty(conn)? {
        return Ok(Posted::default());
    }
    event::post_alone(conn)?;
    let (told, more) = next(conn)?;
    let told = staying(conn, told)?;
    let last: BTreeMap<i64, i64> = told.iter().map(|told| (told.enterprise_id, told.outbox_id)).collect();
    for enterprise_id in last.keys() {
        event::in_order(conn, *enterprise_id)?;
    }
    let count = told.len();
    let (mut posted, mut events, mut heard) =
        (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
    for Told { outbox_id, enterprise_id, class_id, sequence, fact, create_time, hearings } in told {
        posted.push(outbox_id);
        events.push(NewEvent { enterprise_id, class_id, sequence, fact, create_time });
        heard.push(hearings);
    }
    let event_ids = event::insert(conn, &events)?;
    let (mut deliveries, mut hearers, mut lanes) = (Vec::with_capacity(count), BTreeSet::new(), HashSet::new());
    for ((event_id, event), hearings) in event_ids.into_iter().zip(&events).zip(&heard) {
        let enterprise_id = event.enterprise_id;
        for hearing @ Hearing { lane, first, .. } in &**hearings {
            let behind = !lane.is_empty()
                && (!lanes.insert((enterprise_id, lane)) || !first && delivery::is_open(conn, enterprise_id, lane)?);
            let hearer = hearing.hearer(enterprise_id);
            hearers.insert(hearer);
            deliveries.push(delivery::New::of(event_id, hearer, lane, behind, event.create_time));
        }
    }
    delivery::insert(conn, &deliveries)?;
    remove(conn, &posted, last)?;
    Ok(Posted { hearers, more: more && count > 0 })
}

/// What is to be posted now, in the order in which it was told, and whether there is more.
fn next(conn: &mut Conn) -> Result<(Vec<Told>, bool)> {
    let Conn::Sqlite(c) = conn else {
        let told: Vec<Told> = dsl::outbox.order(dsl::outbox_id).limit(AT_ONCE).load(conn)?;
        let more = i64::try_from(told.len()) == Ok(AT_ONCE);
        return Ok((told, more));
    };
    // One writer that has no rest posts less than is told: then each enterprise has its share, and none waits for another.
    let mut enterprises: Vec<i64> = Vec::new();
    while let Some(enterprise_id) = dsl::outbox
        .filter(dsl::enterprise_id.gt(enterprises.last().copied().unwrap_or(i64::MIN)))
        .select(diesel::dsl::min(dsl::enterprise_id))
        .get_result::<Option<i64>>(c)?
    {
        enterprises.push(enterprise_id);
    }
    let share = (AT_ONCE / i64::try_from(enterprises.len()).unwrap_or(AT_ONCE).max(1)).max(1);
    let (mut all, mut more) = (Vec::new(), false);
    for enterprise_id in enterprises {
        let of_enterprise = dsl::outbox.filter(dsl::enterprise_id.eq(enterprise_id));
        let told: Vec<Told> = of_enterprise.order(dsl::outbox_id).limit(share).load(c)?;
        more |= i64::try_from(told.len()) == Ok(share);
        all.extend(told);
    }
    all.sort_unstable_by_key(|told| told.outbox_id);
    Ok((all, more))
}

/// What is told of enterprises that nobody is removing: the other goes with them. To wait for that would be to wait for a row
/// while others wait for the order of events.
fn staying(conn: &mut Conn, told: Vec<Told>) -> Result<Vec<Told>> {
    let Conn::Postgres(c) = conn else { return Ok(told) };
    let ids: BTreeSet<i64> = told.iter().map(|told| told.enterprise_id).collect();
    let staying: HashSet<i64> = enterprises::table
        .filter(enterprises::enterprise_id.eq_any(ids))
        .select(enterprises::enterprise_id)
        .for_key_share()
        .skip_locked()
        .load(c)?
        .into_iter()
        .collect();
    Ok(told.into_iter().filter(|told| staying.contains(&told.enterprise_id)).collect())
}

/// Removes what was posted; `last` has up to which row that is all of an enterprise.
fn remove(conn: &mut Conn, posted: &[i64], last: BTreeMap<i64, i64>) -> Result<()> {
    match conn {
        // A statement that is prepared once, as one with a list is not.
        Conn::Sqlite(c) => last.into_iter().try_for_each(|(enterprise_id, last)| {
            let up_to_it = dsl::outbox.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::outbox_id.le(last));
            diesel::delete(up_to_it).execute(c).map(drop)
        }),
        Conn::Postgres(c) => diesel::delete(dsl::outbox.filter(dsl::outbox_id.eq_any(posted))).execute(c).map(drop),
    }
}
