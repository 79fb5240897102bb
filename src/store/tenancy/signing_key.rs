//! Signing keys: they sign the tokens of an enterprise's channels.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::signing_keys;
use crate::store::schema::signing_keys::dsl;

/// The keys of an enterprise.
#[derive(Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = signing_keys, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SigningKey {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The current key.
    pub jwt_key: String,
    /// The key before the last rotation.
    pub old_jwt_key: Option<String>,
    /// When the old key expires.
    pub old_jwt_key_until: Option<Millis>,
}

// Written by hand so that a log line never shows a key.
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("enterprise_id", &self.enterprise_id).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Returns the keys that a token may be signed with: the current one and, during its grace period, the old one.
    pub fn keys_at(&self, now: Millis) -> impl Iterator<Item = &str> {
        let old = self.old_jwt_key.as_deref().filter(|_| self.old_jwt_key_until.is_some_and(|until| now <= until));
        std::iter::once(self.jwt_key.as_str()).chain(old)
    }
}

/// Returns the keys of an enterprise, if it has any.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Option<SigningKey>> {
    dsl::signing_keys.find(enterprise_id).get_result(conn).optional()
}

/// Inserts the first keys of an enterprise. Does nothing if it already has keys.
pub fn insert(conn: &mut Conn, new: &SigningKey) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => diesel::insert_or_ignore_into(dsl::signing_keys).values(new).execute(c),
        Conn::Postgres(c) => diesel::insert_into(dsl::signing_keys).values(new).on_conflict_do_nothing().execute(c),
    }
    .map(drop)
}

/// Updates the keys of an enterprise.
pub fn update(conn: &mut Conn, keys: &SigningKey) -> Result<()> {
    diesel::update(dsl::signing_keys.find(keys.enterprise_id)).set(keys).execute(conn).map(drop)
}
