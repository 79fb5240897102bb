//! Reads the body of a request, within limits of size and time: at once, or as it comes.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::{self, Stream};

/// How much of a body that is too large is read and thrown away, so that its sender gets the answer: a connection that is
/// closed while its peer still writes loses what was said.
const DISCARDED_AT_MOST: usize = 16 * 1024 * 1024;
/// How long a body may take, whatever its size.
const DEADLINE: Duration = Duration::from_secs(30);

/// How long a body that is handed on as it comes may be silent …
const SILENT_AT_MOST: Duration = Duration::from_secs(30);
/// … and how long it may take in all.
const STREAMED_WITHIN: Duration = Duration::from_hours(1);

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It has more bytes than allowed.
    #[error("the body is larger than {0} bytes")]
    TooLarge(u64),
    /// The connection broke off or the framing is wrong.
    #[error("the body could not be read")]
    Broken,
    /// It took too long.
    #[error("the body took longer than {} s", DEADLINE.as_secs())]
    TooSlow,
    /// It stopped coming.
    #[error("the body was silent for {} s, or took longer than {} s", SILENT_AT_MOST.as_secs(), STREAMED_WITHIN.as_secs())]
    Stalled,
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
    if seen > limit { Err(Error::TooLarge(limit as u64)) } else { Ok(body.freeze()) }
}

/// Hands on a body of at most `limit` bytes as it comes. After an error of its size, what follows can be [discarded](discard).
pub fn stream(payload: &mut Payload, limit: u64) -> impl Stream<Item = Result<Bytes, Error>> {
    let end = tokio::time::Instant::now() + STREAMED_WITHIN;
    stream::try_unfold((payload, 0_u64), move |(payload, seen)| async move {
        let silent = tokio::time::Instant::now() + SILENT_AT_MOST;
        let next = tokio::time::timeout_at(silent.min(end), payload.next()).await.map_err(|_| Error::Stalled)?;
        let Some(chunk) = next else { return Ok(None) };
        let chunk = chunk.map_err(|_| Error::Broken)?;
        let seen = seen.saturating_add(chunk.len() as u64);
        if seen > limit { Err(Error::TooLarge(limit)) } else { Ok(Some((chunk, (payload, seen)))) }
    })
}

/// Reads the rest of a body that nobody wants and throws it away, so that its sender gets the answer.
pub async fn discard(payload: &mut Payload) {
    let discarding = async {
        let mut seen = 0;
        while let Some(Ok(chunk)) = payload.next().await
            && seen < DISCARDED_AT_MOST
        {
            seen += chunk.len();
        }
    };
    // Who is slower gets no answer.
    let _ = tokio::time::timeout(DEADLINE, discarding).await;
}
