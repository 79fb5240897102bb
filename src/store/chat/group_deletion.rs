//! Deletion queue: groups to delete at the hosted chat service, and when. Rows survive a crash, so every deletion is
//! eventually done.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::group_removals;
use crate::store::schema::group_removals::dsl;

/// A group to delete at the hosted chat service.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = group_removals, treat_none_as_default_value = false)]
pub struct GroupDeletion {
    /// The enterprise of the group.
    pub enterprise_id: EnterpriseId,
    /// The group id.
    pub group_id: String,
    /// The application id at the chat service.
    pub sdkappid: i64,
    /// The administrator account at the chat service.
    pub admin_id: String,
    /// The ticket (`UserSig`) of the administrator.
    pub admin_sig: String,
    /// Whether the group is known to exist at the service.
    pub made: bool,
    /// When the next attempt is due.
    pub due: Millis,
    /// The number of attempts so far.
    pub attempts: i64,
}

/// Inserts deletions.
pub fn insert(conn: &mut Conn, new: &[GroupDeletion]) -> Result<()> {
    diesel::insert_into(dsl::group_removals).values(new).execute(conn).map(drop)
}

/// Cancels deletions that were not attempted yet. Returns their number.
pub fn cancel(conn: &mut Conn, enterprise_id: EnterpriseId, group_ids: &[String]) -> Result<usize> {
    diesel::delete(dsl::group_removals)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::group_id.eq_any(group_ids))
        .filter(dsl::attempts.eq(0))
        .execute(conn)
}

/// Marks groups as existing and makes their deletion due now.
pub fn expedite(conn: &mut Conn, enterprise_id: EnterpriseId, group_ids: &[String], now: Millis) -> Result<()> {
    diesel::update(dsl::group_removals)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::group_id.eq_any(group_ids))
        .set((dsl::made.eq(true), dsl::due.eq(now)))
        .execute(conn)
        .map(drop)
}

/// Whether a deletion is due.
pub fn is_due(conn: &mut Conn, now: Millis) -> Result<bool> {
    diesel::select(diesel::dsl::exists(dsl::group_removals.filter(dsl::due.le(now)))).get_result(conn)
}

/// Returns due deletions of all enterprises, the longest due first. Skips rows locked by other transactions.
pub fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<GroupDeletion>> {
    let query = dsl::group_removals.filter(dsl::due.le(now)).order(dsl::due).limit(at_most);
    match conn {
        Conn::Sqlite(c) => query.load(c),
        Conn::Postgres(c) => query.for_update().skip_locked().load(c),
    }
}

/// Counts an attempt and schedules the next one.
pub fn reschedule(conn: &mut Conn, deletion: &GroupDeletion, until: Millis) -> Result<()> {
    diesel::update(dsl::group_removals.find((deletion.enterprise_id, &deletion.group_id)))
        .set((dsl::due.eq(until), dsl::attempts.eq(deletion.attempts + 1)))
        .execute(conn)
        .map(drop)
}

/// Removes a completed deletion from the queue.
pub fn done(conn: &mut Conn, enterprise_id: EnterpriseId, group_id: &str) -> Result<()> {
    diesel::delete(dsl::group_removals.find((enterprise_id, group_id))).execute(conn).map(drop)
}
