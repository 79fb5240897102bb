//! Operators: creating them, changing what they sign in with, and signing them in.

use super::{console, totp};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::tenancy::operator::NewOperator;
pub use crate::store::tenancy::operator::{ConsoleRole, Operator, all, exist, find};

/// How many characters the password of an operator may have.
pub const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 12..=128;
/// How many characters a name may have.
const NAME_CHARS: usize = 64;
/// A code is compared with that of this secret if there is no operator, so that the answer takes as long.
const NOBODYS_SECRET: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Creates an operator and returns the secret of their codes.
///
/// # Errors
/// [`Error::Invalid`] for a name that is invalid or taken.
pub fn create(conn: &mut Conn, name: &str, password_hash: String, role: ConsoleRole, now: Millis) -> Result<String> {
    if name.trim() != name || name.is_empty() || name.chars().count() > NAME_CHARS || name.contains(char::is_control) {
        return Err(Error::invalid(Field::OperatorName, Problem::NotName { min: 1, max: NAME_CHARS }));
    }
    let totp_secret = totp::new_secret();
    let new = NewOperator {
        name: name.to_owned(),
        password_hash,
        totp_secret: totp_secret.clone(),
        last_step: 0,
        role,
        disabled: false,
        create_time: now,
    };
    if store::tenancy::operator::insert(conn, &new)? {
        Ok(totp_secret)
    } else {
        Err(Error::invalid(Field::OperatorName, Problem::OperatorExists(name.to_owned())))
    }
}

/// Returns an operator that must exist.
///
/// # Errors
/// [`Error::Invalid`].
pub fn require(conn: &mut Conn, name: &str) -> Result<Operator> {
    find(conn, name)?.ok_or_else(|| Error::invalid(Field::OperatorName, Problem::NoOperator(name.to_owned())))
}

/// Sets the password of an operator, and ends their sessions.
///
/// # Errors
/// [`Error::Invalid`] for an unknown name.
pub fn set_password(conn: &mut Conn, name: &str, password_hash: &str) -> Result<()> {
    let operator = require(conn, name)?;
    store::tenancy::operator::set_password(conn, operator.operator_id, password_hash)?;
    Ok(store::tenancy::console_session::end_of_operator(conn, operator.operator_id)?)
}

/// Gives an operator a new secret for their codes, ends their sessions, and returns the secret.
///
/// # Errors
/// [`Error::Invalid`] for an unknown name.
pub fn reset_totp(conn: &mut Conn, name: &str) -> Result<String> {
    let operator = require(conn, name)?;
    let secret = totp::new_secret();
    store::tenancy::operator::set_totp_secret(conn, operator.operator_id, &secret)?;
    store::tenancy::console_session::end_of_operator(conn, operator.operator_id)?;
    Ok(secret)
}

/// Disables an operator, whose sessions end, or enables them again.
///
/// # Errors
/// [`Error::Invalid`] for an unknown name.
pub fn set_disabled(conn: &mut Conn, name: &str, disabled: bool) -> Result<()> {
    let operator = require(conn, name)?;
    store::tenancy::operator::set_disabled(conn, operator.operator_id, disabled)?;
    Ok(store::tenancy::console_session::end_of_operator(conn, operator.operator_id)?)
}

/// The time step of a code that an operator may use now. Without an operator it takes as long and is `None`.
#[must_use]
pub fn step_of(operator: Option<&Operator>, code: &str, now: Millis) -> Option<i64> {
    let secret = operator.map_or(NOBODYS_SECRET, |operator| &operator.totp_secret);
    let step = totp::step_of(secret, code, now);
    let operator = operator.filter(|operator| !operator.disabled)?;
    step.filter(|step| *step > operator.last_step)
}

/// Signs in an operator whose password is right, with the [step](step_of) of their code, and returns the token of the session.
/// `None` if the code was used, or the operator changed, meanwhile.
///
/// # Errors
/// Only those of the database.
pub fn sign_in(conn: &mut Conn, operator: &Operator, step: i64, now: Millis) -> Result<Option<String>> {
    if !store::tenancy::operator::use_step(conn, operator, step)? {
        return Ok(None);
    }
    let who = console::Person {
        operator_id: Some(operator.operator_id),
        enterprise_id: None,
        role: operator.role,
        name: operator.name.clone(),
    };
    console::begin(conn, who, now).map(Some)
}
