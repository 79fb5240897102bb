//! Lists of rooms, most recently reserved or started first, and counts of the people inside.

use std::collections::{HashMap, HashSet};

use diesel::dsl::exists;
use diesel::sql_types::BigInt;

use super::row::Room;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::classroom::class::Type;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::{members, sessions};
use crate::store::views::rooms::dsl;
use crate::store::views::{classes, rooms};
use crate::store::{Page, Paged, Result, total};

const STATES: [i64; 4] = [0, 1, 2, 3];

/// Filters for a list of rooms.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The room.
    pub class_id: Option<ClassId>,
    /// The teacher.
    pub teacher_id: Option<String>,
    /// The state; see [`Room::room_state`].
    pub state: Option<i64>,
    /// The earliest time of reservation or start.
    pub from: Option<Millis>,
    /// The latest time of reservation or start.
    pub to: Option<Millis>,
}

impl Filter {
    /// Whether the page takes about ten microseconds to find.
    #[must_use]
    pub fn is_quick(&self, page: Page) -> bool {
        let counted = self.teacher_id.is_none() && self.from.is_none() && self.to.is_none();
        self.class_id.is_some() || (counted && !page.is_far())
    }

    fn states(&self) -> Vec<i64> {
        STATES.into_iter().filter(|state| self.state.is_none_or(|wanted| wanted == *state)).collect()
    }
}

/// Returns rooms, most recently reserved or started first. With a teacher or a time filter, the total is counted row
/// by row.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId, filter: &Filter, page: Page) -> Result<Paged<Room>> {
    let (total, rows) = if filter.class_id.is_some() || filter.teacher_id.is_some() {
        let query = matching(enterprise_id, filter)
            .order((dsl::active_time.desc(), dsl::class_id.desc()))
            .offset(page.offset())
            .limit(page.limit());
        (matching(enterprise_id, filter).count().get_result_boxed(conn)?, query.load_boxed(conn)?)
    } else {
        let ids = on_page(conn, enterprise_id, filter, page)?;
        (count(conn, enterprise_id, filter)?, in_order(conn, enterprise_id, &ids)?)
    };
    Ok(Paged::new(total, page, rows, |room: &Room| room.class_id.0))
}

fn matching(enterprise_id: EnterpriseId, filter: &Filter) -> rooms::BoxedQuery<'_, <Conn as Connection>::Backend> {
    let mut query = dsl::rooms.filter(dsl::enterprise_id.eq(enterprise_id)).into_boxed();
    query = query.filter(dsl::room_state.eq_any(filter.states()));
    if let Some(class_id) = filter.class_id {
        query = query.filter(dsl::class_id.eq(class_id));
    }
    if let Some(teacher_id) = &filter.teacher_id {
        // A teacher always has a reservation, and reservations are indexed by user.
        let reserved = members::table
            .filter(members::enterprise_id.eq(enterprise_id))
            .filter(members::user_id.eq(teacher_id))
            .select(members::class_id);
        query = query.filter(dsl::class_id.eq_any(reserved)).filter(dsl::teacher_id.eq(teacher_id));
    }
    if let Some(from) = filter.from {
        query = query.filter(dsl::active_time.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(dsl::active_time.le(to));
    }
    query
}

fn count(conn: &mut Conn, enterprise_id: EnterpriseId, filter: &Filter) -> Result<i64> {
    if filter.from.is_some() || filter.to.is_some() {
        return matching(enterprise_id, filter).count().get_result_boxed(conn);
    }
    let of_status = |status: &'static str| move |kind: &str| kind.split(' ').next() == Some(status);
    match filter.state {
        None => total::of(conn, enterprise_id, "class", |_| true),
        Some(0) => total::of(conn, enterprise_id, "class", of_status("will")),
        Some(1) => total::of(conn, enterprise_id, "class", of_status("ing")),
        Some(3) => total::of(conn, enterprise_id, "replay", |_| true),
        Some(2) => Ok(total::of(conn, enterprise_id, "class", of_status("end"))?
            - total::of(conn, enterprise_id, "replay", |_| true)?),
        Some(_) => Ok(0),
    }
}

/// Returns the class ids on a page. Each state is an index range. The database merges the ranges up to the page and
/// reads no rows.
fn on_page(conn: &mut Conn, enterprise_id: EnterpriseId, filter: &Filter, page: Page) -> Result<Vec<ClassId>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        class_id: ClassId,
    }
    // The values are our own numbers, so they need no binding.
    let from = filter.from.map(|from| format!(" AND active_time >= {from}")).unwrap_or_default();
    let to = filter.to.map(|to| format!(" AND active_time <= {to}")).unwrap_or_default();
    let range = |state: i64| {
        format!(
            "SELECT class_id, active_time FROM classes \
             WHERE enterprise_id = {enterprise_id} AND room_state = {state}{from}{to}"
        )
    };
    let ranges: Vec<String> = filter.states().into_iter().map(range).collect();
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    let merged = ranges.join(" UNION ALL ");
    let (limit, offset) = (page.limit(), page.offset());
    let statement = format!("{merged} ORDER BY active_time DESC, class_id DESC LIMIT {limit} OFFSET {offset}");
    let found: Vec<Found> = diesel::sql_query(statement).load(conn)?;
    Ok(found.into_iter().map(|row| row.class_id).collect())
}

fn in_order(conn: &mut Conn, enterprise_id: EnterpriseId, ids: &[ClassId]) -> Result<Vec<Room>> {
    let mut rows: Vec<Room> =
        dsl::rooms.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::class_id.eq_any(ids)).load(conn)?;
    rows.sort_unstable_by_key(|room| std::cmp::Reverse((room.active_time, room.class_id)));
    Ok(rows)
}

/// Returns which of these classes are public or have a reservation for a user.
pub fn open_to(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
    user_id: &str,
) -> Result<HashSet<ClassId>> {
    let is_reserved = members::table
        .filter(members::class_id.eq(classes::class_id))
        .filter(members::enterprise_id.eq(enterprise_id))
        .filter(members::user_id.eq(user_id));
    // The sum keeps the database from an index of all classes of the enterprise.
    let open: Vec<ClassId> = classes::table
        .filter(classes::class_id.eq_any(class_ids))
        .filter((classes::enterprise_id + 0).eq(enterprise_id))
        .filter(classes::class_type.eq(Type::Public).or(exists(is_reserved)))
        .select(classes::class_id)
        .load(conn)?;
    Ok(open.into_iter().collect())
}

/// Counts the people inside each of these classes. Empty classes are left out.
pub fn inside(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId]) -> Result<HashMap<ClassId, i64>> {
    let counted: Vec<(ClassId, i64)> = sessions::table
        .filter(sessions::class_id.eq_any(class_ids))
        .filter(sessions::enterprise_id.eq(enterprise_id))
        .filter(sessions::quit_time.is_null())
        .group_by(sessions::class_id)
        .select((sessions::class_id, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(counted.into_iter().collect())
}
