//! The media server of this process: its threads, and how they are reached.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use str0m::config::DtlsCert;
use tokio::runtime;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::datagrams::Datagrams;
use super::engine::{
    Answer, ConnectError, ConnectRequest, MediaEngine, MediaEvent, MediaSessionId, MediaUsage, Permissions,
};
use super::inbox::{Command, Inbox, inbox};
use super::network::{Addresses, Sockets};
use super::sink::{Tap, TrackSink};
use super::tcp;
use super::worker::{Shared, Totals, Worker};
use crate::domain::ids::ClassId;

/// How long the threads may take to end their sessions.
const FAREWELL: Duration = Duration::from_secs(2);

/// Where the media server is reached.
#[derive(Clone, Debug)]
pub struct MediaSettings {
    /// The address for datagrams and connections. Port 0 is any free port.
    pub listen: SocketAddr,
    /// The addresses that pages get; port 0 is the port of `listen`. If it is empty, those of this machine.
    pub public: Vec<SocketAddr>,
    /// How many threads pass packets on.
    pub threads: usize,
}

/// Why the media server can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address can't be bound.
    #[error("can't listen on {0} for voice and picture: {1}")]
    Listen(SocketAddr, io::Error),
    /// A thread can't be started, or there is no certificate.
    #[error("the media server can't start: {0}")]
    Start(String),
}

/// A media server. Dropping it ends its threads.
pub struct MediaServer {
    inboxes: Arc<[Inbox]>,
    addresses: Addresses,
    events: Mutex<Option<mpsc::UnboundedReceiver<MediaEvent>>>,
    totals: Arc<Totals>,
    last: Mutex<(std::time::Instant, u64)>,
}

impl MediaServer {
    /// Binds the addresses and starts the threads.
    ///
    /// # Errors
    /// See [`StartError`].
    pub fn start(settings: &MediaSettings) -> Result<Self, StartError> {
        let listen = |problem| StartError::Listen(settings.listen, problem);
        let Sockets { datagrams, connections, addresses } =
            Sockets::bind(settings.listen, &settings.public, settings.threads).map_err(listen)?;
        let (events, noticed) = mpsc::unbounded_channel();
        let (inboxes, mail): (Vec<Inbox>, Vec<_>) = datagrams.iter().map(|_| inbox()).unzip();
        let inboxes: Arc<[Inbox]> = inboxes.into();
        let totals = Arc::new(Totals::default());
        let shared = Shared {
            addresses: addresses.clone(),
            certificate: certificate()?,
            events,
            inboxes: inboxes.clone(),
            totals: totals.clone(),
        };
        for (number, (socket, mail)) in datagrams.into_iter().zip(mail).enumerate() {
            let shared = shared.clone();
            spawn(format!("media {number}"), async move {
                match Datagrams::new(socket).await {
                    Ok(datagrams) => Worker::new(number, shared, datagrams).run(mail).await,
                    Err(problem) => log::error!("voice and picture have no socket: {problem}"),
                }
            })?;
        }
        let accepting = inboxes.clone();
        spawn("media connections".to_owned(), async move {
            match tokio::net::TcpListener::from_std(connections) {
                Ok(listener) => {
                    let ended = futures_util::future::join_all(
                        accepting.iter().map(|inbox| inbox.commands.clone()).map(|commands| async move {
                            commands.closed().await;
                        }),
                    );
                    tokio::select! {
                        () = tcp::accept(listener, accepting.clone()) => {}
                        _ = ended => {}
                    }
                }
                Err(problem) => log::error!("voice and picture have no socket for connections: {problem}"),
            }
        })?;
        let shown: Vec<String> = offered(&addresses).iter().map(SocketAddr::to_string).collect();
        log::info!("voice and picture over UDP and TCP; pages are offered {}", shown.join(", "));
        let last = Mutex::new((std::time::Instant::now(), 0));
        Ok(Self { inboxes, addresses, events: Mutex::new(Some(noticed)), totals, last })
    }

    /// The addresses that pages get.
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        offered(&self.addresses)
    }

    /// Ends all media sessions and the threads.
    pub async fn stop(&self) {
        let stop = |inbox: &Inbox| {
            let (done, ended) = oneshot::channel();
            let _ = inbox.commands.send(Command::Stop(done));
            ended
        };
        let all = futures_util::future::join_all(self.inboxes.iter().map(stop));
        let _ = timeout(FAREWELL, all).await;
    }

    /// The thread that has a class.
    fn thread(&self, class_id: ClassId) -> Option<&Inbox> {
        let number = usize::try_from(class_id.0).unwrap_or_default() % self.inboxes.len().max(1);
        self.inboxes.get(number)
    }

    fn command(&self, class_id: ClassId, command: Command) {
        if let Some(inbox) = self.thread(class_id) {
            // A thread that has ended has no sessions.
            let _ = inbox.commands.send(command);
        }
    }
}

/// The addresses for datagrams; those for connections are the same.
fn offered(addresses: &Addresses) -> Vec<SocketAddr> {
    let candidates = addresses.candidates.iter();
    candidates.filter(|candidate| candidate.tcptype().is_none()).map(str0m::Candidate::addr).collect()
}

/// The certificate of this process. Each answer has its fingerprint.
fn certificate() -> Result<DtlsCert, StartError> {
    let provider = str0m::crypto::from_feature_flags();
    provider.dtls_provider.generate_certificate().ok_or_else(|| StartError::Start("no certificate".to_owned()))
}

fn spawn(name: String, task: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
    let failed = |problem: io::Error| StartError::Start(problem.to_string());
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    thread::Builder::new().name(name).spawn(move || runtime.block_on(task)).map_err(failed)?;
    Ok(())
}

impl MediaEngine for MediaServer {
    fn connect(&self, request: ConnectRequest) -> BoxFuture<'_, Result<Answer, ConnectError>> {
        async move {
            let (answer, answered) = oneshot::channel();
            self.command(request.class_id, Command::Connect { request: Box::new(request), answer });
            answered.await.unwrap_or(Err(ConnectError::Unavailable))
        }
        .boxed()
    }

    fn permit(&self, class_id: ClassId, user_id: &str, permissions: Permissions) {
        self.command(class_id, Command::Permit { class_id, user_id: user_id.to_owned(), permissions });
    }

    fn disconnect(&self, class_id: ClassId, session: &MediaSessionId) {
        self.command(class_id, Command::Disconnect { class_id, session: session.clone() });
    }

    fn remove(&self, class_id: ClassId, user_id: &str) {
        self.command(class_id, Command::Remove { class_id, user_id: user_id.to_owned() });
    }

    fn close(&self, class_id: ClassId) {
        self.command(class_id, Command::Close { class_id });
    }

    fn record(&self, class_id: ClassId, tap: Tap, sink: Option<Arc<dyn TrackSink>>) {
        self.command(class_id, Command::Record { class_id, tap, sink });
    }

    fn classes(&self) -> BoxFuture<'_, Vec<ClassId>> {
        async move {
            let ask = |inbox: &Inbox| {
                let (answer, answered) = oneshot::channel();
                let _ = inbox.commands.send(Command::Classes(answer));
                answered
            };
            let answers = futures_util::future::join_all(self.inboxes.iter().map(ask)).await;
            answers.into_iter().flatten().flatten().collect()
        }
        .boxed()
    }

    fn events(&self) -> Option<mpsc::UnboundedReceiver<MediaEvent>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn load(&self) -> u64 {
        let sent = self.totals.sent.load(Ordering::Relaxed);
        let now = std::time::Instant::now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, before) = std::mem::replace(&mut *last, (now, sent));
        let millis = u64::try_from(now.saturating_duration_since(since).as_millis()).unwrap_or(u64::MAX).max(1);
        (sent - before).saturating_mul(1_000) / millis
    }

    fn usage(&self) -> MediaUsage {
        let Totals { rooms, sessions, sent } = &*self.totals;
        let [rooms, sessions, packets] = [rooms, sessions, sent].map(|total| total.load(Ordering::Relaxed));
        MediaUsage { rooms, sessions, packets }
    }
}
