//! A service for one test: its database, clock and enterprises, and a client that signs.

mod enterprise;

use std::sync::Arc;
use std::thread::JoinHandle;

use clap::Parser;
use lectern::clock::Clock;
use lectern::config::Config;
use lectern::domain::tenancy::enterprise as enterprises;
use lectern::domain::tenancy::enterprise::{Draft, Patch, Protocols};
use lectern::domain::tenancy::settings::{Registration, RoomPatch};
use lectern::integrations::converter::Converter;
use lectern::media::MediaServer;
use lectern::server::{Server, StartMedia};
use lectern::state::AppState;
use tokio::sync::oneshot;

use crate::support::converter::NoConverter;
use crate::support::database::{Database, recording_folder, storage_url};
use crate::support::http;
use crate::support::media::FakeMedia;
pub use enterprise::Enterprise;

/// The initial time of every test: 2023-11-14 22:13:20 UTC, in seconds.
pub const BEGIN: i64 = 1_700_000_000;

/// A running service. It is stopped on drop.
pub struct Service {
    pub app: Arc<AppState>,
    pub clock: Clock,
    pub url: String,
    /// Where its metrics are, with `--metrics-listen`.
    pub metrics: Option<String>,
    pub http: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    flags: Vec<String>,
    outside: Outside,
    database: Arc<Database>,
}

/// What a test replaces: the document converter, and the media server, if there is one.
#[derive(Clone)]
struct Outside {
    converter: Arc<dyn Converter>,
    media: Option<Media>,
}

/// What makes a media server.
type Media = Arc<dyn Fn() -> StartMedia + Send + Sync>;

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

fn of(media: &Arc<FakeMedia>) -> Media {
    let media = media.clone();
    Arc::new(move || media.start())
}

impl Service {
    /// Starts a service with the default settings.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a service with flags of `lectern serve`.
    pub fn start_with(flags: &[&str]) -> Self {
        Self::start_at(Clock::set_at(BEGIN * 1000), flags)
    }

    /// Starts a service with another clock.
    pub fn start_at(clock: Clock, flags: &[&str]) -> Self {
        Self::start_on(Arc::new(Database::create()), clock, flags.iter().map(ToString::to_string).collect())
    }

    /// Starts a service with this document converter.
    pub fn converting(converter: Arc<dyn Converter>, flags: &[&str]) -> Self {
        let (database, clock) = (Arc::new(Database::create()), Clock::set_at(BEGIN * 1000));
        let outside = Outside { converter, media: None };
        Self::start_outside(database, clock, flags.iter().map(ToString::to_string).collect(), outside)
    }

    /// Starts a service with this media server.
    pub fn forwarding(media: &Arc<FakeMedia>, flags: &[&str]) -> Self {
        let flags = flags.iter().map(ToString::to_string).collect();
        Self::start_forwarding(Arc::new(Database::create()), Clock::set_at(BEGIN * 1000), flags, of(media))
    }

    /// Starts a service with the media server of the program.
    pub fn forwarding_really(flags: &[&str]) -> Self {
        Self::forwarding_at(Clock::set_at(BEGIN * 1000), flags)
    }

    /// As [`Service::forwarding_really`], with this clock.
    pub fn forwarding_at(clock: Clock, flags: &[&str]) -> Self {
        let flags = flags.iter().map(ToString::to_string).collect();
        let media: Media = Arc::new(|| Box::new(|settings| Ok(Arc::new(MediaServer::start(settings)?))));
        Self::start_forwarding(Arc::new(Database::create()), clock, flags, media)
    }

    /// Starts a service with the media server of the program and the time of the system, which records classes.
    pub fn recording(flags: &[&str]) -> Self {
        let flags = flags.iter().map(ToString::to_string).collect();
        let media: Media = Arc::new(|| Box::new(|settings| Ok(Arc::new(MediaServer::start(settings)?))));
        Self::start_forwarding(Arc::new(Database::create()), Clock::System, flags, media)
    }

    /// Starts another instance on the same database, with the same clock and a media server of its own.
    pub fn forwarding_beside(other: &Self, media: &Arc<FakeMedia>) -> Self {
        Self::start_forwarding(other.database.clone(), other.clock.clone(), Vec::new(), of(media))
    }

    fn start_forwarding(database: Arc<Database>, clock: Clock, mut flags: Vec<String>, media: Media) -> Self {
        flags.extend(["--media-listen", "127.0.0.1:0"].map(String::from));
        let outside = Outside { converter: Arc::new(NoConverter), media: Some(media) };
        Self::start_outside(database, clock, flags, outside)
    }

    /// Starts another instance on the same database.
    pub fn start_beside(other: &Self, clock: Clock) -> Self {
        Self::start_on(other.database.clone(), clock, Vec::new())
    }

    /// Restarts the service with the same database, clock and flags, but another address.
    pub fn restart(&mut self) {
        self.restart_after(0);
    }

    /// As [`Service::restart`], with an interval without a service, in seconds.
    pub fn restart_after(&mut self, seconds: i64) {
        self.stop();
        self.pass(seconds);
        let (database, clock, flags) = (self.database.clone(), self.clock.clone(), self.flags.clone());
        *self = Self::start_outside(database, clock, flags, self.outside.clone());
    }

    /// Starts a service on an existing database.
    pub fn start_on(database: Arc<Database>, clock: Clock, flags: Vec<String>) -> Self {
        Self::start_outside(database, clock, flags, Outside { converter: Arc::new(NoConverter), media: None })
    }

    fn start_outside(database: Arc<Database>, clock: Clock, flags: Vec<String>, outside: Outside) -> Self {
        let given = ["test", "--listen", "127.0.0.1:0", "--workers", "1", "--database-url", &database.url];
        let mut config = Flags::parse_from(given.into_iter().chain(flags.iter().map(String::as_str))).config;
        if !flags.iter().any(|flag| flag == "--storage-url") {
            config.storage.url = storage_url(&database.url);
        }
        if !flags.iter().any(|flag| flag == "--recording-folder") {
            config.recording.folder = recording_folder(&database.url);
        }
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = std::sync::mpsc::channel();
        let (clock_inside, Outside { converter, media }) = (clock.clone(), outside.clone());
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let media = media.map(|start| start());
                let server = Server::bind_with(config, clock_inside, |_| converter, media).unwrap();
                let app = server.app();
                let metrics = server.metrics_address().map(|address| format!("http://{address}/metrics"));
                actix_web::rt::spawn(async move {
                    app.db.migrated().await;
                    ready.send((app, metrics)).unwrap();
                });
                server.run(async { stopped.await.unwrap_or_default() }).await.unwrap();
            });
        });
        let (app, metrics) = started.recv().unwrap();
        let url = app.public_url.clone();
        let http = http::client();
        Self { app, clock, url, metrics, http, stop: Some(stop), thread: Some(thread), flags, outside, database }
    }

    /// The URL of its database.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Stops the service and keeps its database.
    pub fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    /// Creates an enterprise.
    pub async fn enterprise(&self) -> Enterprise<'_> {
        self.enterprise_of(Draft { name: "Test".into(), ..Draft::default() }).await
    }

    /// Creates an enterprise with these settings, all protocols, and open registration for everybody.
    pub async fn enterprise_of(&self, draft: Draft) -> Enterprise<'_> {
        let made = self.enterprise_as_is(Draft { protocols: Protocols::ALL, ..draft }).await;
        let rooms = RoomPatch { registration: Some(Registration::Teachers), ..RoomPatch::default() };
        made.set(Patch { rooms, ..Patch::default() }).await;
        made
    }

    /// Creates an enterprise with these settings and the defaults of all others.
    pub async fn enterprise_as_is(&self, draft: Draft) -> Enterprise<'_> {
        let now = self.clock.now();
        let made = self.app.db.write(move |conn| enterprises::create(conn, draft, now)).await.unwrap();
        self.client_of(made)
    }

    /// An existing enterprise, such as after a restart.
    pub async fn enterprise_with(&self, sdkappid: i64) -> Enterprise<'_> {
        let found = self.app.db.read(move |conn| enterprises::require(conn, sdkappid)).await.unwrap();
        self.client_of(found)
    }

    fn client_of(&self, row: enterprises::Enterprise) -> Enterprise<'_> {
        Enterprise {
            service: self,
            enterprise_id: row.enterprise_id.0,
            sdkappid: row.sdkappid,
            tic_key: row.tic_key,
            private_key: row.private_key,
        }
    }

    /// Advances the clock.
    pub fn pass(&self, seconds: i64) {
        self.clock.set(self.clock.now() + seconds * 1000);
    }

    /// The time, in seconds.
    pub fn now(&self) -> i64 {
        self.clock.now() / 1000
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}
