//! Documents: courseware with the status of its conversion.

mod access;
pub mod binding;
mod permission;
mod shown;

use std::collections::HashMap;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::events::failure::FailureKind;
use crate::store::events::payload::ConversionStatus;
pub use crate::store::events::payload::TranscodeStatus;
use crate::store::ids::EnterpriseId;
use crate::store::page::{distinct, end_of_prefix};
use crate::store::text::Json;
use crate::store::views::documents;
use crate::store::views::documents::dsl;
use crate::store::{Page, Paged, Result, total};
pub use access::{hidden_from, is_owner, owned};
pub use permission::Permission;
pub use shown::{PageFiles, ShownDocument};

/// A document.
#[derive(Clone, Debug, Queryable)]
pub struct Document {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The id on the wire.
    pub doc_id: String,
    /// The URL of the original.
    pub doc_url: String,
    /// The name without the extension.
    pub doc_name: String,
    /// The file extension.
    pub doc_ext: String,
    /// The announced size in bytes.
    pub doc_size: i64,
    /// The announced MD5 of the content.
    pub doc_md5: String,
    /// Who may see it.
    pub permission: Permission,
    /// The `user_id` of its owner; empty for none.
    pub owner: String,
    /// When it was added.
    pub upload_time: Millis,
    /// Whether a conversion was requested.
    pub is_transcode: bool,
    /// The status of the conversion.
    pub transcode_status: TranscodeStatus,
    /// A description of the conversion failure.
    pub transcode_msg: String,
    /// The URL of the converted document.
    pub transcode_result: String,
    /// The stored file of the original, if it was uploaded here.
    pub file_key: Option<String>,
    /// The stored file of the conversion result.
    pub result_key: Option<String>,
    /// The number of pages; 0 while unknown.
    pub pages: i64,
    /// The width of the first page in pixels; 0 while unknown.
    pub width: i64,
    /// The height of the first page in pixels; 0 while unknown.
    pub height: i64,
    /// Why the conversion failed, if it did.
    pub transcode_failure: Option<FailureKind>,
    /// The images of its pages; `None` before the conversion, and for what earlier versions converted.
    pub page_files: Option<Json<PageFiles>>,
}

/// A document to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = documents, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Document")]
pub struct NewDocument {
    pub enterprise_id: EnterpriseId,
    pub doc_id: String,
    pub doc_url: String,
    pub doc_name: String,
    pub doc_ext: String,
    pub doc_size: i64,
    pub doc_md5: String,
    pub permission: Permission,
    pub owner: String,
    pub upload_time: Millis,
    pub is_transcode: bool,
    pub transcode_status: TranscodeStatus,
    pub transcode_failure: Option<FailureKind>,
    pub transcode_msg: String,
    pub transcode_result: String,
    pub file_key: Option<String>,
    pub result_key: Option<String>,
}

/// Inserts a document.
pub fn insert(conn: &mut Conn, new: &NewDocument) -> Result<()> {
    diesel::insert_into(dsl::documents).values(new).execute(conn).map(drop)
}

/// Returns a document.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, doc_id: &str) -> Result<Option<Document>> {
    dsl::documents
        .filter(dsl::doc_id.eq(doc_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Returns the existing documents among `doc_ids` and locks them until the transaction ends. Locks are taken in id
/// order to avoid deadlocks.
pub fn lock_existing(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String]) -> Result<Vec<String>> {
    let query = dsl::documents
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::doc_id.eq_any(doc_ids))
        .order(dsl::id)
        .select(dsl::doc_id);
    match conn {
        Conn::Sqlite(c) => query.load(c),
        Conn::Postgres(c) => query.for_update().load(c),
    }
}

/// Updates the conversion status of a document.
pub fn set_conversion_status(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    doc_id: &str,
    status: &ConversionStatus,
) -> Result<()> {
    diesel::update(dsl::documents.filter(dsl::doc_id.eq(doc_id)).filter(dsl::enterprise_id.eq(enterprise_id)))
        .set((
            dsl::transcode_status.eq(status.state),
            dsl::transcode_failure.eq(status.failure),
            dsl::transcode_msg.eq(&status.message),
            dsl::transcode_result.eq(&status.result),
            dsl::pages.eq(status.pages),
            dsl::width.eq(status.width),
            dsl::height.eq(status.height),
        ))
        .execute(conn)
        .map(drop)
}

/// Stores which file a document was converted into, and which images its pages have there.
pub fn keep_result(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    doc_id: &str,
    file_key: &str,
    page_files: PageFiles,
) -> Result<()> {
    diesel::update(dsl::documents.filter(dsl::doc_id.eq(doc_id)).filter(dsl::enterprise_id.eq(enterprise_id)))
        .set((dsl::result_key.eq(file_key), dsl::page_files.eq(Json::new(page_files))))
        .execute(conn)
        .map(drop)
}

/// Returns the row ids of the existing documents among `doc_ids`.
pub fn numbers(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String]) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = dsl::documents
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::doc_id.eq_any(doc_ids))
        .select((dsl::doc_id, dsl::id))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Returns the file keys of documents: uploaded originals first, conversion results second.
pub fn files(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String]) -> Result<(Vec<String>, Vec<String>)> {
    let rows: Vec<(Option<String>, Option<String>)> = dsl::documents
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::doc_id.eq_any(doc_ids))
        .select((dsl::file_key, dsl::result_key))
        .load(conn)?;
    let (originals, results): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    Ok((originals.into_iter().flatten().collect(), results.into_iter().flatten().collect()))
}

/// Returns those of `keys` that are the original of a document.
pub fn named(conn: &mut Conn, enterprise_id: EnterpriseId, keys: &[String]) -> Result<Vec<String>> {
    let keys: Vec<Option<String>> = dsl::documents
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::file_key.eq_any(keys))
        .select(dsl::file_key)
        .distinct()
        .load(conn)?;
    Ok(keys.into_iter().flatten().collect())
}

/// Deletes the existing documents among `doc_ids`.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String]) -> Result<()> {
    diesel::delete(dsl::documents)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::doc_id.eq_any(doc_ids))
        .execute(conn)
        .map(drop)
}

/// Filters for a list of documents.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The prefix of the name; empty for all.
    pub prefix: String,
    /// The owner; `None` for all.
    pub owner: Option<String>,
    /// The permissions; empty for all.
    pub permissions: Vec<Permission>,
}

/// Returns documents, oldest first. With an owner or a prefix, the total is counted row by row.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId, filter: &Filter, page: Page) -> Result<Paged<Document>> {
    let total = count(conn, enterprise_id, filter)?;
    let on_page = matching(enterprise_id, filter).offset(page.offset()).limit(page.limit()).order(dsl::id);
    let on_page = match page.after() {
        Some(id) => on_page.filter(dsl::id.gt(id)),
        None => on_page,
    };
    Ok(Paged::new(total, page, on_page.load_boxed(conn)?, |document: &Document| document.id))
}

fn count(conn: &mut Conn, enterprise_id: EnterpriseId, filter: &Filter) -> Result<i64> {
    if filter.prefix.is_empty() && filter.owner.is_none() {
        let kinds = &filter.permissions;
        let wanted = |kind: &str| kinds.is_empty() || kinds.iter().any(|permission| permission.as_str() == kind);
        total::of(conn, enterprise_id, "document", wanted)
    } else {
        matching(enterprise_id, filter).count().get_result_boxed(conn)
    }
}

fn matching(enterprise_id: EnterpriseId, filter: &Filter) -> documents::BoxedQuery<'_, <Conn as Connection>::Backend> {
    let mut query = dsl::documents.filter(dsl::enterprise_id.eq(enterprise_id)).into_boxed();
    if let Some(owner) = &filter.owner {
        query = query.filter(dsl::owner.eq(owner));
    }
    query = match filter.permissions.as_slice() {
        [] => query,
        [permission] => query.filter(dsl::permission.eq(permission)),
        permissions => query.filter(dsl::permission.eq_any(distinct(permissions))),
    };
    if !filter.prefix.is_empty() {
        query = query.filter(dsl::doc_name.ge(&filter.prefix));
        if let Some(end) = end_of_prefix(&filter.prefix) {
            query = query.filter(dsl::doc_name.lt(end));
        }
    }
    query
}

/// Returns the documents that a user may see, public ones and their own, oldest first.
pub fn visible(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    viewer: &str,
    filter: &Filter,
    page: Page,
) -> Result<Paged<Document>> {
    let others = filter.owner.as_ref().is_some_and(|owner| owner != viewer);
    let wanted = |permission| filter.permissions.is_empty() || filter.permissions.contains(&permission);
    // Two index ranges that contain visible rows only, so no row is skipped.
    let public = Filter { permissions: vec![Permission::Public], ..filter.clone() };
    let private = Filter { permissions: vec![Permission::Private], owner: Some(viewer.to_owned()), ..filter.clone() };
    let mut kinds = Vec::new();
    if wanted(Permission::Public) {
        kinds.push(public);
    }
    if wanted(Permission::Private) && !others {
        kinds.push(private);
    }
    // Read enough rows of each range to cover the page and all rows before it.
    let first = Page { size: page.offset().saturating_add(page.limit()), start: crate::store::Start::Index(0) };
    let (mut total, mut ids) = (0, Vec::new());
    for kind in &kinds {
        total += count(conn, enterprise_id, kind)?;
        let range = matching(enterprise_id, kind).order(dsl::id).limit(first.size).select(dsl::id);
        let found: Vec<i64> = match page.after() {
            Some(id) => range.filter(dsl::id.gt(id)).load_boxed(conn)?,
            None => range.load_boxed(conn)?,
        };
        ids.extend(found);
    }
    ids.sort_unstable();
    let on_page = |count: i64| usize::try_from(count).unwrap_or(usize::MAX);
    let ids: Vec<i64> = ids.into_iter().skip(on_page(page.offset())).take(on_page(page.limit())).collect();
    let rows: Vec<Document> = dsl::documents
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::id.eq_any(ids))
        .order(dsl::id)
        .load(conn)?;
    Ok(Paged::new(total, page, rows, |document: &Document| document.id))
}
