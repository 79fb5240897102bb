//! Enterprise tokens: what an enterprise's own programs call IM with. Only the hash of each is stored.

use super::enterprise::Enterprise;
use super::settings::ChatSettings;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::enterprise_tokens::dsl;
use crate::store::schema::{chat_settings, enterprise_tokens, enterprises};

/// A token as it is listed: nobody can call with what is here.
#[derive(Clone, Debug, Queryable)]
pub struct EnterpriseToken {
    /// What its enterprise calls it.
    pub name: String,
    /// When it was made.
    pub create_time: Millis,
}

/// What a new token is stored as.
#[derive(Clone, Insertable)]
#[diesel(table_name = enterprise_tokens, treat_none_as_default_value = false)]
pub struct NewEnterpriseToken {
    /// Whose it is.
    pub enterprise_id: i64,
    /// What its enterprise calls it.
    pub name: String,
    /// SHA-256 of the token.
    pub token_hash: String,
    /// When it was made.
    pub create_time: Millis,
}

/// Keeps a token; says whether its name was free.
pub fn insert(conn: &mut Conn, new: &NewEnterpriseToken) -> Result<bool> {
    let insert = diesel::insert_into(dsl::enterprise_tokens).values(new);
    insert.on_conflict_do_nothing().execute(conn).map(|n| n > 0)
}

/// The enterprise of a token, with its chat application.
pub fn owner(conn: &mut Conn, token_hash: &str) -> Result<Option<(Enterprise, ChatSettings)>> {
    let found: Option<(Enterprise, Option<ChatSettings>)> = dsl::enterprise_tokens
        .inner_join(enterprises::table.left_join(chat_settings::table))
        .filter(dsl::token_hash.eq(token_hash))
        .select((enterprises::all_columns, chat_settings::all_columns.nullable()))
        .get_result(conn)
        .optional()?;
    Ok(found.map(|(enterprise, settings)| {
        let settings = settings.unwrap_or_else(|| ChatSettings::default_of(enterprise.enterprise_id));
        (enterprise, settings)
    }))
}

/// The tokens of an enterprise, the oldest first.
pub fn list(conn: &mut Conn, enterprise_id: i64) -> Result<Vec<EnterpriseToken>> {
    dsl::enterprise_tokens
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::token_id)
        .select((dsl::name, dsl::create_time))
        .load(conn)
}

/// Forgets a token; says whether there was one of this name.
pub fn delete(conn: &mut Conn, enterprise_id: i64, name: &str) -> Result<bool> {
    let named = dsl::enterprise_tokens.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::name.eq(name));
    Ok(diesel::delete(named).execute(conn)? > 0)
}
