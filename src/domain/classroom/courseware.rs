//! Binding documents to classes, and appending that to the logs of the classes.

mod logging;

use std::collections::HashSet;

use super::actor::Actor;
use super::{class, member};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::content::document;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::content::document::{Document, binding};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::User;
use crate::store::{Page, Paged};
pub(in crate::domain) use logging::{changed, log_bound, log_unbound};
pub use logging::{documents, remove, remove_own, shown};

/// Maximum number of documents of a class.
pub const AT_MOST: usize = 1_000;

/// Binds documents to a class, all or none. Documents that are bound already stay bound.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] with every document that does not exist, or when there would be too
/// many.
pub fn bind(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    doc_ids: &[String],
    now: Millis,
) -> Result<()> {
    // The lock serializes concurrent calls: together they can neither exceed the limit nor bind a document twice.
    class::lock(conn, enterprise_id, class_id)?;
    let mut has = binding::numbers(conn, enterprise_id, class_id)?;
    let before = has.len();
    let mut new_ids = Vec::new();
    for (doc_id, number) in require(conn, enterprise_id, doc_ids)? {
        if !has.contains(&number) {
            has.push(number);
            new_ids.push(doc_id);
        }
    }
    if has.len() > AT_MOST {
        return Err(Error::invalid(Field::Documents, Problem::TooManyDocuments { max: AT_MOST }));
    }
    let new = has.split_off(before);
    binding::insert(conn, enterprise_id, class_id, &new)?;
    log_bound(conn, (enterprise_id, class_id), &new_ids, now)
}

/// Binds documents to a class that has not ended, as a moderator in it, all or none.
///
/// # Errors
/// As [`bind`]; [`Error::Forbidden`], [`Error::ClassEnded`]. Documents that the moderator may not see do not exist.
pub fn bind_as_component(
    conn: &mut Conn,
    user: &User,
    class_id: ClassId,
    doc_ids: &[String],
    now: Millis,
) -> Result<()> {
    check_changes(conn, user, class_id)?;
    let enterprise_id = user.enterprise_id;
    document::lock_all(conn, enterprise_id, doc_ids)?;
    if !user.role.is_administrator() {
        let hidden = store::content::document::hidden_from(conn, enterprise_id, &user.user_id, doc_ids)?;
        if !hidden.is_empty() {
            return Err(Error::invalid(Field::Documents, Problem::NoDocuments(hidden)));
        }
    }
    bind(conn, enterprise_id, class_id, doc_ids, now)
}

/// Checks that a user may change the documents of a class: that they moderate it, and that it has not ended.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::Forbidden`], [`Error::ClassEnded`].
pub fn check_changes(conn: &mut Conn, user: &User, class_id: ClassId) -> Result<()> {
    let class = class::lock(conn, user.enterprise_id, class_id)?;
    member::check_moderator(conn, &class, &user.user_id)?;
    class::check_not_over(&class)
}

/// Checks that a user may add one more document to a class now, before it is uploaded.
///
/// # Errors
/// As [`check_changes`]; [`Error::Invalid`] when the class has as many as it may have.
pub fn check_room(conn: &mut Conn, user: &User, class_id: ClassId) -> Result<()> {
    let class = class::require(conn, user.enterprise_id, class_id)?;
    member::check_moderator(conn, &class, &user.user_id)?;
    class::check_not_over(&class)?;
    if binding::numbers(conn, user.enterprise_id, class_id)?.len() < AT_MOST {
        return Ok(());
    }
    Err(Error::invalid(Field::Documents, Problem::TooManyDocuments { max: AT_MOST }))
}

/// Adds a document, with its conversion if requested, and binds it to a class, as a moderator in it. Returns its `doc_id`.
///
/// # Errors
/// As [`check_changes`] and [`document::add`].
pub fn add(
    conn: &mut Conn,
    enterprise: &Enterprise,
    (user, class_id): (&User, ClassId),
    draft: document::Draft,
    missing: Option<String>,
    now: Millis,
) -> Result<String> {
    check_changes(conn, user, class_id)?;
    let doc_id = document::add(conn, enterprise, draft, missing, now)?;
    bind(conn, enterprise.enterprise_id, class_id, std::slice::from_ref(&doc_id), now)?;
    Ok(doc_id)
}

/// Unbinds documents from a class, all or none. Documents that are not bound are ignored.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] with every document that does not exist.
pub fn unbind(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    doc_ids: &[String],
    now: Millis,
) -> Result<()> {
    class::lock(conn, enterprise_id, class_id)?;
    let has = binding::numbers(conn, enterprise_id, class_id)?;
    let mut has: HashSet<i64> = has.into_iter().collect();
    let mut bound = require(conn, enterprise_id, doc_ids)?;
    // An id may be named twice.
    bound.retain(|(_, number)| has.remove(number));
    let (doc_ids, numbers): (Vec<String>, Vec<i64>) = bound.into_iter().unzip();
    binding::delete(conn, enterprise_id, class_id, &numbers)?;
    log_unbound(conn, enterprise_id, doc_ids.into_iter().map(|doc_id| (class_id, doc_id)).collect(), now)
}

/// Unbinds documents from a class that has not ended, as a moderator in it, all or none.
///
/// # Errors
/// As [`unbind`]; [`Error::Forbidden`], [`Error::ClassEnded`].
pub fn unbind_as_component(
    conn: &mut Conn,
    user: &User,
    class_id: ClassId,
    doc_ids: &[String],
    now: Millis,
) -> Result<()> {
    check_changes(conn, user, class_id)?;
    unbind(conn, user.enterprise_id, class_id, doc_ids, now)
}

/// The documents of a class, in the order in which they were bound.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn bound(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, page: Page) -> Result<Paged<Document>> {
    class::require(conn, enterprise_id, class_id)?;
    Ok(binding::list(conn, enterprise_id, class_id, None, page)?)
}

/// The documents of a class for a user who sees it: all of them for those who are inside or moderate it, else public ones and
/// the user's own.
///
/// # Errors
/// Those of [`member::check_sees`].
pub fn bound_for(conn: &mut Conn, user: &User, class_id: ClassId, page: Page) -> Result<Paged<Document>> {
    member::check_sees(conn, class_id, user)?;
    let enterprise_id = user.enterprise_id;
    let actor = Actor { enterprise_id, class_id, user_id: &user.user_id };
    let viewer = if is_shown_all(conn, user, actor)? { None } else { Some(actor.user_id) };
    Ok(binding::list(conn, enterprise_id, class_id, viewer, page)?)
}

fn is_shown_all(conn: &mut Conn, user: &User, actor: Actor<'_>) -> Result<bool> {
    let Actor { enterprise_id, class_id, user_id } = actor;
    if user.role.is_administrator() {
        return Ok(true);
    }
    if store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)?.is_some() {
        return Ok(true);
    }
    let class = class::require(conn, enterprise_id, class_id)?;
    member::can_moderate(conn, &class, user_id)
}

/// The ids of documents with their row ids, in the order of `doc_ids`.
fn require(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String]) -> Result<Vec<(String, i64)>> {
    document::lock_all(conn, enterprise_id, doc_ids)?;
    let numbers = store::content::document::numbers(conn, enterprise_id, doc_ids)?;
    Ok(doc_ids.iter().filter_map(|id| Some((id.clone(), *numbers.get(id)?))).collect())
}
