//! Callback keys: they sign the callbacks of an enterprise in place of its `tic_key`.

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::callback_keys::dsl;

/// Returns the callback key of an enterprise, if it has one.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Option<String>> {
    dsl::callback_keys.find(enterprise_id).select(dsl::callback_key).get_result(conn).optional()
}

/// Sets the callback key of an enterprise; `None` removes it.
pub fn set(conn: &mut Conn, enterprise_id: EnterpriseId, key: Option<&str>) -> Result<()> {
    let Some(key) = key else {
        return diesel::delete(dsl::callback_keys.find(enterprise_id)).execute(conn).map(drop);
    };
    diesel::insert_into(dsl::callback_keys)
        .values((dsl::enterprise_id.eq(enterprise_id), dsl::callback_key.eq(key)))
        .on_conflict(dsl::enterprise_id)
        .do_update()
        .set(dsl::callback_key.eq(key))
        .execute(conn)
        .map(drop)
}
