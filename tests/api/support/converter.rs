//! Converters for tests: a scripted one, and one that is missing.

use super::PATIENCE;
use std::path::Path;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use lectern::domain::content::conversion::{ConversionFailure, PageFiles};
use lectern::integrations::converter::{Converted, Converter, Progress, Source};
use tokio::sync::watch;

/// What a missing converter reports.
pub const MISSING: &str = "there is no converter";

/// A machine without a converter.
pub struct NoConverter;

impl Converter for NoConverter {
    fn convert<'a>(
        &'a self,
        _: &'a Source,
        _: &'a Path,
        _: Progress<'a>,
    ) -> BoxFuture<'a, Result<Converted, ConversionFailure>> {
        panic!("nobody may ask what is not there")
    }

    fn missing(&self) -> Option<String> {
        Some(MISSING.to_owned())
    }
}

/// The scripted result of a conversion.
#[derive(Clone, Debug)]
pub enum Play {
    /// Three pages, after these progress steps.
    Pages(Vec<u8>),
    /// As [`Play::Pages`], but waits for a permit after the steps.
    Hold(Vec<u8>),
    /// This failure, after these steps.
    Fail(Vec<u8>, ConversionFailure),
    /// A panic.
    Panic,
}

type Script = Box<dyn Fn(&Seen, usize) -> Play + Send + Sync>;

/// A document that the converter received.
#[derive(Clone, Debug)]
pub struct Seen {
    pub source: Source,
    pub content: Vec<u8>,
}

/// A converter that follows a script.
pub struct Scripted {
    script: Script,
    seen: watch::Sender<Vec<Seen>>,
    /// How many documents have a permit.
    released: watch::Sender<usize>,
    /// How many conversions are running.
    running: Arc<Mutex<usize>>,
}

/// Counts a conversion while it runs.
struct Running(Arc<Mutex<usize>>);

impl Drop for Running {
    fn drop(&mut self) {
        *self.0.lock().unwrap() -= 1;
    }
}

impl Scripted {
    /// A converter with a script, which gets each document and the number of earlier ones.
    pub fn new(script: impl Fn(&Seen, usize) -> Play + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            script: Box::new(script),
            seen: watch::Sender::default(),
            released: watch::Sender::default(),
            running: Arc::default(),
        })
    }

    /// A converter that converts every document at once.
    pub fn willing() -> Arc<Self> {
        Self::new(|_, _| Play::Pages(vec![50]))
    }

    /// Gives a permit to the first `n` documents.
    pub fn release(&self, count: usize) {
        self.released.send_replace(count);
    }

    /// Gives a permit to all documents.
    pub fn release_all(&self) {
        self.release(usize::MAX);
    }

    /// All documents that it received, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.borrow().clone()
    }

    /// Waits until it received at least `n` documents, and returns them.
    pub async fn wait_for(&self, count: usize) -> Vec<Seen> {
        let mut seen = self.seen.subscribe();
        let waited = tokio::time::timeout(PATIENCE, seen.wait_for(|seen| seen.len() >= count));
        let came = waited.await.unwrap_or_else(|_| panic!("waited in vain for {count} documents"));
        came.unwrap().clone()
    }

    /// How many conversions are running.
    pub fn running(&self) -> usize {
        *self.running.lock().unwrap()
    }
}

impl Converter for Scripted {
    fn convert<'a>(
        &'a self,
        source: &'a Source,
        out: &'a Path,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Converted, ConversionFailure>> {
        let seen = Seen { source: source.clone(), content: std::fs::read(&source.path).unwrap() };
        let nth = self.seen.borrow().len();
        let play = (self.script)(&seen, nth);
        *self.running.lock().unwrap() += 1;
        let running = Running(self.running.clone());
        self.seen.send_modify(|all| all.push(seen));
        async move {
            let _running = running;
            match play {
                Play::Pages(steps) => steps.into_iter().for_each(progress),
                Play::Hold(steps) => {
                    steps.into_iter().for_each(progress);
                    self.released.subscribe().wait_for(|count| nth < *count).await.unwrap();
                }
                Play::Fail(steps, failure) => {
                    steps.into_iter().for_each(progress);
                    return Err(failure);
                }
                Play::Panic => panic!("as the script says"),
            }
            std::fs::create_dir(out.join("pages")).unwrap();
            std::fs::write(out.join("index.html"), "<!doctype html><title>pages</title>").unwrap();
            std::fs::write(out.join("pages/1.png"), "picture").unwrap();
            let name = |folder: &str| (1..=3).map(|page| format!("{folder}/{page}.png")).collect();
            let files =
                PageFiles { images: name("pages"), thumbnails: name("thumbnails"), is_animated: !source.is_static };
            let title = format!("{}'s title", source.name);
            Ok(Converted { pages: 3, width: 1280, height: 720, title, files })
        }
        .boxed()
    }

    fn missing(&self) -> Option<String> {
        None
    }
}

/// A permanent failure.
pub fn broken() -> ConversionFailure {
    ConversionFailure::Damaged
}

/// A temporary failure.
pub fn passing() -> ConversionFailure {
    ConversionFailure::ServerFault
}
