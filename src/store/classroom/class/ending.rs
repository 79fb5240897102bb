//! Classes that have to end by themselves.

use diesel::dsl::{exists, not};

use super::row::Status;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::literal::literal;
use crate::store::schema::sessions;
use crate::store::views::classes::dsl;

literal!(IsOpen = "class_status <> 'end'");

/// When a class has to end by itself.
#[derive(Clone, Copy, Debug)]
pub struct Cutoffs {
    /// When its `stop_time` is not after this …
    pub over: Millis,
    /// … and nobody was inside after this, nor did it begin after this.
    pub empty_since: Millis,
    /// Or when none of its `stop_time`, its reservation and its begin is after this, whoever is inside: it may have been
    /// reserved, or begun, when its time was over already.
    pub overrun: Millis,
    /// At which time the silence of its teacher is looked at.
    pub silent: Millis,
}

/// Classes of any enterprise that have to end, by enterprise and id, those whose time is over longest first.
pub fn due(conn: &mut Conn, cutoffs: Cutoffs, at_once: i64) -> Result<Vec<(i64, i64)>> {
    let somebody = sessions::table
        .filter(sessions::class_id.eq(dsl::class_id))
        .filter(sessions::quit_time.is_null().or(sessions::quit_time.gt(cutoffs.empty_since)));
    let is_empty =
        dsl::class_status.eq(Status::Ing).and(dsl::real_start_time.le(cutoffs.empty_since)).and(not(exists(somebody)));
    let is_overrun = dsl::stop_time
        .le(cutoffs.overrun)
        .and(dsl::create_time.le(cutoffs.overrun))
        .and(dsl::real_start_time.le(cutoffs.overrun));
    dsl::classes
        .filter(IsOpen)
        .filter(dsl::stop_time.le(cutoffs.over))
        .filter(is_overrun.or(is_empty))
        .order((dsl::stop_time, dsl::class_id))
        .limit(at_once)
        .select((dsl::enterprise_id, dsl::class_id))
        .load(conn)
}
