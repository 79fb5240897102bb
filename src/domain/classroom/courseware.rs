//! Binding documents to classes.

use super::class;
use crate::db::Conn;
use crate::domain::content::document;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::content::document::{Document, binding};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::{Page, Paged};

/// Maximum number of documents of a class.
pub const AT_MOST: usize = 1_000;

/// Binds documents to a class, all or none. Documents that are bound already stay bound.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] with every document that does not exist, or when there would be too
/// many.
pub fn bind(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, doc_ids: &[String]) -> Result<()> {
    // The lock serializes concurrent calls: together they can neither exceed the limit nor bind a document twice.
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

/// Unbinds documents from a class, all or none. Documents that are not bound are ignored.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] with every document that does not exist.
pub fn unbind(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, doc_ids: &[String]) -> Result<()> {
    class::lock(conn, enterprise_id, class_id)?;
    let numbers = require(conn, enterprise_id, doc_ids)?;
    Ok(binding::delete(conn, enterprise_id, class_id, &numbers)?)
}

/// The documents of a class, in the order in which they were bound. With a viewer: only those that this user may see.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn bound(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    viewer: Option<&str>,
    page: Page,
) -> Result<Paged<Document>> {
    class::require(conn, enterprise_id, class_id)?;
    Ok(binding::list(conn, enterprise_id, class_id, viewer, page)?)
}

/// The row ids of documents, in the order of `doc_ids`.
fn require(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String]) -> Result<Vec<i64>> {
    document::lock_all(conn, enterprise_id, doc_ids)?;
    let numbers = store::content::document::numbers(conn, enterprise_id, doc_ids)?;
    Ok(doc_ids.iter().filter_map(|id| numbers.get(id).copied()).collect())
}
