//! The first answer to a request that its caller may send again under the same key.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::idempotency_keys;
use crate::store::schema::idempotency_keys::dsl;

/// SQLite takes at most 32,766 values in a statement.
const AT_ONCE: usize = 10_000;

/// What was asked and answered under a key.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct Answered {
    /// Who asked.
    pub enterprise_id: i64,
    /// Under which key.
    pub idempotency_key: String,
    /// SHA-256 of what was asked.
    pub body_hash: String,
    /// The class that was made.
    pub class_id: i64,
    /// When.
    pub create_time: Millis,
}

/// Claims a key for this transaction; says whether it was free. A transaction that holds the key is waited for.
pub fn claim(conn: &mut Conn, new: &Answered) -> Result<bool> {
    let insert = diesel::insert_into(dsl::idempotency_keys).values(new);
    insert.on_conflict_do_nothing().execute(conn).map(|n| n > 0)
}

/// What was answered under a key.
pub fn find(conn: &mut Conn, enterprise_id: i64, key: &str) -> Result<Option<Answered>> {
    dsl::idempotency_keys.find((enterprise_id, key)).get_result(conn).optional()
}

/// Writes down the class that was made under a key.
pub fn settle(conn: &mut Conn, enterprise_id: i64, key: &str, class_id: i64) -> Result<()> {
    diesel::update(dsl::idempotency_keys.find((enterprise_id, key)))
        .set(dsl::class_id.eq(class_id))
        .execute(conn)
        .map(drop)
}

/// Forgets the keys of an enterprise that are older than `before`, but for those that somebody else is forgetting.
pub fn forget(conn: &mut Conn, enterprise_id: i64, before: Millis) -> Result<()> {
    let own = dsl::idempotency_keys.filter(dsl::enterprise_id.eq(enterprise_id));
    let old = own.filter(dsl::create_time.lt(before)).select(dsl::idempotency_key);
    let old: Vec<String> = match conn {
        Conn::Sqlite(c) => old.load(c)?,
        Conn::Postgres(c) => old.for_update().skip_locked().load(c)?,
    };
    for some in old.chunks(AT_ONCE) {
        diesel::delete(own.filter(dsl::idempotency_key.eq_any(some))).execute(conn)?;
    }
    Ok(())
}
