//! The operations of a worker on a conversion: claim it, report its progress, settle it. All but the claim need the
//! fencing token of the claim, so a worker that lost its lease changes nothing.

use super::composition::Composition;
use super::failure::ConversionFailure;
use super::progress::publish_status;
use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::content::file;
use crate::domain::content::file::{Address, Key};
use crate::jobs::Lease;
use crate::store;
pub use crate::store::content::conversion::Queue;
use crate::store::content::conversion::{Candidate, Conversion, ConversionStatus};
use crate::store::content::document::{PageFiles, TranscodeStatus};
use crate::store::ids::EnterpriseId;

/// Maximum number of attempts.
pub const TRIES: i64 = 3;
/// Number of candidates examined per enterprise: other instances may have claimed the first ones.
const CANDIDATES: i64 = 8;
/// The file name of the page that shows the converted pages.
const PAGE: &str = "index.html";
/// The progress of a finished conversion, in percent. A conversion that is not settled stays below it.
const WHOLE: i64 = 100;
/// The step, in percent, in which progress is published.
const STEP: i64 = 10;

/// The result of a claim.
#[derive(Debug)]
pub enum Taken {
    /// No conversion is due.
    Nothing,
    /// A conversion that has used up its attempts. It is settled as failed.
    GivenUp(Box<Conversion>),
    /// A conversion to run.
    Work(Box<Conversion>),
}

/// The outcome of a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of Conversion")]
pub enum Outcome {
    /// The pages were written to a file that is not kept yet.
    Converted { key: Key, bytes: i64, pages: i64, width: i64, height: i64, title: String, files: PageFiles },
    /// The videos of a recording were written to a file that is not kept yet.
    Composed(Composition),
    /// The conversion failed.
    Failed(ConversionFailure),
}

/// Claims the oldest due conversion of the enterprise that is first in the fair queue. Enterprises that `have_their_share` of
/// the caller's workers are skipped.
///
/// # Errors
/// Only those of the database.
pub fn claim(
    conn: &mut Conn,
    queue: Queue,
    lease: &Lease,
    have_their_share: &[EnterpriseId],
    now: Millis,
) -> Result<Taken> {
    for enterprise_id in store::content::conversion::waiting(conn, queue)? {
        if have_their_share.contains(&enterprise_id) {
            continue;
        }
        for candidate in store::content::conversion::candidates(conn, (queue, enterprise_id), now, CANDIDATES)? {
            if let Some(taken) = take(conn, enterprise_id, &candidate, lease, now)? {
                return Ok(taken);
            }
        }
    }
    Ok(Taken::Nothing)
}

fn take(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    candidate: &Candidate,
    lease: &Lease,
    now: Millis,
) -> Result<Option<Taken>> {
    let Some(mut conversion) = store::content::conversion::take(conn, enterprise_id, candidate)? else {
        return Ok(None);
    };
    if conversion.attempts >= TRIES {
        let mut status = conversion.status(now);
        settle(&mut status, Outcome::Failed(ConversionFailure::BrokeOff { tries: TRIES }));
        write(conn, enterprise_id, status, now)?;
        return Ok(Some(Taken::GivenUp(Box::new(conversion))));
    }
    conversion.attempts += 1;
    conversion.begin_time.get_or_insert(ended(conversion.create_time, now));
    store::content::conversion::begun(conn, &conversion, lease)?;
    if conversion.state == TranscodeStatus::Queued {
        conversion.state = TranscodeStatus::Processing;
        write(conn, enterprise_id, conversion.status(now), now)?;
    }
    Ok(Some(Taken::Work(Box::new(conversion))))
}

/// What [`advance`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advanced {
    /// Nothing: another worker holds the conversion, or it is gone.
    Lost,
    /// Nothing: the progress is less than the next step.
    Unchanged,
    /// It published the progress.
    Published,
}

/// Records the progress of a conversion, and publishes it in steps of ten percent.
///
/// # Errors
/// Only those of the database.
pub fn advance(conn: &mut Conn, held: &Conversion, token: &str, percent: u8, now: Millis) -> Result<Advanced> {
    let Some(conversion) = store::content::conversion::lock(conn, held, token)? else { return Ok(Advanced::Lost) };
    let reached = i64::from(percent).min(WHOLE - 1) / STEP * STEP;
    if reached <= conversion.progress {
        return Ok(Advanced::Unchanged);
    }
    let status = ConversionStatus { progress: reached, ..conversion.status(now) };
    write(conn, held.enterprise_id, status, now)?;
    Ok(Advanced::Published)
}

/// What [`finish`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It settled the conversion.
    Now,
    /// An earlier call did so, with the same outcome, and its answer was lost.
    Before,
    /// Nothing: the claim was lost.
    Lost,
}

/// Settles a conversion and keeps its file. If the claim was lost, the outcome is discarded.
///
/// # Errors
/// [`Error::Forbidden`](crate::domain::Error::Forbidden) when the file was discarded before; those of the database.
pub fn finish(conn: &mut Conn, held: &Conversion, token: &str, outcome: Outcome, now: Millis) -> Result<Settled> {
    let enterprise_id = held.enterprise_id;
    let Some(conversion) = store::content::conversion::lock(conn, held, token)? else {
        let (Outcome::Converted { key, .. } | Outcome::Composed(Composition { key, .. })) = outcome else {
            return Ok(Settled::Lost);
        };
        let is_settled = store::content::conversion::find(conn, enterprise_id, &held.task_id)?
            .is_some_and(|conversion| conversion.result == result_of(&conversion, &key));
        if is_settled {
            return Ok(Settled::Before);
        }
        file::discard(conn, enterprise_id, &key, now)?;
        return Ok(Settled::Lost);
    };
    let kept = match &outcome {
        Outcome::Converted { key, bytes, files, .. } => {
            file::keep(conn, enterprise_id, key, *bytes)?;
            Some((key.clone(), files.clone()))
        }
        Outcome::Composed(Composition { key, bytes, .. }) => {
            file::keep(conn, enterprise_id, key, *bytes)?;
            None
        }
        Outcome::Failed(_) => None,
    };
    let mut status = conversion.status(now);
    settle(&mut status, outcome);
    store::content::conversion::release(conn, &conversion, token, conversion.due, conversion.attempts)?;
    if let (Some((key, files)), Some(doc_id)) = (kept, &status.doc_id) {
        store::content::document::keep_result(conn, enterprise_id, doc_id, key.as_str(), files)?;
    }
    write(conn, enterprise_id, status, now)?;
    Ok(Settled::Now)
}

/// Releases a conversion after a failed attempt. The next attempt is due at `due`.
///
/// # Errors
/// Only those of the database.
pub fn reschedule(conn: &mut Conn, held: &Conversion, token: &str, due: Millis) -> Result<()> {
    Ok(store::content::conversion::release(conn, held, token, due, held.attempts)?)
}

/// Releases a conversion that was interrupted through no fault of its own. The attempt does not count.
///
/// # Errors
/// Only those of the database.
pub fn release(conn: &mut Conn, held: &Conversion, token: &str) -> Result<()> {
    Ok(store::content::conversion::release(conn, held, token, held.due, held.attempts - 1)?)
}

/// Renews the lease of a conversion. Returns whether the worker still held it.
///
/// # Errors
/// Only those of the database.
pub fn renew(conn: &mut Conn, held: &Conversion, lease: &Lease) -> Result<bool> {
    Ok(store::content::conversion::renew(conn, held.enterprise_id, held.id, lease)?)
}

/// Releases conversions with expired leases, except the caller's `own`. With `everything` it releases all that others
/// hold, which is right only when no other instance can exist.
///
/// # Errors
/// Only those of the database.
pub fn release_expired(conn: &mut Conn, queue: Queue, own: &[i64], now: Millis, everything: bool) -> Result<usize> {
    Ok(store::content::conversion::release_expired(conn, queue, own, now, everything)?)
}

/// What a finished conversion says of its file.
fn result_of(conversion: &Conversion, key: &Key) -> String {
    if conversion.recording_id.is_some() { key.to_string() } else { page(key) }
}

/// The address of the page that shows the converted pages, as stored in rows.
fn page(key: &Key) -> String {
    Address::new(key.clone(), PAGE).to_string()
}

fn settle(status: &mut ConversionStatus, outcome: Outcome) {
    status.state = TranscodeStatus::Finished;
    match outcome {
        Outcome::Converted { key, pages, width, height, title, .. } => {
            let result = page(&key);
            *status = ConversionStatus { progress: WHOLE, result, pages, width, height, title, ..status.clone() };
        }
        Outcome::Composed(Composition { key, .. }) => {
            (status.progress, status.result) = (WHOLE, key.to_string());
        }
        Outcome::Failed(failure) => {
            status.failure = Some(failure.kind());
            status.message = failure.to_string();
        }
    }
}

fn write(conn: &mut Conn, enterprise_id: EnterpriseId, status: ConversionStatus, now: Millis) -> Result<()> {
    store::content::conversion::set_status(conn, enterprise_id, &status)?;
    // The rows of an enterprise are deleted with it, so it exists as long as they do.
    let Some(enterprise) = store::tenancy::enterprise::get(conn, enterprise_id)? else { return Ok(()) };
    publish_status(conn, &enterprise, status, false, now)
}
