//! The operations of a conversion worker that change what a class sees of its documents: each is also appended to the log of a
//! class that has the document.

use super::{courseware, online_recording};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::content::conversion;
use crate::domain::content::conversion::{
    Advanced, Conversion, ConversionFailure, Outcome, Queue, Settled, TRIES, Taken,
};
use crate::jobs::Lease;
use crate::store::ids::EnterpriseId;

/// As [`conversion::claim`].
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
    let taken = conversion::claim(conn, queue, lease, have_their_share, now)?;
    match &taken {
        Taken::Work(conversion) => append(conn, conversion, now)?,
        Taken::GivenUp(conversion) => {
            append(conn, conversion, now)?;
            let failure = ConversionFailure::VideoBrokeOff { tries: TRIES };
            recorded(conn, conversion, &Outcome::Failed(failure), now)?;
        }
        Taken::Nothing => {}
    }
    Ok(taken)
}

/// As [`conversion::advance`]. Returns whether the worker still holds the claim.
///
/// # Errors
/// Only those of the database.
pub fn advance(conn: &mut Conn, held: &Conversion, token: &str, percent: u8, now: Millis) -> Result<bool> {
    match conversion::advance(conn, held, token, percent, now)? {
        Advanced::Lost => Ok(false),
        Advanced::Unchanged => Ok(true),
        Advanced::Published => {
            append(conn, held, now)?;
            Ok(true)
        }
    }
}

/// As [`conversion::finish`].
///
/// # Errors
/// As for that one.
pub fn finish(conn: &mut Conn, held: &Conversion, token: &str, outcome: &Outcome, now: Millis) -> Result<bool> {
    let settled = conversion::finish(conn, held, token, outcome.clone(), now)?;
    if let Settled::Now = settled {
        recorded(conn, held, outcome, now)?;
    }
    let is_settled = settled != Settled::Lost;
    if is_settled {
        append(conn, held, now)?;
    }
    Ok(is_settled)
}

fn append(conn: &mut Conn, conversion: &Conversion, now: Millis) -> Result<()> {
    match &conversion.doc_id {
        Some(doc_id) => courseware::changed(conn, conversion.enterprise_id, doc_id, now),
        None => Ok(()),
    }
}

/// Stores what became of a recording, if the conversion is that of one.
fn recorded(conn: &mut Conn, conversion: &Conversion, outcome: &Outcome, now: Millis) -> Result<()> {
    let (Some(recording_id), enterprise_id) = (conversion.recording_id, conversion.enterprise_id) else {
        return Ok(());
    };
    match outcome {
        Outcome::Composed(composition) => {
            online_recording::composed(conn, enterprise_id, recording_id, composition, now)
        }
        Outcome::Failed(failure) => {
            online_recording::not_composed(conn, enterprise_id, recording_id, &failure.to_string(), now)
        }
        Outcome::Converted { .. } => Ok(()),
    }
}
