//! Whether the database can be used now: it answers, has the tables of this version, and accepts writes.

use std::io::Write;
use std::path::Path;

use super::conn::Conn;
use super::database::Db;
use super::error::{Error, QueryError};
use super::migrations;
use super::pool::Purpose;
use super::run::RunQueryDsl;

/// How many bytes must fit on the disk of a SQLite file: those of a large write.
const ROOM: usize = 256 << 10;

/// Writes a row again as it is. Another instance that probes at the same moment has it locked, and is not waited for.
const POSTGRES_PROBE: &str = "UPDATE __diesel_schema_migrations SET run_on = run_on WHERE version = \
    (SELECT version FROM __diesel_schema_migrations ORDER BY version LIMIT 1 FOR UPDATE SKIP LOCKED)";

/// A number in the header of a SQLite file that is free for applications. Nothing else uses it here.
#[derive(diesel::QueryableByName)]
struct UserVersion {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    user_version: i32,
}

impl Db {
    /// Whether the database answers and has the tables of this version.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the reason.
    pub async fn check(&self) -> Result<(), Error> {
        self.on_pool(Purpose::Write, |conn| {
            if migrations::is_pending(conn)? || !migrations::unknown(conn)?.is_empty() {
                return Err(Error::Unavailable("its tables are of another version".into()));
            }
            Ok(())
        })
        .await
    }

    /// Makes a small durable write that changes nothing of meaning.
    ///
    /// # Errors
    /// When the database or its disk refuses the write.
    pub async fn check_writes(&self) -> Result<(), Error> {
        if let Some(file) = self.file().map(Path::to_owned) {
            let room = tokio::task::spawn_blocking(move || has_room(file.parent().unwrap_or(&file)));
            let room = room.await.unwrap_or_else(|e| Err(std::io::Error::other(e)));
            room.map_err(|e| Error::Unavailable(format!("its disk refuses writes: {e}")))?;
        }
        self.write(|conn| probe(conn).map_err(|e| Error::Unavailable(format!("it refuses writes: {e}")))).await
    }
}

fn probe(conn: &mut Conn) -> Result<(), QueryError> {
    let sql = match conn {
        Conn::Sqlite(_) => {
            // SQLite writes nothing for a row that stays the same.
            let found: UserVersion = diesel::sql_query("PRAGMA user_version").get_result(conn)?;
            format!("PRAGMA user_version = {}", i32::from(found.user_version == 0))
        }
        Conn::Postgres(_) => POSTGRES_PROBE.to_owned(),
    };
    diesel::sql_query(sql).execute(conn).map(drop)
}

/// Writes a file without a name.
fn has_room(folder: &Path) -> std::io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    tempfile::tempfile_in(folder)?.write_all(&vec![0; ROOM])
}
