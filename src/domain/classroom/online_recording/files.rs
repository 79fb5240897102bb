//! The files of recordings that are removed: with their classes, or because they are kept no longer.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::ids::{ClassId, EnterpriseId};

/// How many recordings are removed in one step.
const AT_ONCE: i64 = 20;

/// Discards everything that was recorded of classes that are about to be deleted.
pub(in crate::domain) fn discard_of_classes(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
    now: Millis,
) -> Result<()> {
    for class_id in class_ids {
        let recordings = store::classroom::online_recording::of_class(conn, enterprise_id, *class_id)?;
        let ids: Vec<i64> = recordings.into_iter().map(|recording| recording.id).collect();
        store::content::conversion::remove_of_recordings(conn, enterprise_id, &ids)?;
    }
    let mut keys = store::classroom::online_recording::file_keys(conn, enterprise_id, class_ids)?;
    keys.extend(store::classroom::recording::file_keys(conn, enterprise_id, class_ids)?);
    if keys.is_empty() { Ok(()) } else { Ok(store::content::file::discard(conn, enterprise_id, &keys, now)?) }
}

/// Removes some recordings that ended before a time, with their videos. Returns how many.
///
/// # Errors
/// Only those of the database.
pub fn discard_outdated(conn: &mut Conn, ended_before: Millis, now: Millis) -> Result<usize> {
    let outdated = store::classroom::online_recording::outdated(conn, ended_before, AT_ONCE)?;
    for recording in &outdated {
        let enterprise_id = recording.enterprise_id;
        let parts = store::classroom::online_recording::parts(conn, enterprise_id, recording.id)?;
        let mut keys: Vec<String> = parts.into_iter().map(|part| part.file_key).collect();
        keys.extend(store::classroom::recording::remove_of(conn, enterprise_id, recording.id)?);
        store::content::file::discard(conn, enterprise_id, &keys, now)?;
        store::content::conversion::remove_of_recordings(conn, enterprise_id, &[recording.id])?;
        store::classroom::online_recording::delete(conn, enterprise_id, recording.id)?;
    }
    Ok(outdated.len())
}
