//! Sessions: the time that a user spends in a class, from joining to leaving.

mod lease;
mod people;
mod row;
mod seen;
mod state;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::sessions::dsl;
use crate::store::schema::{members, sessions, users};
use crate::store::tenancy::user::{Role, User};
use crate::store::{CacheTag, Page, Paged, Result, update};

pub use lease::{Heartbeat, Overdue, classes_of, hand_over, lapse, opened_by, overdue, overdue_in, record, renew};
pub use people::{open_of_users, people, person, set_role};
pub use row::{QuitReason, Session};
pub use seen::{Seen, count_seen, of_users, recent, seen};
pub use state::{DRAWING_BY_SELF, States, count_on_stage, note, open_of, set, silence, silence_all, silence_self};

/// A session to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Session")]
pub struct NewSession {
    pub enterprise_id: EnterpriseId,
    pub class_id: ClassId,
    pub user_id: String,
    pub role: Role,
    pub ordinal: i64,
    pub enter_time: Millis,
    pub last_seen: Millis,
    pub camera: i64,
    pub mic: i64,
    pub speaker: i64,
    pub silence: i64,
    pub hand_up: i64,
    pub token_hash: Option<String>,
    pub lease_until: Option<Millis>,
}

/// Changes to an open session. A `None` field keeps its value.
#[derive(Clone, Debug, AsChangeset)]
#[diesel(table_name = sessions)]
#[expect(missing_docs, reason = "the fields of Session")]
pub struct Refresh {
    pub role: Role,
    pub camera: i64,
    pub mic: i64,
    pub speaker: i64,
    pub last_seen: Option<Millis>,
    pub token_hash: Option<String>,
    pub lease_until: Option<Millis>,
}

/// The maximum number of class ids in one statement. SQLite allows at most 32,766 values.
const CLASSES_AT_ONCE: usize = 10_000;

/// Inserts a session.
pub fn insert(conn: &mut Conn, new: &NewSession) -> Result<()> {
    CacheTag::Inside(new.class_id).changes();
    diesel::insert_into(dsl::sessions).values(new).execute(conn).map(drop)
}

/// Returns the last session of a user in a class, open or closed.
pub fn last(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, user_id: &str) -> Result<Option<Session>> {
    let last = dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .order(dsl::ordinal.desc())
        .limit(1)
        .load(conn)?;
    Ok(last.into_iter().next())
}

/// Updates an open session.
pub fn refresh(conn: &mut Conn, session: &Session, new: &Refresh) -> Result<()> {
    CacheTag::Inside(session.class_id).changes();
    diesel::update(dsl::sessions.find(session.id))
        .filter(dsl::enterprise_id.eq(session.enterprise_id))
        .set(new)
        .execute(conn)
        .map(drop)
}

/// Closes a session.
pub fn close(conn: &mut Conn, session: &Session, now: Millis, why: QuitReason) -> Result<()> {
    CacheTag::Inside(session.class_id).changes();
    let one = dsl::id.eq(session.id).and(dsl::enterprise_id.eq(session.enterprise_id));
    update::prepared(dsl::sessions, one, (dsl::quit_time.eq(now), dsl::quit_reason.eq(why))).execute(conn).map(drop)
}

/// Returns the open sessions of a class, in the order in which they began.
pub fn open(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Vec<Session>> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .order(dsl::id)
        .load(conn)
}

/// Returns the classes that a user is inside. It looks at all open sessions.
pub fn classes_of_user(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<Vec<ClassId>> {
    dsl::sessions
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::quit_time.is_null())
        .order(dsl::class_id)
        .select(dsl::class_id)
        .load(conn)
}

/// Closes all open sessions of a class. One that began after `now`, before the clock was set back, ends when it began.
pub fn close_all(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    now: Millis,
    why: QuitReason,
) -> Result<()> {
    CacheTag::Inside(class_id).changes();
    let open = dsl::class_id.eq(class_id).and(dsl::enterprise_id.eq(enterprise_id)).and(dsl::quit_time.is_null());
    let at_once = (dsl::quit_time.eq(dsl::enter_time.nullable()), dsl::quit_reason.eq(why));
    update::prepared(dsl::sessions, open.and(dsl::enter_time.gt(now)), at_once).execute(conn)?;
    update::prepared(dsl::sessions, open, (dsl::quit_time.eq(now), dsl::quit_reason.eq(why))).execute(conn).map(drop)
}

/// Whether anybody is inside a class or left it after `since`.
pub fn was_anybody_inside(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    since: Millis,
) -> Result<bool> {
    let there = dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null().or(dsl::quit_time.gt(since)));
    diesel::select(diesel::dsl::exists(there)).get_result(conn)
}

/// Returns the open sessions with a camera or a microphone on, in the order in which they began.
pub fn on_stage(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, at_most: i64) -> Result<Vec<Session>> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .filter(dsl::camera.eq(1).or(dsl::mic.eq(1)))
        .order(dsl::id)
        .limit(at_most)
        .load(conn)
}

/// Counts the open sessions of a class.
pub fn count_inside(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .count()
        .get_result(conn)
}

/// Counts the open sessions of users with a reservation for the class, without those of some users.
pub fn count_reserved(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    without: &[&str],
) -> Result<i64> {
    dsl::sessions
        .inner_join(members::table.on(members::class_id.eq(dsl::class_id).and(members::user_id.eq(dsl::user_id))))
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .filter(dsl::user_id.ne_all(without))
        .count()
        .get_result(conn)
}

/// Returns which of some classes have anybody inside, in id order.
pub fn occupied(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId]) -> Result<Vec<ClassId>> {
    let mut occupied: Vec<ClassId> = Vec::new();
    for some in class_ids.chunks(CLASSES_AT_ONCE) {
        let found: Vec<ClassId> = dsl::sessions
            .filter(dsl::class_id.eq_any(some))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::quit_time.is_null())
            .select(dsl::class_id)
            .distinct()
            .load(conn)?;
        occupied.extend(found);
    }
    occupied.sort_unstable();
    Ok(occupied)
}

/// Returns the open sessions of a user in some classes.
pub fn open_in(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
    user_id: &str,
) -> Result<Vec<Session>> {
    let mut sessions = Vec::new();
    for some in class_ids.chunks(CLASSES_AT_ONCE) {
        let found = dsl::sessions
            .filter(dsl::class_id.eq_any(some))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::user_id.eq(user_id))
            .filter(dsl::quit_time.is_null())
            .order(dsl::class_id)
            .load::<Session>(conn)?;
        sessions.extend(found);
    }
    Ok(sessions)
}

/// Returns the open sessions of a class with their users, in the order in which they began.
pub fn inside(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    page: Page,
) -> Result<Paged<(Session, User)>> {
    let total = count_inside(conn, enterprise_id, class_id)?;
    let rows = dsl::sessions
        .inner_join(users::table.on(users::user_id.eq(dsl::user_id).and(users::enterprise_id.eq(dsl::enterprise_id))))
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .filter(dsl::id.gt(page.after().unwrap_or(0)))
        .order(dsl::id)
        .offset(page.offset())
        .limit(page.limit())
        .load(conn)?;
    Ok(Paged::new(total, page, rows, |(session, _): &(Session, User)| session.id))
}

/// Returns the sessions of a user in some classes.
pub fn of_user(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
    user_id: &str,
) -> Result<Vec<Session>> {
    let mut sessions = Vec::new();
    for some in class_ids.chunks(CLASSES_AT_ONCE) {
        let found = dsl::sessions
            .filter(dsl::class_id.eq_any(some))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::user_id.eq(user_id))
            .order((dsl::class_id, dsl::ordinal))
            .load::<Session>(conn)?;
        sessions.extend(found);
    }
    Ok(sessions)
}
