//! A database for one test: a SQLite file, or one on the server that `TEST_POSTGRES_URL` names. It is removed on drop.

use std::path::{Path, PathBuf};

use diesel::{Connection, PgConnection, RunQueryDsl};

/// A new, empty database.
pub struct Database {
    pub url: String,
    _folder: Option<tempfile::TempDir>,
    dropped: Option<(String, String)>,
}

impl Database {
    pub fn create() -> Self {
        Self::on_server().unwrap_or_else(Self::in_file)
    }

    /// A SQLite file, even if there is a server.
    pub fn in_file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/lectern.db", folder.path().display());
        Self { url, _folder: Some(folder), dropped: None }
    }

    /// A database on the server, if there is one.
    pub fn on_server() -> Option<Self> {
        let server = std::env::var("TEST_POSTGRES_URL").ok()?;
        let name = format!("lectern_test_{:016x}", rand::random::<u64>());
        on_server(&server, &format!("CREATE DATABASE {name}"));
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        Some(Self { url: url.into(), _folder: None, dropped: Some((server, name)) })
    }
}

/// The folder in which a service on this database keeps its files: next to a SQLite file, otherwise named like the database.
pub fn storage_url(database_url: &str) -> String {
    format!("file://{}", folder_of(database_url).display())
}

/// The folder in which a service on this database writes recordings.
pub fn recording_folder(database_url: &str) -> PathBuf {
    let files = folder_of(database_url);
    let name = format!("{}-recordings", files.file_name().unwrap().to_str().unwrap());
    files.with_file_name(name)
}

fn folder_of(database_url: &str) -> PathBuf {
    match database_url.strip_prefix("sqlite://") {
        Some(file) => Path::new(file).with_file_name("files"),
        None => std::env::temp_dir().join(database_url.split('?').next().unwrap().rsplit('/').next().unwrap()),
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(folder_of(&self.url));
        let _ = std::fs::remove_dir_all(recording_folder(&self.url));
        if let Some((server, name)) = &self.dropped {
            on_server(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn on_server(url: &str, statement: &str) {
    let mut conn = PgConnection::establish(url).unwrap();
    diesel::sql_query(statement).execute(&mut conn).unwrap();
}
