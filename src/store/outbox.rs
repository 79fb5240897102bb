//! The outbox: events with their deliveries, written in the transaction of the change that they tell of. They are left for
//! its end, where those of all changes of a batch are a few statements.

use std::collections::{BTreeSet, HashSet};

use super::event::NewEvent;
use super::{Result, delivery, event};
use crate::db::{self, Conn, Deferred, Hearer};

/// What is told of a change.
#[derive(Clone, Debug)]
pub struct Telling {
    /// What happened.
    pub event: NewEvent,
    /// Who is to hear of it.
    pub hearings: Vec<Hearing>,
}

/// Who is to hear of an event.
#[derive(Clone, Debug)]
pub struct Hearing {
    /// The receiver.
    pub hearer: Hearer,
    /// What it is delivered in order with; empty for nothing.
    pub lane: String,
    /// Whether nothing of the lane was told before.
    pub first: bool,
}

/// Writes an event down with its deliveries, and wakes who delivers them. A delivery waits when an earlier one of its lane is
/// not settled.
pub fn tell(conn: &mut Conn, telling: Telling) -> Result<()> {
    for hearing in &telling.hearings {
        db::ring_at_commit(hearing.hearer);
    }
    db::before_commit(conn, telling)
}

impl Deferred for Telling {
    fn write(all: &[&Self], conn: &mut Conn) -> Result<()> {
        // One after the other, so that two transactions never wait for each other.
        for enterprise_id in all.iter().map(|telling| telling.event.enterprise_id).collect::<BTreeSet<i64>>() {
            event::in_order(conn, enterprise_id)?;
        }
        let events: Vec<NewEvent> = all.iter().map(|telling| telling.event.clone()).collect();
        let event_ids = event::insert(conn, &events)?;
        let (mut deliveries, mut told) = (Vec::with_capacity(all.len()), HashSet::new());
        for (event_id, telling) in event_ids.into_iter().zip(all) {
            for Hearing { hearer, lane, first } in &telling.hearings {
                let behind = !lane.is_empty()
                    && (!told.insert((hearer.enterprise_id, lane))
                        || !first && delivery::is_open(conn, hearer.enterprise_id, lane)?);
                deliveries.push(delivery::New::of(event_id, *hearer, lane, behind, telling.event.create_time));
            }
        }
        delivery::insert(conn, &deliveries)
    }
}
