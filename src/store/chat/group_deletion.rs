//! Removals: groups that the hosted chat service is to destroy, and when. What is written here is done some time, whatever
//! becomes of the process that wrote it.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::group_removals;
use crate::store::schema::group_removals::dsl;

/// A group to be destroyed.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = group_removals, treat_none_as_default_value = false)]
pub struct GroupDeletion {
    /// Whose group it is.
    pub enterprise_id: i64,
    /// Which.
    pub group_id: String,
    /// The application at the chat service, …
    pub sdkappid: i64,
    /// … its administrator …
    pub admin_id: String,
    /// … and their ticket there.
    pub admin_sig: String,
    /// Whether the group is known to be there.
    pub made: bool,
    /// When it is to be tried.
    pub due: Millis,
    /// How often it was.
    pub attempts: i64,
}

/// Adds removals.
pub fn insert(conn: &mut Conn, new: &[GroupDeletion]) -> Result<()> {
    diesel::insert_into(dsl::group_removals).values(new).execute(conn).map(drop)
}

/// Takes back those removals that nobody has tried; says how many these were.
pub fn cancel(conn: &mut Conn, enterprise_id: i64, group_ids: &[String]) -> Result<usize> {
    diesel::delete(dsl::group_removals)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::group_id.eq_any(group_ids))
        .filter(dsl::attempts.eq(0))
        .execute(conn)
}

/// Writes down that groups are there, and are to be destroyed now.
pub fn expedite(conn: &mut Conn, enterprise_id: i64, group_ids: &[String], now: Millis) -> Result<()> {
    diesel::update(dsl::group_removals)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::group_id.eq_any(group_ids))
        .set((dsl::made.eq(true), dsl::due.eq(now)))
        .execute(conn)
        .map(drop)
}

/// Whether anything is due.
pub fn is_due(conn: &mut Conn, now: Millis) -> Result<bool> {
    diesel::select(diesel::dsl::exists(dsl::group_removals.filter(dsl::due.le(now)))).get_result(conn)
}

/// What is due, of all enterprises, the oldest first. What another transaction has locked is left out.
pub fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<GroupDeletion>> {
    let query = dsl::group_removals.filter(dsl::due.le(now)).order(dsl::due).limit(at_most);
    match conn {
        Conn::Sqlite(c) => query.load(c),
        Conn::Postgres(c) => query.for_update().skip_locked().load(c),
    }
}

/// Counts a try, and writes down when the next one is.
pub fn reschedule(conn: &mut Conn, removal: &GroupDeletion, until: Millis) -> Result<()> {
    diesel::update(dsl::group_removals.find((removal.enterprise_id, &removal.group_id)))
        .set((dsl::due.eq(until), dsl::attempts.eq(removal.attempts + 1)))
        .execute(conn)
        .map(drop)
}

/// Removes what is done.
pub fn done(conn: &mut Conn, enterprise_id: i64, group_id: &str) -> Result<()> {
    diesel::delete(dsl::group_removals.find((enterprise_id, group_id))).execute(conn).map(drop)
}
