//! Lists of classes, in id order, which is the order of reservation.

use std::fmt::Write;

use diesel::sql_types::BigInt;

use super::row::{Status, Type};
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::members;
use crate::store::views::classes::dsl;
use crate::store::{Page, Paged, Result, total};

const STATUSES: [Status; 3] = [Status::Will, Status::Ing, Status::End];
const TYPES: [Type; 3] = [Type::Public, Type::OneToOne, Type::OneToMany];

/// A class in a list.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the fields of Class")]
pub struct Listed {
    pub class_id: ClassId,
    pub class_topic: String,
    pub class_type: Type,
    pub class_status: Status,
    pub teacher_id: String,
    pub create_time: Millis,
    pub start_time: Millis,
    pub stop_time: Millis,
}

/// Filters and direction of a list of classes.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A user with a reservation; `None` for all classes.
    pub user_id: Option<String>,
    /// The statuses; empty for all.
    pub statuses: Vec<Status>,
    /// The types; empty for all.
    pub types: Vec<Type>,
    /// Whether the newest class comes first, instead of the oldest.
    pub newest_first: bool,
}

impl Filter {
    /// Whether the page takes about ten microseconds to find.
    #[must_use]
    pub fn is_quick(&self, page: Page) -> bool {
        self.user_id.is_none() && self.kinds().is_none() && !page.is_far()
    }

    /// Returns the pairs of status and type to show; `None` for all.
    fn kinds(&self) -> Option<Vec<(Status, Type)>> {
        let shown = |status, class_type| {
            (self.statuses.is_empty() || self.statuses.contains(&status))
                && (self.types.is_empty() || self.types.contains(&class_type))
        };
        let all = STATUSES.iter().flat_map(|status| TYPES.iter().map(|class_type| (*status, *class_type)));
        let kinds: Vec<_> = all.filter(|(status, class_type)| shown(*status, *class_type)).collect();
        (kinds.len() < STATUSES.len() * TYPES.len()).then_some(kinds)
    }
}

/// Returns classes in the order of their creation.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId, filter: &Filter, page: Page) -> Result<Paged<Listed>> {
    let kinds = filter.kinds();
    let (total, rows) = match (&filter.user_id, &kinds) {
        (Some(user_id), _) => of_user(conn, enterprise_id, user_id, filter, page)?,
        (None, None) if !page.is_far() => {
            (total::of(conn, enterprise_id, "class", |_| true)?, newest_or_oldest(conn, enterprise_id, filter, page)?)
        }
        (None, kinds) => {
            let words: Option<Vec<String>> = kinds
                .as_ref()
                .map(|kinds| kinds.iter().map(|(status, class_type)| format!("{status} {class_type}")).collect());
            let wanted = |kind: &str| words.as_ref().is_none_or(|words| words.iter().any(|word| word == kind));
            let total = total::of(conn, enterprise_id, "class", wanted)?;
            let ids = of_kinds(conn, enterprise_id, kinds.as_deref(), filter.newest_first, page)?;
            (total, in_order(conn, enterprise_id, &ids, filter.newest_first)?)
        }
    };
    Ok(Paged::new(total, page, rows, |class: &Listed| class.class_id.0))
}

#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn listed() -> _ {
    (
        dsl::class_id,
        dsl::class_topic,
        dsl::class_type,
        dsl::class_status,
        dsl::teacher_id,
        dsl::create_time,
        dsl::start_time,
        dsl::stop_time,
    )
}

/// Returns a page of all classes, read from the index in order. Only for pages near the start.
fn newest_or_oldest(conn: &mut Conn, enterprise_id: EnterpriseId, filter: &Filter, page: Page) -> Result<Vec<Listed>> {
    let all = dsl::classes
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .select(listed())
        .offset(page.offset())
        .limit(page.limit());
    if filter.newest_first {
        let before = page.after().unwrap_or(i64::MAX);
        all.filter(dsl::class_id.lt(before)).order(dsl::class_id.desc()).load(conn)
    } else {
        let after = page.after().unwrap_or(i64::MIN);
        all.filter(dsl::class_id.gt(after)).order(dsl::class_id.asc()).load(conn)
    }
}

/// Returns the class ids on a page, of some pairs of status and type. Each pair is an index range. The database merges
/// the ranges up to the page and reads no rows.
fn of_kinds(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    kinds: Option<&[(Status, Type)]>,
    newest_first: bool,
    page: Page,
) -> Result<Vec<ClassId>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        class_id: ClassId,
    }
    let (beyond, direction) = if newest_first { ("<", "DESC") } else { (">", "ASC") };
    let after = page.after().map(|id| format!(" AND class_id {beyond} {id}")).unwrap_or_default();
    // The values are our own numbers and words, so they need no binding.
    let range = format!("SELECT class_id FROM classes WHERE enterprise_id = {enterprise_id}{after}");
    let ranges: Vec<String> = match kinds {
        None => vec![range],
        Some(kinds) => kinds
            .iter()
            .map(|(status, class_type)| {
                format!("{range} AND class_status = '{status}' AND class_type = '{class_type}'")
            })
            .collect(),
    };
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    let mut merged = ranges.join(" UNION ALL ");
    let _ = write!(merged, " ORDER BY class_id {direction} LIMIT {} OFFSET {}", page.limit(), page.offset());
    let found: Vec<Found> = diesel::sql_query(merged).load(conn)?;
    Ok(found.into_iter().map(|row| row.class_id).collect())
}

fn in_order(conn: &mut Conn, enterprise_id: EnterpriseId, ids: &[ClassId], newest_first: bool) -> Result<Vec<Listed>> {
    let mut rows: Vec<Listed> = dsl::classes
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::class_id.eq_any(ids))
        .select(listed())
        .load(conn)?;
    rows.sort_unstable_by_key(|class: &Listed| class.class_id.0);
    if newest_first {
        rows.reverse();
    }
    Ok(rows)
}

/// Returns a page of the classes that a user has a reservation for, and their total. The cost depends on the number of
/// reservations of that user.
fn of_user(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    user_id: &str,
    filter: &Filter,
    page: Page,
) -> Result<(i64, Vec<Listed>)> {
    let theirs = || {
        let reserved = members::table
            .filter(members::enterprise_id.eq(enterprise_id))
            .filter(members::user_id.eq(user_id.to_owned()));
        let mut query = reserved
            .inner_join(dsl::classes.on(dsl::class_id.eq(members::class_id)))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .into_boxed();
        if !filter.statuses.is_empty() {
            query = query.filter(dsl::class_status.eq_any(crate::store::page::distinct(&filter.statuses)));
        }
        if !filter.types.is_empty() {
            query = query.filter(dsl::class_type.eq_any(crate::store::page::distinct(&filter.types)));
        }
        query
    };
    let total = if filter.kinds().is_none() {
        let own = members::table.filter(members::enterprise_id.eq(enterprise_id)).filter(members::user_id.eq(user_id));
        own.count().get_result(conn)?
    } else {
        theirs().count().get_result_boxed(conn)?
    };
    let query = theirs().select(listed()).offset(page.offset()).limit(page.limit());
    let query = match (page.after(), filter.newest_first) {
        (Some(id), true) => query.filter(members::class_id.lt(id)),
        (Some(id), false) => query.filter(members::class_id.gt(id)),
        (None, _) => query,
    };
    let query =
        if filter.newest_first { query.order(members::class_id.desc()) } else { query.order(members::class_id.asc()) };
    Ok((total, query.load_boxed(conn)?))
}
