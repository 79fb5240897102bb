//! Attendees of a class: first those with a reservation, then those who joined without one.

use diesel::dsl::{exists, not};

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::{members, sessions, users};
use crate::store::tenancy::user::Role;
use crate::store::{Page, Paged, Result, Start};

/// Somebody who has a reservation for a class or was in it.
#[derive(Clone, Debug)]
pub struct Attendee {
    /// The position in the list: even with a reservation, odd without.
    pub number: i64,
    /// The user.
    pub user_id: String,
    /// The reserved role, or the role of the first session.
    pub role: Role,
}

/// Returns a page of attendees. Somebody who is added while the list is read appears at its end or not at all.
pub fn attendees(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    page: Page,
) -> Result<Paged<Attendee>> {
    let reserved_total: i64 = reserved(enterprise_id, class_id).count().get_result(conn)?;
    let total = reserved_total + unreserved(enterprise_id, class_id).count().get_result::<i64>(conn)?;
    let (after_member, after_session) = match page.start {
        Start::After(Some(number)) if number % 2 == 0 => (number / 2, 0),
        Start::After(Some(number)) => (i64::MAX, number / 2),
        _ => (0, 0),
    };
    let mut rows: Vec<Attendee> = reserved(enterprise_id, class_id)
        .filter(members::id.gt(after_member))
        .order(members::id)
        .offset(page.offset())
        .limit(page.limit())
        .select((members::id, members::user_id, members::role))
        .load(conn)?
        .into_iter()
        .map(|(id, user_id, role): (i64, String, Role)| Attendee { number: id.saturating_mul(2), user_id, role })
        .collect();
    let missing = page.limit().saturating_sub(i64::try_from(rows.len()).unwrap_or(i64::MAX));
    if missing > 0 {
        let others: Vec<(i64, String, Role)> = unreserved(enterprise_id, class_id)
            .filter(sessions::id.gt(after_session))
            .order(sessions::id)
            .offset(page.offset().saturating_sub(reserved_total).max(0))
            .limit(missing)
            .select((sessions::id, sessions::user_id, sessions::role))
            .load(conn)?;
        let number = |id: i64| id.saturating_mul(2).saturating_add(1);
        rows.extend(others.into_iter().map(|(id, user_id, role)| Attendee { number: number(id), user_id, role }));
    }
    Ok(Paged::new(total, page, rows, |attendee: &Attendee| attendee.number))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn reserved(enterprise_id: EnterpriseId, class_id: ClassId) -> _ {
    members::table.filter(members::class_id.eq(class_id)).filter(members::enterprise_id.eq(enterprise_id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn unreserved(enterprise_id: EnterpriseId, class_id: ClassId) -> _ {
    let is_reserved =
        members::table.filter(members::class_id.eq(sessions::class_id)).filter(members::user_id.eq(sessions::user_id));
    sessions::table
        .filter(sessions::class_id.eq(class_id))
        .filter(sessions::enterprise_id.eq(enterprise_id))
        .filter(sessions::ordinal.eq(1_i64))
        .filter(not(exists(is_reserved)))
}

/// Counts the attendees who are students or visitors.
pub fn count_pupils(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    let pupils = [Role::Student, Role::Visitor];
    let reserved: i64 =
        reserved(enterprise_id, class_id).filter(members::role.eq_any(pupils)).count().get_result(conn)?;
    let others: i64 =
        unreserved(enterprise_id, class_id).filter(sessions::role.eq_any(pupils)).count().get_result(conn)?;
    Ok(reserved + others)
}

/// Returns the attendees who are students or visitors: first those with a reservation.
pub fn pupils(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Vec<String>> {
    let pupils = [Role::Student, Role::Visitor];
    let mut user_ids: Vec<String> = reserved(enterprise_id, class_id)
        .filter(members::role.eq_any(pupils))
        .order(members::id)
        .select(members::user_id)
        .load(conn)?;
    let others: Vec<String> = unreserved(enterprise_id, class_id)
        .filter(sessions::role.eq_any(pupils))
        .order(sessions::id)
        .select(sessions::user_id)
        .load(conn)?;
    user_ids.extend(others);
    Ok(user_ids)
}

/// Returns the ids and nicknames of the registered users among `user_ids`.
pub fn nicknames(conn: &mut Conn, enterprise_id: EnterpriseId, user_ids: &[String]) -> Result<Vec<(String, String)>> {
    users::table
        .filter(users::enterprise_id.eq(enterprise_id))
        .filter(users::user_id.eq_any(user_ids))
        .select((users::user_id, users::nickname))
        .load(conn)
}
