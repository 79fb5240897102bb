//! Members: the reservations of a class, with roles.

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::classroom::class::Status;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::rows::insert_rows;
use crate::store::schema::members;
use crate::store::schema::members::dsl;
use crate::store::tenancy::user::Role;
use crate::store::views::classes;
use crate::store::{CacheTag, Result};

/// The maximum number of ids in one statement. SQLite allows at most 32,766 values.
const AT_ONCE: usize = 4_000;

/// A reservation for a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The user.
    pub user_id: String,
    /// The role in the class.
    pub role: Role,
}

#[derive(Insertable)]
#[diesel(table_name = members, treat_none_as_default_value = false)]
struct Row {
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: String,
    role: Role,
}

/// Inserts reservations, none of which may exist.
pub fn insert(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, new: &[Member]) -> Result<()> {
    CacheTag::Class(class_id).changes();
    let rows: Vec<Row> =
        new.iter().map(|m| Row { enterprise_id, class_id, user_id: m.user_id.clone(), role: m.role }).collect();
    insert_rows!(conn, dsl::members, &rows).map(drop)
}

/// Inserts the same reservations into several classes, none of which may have them.
pub fn insert_each(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId], new: &[Member]) -> Result<()> {
    let of_class = |class_id: &ClassId| {
        let class_id = *class_id;
        new.iter().map(move |m| Row { enterprise_id, class_id, user_id: m.user_id.clone(), role: m.role })
    };
    for class_id in class_ids {
        CacheTag::Class(*class_id).changes();
    }
    let rows: Vec<Row> = class_ids.iter().flat_map(of_class).collect();
    insert_rows!(conn, dsl::members, &rows).map(drop)
}

/// Deletes the reservations of a user in several classes.
pub fn delete_from_each(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
    user_id: &str,
) -> Result<()> {
    for class_id in class_ids {
        CacheTag::Class(*class_id).changes();
    }
    for some in class_ids.chunks(AT_ONCE) {
        diesel::delete(dsl::members)
            .filter(dsl::class_id.eq_any(some))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::user_id.eq(user_id))
            .execute(conn)?;
    }
    Ok(())
}

/// Returns the reservations of a class, in the order in which they were made.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Vec<Member>> {
    let rows: Vec<(String, Role)> = dsl::members
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .select((dsl::user_id, dsl::role))
        .load(conn)?;
    Ok(rows.into_iter().map(|(user_id, role)| Member { user_id, role }).collect())
}

/// Returns the reservations of several classes, those of each class in the order in which they were made.
pub fn list_of_each(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
) -> Result<Vec<(ClassId, Member)>> {
    let rows: Vec<(ClassId, String, Role)> = dsl::members
        .filter(dsl::class_id.eq_any(class_ids))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .select((dsl::class_id, dsl::user_id, dsl::role))
        .load(conn)?;
    Ok(rows.into_iter().map(|(class_id, user_id, role)| (class_id, Member { user_id, role })).collect())
}

/// Returns the teachers and assistants of a class.
pub fn hosts(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Vec<String>> {
    dsl::members
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::role.eq_any([Role::Teacher, Role::Assistant]))
        .select(dsl::user_id)
        .load(conn)
}

/// Counts the reservations of a class, without those of some users.
pub fn count(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, without: &[&str]) -> Result<i64> {
    dsl::members
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.ne_all(without))
        .count()
        .get_result(conn)
}

/// Returns the reserved role of a user.
pub fn role(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, user_id: &str) -> Result<Option<Role>> {
    one(enterprise_id, class_id, user_id).select(dsl::role).get_result(conn).optional()
}

/// Returns the classes that are not over and that a user has a reservation for.
pub fn not_over(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<Vec<ClassId>> {
    dsl::members
        .inner_join(classes::table.on(classes::class_id.eq(dsl::class_id)))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(classes::class_status.ne(Status::End))
        .select(dsl::class_id)
        .load(conn)
}

/// Returns the reservations of some users, as many as one statement takes.
pub fn of_users(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
) -> Result<Vec<(String, Role)>> {
    dsl::members
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq_any(user_ids))
        .select((dsl::user_id, dsl::role))
        .load(conn)
}

/// Whether a user has a reservation for any class.
pub fn is_reserved(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<bool> {
    let any = dsl::members.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::user_id.eq(user_id));
    diesel::select(diesel::dsl::exists(any)).get_result(conn)
}

/// Changes the role of a reservation.
pub fn set_role(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, member: &Member) -> Result<()> {
    CacheTag::Class(class_id).changes();
    diesel::update(one(enterprise_id, class_id, &member.user_id)).set(dsl::role.eq(member.role)).execute(conn).map(drop)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one<'a>(enterprise_id: EnterpriseId, class_id: ClassId, user_id: &'a str) -> _ {
    dsl::members
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
}

/// Deletes the reservations of some users, and returns those who had one.
pub fn delete(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
) -> Result<Vec<String>> {
    CacheTag::Class(class_id).changes();
    let mut deleted = Vec::new();
    for some in user_ids.chunks(AT_ONCE) {
        let had: Vec<String> = diesel::delete(dsl::members)
            .filter(dsl::class_id.eq(class_id))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::user_id.eq_any(some))
            .returning(dsl::user_id)
            .get_results(conn)?;
        deleted.extend(had);
    }
    Ok(deleted)
}

/// Deletes all reservations of a class.
pub fn clear(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<()> {
    CacheTag::Class(class_id).changes();
    diesel::delete(dsl::members)
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .execute(conn)
        .map(drop)
}
