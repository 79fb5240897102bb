//! SQL conditions written as literals. The database can match a literal with a partial index; it can't match a bound
//! value.

/// Defines a condition as a type. Unlike `diesel::dsl::sql`, it has a static query id, so statements that contain it
/// are prepared once.
macro_rules! literal {
    ($name:ident = $sql:literal) => {
        #[derive(Clone, Copy, Debug, diesel::query_builder::QueryId)]
        struct $name;

        impl diesel::expression::Expression for $name {
            type SqlType = diesel::sql_types::Bool;
        }

        impl<Source> diesel::expression::AppearsOnTable<Source> for $name {}

        impl<Source> diesel::expression::SelectableExpression<Source> for $name {}

        impl<Group> diesel::expression::ValidGrouping<Group> for $name {
            type IsAggregate = diesel::expression::is_aggregate::Never;
        }

        impl<DB: diesel::backend::Backend> diesel::query_builder::QueryFragment<DB> for $name {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, DB>,
            ) -> diesel::result::QueryResult<()> {
                out.push_sql($sql);
                Ok(())
            }
        }
    };
}

pub(super) use literal;
