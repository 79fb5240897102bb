//! Claims on conversions: the fair queue among enterprises, and the leases.

use std::collections::HashMap;

use super::row::Conversion;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::jobs;
use crate::jobs::Lease;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::conversion_turns;
use crate::store::schema::conversions::dsl;
use crate::store::views::documents;

/// A conversion that may be claimed.
#[derive(Clone, Debug, Queryable)]
pub struct Candidate {
    /// The row id.
    pub id: i64,
    /// The document, if it has one.
    pub doc_id: Option<String>,
}

/// What workers convert. Each kind has workers of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Documents become pages.
    Documents,
    /// Recordings become videos.
    Recordings,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_waiting(queue: Queue) -> _ {
    let is_recording: bool = queue == Queue::Recordings;
    let of_queue = dsl::recording_id.is_not_null().eq(is_recording);
    dsl::end_time.is_null().and(dsl::lease_token.is_null()).and(of_queue)
}

/// Returns the enterprises with waiting conversions, in the order of the fair queue: the one served least recently
/// comes first. It costs one index look-up for each.
pub fn waiting(conn: &mut Conn, queue: Queue) -> Result<Vec<EnterpriseId>> {
    let (mut found, mut last) = (Vec::new(), EnterpriseId(i64::MIN));
    loop {
        let next: Option<EnterpriseId> = dsl::conversions
            .filter(is_waiting(queue))
            .filter(dsl::enterprise_id.gt(last))
            .select(diesel::dsl::min(dsl::enterprise_id))
            .get_result(conn)?;
        let Some(enterprise_id) = next else { break };
        found.push(enterprise_id);
        last = enterprise_id;
    }
    if found.len() > 1 {
        let positions: HashMap<EnterpriseId, i64> = conversion_turns::table
            .filter(conversion_turns::enterprise_id.eq_any(&found))
            .load::<(EnterpriseId, i64)>(conn)?
            .into_iter()
            .collect();
        // An enterprise that was never served comes first.
        found.sort_by_key(|enterprise_id| positions.get(enterprise_id).copied().unwrap_or(i64::MIN));
    }
    Ok(found)
}

/// Returns the due conversions of an enterprise, in the order of their requests.
pub fn candidates(
    conn: &mut Conn,
    (queue, enterprise_id): (Queue, EnterpriseId),
    now: Millis,
    at_most: i64,
) -> Result<Vec<Candidate>> {
    dsl::conversions
        .filter(is_waiting(queue))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::due.le(now))
        .order(dsl::id)
        .limit(at_most)
        .select((dsl::id, dsl::doc_id))
        .load(conn)
}

/// Returns a candidate and locks it until the transaction ends. `None` if another worker has claimed it. The document
/// is locked first, in the same order as its deletion does.
pub fn take(conn: &mut Conn, enterprise_id: EnterpriseId, candidate: &Candidate) -> Result<Option<Conversion>> {
    let document = documents::table
        .filter(documents::doc_id.eq(candidate.doc_id.as_deref().unwrap_or_default()))
        .filter(documents::enterprise_id.eq(enterprise_id))
        .select(documents::id);
    let waits = dsl::conversions
        .filter(dsl::end_time.is_null().and(dsl::lease_token.is_null()))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::id.eq(candidate.id));
    match conn {
        Conn::Sqlite(c) => waits.get_result(c).optional(),
        Conn::Postgres(c) => {
            if candidate.doc_id.is_some()
                && document.for_no_key_update().skip_locked().get_result::<i64>(c).optional()?.is_none()
            {
                return Ok(None);
            }
            waits.for_update().skip_locked().get_result(c).optional()
        }
    }
}

/// Records that a conversion is claimed, and moves its enterprise to the end of the fair queue.
pub fn begun(conn: &mut Conn, conversion: &Conversion, lease: &Lease) -> Result<()> {
    let enterprise_id = conversion.enterprise_id;
    diesel::update(dsl::conversions.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::id.eq(conversion.id)))
        .set((
            dsl::lease_token.eq(&lease.token),
            dsl::lease_until.eq(lease.until),
            dsl::attempts.eq(conversion.attempts),
            dsl::begin_time.eq(conversion.begin_time),
        ))
        .execute(conn)?;
    let last: Option<i64> =
        conversion_turns::table.select(diesel::dsl::max(conversion_turns::turn)).get_result(conn)?;
    let position = conversion_turns::turn.eq(last.unwrap_or_default() + 1);
    diesel::insert_into(conversion_turns::table)
        .values((conversion_turns::enterprise_id.eq(enterprise_id), position))
        .on_conflict(conversion_turns::enterprise_id)
        .do_update()
        .set(position)
        .execute(conn)
        .map(drop)
}

/// Returns a conversion that this token holds, and locks it until the transaction ends. The document is locked first.
/// `None` if the lease was lost, or if the conversion was deleted with its document.
pub fn lock(conn: &mut Conn, held: &Conversion, token: &str) -> Result<Option<Conversion>> {
    let document = documents::table
        .filter(documents::doc_id.eq(held.doc_id.as_deref().unwrap_or_default()))
        .filter(documents::enterprise_id.eq(held.enterprise_id))
        .select(documents::id);
    let still = dsl::conversions
        .filter(dsl::enterprise_id.eq(held.enterprise_id))
        .filter(dsl::id.eq(held.id))
        .filter(dsl::lease_token.eq(token));
    match conn {
        Conn::Sqlite(c) => still.get_result(c).optional(),
        Conn::Postgres(c) => {
            if held.doc_id.is_some() {
                document.for_no_key_update().get_result::<i64>(c).optional()?;
            }
            still.for_update().get_result(c).optional()
        }
    }
}

/// Renews the lease of a conversion. Returns false if the lease was lost.
pub fn renew(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64, lease: &Lease) -> Result<bool> {
    let held = dsl::conversions
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::id.eq(id))
        .filter(dsl::lease_token.eq(&lease.token));
    Ok(diesel::update(held).set(dsl::lease_until.eq(lease.until)).execute(conn)? > 0)
}

/// Releases a conversion that this token holds. It may start again from `due` on. `attempts` is the new number of
/// starts.
pub fn release(conn: &mut Conn, conversion: &Conversion, token: &str, due: Millis, attempts: i64) -> Result<()> {
    let held = dsl::conversions
        .filter(dsl::enterprise_id.eq(conversion.enterprise_id))
        .filter(dsl::id.eq(conversion.id))
        .filter(dsl::lease_token.eq(token));
    diesel::update(held)
        .set((
            dsl::lease_token.eq(None::<String>),
            dsl::lease_until.eq(None::<Millis>),
            dsl::due.eq(due),
            dsl::attempts.eq(attempts),
        ))
        .execute(conn)
        .map(drop)
}

/// Releases conversions whose lease expired, except `own`. Returns their number. With `everything`, it releases all
/// claims of other workers; this is right only if no other worker can be alive.
pub fn release_expired(conn: &mut Conn, queue: Queue, own: &[i64], now: Millis, everything: bool) -> Result<usize> {
    let (before, after) = if everything { (Millis::MAX, Millis::MAX) } else { jobs::expired(now) };
    let expired = dsl::conversions
        .filter(dsl::lease_token.is_not_null())
        .filter(dsl::lease_until.lt(before).or(dsl::lease_until.gt(after)))
        .filter(dsl::recording_id.is_not_null().eq(queue == Queue::Recordings))
        .filter(dsl::id.ne_all(own));
    let unleased = (dsl::lease_token.eq(None::<String>), dsl::lease_until.eq(None::<Millis>));
    match conn {
        Conn::Sqlite(c) => diesel::update(expired).set(unleased).execute(c),
        Conn::Postgres(c) => {
            // Skip rows that another instance is settling or releasing.
            let ids: Vec<i64> = expired.select(dsl::id).for_no_key_update().skip_locked().load(c)?;
            diesel::update(dsl::conversions.filter(dsl::id.eq_any(ids))).set(unleased).execute(c)
        }
    }
}
