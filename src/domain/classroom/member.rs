//! The members reserved for a class. The teacher and the assistant always are members.

use std::collections::HashMap;

use super::class::rules;
use crate::db::Conn;
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::classroom::class::{Class, Type};
use crate::store::classroom::member::Member;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::user::{Role, User};

/// Maximum number of reserved members, a limit of the hosted product.
pub const AT_MOST: usize = 10_000;

/// The complete member list: the teacher, the assistant, and `wanted` in its order without duplicates.
pub(in crate::domain) fn complete(wanted: Vec<Member>, teacher_id: &str, assistant_id: &str) -> Result<Vec<Member>> {
    let mut roles: HashMap<String, Role> = HashMap::with_capacity(wanted.len());
    let mut members = Vec::with_capacity(wanted.len() + 2);
    for (user_id, role) in [(teacher_id, Role::Teacher), (assistant_id, Role::Assistant)] {
        if !user_id.is_empty() && rules::host_role(teacher_id, assistant_id, user_id) == Some(role) {
            members.push(Member { user_id: user_id.to_owned(), role });
        }
    }
    for member in wanted {
        if rules::host_role(teacher_id, assistant_id, &member.user_id).is_some() {
            continue;
        }
        match roles.insert(member.user_id.clone(), member.role) {
            None => members.push(member),
            Some(role) if role == member.role => {}
            Some(_) => return Err(Error::invalid(Field::Members, Problem::TwoRoles { user_id: member.user_id })),
        }
    }
    Ok(members)
}

/// Checks whether a class of this type may have these members.
pub(in crate::domain) fn check(class_type: Type, members: &[Member]) -> Result<()> {
    if members.len() > AT_MOST {
        return Err(Error::invalid(Field::Members, Problem::TooManyMembers { found: members.len(), max: AT_MOST }));
    }
    let students = members.iter().filter(|m| m.role == Role::Student).count();
    if class_type == Type::OneToOne && students > 1 {
        return Err(Error::invalid(Field::Members, Problem::TooManyStudents { found: students }));
    }
    Ok(())
}

/// Reserves members for a class that has not ended. Existing members get the given role. Removed users may enter again.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`], [`Error::Invalid`].
pub fn add(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, new: Vec<Member>) -> Result<()> {
    let class = open(conn, enterprise_id, class_id)?;
    let user_ids: Vec<String> = new.iter().map(|member| member.user_id.clone()).collect();
    store::classroom::ban::lift(conn, enterprise_id, class_id, &user_ids)?;
    let present = store::classroom::member::list(conn, enterprise_id, class_id)?;
    let roles: HashMap<&str, Role> = present.iter().map(|m| (m.user_id.as_str(), m.role)).collect();
    let new = complete(new, &class.teacher_id, &class.assistant_id)?;
    let changed: Vec<&Member> =
        new.iter().filter(|m| roles.get(m.user_id.as_str()).is_some_and(|role| *role != m.role)).collect();
    let added: Vec<Member> = new.iter().filter(|m| !roles.contains_key(m.user_id.as_str())).cloned().collect();

    let mut after: HashMap<&str, Role> = roles.clone();
    after.extend(new.iter().map(|m| (m.user_id.as_str(), m.role)));
    let after: Vec<Member> =
        after.into_iter().map(|(user_id, role)| Member { user_id: user_id.to_owned(), role }).collect();
    check(class.class_type, &after)?;

    for member in changed {
        store::classroom::member::set_role(conn, enterprise_id, class_id, member)?;
    }
    Ok(store::classroom::member::insert(conn, enterprise_id, class_id, &added)?)
}

/// Removes members from a class that has not ended. Users who are not members are ignored.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Invalid`] for the teacher and the assistant.
pub fn remove(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, user_ids: &[String]) -> Result<()> {
    let class = open(conn, enterprise_id, class_id)?;
    if let Some(host) =
        user_ids.iter().find(|id| rules::host_role(&class.teacher_id, &class.assistant_id, id).is_some())
    {
        return Err(Error::invalid(Field::RemovedMembers, Problem::IsHost { user_id: host.clone() }));
    }
    Ok(store::classroom::member::delete(conn, enterprise_id, class_id, user_ids)?)
}

/// Whether a user moderates a class: its teacher, its assistants, and administrators of the enterprise.
pub(in crate::domain) fn can_moderate(conn: &mut Conn, class: &Class, user_id: &str) -> Result<bool> {
    match store::classroom::member::role(conn, class.enterprise_id, class.class_id, user_id)? {
        Some(role) if role.can_moderate() => Ok(true),
        // A user's role outside the class does not make them its teacher.
        _ => Ok(store::tenancy::user::find(conn, class.enterprise_id, user_id)?
            .is_some_and(|user| user.role.is_administrator())),
    }
}

/// Checks whether a user may act as moderator, for example remove others from the class.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn check_moderator(conn: &mut Conn, class: &Class, user_id: &str) -> Result<()> {
    if can_moderate(conn, class, user_id)? {
        Ok(())
    } else {
        Err(Error::Forbidden(Forbidden::NotModerator { user_id: user_id.to_owned(), class_id: class.class_id }))
    }
}

fn open(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Class> {
    let class = rules::lock(conn, enterprise_id, class_id)?;
    rules::check_not_over(&class)?;
    Ok(class)
}

/// Checks whether a user may see what happens in a class: those who may enter it, administrators and supervisors.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::NotReserved`].
pub fn check_sees(conn: &mut Conn, class_id: ClassId, user: &User) -> Result<()> {
    let class = rules::require(conn, user.enterprise_id, class_id)?;
    if class.class_type == Type::Public || user.role.is_administrator() || user.role == Role::Supervisor {
        return Ok(());
    }
    match store::classroom::member::role(conn, user.enterprise_id, class_id, &user.user_id)? {
        Some(_) => Ok(()),
        None => Err(Error::NotReserved { user_id: user.user_id.clone(), class_id }),
    }
}
