//! Checking passwords, which is slow on purpose.

use tokio::sync::Semaphore;

use crate::domain::secret;

/// Passwords that are checked at once: each takes a core for some 20 ms, and 19 MiB.
static CHECKS: Semaphore = Semaphore::const_new(4);

/// Whether this is the password, checked on a thread of its own, where it is slow without keeping others waiting.
pub async fn is_password(stored: String, password: String) -> bool {
    let Ok(_turn) = CHECKS.acquire().await else { return false };
    tokio::task::spawn_blocking(move || secret::is_password(&stored, &password)).await.unwrap_or_default()
}
