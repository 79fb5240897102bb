//! Reports: what components report about a class, stored unchanged.

use std::collections::HashMap;

use diesel::dsl::count_star;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::literal::literal;
use crate::store::schema::reports;
use crate::store::schema::reports::dsl;

literal!(IsHandUp = "event = 'hand_up'");
literal!(IsReward = "event = 'reward'");

/// A report of a component.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = reports, treat_none_as_default_value = false)]
pub struct Report {
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The user who reports.
    pub user_id: String,
    /// The event name that the reporter gave.
    pub event: String,
    /// Another user whom it concerns; empty for none.
    pub target: String,
    /// Data of the reporter, as JSON; empty for none.
    pub data: String,
    /// When it arrived.
    pub create_time: Millis,
}

/// Inserts a report.
pub fn insert(conn: &mut Conn, new: &Report) -> Result<()> {
    diesel::insert_into(dsl::reports).values(new).execute(conn).map(drop)
}

/// Returns the first `size` reports of a class, in order of arrival.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, size: i64) -> Result<Vec<Report>> {
    dsl::reports
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .limit(size)
        .select((dsl::enterprise_id, dsl::class_id, dsl::user_id, dsl::event, dsl::target, dsl::data, dsl::create_time))
        .load(conn)
}

/// Counts how often each of these users raised a hand.
pub fn hand_ups(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = dsl::reports
        .filter(IsHandUp)
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq_any(user_ids))
        .group_by(dsl::user_id)
        .select((dsl::user_id, count_star()))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Counts the rewards of each of these users.
pub fn rewards(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = dsl::reports
        .filter(IsReward)
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::target.eq_any(user_ids))
        .group_by(dsl::target)
        .select((dsl::target, count_star()))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
