//! What waits in the whole database, for an operator. A count stops at a limit, so that each costs a range of an index,
//! however much waits.

use diesel::sql_types::{BigInt, Nullable};

use super::events::delivery;
use super::events::endpoint::{EndpointId, address_within};
use super::tenancy::{enterprise, organization};
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;

/// Where counting stops.
pub const MOST: i64 = 10_000;
/// How many endpoints with overdue deliveries are looked at. Those that may get nothing now are passed over.
const ENDPOINTS: usize = 1_000;

/// What waits. No count is more than [`MOST`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Events that are not relayed yet.
    pub outbox: i64,
    /// When the oldest of them was published.
    pub outbox_since: Option<Millis>,
    /// Deliveries.
    pub deliveries: Deliveries,
    /// Documents to convert.
    pub documents: Jobs,
    /// Videos to make of recordings.
    pub videos: Jobs,
    /// Files to remove that are due.
    pub files: i64,
    /// Groups to delete at the hosted chat service that are due.
    pub group_deletions: i64,
    /// Messages to send to groups of the hosted chat service.
    pub hosted_messages: i64,
}

/// Deliveries by their states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// Those that may be sent once they are due.
    pub ready: i64,
    /// Those behind an earlier one of their lane.
    pub waiting: i64,
    /// Those that a worker has.
    pub claimed: i64,
    /// Those that were given up.
    pub dead: i64,
    /// Since when the oldest that may be sent now is due. Those of endpoints that are paused or have no address don't count.
    pub due_since: Option<Millis>,
}

/// Jobs by their states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    /// Those that no worker has.
    pub waiting: i64,
    /// Those that a worker has.
    pub running: i64,
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(diesel::QueryableByName)]
struct Since {
    #[diesel(sql_type = Nullable<BigInt>)]
    since: Option<Millis>,
}

#[derive(diesel::QueryableByName)]
struct ByQueue {
    #[diesel(sql_type = BigInt)]
    documents: i64,
    #[diesel(sql_type = BigInt)]
    recordings: i64,
}

/// Reads what waits.
pub fn read(conn: &mut Conn, now: Millis) -> Result<Backlog> {
    let waiting = by_queue(conn, "end_time IS NULL AND lease_token IS NULL")?;
    let running = by_queue(conn, "lease_token IS NOT NULL")?;
    Ok(Backlog {
        outbox: count(conn, "outbox")?,
        outbox_since: outbox_since(conn)?,
        deliveries: deliveries(conn, now)?,
        documents: Jobs { waiting: waiting.documents, running: running.documents },
        videos: Jobs { waiting: waiting.recordings, running: running.recordings },
        files: count(conn, &format!("files WHERE due IS NOT NULL AND due <= {now}"))?,
        group_deletions: count(conn, &format!("group_removals WHERE due <= {now}"))?,
        hosted_messages: count(conn, "hosted_messages")?,
    })
}

fn deliveries(conn: &mut Conn, now: Millis) -> Result<Deliveries> {
    let ready = count(conn, "deliveries WHERE state = 'ready'")?;
    let claimed = count(conn, "deliveries WHERE state = 'claimed'")?;
    let unsettled = count(conn, "deliveries WHERE settled_time IS NULL")?;
    Ok(Deliveries {
        ready,
        // These have no index of their own.
        waiting: (unsettled - ready - claimed).max(0),
        claimed,
        dead: count(conn, "deliveries WHERE state = 'dead'")?,
        due_since: due_since(conn, now)?,
    })
}

/// Counts rows up to [`MOST`]. The condition has no values of a user.
fn count(conn: &mut Conn, rows: &str) -> Result<i64> {
    let sql = format!("SELECT count(*) AS number FROM (SELECT 1 FROM {rows} LIMIT {MOST}) AS counted");
    Ok(diesel::sql_query(sql).get_result::<Number>(conn)?.number)
}

/// Counts conversions up to [`MOST`] by what is converted.
fn by_queue(conn: &mut Conn, condition: &str) -> Result<ByQueue> {
    let sql = format!(
        "SELECT count(*) - count(recording_id) AS documents, count(recording_id) AS recordings \
         FROM (SELECT recording_id FROM conversions WHERE {condition} LIMIT {MOST}) AS counted"
    );
    diesel::sql_query(sql).get_result(conn)
}

fn outbox_since(conn: &mut Conn) -> Result<Option<Millis>> {
    let sql = "SELECT (SELECT create_time FROM outbox ORDER BY outbox_id LIMIT 1) AS since";
    Ok(diesel::sql_query(sql).get_result::<Since>(conn)?.since)
}

fn due_since(conn: &mut Conn, now: Millis) -> Result<Option<Millis>> {
    let mut overdue = delivery::endpoints(conn)?;
    overdue.retain(|(_, due)| *due <= now);
    overdue.sort_unstable_by_key(|(_, due)| *due);
    for (endpoint, due) in overdue.into_iter().take(ENDPOINTS) {
        if is_open(conn, endpoint)? {
            return Ok(Some(due));
        }
    }
    Ok(None)
}

/// Whether an endpoint may be sent anything now.
fn is_open(conn: &mut Conn, endpoint: EndpointId) -> Result<bool> {
    let Some(enterprise) = enterprise::get(conn, endpoint.enterprise_id())? else { return Ok(false) };
    let has_address = match endpoint {
        EndpointId::Organization(enterprise_id, organization_id) => {
            let found = organization::find(conn, enterprise_id, organization_id)?;
            found.is_some_and(|organization| !organization.callback_url.is_empty())
        }
        _ => !address_within(&enterprise, endpoint.kind()).is_empty(),
    };
    Ok(has_address && !enterprise.callback_paused)
}
