//! Leases: which worker holds a row, and until when.
//!
//! A claim writes a token and an expiry into the row. The worker renews the lease while it is alive. When it dies, the lease
//! expires and another worker takes the row over. Each change of the row requires the token (a fencing token), so that a worker
//! that lost its lease without noticing changes nothing.

use std::time::Duration;

use crate::clock::Millis;

/// A lease on one or more rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// 128 random bits as 32 hexadecimal digits.
    pub token: String,
    /// When it expires, unless it is renewed.
    pub until: Millis,
}

/// How far ahead of now a lease may end. One that ends later was written before the clock was set back, by a worker that
/// may be dead. It is much longer than a lease, because the clocks of two machines differ.
const FARTHEST: Millis = 60_000;

/// The leases that have expired are those that end before the first time, or after the second.
#[must_use]
pub fn expired(now: Millis) -> (Millis, Millis) {
    (now, now.saturating_add(FARTHEST))
}

/// Another worker holds the row, or the row was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseLost;

/// The timing of a kind of lease.
#[derive(Clone, Copy, Debug)]
pub struct LeaseTerm {
    /// How long a lease lasts without a renewal. The rows of a dead worker are free after this.
    pub length: Millis,
    /// How often it is renewed: several times within the length, so that it survives a failed renewal.
    pub renew_every: Duration,
}

impl LeaseTerm {
    /// A lease with a new token.
    #[must_use]
    pub fn begin(self, now: Millis) -> Lease {
        self.extend(format!("{:032x}", rand::random::<u128>()), now)
    }

    /// The lease of this token, renewed now.
    #[must_use]
    pub fn extend(self, token: impl Into<String>, now: Millis) -> Lease {
        Lease { token: token.into(), until: now.saturating_add(self.length) }
    }

    /// Runs `work` under a lease and renews it meanwhile. The work is dropped when the lease is lost.
    ///
    /// # Errors
    /// [`LeaseLost`], from the work itself or from `renew`.
    pub async fn hold<T, R>(
        self,
        work: impl Future<Output = Result<T, LeaseLost>>,
        mut renew: impl FnMut() -> R,
    ) -> Result<T, LeaseLost>
    where
        R: Future<Output = Result<(), LeaseLost>>,
    {
        let renewing = async {
            loop {
                tokio::time::sleep(self.renew_every).await;
                if let Err(lost) = renew().await {
                    return lost;
                }
            }
        };
        tokio::select! {
            biased;
            result = work => result,
            lost = renewing => Err(lost),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    const TERM: LeaseTerm = LeaseTerm { length: 1_400, renew_every: Duration::from_millis(400) };

    #[test]
    fn each_lease_has_a_token_of_its_own_and_keeps_it_when_it_is_renewed() {
        let (one, other) = (TERM.begin(1_000), TERM.begin(1_000));
        assert_ne!(one.token, other.token);
        assert_eq!((one.token.len(), one.until), (32, 2_400));
        assert_eq!(TERM.extend(&one.token, 1_400), Lease { until: 2_800, ..one });
    }

    #[test]
    fn a_lease_has_expired_that_ended_before_now_or_can_only_come_from_before_the_clock_was_set_back() {
        let has_expired = |until: Millis, now: Millis| until < expired(now).0 || until > expired(now).1;
        let until = TERM.begin(1_000_000).until;
        for (now, so) in [(1_000_000, false), (1_001_400, false), (1_001_401, true), (999_000, false), (400_000, true)]
        {
            assert_eq!(has_expired(until, now), so, "{now}");
        }
    }

    const SHORT: LeaseTerm = LeaseTerm { length: 1_000, renew_every: Duration::from_millis(1) };

    #[tokio::test]
    async fn a_lease_is_renewed_as_long_as_the_work_takes() {
        let renewals = tokio::sync::Semaphore::new(0);
        let work = async {
            drop(renewals.acquire_many(5).await);
            Ok("done")
        };
        let renew = async || {
            renewals.add_permits(1);
            Ok(())
        };
        assert_eq!(SHORT.hold(work, renew).await, Ok("done"));
    }

    #[tokio::test]
    async fn work_is_dropped_when_a_renewal_finds_the_lease_lost() {
        let working = Rc::new(());
        let held = working.clone();
        let work = async move {
            std::future::pending::<()>().await;
            drop(held);
            Ok(())
        };
        assert_eq!(SHORT.hold(work, async || Err(LeaseLost)).await, Err(LeaseLost));
        assert_eq!(Rc::strong_count(&working), 1);
    }

    #[tokio::test]
    async fn work_that_finds_its_lease_lost_ends_without_a_renewal() {
        let never = || std::future::pending::<Result<(), LeaseLost>>();
        assert_eq!(SHORT.hold(async { Err::<(), _>(LeaseLost) }, never).await, Err(LeaseLost));
    }
}
