//! Slows down who guesses passwords. Wrong ones are counted for each account and client address, so that nobody who comes from
//! another address has to wait.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use quick_cache::unsync::Cache;

use crate::clock::Millis;
use crate::domain::ids::EnterpriseId;
use crate::domain::{Error, Limit, Result};

/// How many wrong passwords are free. Each further one doubles the wait.
const FREE: u32 = 10;
/// The wait after the last free one.
const FIRST_WAIT: Millis = 1_000;
/// The longest wait.
const LONGEST_WAIT: Millis = 15 * 60_000;
/// After how long without an attempt the count starts again.
const FORGOTTEN_AFTER: Millis = 3_600_000;
/// How many keys are kept at most.
const CAPACITY: usize = 50_000;

/// The key by which attempts are counted.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct LoginKey {
    /// The enterprise of the user; `None` if the login names none.
    pub enterprise_id: Option<EnterpriseId>,
    /// The user.
    pub user_id: String,
    /// The address of the client, as limits count it.
    pub address: IpAddr,
}

#[derive(Clone, Copy, Default)]
struct Attempts {
    wrong: u32,
    /// How many are being checked.
    pending: u32,
    /// When the last wrong one was sent.
    last: Millis,
}

impl Attempts {
    /// How long the next attempt has to wait.
    fn wait(&self, now: Millis) -> Millis {
        let Some(beyond) = self.wrong.checked_sub(FREE) else { return 0 };
        let wait = FIRST_WAIT.checked_shl(beyond.min(20)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
        // A clock that was set back must not make the wait longer.
        (wait - (now - self.last).max(0)).max(0)
    }
}

/// The recent attempts.
pub struct LoginThrottle {
    recent: Mutex<Cache<LoginKey, Attempts>>,
}

impl Default for LoginThrottle {
    fn default() -> Self {
        Self { recent: Mutex::new(Cache::new(CAPACITY)) }
    }
}

impl LoginThrottle {
    /// Begins an attempt. Attempts that are being checked count too, so that many at once are not more than one after the other.
    ///
    /// # Errors
    /// [`Error::LimitReached`] after too many wrong passwords, [`Error::Busy`] while too many are being checked.
    pub fn begin(&self, key: LoginKey, now: Millis) -> Result<Attempt<'_>> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let mut attempts = recent.get(&key).copied().unwrap_or_default();
        if attempts.pending == 0 && now - attempts.last >= FORGOTTEN_AFTER {
            attempts = Attempts::default();
        }
        let wait = attempts.wait(now);
        if wait > 0 {
            return Err(Error::LimitReached { limit: Limit::WrongPasswords, retry_after: Some(wait) });
        }
        if attempts.pending > 0 && attempts.wrong.saturating_add(attempts.pending) >= FREE {
            return Err(Error::Busy);
        }
        attempts.pending += 1;
        recent.insert(key.clone(), attempts);
        Ok(Attempt { throttle: self, key, began: now, verdict: None })
    }

    fn end(&self, key: &LoginKey, began: Millis, verdict: Option<bool>) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        // Without an entry the count was forgotten for lack of room.
        let mut attempts = recent.get(key).copied().unwrap_or_default();
        attempts.pending = attempts.pending.saturating_sub(1);
        match verdict {
            Some(true) => attempts.wrong = 0,
            Some(false) => attempts = Attempts { wrong: attempts.wrong.saturating_add(1), last: began, ..attempts },
            None => {}
        }
        if attempts.wrong == 0 && attempts.pending == 0 {
            recent.remove(key);
        } else {
            recent.insert(key.clone(), attempts);
        }
    }
}

/// An attempt that is being checked. One that is dropped without a verdict was not checked and does not count.
#[must_use]
pub struct Attempt<'a> {
    throttle: &'a LoginThrottle,
    key: LoginKey,
    began: Millis,
    verdict: Option<bool>,
}

impl Attempt<'_> {
    /// Ends the attempt with its verdict. A right password starts the count again.
    pub fn settle(mut self, is_right: bool) {
        self.verdict = Some(is_right);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.throttle.end(&self.key, self.began, self.verdict);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(user_id: &str, address: [u8; 4]) -> LoginKey {
        LoginKey { enterprise_id: Some(EnterpriseId(1)), user_id: user_id.into(), address: address.into() }
    }

    fn li() -> LoginKey {
        key("li", [192, 0, 2, 1])
    }

    fn wait(throttle: &LoginThrottle, key: LoginKey, now: Millis) -> Option<u64> {
        throttle.begin(key, now).err().and_then(|error| error.retry_seconds())
    }

    fn guess(throttle: &LoginThrottle, now: Millis) {
        throttle.begin(li(), now).unwrap().settle(false);
    }

    #[test]
    fn after_ten_wrong_ones_the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let throttle = LoginThrottle::default();
        let mut now = 0;
        (0..FREE).for_each(|_| guess(&throttle, now));
        for wanted in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            assert_eq!(wait(&throttle, li(), now), Some(wanted));
            now += i64::try_from(wanted).unwrap() * 1000;
            guess(&throttle, now);
        }
        assert_eq!(wait(&throttle, li(), now + FORGOTTEN_AFTER), None);
    }

    #[test]
    fn only_the_account_and_the_address_have_to_wait() {
        let throttle = LoginThrottle::default();
        (0..FREE).for_each(|_| guess(&throttle, 0));
        assert_eq!(wait(&throttle, li(), 0), Some(1));
        assert_eq!(wait(&throttle, key("wang", [192, 0, 2, 1]), 0), None);
        assert_eq!(wait(&throttle, key("li", [192, 0, 2, 2]), 0), None);
    }

    #[test]
    fn a_right_one_starts_the_count_again() {
        let throttle = LoginThrottle::default();
        for _ in 0..3 {
            (0..FREE).for_each(|_| guess(&throttle, 0));
            throttle.begin(li(), 1_000).unwrap().settle(true);
        }
    }

    #[test]
    fn what_was_not_checked_does_not_count_but_many_at_once_do() {
        let throttle = LoginThrottle::default();
        for _ in 0..3 {
            let pending: Vec<_> = (0..FREE).map(|_| throttle.begin(li(), 0).unwrap()).collect();
            assert!(matches!(throttle.begin(li(), 0), Err(Error::Busy)));
            drop(pending);
        }
        (0..FREE).for_each(|_| guess(&throttle, 0));
        assert_eq!(wait(&throttle, li(), 0), Some(1));
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nobody_wait_longer() {
        let throttle = LoginThrottle::default();
        (0..FREE).for_each(|_| guess(&throttle, 10_000));
        assert_eq!(wait(&throttle, li(), 0), Some(1));
    }
}
