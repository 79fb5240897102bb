//! Operators: the people who run the service and sign in to the console with a password and a code.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::operators;
use crate::store::schema::operators::dsl;
use crate::store::text::words;

words! {
    /// What somebody may do in the console.
    ConsoleRole {
        /// Everything, in all enterprises.
        Operator = "operator",
        /// Everything within one enterprise but what only operators do.
        Admin = "admin",
        /// Reading: in all enterprises for an account of the service, in one for somebody who came by a link.
        Support = "support",
    }
}

/// An operator.
#[derive(Clone, Queryable)]
pub struct Operator {
    /// The id.
    pub operator_id: i64,
    /// The name that they sign in with.
    pub name: String,
    /// The Argon2 hash of the password.
    pub password_hash: String,
    /// The secret of the codes, in Base32.
    pub totp_secret: String,
    /// The time step of the last code that was used.
    pub last_step: i64,
    /// [`ConsoleRole::Operator`] or [`ConsoleRole::Support`].
    pub role: ConsoleRole,
    /// Whether they can't sign in.
    pub disabled: bool,
    /// When they were created.
    pub create_time: Millis,
}

// Written by hand so that a log line never shows a secret.
impl std::fmt::Debug for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operator").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An operator to insert.
#[derive(Clone, Insertable)]
#[diesel(table_name = operators, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Operator")]
pub struct NewOperator {
    pub name: String,
    pub password_hash: String,
    pub totp_secret: String,
    pub last_step: i64,
    pub role: ConsoleRole,
    pub disabled: bool,
    pub create_time: Millis,
}

/// Inserts an operator. Returns false if the name is taken.
pub fn insert(conn: &mut Conn, new: &NewOperator) -> Result<bool> {
    let insert = diesel::insert_into(dsl::operators).values(new);
    insert.on_conflict_do_nothing().execute(conn).map(|n| n > 0)
}

/// Whether there is an operator.
pub fn exist(conn: &mut Conn) -> Result<bool> {
    Ok(dsl::operators.select(dsl::operator_id).limit(1).get_result::<i64>(conn).optional()?.is_some())
}

/// Returns all operators, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<Operator>> {
    dsl::operators.order(dsl::name).load(conn)
}

/// Returns an operator by name.
pub fn find(conn: &mut Conn, name: &str) -> Result<Option<Operator>> {
    dsl::operators.filter(dsl::name.eq(name)).get_result(conn).optional()
}

/// Records that the code of a time step was used. Returns false if a code of this step or a later one was used before, or if the
/// operator is disabled or has another password or secret by now.
pub fn use_step(conn: &mut Conn, operator: &Operator, step: i64) -> Result<bool> {
    let as_shown = dsl::operators
        .filter(dsl::operator_id.eq(operator.operator_id))
        .filter(dsl::last_step.lt(step))
        .filter(dsl::disabled.eq(false))
        .filter(dsl::password_hash.eq(&operator.password_hash))
        .filter(dsl::totp_secret.eq(&operator.totp_secret));
    Ok(diesel::update(as_shown).set(dsl::last_step.eq(step)).execute(conn)? > 0)
}

/// Sets the password of an operator.
pub fn set_password(conn: &mut Conn, operator_id: i64, password_hash: &str) -> Result<()> {
    let one = dsl::operators.find(operator_id);
    diesel::update(one).set(dsl::password_hash.eq(password_hash)).execute(conn).map(drop)
}

/// Sets the secret of the codes of an operator. Codes of the time before do not count as used.
pub fn set_totp_secret(conn: &mut Conn, operator_id: i64, totp_secret: &str) -> Result<()> {
    let one = dsl::operators.find(operator_id);
    diesel::update(one).set((dsl::totp_secret.eq(totp_secret), dsl::last_step.eq(0))).execute(conn).map(drop)
}

/// Disables or enables an operator.
pub fn set_disabled(conn: &mut Conn, operator_id: i64, disabled: bool) -> Result<()> {
    diesel::update(dsl::operators.find(operator_id)).set(dsl::disabled.eq(disabled)).execute(conn).map(drop)
}
