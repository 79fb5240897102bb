//! What is to be done with a job: each kind of jobs has its own work, and the same leases, tries and shares.

use std::path::Path;

use futures_util::future::BoxFuture;

use crate::clock::Millis;
use crate::domain::content::conversion::{Conversion, ConversionFailure, Outcome, Queue};
use crate::domain::content::file;
use crate::domain::content::file::{Key, Kind};
use crate::integrations::converter::Progress;
use crate::jobs::Context;
use crate::storage::Storage;

/// The work of one kind of jobs.
pub trait Work: Send + Sync {
    /// The jobs.
    fn queue(&self) -> Queue;

    /// The name of the worker, for the log.
    fn name(&self) -> &'static str;

    /// After how long a job counts as stalled, in milliseconds. Most take less.
    fn stalled_after(&self) -> Millis;

    /// Does a job and returns its outcome, whose file is stored and not kept yet. Dropping the future breaks the job off.
    fn run<'a>(
        &'a self,
        context: &'a Context,
        held: &'a Conversion,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Outcome, ConversionFailure>>;
}

/// Stores what came of a job. Returns the file and its size.
///
/// # Errors
/// [`ConversionFailure::NotStored`].
pub async fn store(
    context: &Context,
    storage: &Storage,
    held: &Conversion,
    kind: Kind,
    folder: &Path,
) -> Result<(Key, i64), ConversionFailure> {
    let Conversion { enterprise_id, is_private, .. } = *held;
    let now = context.clock.now();
    let begin = move |conn: &mut _| file::begin(conn, enterprise_id, kind, is_private, now);
    let key = context.db.write(begin).await.map_err(|e| not_stored(&e))?;
    match storage.put_folder(key.as_str(), folder).await {
        Ok(bytes) => Ok((key, i64::try_from(bytes).unwrap_or(i64::MAX))),
        Err(e) => {
            discard(context, held, key).await;
            Err(not_stored(&e))
        }
    }
}

async fn discard(context: &Context, held: &Conversion, key: Key) {
    let (enterprise_id, now) = (held.enterprise_id, context.clock.now());
    if let Err(e) = context.db.write(move |conn| file::discard(conn, enterprise_id, &key, now)).await {
        log::error!("what was stored of conversion {} is removed later: {e}", held.task_id);
    }
}

/// The cause is for the operator; whoever waits for the result can't change it.
pub(super) fn not_stored(why: &dyn std::fmt::Display) -> ConversionFailure {
    log::error!("what came of a conversion can't be stored: {why}");
    ConversionFailure::NotStored
}
