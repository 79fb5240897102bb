//! Opens connections: parses the address of the database, and gives each connection its settings.

use std::fmt;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::connection::TransactionManager;
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;

use super::conn::Conn;
use super::error::{Error, QueryError};

/// The mode of the file of a database and of all files beside it: read and written by their owner alone.
pub(super) const OWNER_ONLY: u32 = 0o600;

/// `synchronous = FULL` makes a commit durable before it returns. A busy timeout of 5 s lets the command line write beside a
/// running server.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;";
/// With a write-ahead log readers do not wait for the writer. A checkpoint every 16 MiB writes a page that changed often into
/// the file once.
const SQLITE_WAL: &str = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;";
/// How often switching a locked file to WAL is tried, and the pause after each try: together as long as `busy_timeout`.
const WAL_TRIES: usize = 1000;
const WAL_PAUSE: Duration = Duration::from_millis(5);

/// Ends the transaction, and so frees the locks, of a process that froze or lost its connection in the middle of it.
const POSTGRES_SETTINGS: &str = "SET idle_in_transaction_session_timeout = '5s'";
/// Connection parameters that an address gets unless it has its own: a server that stops answering is noticed within seconds.
const POSTGRES_DEFAULTS: [(&str, &str); 5] = [
    ("connect_timeout", "5"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "2"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "10000"),
];

/// Opens connections to one database.
#[derive(Clone, Debug)]
pub(super) enum Opener {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Opener {
    /// Chooses the database by the scheme. Trying both, as diesel's derived `establish` does, would create a file named like a
    /// server's address.
    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        match url.split_once("://") {
            Some(("sqlite", path)) if !path.is_empty() && !path.starts_with(':') => {
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(with_defaults(url))),
            // The message leaves the address out: it may contain a password.
            _ => Err(Error::Address(
                "the database URL must be sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME".to_owned(),
            )),
        }
    }

    /// Opens a connection.
    pub(super) fn connect(&self) -> Result<Conn, Error> {
        match self {
            Self::Sqlite(path) => {
                if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder)
                        .map_err(|e| Error::Unavailable(format!("can't make {}: {e}", folder.display())))?;
                }
                make_private(path).map_err(|e| Error::Unavailable(format!("can't make {}: {e}", path.display())))?;
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())
                    .map_err(|e| Error::Unavailable(format!("can't open {}: {e}", path.display())))?;
                conn.batch_execute(SQLITE_SETTINGS)
                    .and_then(|()| write_ahead(&mut conn))
                    .map_err(|e| Error::Unavailable(format!("can't use {}: {e}", path.display())))?;
                Ok(Conn::Sqlite(conn))
            }
            Self::Postgres(url) => {
                let opened = PgConnection::establish(url);
                let mut conn = opened.map_err(|e| Error::Unavailable(without_password(&e.to_string(), url)))?;
                conn.batch_execute(POSTGRES_SETTINGS)?;
                Ok(Conn::Postgres(conn))
            }
        }
    }
}

impl fmt::Display for Opener {
    /// The file, or that it is a server. The address of a server may contain a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(_) => f.write_str("the database server"),
        }
    }
}

impl ManageConnection for Opener {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn, Error> {
        self.connect()
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Error> {
        diesel::sql_query("SELECT 1").execute(conn)?;
        Ok(())
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        broken(conn)
    }
}

/// Makes a file that only its owner can read, because the database contains all keys. SQLite gives the files beside it the same
/// mode.
fn make_private(path: &Path) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    match OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(e),
        _ => Ok(()),
    }
}

/// The file with this suffix beside a database.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

/// Switches the file to WAL. When several connections do so at once with a new file, SQLite refuses some of them at once,
/// without the wait of `busy_timeout`.
fn write_ahead(conn: &mut SqliteConnection) -> Result<(), QueryError> {
    for _ in 1..WAL_TRIES {
        match conn.batch_execute(SQLITE_WAL) {
            Err(QueryError::DatabaseError(_, why)) if why.message() == "database is locked" => {
                std::thread::sleep(WAL_PAUSE);
            }
            other => return other,
        }
    }
    conn.batch_execute(SQLITE_WAL)
}

/// The address of a server with the default parameters that it does not set itself.
fn with_defaults(url: &str) -> String {
    let (_, query) = url.split_once('?').unwrap_or_default();
    let given = |name: &str| query.split('&').any(|parameter| parameter.split('=').next() == Some(name));
    POSTGRES_DEFAULTS.into_iter().filter(|(name, _)| !given(name)).fold(url.to_owned(), |url, (name, value)| {
        let joint = if url.contains('?') { '&' } else { '?' };
        format!("{url}{joint}{name}={value}")
    })
}

/// An error message of libpq without the password: it quotes the part of an address that it can't parse.
fn without_password(message: &str, url: &str) -> String {
    let (_, rest) = url.split_once("://").unwrap_or_default();
    let userinfo = rest.rsplit_once('@').map_or("", |(userinfo, _)| userinfo);
    let (_, before_host) = userinfo.split_once(':').unwrap_or_default();
    let (_, query) = rest.split_once('?').unwrap_or_default();
    let in_query = query.split('&').filter_map(|parameter| parameter.strip_prefix("password="));
    // libpq takes what follows an unescaped `@` in the password for a part of the host's name.
    let secrets = before_host.split('@').chain(in_query).filter(|secret| !secret.is_empty());
    secrets.fold(message.replace(url, "the address"), |message, secret| message.replace(secret, "***"))
}

/// Whether a connection can't be used again: its transaction could not be ended, or the server is gone.
pub(super) fn broken(conn: &mut Conn) -> bool {
    std::thread::panicking() || <Conn as Connection>::TransactionManager::is_broken_transaction_manager(conn)
}
