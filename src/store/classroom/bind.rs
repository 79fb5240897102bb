//! Bind files: documents that are bound to a class.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::class_documents as bindings;
use crate::store::views::bind_files;
use crate::store::views::bind_files::dsl;
use crate::store::{Page, Paged, Result};

/// A document seen as a bind file.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct BindFile {
    /// The row id of the document, assigned in ascending order.
    pub id: i64,
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The document id on the wire.
    pub doc_id: String,
    /// The URL.
    pub doc_url: String,
    /// The name without the extension.
    pub doc_name: String,
    /// The file extension.
    pub doc_ext: String,
    /// The user who added it.
    pub owner: String,
    /// When it was added.
    pub upload_time: Millis,
    /// 0 for courseware, 1 for a video; `None` for a document that was not added as a bind file.
    pub media: Option<i64>,
}

/// Marks a document as a bind file and returns its row id.
pub fn mark(conn: &mut Conn, enterprise_id: EnterpriseId, doc_id: &str, media: i64) -> Result<i64> {
    diesel::update(dsl::bind_files)
        .filter(dsl::doc_id.eq(doc_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::media.eq(media))
        .returning(dsl::id)
        .get_result(conn)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn bound(enterprise_id: EnterpriseId, class_id: ClassId) -> _ {
    bindings::table
        .inner_join(dsl::bind_files.on(dsl::id.eq(bindings::document_id).and(dsl::enterprise_id.eq(enterprise_id))))
        .filter(bindings::class_id.eq(class_id))
        .filter(bindings::enterprise_id.eq(enterprise_id))
}

/// Returns the files bound to a class, of one owner or of all, newest first.
pub fn of_class(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    owner: Option<&str>,
    page: Page,
) -> Result<Paged<BindFile>> {
    let matching = || {
        let query = bound(enterprise_id, class_id).into_boxed();
        match owner {
            Some(owner) => query.filter(dsl::owner.eq(owner.to_owned())),
            None => query,
        }
    };
    let total = matching().count().get_result_boxed(conn)?;
    let on_page = matching().order(bindings::id.desc()).offset(page.offset()).limit(page.limit());
    Ok(Paged::new(total, page, on_page.select(bind_files::all_columns).load_boxed(conn)?, |file: &BindFile| file.id))
}

/// Returns the file that an owner bound to a class from this URL.
pub fn find_of_class(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    owner: &str,
    url: &str,
) -> Result<Option<BindFile>> {
    let found = bound(enterprise_id, class_id)
        .filter(dsl::owner.eq(owner))
        .filter(dsl::doc_url.eq(url))
        .select(bind_files::all_columns)
        .limit(1)
        .load(conn)?;
    Ok(found.into_iter().next())
}

/// Counts the files bound to a class.
pub fn count_of_class(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    bound(enterprise_id, class_id).count().get_result(conn)
}
