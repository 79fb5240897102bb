//! Classes in the order of their beginning: the real one, or the planned one of a class that has not begun.

use std::ops::Range;

use diesel::sql_types::BigInt;

use super::list::{Listed, listed};
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::statement::Statement;
use crate::store::views::classes::dsl;

/// When a class began or is planned to begin, as the index `classes_by_begin` has it.
pub(in crate::store) const BEGIN: &str = "(CASE WHEN real_start_time > 0 THEN real_start_time ELSE start_time END)";

/// The place of a class in the order of their beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Place {
    /// When it began or is planned to begin.
    #[diesel(sql_type = BigInt)]
    pub begin: Millis,
    /// The class.
    #[diesel(sql_type = BigInt)]
    pub class_id: ClassId,
}

/// Returns classes that begin within a time, the earliest first, and the place of the last one if there are more.
pub fn beginning(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    within: &Range<Millis>,
    after: Option<Place>,
    size: i64,
) -> Result<(Vec<Listed>, Option<Place>)> {
    let since = after.map_or(within.start, |place| place.begin.max(within.start));
    let beyond = after.map_or_else(String::new, |Place { begin, class_id }| {
        format!(" AND ({BEGIN} > {begin} OR class_id > {class_id})")
    });
    // The values are our own numbers, so they need no binding.
    let query = format!(
        "SELECT {BEGIN} AS begin, class_id FROM classes WHERE enterprise_id = {enterprise_id} \
         AND {BEGIN} >= {since} AND {BEGIN} < {}{beyond} ORDER BY {BEGIN}, class_id LIMIT {}",
        within.end,
        size.saturating_add(1)
    );
    let mut places: Vec<Place> = diesel::sql_query(query).load(conn)?;
    let goes_on = i64::try_from(places.len()).unwrap_or(i64::MAX) > size;
    places.truncate(usize::try_from(size).unwrap_or_default());
    let ids: Vec<ClassId> = places.iter().map(|place| place.class_id).collect();
    let mut rows: Vec<Listed> = dsl::classes
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::class_id.eq_any(&ids))
        .select(listed())
        .load(conn)?;
    rows.sort_by_key(|row: &Listed| ids.iter().position(|class_id| *class_id == row.class_id));
    Ok((rows, places.last().copied().filter(|_| goes_on)))
}

/// Counts the classes that begin within a time, up to a limit.
pub fn count_beginning(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    within: &Range<Millis>,
    at_most: i64,
) -> Result<i64> {
    Statement::<BigInt>::new("SELECT count(*) FROM (SELECT 1 FROM classes WHERE enterprise_id = ")
        .number(enterprise_id.0)
        .sql(format!(" AND {BEGIN} >= "))
        .number(within.start)
        .sql(format!(" AND {BEGIN} < "))
        .number(within.end)
        .sql(" LIMIT ")
        .number(at_most)
        .sql(") AS counted")
        .get_result(conn)
}
