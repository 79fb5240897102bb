//! Logs a persistent failure once instead of at every attempt.

use std::fmt::Display;

/// The log of an operation that is retried.
#[derive(Debug)]
pub struct FailureLog {
    what: &'static str,
    /// The failure of the last attempt, if it failed.
    last: Option<String>,
}

impl FailureLog {
    /// The log of `what`, which begins each line.
    #[must_use]
    pub const fn new(what: &'static str) -> Self {
        Self { what, last: None }
    }

    /// Logs a failure unless the previous attempt failed in the same way, and logs the first success after a failure. Returns the
    /// value of a success.
    pub fn note<T, E: Display>(&mut self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => {
                if self.last.take().is_some() {
                    log::info!("{}: works again", self.what);
                }
                Some(value)
            }
            Err(e) => {
                let problem = e.to_string();
                if self.is_new(&problem) {
                    log::error!("{}: {problem}; trying again", self.what);
                    self.last = Some(problem);
                }
                None
            }
        }
    }

    fn is_new(&self, problem: &str) -> bool {
        self.last.as_deref() != Some(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_new_until_it_was_logged_and_again_after_a_success() {
        let mut log = FailureLog::new("work");
        assert!(log.is_new("away"));
        assert_eq!(log.note(Err::<(), _>("away")), None);
        assert!(!log.is_new("away") && log.is_new("full"));
        assert_eq!(log.note(Err::<(), _>("full")), None);
        assert!(log.is_new("away"));
        assert_eq!(log.note(Ok::<_, &str>(7)), Some(7));
        assert!(log.is_new("full"));
    }
}
