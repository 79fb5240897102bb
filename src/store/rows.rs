//! Inserting rows: one row that returns its id, or several rows at once.

use std::ops::RangeInclusive;

use super::Result;
use crate::db::prelude::*;

/// The maximum number of rows in one statement. PostgreSQL allows 65,535 values in a statement, and no row that is
/// inserted in bulk has more than sixteen columns.
pub(super) const AT_ONCE: usize = 4_000;
/// Up to this number of rows, statements that are prepared once cost PostgreSQL less than one that it has to parse.
pub(super) const FEW: usize = 8;

/// Inserts rows and returns how many were inserted. With `on_conflict_do_nothing`, existing rows are skipped. SQLite inserts
/// them one by one with a statement that is prepared once. PostgreSQL inserts up to eight by statements that are prepared
/// once, and more in one round trip.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr $(, $otherwise:ident)?) => {{
        let rows = $rows;
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                let one = |row| diesel::insert_into($table).values(row)$(.$otherwise())?.execute(c);
                rows.iter().map(one).sum::<$crate::store::Result<usize>>()
            }
            $crate::db::Conn::Postgres(c) if rows.len() <= $crate::store::rows::FEW => {
                let mut inserted = 0;
                $crate::store::rows::in_groups!(rows, |some| {
                    inserted += diesel::insert_into($table).values(some)$(.$otherwise())?.execute(c)?;
                });
                Ok::<usize, $crate::store::QueryError>(inserted)
            }
            $crate::db::Conn::Postgres(c) => {
                let some = rows.chunks($crate::store::rows::AT_ONCE);
                some.map(|some| diesel::insert_into($table).values(some)$(.$otherwise())?.execute(c))
                    .sum::<$crate::store::Result<usize>>()
            }
        }
    }};
}

/// Inserts a slice of owned rows in few statements and returns their ids.
///
/// On SQLite a statement inserts eight, four, three, two or one row, and each statement is prepared once. Most of the fixed
/// cost of a statement is then shared. The ids of one statement are consecutive, so the last one is enough to know
/// them all. `RETURNING` would take twice as long, because SQLite stores the returned rows in a temporary table.
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
                if rows.len() <= $crate::store::rows::FEW {
                    $crate::store::rows::in_groups!(rows, |some| {
                        ids.extend(diesel::insert_into($table).values(some).returning($id).get_results::<i64>(c)?);
                    });
                } else {
                    for some in rows.chunks($crate::store::rows::AT_ONCE) {
                        ids.extend(diesel::insert_into($table).values(some).returning($id).get_results::<i64>(c)?);
                    }
                }
                // PostgreSQL assigns ids in row order but may return them in any order.
                ids.sort_unstable();
            }
        }
        Ok::<Vec<i64>, $crate::store::QueryError>(ids)
    }};
}

/// Like [`insert_for_ids`], but without the ids.
macro_rules! insert_slice {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        match $conn {
            $crate::db::Conn::Sqlite(c) => $crate::store::rows::in_groups!(rows, |some| {
                diesel::insert_into($table).values(some).execute(c)?;
            }),
            $crate::db::Conn::Postgres(c) if rows.len() <= $crate::store::rows::FEW => {
                $crate::store::rows::in_groups!(rows, |some| {
                    diesel::insert_into($table).values(some).execute(c)?;
                });
            }
            $crate::db::Conn::Postgres(c) => {
                for some in rows.chunks($crate::store::rows::AT_ONCE) {
                    diesel::insert_into($table).values(some).execute(c)?;
                }
            }
        }
        Ok::<(), $crate::store::QueryError>(())
    }};
}

/// Runs the body for groups of eight rows, then for groups of four, three, two and one of the rows that are left.
macro_rules! in_groups {
    ($rows:expr, |$some:ident| $body:block) => {
        $crate::store::rows::in_groups!($rows, |$some| $body, 8, 4, 3, 2, 1)
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

/// Inserts one row and returns its id; see [`insert_for_ids`].
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

/// Returns the ids of the rows that the last statement inserted.
pub(super) fn last_ids(conn: &mut SqliteConnection, added: usize) -> Result<RangeInclusive<i64>> {
    let last: i64 = diesel::select(last_insert_rowid()).get_result(conn)?;
    Ok(last - i64::try_from(added).unwrap_or_default() + 1..=last)
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn last_insert_rowid() -> diesel::sql_types::BigInt;
}

pub(super) use {in_groups, insert_for_id, insert_for_ids, insert_rows, insert_slice};
