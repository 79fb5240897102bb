//! How often the new entries of one class are sent.
//!
//! The first entry is sent at once. Those that follow within [`GATHER`] are sent together: each connection then gets one
//! write for all of them, and the log is read once.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::domain::ids::ClassId;

/// How long entries of a class are gathered after some were sent. A person does not notice it.
const GATHER: Duration = Duration::from_millis(20);

/// The classes whose entries were sent a moment ago.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Whether each of them has new entries.
    gathering: HashMap<ClassId, bool>,
    /// When each has gathered for long enough, the first in front.
    ends: VecDeque<(Instant, ClassId)>,
}

impl Pace {
    /// Returns those of the classes whose new entries are to be sent now. The others are returned by
    /// [`Pace::gathered`] later.
    pub fn admit(&mut self, class_ids: impl IntoIterator<Item = ClassId>, now: Instant) -> Vec<ClassId> {
        let mut admitted = Vec::new();
        for class_id in class_ids {
            match self.gathering.entry(class_id) {
                Entry::Occupied(mut has_more) => *has_more.get_mut() = true,
                Entry::Vacant(class) => {
                    class.insert(false);
                    self.ends.push_back((now + GATHER, class_id));
                    admitted.push(class_id);
                }
            }
        }
        admitted
    }

    /// Waits until a class has gathered for long enough.
    pub async fn wait(&self) {
        match self.ends.front() {
            Some((end, _)) => sleep_until(*end).await,
            None => std::future::pending().await,
        }
    }

    /// Returns the classes whose gathered entries are to be sent now.
    pub fn gathered(&mut self, now: Instant) -> Vec<ClassId> {
        let mut with_more = Vec::new();
        while let Some((_, class_id)) = self.ends.pop_front_if(|(end, _)| *end <= now) {
            if self.gathering.remove(&class_id) == Some(true) {
                with_more.push(class_id);
            }
        }
        self.admit(with_more, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ClassId = ClassId(1);
    const B: ClassId = ClassId(2);

    #[test]
    fn a_class_is_sent_at_once_and_then_once_for_all_that_was_gathered() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        assert_eq!(pace.admit([A], start), [A]);
        assert_eq!(pace.admit([A, B], start), [B]);
        assert_eq!(pace.admit([A], start + GATHER / 2), []);
        assert_eq!(pace.gathered(start + GATHER / 2), []);
        assert_eq!(pace.gathered(start + GATHER), [A]);
        assert_eq!(pace.admit([A], start + GATHER), []);
        assert_eq!(pace.gathered(start + GATHER * 2), [A]);
    }

    #[test]
    fn a_class_that_was_silent_is_forgotten() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        pace.admit([A, B], start);
        assert_eq!(pace.gathered(start + GATHER), []);
        assert!(pace.gathering.is_empty() && pace.ends.is_empty());
        assert_eq!(pace.admit([A], start + GATHER), [A]);
    }
}
