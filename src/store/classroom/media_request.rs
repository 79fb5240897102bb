//! Requests to the media server of another instance: offers, and ends of media sessions.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::media_requests;
use crate::store::schema::media_requests::dsl;

/// A request.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = media_requests, treat_none_as_default_value = false)]
pub struct MediaRequest {
    /// A random number.
    pub id: i64,
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The instance that is to answer.
    pub instance_id: i64,
    /// Who asks.
    pub user_id: String,
    /// The hash of the token of their component.
    pub token_hash: String,
    /// The media session; empty for a new one.
    pub session: String,
    /// The offer; `None` to end the session.
    pub offer: Option<String>,
    /// Which lines of the offer send what, as JSON.
    pub sources: String,
    /// The answer, as JSON; `None` until there is one.
    pub answer: Option<String>,
    /// When it was sent.
    pub create_time: Millis,
}

/// Inserts a request.
pub fn insert(conn: &mut Conn, new: &MediaRequest) -> Result<()> {
    diesel::insert_into(dsl::media_requests).values(new).execute(conn).map(drop)
}

/// Returns the requests that an instance has to answer, of all enterprises.
pub fn waiting(conn: &mut Conn, instance_id: i64, at_most: i64) -> Result<Vec<MediaRequest>> {
    dsl::media_requests
        .filter(dsl::instance_id.eq(instance_id))
        .filter(dsl::answer.is_null())
        .order(dsl::create_time)
        .limit(at_most)
        .load(conn)
}

/// Answers a request, if its sender still waits.
pub fn answer(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64, answer: &str) -> Result<()> {
    let one = dsl::media_requests.filter(dsl::id.eq(id)).filter(dsl::enterprise_id.eq(enterprise_id));
    diesel::update(one).set(dsl::answer.eq(answer)).execute(conn).map(drop)
}

/// Returns the answer to a request; `None` if there is none yet.
pub fn answer_to(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<Option<String>> {
    let one = dsl::media_requests.filter(dsl::id.eq(id)).filter(dsl::enterprise_id.eq(enterprise_id));
    Ok(one.select(dsl::answer).get_result::<Option<String>>(conn).optional()?.flatten())
}

/// Removes a request.
pub fn remove(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<()> {
    let one = dsl::media_requests.filter(dsl::id.eq(id)).filter(dsl::enterprise_id.eq(enterprise_id));
    diesel::delete(one).execute(conn).map(drop)
}

/// Removes the requests whose senders have died.
pub fn remove_old(conn: &mut Conn, before: Millis) -> Result<()> {
    diesel::delete(dsl::media_requests.filter(dsl::create_time.lt(before))).execute(conn).map(drop)
}
