//! Blocking work.

use super::failure::fault;
use crate::domain::content::conversion::ConversionFailure;

/// Runs blocking work on a thread that serves no requests.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ConversionFailure> + Send + 'static,
) -> Result<T, ConversionFailure> {
    tokio::task::spawn_blocking(work).await.map_err(fault)?
}
