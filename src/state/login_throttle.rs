//! Who tries passwords: counted by user and address, so that guessing takes longer than anybody lives.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use quick_cache::unsync::Cache;

use crate::clock::Millis;

/// How many tries in a minute may be wrong.
const WRONG: u32 = 10;
const MINUTE: Millis = 60_000;
/// How many are remembered.
const REMEMBERED: usize = 50_000;

/// Who tries.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct LoginKey {
    /// Whose user.
    pub enterprise_id: i64,
    /// As whom.
    pub user_id: String,
    /// From where, as far as the connection tells.
    pub address: Option<IpAddr>,
}

#[derive(Clone, Copy)]
struct Tries {
    first: Millis,
    count: u32,
}

/// The tries of the last minute that were wrong or are not decided.
pub struct LoginThrottle {
    recent: Mutex<Cache<LoginKey, Tries>>,
}

impl Default for LoginThrottle {
    fn default() -> Self {
        Self { recent: Mutex::new(Cache::new(REMEMBERED)) }
    }
}

impl LoginThrottle {
    /// Counts a try, and says whether it may be made. It counts before it is decided, so that many at once are many.
    pub fn begin(&self, trier: &LoginKey, now: Millis) -> bool {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back begins anew too.
        let before = recent.get(trier).copied().filter(|old| (0..MINUTE).contains(&(now - old.first)));
        let with_this = before.map_or(Tries { first: now, count: 1 }, |old| Tries { count: old.count + 1, ..old });
        if with_this.count > WRONG {
            return false;
        }
        recent.insert(trier.clone(), with_this);
        true
    }

    /// Forgets the tries of somebody whose password was right.
    pub fn succeeded(&self, trier: &LoginKey) {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).remove(trier);
    }
}

#[cfg(test)]
mod tests {
    use super::{LoginKey, LoginThrottle, MINUTE, WRONG};

    fn trier(user_id: &str) -> LoginKey {
        LoginKey { enterprise_id: 1, user_id: user_id.into(), address: None }
    }

    #[test]
    fn after_ten_wrong_tries_nothing_more_is_tried_in_the_minute() {
        let attempts = LoginThrottle::default();
        for second in 0..WRONG {
            assert!(attempts.begin(&trier("a"), i64::from(second) * 1000));
        }
        assert!(!attempts.begin(&trier("a"), MINUTE - 1));
        assert!(attempts.begin(&trier("b"), MINUTE - 1));
        assert!(attempts.begin(&trier("a"), MINUTE));
    }

    #[test]
    fn a_right_one_begins_the_count_anew() {
        let attempts = LoginThrottle::default();
        for _ in 0..3 {
            for _ in 0..WRONG {
                assert!(attempts.begin(&trier("a"), 0));
            }
            attempts.succeeded(&trier("a"));
        }
    }
}
