//! What a worker does with a conversion: takes it, says how far it is, and settles it. All but the taking needs the token of
//! the claim, so that a worker that lost it changes nothing.

use super::failure::ConversionFailure;
use super::progress::tell;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::content::file;
use crate::domain::content::file::{Address, Key};
use crate::jobs::Lease;
use crate::store;
use crate::store::content::conversion::{Candidate, Conversion, ConversionStatus};
use crate::store::content::document::TranscodeStatus;

/// How often a conversion is begun at most.
pub const TRIES: i64 = 3;
/// How many of an enterprise are looked at: another instance may have the first.
const CANDIDATES: i64 = 8;
/// The page that shows what was converted, among its files.
const PAGE: &str = "index.html";
/// What stands for the whole until it is settled.
const WHOLE: i64 = 100;
/// The steps in which progress is told.
const STEP: i64 = 10;

/// What a look for work found.
#[derive(Debug)]
pub enum Taken {
    /// Nothing.
    Nothing,
    /// One that nobody is to begin again; it is settled.
    GivenUp(Box<Conversion>),
    /// One to convert.
    Work(Box<Conversion>),
}

/// What became of a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of Conversion")]
pub enum Outcome {
    /// Pages, in a file that was written and is not kept yet.
    Converted { key: Key, bytes: i64, pages: i64, width: i64, height: i64, title: String },
    /// Nothing.
    Failed(ConversionFailure),
}

/// Takes the next conversion: of the enterprise that waits longest for its turn, the one that was asked for first.
///
/// # Errors
/// Only the database's.
pub fn claim(conn: &mut Conn, lease: &Lease, now: Millis) -> Result<Taken> {
    for enterprise_id in store::content::conversion::waiting(conn)? {
        for candidate in store::content::conversion::candidates(conn, enterprise_id, now, CANDIDATES)? {
            if let Some(taken) = take(conn, enterprise_id, &candidate, lease, now)? {
                return Ok(taken);
            }
        }
    }
    Ok(Taken::Nothing)
}

fn take(
    conn: &mut Conn,
    enterprise_id: i64,
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
    conversion.begin_time.get_or_insert(now);
    store::content::conversion::begun(conn, &conversion, lease)?;
    if conversion.state == TranscodeStatus::Queued {
        conversion.state = TranscodeStatus::Processing;
        write(conn, enterprise_id, conversion.status(now), now)?;
    }
    Ok(Some(Taken::Work(Box::new(conversion))))
}

/// Says how far a conversion is; told when it comes ten percent further than was told before. Says whether it is still held.
///
/// # Errors
/// Only the database's.
pub fn advance(conn: &mut Conn, held: &Conversion, token: &str, percent: u8, now: Millis) -> Result<bool> {
    let Some(conversion) = store::content::conversion::lock(conn, held, token)? else { return Ok(false) };
    let reached = i64::from(percent).min(WHOLE - 1) / STEP * STEP;
    if reached > conversion.progress {
        let status = ConversionStatus { progress: reached, ..conversion.status(now) };
        write(conn, held.enterprise_id, status, now)?;
    }
    Ok(true)
}

/// Settles a conversion and keeps its file; says whether it is settled so, which it may be from before, when nobody heard. What
/// came of one that is no longer held is discarded.
///
/// # Errors
/// [`Error::Forbidden`](crate::domain::Error::Forbidden) when the file was given up before; the database's.
pub fn finish(conn: &mut Conn, held: &Conversion, token: &str, outcome: Outcome, now: Millis) -> Result<bool> {
    let enterprise_id = held.enterprise_id;
    let Some(conversion) = store::content::conversion::lock(conn, held, token)? else {
        let Outcome::Converted { key, .. } = outcome else { return Ok(false) };
        let is_settled = store::content::conversion::find(conn, enterprise_id, &held.task_id)?
            .is_some_and(|conversion| conversion.result == page(&key));
        if !is_settled {
            file::discard(conn, enterprise_id, &key, now)?;
        }
        return Ok(is_settled);
    };
    let key = match &outcome {
        Outcome::Converted { key, bytes, .. } => {
            file::keep(conn, enterprise_id, key, *bytes)?;
            Some(key.clone())
        }
        Outcome::Failed(_) => None,
    };
    let mut status = conversion.status(now);
    settle(&mut status, outcome);
    store::content::conversion::release(conn, &conversion, token, conversion.due, conversion.attempts)?;
    if let (Some(key), Some(doc_id)) = (&key, &status.doc_id) {
        store::content::document::keep_result(conn, enterprise_id, doc_id, key.as_str())?;
    }
    write(conn, enterprise_id, status, now)?;
    Ok(true)
}

/// Gives a conversion back whose try failed, to be tried again at `due`.
///
/// # Errors
/// Only the database's.
pub fn reschedule(conn: &mut Conn, held: &Conversion, token: &str, due: Millis) -> Result<()> {
    Ok(store::content::conversion::release(conn, held, token, due, held.attempts)?)
}

/// Gives a conversion back that was not tried to the end for no fault of its own: the try does not count.
///
/// # Errors
/// Only the database's.
pub fn release(conn: &mut Conn, held: &Conversion, token: &str) -> Result<()> {
    Ok(store::content::conversion::release(conn, held, token, held.due, held.attempts - 1)?)
}

/// Holds on to a conversion; says whether it was still held.
///
/// # Errors
/// Only the database's.
pub fn renew(conn: &mut Conn, held: &Conversion, lease: &Lease) -> Result<bool> {
    Ok(store::content::conversion::renew(conn, held.enterprise_id, held.id, lease)?)
}

/// Gives back what workers held that are gone, but for one's `own`; `everything` that others hold, which is right when there
/// can be no other.
///
/// # Errors
/// Only the database's.
pub fn release_expired(conn: &mut Conn, own: &[i64], now: Millis, everything: bool) -> Result<usize> {
    Ok(store::content::conversion::release_expired(conn, own, now, everything)?)
}

/// The address of the page that shows what was converted, as rows have it.
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
        Outcome::Failed(failure) => {
            status.failure = Some(failure.kind());
            status.message = failure.to_string();
        }
    }
}

fn write(conn: &mut Conn, enterprise_id: i64, status: ConversionStatus, now: Millis) -> Result<()> {
    store::content::conversion::set_status(conn, enterprise_id, &status)?;
    // Its rows go with it, so it is there as long as they are.
    let Some(enterprise) = store::tenancy::enterprise::get(conn, enterprise_id)? else { return Ok(()) };
    tell(conn, &enterprise, status, false, now)
}
