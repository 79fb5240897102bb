//! Registering and changing users.

mod contact;

use std::collections::HashSet;

use super::{name, secret};
use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::ids::EnterpriseId;
pub use crate::store::tenancy::user::{Filter, Gender, NewUser, Role, User, find, list};
use contact::check as check_contact;
pub(in crate::domain) use contact::is_phone_number;

/// Maximum number of users that one call may register.
pub const AT_ONCE: usize = 100;
/// How many characters a password may have (iClass, later revision).
pub const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 4..=18;
/// What the ids of visitors begin with.
const VISITOR: &str = "visitor_";

/// The fields of a new user.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The id, unique within the enterprise.
    pub user_id: String,
    /// Their role.
    pub role: Role,
    /// The display name. Default: the id.
    pub nickname: Option<String>,
    /// Their gender. Default: male, as the protocol says.
    pub gender: Option<Gender>,
    /// The address of their picture. Default: a picture that Lectern serves.
    pub avatar: Option<String>,
    /// Their phone number.
    pub phone_no: Option<String>,
    /// Their e-mail address.
    pub e_mail: Option<String>,
    /// The Argon2 hash of their password.
    pub password_hash: Option<String>,
}

impl Draft {
    /// A user with only the required fields.
    #[must_use]
    pub fn of(user_id: String, role: Role) -> Self {
        Self {
            user_id,
            role,
            nickname: None,
            gender: None,
            avatar: None,
            phone_no: None,
            e_mail: None,
            password_hash: None,
        }
    }
}

/// A user id with its secret token, which is returned to the caller only.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The user.
    pub user_id: String,
    /// Their `user_token`.
    pub user_token: String,
}

/// Checks the fields of a new user that do not depend on other users.
///
/// # Errors
/// [`Error::Invalid`].
pub fn check(draft: &Draft) -> Result<()> {
    check_contact(draft.avatar.as_deref(), draft.phone_no.as_deref(), draft.e_mail.as_deref())
}

/// Registers users, all or none. Returns their tickets in the order of the drafts.
///
/// # Errors
/// [`Error::UsersExist`] with every id that exists already or occurs twice in the call; [`Error::Invalid`].
pub fn register(conn: &mut Conn, enterprise_id: EnterpriseId, drafts: Vec<Draft>, now: Millis) -> Result<Vec<Ticket>> {
    if drafts.is_empty() || drafts.len() > AT_ONCE {
        return Err(Error::invalid(Field::Users, Problem::UserCount { max: AT_ONCE, found: drafts.len() }));
    }
    drafts.iter().try_for_each(check)?;
    let repeats = repeated(conn, enterprise_id, &drafts)?;
    if !repeats.is_empty() {
        return Err(Error::UsersExist(repeats));
    }
    let mut tickets = Vec::with_capacity(drafts.len());
    let mut rows = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let user_token = secret::token();
        tickets.push(Ticket { user_id: draft.user_id.clone(), user_token: user_token.clone() });
        rows.push(row(enterprise_id, draft, &user_token, now));
    }
    if store::tenancy::user::insert(conn, &rows)? {
        return Ok(tickets);
    }
    // Another instance registered some of them since the check: users with other token hashes than ours.
    let ours: HashSet<&str> = rows.iter().map(|row| row.token_hash.as_str()).collect();
    let user_ids: Vec<String> = rows.iter().map(|row| row.user_id.clone()).collect();
    let existing = store::tenancy::user::find_all(conn, enterprise_id, &user_ids)?;
    let taken: HashSet<String> =
        existing.into_iter().filter(|user| !ours.contains(user.token_hash.as_str())).map(|user| user.user_id).collect();
    Err(Error::UsersExist(user_ids.into_iter().filter(|id| taken.contains(id)).collect()))
}

/// Checks that a new account may use this id. Ids that differ only in the case of letters count as equal.
///
/// # Errors
/// [`Error::UsersExist`].
pub(in crate::domain) fn check_free(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<()> {
    if store::tenancy::user::is_alike(conn, enterprise_id, user_id)? {
        return Err(Error::UsersExist(vec![user_id.to_owned()]));
    }
    Ok(())
}

fn row(enterprise_id: EnterpriseId, draft: Draft, user_token: &str, now: Millis) -> NewUser {
    NewUser {
        enterprise_id,
        nickname: draft.nickname.filter(|name| !name.is_empty()).unwrap_or_else(|| draft.user_id.clone()),
        user_id: draft.user_id,
        role: draft.role,
        gender: draft.gender.unwrap_or(Gender::Male),
        avatar: draft.avatar.unwrap_or_default(),
        phone_no: draft.phone_no.unwrap_or_default(),
        e_mail: draft.e_mail.unwrap_or_default(),
        token_hash: secret::hash_token(user_token),
        password_hash: draft.password_hash,
        regist_time: now,
        update_time: now,
    }
}

/// The ids that exist already or occur twice in the list, each once, in the order of the list.
fn repeated(conn: &mut Conn, enterprise_id: EnterpriseId, drafts: &[Draft]) -> Result<Vec<String>> {
    let user_ids: Vec<String> = drafts.iter().map(|draft| draft.user_id.clone()).collect();
    let mut seen: HashSet<String> =
        store::tenancy::user::find_all(conn, enterprise_id, &user_ids)?.into_iter().map(|user| user.user_id).collect();
    let mut reported = HashSet::new();
    Ok(user_ids.into_iter().filter(|id| !seen.insert(id.clone()) && reported.insert(id.clone())).collect())
}

/// Creates a user for a visitor, who has no account. The id is random, so nobody else can know it yet.
pub(in crate::domain) fn create_visitor(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    nickname: Option<String>,
    now: Millis,
) -> Result<Ticket> {
    let user_id = format!("{VISITOR}{}", secret::letters_and_digits(16));
    let draft = Draft { nickname, ..Draft::of(user_id, Role::Visitor) };
    let ticket = Ticket { user_id: draft.user_id.clone(), user_token: secret::token() };
    if store::tenancy::user::insert(conn, &[row(enterprise_id, draft, &ticket.user_token, now)])? {
        Ok(ticket)
    } else {
        Err(Error::UsersExist(vec![ticket.user_id]))
    }
}

/// Whether Lectern may have given this id to a visitor.
pub(in crate::domain) fn is_visitor_id(user_id: &str) -> bool {
    user_id.starts_with(VISITOR)
}

/// The fields of a user whose id Lectern chooses.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of User")]
pub struct Profile {
    pub nickname: String,
    pub avatar: String,
    pub phone_no: String,
    pub e_mail: String,
}

/// Creates a user whose id is the next free number: no user has it, and nothing is reserved for it.
///
/// # Errors
/// [`Error::Invalid`].
pub(in crate::domain) fn create_numbered(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    (role, profile): (Role, &Profile),
    now: Millis,
    is_reserved: impl Fn(&mut Conn, EnterpriseId, &str) -> Result<bool>,
) -> Result<User> {
    check_contact(Some(&profile.avatar), Some(&profile.phone_no), Some(&profile.e_mail))?;
    loop {
        let user_id = store::tenancy::user::reserve_number(conn)?.to_string();
        if is_reserved(conn, enterprise_id, &user_id)? {
            continue;
        }
        let draft = Draft {
            nickname: Some(profile.nickname.clone()),
            avatar: Some(profile.avatar.clone()),
            phone_no: Some(profile.phone_no.clone()),
            e_mail: Some(profile.e_mail.clone()),
            ..Draft::of(user_id.clone(), role)
        };
        // An enterprise may have registered a user with this id before.
        if store::tenancy::user::insert(conn, &[row(enterprise_id, draft, &secret::token(), now)])? {
            return require(conn, enterprise_id, &user_id);
        }
    }
}

/// Returns a user that must exist.
///
/// # Errors
/// [`Error::UnknownUser`].
pub fn require(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<User> {
    store::tenancy::user::find(conn, enterprise_id, user_id)?.ok_or_else(|| Error::UnknownUser(user_id.to_owned()))
}

/// Returns the user with an id as they type it: as it is, or else as it was kept when they [chose](name::chosen) it.
///
/// # Errors
/// Only those of the database.
pub fn with_chosen_id(conn: &mut Conn, enterprise_id: EnterpriseId, typed: &str) -> Result<Option<User>> {
    if let Some(user) = store::tenancy::user::find(conn, enterprise_id, typed)? {
        return Ok(Some(user));
    }
    match name::chosen(Field::User, typed) {
        Ok(kept) if kept != typed => Ok(store::tenancy::user::find(conn, enterprise_id, &kept)?),
        _ => Ok(None),
    }
}

/// Changes to a user. A field that is `None` keeps its value.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of User")]
pub struct Patch {
    pub role: Option<Role>,
    pub nickname: Option<String>,
    pub gender: Option<Gender>,
    pub avatar: Option<String>,
    pub phone_no: Option<String>,
    pub e_mail: Option<String>,
    pub description: Option<String>,
}

/// Changes a user.
///
/// # Errors
/// [`Error::UnknownUser`], [`Error::Invalid`].
pub(in crate::domain) fn modify(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    user_id: &str,
    patch: Patch,
    now: Millis,
) -> Result<()> {
    check_contact(patch.avatar.as_deref(), patch.phone_no.as_deref(), patch.e_mail.as_deref())?;
    let mut user = lock(conn, enterprise_id, user_id)?;
    crate::domain::set(&mut user.role, patch.role);
    crate::domain::set(&mut user.nickname, patch.nickname);
    crate::domain::set(&mut user.gender, patch.gender);
    crate::domain::set(&mut user.avatar, patch.avatar);
    crate::domain::set(&mut user.phone_no, patch.phone_no);
    crate::domain::set(&mut user.e_mail, patch.e_mail);
    crate::domain::set(&mut user.description, patch.description);
    user.update_time = ended(user.regist_time, now);
    Ok(store::tenancy::user::update(conn, &user)?)
}

/// Gives a user a new `user_token`. Invalidates the old one and all tokens of their components.
///
/// # Errors
/// [`Error::UnknownUser`].
pub fn renew_token(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<String> {
    let mut user = lock(conn, enterprise_id, user_id)?;
    let token = secret::token();
    user.token_hash = secret::hash_token(&token);
    store::tenancy::user::update(conn, &user)?;
    store::tenancy::token::end_all(conn, enterprise_id, user_id).map(drop)?;
    Ok(token)
}

/// Sets the password of a user and ends all tokens that they are signed in with. Their `user_token`, which only the
/// enterprise's back end has, stays. Returns the hashes of the tokens that ended.
///
/// # Errors
/// [`Error::UnknownUser`].
pub fn set_password(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    user_id: &str,
    password_hash: String,
    now: Millis,
) -> Result<Vec<String>> {
    let mut user = lock(conn, enterprise_id, user_id)?;
    user.password_hash = Some(password_hash);
    user.update_time = now;
    store::tenancy::user::update(conn, &user)?;
    Ok(store::tenancy::token::end_all(conn, enterprise_id, user_id)?)
}

pub(in crate::domain) fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<User> {
    store::tenancy::user::lock(conn, enterprise_id, user_id)?.ok_or_else(|| Error::UnknownUser(user_id.to_owned()))
}
