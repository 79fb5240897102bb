//! Finding classes that have to be ended automatically.

use diesel::dsl::{exists, not};

use super::row::Status;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::literal::literal;
use crate::store::schema::sessions;
use crate::store::views::classes::dsl;

literal!(IsOpen = "class_status <> 'end'");

/// Times that decide when a class is ended automatically. All are in milliseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub struct Cutoffs {
    /// A class qualifies if its `stop_time` is not after this.
    pub over: Millis,
    /// It ends as empty if nobody was inside after this and it did not start after this.
    pub empty_since: Millis,
    /// It ends as overrun if its `stop_time`, its reservation and its start are all not after this, even with people
    /// inside. A class may be reserved or started after its `stop_time`, so all three count.
    pub overrun: Millis,
    /// A class that started after its `stop_time` does not end, neither as empty nor as overrun, if it started after this.
    pub begun_late: Millis,
    /// The time at which the heartbeats of the teacher are checked.
    pub silent: Millis,
}

/// Returns classes of any enterprise that have to end, as pairs of enterprise and class id, the earliest `stop_time`
/// first.
pub fn due(conn: &mut Conn, cutoffs: Cutoffs, at_once: i64) -> Result<Vec<(EnterpriseId, ClassId)>> {
    let somebody = sessions::table
        .filter(sessions::class_id.eq(dsl::class_id))
        .filter(sessions::quit_time.is_null().or(sessions::quit_time.gt(cutoffs.empty_since)));
    let is_empty =
        dsl::class_status.eq(Status::Ing).and(dsl::real_start_time.le(cutoffs.empty_since)).and(not(exists(somebody)));
    let is_overrun = dsl::stop_time
        .le(cutoffs.overrun)
        .and(dsl::create_time.le(cutoffs.overrun))
        .and(dsl::real_start_time.le(cutoffs.overrun));
    let had_its_time = dsl::real_start_time.lt(dsl::stop_time).or(dsl::real_start_time.le(cutoffs.begun_late));
    dsl::classes
        .filter(IsOpen)
        .filter(dsl::stop_time.le(cutoffs.over))
        .filter(had_its_time)
        .filter(is_overrun.or(is_empty))
        .order((dsl::stop_time, dsl::class_id))
        .limit(at_once)
        .select((dsl::enterprise_id, dsl::class_id))
        .load(conn)
}
