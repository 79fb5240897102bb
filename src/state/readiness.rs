//! Whether this instance can serve. Anybody may ask, so that the disks are written to once a second at most, and the answer
//! contains no path of the machine.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::db::Db;
use crate::storage::Storage;

/// How long it is known whether the disks accept writes.
const KEPT: Duration = Duration::from_secs(1);
/// How long the database and the disks may take to answer.
const LIMIT: Duration = Duration::from_secs(5);

/// What was found last. Who asks meanwhile waits.
#[derive(Default)]
pub struct Readiness(Mutex<Found>);

#[derive(Default)]
struct Found {
    /// When the disks were written to, and why they refused.
    writes: Option<(Instant, Option<String>)>,
    /// The last problem in the log.
    logged: Option<String>,
}

impl Readiness {
    /// Why the instance can't serve, for anybody; `None` if it can. The log has the problem with its paths, once.
    pub async fn problem(&self, db: &Db, storage: &Storage) -> Option<String> {
        let mut found = self.0.lock().await;
        let looked = tokio::time::timeout(LIMIT, found.look(db, storage)).await;
        let slow = |_| Some(format!("the database and the disks took longer than {} s", LIMIT.as_secs()));
        let problem = looked.unwrap_or_else(slow);
        match &problem {
            Some(problem) if found.logged.as_ref() != Some(problem) => log::error!("not ready: {problem}"),
            None if found.logged.is_some() => log::info!("ready again"),
            _ => {}
        }
        found.logged.clone_from(&problem);
        problem.as_deref().map(without_paths)
    }
}

impl Found {
    async fn look(&mut self, db: &Db, storage: &Storage) -> Option<String> {
        if let Err(problem) = db.check().await {
            return Some(problem.to_string());
        }
        if let Some((at, problem)) = &self.writes
            && at.elapsed() < KEPT
        {
            return problem.clone();
        }
        let problem = refusal(db, storage).await;
        self.writes = Some((Instant::now(), problem.clone()));
        problem
    }
}

/// Why a disk refuses writes.
async fn refusal(db: &Db, storage: &Storage) -> Option<String> {
    if let Err(problem) = db.check_writes().await {
        return Some(problem.to_string());
    }
    storage.check_writes().await.err().map(|e| format!("the storage of files refuses writes: {e}"))
}

/// The text with each word replaced that is a path.
fn without_paths(text: &str) -> String {
    let is_path = |word: &str| {
        let word = word.trim_start_matches(['"', '\'', '(']);
        word.starts_with('/') || word.contains('/') && word.contains('.')
    };
    let words = text.split(' ').map(|word| if is_path(word) { "(a file)" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::without_paths;

    #[test]
    fn a_problem_is_shown_without_paths() {
        for (problem, shown) in [
            ("can't open data/lectern.db: it is locked", "can't open (a file) it is locked"),
            ("no socket \"/run/x/.s\" failed", "no socket (a file) failed"),
            ("disk I/O error", "disk I/O error"),
            (
                "connection to server at \"127.0.0.1\", port 1 failed",
                "connection to server at \"127.0.0.1\", port 1 failed",
            ),
        ] {
            assert_eq!(without_paths(problem), shown);
        }
    }
}
