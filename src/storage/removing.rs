//! Removes from the storage what was discarded, and what nobody finished writing. Each is tried until it is done; a process
//! that dies leaves the rest to the next.

use std::time::Duration;

use futures_util::future::join_all;

use super::{Error, Storage};
use crate::clock::{Clock, Millis};
use crate::db;
use crate::db::Db;
use crate::store::content::file;
use crate::store::content::file::File;

/// How often to look for what is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many are removed at once.
const AT_ONCE: i64 = 8;
/// How long after the first try the second is; then twice as long each time …
const FIRST_PAUSE: Millis = 60_000;
/// … up to a day.
const LAST_PAUSE: Millis = 86_400_000;

/// Removes files as they fall due, for ever.
pub async fn remove_discarded(storage: Storage, db: Db, clock: Clock) {
    db.migrated().await;
    loop {
        match round(&storage, &db, clock.now()).await {
            // As many as there may be: more may wait.
            Ok(tried) if tried == usize::try_from(AT_ONCE).unwrap_or(usize::MAX) => continue,
            Ok(_) => {}
            Err(e) => log::error!("files that are to be removed could not be read: {e}"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn round(storage: &Storage, db: &Db, now: Millis) -> Result<usize, db::Error> {
    if !db.read(move |conn| Ok::<_, db::Error>(file::is_due(conn, now)?)).await? {
        return Ok(0);
    }
    // Put off before they are tried: no other process tries the same, and none is lost with this one.
    let due = db.write(move |conn| {
        let due = file::due(conn, now, AT_ONCE)?;
        for file in &due {
            file::reschedule(conn, file, now.saturating_add(pause(file.attempts)))?;
        }
        Ok::<_, db::Error>(due)
    });
    let due = due.await?;
    join_all(due.iter().map(|file| remove(storage, db, file))).await.into_iter().collect::<Result<(), _>>()?;
    Ok(due.len())
}

fn pause(attempts: i64) -> Millis {
    let doublings = u32::try_from(attempts).unwrap_or(u32::MAX).min(30);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LAST_PAUSE)
}

async fn remove(storage: &Storage, db: &Db, file: &File) -> Result<(), db::Error> {
    let (enterprise_id, key) = (file.enterprise_id, file.file_key.clone());
    match storage.remove_all(&key).await {
        // Nothing is there to be removed.
        Ok(()) | Err(Error::Missing) => {}
        Err(problem) => {
            log::warn!("a file of enterprise {enterprise_id} is not removed yet: {problem}");
            return Ok(());
        }
    }
    db.write(move |conn| Ok::<_, db::Error>(file::done(conn, enterprise_id, &key)?)).await
}
