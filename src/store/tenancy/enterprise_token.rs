//! Enterprise tokens: an enterprise's own servers authenticate at the IM API with them. Only their hashes are stored.

use super::enterprise::Enterprise;
use super::settings::ChatSettings;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::enterprise_tokens::dsl;
use crate::store::schema::{chat_settings, enterprise_tokens, enterprises};

/// A token in a list. It does not contain the secret.
#[derive(Clone, Debug, Queryable)]
pub struct EnterpriseToken {
    /// The name that the enterprise chose.
    pub name: String,
    /// When it was created.
    pub create_time: Millis,
}

/// A token to insert.
#[derive(Clone, Insertable)]
#[diesel(table_name = enterprise_tokens, treat_none_as_default_value = false)]
pub struct NewEnterpriseToken {
    /// The enterprise that owns it.
    pub enterprise_id: EnterpriseId,
    /// The name that the enterprise chose.
    pub name: String,
    /// SHA-256 of the token.
    pub token_hash: String,
    /// When it was created.
    pub create_time: Millis,
}

/// Inserts a token. Returns false if the name is taken.
pub fn insert(conn: &mut Conn, new: &NewEnterpriseToken) -> Result<bool> {
    let insert = diesel::insert_into(dsl::enterprise_tokens).values(new);
    insert.on_conflict_do_nothing().execute(conn).map(|n| n > 0)
}

/// Returns the enterprise of a token, with its chat settings.
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

/// Returns the tokens of an enterprise, oldest first.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Vec<EnterpriseToken>> {
    dsl::enterprise_tokens
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::token_id)
        .select((dsl::name, dsl::create_time))
        .load(conn)
}

/// Deletes a token. Returns false if no token has this name.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, name: &str) -> Result<bool> {
    let named = dsl::enterprise_tokens.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::name.eq(name));
    Ok(diesel::delete(named).execute(conn)? > 0)
}
