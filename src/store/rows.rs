//! Adding rows: one, for its id, or several at once.

use std::ops::RangeInclusive;

use super::Result;
use crate::db::prelude::*;

/// PostgreSQL takes at most 65,535 values in a statement; no row that comes in numbers has more than sixteen.
pub(super) const AT_ONCE: usize = 4_000;

/// Adds the rows that an iterator gives references to, and says how many: on SQLite one by one, with a statement that is
/// prepared once; on PostgreSQL in one round trip. With `on_conflict_do_nothing` behind it, those that are there are left out.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr $(, $otherwise:ident)?) => {{
        let rows = $rows;
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                let one = |row| diesel::insert_into($table).values(row)$(.$otherwise())?.execute(c);
                rows.map(one).sum::<$crate::store::Result<usize>>()
            }
            $crate::db::Conn::Postgres(c) => {
                let rows: Vec<_> = rows.collect();
                let some = rows.chunks($crate::store::rows::AT_ONCE);
                some.map(|some| diesel::insert_into($table).values(some.to_vec())$(.$otherwise())?.execute(c))
                    .sum::<$crate::store::Result<usize>>()
            }
        }
    }};
}

/// Adds a slice of rows that own what they have, in few statements, and says which ids they were given.
///
/// On SQLite the statements are of eight rows, four, two or one, each prepared once: what a statement costs beside its rows is
/// a third of one that has one row. They count the ids up by one, so that the last one tells all; `RETURNING` would take
/// twice as long, with a table of its own for what it returns.
macro_rules! insert_for_ids {
    ($conn:expr, $table:expr, $rows:expr, $id:expr) => {{
        let rows = $rows;
        let mut ids: Vec<i64> = Vec::with_capacity(rows.len());
        match $conn {
            $crate::db::Conn::Sqlite(c) => $crate::store::rows::in_groups!(rows, |some| {
                let added = diesel::insert_into($table).values(some).execute(c)?;
                ids.extend($crate::store::rows::last_ids(c, added)?);
            }),
            $crate::db::Conn::Postgres(c) => {
                for some in rows.chunks($crate::store::rows::AT_ONCE) {
                    ids.extend(diesel::insert_into($table).values(some).returning($id).get_results::<i64>(c)?);
                }
                // They are given in the order of the rows, and returned in none that is promised.
                ids.sort_unstable();
            }
        }
        Ok::<Vec<i64>, $crate::store::QueryError>(ids)
    }};
}

/// As [`insert_for_ids`], without the ids.
macro_rules! insert_slice {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        match $conn {
            $crate::db::Conn::Sqlite(c) => $crate::store::rows::in_groups!(rows, |some| {
                diesel::insert_into($table).values(some).execute(c)?;
            }),
            $crate::db::Conn::Postgres(c) => {
                for some in rows.chunks($crate::store::rows::AT_ONCE) {
                    diesel::insert_into($table).values(some).execute(c)?;
                }
            }
        }
        Ok::<(), $crate::store::QueryError>(())
    }};
}

/// Does something with eight rows at a time, then with four, two and one of those that are left.
macro_rules! in_groups {
    ($rows:expr, |$some:ident| $body:block) => {
        $crate::store::rows::in_groups!($rows, |$some| $body, 8, 4, 2, 1)
    };
    ($rows:expr, |$some:ident| $body:block, $($size:literal),+) => {{
        let rest = $rows;
        $(
            let (groups, rest) = rest.as_chunks::<$size>();
            for $some in groups $body
        )+
        debug_assert!(rest.is_empty(), "of one row at a time none is left");
    }};
}

/// Adds one row and says which id it was given; see [`insert_for_ids`].
macro_rules! insert_for_id {
    ($conn:expr, $table:expr, $row:expr, $id:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                let added = diesel::insert_into($table).values($row).execute(c);
                added.and_then(|added| Ok(*$crate::store::rows::last_ids(c, added)?.end()))
            }
            $crate::db::Conn::Postgres(c) => {
                diesel::insert_into($table).values($row).returning($id).get_result::<i64>(c)
            }
        }
    };
}

/// The ids of the rows that the last statement added.
pub(super) fn last_ids(conn: &mut SqliteConnection, added: usize) -> Result<RangeInclusive<i64>> {
    let last: i64 = diesel::select(last_insert_rowid()).get_result(conn)?;
    Ok(last - i64::try_from(added).unwrap_or_default() + 1..=last)
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn last_insert_rowid() -> diesel::sql_types::BigInt;
}

pub(super) use {in_groups, insert_for_id, insert_for_ids, insert_rows, insert_slice};
