//! The packet logs of recordings: which there are, and their stored parts.

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::{online_recordings, recording_logs, recording_parts};

/// A stored part of a log.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Part {
    /// The log.
    pub log: String,
    /// Its position in the log, from 1.
    pub number: i64,
    /// The file that contains it.
    pub file_key: String,
    /// Its size.
    pub bytes: i64,
}

/// A part to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = recording_parts, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Part")]
pub struct NewPart {
    pub recording_id: i64,
    pub log: String,
    pub number: i64,
    pub enterprise_id: EnterpriseId,
    pub file_key: String,
    pub bytes: i64,
}

/// Records that an instance writes a log.
pub fn add_log(conn: &mut Conn, enterprise_id: EnterpriseId, recording_id: i64, log: &str) -> Result<()> {
    diesel::insert_into(recording_logs::table)
        .values((
            recording_logs::recording_id.eq(recording_id),
            recording_logs::log.eq(log),
            recording_logs::enterprise_id.eq(enterprise_id),
            recording_logs::is_whole.eq(false),
        ))
        .execute(conn)
        .map(drop)
}

/// Records that all parts of a log are stored.
pub fn set_log_whole(conn: &mut Conn, enterprise_id: EnterpriseId, recording_id: i64, log: &str) -> Result<()> {
    let one = recording_logs::table
        .filter(recording_logs::recording_id.eq(recording_id))
        .filter(recording_logs::log.eq(log))
        .filter(recording_logs::enterprise_id.eq(enterprise_id));
    diesel::update(one).set(recording_logs::is_whole.eq(true)).execute(conn).map(drop)
}

/// Records of all other logs that nothing more comes, of all enterprises. Right only when no instance writes any.
pub fn set_all_logs_whole(conn: &mut Conn, but: &[String]) -> Result<()> {
    let open = recording_logs::table.filter(recording_logs::is_whole.eq(false)).filter(recording_logs::log.ne_all(but));
    diesel::update(open).set(recording_logs::is_whole.eq(true)).execute(conn).map(drop)
}

/// Whether parts of a recording are still to come.
pub fn has_open_logs(conn: &mut Conn, enterprise_id: EnterpriseId, recording_id: i64) -> Result<bool> {
    let open = recording_logs::table
        .filter(recording_logs::recording_id.eq(recording_id))
        .filter(recording_logs::enterprise_id.eq(enterprise_id))
        .filter(recording_logs::is_whole.eq(false));
    diesel::select(diesel::dsl::exists(open)).get_result(conn)
}

/// Inserts a part. Returns false if it is there already.
pub fn add_part(conn: &mut Conn, new: &NewPart) -> Result<bool> {
    let insert = diesel::insert_into(recording_parts::table).values(new);
    insert.on_conflict_do_nothing().execute(conn).map(|added| added > 0)
}

/// Returns the parts of a recording, those of one log in their order.
pub fn parts(conn: &mut Conn, enterprise_id: EnterpriseId, recording_id: i64) -> Result<Vec<Part>> {
    recording_parts::table
        .filter(recording_parts::recording_id.eq(recording_id))
        .filter(recording_parts::enterprise_id.eq(enterprise_id))
        .order((recording_parts::log, recording_parts::number))
        .select((recording_parts::log, recording_parts::number, recording_parts::file_key, recording_parts::bytes))
        .load(conn)
}

/// Returns the files of the parts of all recordings of some classes.
pub fn file_keys(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId]) -> Result<Vec<String>> {
    recording_parts::table
        .inner_join(online_recordings::table)
        .filter(online_recordings::class_id.eq_any(class_ids))
        .filter(recording_parts::enterprise_id.eq(enterprise_id))
        .select(recording_parts::file_key)
        .load(conn)
}

/// Removes the parts of a recording. Returns their files.
pub fn remove_parts(conn: &mut Conn, enterprise_id: EnterpriseId, recording_id: i64) -> Result<Vec<String>> {
    let of_it = recording_parts::table
        .filter(recording_parts::recording_id.eq(recording_id))
        .filter(recording_parts::enterprise_id.eq(enterprise_id));
    let keys = of_it.select(recording_parts::file_key).load(conn)?;
    diesel::delete(of_it).execute(conn)?;
    Ok(keys)
}
