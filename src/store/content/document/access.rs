//! Whose documents are, and who may not see them.

use super::permission::Permission;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::views::documents::dsl;

/// Whether somebody owns a document.
pub fn is_owner(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<bool> {
    let owned = dsl::documents.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::owner.eq(user_id));
    diesel::select(diesel::dsl::exists(owned)).get_result(conn)
}

/// Returns those of `doc_ids` that exist and that a user may not see: private ones of others.
pub fn hidden_from(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    user_id: &str,
    doc_ids: &[String],
) -> Result<Vec<String>> {
    dsl::documents
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::doc_id.eq_any(doc_ids))
        .filter(dsl::permission.eq(Permission::Private))
        .filter(dsl::owner.ne(user_id))
        .select(dsl::doc_id)
        .load(conn)
}

/// Returns those of `doc_ids` that exist and belong to this owner.
pub fn owned(conn: &mut Conn, enterprise_id: EnterpriseId, owner: &str, doc_ids: &[String]) -> Result<Vec<String>> {
    dsl::documents
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::owner.eq(owner))
        .filter(dsl::doc_id.eq_any(doc_ids))
        .select(dsl::doc_id)
        .load(conn)
}
