//! The members reserved for a class. The teacher and the assistant always are members.

use std::collections::HashMap;

use super::class::rules;
use super::role;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::{token, user};
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

/// Reserves members for a class that has not ended. Existing members get the given role, also those inside. Removed users may
/// enter again.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`], [`Error::Invalid`].
pub fn add(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    new: Vec<Member>,
    now: Millis,
) -> Result<()> {
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
    store::classroom::member::insert(conn, enterprise_id, class_id, &added)?;
    role::follow(conn, (enterprise_id, class_id), &user_ids, now)
}

/// Removes members from a class that has not ended. Users who are not members are ignored. Returns the class
/// and who was removed, so that those who are inside can be put out of it.
pub(super) fn remove(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
) -> Result<(Class, Vec<String>)> {
    let class = open(conn, enterprise_id, class_id)?;
    if let Some(host) =
        user_ids.iter().find(|id| rules::host_role(&class.teacher_id, &class.assistant_id, id).is_some())
    {
        return Err(Error::invalid(Field::RemovedMembers, Problem::IsHost { user_id: host.clone() }));
    }
    let removed = store::classroom::member::delete(conn, enterprise_id, class_id, user_ids)?;
    Ok((class, removed))
}

/// Whether a user moderates a class: its teacher and its assistants, unless they were put out of it, and administrators of
/// the enterprise.
pub(in crate::domain) fn can_moderate(conn: &mut Conn, class: &Class, user_id: &str) -> Result<bool> {
    match store::classroom::member::role(conn, class.enterprise_id, class.class_id, user_id)? {
        Some(role) if role.can_moderate() => {
            Ok(!store::classroom::ban::exists(conn, class.enterprise_id, class.class_id, user_id)?)
        }
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
        return Ok(());
    }
    let why = Error::Forbidden(Forbidden::NotModerator { user_id: user_id.to_owned(), class_id: class.class_id });
    Err(refusal(conn, class, user_id, why)?)
}

/// Whether a user may not know that a class exists: a visitor who is not reserved for a class that is not public.
pub(in crate::domain) fn is_hidden(conn: &mut Conn, class: &Class, user: &User) -> Result<bool> {
    let Class { enterprise_id, class_id, .. } = *class;
    Ok(class.class_type != Type::Public
        && user.role == Role::Visitor
        && store::classroom::member::role(conn, enterprise_id, class_id, &user.user_id)?.is_none())
}

/// The error for a user whom a class refuses: `why`, or that there is no such class if it [is hidden](is_hidden).
pub(in crate::domain) fn refusal(conn: &mut Conn, class: &Class, user_id: &str, why: Error) -> Result<Error> {
    match store::tenancy::user::find(conn, class.enterprise_id, user_id)? {
        Some(user) if is_hidden(conn, class, &user)? => Ok(Error::UnknownClass(class.class_id)),
        _ => Ok(why),
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
/// [`Error::UnknownClass`], [`Error::NotReserved`]; [`Error::Banned`] for users who were put out.
pub fn check_sees(conn: &mut Conn, class_id: ClassId, user: &User) -> Result<()> {
    let class = rules::require(conn, user.enterprise_id, class_id)?;
    if user.role.is_administrator() {
        return Ok(());
    }
    let (enterprise_id, user_id) = (user.enterprise_id, user.user_id.as_str());
    if class.class_type != Type::Public
        && user.role != Role::Supervisor
        && store::classroom::member::role(conn, enterprise_id, class_id, user_id)?.is_none()
    {
        let why = Error::NotReserved { user_id: user_id.to_owned(), class_id };
        return Err(refusal(conn, &class, user_id, why)?);
    }
    check_not_put_out(conn, &class, user_id)
}

/// Returns a user whom the holder of a token may see. Visitors, and those whose token is for one class, see themselves, and the
/// hosts and the people of the class that they are inside, so that they can't find out whom the enterprise has.
///
/// # Errors
/// [`Error::UnknownUser`].
pub fn require_visible(conn: &mut Conn, viewer: &token::Holder, token_hash: &str, user_id: &str) -> Result<User> {
    let token::Holder { user: viewer, only_in } = viewer;
    let enterprise_id = viewer.enterprise_id;
    let sees_all = viewer.role != Role::Visitor && only_in.is_none();
    if !sees_all && viewer.user_id != user_id && !is_met(conn, enterprise_id, token_hash, user_id)? {
        return Err(Error::UnknownUser(user_id.to_owned()));
    }
    user::require(conn, enterprise_id, user_id)
}

/// Whether a user is a host of a class that the holder of a token is inside, or is inside with them.
fn is_met(conn: &mut Conn, enterprise_id: EnterpriseId, token_hash: &str, user_id: &str) -> Result<bool> {
    for class_id in store::classroom::session::classes_of(conn, enterprise_id, token_hash)? {
        let class = rules::require(conn, enterprise_id, class_id)?;
        if rules::host_role(&class.teacher_id, &class.assistant_id, user_id).is_some()
            || store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)?.is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The holder of a token: the user whom it is shown with, if any, and its hash.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The user.
    pub user_id: Option<String>,
    /// The hash of the token.
    pub token_hash: String,
}

/// Returns a class for somebody who opens its page: a public one, or one that the holder of the token sees. For any other
/// class, and for none, the answer and the work are the same.
///
/// # Errors
/// Only those of the database.
pub fn find_visible(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    holder: Option<&Holder>,
    now: Millis,
) -> Result<Option<Class>> {
    let user = match holder {
        Some(Holder { user_id, token_hash }) => {
            match token::holder(conn, enterprise_id, user_id.as_deref(), token_hash, now) {
                Err(Error::DeadToken) => None,
                found => Some(found?).filter(|found| found.check_in(class_id).is_ok()).map(|found| found.user),
            }
        }
        None => None,
    };
    let Some(class) = store::classroom::class::find(conn, enterprise_id, class_id)? else { return Ok(None) };
    if class.class_type == Type::Public {
        return Ok(Some(class));
    }
    let Some(user) = user else { return Ok(None) };
    match check_sees(conn, class_id, &user) {
        Err(Error::Database(cause)) => Err(Error::Database(cause)),
        seen => Ok(seen.is_ok().then_some(class)),
    }
}

/// Checks that a user was not put out of a class.
pub(in crate::domain) fn check_not_put_out(conn: &mut Conn, class: &Class, user_id: &str) -> Result<()> {
    let Class { enterprise_id, class_id, .. } = *class;
    if store::classroom::ban::exists(conn, enterprise_id, class_id, user_id)? {
        return Err(Error::Banned { user_id: user_id.to_owned(), class_id });
    }
    Ok(())
}
