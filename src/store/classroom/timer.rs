//! The timer of a class.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::timers;
use crate::store::schema::timers::dsl;
use crate::store::text::words;

words! {
    /// The state of a timer.
    TimerState {
        /// It runs, or has run out.
        Running = "running",
        /// It stands still.
        Paused = "paused",
    }
}

/// A timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Serialize, Deserialize)]
pub struct Timer {
    /// When it began. It ends `duration` later, if it is not paused.
    pub start_time: Millis,
    /// How long it runs.
    pub duration: Millis,
    /// How much of that is left; 0 unless it is paused.
    pub remaining: Millis,
    /// Its state.
    pub state: TimerState,
}

/// Returns the timer of a class.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<Timer>> {
    dsl::timers
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .select((dsl::start_time, dsl::duration, dsl::remaining, dsl::state))
        .get_result(conn)
        .optional()
}

/// Sets the timer of a class. The class must be locked.
pub fn set(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, timer: Timer) -> Result<()> {
    let values = (
        dsl::start_time.eq(timer.start_time),
        dsl::duration.eq(timer.duration),
        dsl::remaining.eq(timer.remaining),
        dsl::state.eq(timer.state),
    );
    let of_class = dsl::timers.filter(dsl::class_id.eq(class_id)).filter(dsl::enterprise_id.eq(enterprise_id));
    if diesel::update(of_class).set(values).execute(conn)? == 0 {
        let new = (dsl::class_id.eq(class_id), dsl::enterprise_id.eq(enterprise_id), values);
        diesel::insert_into(timers::table).values(new).execute(conn)?;
    }
    Ok(())
}

/// Deletes the timer of a class. Returns whether there was one.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<bool> {
    let of_class = dsl::timers.filter(dsl::class_id.eq(class_id)).filter(dsl::enterprise_id.eq(enterprise_id));
    Ok(diesel::delete(of_class).execute(conn)? > 0)
}
