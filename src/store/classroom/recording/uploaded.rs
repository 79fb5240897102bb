//! Recordings that components made and uploaded. They have a `task_id`.

use super::Recording;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::page::{Page, Paged};
use crate::store::schema::recordings;
use crate::store::schema::recordings::dsl;

/// Filters for a list of recordings. `None` for all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Who recorded.
    pub user_id: Option<String>,
    /// The task of the component.
    pub task_id: Option<String>,
}

/// Returns the recordings of a class that components uploaded, in the order in which they were uploaded.
pub fn list(
    conn: &mut Conn,
    (enterprise_id, class_id): (EnterpriseId, ClassId),
    filter: &Filter,
    page: Page,
) -> Result<Paged<Recording>> {
    let matching = || {
        let mut rows = recordings::table
            .filter(dsl::class_id.eq(class_id))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::task_id.is_not_null())
            .into_boxed();
        if let Some(user_id) = filter.user_id.clone() {
            rows = rows.filter(dsl::user_id.eq(user_id));
        }
        if let Some(task_id) = filter.task_id.clone() {
            rows = rows.filter(dsl::task_id.eq(task_id));
        }
        rows
    };
    let total = matching().count().get_result_boxed(conn)?;
    let on_page = matching().offset(page.offset()).limit(page.limit()).order(dsl::id);
    Ok(Paged::new(total, page, on_page.load_boxed(conn)?, |recording: &Recording| recording.id))
}

/// Returns how many recordings of a class components uploaded.
pub fn count(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    dsl::recordings
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::task_id.is_not_null())
        .count()
        .get_result(conn)
}

/// Returns recordings that were uploaded before a time, of all enterprises.
pub fn outdated(conn: &mut Conn, uploaded_before: Millis, at_most: i64) -> Result<Vec<Recording>> {
    dsl::recordings
        .filter(dsl::create_time.lt(uploaded_before))
        .filter(dsl::task_id.is_not_null())
        .order(dsl::create_time)
        .limit(at_most)
        .load(conn)
}

/// Deletes a recording.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<()> {
    diesel::delete(dsl::recordings.filter(dsl::id.eq(id)).filter(dsl::enterprise_id.eq(enterprise_id)))
        .execute(conn)
        .map(drop)
}
