//! The thread that writes packet logs. Threads that forward packets hand them over by a queue and never wait for it: what does
//! not fit is lost and counted.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::packet_log::{Packet, Stream, head, put_packet, put_stream};
use super::part::PartName;
use super::spool::Spool;
use crate::clock::Millis;
use crate::domain::ids::EnterpriseId;

/// How often what was written is given to the system: a process that is killed loses no more than this.
const FLUSH: Duration = Duration::from_millis(500);
/// How often the room on the disk is looked at.
const LOOK: Duration = Duration::from_secs(2);
/// After how many bytes, and how long, a part ends: parts are stored while the class goes on.
const PART_BYTES: u64 = 32 << 20;
const PART_TIME: Duration = Duration::from_mins(5);
/// How many bytes are collected before they are written.
const BUFFER: usize = 64 << 10;

/// How many packets the thread could not take.
#[derive(Debug, Default)]
pub(super) struct Lost(pub AtomicU64);

/// What the thread is asked to do.
pub(super) enum Message {
    /// Begins a log.
    Open { log: u64, name: PartName, begin: Millis, lost: Arc<Lost> },
    /// The packets of a stream follow.
    Stream { log: u64, stream: Stream },
    /// Writes a packet.
    Packet { log: u64, packet: Packet<'static>, payload: Arc<[u8]> },
    /// Ends a log.
    Close { log: u64, closed: oneshot::Sender<()> },
}

/// Why a log can't be written any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteProblem {
    /// The disk has less room than must be left.
    #[error("there is no room on the disk for recordings")]
    NoRoom,
    /// The system refuses it.
    #[error("a recording can't be written: {0}")]
    Io(String),
}

/// A log that can't be written any further.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Its enterprise.
    pub enterprise_id: EnterpriseId,
    /// The recording.
    pub recording_id: i64,
    /// Why.
    pub problem: WriteProblem,
}

/// The thread.
pub(super) struct Writer {
    pub spool: Arc<Spool>,
    pub place: PathBuf,
    pub least_free: u64,
    pub broken: mpsc::UnboundedSender<Broken>,
    pub logs: HashMap<u64, Log>,
}

/// A log that is being written.
pub(super) struct Log {
    name: PartName,
    file: File,
    buffer: Vec<u8>,
    written: u64,
    since: Instant,
    head: Vec<u8>,
    streams: Vec<Stream>,
    lost: Arc<Lost>,
}

impl Writer {
    /// Writes until nobody records any more.
    pub fn run(mut self, messages: &Receiver<Message>) {
        let (mut flushed, mut looked) = (Instant::now(), Instant::now());
        loop {
            match messages.recv_timeout(FLUSH) {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if flushed.elapsed() >= FLUSH {
                flushed = Instant::now();
                self.for_each(|_, log| log.flush());
            }
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                self.look();
            }
        }
        self.for_each(|spool, log| log.finish(spool));
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Open { log, name, begin, lost } => {
                let of = (name.enterprise_id, name.recording_id);
                match Log::open(&self.spool, name, head(begin), lost) {
                    Ok(opened) => drop(self.logs.insert(log, opened)),
                    Err(problem) => self.give_up(of, &problem),
                }
            }
            Message::Stream { log, stream } => self.with(log, |_, log| {
                put_stream(&mut log.buffer, &stream);
                log.streams.push(stream);
                Ok(())
            }),
            Message::Packet { log, packet, payload } => {
                self.with(log, |spool, log| log.write(spool, &Packet { payload: &payload, ..packet }));
            }
            Message::Close { log, closed } => {
                self.with(log, |spool, log| log.finish(spool));
                self.logs.remove(&log);
                // Whoever closed it may be gone.
                let _ = closed.send(());
            }
        }
    }

    fn with(&mut self, log: u64, write: impl FnOnce(&Spool, &mut Log) -> io::Result<()>) {
        let Some(found) = self.logs.get_mut(&log) else { return };
        if let Err(problem) = write(&self.spool, found) {
            let of = (found.name.enterprise_id, found.name.recording_id);
            self.end(log);
            self.give_up(of, &problem);
        }
    }

    fn for_each(&mut self, mut write: impl FnMut(&Spool, &mut Log) -> io::Result<()>) {
        let ids: Vec<u64> = self.logs.keys().copied().collect();
        for log in ids {
            self.with(log, &mut write);
        }
    }

    /// Ends all logs when the disk is nearly full, and says what was lost.
    fn look(&mut self) {
        for log in self.logs.values() {
            let lost = log.lost.0.swap(0, Ordering::Relaxed);
            if lost > 0 {
                log::warn!("recording {}: {lost} packets were lost, the disk is too slow", log.name.recording_id);
            }
        }
        if self.logs.is_empty() || has_room(&self.place, self.least_free) {
            return;
        }
        log::error!("recordings end: less than {} bytes are free in {}", self.least_free, self.place.display());
        let ids: Vec<u64> = self.logs.keys().copied().collect();
        for log in ids {
            if let Some((enterprise_id, recording_id)) = self.end(log) {
                let _ = self.broken.send(Broken { enterprise_id, recording_id, problem: WriteProblem::NoRoom });
            }
        }
    }

    /// Ends a log with what could be written. Returns its recording.
    fn end(&mut self, log: u64) -> Option<(EnterpriseId, i64)> {
        let mut ended = self.logs.remove(&log)?;
        if let Err(problem) = ended.finish(&self.spool) {
            log::error!("the end of recording {} was not written: {problem}", ended.name.recording_id);
        }
        Some((ended.name.enterprise_id, ended.name.recording_id))
    }

    fn give_up(&self, (enterprise_id, recording_id): (EnterpriseId, i64), problem: &io::Error) {
        log::error!("recording {recording_id} can't be written: {problem}");
        let problem = match problem.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => WriteProblem::NoRoom,
            _ => WriteProblem::Io(problem.to_string()),
        };
        // Nobody listens while the service stops.
        let _ = self.broken.send(Broken { enterprise_id, recording_id, problem });
    }
}

/// Whether a disk has at least so many bytes free. One that can't be asked has.
pub(super) fn has_room(place: &Path, least: u64) -> bool {
    rustix::fs::statvfs(place).map_or(true, |found| found.f_bavail.saturating_mul(found.f_frsize) >= least)
}

impl Log {
    fn open(spool: &Spool, name: PartName, head: Vec<u8>, lost: Arc<Lost>) -> io::Result<Self> {
        let mut file = File::create_new(spool.path_of(&name))?;
        file.write_all(&head)?;
        let (written, since, streams) = (head.len() as u64, Instant::now(), Vec::new());
        Ok(Self { name, file, buffer: Vec::with_capacity(BUFFER), written, since, head, streams, lost })
    }

    fn write(&mut self, spool: &Spool, packet: &Packet<'_>) -> io::Result<()> {
        put_packet(&mut self.buffer, packet);
        if self.buffer.len() >= BUFFER {
            self.flush()?;
        }
        if self.written >= PART_BYTES || self.since.elapsed() >= PART_TIME {
            self.finish(spool)?;
            let mut next = Self::open(spool, self.name.next(), self.head.clone(), self.lost.clone())?;
            self.streams.iter().for_each(|stream| put_stream(&mut next.buffer, stream));
            next.streams = std::mem::take(&mut self.streams);
            *self = next;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        self.file.write_all(&self.buffer)?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Ends the part. It has a name that says so as soon as it is on the disk.
    fn finish(&mut self, spool: &Spool) -> io::Result<()> {
        let flushed = self.flush();
        self.file.sync_data()?;
        std::fs::rename(spool.path_of(&self.name), spool.path_of(&self.name.whole()))?;
        flushed
    }
}
