//! Work that waits for the disk or the processor.

use crate::integrations::converter::Failure;

/// Runs it off the threads that serve requests.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(Failure::machine)?
}
