//! The ids of rows as types of their own, so that the id of a class can't be passed for that of a course. The database and the
//! wire have integers.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::Pg;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use serde::{Deserialize, Serialize};

/// Defines ids that diesel reads and writes as `BIGINT` and serde as an integer.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[derive(diesel::AsExpression, diesel::FromSqlRow)]
        #[diesel(sql_type = BigInt)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<DB: Backend> ToSql<BigInt, DB> for $name
        where
            i64: ToSql<BigInt, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <i64 as ToSql<BigInt, DB>>::to_sql(&self.0, out)
            }
        }

        impl<DB: Backend> FromSql<BigInt, DB> for $name
        where
            i64: FromSql<BigInt, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                <i64 as FromSql<BigInt, DB>>::from_sql(bytes).map(Self)
            }
        }
    )+};
}

ids! {
    /// The id of an enterprise.
    EnterpriseId,
    /// The id of a channel: a partner of an enterprise who manages organizations.
    ChannelId,
    /// The id of an organization.
    OrganizationId,
    /// The id of a course.
    CourseId,
    /// The id of a class. It has nine digits and is never used twice.
    ClassId,
    /// The id of a membership: a user in an organization.
    MemberId,
    /// The id of an event.
    EventId,
    /// The id of a delivery.
    DeliveryId,
}

/// The class of a row that may have none. The column and the wire have 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, diesel::AsExpression, diesel::FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct MaybeClassId(pub Option<ClassId>);

impl MaybeClassId {
    /// The value of the column: 0 for none.
    #[must_use]
    pub fn column(self) -> i64 {
        self.0.map_or(0, |class_id| class_id.0)
    }
}

impl Serialize for MaybeClassId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.column().serialize(serializer)
    }
}

impl ToSql<BigInt, Sqlite> for MaybeClassId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.column());
        Ok(serialize::IsNull::No)
    }
}

impl ToSql<BigInt, Pg> for MaybeClassId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<BigInt, Pg>::to_sql(&self.column(), &mut out.reborrow())
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for MaybeClassId
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let column = <i64 as FromSql<BigInt, DB>>::from_sql(bytes)?;
        Ok(Self((column != 0).then_some(ClassId(column))))
    }
}
