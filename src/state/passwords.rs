//! Password hashing. It is slow on purpose, so it runs on blocking threads, a few at once.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::domain::tenancy::secret;
use crate::domain::tenancy::user::User;

/// How many passwords are hashed at once. Each takes about 20 ms of a core and 19 MiB.
const AT_ONCE: usize = 4;

/// The hash that stands for a missing one. No password matches it, and checking it takes as long as checking another.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm8$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and verifies passwords.
pub struct Passwords {
    permits: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// Whether a password matches a stored hash. Without one it never does, after the same work.
    pub async fn is(&self, stored: Option<String>, password: String) -> bool {
        let stored = stored.unwrap_or_else(|| NOBODYS.to_owned());
        self.with_permit(move || secret::is_password(&stored, &password)).await.unwrap_or_default()
    }

    /// Whether this is the password of a user. For no user, and for a user without a password, it never is, after the same
    /// work: the time of the answer doesn't tell who exists.
    pub async fn is_of(&self, user: Option<&User>, password: String) -> bool {
        self.is(user.and_then(|user| user.password_hash.clone()), password).await
    }

    /// The hash of a password.
    ///
    /// # Errors
    /// If memory or random numbers are not available.
    pub async fn hash(&self, password: String) -> Result<String, String> {
        self.with_permit(move || secret::hash_password(&password))
            .await
            .unwrap_or_else(|| Err("hashing broke off".into()))
    }

    /// Runs `work` under a permit. The permit is held until the work ends, even if the client disconnects.
    async fn with_permit<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let permit = self.permits.clone().acquire_owned().await.ok()?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_missing_password_is_checked_like_any_other_and_is_never_right() {
        let (cost, _) = NOBODYS.rsplit_once("$bm9i").unwrap();
        assert!(secret::hash_password("x").unwrap().starts_with(cost), "{cost}");
        for password in ["", "nobody", NOBODYS] {
            assert!(!Passwords::default().is_of(None, password.into()).await);
        }
    }

    #[tokio::test]
    async fn who_hangs_up_does_not_give_a_turn_away_that_is_still_used() {
        let passwords = Passwords::default();
        let mut gates = Vec::new();
        for _ in 0..AT_ONCE {
            let (open, gate) = channel::<()>();
            assert!(passwords.with_permit(move || gate.recv().is_ok()).now_or_never().is_none());
            gates.push(open);
        }
        assert_eq!(passwords.permits.available_permits(), 0);
        gates.clear();
        assert_eq!(passwords.with_permit(|| 1).await, Some(1));
    }
}
