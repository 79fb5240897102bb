//! One thread of the media server: it owns the media sessions of some classes, and passes their packets on. Nothing that a
//! packet touches is shared with other threads.

mod outputs;
mod sessions;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use bytes::Bytes;
use str0m::Input;
use str0m::config::DtlsCert;
use str0m::net::{Protocol, Receive};
use tokio::sync::mpsc;
use tokio::time::sleep_until;

use super::connection::Connection;
use super::datagrams::{Datagrams, Received};
use super::engine::MediaEvent;
use super::ids::PeerId;
use super::inbox::{Command, Datagram, Inbox, Mail};
use super::network::{Addresses, is_connection, is_report, stun_name};
use super::room::{Peers, Room};
use super::sink::{Tap, TrackSink};
use crate::domain::ids::ClassId;

/// Receivers get what came together in this time at once: each time costs as much as some packets.
const ROUND: Duration = Duration::from_millis(5);
/// How often slots and layers are looked at.
const TICK: Duration = Duration::from_millis(200);
/// How often the qualities of connections are sent.
const QUALITY_TICKS: u64 = 15;
/// How many datagrams of unknown senders are looked at in a tick: strangers must not cost the classes anything.
const STRANGERS: u32 = 400;

/// What all threads share.
#[derive(Clone)]
pub(super) struct Shared {
    pub addresses: Addresses,
    pub certificate: DtlsCert,
    pub events: mpsc::UnboundedSender<MediaEvent>,
    pub inboxes: Arc<[Inbox]>,
    pub totals: Arc<Totals>,
}

/// What all threads together have and did.
#[derive(Debug, Default)]
pub(super) struct Totals {
    /// Classes with media sessions.
    pub rooms: AtomicU64,
    /// Media sessions.
    pub sessions: AtomicU64,
    /// Packets that were sent.
    pub sent: AtomicU64,
}

/// A thread.
pub(super) struct Worker {
    number: usize,
    shared: Shared,
    datagrams: Datagrams,
    peers: Peers,
    rooms: HashMap<ClassId, Room>,
    /// Where what is let through in classes is recorded.
    sinks: HashMap<(ClassId, Tap), Arc<dyn TrackSink>>,
    /// The media sessions by the names of their STUN requests, and by the addresses from which they send.
    names: HashMap<String, PeerId>,
    senders: HashMap<(bool, SocketAddr), PeerId>,
    connections: HashMap<SocketAddr, Connection>,
    /// Senders whose media sessions other threads have.
    elsewhere: HashMap<SocketAddr, usize>,
    timers: BinaryHeap<Reverse<(Instant, PeerId)>>,
    scheduled: HashMap<PeerId, Instant>,
    /// Media sessions that got something since their outputs were taken.
    reached: Vec<PeerId>,
    strangers: u32,
    last: PeerId,
    ticks: u64,
}

impl Worker {
    pub fn new(number: usize, shared: Shared, datagrams: Datagrams) -> Self {
        Self {
            number,
            shared,
            datagrams,
            peers: Peers::new(),
            rooms: HashMap::new(),
            sinks: HashMap::new(),
            names: HashMap::new(),
            senders: HashMap::new(),
            connections: HashMap::new(),
            elsewhere: HashMap::new(),
            timers: BinaryHeap::new(),
            scheduled: HashMap::new(),
            reached: Vec::new(),
            strangers: STRANGERS,
            last: 0,
            ticks: 0,
        }
    }

    /// Serves until it is stopped.
    pub async fn run(mut self, mut mail: Mail) {
        let mut received = Received::new();
        let mut round = Instant::now();
        let mut tick = round + TICK;
        loop {
            let next = if self.reached.is_empty() { self.next_timer() } else { Some(round) };
            let due = next.map_or(tick, |next| tick.min(next.max(round)));
            tokio::select! {
                biased;
                command = mail.commands.recv() => match command {
                    Some(Command::Stop(done)) => {
                        self.stop();
                        let _ = done.send(());
                        return;
                    }
                    Some(command) => self.command(command, Instant::now()),
                    None => return self.stop(),
                },
                readable = self.datagrams.readable() => if readable.is_ok() { self.read(&mut received) },
                Some(datagram) = mail.datagrams.recv() => {
                    let now = Instant::now();
                    self.receive(datagram.protocol, datagram.source, &datagram.data, datagram.connection.as_ref(), now);
                }
                () = sleep_until(due.into()) => {}
            }
            let now = Instant::now();
            if now >= round && (!self.reached.is_empty() || self.next_timer().is_some_and(|at| at <= now)) {
                round = now + ROUND;
                self.run_timers(now);
                self.take_reached(now);
            }
            if now >= tick {
                tick = now + TICK;
                self.tick(now);
            }
            self.update_changed(now);
        }
    }

    /// Reads what has arrived.
    fn read(&mut self, received: &mut Received) {
        self.datagrams.read(received);
        for (source, data) in received.datagrams() {
            self.receive(Protocol::Udp, source, data, None, Instant::now());
        }
    }

    /// Takes a datagram.
    fn receive(
        &mut self,
        protocol: Protocol,
        source: SocketAddr,
        data: &[u8],
        connection: Option<&Connection>,
        now: Instant,
    ) {
        let sender = (is_connection(protocol), source);
        let known = self.senders.get(&sender).copied();
        // A page that begins anew from the same address says so with another name.
        let named = stun_name(data).and_then(|name| self.names.get(name).copied());
        let Some(id) = named.or(known) else { return self.pass_to_others(protocol, source, data, connection) };
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let destination = self.shared.addresses.local(source);
        let Ok(received) = Receive::new(protocol, source, destination, data) else { return };
        let input = Input::Receive(now, received);
        if known != Some(id) {
            // The name is no secret. What the connection accepts is signed with one.
            if !peer.rtc.accepts(&input) {
                return;
            }
            self.senders.insert(sender, id);
            match connection {
                Some(connection) => {
                    connection.belongs_to(self.number);
                    self.connections.insert(source, connection.clone());
                }
                None => send_to_others(&self.shared, self.number, |thread| Command::Learn { source, thread }),
            }
        }
        // An error is one of the datagram, which anybody may have sent from this address. The session goes on.
        let handled = catch_unwind(AssertUnwindSafe(|| peer.rtc.handle_input(input)));
        if handled.is_err() {
            return self.end(id);
        }
        if is_report(data) {
            // There is time until the next round.
            return self.reached.push(id);
        }
        self.take_outputs(id, now);
    }

    /// A datagram of a sender who has no media session here.
    fn pass_to_others(&mut self, protocol: Protocol, source: SocketAddr, data: &[u8], connection: Option<&Connection>) {
        // One of a connection was offered to all threads.
        if connection.is_some() {
            return;
        }
        let datagram = || Datagram { protocol, source, data: Bytes::copy_from_slice(data), connection: None };
        if let Some(inbox) = self.elsewhere.get(&source).and_then(|thread| self.shared.inboxes.get(*thread)) {
            return inbox.deliver(datagram());
        }
        if self.strangers == 0 || self.shared.inboxes.len() < 2 || stun_name(data).is_none() {
            return;
        }
        self.strangers -= 1;
        for inbox in others(&self.shared, self.number) {
            inbox.deliver(datagram());
        }
    }

    /// What is looked at now and then.
    fn tick(&mut self, now: Instant) {
        self.strangers = STRANGERS;
        self.ticks += 1;
        let over: Vec<PeerId> = self.peers.values().filter(|peer| peer.is_over(now)).map(|peer| peer.id).collect();
        self.end_all(&over);
        for room in self.rooms.values_mut() {
            for event in room.remove_stopped(&mut self.peers, now) {
                // Nobody listens while the service stops.
                let _ = self.shared.events.send(event);
            }
            room.update(&mut self.peers, now, &mut self.reached);
            room.request_keyframes(&mut self.peers, now, &mut self.reached);
            room.send_speakers(&mut self.peers, now, &mut self.reached);
            if self.ticks.is_multiple_of(QUALITY_TICKS) {
                room.send_quality(&mut self.peers, &mut self.reached);
            }
        }
        self.take_reached(now);
    }

    /// Fills the slots of rooms that have changed.
    fn update_changed(&mut self, now: Instant) {
        for room in self.rooms.values_mut().filter(|room| room.is_changed) {
            room.update(&mut self.peers, now, &mut self.reached);
            room.request_keyframes(&mut self.peers, now, &mut self.reached);
        }
        self.take_reached(now);
    }
}

/// Sends a command to all threads but this one.
fn send_to_others(shared: &Shared, own: usize, command: impl Fn(usize) -> Command) {
    for inbox in others(shared, own) {
        // A thread that has ended needs nothing.
        let _ = inbox.commands.send(command(own));
    }
}

/// The inboxes of all threads but this one.
fn others(shared: &Shared, own: usize) -> impl Iterator<Item = &Inbox> {
    shared.inboxes.iter().enumerate().filter(move |(number, _)| *number != own).map(|(_, inbox)| inbox)
}
