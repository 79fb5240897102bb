//! Limits failed logins by user and client address, against password guessing.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use quick_cache::unsync::Cache;

use crate::clock::Millis;
use crate::domain::ids::EnterpriseId;

/// How many failed attempts per minute are allowed.
const WRONG: u32 = 10;
const MINUTE: Millis = 60_000;
/// How many keys are kept at most.
const CAPACITY: usize = 50_000;

/// The key by which attempts are counted.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct LoginKey {
    /// The enterprise of the user.
    pub enterprise_id: EnterpriseId,
    /// The user.
    pub user_id: String,
    /// The address of the client, if it is known.
    pub address: Option<IpAddr>,
}

#[derive(Clone, Copy)]
struct Attempts {
    first: Millis,
    count: u32,
}

/// The attempts of the last minute that failed or are not checked yet.
pub struct LoginThrottle {
    recent: Mutex<Cache<LoginKey, Attempts>>,
}

impl Default for LoginThrottle {
    fn default() -> Self {
        Self { recent: Mutex::new(Cache::new(CAPACITY)) }
    }
}

impl LoginThrottle {
    /// Counts an attempt and returns whether it is allowed. Call it before the password is checked, so that concurrent attempts
    /// count too.
    pub fn begin(&self, key: &LoginKey, now: Millis) -> bool {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        // The count also restarts if the clock was set back.
        let before = recent.get(key).copied().filter(|old| (0..MINUTE).contains(&(now - old.first)));
        let with_this =
            before.map_or(Attempts { first: now, count: 1 }, |old| Attempts { count: old.count + 1, ..old });
        if with_this.count > WRONG {
            return false;
        }
        recent.insert(key.clone(), with_this);
        true
    }

    /// Resets the count after a successful login.
    pub fn succeeded(&self, key: &LoginKey) {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::{LoginKey, LoginThrottle, MINUTE, WRONG};
    use crate::domain::ids::EnterpriseId;

    fn key(user_id: &str) -> LoginKey {
        LoginKey { enterprise_id: EnterpriseId(1), user_id: user_id.into(), address: None }
    }

    #[test]
    fn after_ten_wrong_tries_nothing_more_is_tried_in_the_minute() {
        let throttle = LoginThrottle::default();
        for second in 0..WRONG {
            assert!(throttle.begin(&key("a"), i64::from(second) * 1000));
        }
        assert!(!throttle.begin(&key("a"), MINUTE - 1));
        assert!(throttle.begin(&key("b"), MINUTE - 1));
        assert!(throttle.begin(&key("a"), MINUTE));
    }

    #[test]
    fn a_right_one_begins_the_count_anew() {
        let throttle = LoginThrottle::default();
        for _ in 0..3 {
            for _ in 0..WRONG {
                assert!(throttle.begin(&key("a"), 0));
            }
            throttle.succeeded(&key("a"));
        }
    }
}
