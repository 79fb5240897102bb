//! Classes: each is a single session of teaching, from its reservation to its end.

mod begin;
mod ending;
mod list;
mod row;

use diesel::dsl::{exists, select};

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::literal::literal;
use crate::store::rows::insert_for_id;
use crate::store::text::Json;
use crate::store::views::classes::dsl;
use crate::store::{CacheTag, Result, update};

pub(in crate::store) use begin::BEGIN;
pub use begin::{Place, beginning, count_beginning};
pub use ending::{Cutoffs, due};
pub use list::{Filter, Listed, list};
pub use row::{Class, EndReason, LiveType, NewClass, RecordType, Settings, Status, Type};

literal!(HasAdministrator = "classes.admin_id <> ''");
literal!(HasRecorder = "classes.record_user_id <> ''");

/// The largest id with nine digits.
const LAST_ID: i64 = 999_999_999;

/// Reserves the next class id. It may stay unused. `None` if the nine digits are used up.
pub fn reserve_id(conn: &mut Conn) -> Result<Option<ClassId>> {
    #[derive(QueryableByName)]
    struct Reserved {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        class_id: ClassId,
    }
    let reserved: Reserved = match conn {
        Conn::Sqlite(c) => diesel::sql_query(
            "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'classes' RETURNING seq AS class_id",
        )
        .get_result(c)?,
        Conn::Postgres(c) => {
            diesel::sql_query("SELECT nextval(pg_get_serial_sequence('classes', 'class_id')) AS class_id")
                .get_result(c)?
        }
    };
    Ok(Some(reserved.class_id).filter(|class_id| class_id.0 <= LAST_ID))
}

/// Inserts a class with its reserved id or the next one, and returns the id. An empty topic becomes the id as text.
/// `None` if the nine digits are used up.
pub fn insert(conn: &mut Conn, reserved: Option<ClassId>, new: &NewClass) -> Result<Option<ClassId>> {
    use diesel::result::DatabaseErrorKind::CheckViolation;
    CacheTag::Classes(new.enterprise_id).changes();
    let insert = diesel::insert_into(dsl::classes);
    let inserted = match reserved {
        Some(class_id) => insert.values((dsl::class_id.eq(class_id), new)).execute(conn).map(|_| class_id),
        None => insert_for_id!(conn, dsl::classes, new, dsl::class_id).map(ClassId),
    };
    let class_id: ClassId = match inserted {
        Err(crate::store::QueryError::DatabaseError(CheckViolation, _)) => return Ok(None),
        other => other?,
    };
    if new.class_topic.is_empty() {
        let topic = dsl::class_topic.eq(class_id.to_string());
        update::prepared(dsl::classes, is(new.enterprise_id, class_id), topic).execute(conn)?;
    }
    Ok(Some(class_id))
}

/// Returns a class.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<Class>> {
    one(enterprise_id, class_id).get_result(conn).optional()
}

/// Returns those of the classes that exist.
pub fn find_each(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId]) -> Result<Vec<Class>> {
    // The sum keeps the database from an index of all classes of the enterprise.
    dsl::classes.filter(dsl::class_id.eq_any(class_ids)).filter((dsl::enterprise_id + 0).eq(enterprise_id)).load(conn)
}

/// Returns the enterprise of a class.
pub fn enterprise_of(conn: &mut Conn, class_id: ClassId) -> Result<Option<EnterpriseId>> {
    dsl::classes.find(class_id).select(dsl::enterprise_id).get_result(conn).optional()
}

/// Returns a class and locks its row until the transaction ends.
pub fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<Class>> {
    let query = one(enterprise_id, class_id);
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_no_key_update().get_result(c).optional(),
    }
}

/// Returns a class and keeps it from being deleted until the transaction ends. It may be changed meanwhile.
pub fn hold(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<Class>> {
    let query = one(enterprise_id, class_id);
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_key_share().get_result(c).optional(),
    }
}

/// Whether a class names this id as its recorder, or as its administrator at the hosted chat service.
pub fn is_named(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<bool> {
    let administered = dsl::classes
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::admin_id.eq(user_id))
        .filter(HasAdministrator);
    let recorded = dsl::classes
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::record_user_id.eq(user_id))
        .filter(HasRecorder);
    Ok(select(exists(administered)).get_result(conn)? || select(exists(recorded)).get_result(conn)?)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one(enterprise_id: EnterpriseId, class_id: ClassId) -> _ {
    dsl::classes.filter(dsl::class_id.eq(class_id)).filter(dsl::enterprise_id.eq(enterprise_id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is(enterprise_id: EnterpriseId, class_id: ClassId) -> _ {
    dsl::class_id.eq(class_id).and(dsl::enterprise_id.eq(enterprise_id))
}

/// Updates all columns of a class.
pub fn update(conn: &mut Conn, class: &Class) -> Result<()> {
    CacheTag::class_changes(class.enterprise_id, class.class_id);
    update::prepared(dsl::classes, is(class.enterprise_id, class.class_id), class).execute(conn).map(drop)
}

/// Updates the status of a class, its actual start and end, and its last event number.
pub fn advance(conn: &mut Conn, class: &Class) -> Result<()> {
    CacheTag::class_changes(class.enterprise_id, class.class_id);
    let progress = (
        dsl::class_status.eq(class.class_status),
        dsl::real_start_time.eq(class.real_start_time),
        dsl::real_stop_time.eq(class.real_stop_time),
        dsl::last_sequence.eq(class.last_sequence),
        dsl::end_reason.eq(class.end_reason),
    );
    update::prepared(dsl::classes, is(class.enterprise_id, class.class_id), progress).execute(conn).map(drop)
}

/// Updates the settings of a class.
pub fn set_settings(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, settings: Settings) -> Result<()> {
    CacheTag::Class(class_id).changes();
    update::prepared(dsl::classes, is(enterprise_id, class_id), dsl::settings.eq(Json::new(settings)))
        .execute(conn)
        .map(drop)
}

/// Deletes a class with its members and sessions.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<()> {
    CacheTag::class_changes(enterprise_id, class_id);
    CacheTag::Inside(class_id).changes();
    diesel::delete(dsl::classes.find(class_id)).filter(dsl::enterprise_id.eq(enterprise_id)).execute(conn).map(drop)
}

/// Increments the event counter of a class and returns the new value. The row stays locked until the transaction ends.
pub fn next_sequence(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    update::prepared(dsl::classes, is(enterprise_id, class_id), dsl::last_sequence.eq(dsl::last_sequence + 1))
        .returning(dsl::last_sequence)
        .get_result(conn)
}
