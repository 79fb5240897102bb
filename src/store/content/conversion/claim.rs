//! Who works on which conversion: whose turn it is, and the leases.

use std::collections::HashMap;

use super::row::Conversion;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::jobs::Lease;
use crate::store::Result;
use crate::store::schema::conversion_turns;
use crate::store::schema::conversions::dsl;
use crate::store::views::documents;

/// A conversion that may be claimed.
#[derive(Clone, Debug, Queryable)]
pub struct Candidate {
    /// Which.
    pub id: i64,
    /// Its document, if it has one.
    pub doc_id: Option<String>,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_waiting() -> _ {
    dsl::end_time.is_null().and(dsl::lease_token.is_null())
}

/// The enterprises for which something waits, first who has had no turn for the longest time. Costs a look into an index for
/// each.
pub fn waiting(conn: &mut Conn) -> Result<Vec<i64>> {
    let (mut found, mut last) = (Vec::new(), i64::MIN);
    loop {
        let next: Option<i64> = dsl::conversions
            .filter(is_waiting())
            .filter(dsl::enterprise_id.gt(last))
            .select(diesel::dsl::min(dsl::enterprise_id))
            .get_result(conn)?;
        let Some(enterprise_id) = next else { break };
        found.push(enterprise_id);
        last = enterprise_id;
    }
    if found.len() > 1 {
        let turns: HashMap<i64, i64> = conversion_turns::table
            .filter(conversion_turns::enterprise_id.eq_any(&found))
            .load::<(i64, i64)>(conn)?
            .into_iter()
            .collect();
        // Who never had one is before all others.
        found.sort_by_key(|enterprise_id| turns.get(enterprise_id).copied().unwrap_or(i64::MIN));
    }
    Ok(found)
}

/// What waits for an enterprise and is due, in the order in which it was asked for.
pub fn candidates(conn: &mut Conn, enterprise_id: i64, now: Millis, at_most: i64) -> Result<Vec<Candidate>> {
    dsl::conversions
        .filter(is_waiting())
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::due.le(now))
        .order(dsl::id)
        .limit(at_most)
        .select((dsl::id, dsl::doc_id))
        .load(conn)
}

/// A candidate with its document, locked until the transaction ends: the document first, as who removes it does. None when
/// another has it by now.
pub fn take(conn: &mut Conn, enterprise_id: i64, candidate: &Candidate) -> Result<Option<Conversion>> {
    let document = documents::table
        .filter(documents::doc_id.eq(candidate.doc_id.as_deref().unwrap_or_default()))
        .filter(documents::enterprise_id.eq(enterprise_id))
        .select(documents::id);
    let waits = dsl::conversions
        .filter(is_waiting())
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

/// Writes down that a conversion is held, and that its enterprise had its turn.
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
    let turn = conversion_turns::turn.eq(last.unwrap_or_default() + 1);
    diesel::insert_into(conversion_turns::table)
        .values((conversion_turns::enterprise_id.eq(enterprise_id), turn))
        .on_conflict(conversion_turns::enterprise_id)
        .do_update()
        .set(turn)
        .execute(conn)
        .map(drop)
}

/// A conversion that is held under this token, locked until the transaction ends, its document before it. None when it is
/// another's by now, or gone with its document.
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

/// Holds on to a conversion; says whether it was still held.
pub fn renew(conn: &mut Conn, enterprise_id: i64, id: i64, lease: &Lease) -> Result<bool> {
    let held = dsl::conversions
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::id.eq(id))
        .filter(dsl::lease_token.eq(&lease.token));
    Ok(diesel::update(held).set(dsl::lease_until.eq(lease.until)).execute(conn)? > 0)
}

/// Gives a held conversion back, to be begun from `due` on; `attempts` says how often it counts as begun.
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

/// Gives back what was held and ran out, but for one's `own`; `everything` gives back all that others hold, which is right
/// when there can be no other. Says how many.
pub fn release_expired(conn: &mut Conn, own: &[i64], now: Millis, everything: bool) -> Result<usize> {
    let until = if everything { Millis::MAX } else { now };
    let run_out = dsl::conversions
        .filter(dsl::lease_token.is_not_null())
        .filter(dsl::lease_until.lt(until))
        .filter(dsl::id.ne_all(own));
    let unheld = (dsl::lease_token.eq(None::<String>), dsl::lease_until.eq(None::<Millis>));
    match conn {
        Conn::Sqlite(c) => diesel::update(run_out).set(unheld).execute(c),
        Conn::Postgres(c) => {
            // What is just being settled, or given back by another instance, is left to it.
            let ids: Vec<i64> = run_out.select(dsl::id).for_no_key_update().skip_locked().load(c)?;
            diesel::update(dsl::conversions.filter(dsl::id.eq_any(ids))).set(unheld).execute(c)
        }
    }
}
