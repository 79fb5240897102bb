//! How much is buffered for callers who are not known yet: those whose credentials are in the body, and those without any.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The part of the budget that one address may hold: one in this many.
const SHARE: usize = 4;

/// A number of bytes that all bodies of unknown callers share. Clones share them too.
#[derive(Clone)]
pub struct Budget(Arc<Shared>);

struct Shared {
    bytes: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    total: usize,
    of_address: HashMap<IpAddr, usize>,
}

impl Budget {
    /// A budget of this many bytes.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Shared { bytes, held: Mutex::default() }))
    }

    /// A reservation for a client, of nothing yet.
    pub(super) fn open(&self, client: IpAddr) -> Reservation {
        Reservation { shared: self.0.clone(), client, bytes: 0 }
    }
}

/// Bytes of a budget. They are returned on drop, so keep it as long as the body.
pub struct Reservation {
    shared: Arc<Shared>,
    client: IpAddr,
    bytes: usize,
}

impl Reservation {
    /// Reserves `more` bytes. Returns whether there was room.
    pub(super) fn add(&mut self, more: usize) -> bool {
        let mut held = self.shared.held.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.of_address.get(&self.client).copied().unwrap_or_default();
        let (total, own) = (held.total.saturating_add(more), own.saturating_add(more));
        if total > self.shared.bytes || own > self.shared.bytes / SHARE {
            return false;
        }
        held.total = total;
        held.of_address.insert(self.client, own);
        self.bytes += more;
        true
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut held = self.shared.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.total = held.total.saturating_sub(self.bytes);
        if let Some(own) = held.of_address.get_mut(&self.client) {
            *own = own.saturating_sub(self.bytes);
            if *own == 0 {
                held.of_address.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_share_the_budget_and_none_has_more_than_a_quarter() {
        let budget = Budget::new(400);
        let mut open: Vec<Reservation> = (1..=5).map(|host| budget.open([192, 0, 2, host].into())).collect();
        for reservation in &mut open[..4] {
            assert!(reservation.add(60) && !reservation.add(41) && reservation.add(40));
        }
        assert!(!open[4].add(1));
        drop(open.remove(0));
        assert!(open[3].add(100));
        drop(open);
        let held = budget.0.held.lock().unwrap();
        assert_eq!((held.total, held.of_address.len()), (0, 0));
    }
}
