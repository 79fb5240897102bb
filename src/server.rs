//! Binds the address, mounts the protocols, and starts and stops the service.

mod docs;
mod error;
mod media;
mod metrics;
mod migration;
mod mounting;
mod recording;
mod trials;
mod workers;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, Data};
use actix_web::{App as Web, HttpRequest, HttpResponse, HttpServer};
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::config::{BackupConfig, Config, ImEngine};
use crate::console;
use crate::conversion::WorkFolder;
use crate::db::{Db, ServingLock};
use crate::files;
use crate::http::body::Budget;
use crate::http::client::TrustedProxies;
use crate::http::request_meter::RequestMeter;
use crate::http::{WRITE_BUFFER, health, requests};
use crate::integrations::converter::Converter;
use crate::integrations::ffmpeg::Ffmpeg;
use crate::integrations::hosted_groups::HostedGroups;
use crate::integrations::libreoffice;
use crate::integrations::libreoffice::LibreOffice;
use crate::integrations::tencent::chat_service::ChatService;
use crate::integrations::tencent::vod::Vod;
use crate::metrics::Metrics;
use crate::presence;
use crate::presence::Presence;
use crate::protocol;
use crate::protocol::Protocol;
use crate::realtime::Hub;
use crate::service::backups::Backups;
use crate::service::stage::{Outlets, Stage};
use crate::state::{
    AppState, ClassReads, Enterprises, LoginThrottle, Passwords, Quotas, Rates, Readiness, ResponseCache, RoomLists,
    WordFilters,
};
use crate::storage::Storage;
use crate::webhook;
use crate::webhook::Deliveries;

pub use error::Error;
pub use media::StartMedia;

/// How long requests in flight may take to end when the service stops. The whole stop then takes at most 10 s.
const DRAIN_SECONDS: u64 = 4;

/// A service that is bound to its address but does not serve yet.
pub struct Server {
    listener: TcpListener,
    metrics: Option<metrics::Listener>,
    app: Data<AppState>,
    service: ChatService,
    folder: Arc<WorkFolder>,
    ffmpeg: Arc<Ffmpeg>,
    backups: Option<Backups>,
    /// Held while it serves.
    _serving: Option<ServingLock>,
}

impl Server {
    /// Opens the database and binds the address. An embedded database is locked and migrated here and must be usable. A database
    /// server may be unavailable: [`Server::run`] migrates the database once it is available.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn bind(config: Config, clock: Clock) -> Result<Self, Error> {
        let converter = |folder: &Path| -> Arc<dyn Converter> {
            let work = folder.to_owned();
            Arc::new(LibreOffice::new(libreoffice::Settings { work, ..libreoffice::Settings::default() }))
        };
        Self::bind_with(config, clock, converter, Some(media::media_server()))
    }

    /// As [`Server::bind`], with another document converter, which may work in the folder that it is given, and another media
    /// server; `None` for none.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn bind_with(
        config: Config,
        clock: Clock,
        converter: impl FnOnce(&Path) -> Arc<dyn Converter>,
        media: Option<StartMedia>,
    ) -> Result<Self, Error> {
        let folder = WorkFolder::make().map_err(|e| Error::Folder(std::env::temp_dir(), e))?;
        let converter = converter(folder.path());
        let ffmpeg = Arc::new(recording::ffmpeg(&config, folder.path()));
        let mut db = Db::open_with(&config.database.url, config.server.database_connections)?;
        let serving = db.lock_for_serving()?;
        if db.is_embedded() {
            migration::log_applied(&db.migrate()?);
        } else {
            db = db.until_migrated();
        }
        let failed = |e| Error::Listen(config.server.listen, e);
        let listener = TcpListener::bind(config.server.listen).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        log::info!("listening on {address}");
        let metrics = metrics::Listener::bind(config.server.metrics_listen)?;
        let engine = media::start(&config.media_server, media)?;
        let public_url = config.server.public_url.clone().unwrap_or_else(|| reachable(address));
        let service = ChatService::new(&config.chat.url).map_err(Error::Chat)?;
        let hosted_groups: Option<Arc<dyn HostedGroups>> = match config.chat.engine {
            ImEngine::Local => None,
            ImEngine::Tencent => Some(Arc::new(service.clone())),
        };
        let storage = Storage::open(&config.storage.url, std::env::vars())?;
        let backups = backups(&config.backup, &db)?;
        let vod = Vod::new(&config.media.vod_url).map_err(Error::Vod)?;
        let presence = Presence::new(
            presence::Settings {
                heartbeat: Duration::from_secs(config.limits.heartbeat_seconds.into()),
                overrun: Duration::from_secs(config.limits.class_max_overrun_seconds.into()),
            },
            clock.now(),
        );
        let quotas = Quotas::new(config.quotas.clone());
        let rates = Rates::new(&config.rates, &clock);
        let channel = Arc::new(Hub::new(&db));
        let outlets = recording::start(&config, engine.is_some(), &clock, (&ffmpeg, &storage))
            .map_err(|e| Error::Recording(config.recording.folder.clone(), e))?;
        let Outlets { recorder: recording, live } = outlets.clone();
        let stage = Stage::new(engine, outlets, &channel, &db, &clock);
        let app = AppState {
            config,
            public_url,
            clock,
            db,
            enterprises: Enterprises::default(),
            hosted_groups,
            converter,
            presence: Arc::new(presence),
            channel,
            stage,
            recording,
            live,
            response_cache: ResponseCache::default(),
            class_reads: ClassReads::default(),
            room_lists: RoomLists::default(),
            storage,
            login_throttle: LoginThrottle::default(),
            readiness: Readiness::default(),
            rates,
            quotas,
            word_filters: WordFilters::default(),
            passwords: Passwords::default(),
            vod,
            show_notice: protocol::show_notice,
        };
        let app = Data::from(Arc::new(app));
        Ok(Self { listener, metrics, app, service, folder: Arc::new(folder), ffmpeg, backups, _serving: serving })
    }

    /// The state that all requests share.
    #[must_use]
    pub fn app(&self) -> Arc<AppState> {
        self.app.clone().into_inner()
    }

    /// The address of the metrics; `None` without one.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|metrics| metrics.address)
    }

    /// Serves until `stop` completes, then drains the requests in flight.
    ///
    /// # Errors
    /// [`Error::Serve`]; [`Error::Database`] when the database server has tables of a later version.
    pub async fn run(mut self, stop: impl Future<Output = ()> + 'static) -> Result<(), Error> {
        let protocols = protocol::all(Some(&self.app()));
        let openapi = protocol::openapi(&protocols);
        let frame_ancestors = self.app.config.server.frame_ancestors.directive();
        let (app, mounted) = (self.app.clone(), protocols.clone());
        let budget = Data::new(Budget::new(app.config.limits.unknown_body_bytes));
        let ffmpeg = Data::from(self.ffmpeg.clone());
        let formatters = Data::new(protocol::formatters(&protocols));
        let calls = Data::new(trials::calls(&protocols, &openapi, self.listener.local_addr()?)?);
        let proxies = Data::new(TrustedProxies::new(app.config.server.trusted_proxies.clone()));
        let metrics = self.metrics.take();
        let meter = metrics.is_some().then(|| Arc::new(RequestMeter::new(mounting::name_of_path(protocols.clone()))));
        let counted = meter.clone().map(Data::from);
        let mut http = HttpServer::new(move || {
            let web = Web::new();
            let web = if let Some(meter) = &counted { web.app_data(meter.clone()) } else { web };
            web.app_data(app.clone())
                .app_data(proxies.clone())
                .app_data(budget.clone())
                .app_data(ffmpeg.clone())
                .app_data(formatters.clone())
                .app_data(calls.clone())
                .wrap(from_fn(requests::follow))
                .configure(files::configure)
                .configure(console::configure)
                .service(health::healthz)
                .route("/readyz", web::get().to(readyz))
                .configure(|config| {
                    mounting::mount(config, &mounted, docs::docs(openapi.clone(), frame_ancestors.clone()));
                })
                .default_service({
                    let protocols = mounted.clone();
                    web::to(move |request: HttpRequest| std::future::ready(protocol::refuse(&protocols, &request)))
                })
        })
        // Several small messages follow one another on a WebSocket. None may wait until the client has confirmed the one before.
        .on_connect(|connection, _| {
            if let Some(stream) = connection.downcast_ref::<TcpStream>() {
                let _ = stream.set_nodelay(true);
            }
        })
        .h1_write_buffer_size(WRITE_BUFFER)
        .shutdown_timeout(DRAIN_SECONDS)
        .disable_signals();
        if let Some(workers) = self.app.config.server.workers {
            http = http.workers(workers.into());
        }
        let (refuse, mut refused) = mpsc::unbounded_channel();
        let deliveries = self.deliveries(&protocols)?;
        let metrics = metrics.zip(meter).map(|(listener, meter)| {
            listener.serve(Arc::new(Metrics::new(self.app(), meter, deliveries.meter().clone())))
        });
        let metrics = metrics.transpose()?;
        let workers = workers::start(
            &self.app(),
            (deliveries, self.backups),
            self.service.clone(),
            (self.folder.clone(), self.ffmpeg.clone()),
            refuse,
        )?;
        let server = http.listen(self.listener)?.run();
        let handle = server.handle();
        let app = self.app.clone();
        let stopping = actix_web::rt::spawn(async move {
            let why = tokio::select! {
                () = stop => None,
                Some(why) = refused.recv() => Some(why),
            };
            log::info!("stopping: no new requests, waiting for those in flight");
            app.stage.drain().await;
            app.channel.stop();
            handle.stop(true).await;
            if let Some(metrics) = metrics {
                metrics.stop(false).await;
            }
            why
        });
        let ended = server.await;
        workers.stop().await;
        ended?;
        match stopping.await.ok().flatten() {
            Some(why) => Err(Error::Database(why)),
            None => Ok(()),
        }
    }

    fn deliveries(&self, protocols: &[Arc<dyn Protocol>]) -> std::io::Result<Deliveries> {
        let config = &self.app.config;
        let settings = webhook::Settings {
            timeout: config.webhooks.timeout_seconds,
            retries: config.webhooks.retries,
            retry_after: config.webhooks.retry_seconds,
            connections: config.webhooks.connections.into(),
            allow_private: config.webhooks.allow_private,
        };
        Deliveries::new(settings, protocol::formatters(protocols))
    }
}

/// The backups that the settings ask for.
fn backups(config: &BackupConfig, db: &Db) -> Result<Option<Backups>, Error> {
    let Some(url) = &config.url else { return Ok(None) };
    if !db.is_embedded() {
        return Err(Error::Backup("only a SQLite database is backed up; PostgreSQL has its own tools".into()));
    }
    let storage = Storage::open(url, std::env::vars()).map_err(|e| Error::Backup(e.to_string()))?;
    let every = i64::from(config.hours) * 3_600_000;
    Ok(Some(Backups { storage, every, keep: usize::try_from(config.keep).unwrap_or(usize::MAX) }))
}

/// The URL at which a client on this machine reaches the listen address.
fn reachable(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://127.0.0.1:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

async fn readyz(app: Data<AppState>, ffmpeg: Data<Ffmpeg>) -> HttpResponse {
    let problem = app.readiness.problem(&app.db, &app.storage).await;
    health::readyz(problem, app.converter.missing(), ffmpeg.missing())
}
