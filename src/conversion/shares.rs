//! Shares the workers among enterprises, so that documents that stall hold up only those of their own enterprise.

use std::collections::{HashMap, HashSet};

use tokio::task::Id;

use crate::clock::Millis;
use crate::domain::ids::EnterpriseId;

/// The jobs that run, of whom, and since when.
///
/// An enterprise has at most as many jobs as there are workers. A job that stalls does not count as one of the workers any more, nor
/// does the next job of its enterprise. At most twice as many jobs run as there are workers.
pub(super) struct Shares {
    workers: usize,
    /// After how long a job counts as stalled.
    stalled_after: Millis,
    running: HashMap<Id, (EnterpriseId, Millis)>,
    /// Enterprises whose last job stalled.
    slow: HashSet<EnterpriseId>,
}

impl Shares {
    pub(super) fn of(workers: usize, stalled_after: Millis) -> Self {
        Self { workers, stalled_after, running: HashMap::new(), slow: HashSet::new() }
    }

    /// Whether one more job may run.
    pub(super) fn have_room(&mut self, now: Millis) -> bool {
        for (enterprise_id, since) in self.running.values() {
            if is_stalled(self.stalled_after, *since, now) {
                self.slow.insert(*enterprise_id);
            }
        }
        let counted = self.running.values().filter(|(enterprise_id, _)| !self.slow.contains(enterprise_id)).count();
        counted < self.workers && self.running.len() < self.workers.saturating_mul(2)
    }

    /// The enterprises that may have no more jobs now.
    pub(super) fn full(&self) -> Vec<EnterpriseId> {
        let mut jobs: HashMap<EnterpriseId, usize> = HashMap::new();
        for (enterprise_id, _) in self.running.values() {
            *jobs.entry(*enterprise_id).or_default() += 1;
        }
        jobs.into_iter().filter(|(_, count)| *count >= self.workers).map(|(enterprise_id, _)| enterprise_id).collect()
    }

    pub(super) fn begun(&mut self, id: Id, enterprise_id: EnterpriseId, now: Millis) {
        self.running.insert(id, (enterprise_id, now));
    }

    pub(super) fn ended(&mut self, id: Id, now: Millis) {
        let Some((enterprise_id, since)) = self.running.remove(&id) else { return };
        if is_stalled(self.stalled_after, since, now) {
            self.slow.insert(enterprise_id);
        } else {
            self.slow.remove(&enterprise_id);
        }
    }
}

fn is_stalled(stalled_after: Millis, since: Millis, now: Millis) -> bool {
    now.saturating_sub(since) >= stalled_after
}
