//! Adding and deleting courseware documents.

use super::conversion;
use super::conversion::Service;
use super::file::Address;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::secret;
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::content::document::NewDocument;
pub use crate::store::content::document::{
    Document, Filter, Permission, ShownDocument, TranscodeStatus, find, list, visible,
};
use crate::store::ids::EnterpriseId;
use crate::store::tenancy::enterprise::Enterprise;

/// Maximum number of documents that one call may delete.
pub const AT_ONCE: usize = 1_000;

/// The fields of a new document.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields of Document")]
pub struct Draft {
    pub doc_url: String,
    /// The file that `doc_url` refers to, when it was uploaded here.
    pub file: Option<Address>,
    pub doc_name: String,
    pub doc_ext: String,
    pub doc_size: i64,
    pub doc_md5: String,
    pub permission: Permission,
    pub owner: String,
    pub is_transcode: bool,
    /// Whether slides are converted to pictures, without their animations.
    pub is_static: bool,
}

/// Adds a document, with its conversion if requested, and returns its `doc_id`. A document without an owner is always
/// public. `missing` says what this machine lacks for conversions.
///
/// # Errors
/// [`Error::Invalid`].
pub fn add(
    conn: &mut Conn,
    enterprise: &Enterprise,
    draft: Draft,
    missing: Option<String>,
    now: Millis,
) -> Result<String> {
    let (file, is_static) = (draft.file.clone(), draft.is_static);
    let new = write(conn, enterprise.enterprise_id, draft, now)?;
    if new.is_transcode {
        let wanted = conversion::Draft {
            service: Service::Document,
            doc_id: Some(new.doc_id.clone()),
            url: new.doc_url,
            file,
            name: new.doc_name,
            extension: new.doc_ext,
            size: new.doc_size,
            md5: new.doc_md5,
            is_private: new.permission == Permission::Private,
            is_static,
        };
        conversion::request(conn, enterprise, wanted, missing, now)?;
    }
    Ok(new.doc_id)
}

/// Requests the conversion of a document again that failed. Any other document is unchanged.
///
/// # Errors
/// [`Error::Invalid`] when there is no such document, or its original can't be fetched.
pub fn convert_again(
    conn: &mut Conn,
    enterprise: &Enterprise,
    doc_id: &str,
    missing: Option<String>,
    now: Millis,
) -> Result<()> {
    lock_all(conn, enterprise.enterprise_id, &[doc_id.to_owned()])?;
    let document = require(conn, enterprise.enterprise_id, doc_id)?;
    if document.transcode_failure.is_none() {
        return Ok(());
    }
    let wanted = conversion::Draft {
        service: Service::Document,
        doc_id: Some(document.doc_id),
        file: Address::stored(&document.doc_url),
        url: document.doc_url,
        name: document.doc_name,
        extension: document.doc_ext,
        size: document.doc_size,
        md5: document.doc_md5,
        is_private: document.permission == Permission::Private,
        is_static: false,
    };
    conversion::request(conn, enterprise, wanted, missing, now).map(drop)
}

/// Adds a document without requesting a conversion.
pub(in crate::domain) fn write(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    draft: Draft,
    now: Millis,
) -> Result<NewDocument> {
    let (doc_url, file_key) = match draft.file {
        Some(address) => {
            let key = address.key().to_string();
            // The lock keeps the file until the commit: a transaction that deletes the last document of a file also
            // discards the file.
            if store::content::file::lock_kept(conn, enterprise_id, std::slice::from_ref(&key))?.is_empty() {
                return Err(Error::invalid(Field::DocumentUrl, Problem::NoFile));
            }
            (address.to_string(), Some(key))
        }
        None if crate::domain::is_http_url(&draft.doc_url) => (draft.doc_url, None),
        // Nobody fetches the URL of a document that is not converted. The example of the protocol has words in its place.
        None if !draft.is_transcode && crate::domain::is_words(&draft.doc_url) => (draft.doc_url, None),
        None => return Err(Error::invalid(Field::DocumentUrl, Problem::NotHttpUrl)),
    };
    let permission = if draft.owner.is_empty() { Permission::Public } else { draft.permission };
    let new = NewDocument {
        enterprise_id,
        doc_id: secret::letters_and_digits(16),
        doc_url,
        doc_name: draft.doc_name,
        doc_ext: draft.doc_ext,
        doc_size: draft.doc_size,
        doc_md5: draft.doc_md5,
        permission,
        owner: draft.owner,
        upload_time: now,
        is_transcode: draft.is_transcode,
        transcode_status: TranscodeStatus::None,
        transcode_failure: None,
        transcode_msg: String::new(),
        transcode_result: String::new(),
        file_key,
        result_key: None,
    };
    store::content::document::insert(conn, &new)?;
    Ok(new)
}

/// Returns a document that must exist.
///
/// # Errors
/// [`Error::Invalid`] when it does not.
pub fn require(conn: &mut Conn, enterprise_id: EnterpriseId, doc_id: &str) -> Result<Document> {
    store::content::document::find(conn, enterprise_id, doc_id)?
        .ok_or_else(|| Error::invalid(Field::Document, Problem::NoDocument(doc_id.to_owned())))
}

/// Deletes documents with their files, all or none.
///
/// # Errors
/// [`Error::Invalid`] with every id that does not exist.
pub fn remove(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String], now: Millis) -> Result<()> {
    lock_all(conn, enterprise_id, doc_ids)?;
    let (originals, results) = store::content::document::files(conn, enterprise_id, doc_ids)?;
    let numbers = store::content::document::numbers(conn, enterprise_id, doc_ids)?;
    store::content::document::binding::lock(conn, enterprise_id, &numbers.into_values().collect::<Vec<_>>())?;
    store::content::document::delete(conn, enterprise_id, doc_ids)?;
    store::content::file::discard(conn, enterprise_id, &results, now)?;
    discard_unreferenced(conn, enterprise_id, &originals, now)
}

/// Locks documents. All of them must exist.
pub(in crate::domain) fn lock_all(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String]) -> Result<()> {
    if doc_ids.is_empty() || doc_ids.len() > AT_ONCE {
        return Err(Error::invalid(Field::Documents, Problem::IdCount { max: AT_ONCE, found: doc_ids.len() }));
    }
    let existing = store::content::document::lock_existing(conn, enterprise_id, doc_ids)?;
    let missing: Vec<String> = doc_ids.iter().filter(|id| !existing.contains(id)).cloned().collect();
    if missing.is_empty() { Ok(()) } else { Err(Error::invalid(Field::Documents, Problem::NoDocuments(missing))) }
}

/// Discards those uploads that no document refers to any more.
fn discard_unreferenced(conn: &mut Conn, enterprise_id: EnterpriseId, keys: &[String], now: Millis) -> Result<()> {
    // A concurrent transaction that adds or deletes a document of the same file waits here, and then sees the result.
    let kept = store::content::file::lock_kept(conn, enterprise_id, keys)?;
    let referenced = store::content::document::named(conn, enterprise_id, &kept)?;
    let unreferenced: Vec<String> = kept.into_iter().filter(|key| !referenced.contains(key)).collect();
    Ok(store::content::file::discard(conn, enterprise_id, &unreferenced, now)?)
}

/// Deletes documents of one owner with their files, all or none.
///
/// # Errors
/// As [`remove`]; [`Error::Forbidden`] with every id that belongs to another user.
pub fn remove_own(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    owner: &str,
    doc_ids: &[String],
    now: Millis,
) -> Result<()> {
    let existing = store::content::document::lock_existing(conn, enterprise_id, doc_ids)?;
    let own = store::content::document::owned(conn, enterprise_id, owner, doc_ids)?;
    let others: Vec<String> = existing.into_iter().filter(|id| !own.contains(id)).collect();
    if !others.is_empty() {
        return Err(Error::Forbidden(Forbidden::OthersDocuments { doc_ids: others }));
    }
    remove(conn, enterprise_id, doc_ids, now)
}
