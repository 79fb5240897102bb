//! A network between a page and the media server that loses, delays and cuts, as that of a pupil at home.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// How much a slow network keeps before it loses what comes.
const QUEUE: Duration = Duration::from_millis(200);

/// How good a network is, in each direction.
#[derive(Clone, Copy, Default)]
pub struct Quality {
    /// What is lost, in percent.
    pub loss: u8,
    /// What it carries, in kbit/s.
    pub rate: Option<u32>,
}

/// A network. Pages reach the media server at its port. It ends on drop.
pub struct Relay {
    pub port: u16,
    task: JoinHandle<()>,
    is_cut: watch::Sender<bool>,
}

impl Relay {
    /// A network to the media server at this port.
    pub async fn to(server: u16, quality: Quality) -> Self {
        let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let port = socket.local_addr().unwrap().port();
        let is_cut = watch::Sender::new(false);
        let server = SocketAddr::from(([127, 0, 0, 1], server));
        let task = tokio::spawn(carry(socket, server, quality, is_cut.subscribe()));
        Self { port, task, is_cut }
    }

    /// Nothing passes any more.
    pub fn cut(&self) {
        self.is_cut.send_replace(true);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(socket: Arc<UdpSocket>, server: SocketAddr, quality: Quality, is_cut: watch::Receiver<bool>) {
    let mut pages: HashMap<SocketAddr, Direction> = HashMap::new();
    let mut buffer = [0; 2_000];
    loop {
        let Ok((length, page)) = socket.recv_from(&mut buffer).await else { continue };
        if *is_cut.borrow() {
            continue;
        }
        let there = match pages.entry(page) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(place) => {
                let own = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
                own.connect(server).await.unwrap();
                let back = Direction::new(socket.clone(), page, quality);
                tokio::spawn(carry_back(own.clone(), back, is_cut.clone()));
                place.insert(Direction::new(own, server, quality))
            }
        };
        there.send(&buffer[..length]);
    }
}

async fn carry_back(own: Arc<UdpSocket>, mut back: Direction, is_cut: watch::Receiver<bool>) {
    let mut buffer = [0; 2_000];
    // The network has ended when its sender is gone.
    while is_cut.has_changed().is_ok() {
        if let Ok(length) = own.recv(&mut buffer).await
            && !*is_cut.borrow()
        {
            back.send(&buffer[..length]);
        }
    }
}

/// One direction of a network: a queue that is emptied at a rate.
struct Direction {
    quality: Quality,
    /// When the last datagram of the queue has been sent.
    free: Instant,
    queue: mpsc::UnboundedSender<(Instant, Vec<u8>)>,
}

impl Direction {
    fn new(socket: Arc<UdpSocket>, to: SocketAddr, quality: Quality) -> Self {
        let (queue, mut queued) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
        let is_connected = socket.peer_addr().is_ok();
        tokio::spawn(async move {
            while let Some((at, data)) = queued.recv().await {
                sleep_until(at).await;
                // Whoever is gone gets nothing.
                let _ = if is_connected { socket.send(&data).await } else { socket.send_to(&data, to).await };
            }
        });
        Self { quality, free: Instant::now(), queue }
    }

    fn send(&mut self, data: &[u8]) {
        let Quality { loss, rate } = self.quality;
        if rand::random::<u8>() % 100 < loss {
            return;
        }
        let now = Instant::now();
        if let Some(rate) = rate {
            let bits = u64::try_from(data.len()).unwrap() * 8;
            let at = self.free.max(now) + Duration::from_micros(bits * 1_000 / u64::from(rate));
            if at > now + QUEUE {
                return;
            }
            self.free = at;
        }
        let at = if rate.is_some() { self.free } else { now };
        let _ = self.queue.send((at, data.to_vec()));
    }
}
