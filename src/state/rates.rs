//! Limits how often something is done: rates for each address, account and enterprise, in memory. The oldest counts are
//! forgotten when there are too many, so that callers with many addresses can't use up the memory.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::{Quota, RateLimiter};
use quick_cache::unsync::Cache;

use crate::clock::{Clock, Millis};
use crate::config::{Rate, RateConfig};
use crate::domain::ids::EnterpriseId;
use crate::domain::{Error, Limit, Result};

/// How many counts each rate keeps at most. A count has about 100 bytes.
const CAPACITY: usize = 100_000;

/// Who does something: everybody who is known is counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Who<'a> {
    /// The address of the client, as limits count it; `None` for a signed call.
    pub address: Option<IpAddr>,
    /// The user; `None` for a signed call.
    pub user_id: Option<&'a str>,
    /// The enterprise; `None` if it is not known yet.
    pub enterprise_id: Option<EnterpriseId>,
}

impl Who<'_> {
    /// An enterprise that signs its calls.
    #[must_use]
    pub fn enterprise(enterprise_id: EnterpriseId) -> Self {
        Self { enterprise_id: Some(enterprise_id), ..Self::default() }
    }
}

/// Whom a rate counts.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
enum Scope {
    Address,
    Account,
    Enterprise,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
enum Key {
    Address(IpAddr),
    Account(Option<EnterpriseId>, String, Option<IpAddr>),
    Enterprise(EnterpriseId),
}

impl Scope {
    fn key(self, limit: Limit, who: &Who<'_>) -> Option<Key> {
        match self {
            Self::Address => who.address.map(Key::Address),
            // Somebody who tries to sign in to an account of another must not use up the attempts of its owner.
            Self::Account => {
                let address = who.address.filter(|_| limit == Limit::SignIns);
                who.user_id.map(|user_id| Key::Account(who.enterprise_id, user_id.to_owned(), address))
            }
            Self::Enterprise => who.enterprise_id.map(Key::Enterprise),
        }
    }
}

/// All rates.
pub struct Rates {
    limiters: HashMap<Limit, Vec<(Scope, Limiter)>>,
}

impl Rates {
    /// The rates of these settings.
    #[must_use]
    pub fn new(config: &RateConfig, clock: &Clock) -> Self {
        let clock = Steady::new(clock);
        let rates = [
            (Limit::SignIns, Scope::Address, config.sign_ins_per_address),
            (Limit::SignIns, Scope::Account, config.sign_ins_per_account),
            (Limit::ClassPasswords, Scope::Address, config.class_passwords_per_address),
            (Limit::ClassPasswords, Scope::Account, config.class_passwords_per_account),
            (Limit::Registrations, Scope::Address, config.registrations_per_address),
            (Limit::Registrations, Scope::Enterprise, config.registrations_per_enterprise),
            (Limit::Visitors, Scope::Address, config.visitors_per_address),
            (Limit::Visitors, Scope::Enterprise, config.visitors_per_enterprise),
            (Limit::Rooms, Scope::Account, config.rooms_per_account),
            (Limit::Reports, Scope::Account, config.reports_per_account),
            (Limit::Reports, Scope::Enterprise, config.reports_per_enterprise),
            (Limit::ReportBytes, Scope::Account, config.report_kib_per_account),
            (Limit::ReportBytes, Scope::Enterprise, config.report_kib_per_enterprise),
            (Limit::Drawings, Scope::Account, config.drawings_per_account),
            (Limit::MediaConnects, Scope::Account, config.media_connects_per_account),
            (Limit::ChatMessages, Scope::Account, config.messages_per_account),
            (Limit::ChatMessages, Scope::Enterprise, config.messages_per_enterprise),
            (Limit::ChatImages, Scope::Account, config.images_per_account),
            (Limit::ChatImages, Scope::Enterprise, config.images_per_enterprise),
            (Limit::NewClasses, Scope::Enterprise, config.classes_per_enterprise),
            (Limit::OpenCalls, Scope::Address, config.open_calls_per_address),
        ];
        let mut limiters: HashMap<Limit, Vec<(Scope, Limiter)>> = HashMap::new();
        for (limit, scope, rate) in rates {
            if let Rate::Per(count, period) = rate {
                let limiter = limiter(count, period.duration(), &clock);
                limiters.entry(limit).or_default().push((scope, limiter));
            }
        }
        Self { limiters }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// [`Error::LimitReached`].
    pub fn take(&self, limit: Limit, who: &Who<'_>) -> Result<()> {
        self.take_many(limit, who, 1)
    }

    /// Counts `n` more. More than fit into a whole period count as that many.
    ///
    /// # Errors
    /// [`Error::LimitReached`].
    pub fn take_many(&self, limit: Limit, who: &Who<'_>, n: u32) -> Result<()> {
        let Some(n) = NonZeroU32::new(n) else { return Ok(()) };
        for (scope, limiter) in self.limiters.get(&limit).into_iter().flatten() {
            let Some(key) = scope.key(limit, who) else { continue };
            let Err(wait) = limiter.take(&key, n) else { continue };
            let retry_after = Some(Millis::try_from(wait.as_millis()).unwrap_or(Millis::MAX));
            return Err(Error::LimitReached { limit, retry_after });
        }
        Ok(())
    }
}

struct Limiter {
    counts: RateLimiter<Key, Counts, Steady, NoOpMiddleware<Nanos>>,
    most: NonZeroU32,
}

fn limiter(count: NonZeroU32, period: Duration, clock: &Steady) -> Limiter {
    let quota = Quota::with_period(period / count.get()).map(|quota| quota.allow_burst(count));
    let quota = quota.unwrap_or_else(|| Quota::per_second(count));
    Limiter { counts: RateLimiter::new(quota, Counts::default(), clock.clone()), most: count }
}

impl Limiter {
    /// Counts `n` more, or returns how long to wait.
    fn take(&self, key: &Key, n: NonZeroU32) -> std::result::Result<(), Duration> {
        match self.counts.check_key_n(key, n.min(self.most)) {
            // More than a whole period can't be asked for.
            Ok(Ok(())) | Err(_) => Ok(()),
            Ok(Err(not_until)) => Err(not_until.wait_time_from(self.counts.clock().now())),
        }
    }
}

/// The counts of a rate, the most recently used [`CAPACITY`] of them.
struct Counts(Mutex<Cache<Key, Nanos>>);

impl Default for Counts {
    fn default() -> Self {
        Self(Mutex::new(Cache::new(CAPACITY)))
    }
}

impl StateStore for Counts {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, f: F) -> std::result::Result<T, E>
    where
        F: Fn(Option<Nanos>) -> std::result::Result<(T, Nanos), E>,
    {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (outcome, next) = f(counts.get(key).copied())?;
        counts.insert(key.clone(), next);
        Ok(outcome)
    }
}

/// A clock that never goes back: a step of the system clock neither opens nor closes a limit.
#[derive(Clone, Debug)]
struct Steady {
    clock: Clock,
    started: Instant,
    /// The latest time that a set clock has shown.
    latest: Arc<Mutex<Millis>>,
}

impl Steady {
    fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), started: Instant::now(), latest: Arc::default() }
    }
}

impl GovernorClock for Steady {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let since = match &self.clock {
            Clock::System => self.started.elapsed(),
            Clock::Set(_) => {
                let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
                *latest = self.clock.now().max(*latest);
                Duration::from_millis(u64::try_from(*latest).unwrap_or_default())
            }
        };
        Nanos::new(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(address: &str) -> Who<'_> {
        Who { address: Some(address.parse().unwrap()), user_id: Some("li"), enterprise_id: Some(EnterpriseId(1)) }
    }

    fn rates(clock: &Clock, flags: &[&str]) -> Rates {
        #[derive(clap::Parser)]
        struct Flags {
            #[command(flatten)]
            rates: RateConfig,
        }
        let flags = <Flags as clap::Parser>::parse_from(["test"].iter().chain(flags));
        Rates::new(&flags.rates, clock)
    }

    #[test]
    fn a_rate_is_met_at_once_and_again_in_each_period() {
        let clock = Clock::set_at(1_700_000_000_000);
        let rates = rates(&clock, &["--limit-visitors-per-address", "3/m"]);
        let take = |address| rates.take(Limit::Visitors, &who(address)).map_err(|error| error.retry_seconds());
        for _ in 0..3 {
            assert_eq!(take("192.0.2.1"), Ok(()));
        }
        assert_eq!(take("192.0.2.1"), Err(Some(20)));
        assert_eq!(take("192.0.2.2"), Ok(()));
        clock.set(clock.now() + 20_000);
        assert_eq!(take("192.0.2.1"), Ok(()));
        clock.set(clock.now() - 600_000);
        assert_eq!(take("192.0.2.1"), Err(Some(20)));
        clock.set(clock.now() + 700_000);
        for _ in 0..3 {
            assert_eq!(take("192.0.2.1"), Ok(()));
        }
    }

    #[test]
    fn more_than_a_period_allows_counts_as_the_whole_period() {
        let rates = rates(&Clock::set_at(1_700_000_000_000), &["--limit-report-kib-per-account", "16/m"]);
        assert!(rates.take_many(Limit::ReportBytes, &who("192.0.2.1"), 1_000).is_ok());
        assert!(rates.take_many(Limit::ReportBytes, &who("192.0.2.1"), 1).is_err());
    }

    #[test]
    fn a_school_behind_one_address_meets_no_limit() {
        const PUPILS: usize = 2_000;
        let clock = Clock::set_at(1_700_000_000_000);
        let rates = rates(&clock, &[]);
        // Three lessons in an hour, to each of which all come in the same minute.
        for _ in 0..3 {
            for pupil in 0..PUPILS {
                let user_id = format!("pupil {pupil}");
                let who = Who { user_id: Some(&user_id), ..who("192.0.2.1") };
                for limit in [Limit::SignIns, Limit::Visitors, Limit::ClassPasswords] {
                    assert!(rates.take(limit, &who).is_ok(), "{limit:?}");
                }
                for limit in [Limit::Reports, Limit::ReportBytes, Limit::ChatMessages, Limit::OpenCalls] {
                    assert!((0..5).all(|_| rates.take(limit, &who).is_ok()), "{limit:?}");
                }
            }
            clock.set(clock.now() + 20 * 60_000);
        }
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let rates = rates(&Clock::System, &["--limit-rooms-per-account", "off"]);
        assert!((0..10_000).all(|_| rates.take(Limit::Rooms, &who("192.0.2.1")).is_ok()));
    }
}
