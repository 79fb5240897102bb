//! Adding and removing courseware.

use super::conversion::{self, Service};
use super::{Error, Result, secret};
use crate::clock::Millis;
use crate::db::Conn;
use crate::store;
use crate::store::document::NewDocument;
pub use crate::store::document::{Document, Filter, Permission, TranscodeStatus, list, visible};
use crate::store::enterprise::Enterprise;

/// Documents that one call may remove.
pub const AT_ONCE: usize = 1_000;

/// What is told of a new document.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields of Document")]
pub struct Draft {
    pub doc_url: String,
    pub doc_name: String,
    pub doc_ext: String,
    pub doc_size: i64,
    pub doc_md5: String,
    pub permission: Permission,
    pub owner: String,
    pub is_transcode: bool,
    /// Whether slides become pictures, without their animations.
    pub is_static: bool,
}

/// Adds a document, with its conversion if one is asked for, and returns its `doc_id`. One without an owner is public,
/// whatever was asked. `missing` is what the machine lacks to convert.
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
    if !super::is_http_url(&draft.doc_url) {
        return Err(Error::invalid("doc_url", "must be an http or https address"));
    }
    let permission = if draft.owner.is_empty() { Permission::Public } else { draft.permission };
    let new = NewDocument {
        enterprise_id: enterprise.enterprise_id,
        doc_id: secret::letters_and_digits(16),
        doc_url: draft.doc_url,
        doc_name: draft.doc_name,
        doc_ext: draft.doc_ext,
        doc_size: draft.doc_size,
        doc_md5: draft.doc_md5,
        permission,
        owner: draft.owner,
        upload_time: now,
        is_transcode: draft.is_transcode,
        transcode_status: TranscodeStatus::None,
        transcode_code: 0,
        transcode_msg: String::new(),
        transcode_result: String::new(),
        file_key: None,
        result_key: None,
    };
    store::document::insert(conn, &new)?;
    if new.is_transcode {
        let wanted = conversion::Draft {
            service: Service::Document,
            doc_id: Some(new.doc_id.clone()),
            url: new.doc_url,
            name: new.doc_name,
            extension: new.doc_ext,
            size: new.doc_size,
            md5: new.doc_md5,
            is_private: permission == Permission::Private,
            is_static: draft.is_static,
        };
        conversion::request(conn, enterprise, wanted, missing, now)?;
    }
    Ok(new.doc_id)
}

/// A document that must be there.
///
/// # Errors
/// [`Error::Invalid`] when it is not.
pub fn known(conn: &mut Conn, enterprise_id: i64, doc_id: &str) -> Result<Document> {
    store::document::find(conn, enterprise_id, doc_id)?
        .ok_or_else(|| Error::invalid("doc_id", format!("{doc_id:?}: no such document")))
}

/// Removes documents, all or none.
///
/// # Errors
/// [`Error::Invalid`] naming every id that is not there.
pub fn remove(conn: &mut Conn, enterprise_id: i64, doc_ids: &[String]) -> Result<()> {
    if doc_ids.is_empty() || doc_ids.len() > AT_ONCE {
        return Err(Error::invalid("doc_ids", format!("must have 1 to {AT_ONCE} ids, has {}", doc_ids.len())));
    }
    let there = store::document::lock_existing(conn, enterprise_id, doc_ids)?;
    let missing: Vec<&str> = doc_ids.iter().filter(|id| !there.contains(id)).map(String::as_str).collect();
    if !missing.is_empty() {
        return Err(Error::invalid("doc_ids", format!("no such document: {}", missing.join(", "))));
    }
    Ok(store::document::delete(conn, enterprise_id, doc_ids)?)
}

/// Removes documents of one owner, all or none.
///
/// # Errors
/// As [`remove`]; [`Error::Forbidden`] naming every id that is somebody else's.
pub fn remove_own(conn: &mut Conn, enterprise_id: i64, owner: &str, doc_ids: &[String]) -> Result<()> {
    let there = store::document::lock_existing(conn, enterprise_id, doc_ids)?;
    let own = store::document::owned(conn, enterprise_id, owner, doc_ids)?;
    let others: Vec<&str> = there.iter().filter(|id| !own.contains(id)).map(String::as_str).collect();
    if !others.is_empty() {
        return Err(Error::Forbidden(format!("doc_ids: of somebody else: {}", others.join(", "))));
    }
    remove(conn, enterprise_id, doc_ids)
}
