//! Reads the body of a request, within limits of size and time.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::{Bytes, BytesMut};
use futures_util::StreamExt;

/// How much of a body that is too large is read and thrown away, so that its sender gets the answer: a connection that is
/// closed while its peer still writes loses what was said.
const DISCARDED_AT_MOST: usize = 16 * 1024 * 1024;
/// How long a body may take, whatever its size.
const DEADLINE: Duration = Duration::from_secs(30);

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It has more bytes than allowed.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The connection broke off or the framing is wrong.
    #[error("the body could not be read")]
    Broken,
    /// It took too long.
    #[error("the body took longer than {} s", DEADLINE.as_secs())]
    TooSlow,
}

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// See [`Error`].
pub async fn read(payload: Payload, limit: usize) -> Result<Bytes, Error> {
    tokio::time::timeout(DEADLINE, read_all(payload, limit)).await.unwrap_or(Err(Error::TooSlow))
}

async fn read_all(mut payload: Payload, limit: usize) -> Result<Bytes, Error> {
    let mut body = BytesMut::new();
    let mut seen = 0_usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::Broken)?;
        seen = seen.saturating_add(chunk.len());
        if seen > limit.saturating_add(DISCARDED_AT_MOST) {
            break;
        }
        if seen <= limit {
            body.extend_from_slice(&chunk);
        }
    }
    if seen > limit { Err(Error::TooLarge(limit)) } else { Ok(body.freeze()) }
}
