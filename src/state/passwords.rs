//! Passwords of people: slow to check on purpose, and so checked on threads of their own, some at once.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::domain::tenancy::secret;
use crate::domain::tenancy::user::User;

/// Each takes a core for some 20 ms, and 19 MiB.
const AT_ONCE: usize = 4;

/// The turns of those whose passwords are hashed and checked.
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// Whether this is the password that is stored so.
    pub async fn is(&self, stored: String, password: String) -> bool {
        self.in_turn(move || secret::is_password(&stored, &password)).await.unwrap_or_default()
    }

    /// Whether this is the password of a user; nobody's, if the user has none.
    pub async fn is_of(&self, user: &User, password: String) -> bool {
        match user.password_hash.clone() {
            Some(stored) => self.is(stored, password).await,
            None => false,
        }
    }

    /// How a password is stored.
    ///
    /// # Errors
    /// When the machine has no memory or no randomness for it.
    pub async fn hash(&self, password: String) -> Result<String, String> {
        self.in_turn(move || secret::hash_password(&password)).await.unwrap_or_else(|| Err("it broke off".into()))
    }

    /// Does the work when it is its turn, which lasts until the work is done: who asked may have hung up by then.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let turn = self.turns.clone().acquire_owned().await.ok()?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
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
    async fn who_hangs_up_does_not_give_a_turn_away_that_is_still_used() {
        let passwords = Passwords::default();
        let mut gates = Vec::new();
        for _ in 0..AT_ONCE {
            let (open, gate) = channel::<()>();
            assert!(passwords.in_turn(move || gate.recv().is_ok()).now_or_never().is_none());
            gates.push(open);
        }
        assert_eq!(passwords.turns.available_permits(), 0);
        gates.clear();
        assert_eq!(passwords.in_turn(|| 1).await, Some(1));
    }
}
