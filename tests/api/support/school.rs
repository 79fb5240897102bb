//! An enterprise that subscribes to all events of its classes, and the acknowledged changes of its clients.

mod check;
mod client;
mod rows;

use std::collections::BTreeSet;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection};
use lectern::clock::Clock;
use lectern::db::Db;
use lectern::domain;
use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Draft, Enterprise, Patch};
use serde_json::Value;

pub use check::check;
pub use client::Client;
use rows::Number;
pub use rows::{claims_in, numbers_in};

use super::process::Process;
use crate::support::http;

/// An enterprise in its own database.
pub struct School {
    pub database_url: String,
    pub enterprise: Enterprise,
}

/// The acknowledged changes, by `class_id`.
#[derive(Default)]
pub struct Promised {
    pub created: BTreeSet<i64>,
    pub begun: BTreeSet<i64>,
    pub over: BTreeSet<i64>,
}

impl School {
    /// Creates the school in a SQLite file.
    pub async fn in_folder(folder: &Path, call_back_url: &str) -> Self {
        Self::found(&format!("sqlite://{}/lectern.db", folder.display()), call_back_url).await
    }

    /// Creates the school in an empty database.
    pub async fn found(database_url: &str, call_back_url: &str) -> Self {
        let db = Db::open(database_url).unwrap();
        db.migrate().unwrap();
        let (now, call_back_url) = (Clock::System.now(), Some(call_back_url.to_owned()));
        let founded = db.write(move |conn| {
            let made =
                enterprise::create(conn, Draft { name: "School".into(), call_back_url, ..Draft::default() }, now)?;
            let patch = Patch {
                callback_on_api: Some(true),
                callback_events: Some(vec![Extra::JoinClass, Extra::QuitClass]),
                ..Patch::default()
            };
            modify_enterprise(conn, made.sdkappid, patch)?;
            enterprise::require(conn, made.sdkappid)
        });
        let enterprise: domain::Result<Enterprise> = founded.await;
        Self { database_url: database_url.to_owned(), enterprise: enterprise.unwrap() }
    }

    /// Starts a process on the database, and returns it with a client.
    pub fn open(&self, flags: &[&str]) -> (Process, Client) {
        let process = Process::start(&self.database_url, flags);
        let client = self.client(&process);
        (process, client)
    }

    /// Whether nobody is writing to the database.
    pub fn is_writable(&self) -> bool {
        if let Some(file) = self.file() {
            return SqliteConnection::establish(file).unwrap().batch_execute("BEGIN IMMEDIATE; ROLLBACK").is_ok();
        }
        let busy = "SELECT count(*) AS number FROM pg_stat_activity WHERE datname = current_database() \
            AND pid <> pg_backend_pid() AND state <> 'idle'";
        let mut conn = PgConnection::establish(&self.database_url).unwrap();
        diesel::sql_query(busy).get_result::<Number>(&mut conn).unwrap().number == 0
    }

    /// When the leases of the claims expire.
    pub fn claims(&self) -> Vec<i64> {
        claims_in(&self.database_url).into_iter().map(|claim| claim.lease_until).collect()
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<&str> {
        self.database_url.strip_prefix("sqlite://")
    }

    pub fn client(&self, process: &Process) -> Client {
        let http = http::client();
        self.client_over(http, &process.url)
    }

    /// A client that opens a connection for each call.
    pub fn client_at(&self, url: &str) -> Client {
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
        self.client_over(http, url)
    }

    fn client_over(&self, http: reqwest::Client, url: &str) -> Client {
        Client {
            http,
            url: url.to_owned(),
            sdkappid: self.enterprise.sdkappid,
            tic_key: self.enterprise.tic_key.clone(),
        }
    }
}

/// A required number.
pub fn id(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}
