//! Lists of rooms, most recently reserved or started first, and counts of the people inside.

use std::collections::{HashMap, HashSet};

use super::row::Room;
use crate::clock::Millis;
use crate::db::prelude::*;
use crate::db::{Conn, Effort};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::{members, sessions};
use crate::store::statement::Statement;
use crate::store::views::rooms;
use crate::store::views::rooms::dsl;
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
    /// How long a page takes to find.
    #[must_use]
    pub fn effort(&self, page: Page) -> Effort {
        let counted = self.teacher_id.is_none() && self.from.is_none() && self.to.is_none();
        if self.class_id.is_some() || (counted && !page.is_far()) { Effort::Short } else { Effort::Long }
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
        (count(conn, enterprise_id, filter)?, on_page(conn, enterprise_id, filter, page)?)
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

/// Returns a page of rooms. Each state is an index range. The database merges the ranges up to the end of the page, and reads
/// the rows of the page only.
fn on_page(conn: &mut Conn, enterprise_id: EnterpriseId, filter: &Filter, page: Page) -> Result<Vec<Room>> {
    if filter.states().is_empty() {
        return Ok(Vec::new());
    }
    let mut query: Statement<rooms::SqlType> = Statement::new(
        "SELECT classes.class_id, enterprise_id, class_topic, class_type, class_status, teacher_id, real_start_time, \
         real_stop_time, silence_limit, teacher_seen, cover, replay_url, replay_time, begin_sequence, end_sequence, \
         classes.active_time, room_state FROM (",
    );
    for (number, state) in filter.states().into_iter().enumerate() {
        let union = if number == 0 { "" } else { " UNION ALL " };
        query = query
            .sql(union)
            .sql("SELECT class_id, active_time FROM classes WHERE enterprise_id = ")
            .number(enterprise_id.0)
            .sql(" AND room_state = ")
            .number(state);
        for (bound, time) in [(" AND active_time >= ", filter.from), (" AND active_time <= ", filter.to)] {
            if let Some(time) = time {
                query = query.sql(bound).number(time);
            }
        }
    }
    // The sum keeps the database from another index than the primary key.
    query
        .sql(" ORDER BY active_time DESC, class_id DESC LIMIT ")
        .number(page.limit())
        .sql(" OFFSET ")
        .number(page.offset())
        .sql(") AS page CROSS JOIN classes WHERE classes.class_id = page.class_id AND enterprise_id + 0 = ")
        .number(enterprise_id.0)
        .sql(" ORDER BY page.active_time DESC, page.class_id DESC")
        .load(conn)
}

/// Returns for which of these classes a user has a reservation.
pub fn reserved(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
    user_id: &str,
) -> Result<HashSet<ClassId>> {
    let reserved: Vec<ClassId> = members::table
        .filter(members::class_id.eq_any(class_ids))
        .filter(members::enterprise_id.eq(enterprise_id))
        .filter(members::user_id.eq(user_id))
        .select(members::class_id)
        .load(conn)?;
    Ok(reserved.into_iter().collect())
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
