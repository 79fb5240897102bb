//! Statements put together from text and values, for what diesel's query builder can't say. Unlike `diesel::sql_query`,
//! such a statement is prepared once for each connection.

use std::borrow::Cow;
use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Text};

/// A statement whose rows have the types `ST`. Every distinct SQL stays in the cache of prepared statements, so put values in by
/// [`Statement::number`] and [`Statement::text`].
#[derive(Clone, Debug)]
pub(super) struct Statement<ST> {
    parts: Vec<Part>,
    rows: PhantomData<ST>,
}

#[derive(Clone, Debug)]
enum Part {
    Sql(Cow<'static, str>),
    Number(i64),
    Text(String),
}

impl<ST> Statement<ST> {
    /// Begins with SQL.
    pub(super) fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { parts: vec![Part::Sql(sql.into())], rows: PhantomData }
    }

    /// Goes on with SQL.
    pub(super) fn sql(self, sql: impl Into<Cow<'static, str>>) -> Self {
        self.with(Part::Sql(sql.into()))
    }

    /// Goes on with a number.
    pub(super) fn number(self, value: i64) -> Self {
        self.with(Part::Number(value))
    }

    /// Goes on with a text as a value.
    pub(super) fn text(self, value: impl Into<String>) -> Self {
        self.with(Part::Text(value.into()))
    }

    fn with(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}

impl<ST, DB> QueryFragment<DB> for Statement<ST>
where
    DB: Backend + HasSqlType<BigInt> + HasSqlType<Text>,
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for part in &self.parts {
            match part {
                Part::Sql(sql) => out.push_sql(sql),
                Part::Number(value) => out.push_bind_param::<BigInt, i64>(value)?,
                Part::Text(value) => out.push_bind_param::<Text, String>(value)?,
            }
        }
        Ok(())
    }
}

impl<ST> Query for Statement<ST> {
    type SqlType = ST;
}

impl<ST> QueryId for Statement<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST, Conn> diesel::RunQueryDsl<Conn> for Statement<ST> {}
