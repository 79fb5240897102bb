//! Several rows at once.

/// PostgreSQL takes at most 65,535 values in a statement; no row that comes in numbers has more than sixteen.
pub(super) const AT_ONCE: usize = 4_000;

/// Adds the rows that an iterator gives references to: on SQLite one by one, with a statement that is prepared once; on
/// PostgreSQL in one round trip.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let mut rows = $rows;
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                rows.try_for_each(|row| diesel::insert_into($table).values(row).execute(c).map(drop))
            }
            $crate::db::Conn::Postgres(c) => {
                let rows: Vec<_> = rows.collect();
                let mut some = rows.chunks($crate::store::rows::AT_ONCE);
                some.try_for_each(|some| diesel::insert_into($table).values(some.to_vec()).execute(c).map(drop))
            }
        }
    }};
}

pub(super) use insert_rows;
