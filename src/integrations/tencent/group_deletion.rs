//! Destroys groups at the hosted chat service: those of classes that were removed, and those of classes that never came to be.
//! Each is tried until it is done; a process that dies leaves the rest to the next.

use std::time::Duration;

use futures_util::future::join_all;

use super::chat_service::{Account, ChatService, Problem};
use crate::clock::{Clock, Millis};
use crate::db::{Db, Error};
use crate::store::chat::group_deletion;
use crate::store::chat::group_deletion::GroupDeletion;

/// How often to look for what is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many are tried at once.
const AT_ONCE: i64 = 16;
/// How long after the first try the second is; then twice as long each time …
const FIRST_PAUSE: Millis = 60_000;
/// … up to a day.
const LAST_PAUSE: Millis = 86_400_000;

/// Destroys groups as they fall due, for ever.
pub async fn remove(db: Db, clock: Clock, service: ChatService) {
    db.migrated().await;
    loop {
        match round(&db, &clock, &service).await {
            // As many as there may be: more may wait.
            Ok(tried) if tried == usize::try_from(AT_ONCE).unwrap_or(usize::MAX) => continue,
            Ok(_) => {}
            Err(e) => log::error!("chat groups that are to be destroyed could not be read: {e}"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn round(db: &Db, clock: &Clock, service: &ChatService) -> Result<usize, Error> {
    let now = clock.now();
    if !db.read(move |conn| Ok::<_, Error>(group_deletion::is_due(conn, now)?)).await? {
        return Ok(0);
    }
    // Put off before they are tried: no other process tries the same, and none is lost with this one.
    let due = db.write(move |conn| {
        let due = group_deletion::due(conn, now, AT_ONCE)?;
        for removal in &due {
            group_deletion::reschedule(conn, removal, now.saturating_add(pause(removal.attempts)))?;
        }
        Ok::<_, Error>(due)
    });
    let due = due.await?;
    join_all(due.iter().map(|removal| settle(db, service, removal)))
        .await
        .into_iter()
        .collect::<Result<(), Error>>()?;
    Ok(due.len())
}

fn pause(attempts: i64) -> Millis {
    let doublings = u32::try_from(attempts).unwrap_or(u32::MAX).min(30);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LAST_PAUSE)
}

async fn settle(db: &Db, service: &ChatService, removal: &GroupDeletion) -> Result<(), Error> {
    let GroupDeletion { enterprise_id, group_id, .. } = removal.clone();
    if let Err(problem) = destroy(service, removal).await {
        log::warn!("chat group {group_id} of enterprise {enterprise_id} is not destroyed yet: {problem}");
        return Ok(());
    }
    db.write(move |conn| Ok::<_, Error>(group_deletion::done(conn, enterprise_id, &group_id)?)).await
}

async fn destroy(service: &ChatService, removal: &GroupDeletion) -> Result<(), Problem> {
    let GroupDeletion { sdkappid, admin_id, admin_sig, group_id, .. } = removal;
    let account = Account { sdkappid: *sdkappid, admin_id, admin_sig };
    if !removal.made {
        // The answer was never heard. A group of this name may be another's, and an administrator could destroy that too:
        // to ask for it once more tells whose it is.
        match service.create(account, group_id).await {
            Ok(()) => {}
            Err(Problem::Refused(_)) => return Ok(()),
            Err(unknown) => return Err(unknown),
        }
    }
    service.destroy(account, group_id).await
}
