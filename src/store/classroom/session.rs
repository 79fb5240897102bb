//! Sessions: the stays of people in classes.

mod lease;
mod row;
mod state;

use std::collections::HashMap;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::schema::sessions;
use crate::store::schema::sessions::dsl;
use crate::store::schema::users;
use crate::store::tenancy::user::{Role, User};
use crate::store::{CacheTag, Page, Paged, Result, update};

pub use lease::{Heartbeat, Overdue, classes_of, hand_over, lapse, opened_by, overdue, overdue_in, record, renew};
pub use row::{QuitReason, Session};
pub use state::{States, count_on_stage, note, open_of, set, silence, silence_all};

/// What a new stay starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Session")]
pub struct NewSession {
    pub enterprise_id: i64,
    pub class_id: i64,
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

/// What is new of a stay that goes on; what is `None` stays as it is.
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

/// SQLite takes at most 32,766 values in a statement.
const CLASSES_AT_ONCE: usize = 10_000;

/// Opens a stay.
pub fn insert(conn: &mut Conn, new: &NewSession) -> Result<()> {
    CacheTag::Inside(new.class_id).changes();
    diesel::insert_into(dsl::sessions).values(new).execute(conn).map(drop)
}

/// The last stay of somebody in a class, open or not.
pub fn last(conn: &mut Conn, enterprise_id: i64, class_id: i64, user_id: &str) -> Result<Option<Session>> {
    let last = dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .order(dsl::ordinal.desc())
        .limit(1)
        .load(conn)?;
    Ok(last.into_iter().next())
}

/// Writes down what is new of a stay that goes on.
pub fn refresh(conn: &mut Conn, session: &Session, new: &Refresh) -> Result<()> {
    CacheTag::Inside(session.class_id).changes();
    diesel::update(dsl::sessions.find(session.id))
        .filter(dsl::enterprise_id.eq(session.enterprise_id))
        .set(new)
        .execute(conn)
        .map(drop)
}

/// Ends a stay.
pub fn close(conn: &mut Conn, session: &Session, now: Millis, why: QuitReason) -> Result<()> {
    CacheTag::Inside(session.class_id).changes();
    let one = dsl::id.eq(session.id).and(dsl::enterprise_id.eq(session.enterprise_id));
    update::prepared(dsl::sessions, one, (dsl::quit_time.eq(now), dsl::quit_reason.eq(why))).execute(conn).map(drop)
}

/// The open stays of a class, in the order in which they began.
pub fn open(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<Vec<Session>> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .order(dsl::id)
        .load(conn)
}

/// Ends every open stay of a class.
pub fn close_all(conn: &mut Conn, enterprise_id: i64, class_id: i64, now: Millis, why: QuitReason) -> Result<()> {
    CacheTag::Inside(class_id).changes();
    let open = dsl::class_id.eq(class_id).and(dsl::enterprise_id.eq(enterprise_id)).and(dsl::quit_time.is_null());
    update::prepared(dsl::sessions, open, (dsl::quit_time.eq(now), dsl::quit_reason.eq(why))).execute(conn).map(drop)
}

/// Whether anybody is inside a class, or has left it after `since`.
pub fn was_anybody_inside(conn: &mut Conn, enterprise_id: i64, class_id: i64, since: Millis) -> Result<bool> {
    let there = dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null().or(dsl::quit_time.gt(since)));
    diesel::select(diesel::dsl::exists(there)).get_result(conn)
}

/// Who is inside with a camera or a microphone open, in the order in which they came.
pub fn on_stage(conn: &mut Conn, enterprise_id: i64, class_id: i64, at_most: i64) -> Result<Vec<Session>> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .filter(dsl::camera.eq(1).or(dsl::mic.eq(1)))
        .order(dsl::id)
        .limit(at_most)
        .load(conn)
}

/// How many are inside.
pub fn count_inside(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<i64> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .count()
        .get_result(conn)
}

/// Who is inside, in the order in which they came.
pub fn inside(conn: &mut Conn, enterprise_id: i64, class_id: i64, page: Page) -> Result<Paged<(Session, User)>> {
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

/// The stays of some users in a class, each user's in order.
pub fn of_users(conn: &mut Conn, enterprise_id: i64, class_id: i64, user_ids: &[String]) -> Result<Vec<Session>> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq_any(user_ids))
        .order((dsl::user_id, dsl::ordinal))
        .load(conn)
}

/// The stays of one person in some classes.
pub fn of_user(conn: &mut Conn, enterprise_id: i64, class_ids: &[i64], user_id: &str) -> Result<Vec<Session>> {
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

/// How many have ever been inside, visitors apart.
pub fn count_seen(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<i64> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::ordinal.eq(1))
        .filter(dsl::role.ne(Role::Visitor))
        .count()
        .get_result(conn)
}

/// All stays of one person in one class, as one row.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The id of their first stay.
    pub number: i64,
    /// Who.
    pub user: User,
    /// When they came first.
    pub first_enter: Millis,
    /// When they left last; nothing when they never left.
    pub last_quit: Option<Millis>,
    /// Their last stay.
    pub last: Session,
}

/// Who has ever been inside, visitors apart, in the order in which they first came.
pub fn seen(conn: &mut Conn, enterprise_id: i64, class_id: i64, page: Page) -> Result<Paged<Seen>> {
    let total = count_seen(conn, enterprise_id, class_id)?;
    let firsts: Vec<(Session, User)> = dsl::sessions
        .inner_join(users::table.on(users::user_id.eq(dsl::user_id).and(users::enterprise_id.eq(dsl::enterprise_id))))
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::ordinal.eq(1))
        .filter(dsl::role.ne(Role::Visitor))
        .filter(dsl::id.gt(page.after().unwrap_or(0)))
        .order(dsl::id)
        .offset(page.offset())
        .limit(page.limit())
        .load(conn)?;
    let user_ids: Vec<String> = firsts.iter().map(|(session, _)| session.user_id.clone()).collect();
    let sessions = of_users(conn, enterprise_id, class_id, &user_ids)?;
    let mut lasts: HashMap<String, (Option<Millis>, Session)> = HashMap::new();
    for session in sessions {
        let quit = session.quit_time.or_else(|| lasts.get(&session.user_id).and_then(|(quit, _)| *quit));
        lasts.insert(session.user_id.clone(), (quit, session));
    }
    let rows = firsts
        .into_iter()
        .map(|(first, user)| {
            let (number, first_enter) = (first.id, first.enter_time);
            let (last_quit, last) = lasts.remove(&first.user_id).unwrap_or((first.quit_time, first));
            Seen { number, user, first_enter, last_quit, last }
        })
        .collect();
    Ok(Paged::new(total, page, rows, |seen: &Seen| seen.number))
}
