//! The operations of a conversion worker that change what a class sees of its documents: each also tells those who follow a
//! class that has the document.

use super::courseware;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::content::conversion;
use crate::domain::content::conversion::{Advanced, Conversion, Outcome, Taken};
use crate::jobs::Lease;
use crate::store::ids::EnterpriseId;

/// As [`conversion::claim`].
///
/// # Errors
/// Only those of the database.
pub fn claim(conn: &mut Conn, lease: &Lease, have_their_share: &[EnterpriseId], now: Millis) -> Result<Taken> {
    let taken = conversion::claim(conn, lease, have_their_share, now)?;
    match &taken {
        Taken::Work(conversion) | Taken::GivenUp(conversion) => tell(conn, conversion, now)?,
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
            tell(conn, held, now)?;
            Ok(true)
        }
    }
}

/// As [`conversion::finish`].
///
/// # Errors
/// As for that one.
pub fn finish(conn: &mut Conn, held: &Conversion, token: &str, outcome: Outcome, now: Millis) -> Result<bool> {
    let is_settled = conversion::finish(conn, held, token, outcome, now)?;
    if is_settled {
        tell(conn, held, now)?;
    }
    Ok(is_settled)
}

fn tell(conn: &mut Conn, conversion: &Conversion, now: Millis) -> Result<()> {
    match &conversion.doc_id {
        Some(doc_id) => courseware::changed(conn, conversion.enterprise_id, doc_id, now),
        None => Ok(()),
    }
}
