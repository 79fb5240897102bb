//! Classes: one sitting each, from its reservation to its end.

mod ending;
mod list;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::rows::insert_for_id;
use crate::store::text::{Json, words};
use crate::store::views::classes;
use crate::store::views::classes::dsl;
use crate::store::{CacheTag, Result, update};

pub use ending::{Cutoffs, due};
pub use list::{Filter, Listed, list};

words! {
    /// Where a class is in its life (iClass, appendix 3.4). It only ever moves on.
    Status {
        /// Not begun.
        Will = "will",
        /// Going on.
        Ing = "ing",
        /// Over.
        End = "end",
    }
}

words! {
    /// Who may enter (iClass, appendix 3.5).
    Type {
        /// Every registered user, and visitors.
        Public = "public",
        /// The reserved ones, of whom at most one is a student.
        OneToOne = "1v1",
        /// The reserved ones.
        OneToMany = "1vN",
    }
}

words! {
    /// What the live stream outside the class shows (later revisions of the protocol).
    LiveType {
        /// There is none.
        Close = "close",
        /// The teacher's window.
        Window = "window",
        /// The whiteboard.
        Board = "board",
    }
}

words! {
    /// Who records (iClass, appendix 3.2).
    RecordType {
        /// The component of the teacher.
        Local = "local",
        /// The server, from begin to end.
        Remote = "remote",
    }
}

words! {
    /// Why a class ended.
    EndReason {
        /// Somebody ended it.
        Stopped = "stopped",
        /// Its time was over and nobody was inside.
        Empty = "empty",
        /// It went on too long after its time.
        Overrun = "overrun",
        /// It never began.
        NeverBegan = "never_began",
        /// Its teacher gave no sign of life for as long as it allows.
        Silent = "silent",
    }
}

/// How the components run a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Who records.
    pub record_types: Vec<RecordType>,
    /// Of the video: width x height.
    pub resolution: String,
    /// Frames of the video a second.
    pub fps: i64,
    /// A layout of the components.
    pub layout: i64,
    /// 1 when the chat groups are made with the class.
    pub auto_create_im: i64,
    /// Of the video, kbit/s.
    pub bitrate: i64,
    /// 1 when microphones start open.
    pub auto_open_mic: i64,
    /// 1 when cameras start open.
    pub auto_open_camera: i64,
    /// 1 when everybody starts silenced.
    pub enable_all_silence: i64,
}

/// A class.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = classes, primary_key(class_id), treat_none_as_null = true)]
pub struct Class {
    /// Nine digits, counted up, never used twice.
    pub class_id: i64,
    /// Whose class this is.
    pub enterprise_id: i64,
    /// Its name.
    pub class_topic: String,
    /// Who may enter.
    pub class_type: Type,
    /// Where it is in its life.
    pub class_status: Status,
    /// What the live stream shows.
    pub class_live_type: LiveType,
    /// Who gives it.
    pub teacher_id: String,
    /// Who helps; empty for nobody.
    pub assistant_id: String,
    /// When it was reserved.
    pub create_time: Millis,
    /// When it is to begin.
    pub start_time: Millis,
    /// When it is to end.
    pub stop_time: Millis,
    /// When it began; 0 before.
    pub real_start_time: Millis,
    /// When it ended; 0 before.
    pub real_stop_time: Millis,
    /// The administrator of the hosted chat service …
    pub admin_id: String,
    /// … and their ticket there.
    pub admin_sig: String,
    /// How many may be on stage; 0 for any number.
    pub max_member_limit: i64,
    /// How many may be inside; 0 for any number.
    pub max_member_num: i64,
    /// Of the password that entering takes, when it takes one.
    pub password_hash: Option<String>,
    /// How the components run it.
    pub settings: Json<Settings>,
    /// As whom a recorder enters …
    pub record_user_id: String,
    /// … and its ticket.
    pub record_user_sig: String,
    /// Of its last event.
    pub last_sequence: i64,
    /// Why it ended; nothing before it has.
    pub end_reason: Option<EndReason>,
    /// The course it is a lesson of.
    pub course_id: Option<i64>,
    /// For how long its teacher may give no sign of life before it ends; 0 for ever, as for every class with a schedule.
    pub silence_limit: Millis,
}

impl Class {
    /// Whether it has no schedule: it lasts while its teacher lives, and its group is told what happens in it.
    #[must_use]
    pub fn is_room(&self) -> bool {
        self.silence_limit > 0
    }
}

/// What a new class starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = classes, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Class")]
pub struct NewClass {
    pub enterprise_id: i64,
    pub class_topic: String,
    pub class_type: Type,
    pub class_status: Status,
    pub class_live_type: LiveType,
    pub teacher_id: String,
    pub assistant_id: String,
    pub create_time: Millis,
    pub start_time: Millis,
    pub stop_time: Millis,
    pub real_start_time: Millis,
    pub real_stop_time: Millis,
    pub admin_id: String,
    pub admin_sig: String,
    pub max_member_limit: i64,
    pub max_member_num: i64,
    pub password_hash: Option<String>,
    pub settings: Json<Settings>,
    pub record_user_id: String,
    pub record_user_sig: String,
    pub last_sequence: i64,
    pub end_reason: Option<EndReason>,
    pub course_id: Option<i64>,
}

/// The last id there can be.
const LAST_ID: i64 = 999_999_999;

/// Takes the next id for a class that is added later, or never. `None` when the nine digits are used up.
pub fn reserve_id(conn: &mut Conn) -> Result<Option<i64>> {
    #[derive(QueryableByName)]
    struct Reserved {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        class_id: i64,
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
    Ok(Some(reserved.class_id).filter(|class_id| *class_id <= LAST_ID))
}

/// Adds a class, with the id that was reserved for it or the next one, and returns its id; an empty topic becomes the id as
/// text. `None` when the nine digits are used up.
pub fn insert(conn: &mut Conn, reserved: Option<i64>, new: &NewClass) -> Result<Option<i64>> {
    use diesel::result::DatabaseErrorKind::CheckViolation;
    let insert = diesel::insert_into(dsl::classes);
    let inserted = match reserved {
        Some(class_id) => insert.values((dsl::class_id.eq(class_id), new)).execute(conn).map(|_| class_id),
        None => insert_for_id!(conn, dsl::classes, new, dsl::class_id),
    };
    let class_id: i64 = match inserted {
        Err(crate::store::QueryError::DatabaseError(CheckViolation, _)) => return Ok(None),
        other => other?,
    };
    if new.class_topic.is_empty() {
        let topic = dsl::class_topic.eq(class_id.to_string());
        update::prepared(dsl::classes, is(new.enterprise_id, class_id), topic).execute(conn)?;
    }
    Ok(Some(class_id))
}

/// One class.
pub fn find(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<Option<Class>> {
    one(enterprise_id, class_id).get_result(conn).optional()
}

/// Whose a class is.
pub fn enterprise_of(conn: &mut Conn, class_id: i64) -> Result<Option<i64>> {
    dsl::classes.find(class_id).select(dsl::enterprise_id).get_result(conn).optional()
}

/// One class, locked until the transaction ends.
pub fn lock(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<Option<Class>> {
    let query = one(enterprise_id, class_id);
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_no_key_update().get_result(c).optional(),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one(enterprise_id: i64, class_id: i64) -> _ {
    dsl::classes.filter(dsl::class_id.eq(class_id)).filter(dsl::enterprise_id.eq(enterprise_id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is(enterprise_id: i64, class_id: i64) -> _ {
    dsl::class_id.eq(class_id).and(dsl::enterprise_id.eq(enterprise_id))
}

/// Writes every column of a class that was changed.
pub fn update(conn: &mut Conn, class: &Class) -> Result<()> {
    CacheTag::Class(class.class_id).changes();
    update::prepared(dsl::classes, is(class.enterprise_id, class.class_id), class).execute(conn).map(drop)
}

/// Writes down where a class is in its life, and its last event.
pub fn advance(conn: &mut Conn, class: &Class) -> Result<()> {
    CacheTag::Class(class.class_id).changes();
    let progress = (
        dsl::class_status.eq(class.class_status),
        dsl::real_start_time.eq(class.real_start_time),
        dsl::real_stop_time.eq(class.real_stop_time),
        dsl::last_sequence.eq(class.last_sequence),
        dsl::end_reason.eq(class.end_reason),
    );
    update::prepared(dsl::classes, is(class.enterprise_id, class.class_id), progress).execute(conn).map(drop)
}

/// Writes down the settings of a class.
pub fn set_settings(conn: &mut Conn, enterprise_id: i64, class_id: i64, settings: Settings) -> Result<()> {
    CacheTag::Class(class_id).changes();
    update::prepared(dsl::classes, is(enterprise_id, class_id), dsl::settings.eq(Json::new(settings)))
        .execute(conn)
        .map(drop)
}

/// Removes a class with its members and stays.
pub fn delete(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<()> {
    CacheTag::Class(class_id).changes();
    CacheTag::Inside(class_id).changes();
    diesel::delete(dsl::classes.find(class_id)).filter(dsl::enterprise_id.eq(enterprise_id)).execute(conn).map(drop)
}

/// Counts one more event of a class, which stays locked until the transaction ends, and returns its number.
pub fn next_sequence(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<i64> {
    update::prepared(dsl::classes, is(enterprise_id, class_id), dsl::last_sequence.eq(dsl::last_sequence + 1))
        .returning(dsl::last_sequence)
        .get_result(conn)
}
