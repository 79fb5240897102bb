//! Binding courseware and videos to a class.

use super::actor::Actor;
use super::{class, courseware, room};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::content::document;
use crate::domain::content::document::Permission;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
pub use crate::store::classroom::bind::BindFile;
use crate::store::classroom::class::Class;
use crate::store::classroom::session::QuitReason;
use crate::store::content::document::binding;
use crate::store::ids::EnterpriseId;
use crate::store::{Page, Paged};

/// Maximum number of files bound to one class.
const AT_MOST: i64 = 1_000;

/// A file to bind.
#[derive(Clone, Debug)]
pub struct File {
    /// 0 for courseware, 1 for a video.
    pub media: i64,
    /// Its name with the extension.
    pub name: String,
    /// Its URL.
    pub url: String,
}

/// Binds a file to a class that has not ended. Returns whether it was newly bound.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Forbidden`] for users other than its teacher; [`Error::ClassEnded`];
/// [`Error::Invalid`].
pub fn bind(conn: &mut Conn, actor: Actor<'_>, file: File, now: Millis) -> Result<bool> {
    let Actor { enterprise_id, class_id, user_id: by } = actor;
    lock(conn, actor)?;
    if store::classroom::bind::find_of_class(conn, enterprise_id, class_id, by, &file.url)?.is_some() {
        return Ok(false);
    }
    check_room(store::classroom::bind::count_of_class(conn, enterprise_id, class_id)?)?;
    let (doc_id, document_id) = add(conn, enterprise_id, by, file, now)?;
    binding::insert(conn, enterprise_id, class_id, &[document_id])?;
    courseware::log_bound(conn, (enterprise_id, class_id), &[doc_id], now)?;
    Ok(true)
}

/// Unbinds a file from a class that has not ended. Returns whether it was bound. A document that was added by [`bind`]
/// is deleted.
///
/// # Errors
/// As [`bind`].
pub fn unbind(conn: &mut Conn, actor: Actor<'_>, url: &str, now: Millis) -> Result<bool> {
    let Actor { enterprise_id, class_id, user_id: by } = actor;
    lock(conn, actor)?;
    let Some(bound) = store::classroom::bind::find_of_class(conn, enterprise_id, class_id, by, url)? else {
        return Ok(false);
    };
    if bound.media.is_some() {
        courseware::remove(conn, enterprise_id, &[bound.doc_id], now)?;
    } else {
        binding::delete(conn, enterprise_id, class_id, &[bound.id])?;
        courseware::log_unbound(conn, enterprise_id, vec![(class_id, bound.doc_id)], now)?;
    }
    Ok(true)
}

/// The files bound to a class. Members and users who were ever inside see all of them, unless they were put out; others
/// see their own.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn of_class(conn: &mut Conn, actor: Actor<'_>, page: Page) -> Result<Paged<BindFile>> {
    let Actor { enterprise_id, class_id, user_id } = actor;
    class::require(conn, enterprise_id, class_id)?;
    let last = store::classroom::session::last(conn, enterprise_id, class_id, user_id)?;
    let was_inside = last.is_some_and(|session| session.quit_reason != Some(QuitReason::Removed));
    let is_member = (was_inside || store::classroom::member::role(conn, enterprise_id, class_id, user_id)?.is_some())
        && !store::classroom::ban::exists(conn, enterprise_id, class_id, user_id)?;
    let owner = if is_member { None } else { Some(user_id) };
    Ok(store::classroom::bind::of_class(conn, enterprise_id, class_id, owner, page)?)
}

fn lock(conn: &mut Conn, actor: Actor<'_>) -> Result<Class> {
    let class = class::lock(conn, actor.enterprise_id, actor.class_id)?;
    room::check_owner(&class, actor.user_id)?;
    class::check_not_over(&class)?;
    Ok(class)
}

fn check_room(bound: i64) -> Result<()> {
    if bound < AT_MOST { Ok(()) } else { Err(Error::invalid(Field::BoundFile, Problem::TooManyBound { max: AT_MOST })) }
}

/// Adds the document of a file, and returns its id and its row id.
fn add(conn: &mut Conn, enterprise_id: EnterpriseId, owner: &str, file: File, now: Millis) -> Result<(String, i64)> {
    let (doc_name, doc_ext) = split(file.name);
    let draft = document::Draft {
        doc_url: file.url,
        doc_name,
        doc_ext,
        doc_size: 0,
        doc_md5: String::new(),
        permission: Permission::Private,
        owner: owner.to_owned(),
        is_transcode: false,
        is_static: false,
        file: None,
    };
    let doc_id = document::write(conn, enterprise_id, draft, now)?.doc_id;
    let number = store::classroom::bind::mark(conn, enterprise_id, &doc_id, file.media)?;
    Ok((doc_id, number))
}

/// Splits a file name into the name and the extension of a document.
fn split(name: String) -> (String, String) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && !extension.is_empty() => (stem.to_owned(), extension.to_owned()),
        _ => (name, String::new()),
    }
}

impl BindFile {
    /// The name with the extension.
    #[must_use]
    pub fn file_name(&self) -> String {
        if self.doc_ext.is_empty() { self.doc_name.clone() } else { format!("{}.{}", self.doc_name, self.doc_ext) }
    }
}
