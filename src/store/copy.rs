//! Copies whole tables, row by row, to move a database. The list of tables comes from the migrations, so a new table
//! can't be forgotten. A row travels as a JSON object, which both databases read and write.

use std::fmt::Write as _;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Bool, Text};

use super::Result;
use crate::db::Conn;
use crate::db::prelude::*;

/// Tables that triggers fill. A copy fills them when it inserts the rows of the other tables.
const DERIVED: [&str; 1] = ["totals"];

/// A table of either database.
#[derive(Clone, Debug)]
pub struct Table {
    name: String,
    columns: Vec<Column>,
    /// The columns of the primary key, in key order.
    key: Vec<Column>,
    /// Whether ids are assigned in ascending order and never reused.
    counted: bool,
}

#[derive(Clone, Debug, QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    /// The position in the primary key, from 1; 0 outside the key.
    #[diesel(sql_type = BigInt)]
    in_key: i64,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    counted: bool,
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Disables PostgreSQL's idle timeout for the current transaction. Its snapshot must survive while the rows are
/// written to the other database.
pub fn keep_open(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => c.batch_execute("SET LOCAL idle_in_transaction_session_timeout = 0"),
    }
}

/// Lists the tables to copy, as found in a [blank](crate::db::blank) database. A table comes after the tables that its
/// foreign keys refer to.
pub fn tables(blank: &mut Conn) -> Result<Vec<Table>> {
    let mut left: Vec<(Found, Vec<String>)> = diesel::sql_query(
        "SELECT name, sql LIKE '%AUTOINCREMENT%' AS counted FROM sqlite_schema \
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '__diesel_schema_migrations'",
    )
    .load::<Found>(blank)?
    .into_iter()
    .filter(|found| !DERIVED.contains(&found.name.as_str()))
    .map(|found| {
        let refers_to = diesel::sql_query("SELECT \"table\" AS text FROM pragma_foreign_key_list($1)")
            .bind::<Text, _>(&found.name)
            .load::<One>(blank)?;
        Ok((found, refers_to.into_iter().map(|row| row.text).collect()))
    })
    .collect::<Result<_>>()?;
    let mut tables: Vec<Table> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_there = |name: &String| tables.iter().any(|table| table.name == *name);
        // If the foreign keys form a cycle, take the first table.
        let next = left.iter().position(|(_, refers_to)| refers_to.iter().all(is_there)).unwrap_or_default();
        let (found, _) = left.remove(next);
        tables.push(Table::read(blank, found)?);
    }
    Ok(tables)
}

impl Table {
    fn read(blank: &mut Conn, found: Found) -> Result<Self> {
        let columns: Vec<Column> =
            diesel::sql_query("SELECT name, type AS kind, pk AS in_key FROM pragma_table_info($1) ORDER BY cid")
                .bind::<Text, _>(&found.name)
                .load(blank)?;
        let mut key: Vec<Column> = columns.iter().filter(|column| column.in_key > 0).cloned().collect();
        key.sort_by_key(|column| column.in_key);
        Ok(Self { name: found.name, columns, key, counted: found.counted })
    }

    /// Returns the name of the table.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the names of the primary key columns.
    pub fn key(&self) -> impl Iterator<Item = &str> {
        self.key.iter().map(|column| column.name.as_str())
    }

    /// Returns the number of rows.
    pub fn count(&self, conn: &mut Conn) -> Result<i64> {
        number(conn, &format!("SELECT count(*) AS number FROM {}", self.name))
    }

    /// Returns at most `at_most` rows, in primary key order, which is the same in both databases. `after` is the last
    /// row of the previous batch; `None` starts at the first row.
    pub fn rows(&self, conn: &mut Conn, after: Option<&str>, at_most: usize) -> Result<Vec<String>> {
        let postgres = matches!(conn, Conn::Postgres(_));
        let key = names(&self.key);
        let mut rest = String::new();
        if after.is_some() {
            let last: Vec<String> = self.key.iter().map(|column| column.of_parameter(postgres)).collect();
            let _ = write!(rest, "WHERE ({key}) > ({}) ", last.join(", "));
        }
        let _ = write!(rest, "ORDER BY {key} LIMIT {at_most}");
        let sql = if postgres {
            let columns = names(&self.columns);
            format!("SELECT row_to_json(r)::text AS text FROM (SELECT {columns} FROM {} {rest}) AS r", self.name)
        } else {
            let fields: Vec<String> = self.columns.iter().map(Column::as_field).collect();
            format!("SELECT json_object({}) AS text FROM {} {rest}", fields.join(", "), self.name)
        };
        let query = diesel::sql_query(sql);
        let rows: Vec<One> = match after {
            Some(after) => query.bind::<Text, _>(after).load(conn)?,
            None => query.load(conn)?,
        };
        Ok(rows.into_iter().map(|row| row.text).collect())
    }

    /// Inserts rows in the format of [`Table::rows`].
    pub fn insert(&self, conn: &mut Conn, rows: &[String]) -> Result<()> {
        let (name, columns) = (&self.name, names(&self.columns));
        let rows = format!("[{}]", rows.join(","));
        let sql = if matches!(conn, Conn::Postgres(_)) {
            let rows_of = format!("json_populate_recordset(NULL::{name}, $1::json)");
            format!("INSERT INTO {name} ({columns}) SELECT {columns} FROM {rows_of}")
        } else {
            let values: Vec<String> =
                self.columns.iter().map(|column| format!("value ->> '$.{}'", column.name)).collect();
            format!("INSERT INTO {name} ({columns}) SELECT {} FROM json_each($1)", values.join(", "))
        };
        diesel::sql_query(sql).bind::<Text, _>(rows).execute(conn).map(drop)
    }

    /// Returns the last id that was assigned, even if its row is deleted. Returns 0 if no id was assigned or the table
    /// does not count its ids.
    pub fn last_id(&self, conn: &mut Conn) -> Result<i64> {
        let Some(column) = self.counted() else { return Ok(0) };
        let sql = match conn {
            Conn::Sqlite(_) => {
                format!("SELECT coalesce(max(seq), 0) AS number FROM sqlite_sequence WHERE name = '{}'", self.name)
            }
            Conn::Postgres(_) => {
                format!("SELECT coalesce(pg_sequence_last_value({}), 0) AS number", self.sequence(column))
            }
        };
        number(conn, &sql)
    }

    /// Makes new ids start after `last`, unless they are already higher.
    pub fn count_from(&self, conn: &mut Conn, last: i64) -> Result<()> {
        let Some(column) = self.counted() else { return Ok(()) };
        if self.last_id(conn)? >= last {
            return Ok(());
        }
        match conn {
            Conn::Sqlite(c) => {
                let name = &self.name;
                c.batch_execute(&format!(
                    "DELETE FROM sqlite_sequence WHERE name = '{name}'; \
                     INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', {last})"
                ))
            }
            Conn::Postgres(c) => c.batch_execute(&format!("SELECT setval({}, {last})", self.sequence(column))),
        }
    }

    fn counted(&self) -> Option<&Column> {
        self.key.first().filter(|_| self.counted)
    }

    fn sequence(&self, column: &Column) -> String {
        format!("pg_get_serial_sequence('{}', '{}')::regclass", self.name, column.name)
    }
}

impl Column {
    /// The name and value as arguments of SQLite's `json_object`.
    fn as_field(&self) -> String {
        let name = &self.name;
        if self.kind == "BOOLEAN" {
            // SQLite stores a boolean as a number.
            format!("'{name}', json(CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)")
        } else {
            format!("'{name}', {name}")
        }
    }

    /// SQL for the value of this column in the JSON row that is the statement's parameter.
    fn of_parameter(&self, postgres: bool) -> String {
        let kind = if self.kind == "INTEGER" { "BIGINT" } else { &self.kind };
        if postgres {
            format!("CAST($1::json ->> '{}' AS {kind})", self.name)
        } else {
            format!("$1 ->> '$.{}'", self.name)
        }
    }
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn number(conn: &mut Conn, sql: &str) -> Result<i64> {
    Ok(diesel::sql_query(sql).get_result::<Number>(conn)?.number)
}
