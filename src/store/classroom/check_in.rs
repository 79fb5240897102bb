//! Check-ins: the members of a class are asked to confirm that they are present.

use std::collections::HashMap;

use diesel::dsl::count_star;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::literal::literal;
use crate::store::schema::check_ins;
use crate::store::schema::check_ins::dsl;
use crate::store::schema::checks;

literal!(HasLimit = "time_limit > 0");

/// A check-in.
#[derive(Clone, Debug, Queryable)]
pub struct CheckIn {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The check-in id.
    pub check_id: String,
    /// The user who started it.
    pub user_id: String,
    /// When it started.
    pub start_time: Millis,
    /// For how many milliseconds it accepts answers; 0 for no limit.
    pub time_limit: Millis,
    /// When it was ended: early, or at its time limit.
    pub end_time: Option<Millis>,
}

/// A check-in to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = check_ins, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of CheckIn")]
pub struct NewCheckIn {
    pub enterprise_id: EnterpriseId,
    pub class_id: ClassId,
    pub check_id: String,
    pub user_id: String,
    pub start_time: Millis,
    pub time_limit: Millis,
}

#[derive(Insertable)]
#[diesel(table_name = checks, treat_none_as_default_value = false)]
struct NewCheck<'a> {
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    check_id: &'a str,
    user_id: &'a str,
    create_time: Millis,
}

/// Inserts a check-in.
pub fn insert(conn: &mut Conn, new: &NewCheckIn) -> Result<()> {
    diesel::insert_into(dsl::check_ins).values(new).execute(conn).map(drop)
}

/// Returns a check-in.
pub fn find(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    check_id: &str,
) -> Result<Option<CheckIn>> {
    dsl::check_ins
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::check_id.eq(check_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Returns the last check-in of a class.
pub fn last(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<CheckIn>> {
    let last = dsl::check_ins
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id.desc())
        .limit(1)
        .load(conn)?;
    Ok(last.into_iter().next())
}

/// Returns the last check-in of a class that was not ended, and whose time limit is after `now`.
pub fn open(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, now: Millis) -> Result<Option<CheckIn>> {
    let open = dsl::check_ins
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::end_time.is_null())
        .filter(dsl::time_limit.eq(0).or((dsl::start_time + dsl::time_limit).gt(now)))
        .order(dsl::id.desc())
        .limit(1)
        .load(conn)?;
    Ok(open.into_iter().next())
}

/// Returns the classes and ids of some check-ins, of any enterprise, that were not ended although their time limit has passed.
pub fn past_limit(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<(EnterpriseId, ClassId, String)>> {
    dsl::check_ins
        .filter(dsl::end_time.is_null())
        .filter(HasLimit)
        .filter((dsl::start_time + dsl::time_limit).le(now))
        .limit(at_most)
        .select((dsl::enterprise_id, dsl::class_id, dsl::check_id))
        .load(conn)
}

/// Ends a check-in, early or at its time limit.
pub fn end(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64, now: Millis) -> Result<()> {
    diesel::update(dsl::check_ins.find(id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::end_time.eq(now))
        .execute(conn)
        .map(drop)
}

/// Counts the check-ins of a class.
pub fn count(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    dsl::check_ins
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .count()
        .get_result(conn)
}

/// Records the answer of a user. A repeated answer is ignored. Returns whether it is the first.
pub fn check(conn: &mut Conn, check_in: &CheckIn, user_id: &str, now: Millis) -> Result<bool> {
    let CheckIn { enterprise_id, class_id, check_id, .. } = check_in;
    let new = NewCheck {
        enterprise_id: *enterprise_id,
        class_id: *class_id,
        check_id: check_id.as_str(),
        user_id,
        create_time: now,
    };
    diesel::insert_into(checks::table).values(&new).on_conflict_do_nothing().execute(conn).map(|rows| rows > 0)
}

/// Returns the users who answered a check-in, with the times of their answers, in order.
pub fn answers(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    check_id: &str,
) -> Result<Vec<(String, Millis)>> {
    checks::table
        .filter(checks::class_id.eq(class_id))
        .filter(checks::check_id.eq(check_id))
        .filter(checks::enterprise_id.eq(enterprise_id))
        .order(checks::id)
        .select((checks::user_id, checks::create_time))
        .load(conn)
}

/// Counts the check-ins that each of these users answered.
pub fn answered(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = checks::table
        .filter(checks::class_id.eq(class_id))
        .filter(checks::enterprise_id.eq(enterprise_id))
        .filter(checks::user_id.eq_any(user_ids))
        .group_by(checks::user_id)
        .select((checks::user_id, count_star()))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
