//! Announcements: short texts that an instance sends to all instances of a PostgreSQL database, by `NOTIFY`. They are sent
//! after the commit that they are about and can be lost, so what they are about must also be found without them.
//!
//! `NOTIFY` inside a transaction would make all commits wait for one another.

use std::thread;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Text;
use tokio::sync::mpsc;

use super::conn::Conn;
use super::database::Db;
use super::error::Error;
use super::opener::Opener;
use super::pool::Purpose;

/// The longest text, in bytes. `NOTIFY` allows less than 8,000.
pub const LONGEST: usize = 7_900;
/// The channel of `LISTEN` and `NOTIFY`.
const CHANNEL: &str = "lectern_announcements";
/// How often the connection is looked at. It costs one system call.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long to wait after the connection failed.
const PAUSE: Duration = Duration::from_secs(1);
/// How many announcements may wait to be read. More are dropped.
const QUEUE: usize = 4_096;

/// Receives the announcements of all instances, also those of this one.
pub struct Announcements(Option<mpsc::Receiver<String>>);

impl Announcements {
    /// The next announcement. Waits forever on an embedded database, which has one instance.
    pub async fn next(&mut self) -> String {
        if let Some(waiting) = &mut self.0
            && let Some(text) = waiting.recv().await
        {
            return text;
        }
        std::future::pending().await
    }

    /// Those that wait at this moment.
    pub fn waiting(&mut self) -> Vec<String> {
        self.0.as_mut().map(|waiting| std::iter::from_fn(|| waiting.try_recv().ok()).collect()).unwrap_or_default()
    }
}

impl Db {
    /// Receives announcements from now on. The connection is opened in the background, and again after it failed.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no thread can be started.
    pub fn announcements(&self) -> Result<Announcements, Error> {
        if self.is_embedded() {
            return Ok(Announcements(None));
        }
        let (sender, receiver) = mpsc::channel(QUEUE);
        let opener = self.opener.clone();
        thread::Builder::new()
            .name("lectern-announcements".into())
            .spawn(move || {
                while !sender.is_closed() {
                    if let Err(problem) = listen(&opener, &sender) {
                        log::warn!("announcements of other instances are delayed: {problem}");
                        thread::sleep(PAUSE);
                    }
                }
            })
            .map_err(|e| Error::Unavailable(format!("no thread for announcements: {e}")))?;
        Ok(Announcements(Some(receiver)))
    }

    /// Sends announcements to all instances. Does nothing on an embedded database. Texts that are too long are left out.
    ///
    /// # Errors
    /// The database's.
    pub async fn announce(&self, texts: Vec<String>) -> Result<(), Error> {
        if self.is_embedded() {
            return Ok(());
        }
        let texts: Vec<String> = texts.into_iter().filter(|text| text.len() <= LONGEST).collect();
        if texts.is_empty() {
            return Ok(());
        }
        // Serialisation can't fail: these are texts.
        let texts = serde_json::to_string(&texts).unwrap_or_default();
        self.on_pool(Purpose::Write, move |conn| {
            let Conn::Postgres(c) = conn else { return Ok(()) };
            diesel::sql_query("SELECT pg_notify($1, value) FROM json_array_elements_text($2::json)")
                .bind::<Text, _>(CHANNEL)
                .bind::<Text, _>(texts)
                .execute(c)?;
            Ok(())
        })
        .await
    }
}

/// Receives announcements until nobody reads them.
fn listen(opener: &Opener, sender: &mpsc::Sender<String>) -> Result<(), Error> {
    let Conn::Postgres(mut conn) = opener.connect()? else { return Ok(()) };
    diesel::sql_query(format!("LISTEN {CHANNEL}")).execute(&mut conn)?;
    while !sender.is_closed() {
        for announced in conn.notifications_iter() {
            // It is dropped when there are too many.
            let _ = sender.try_send(announced?.payload);
        }
        thread::sleep(LOOK_EVERY);
    }
    Ok(())
}
