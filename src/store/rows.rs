//! Several rows at once.

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

pub(super) use insert_rows;
