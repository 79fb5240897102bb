//! Words that an enterprise masks in messages.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::rows::insert_rows;
use crate::store::schema::filter_words;
use crate::store::schema::filter_words::dsl;

/// A word.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = filter_words, treat_none_as_default_value = false)]
pub struct FilterWord {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The form in which it is compared; unique within the enterprise.
    pub folded: String,
    /// The word as it was added.
    pub word: String,
    /// When it was added.
    pub create_time: Millis,
}

/// Inserts words and returns how many were new. Words that are there already, in any form, are skipped.
pub fn insert(conn: &mut Conn, new: &[FilterWord]) -> Result<usize> {
    insert_rows!(conn, dsl::filter_words, new, on_conflict_do_nothing)
}

/// Deletes words by their folded forms, and returns how many were there.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, folded: &[String]) -> Result<usize> {
    diesel::delete(dsl::filter_words)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::folded.eq_any(folded))
        .execute(conn)
}

/// Counts the words of an enterprise.
pub fn count(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<i64> {
    dsl::filter_words.filter(dsl::enterprise_id.eq(enterprise_id)).count().get_result(conn)
}

/// Returns the words of an enterprise, in the order of their folded forms.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Vec<FilterWord>> {
    dsl::filter_words.filter(dsl::enterprise_id.eq(enterprise_id)).order(dsl::folded).load(conn)
}
