//! Who has been inside a class.

use std::collections::HashMap;

use super::row::Session;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::sessions::dsl;
use crate::store::schema::users;
use crate::store::tenancy::user::{Role, User};
use crate::store::{Page, Paged, Result};

/// Returns the sessions of some users in a class, in order for each user.
pub fn of_users(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
) -> Result<Vec<Session>> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq_any(user_ids))
        .order((dsl::user_id, dsl::ordinal))
        .load(conn)
}

/// Returns the newest sessions of a class, the newest first.
pub fn recent(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, at_most: i64) -> Result<Vec<Session>> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id.desc())
        .limit(at_most)
        .load(conn)
}

/// Counts the users who have been inside a class, without visitors.
pub fn count_seen(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::ordinal.eq(1))
        .filter(dsl::role.ne(Role::Visitor))
        .count()
        .get_result(conn)
}

/// All sessions of a user in a class, summed up in one row.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The id of the first session.
    pub number: i64,
    /// The user; only the id and the role of one who was deleted.
    pub user: User,
    /// When the user first joined.
    pub first_enter: Millis,
    /// When the user last left; `None` if never.
    pub last_quit: Option<Millis>,
    /// The last session.
    pub last: Session,
}

/// Returns the users who have been inside a class, without visitors, in the order in which they first joined.
pub fn seen(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, page: Page) -> Result<Paged<Seen>> {
    let total = count_seen(conn, enterprise_id, class_id)?;
    let firsts: Vec<(Session, Option<User>)> = dsl::sessions
        .left_join(users::table.on(users::user_id.eq(dsl::user_id).and(users::enterprise_id.eq(dsl::enterprise_id))))
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
            let user = user.unwrap_or_else(|| User::former(enterprise_id, first.user_id.clone(), first.role));
            let (number, first_enter) = (first.id, first.enter_time);
            let (last_quit, last) = lasts.remove(&first.user_id).unwrap_or((first.quit_time, first));
            Seen { number, user, first_enter, last_quit, last }
        })
        .collect();
    Ok(Paged::new(total, page, rows, |seen: &Seen| seen.number))
}
