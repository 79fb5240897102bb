//! Password hashing. It is slow on purpose, so it runs on blocking threads, a few at once. A caller who gets no turn in time
//! gets [`Error::Busy`], never a verdict.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::domain::tenancy::secret;
use crate::domain::{Error, Result};

/// How many passwords are hashed at once. Each takes about 20 ms of a core and 19 MiB.
const AT_ONCE: usize = 4;
/// How many passwords of accounts that do not exist are hashed at once. They have turns of their own, so that who guesses names
/// does not take those of people who sign in. Logins are limited for each address, so that one address never fills them.
const AT_ONCE_OF_NOBODY: usize = 2;
/// How long a caller waits for a turn.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Checked if there is no account or no password, so that the answer takes as long as for a wrong password. No password
/// matches it.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm8$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and verifies passwords.
pub struct Passwords {
    turns: Arc<Semaphore>,
    turns_of_nobody: Arc<Semaphore>,
    longest_wait: Duration,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::waiting(LONGEST_WAIT)
    }
}

impl Passwords {
    fn waiting(longest_wait: Duration) -> Self {
        let turns = |count| Arc::new(Semaphore::new(count));
        Self { turns: turns(AT_ONCE), turns_of_nobody: turns(AT_ONCE_OF_NOBODY), longest_wait }
    }

    /// Whether a password matches the stored hash of an account. Without a hash it takes as long and is false.
    ///
    /// # Errors
    /// [`Error::Busy`] if it could not be checked.
    pub async fn is(&self, stored: Option<String>, password: String) -> Result<bool> {
        match stored {
            Some(stored) => self.verify(&self.turns, stored, password).await,
            None => self.verify(&self.turns_of_nobody, NOBODYS_HASH.to_owned(), password).await,
        }
    }

    async fn verify(&self, turns: &Arc<Semaphore>, stored: String, password: String) -> Result<bool> {
        self.in_turn(turns, move || secret::is_password(&stored, &password)).await?.map_err(|problem| {
            log::error!("a password could not be checked: {problem}");
            Error::Busy
        })
    }

    /// The hash of a password.
    ///
    /// # Errors
    /// [`Error::Busy`] if it could not be hashed.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.in_turn(&self.turns, move || secret::hash_password(&password)).await?.map_err(|problem| {
            log::error!("a password could not be hashed: {problem}");
            Error::Busy
        })
    }

    /// Runs `work` in a turn. The turn is held until the work ends, even if the client disconnects.
    async fn in_turn<T: Send + 'static>(
        &self,
        turns: &Arc<Semaphore>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let waited = tokio::time::timeout(self.longest_wait, turns.clone().acquire_owned()).await;
        let turn = waited.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|problem| {
            log::error!("hashing a password broke off: {problem}");
            Error::Busy
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use futures_util::FutureExt;

    use super::*;

    /// Takes all turns of a kind, until the gates are dropped.
    fn take_all(passwords: &Passwords, turns: &Arc<Semaphore>) -> Vec<Sender<()>> {
        let take = |_| {
            let (open, gate) = channel::<()>();
            assert!(passwords.in_turn(turns, move || gate.recv().is_ok()).now_or_never().is_none());
            open
        };
        (0..turns.available_permits()).map(take).collect()
    }

    #[tokio::test]
    async fn a_missing_password_is_checked_like_any_other_and_is_never_right() {
        let (cost, _) = NOBODYS_HASH.rsplit_once("$bm9i").unwrap();
        assert!(secret::hash_password("x").unwrap().starts_with(cost), "{cost}");
        for password in ["", "nobody", NOBODYS_HASH] {
            assert!(matches!(Passwords::default().is(None, password.into()).await, Ok(false)));
        }
    }

    #[tokio::test]
    async fn who_hangs_up_does_not_give_a_turn_away_that_is_still_used() {
        let passwords = Passwords::default();
        let gates = take_all(&passwords, &passwords.turns);
        assert_eq!(passwords.turns.available_permits(), 0);
        drop(gates);
        assert_eq!(passwords.in_turn(&passwords.turns, || 1).await.ok(), Some(1));
    }

    #[tokio::test]
    async fn a_right_password_without_a_turn_is_not_called_wrong() {
        let passwords = Passwords::waiting(Duration::ZERO);
        let stored = passwords.hash("secret1".into()).await.unwrap();
        let gates = take_all(&passwords, &passwords.turns);
        let checked = passwords.is(Some(stored.clone()), "secret1".into()).await;
        assert!(matches!(checked, Err(Error::Busy)));
        drop(gates);
    }

    #[tokio::test]
    async fn who_guesses_names_takes_no_turn_of_those_who_have_an_account() {
        let passwords = Passwords::waiting(Duration::ZERO);
        let stored = passwords.hash("secret1".into()).await.unwrap();
        let gates = take_all(&passwords, &passwords.turns_of_nobody);
        assert!(matches!(passwords.is(None, "secret1".into()).await, Err(Error::Busy)));
        assert!(matches!(passwords.is(Some(stored), "secret1".into()).await, Ok(true)));
        drop(gates);
        assert!(matches!(Passwords::default().is(None, "secret1".into()).await, Ok(false)));
    }

    #[tokio::test]
    async fn a_stored_hash_that_can_not_be_read_is_no_verdict() {
        let checked = Passwords::default().is(Some("no hash".into()), "secret1".into()).await;
        assert!(matches!(checked, Err(Error::Busy)));
    }
}
