//! Lists of classes, in id order, which is the order of reservation.

use diesel::sql_types::{BigInt, Text};

use super::row::{Status, Type};
use crate::clock::Millis;
use crate::db::prelude::*;
use crate::db::{Conn, Effort};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::members;
use crate::store::statement::Statement;
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

/// The types of the columns of [`Listed`].
type Columns = (BigInt, Text, Text, Text, Text, BigInt, BigInt, BigInt);

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
    /// How long a page takes to find.
    #[must_use]
    pub fn effort(&self, page: Page) -> Effort {
        if self.user_id.is_none() && !page.is_far() { Effort::Short } else { Effort::Long }
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
            (total, of_kinds(conn, enterprise_id, kinds.as_deref(), filter.newest_first, page)?)
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

/// Returns a page of the classes of some pairs of status and type. Each pair is an index range. The database merges the
/// ranges up to the end of the page, and reads the rows of the page only.
fn of_kinds(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    kinds: Option<&[(Status, Type)]>,
    newest_first: bool,
    page: Page,
) -> Result<Vec<Listed>> {
    let (beyond, direction) = if newest_first { ("<", "DESC") } else { (">", "ASC") };
    let ranges: Vec<String> = match kinds {
        None => vec![String::new()],
        Some(kinds) => kinds
            .iter()
            .map(|(status, class_type)| format!(" AND class_status = '{status}' AND class_type = '{class_type}'"))
            .collect(),
    };
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    let mut query: Statement<Columns> = Statement::new(
        "SELECT classes.class_id, class_topic, class_type, class_status, teacher_id, create_time, start_time, stop_time \
         FROM (",
    );
    for (number, range) in ranges.into_iter().enumerate() {
        let union = if number == 0 { "" } else { " UNION ALL " };
        query = query.sql(union).sql("SELECT class_id FROM classes WHERE enterprise_id = ").number(enterprise_id.0);
        if let Some(after) = page.after() {
            query = query.sql(format!(" AND class_id {beyond} ")).number(after);
        }
        query = query.sql(range);
    }
    // The sum keeps the database from another index than the primary key.
    query
        .sql(format!(" ORDER BY class_id {direction} LIMIT "))
        .number(page.limit())
        .sql(" OFFSET ")
        .number(page.offset())
        .sql(") AS page CROSS JOIN classes WHERE classes.class_id = page.class_id AND enterprise_id + 0 = ")
        .number(enterprise_id.0)
        .sql(format!(" ORDER BY page.class_id {direction}"))
        .load(conn)
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
