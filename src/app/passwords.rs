//! Passwords of people: slow to check on purpose, and so checked on threads of their own, some at once.

use tokio::sync::Semaphore;

use crate::domain::secret;
use crate::domain::user::User;

/// Each takes a core for some 20 ms, and 19 MiB.
const AT_ONCE: usize = 4;

/// The turns of those whose passwords are hashed and checked.
pub struct Passwords {
    turns: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_ONCE) }
    }
}

impl Passwords {
    /// Whether this is the password that is stored so.
    pub async fn is(&self, stored: String, password: String) -> bool {
        let Ok(_turn) = self.turns.acquire().await else { return false };
        tokio::task::spawn_blocking(move || secret::is_password(&stored, &password)).await.unwrap_or_default()
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
        let _turn = self.turns.acquire().await.map_err(|e| e.to_string())?;
        let hashed = tokio::task::spawn_blocking(move || secret::hash_password(&password)).await;
        hashed.unwrap_or_else(|e| Err(e.to_string()))
    }
}
