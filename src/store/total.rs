//! Row counts for each enterprise and kind. Database triggers maintain them, so lists do not have to count their rows.

use super::Result;
use super::views::totals::dsl;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::EnterpriseId;

/// Returns the number of rows of a noun in the kinds that `wanted` accepts.
pub(super) fn of(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    noun: &str,
    wanted: impl Fn(&str) -> bool,
) -> Result<i64> {
    let kinds: Vec<(String, i64)> = dsl::totals
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::noun.eq(noun))
        .select((dsl::kind, dsl::n))
        .load(conn)?;
    Ok(kinds.into_iter().filter(|(kind, _)| wanted(kind)).map(|(_, n)| n).sum())
}
