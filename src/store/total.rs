//! How many rows of a kind an enterprise has. Triggers count as rows come and go: nothing here writes, and no list counts
//! its rows.

use super::Result;
use super::views::totals::dsl;
use crate::db::Conn;
use crate::db::prelude::*;

/// How many rows of a noun there are in those kinds that are wanted.
pub(super) fn of(conn: &mut Conn, enterprise_id: i64, noun: &str, wanted: impl Fn(&str) -> bool) -> Result<i64> {
    let kinds: Vec<(String, i64)> = dsl::totals
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::noun.eq(noun))
        .select((dsl::kind, dsl::n))
        .load(conn)?;
    Ok(kinds.into_iter().filter(|(kind, _)| wanted(kind)).map(|(_, n)| n).sum())
}
