//! Appending what happens to documents to the logs of classes, and removing documents that classes have.

use std::collections::HashMap;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::log::{Audience, LogEvent};
use crate::domain::classroom::{board, log};
use crate::domain::content::document;
use crate::store;
use crate::store::content::document::{Document, ShownDocument, TranscodeStatus, binding};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::{Json, Page};

/// Appends to the log of a class that it got documents.
pub(in crate::domain) fn log_bound(
    conn: &mut Conn,
    class: (EnterpriseId, ClassId),
    doc_ids: &[String],
    now: Millis,
) -> Result<()> {
    if doc_ids.is_empty() || !log::is_followed(conn, class.0, class.1)? {
        return Ok(());
    }
    for document in shown_of(conn, class.0, doc_ids)? {
        append(conn, class, &LogEvent::Document { document: Box::new(document) }, now)?;
    }
    Ok(())
}

/// Appends to the logs of classes that they do not have documents any more, given in the order of the classes.
pub(in crate::domain) fn log_unbound(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    gone: Vec<(ClassId, String)>,
    now: Millis,
) -> Result<()> {
    let mut left: Vec<(ClassId, Vec<String>)> = Vec::new();
    for (class_id, doc_id) in gone {
        match left.last_mut() {
            Some((last, doc_ids)) if *last == class_id => doc_ids.push(doc_id),
            _ => left.push((class_id, vec![doc_id])),
        }
    }
    // Logs are locked last.
    let mut events: Vec<(ClassId, LogEvent)> = Vec::new();
    for (class_id, doc_ids) in left {
        let board = board::documents_left(conn, (enterprise_id, class_id), &doc_ids)?;
        events.extend(board.map(|event| (class_id, event)));
        events.extend(doc_ids.into_iter().map(|doc_id| (class_id, LogEvent::DocumentRemoved { doc_id })));
    }
    events.iter().try_for_each(|(class_id, event)| append(conn, (enterprise_id, *class_id), event, now))
}

/// Appends the new state of a document to the logs of all classes that have it.
pub(in crate::domain) fn changed(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    doc_id: &str,
    now: Millis,
) -> Result<()> {
    let doc_ids = [doc_id.to_owned()];
    let classes = binding::followed(conn, enterprise_id, &doc_ids)?;
    if classes.is_empty() {
        return Ok(());
    }
    let Some(document) = shown_of(conn, enterprise_id, &doc_ids)?.pop() else { return Ok(()) };
    let event = LogEvent::Document { document: Box::new(document) };
    classes.into_iter().try_for_each(|(class_id, _)| append(conn, (enterprise_id, class_id), &event, now))
}

/// Deletes documents with their files, all or none, and appends that to the logs of the classes that had them.
///
/// # Errors
/// As [`document::remove`].
pub fn remove(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String], now: Millis) -> Result<()> {
    removing(conn, enterprise_id, doc_ids, now, |conn| document::remove(conn, enterprise_id, doc_ids, now))
}

/// Deletes documents of one owner with their files, all or none, and appends that to the logs of the classes that had
/// them.
///
/// # Errors
/// As [`document::remove_own`].
pub fn remove_own(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    owner: &str,
    doc_ids: &[String],
    now: Millis,
) -> Result<()> {
    removing(conn, enterprise_id, doc_ids, now, |conn| document::remove_own(conn, enterprise_id, owner, doc_ids, now))
}

fn removing(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    doc_ids: &[String],
    now: Millis,
    remove: impl FnOnce(&mut Conn) -> Result<()>,
) -> Result<()> {
    // A class that gets one of the documents now waits for the lock, and then finds that it is gone.
    store::content::document::lock_existing(conn, enterprise_id, doc_ids)?;
    let classes = binding::followed(conn, enterprise_id, doc_ids)?;
    remove(conn)?;
    log_unbound(conn, enterprise_id, classes, now)
}

/// The documents of a class as those inside see them, in the order in which they were bound.
///
/// # Errors
/// Only those of the database.
pub fn documents(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Vec<ShownDocument>> {
    let all = Page::at(0, i64::MAX);
    let rows = binding::list(conn, enterprise_id, class_id, None, all)?.rows;
    shown(conn, enterprise_id, rows)
}

/// Documents with the progress of their conversions.
///
/// # Errors
/// Only those of the database.
pub fn shown(conn: &mut Conn, enterprise_id: EnterpriseId, documents: Vec<Document>) -> Result<Vec<ShownDocument>> {
    let running = documents.iter().filter(|document| document.transcode_status == TranscodeStatus::Processing);
    let running: Vec<String> = running.map(|document| document.doc_id.clone()).collect();
    let mut progress = HashMap::new();
    if !running.is_empty() {
        progress = store::content::conversion::progress_of(conn, enterprise_id, &running)?;
    }
    let show = |document: Document| {
        let progress = match document.transcode_status {
            TranscodeStatus::None | TranscodeStatus::Queued => 0,
            TranscodeStatus::Processing => progress.get(&document.doc_id).copied().unwrap_or_default(),
            TranscodeStatus::Finished => 100,
        };
        with_progress(document, progress)
    };
    Ok(documents.into_iter().map(show).collect())
}

fn with_progress(document: Document, progress: i64) -> ShownDocument {
    ShownDocument {
        doc_id: document.doc_id,
        doc_name: document.doc_name,
        doc_ext: document.doc_ext,
        doc_size: document.doc_size,
        status: document.transcode_status,
        progress,
        failure: document.transcode_failure,
        message: document.transcode_msg,
        result: document.transcode_result,
        pages: document.pages,
        width: document.width,
        height: document.height,
        page_files: document.page_files.map(Json::into_inner),
    }
}

/// Documents by their ids, in that order.
fn shown_of(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String]) -> Result<Vec<ShownDocument>> {
    let mut found = Vec::with_capacity(doc_ids.len());
    for doc_id in doc_ids {
        found.extend(store::content::document::find(conn, enterprise_id, doc_id)?);
    }
    shown(conn, enterprise_id, found)
}

fn append(conn: &mut Conn, class: (EnterpriseId, ClassId), event: &LogEvent, now: Millis) -> Result<()> {
    log::append(conn, class, &Audience::Everyone, event, now)?;
    Ok(())
}
