//! Binding documents to classes, so that they are there when the class is.

use super::class;
use crate::db::Conn;
use crate::domain::content::document;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::content::document::{Document, binding};
use crate::store::{Page, Paged};

/// How many documents a class may have.
pub const AT_MOST: usize = 1_000;

/// Gives a class documents, all or none; what it has it keeps.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] naming every document that is not there, or when it would be too many.
pub fn bind(conn: &mut Conn, enterprise_id: i64, class_id: i64, doc_ids: &[String]) -> Result<()> {
    // Locked, so that of two who add at once neither passes the limit nor adds what the other has added.
    class::lock(conn, enterprise_id, class_id)?;
    let mut has = binding::numbers(conn, enterprise_id, class_id)?;
    let before = has.len();
    for number in require(conn, enterprise_id, doc_ids)? {
        if !has.contains(&number) {
            has.push(number);
        }
    }
    if has.len() > AT_MOST {
        return Err(Error::invalid(Field::Documents, Problem::TooManyDocuments { max: AT_MOST }));
    }
    let new = has.split_off(before);
    Ok(binding::insert(conn, enterprise_id, class_id, &new)?)
}

/// Takes documents from a class, all or none; what it does not have is no error.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] naming every document that is not there.
pub fn unbind(conn: &mut Conn, enterprise_id: i64, class_id: i64, doc_ids: &[String]) -> Result<()> {
    class::lock(conn, enterprise_id, class_id)?;
    let numbers = require(conn, enterprise_id, doc_ids)?;
    Ok(binding::delete(conn, enterprise_id, class_id, &numbers)?)
}

/// The documents of a class, in the order in which it got them; with a viewer, those that this user may see.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn bound(
    conn: &mut Conn,
    enterprise_id: i64,
    class_id: i64,
    viewer: Option<&str>,
    page: Page,
) -> Result<Paged<Document>> {
    class::require(conn, enterprise_id, class_id)?;
    Ok(binding::list(conn, enterprise_id, class_id, viewer, page)?)
}

/// The numbers of the rows of documents, in the order in which they are named.
fn require(conn: &mut Conn, enterprise_id: i64, doc_ids: &[String]) -> Result<Vec<i64>> {
    document::lock_known(conn, enterprise_id, doc_ids)?;
    let numbers = store::content::document::numbers(conn, enterprise_id, doc_ids)?;
    Ok(doc_ids.iter().filter_map(|id| numbers.get(id).copied()).collect())
}
