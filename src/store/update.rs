//! Updates that are prepared once for each connection.
//!
//! diesel prepares its own updates at every call, because a changeset may omit columns. SQLite then parses the
//! statement again with all triggers of the table, and PostgreSQL needs one more round trip. That was half of the cost
//! of a short write. Use this for updates that run often and always set the same columns.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression};
use diesel::query_builder::{AsChangeset, AstPass, Query, QueryFragment, QueryId};
use diesel::query_source::QuerySource;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;

/// `UPDATE … SET … WHERE …`; see [`prepared`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Update<F, V, P> {
    table: F,
    values: V,
    predicate: P,
}

/// An [`Update`] with `RETURNING …`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Returning<U, E> {
    update: U,
    returned: E,
}

/// Sets columns of the rows that match the predicate. Every distinct statement text stays in the cache. Don't use it
/// for changesets with optional values or predicates with lists.
pub(super) fn prepared<T, V, P>(table: T, predicate: P, values: V) -> Update<T::FromClause, V::Changeset, P>
where
    T: QuerySource + Copy,
    V: AsChangeset<Target = T>,
    P: AppearsOnTable<T> + Expression<SqlType = Bool>,
{
    Update { table: table.from_clause(), values: values.as_changeset(), predicate }
}

impl<F, V, P> Update<F, V, P> {
    /// Makes the update return an expression for each row.
    pub(super) fn returning<E: Expression>(self, returned: E) -> Returning<Self, E> {
        Returning { update: self, returned }
    }
}

impl<F, V, P, DB> QueryFragment<DB> for Update<F, V, P>
where
    F: QueryFragment<DB>,
    V: QueryFragment<DB>,
    P: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" SET ");
        self.values.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.predicate.walk_ast(out)
    }
}

impl<U: QueryFragment<DB>, E: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Returning<U, E> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.update.walk_ast(out.reborrow())?;
        out.push_sql(" RETURNING ");
        self.returned.walk_ast(out)
    }
}

impl<U, E: Expression> Query for Returning<U, E> {
    type SqlType = E::SqlType;
}

impl<F, V, P> QueryId for Update<F, V, P> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<U, E> QueryId for Returning<U, E> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<F, V, P, Conn> diesel::RunQueryDsl<Conn> for Update<F, V, P> {}
impl<U, E, Conn> diesel::RunQueryDsl<Conn> for Returning<U, E> {}
