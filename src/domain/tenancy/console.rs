//! Who is signed in to the console, and what they may do there.

use super::secret;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::ids::EnterpriseId;
use crate::store::tenancy::console_link::ConsoleLink;
pub use crate::store::tenancy::console_session::ConsoleSession;
pub use crate::store::tenancy::operator::ConsoleRole;

/// How long a session lasts at most: half a day.
const GOOD_FOR: Millis = 12 * 3_600_000;
/// After how long without a request a session ends.
const IDLE: Millis = 3_600_000;
/// How exactly it is recorded when somebody was last seen.
const SEEN_TO: Millis = 60_000;
/// How many expired sessions and links are deleted when one is added, so that they never pile up.
const PURGED_AT_ONCE: i64 = 20;
/// How many characters the name of somebody who gets a link may have.
const NAME_CHARS: usize = 64;

/// How long a link can be used if nothing else is asked for, in seconds.
pub const LINK_SECONDS: i64 = 300;
/// How long a link can be used at most, in seconds.
pub const LINK_SECONDS_AT_MOST: i64 = 900;

/// What somebody does in the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reads.
    Read,
    /// Changes something of an enterprise.
    Change,
    /// Does what only operators do: creates and deletes enterprises, and decides what they may use.
    Operate,
}

/// Who signs in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The operator; `None` for somebody who came by a link.
    pub operator_id: Option<i64>,
    /// The only enterprise that they see; `None` for all.
    pub enterprise_id: Option<EnterpriseId>,
    /// What they may do.
    pub role: ConsoleRole,
    /// Their name.
    pub name: String,
}

/// Whether somebody with a role may do something.
#[must_use]
pub fn may(role: ConsoleRole, action: Action) -> bool {
    match (role, action) {
        (ConsoleRole::Operator, _) | (_, Action::Read) | (ConsoleRole::Admin, Action::Change) => true,
        (ConsoleRole::Admin | ConsoleRole::Support, _) => false,
    }
}

/// Checks that somebody may do something.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn check(session: &ConsoleSession, action: Action) -> Result<()> {
    if may(session.role, action) {
        Ok(())
    } else {
        Err(Error::Forbidden(Forbidden::ConsoleRole { role: session.role }))
    }
}

/// Whether somebody sees an enterprise.
#[must_use]
pub fn sees(session: &ConsoleSession, enterprise_id: EnterpriseId) -> bool {
    session.enterprise_id.is_none_or(|only| only == enterprise_id)
}

/// Whether there is a console: an operator exists, or a link was made.
///
/// # Errors
/// Only those of the database.
pub fn is_open(conn: &mut Conn) -> Result<bool> {
    Ok(store::tenancy::operator::exist(conn)?
        || store::tenancy::console_session::exist(conn)?
        || store::tenancy::console_link::exist(conn)?)
}

/// Begins a session and returns its token.
pub(super) fn begin(conn: &mut Conn, who: Person, now: Millis) -> Result<String> {
    store::tenancy::console_session::forget_expired(conn, now, PURGED_AT_ONCE)?;
    let token = secret::token();
    let Person { operator_id, enterprise_id, role, name } = who;
    let new = ConsoleSession {
        token_hash: secret::hash_token(&token),
        operator_id,
        enterprise_id,
        role,
        name,
        create_time: now,
        seen_time: now,
        expire_time: now.saturating_add(GOOD_FOR),
    };
    store::tenancy::console_session::insert(conn, &new)?;
    Ok(token)
}

/// The session of a token, if it is valid.
///
/// # Errors
/// Only those of the database.
pub fn session(conn: &mut Conn, token: &str, now: Millis) -> Result<Option<ConsoleSession>> {
    let found = store::tenancy::console_session::find(conn, &secret::hash_token(token))?;
    Ok(found.filter(|session| now < session.expire_time && now < session.seen_time.saturating_add(IDLE)))
}

/// Whether it is time to record that somebody was seen.
#[must_use]
pub fn is_unseen(session: &ConsoleSession, now: Millis) -> bool {
    now >= session.seen_time.saturating_add(SEEN_TO)
}

/// Records that somebody was seen.
///
/// # Errors
/// Only those of the database.
pub fn seen(conn: &mut Conn, session: &ConsoleSession, now: Millis) -> Result<()> {
    Ok(store::tenancy::console_session::seen(conn, &session.token_hash, now)?)
}

/// Ends a session.
///
/// # Errors
/// Only those of the database.
pub fn sign_out(conn: &mut Conn, session: &ConsoleSession) -> Result<()> {
    Ok(store::tenancy::console_session::end(conn, &session.token_hash)?)
}

/// Makes a link that signs somebody in to the console of one enterprise, once, within `valid` milliseconds. Returns its token and
/// when it expires.
///
/// # Errors
/// [`Error::Invalid`] for a name that is too long, [`Error::Forbidden`] for a role that links do not give.
pub fn make_link(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    (role, name): (ConsoleRole, &str),
    valid: Millis,
    now: Millis,
) -> Result<(String, Millis)> {
    if role == ConsoleRole::Operator {
        return Err(Error::Forbidden(Forbidden::ConsoleRole { role }));
    }
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.contains(char::is_control) {
        return Err(Error::invalid(Field::ConsoleName, Problem::NotName { min: 1, max: NAME_CHARS }));
    }
    store::tenancy::console_link::forget_expired(conn, now, PURGED_AT_ONCE)?;
    let (token, expire_time) = (secret::token(), now.saturating_add(valid));
    let link = ConsoleLink {
        token_hash: secret::hash_token(&token),
        enterprise_id,
        role,
        name: name.to_owned(),
        create_time: now,
        expire_time,
    };
    store::tenancy::console_link::insert(conn, &link)?;
    Ok((token, expire_time))
}

/// Signs in with the token of a link, which can't be used again. Returns the token of the session and who is signed in; `None` for a
/// link that was used, has expired, or never was.
///
/// # Errors
/// Only those of the database.
pub fn use_link(conn: &mut Conn, token: &str, now: Millis) -> Result<Option<(String, Person)>> {
    let found = store::tenancy::console_link::take(conn, &secret::hash_token(token))?;
    let Some(link) = found.filter(|link| now < link.expire_time) else { return Ok(None) };
    let enterprise_id = Some(link.enterprise_id);
    let who = Person { operator_id: None, enterprise_id, role: link.role, name: link.name };
    Ok(Some((begin(conn, who.clone(), now)?, who)))
}
