//! Documents of a class, in the order in which they were added to it.

use super::{Document, Permission};
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::rows::insert_rows;
use crate::store::schema::class_documents::dsl;
use crate::store::schema::{class_documents, live_classes};
use crate::store::views::documents;
use crate::store::{Page, Paged, Result};

#[derive(Insertable)]
#[diesel(table_name = class_documents, treat_none_as_default_value = false)]
struct Row {
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    document_id: i64,
}

/// Adds documents to a class, by their row ids. The class must not have them yet.
pub fn insert(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, documents: &[i64]) -> Result<()> {
    let rows: Vec<Row> =
        documents.iter().map(|document_id| Row { enterprise_id, class_id, document_id: *document_id }).collect();
    insert_rows!(conn, dsl::class_documents, &rows).map(drop)
}

/// Locks the class bindings of documents until the transaction ends. Locks are taken in id order, so that deleting
/// documents and deleting a class don't deadlock.
pub fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, documents: &[i64]) -> Result<()> {
    let query = dsl::class_documents
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::document_id.eq_any(documents))
        .order(dsl::id)
        .select(dsl::id);
    match conn {
        // SQLite has a single writer.
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => query.for_update().load::<i64>(c).map(drop),
    }
}

/// Locks the document bindings of a class, in the same order as [`lock`].
pub fn lock_of_class(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<()> {
    let query = dsl::class_documents
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::class_id.eq(class_id))
        .order(dsl::id)
        .select(dsl::id);
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => query.for_update().load::<i64>(c).map(drop),
    }
}

/// Removes documents from a class. Documents that the class does not have are ignored.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, documents: &[i64]) -> Result<()> {
    diesel::delete(dsl::class_documents)
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::document_id.eq_any(documents))
        .execute(conn)
        .map(drop)
}

/// Returns the row ids of the documents of a class.
pub fn numbers(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Vec<i64>> {
    dsl::class_documents
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .select(dsl::document_id)
        .load(conn)
}

/// Returns the classes that have some documents and are followed, with the ids of the documents, in the order of the classes.
pub fn followed(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String]) -> Result<Vec<(ClassId, String)>> {
    dsl::class_documents
        .inner_join(documents::table.on(documents::id.eq(dsl::document_id)))
        .inner_join(live_classes::table.on(live_classes::class_id.eq(dsl::class_id)))
        .filter(documents::doc_id.eq_any(doc_ids))
        .filter(documents::enterprise_id.eq(enterprise_id))
        .filter(live_classes::enterprise_id.eq(enterprise_id))
        .order((dsl::class_id, dsl::id))
        .select((dsl::class_id, documents::doc_id))
        .load(conn)
}

/// Returns how many pages a document of a class has, 0 before its conversion; `None` if the class does not have it.
pub fn pages_of(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, doc_id: &str) -> Result<Option<i64>> {
    dsl::class_documents
        .inner_join(documents::table.on(documents::id.eq(dsl::document_id)))
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(documents::enterprise_id.eq(enterprise_id))
        .filter(documents::doc_id.eq(doc_id))
        .select(documents::pages)
        .get_result(conn)
        .optional()
}

/// Returns the documents of a class. With a viewer, it returns only those that this user may see: public ones and
/// their own.
pub fn list(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    viewer: Option<&str>,
    page: Page,
) -> Result<Paged<Document>> {
    let bound = || {
        let bound = dsl::class_documents
            .inner_join(documents::table.on(documents::id.eq(dsl::document_id)))
            .filter(dsl::class_id.eq(class_id))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(documents::enterprise_id.eq(enterprise_id))
            .into_boxed();
        match viewer {
            Some(viewer) => bound.filter(documents::permission.eq(Permission::Public).or(documents::owner.eq(viewer))),
            None => bound,
        }
    };
    let total = bound().count().get_result_boxed(conn)?;
    let on_page = match page.after() {
        Some(id) => bound().filter(dsl::id.gt(id)),
        None => bound(),
    };
    let rows: Vec<(i64, Document)> = on_page
        .order(dsl::id)
        .offset(page.offset())
        .limit(page.limit())
        .select((dsl::id, documents::all_columns))
        .load_boxed(conn)?;
    let Paged { total, rows, finish, next } = Paged::new(total, page, rows, |(id, _)| *id);
    Ok(Paged { total, rows: rows.into_iter().map(|(_, document)| document).collect(), finish, next })
}
