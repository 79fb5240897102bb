//! The people inside a class, with their users, also those whose user was deleted.

use super::row::Session;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::sessions::dsl;
use crate::store::schema::users;
use crate::store::tenancy::user::{Role, User};
use crate::store::{CacheTag, Result, update};

/// Somebody inside, with their user; `None` for a user who was deleted.
type Person = (Session, Option<User>);

/// The maximum number of ids in one statement. SQLite allows at most 32,766 values.
const AT_ONCE: usize = 4_000;

#[diesel::dsl::auto_type(no_type_alias)]
fn inside(enterprise_id: EnterpriseId, class_id: ClassId) -> _ {
    dsl::sessions
        .left_join(users::table.on(users::user_id.eq(dsl::user_id).and(users::enterprise_id.eq(dsl::enterprise_id))))
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
}

/// Returns a user who is inside a class.
pub fn person(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
) -> Result<Option<Person>> {
    inside(enterprise_id, class_id).filter(dsl::user_id.eq(user_id)).get_result(conn).optional()
}

/// Returns people inside a class, in the order in which they entered: at most this many, and one of them is this user, if
/// they are inside.
pub fn people(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
    at_most: i64,
) -> Result<Vec<Person>> {
    let mut people: Vec<Person> = inside(enterprise_id, class_id).order(dsl::id).limit(at_most).load(conn)?;
    let is_full = i64::try_from(people.len()).is_ok_and(|found| found >= at_most);
    if is_full
        && !people.iter().any(|(session, _)| session.user_id == user_id)
        && let Some(person) = person(conn, enterprise_id, class_id, user_id)?
    {
        people.pop();
        people.push(person);
    }
    Ok(people)
}

/// Returns the open sessions of some users in a class.
pub fn open_of_users(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
) -> Result<Vec<Session>> {
    let mut open = Vec::new();
    for some in user_ids.chunks(AT_ONCE) {
        let found: Vec<Session> = dsl::sessions
            .filter(dsl::class_id.eq(class_id))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::quit_time.is_null())
            .filter(dsl::user_id.eq_any(some))
            .load(conn)?;
        open.extend(found);
    }
    Ok(open)
}

/// Changes the role of somebody inside.
pub fn set_role(conn: &mut Conn, session: &Session, role: Role) -> Result<()> {
    CacheTag::Inside(session.class_id).changes();
    let one = dsl::id.eq(session.id).and(dsl::enterprise_id.eq(session.enterprise_id));
    update::prepared(dsl::sessions, one, dsl::role.eq(role)).execute(conn).map(drop)
}
