//! What this process records: begins and ends packet logs.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::part::PartName;
use super::sink::LogSink;
use super::spool::Spool;
use super::writer::{Broken, Message, WriteProblem, Writer, has_room};
use crate::clock::Clock;
use crate::domain::ids::EnterpriseId;
use crate::domain::tenancy::secret;
use crate::media::TrackSink;

/// How many packets may wait for the disk: about three seconds of a hundred pictures.
const WAITING: usize = 32_768;
/// How long to wait for a disk that does not keep up.
const AGAIN: Duration = Duration::from_millis(50);

/// Where recordings are written before they are stored.
#[derive(Clone, Debug)]
pub struct RecorderSettings {
    /// The folder.
    pub folder: PathBuf,
    /// How many bytes must stay free on its disk.
    pub least_free: u64,
}

/// Writes what is recorded. Dropping it ends the thread that does.
pub struct Recorder {
    pub(super) settings: RecorderSettings,
    pub(super) spool: Arc<Spool>,
    queue: SyncSender<Message>,
    clock: Clock,
    broken: Mutex<Option<mpsc::UnboundedReceiver<Broken>>>,
    last: AtomicU64,
    logs: Arc<Mutex<Logs>>,
}

/// The logs of this process that are not stored yet, by their first parts.
#[derive(Debug, Default)]
struct Logs {
    open: BTreeSet<PartName>,
    closed: BTreeSet<PartName>,
}

/// A log that is being written.
pub struct OpenLog {
    number: u64,
    first: PartName,
    sink: Arc<LogSink>,
    queue: SyncSender<Message>,
    logs: Arc<Mutex<Logs>>,
}

impl Recorder {
    /// Makes the folder of this process, and starts the thread.
    ///
    /// # Errors
    /// When the folder can't be made, or the thread not started.
    pub fn start(settings: RecorderSettings, clock: &Clock) -> io::Result<Self> {
        let spool = Arc::new(Spool::make(&settings.folder)?);
        let (queue, messages) = sync_channel(WAITING);
        let (broken, noticed) = mpsc::unbounded_channel();
        let writer = Writer {
            spool: spool.clone(),
            place: settings.folder.clone(),
            least_free: settings.least_free,
            broken,
            logs: HashMap::new(),
        };
        std::thread::Builder::new().name("recordings".to_owned()).spawn(move || writer.run(&messages))?;
        let (clock, broken) = (clock.clone(), Mutex::new(Some(noticed)));
        Ok(Self { settings, spool, queue, clock, broken, last: AtomicU64::new(0), logs: Arc::default() })
    }

    /// Checks that there is room for a recording.
    ///
    /// # Errors
    /// [`WriteProblem::NoRoom`].
    pub fn check_room(&self) -> Result<(), WriteProblem> {
        let RecorderSettings { folder, least_free } = &self.settings;
        if has_room(folder, *least_free) { Ok(()) } else { Err(WriteProblem::NoRoom) }
    }

    /// A name for a new log.
    #[must_use]
    pub fn new_name() -> String {
        secret::token()
    }

    /// Begins a log of a recording, under a new name. Problems are found later, see [`Recorder::broken`]. `None` while the disk
    /// does not keep up.
    #[must_use]
    pub fn open(&self, enterprise_id: EnterpriseId, recording_id: i64, name: &str) -> Option<OpenLog> {
        let number = self.last.fetch_add(1, Ordering::Relaxed);
        // The two times of the begin are taken together: everything in the log is counted from them.
        let (started, begin) = (Instant::now(), self.clock.now());
        let sink = Arc::new(LogSink {
            log: number,
            started,
            queue: self.queue.clone(),
            lost: Arc::default(),
            streams: Mutex::default(),
        });
        let first = PartName::first(enterprise_id, recording_id, name);
        let lost = sink.lost.clone();
        let open = Message::Open { log: number, name: first.clone(), begin, lost };
        self.queue.try_send(open).ok()?;
        lock(&self.logs).open.insert(first.clone());
        Some(OpenLog { number, first, sink, queue: self.queue.clone(), logs: self.logs.clone() })
    }

    /// How many logs are being written.
    #[must_use]
    pub fn open_logs(&self) -> usize {
        lock(&self.logs).open.len()
    }

    /// The names of the logs that this process has.
    pub(super) fn logs(&self) -> Vec<String> {
        let logs = lock(&self.logs);
        logs.open.iter().chain(&logs.closed).map(|name| name.log.clone()).collect()
    }

    /// The first parts of the logs that are whole on the disk.
    pub(super) fn closed(&self) -> Vec<PartName> {
        lock(&self.logs).closed.iter().cloned().collect()
    }

    /// All parts of a log are stored.
    pub(super) fn forget(&self, first: &PartName) {
        lock(&self.logs).closed.remove(first);
    }

    /// The logs that can't be written any further. It can be taken once; later calls return `None`.
    #[must_use]
    pub fn broken(&self) -> Option<mpsc::UnboundedReceiver<Broken>> {
        lock(&self.broken).take()
    }
}

impl OpenLog {
    /// What takes the packets.
    #[must_use]
    pub fn sink(&self) -> Arc<dyn TrackSink> {
        self.sink.clone()
    }

    /// Ends the log. It is whole on the disk then.
    pub async fn close(self) {
        let (closed, ended) = oneshot::channel();
        let mut close = Message::Close { log: self.number, closed };
        while let Err(TrySendError::Full(waiting)) = self.queue.try_send(close) {
            close = waiting;
            tokio::time::sleep(AGAIN).await;
        }
        let _ = ended.await;
        let mut logs = lock(&self.logs);
        logs.open.remove(&self.first);
        logs.closed.insert(self.first);
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.spool.remove_if_empty();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{Source, TrackCodec, TrackPacket};
    use crate::recording::packet_log::{Reader, Record};

    fn packet(payload: &Arc<[u8]>, sequence: u64) -> TrackPacket<'_> {
        TrackPacket {
            sender: 1,
            user_id: "li",
            source: Source::Mic,
            codec: TrackCodec::Opus,
            layer: 0,
            sequence,
            time: 960,
            is_last: true,
            arrived: Instant::now(),
            payload,
        }
    }

    fn recorder(place: &tempfile::TempDir, least_free: u64) -> Recorder {
        let settings = RecorderSettings { folder: place.path().to_owned(), least_free };
        Recorder::start(settings, &Clock::set_at(1_700_000_000_000)).unwrap()
    }

    #[tokio::test]
    async fn packets_are_on_the_disk_when_a_log_is_closed() {
        let place = tempfile::tempdir().unwrap();
        let recorder = recorder(&place, 0);
        let log = recorder.open(EnterpriseId(1), 7, "a1").unwrap();
        let (sink, payload) = (log.sink(), Arc::from(b"voice".as_slice()));
        (1..=100).for_each(|sequence| sink.take(&packet(&payload, sequence)));
        log.close().await;
        let files = recorder.spool.files().unwrap();
        assert_eq!(files.len(), 1);
        assert!(files[0].name.is_whole && files[0].name.recording_id == 7);
        let bytes = std::fs::read(&files[0].path).unwrap();
        let reader = Reader::new(&bytes).unwrap();
        assert_eq!(reader.begin, 1_700_000_000_000);
        let records: Vec<Record<'_>> = reader.collect();
        assert!(matches!(&records[0], Record::Stream(stream) if stream.user_id == "li"));
        assert_eq!(records.len(), 101);
    }

    #[tokio::test]
    async fn what_was_recorded_a_second_ago_is_there_when_the_process_is_killed() {
        let place = tempfile::tempdir().unwrap();
        let recorder = recorder(&place, 0);
        let log = recorder.open(EnterpriseId(1), 7, "a1").unwrap();
        let payload = Arc::from(b"voice".as_slice());
        log.sink().take(&packet(&payload, 1));
        // Nothing is closed. A killed process leaves what the system has.
        loop {
            let files = recorder.spool.files().unwrap();
            let bytes = files.first().map(|file| std::fs::read(&file.path).unwrap()).unwrap_or_default();
            if Reader::new(&bytes).is_some_and(|reader| reader.count() == 2) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    #[tokio::test]
    async fn a_full_disk_ends_a_recording_and_says_so() {
        let place = tempfile::tempdir().unwrap();
        let recorder = recorder(&place, u64::MAX);
        assert_eq!(recorder.check_room(), Err(WriteProblem::NoRoom));
        let mut broken = recorder.broken().unwrap();
        let log = recorder.open(EnterpriseId(1), 7, "a1").unwrap();
        let payload = Arc::from(b"voice".as_slice());
        log.sink().take(&packet(&payload, 1));
        let Broken { recording_id, problem, .. } = broken.recv().await.unwrap();
        assert_eq!((recording_id, problem), (7, WriteProblem::NoRoom));
        let files = recorder.spool.files().unwrap();
        let bytes = std::fs::read(&files[0].path).unwrap();
        assert_eq!(Reader::new(&bytes).unwrap().count(), 2, "what came before is kept");
    }
}
