//! Answers kept in memory: what is asked often is read once, until what it tells of changes.
//!
//! A change by this process is seen at once: the answer is kept with the versions of its subjects. A change by another one,
//! which has versions of its own, is seen when the answer is no longer fresh.

use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::db::{Conn, Db, Error, Versions};
use crate::domain::Subject;

/// How long an answer is given again: with the time to read it, less than a second.
const FRESH: Duration = Duration::from_millis(900);
/// What all of them may take.
const BYTES: u64 = 64 * 1024 * 1024;
/// What an entry takes beside its texts.
const OVERHEAD: usize = 160;

/// Which answer.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Question {
    /// The call.
    pub call: &'static str,
    /// Who asks.
    pub enterprise_id: i64,
    /// What is asked.
    pub about: String,
}

/// A cache of the bytes of answers.
pub struct Answers {
    kept: Cache<Question, Answer, Weight>,
}

#[derive(Clone)]
struct Answer {
    bytes: Bytes,
    subjects: Vec<Subject>,
    versions: Vec<u64>,
    read_at: Instant,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Question, Answer> for Weight {
    fn weight(&self, question: &Question, answer: &Answer) -> u64 {
        (OVERHEAD + question.about.len() + answer.bytes.len()) as u64
    }
}

impl Default for Answers {
    fn default() -> Self {
        Self { kept: Cache::with_weighter(50_000, BYTES, Weight) }
    }
}

impl Answers {
    /// The answer to a question about these subjects: a kept one, or what `read` finds. A refusal is not kept.
    ///
    /// # Errors
    /// What `read` refuses with, or the database's own error.
    pub async fn recall<E, F>(&self, db: &Db, question: Question, subjects: Vec<Subject>, read: F) -> Result<Bytes, E>
    where
        F: FnOnce(&mut Conn) -> Result<Bytes, E> + Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if let Some(kept) = self.kept.get(&question).filter(|kept| kept.holds(db.versions())) {
            return Ok(kept.bytes);
        }
        // Both before the read: a change during it makes what it finds old.
        let read_at = Instant::now();
        let versions = subjects.iter().map(|subject| db.versions().of(subject)).collect();
        let bytes = db.read(read).await?;
        self.kept.insert(question, Answer { bytes: bytes.clone(), subjects, versions, read_at });
        Ok(bytes)
    }
}

impl Answer {
    fn holds(&self, now: &Versions) -> bool {
        let same = |(subject, version): (&Subject, &u64)| now.of(subject) == *version;
        self.read_at.elapsed() < FRESH && self.subjects.iter().zip(&self.versions).all(same)
    }
}
