//! Reads the body of a request within limits of size and time: into memory, or as a stream.

mod budget;

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::web::{Bytes, BytesMut, Data};
use futures_util::StreamExt;
use futures_util::stream::{self, Stream};

use super::client;
pub use budget::{Budget, Reservation};

/// How much of a body that is too large is read and discarded. If the connection is closed while the client still writes,
/// the client may lose the response.
const DISCARD_LIMIT: usize = 16 * 1024 * 1024;
/// Time limit for a body that is read into memory.
const DEADLINE: Duration = Duration::from_secs(30);

/// Time limit of a streamed body without a byte.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Time limit of a whole streamed body.
const STREAM_DEADLINE: Duration = Duration::from_hours(1);

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is larger than this many bytes.
    #[error("the body is larger than {0} bytes")]
    TooLarge(u64),
    /// The connection broke or the framing is invalid.
    #[error("the body could not be read")]
    Broken,
    /// It took longer than `DEADLINE`.
    #[error("the body took longer than {} s", DEADLINE.as_secs())]
    TooSlow,
    /// A streamed body exceeded one of its time limits.
    #[error("the body was silent for {} s, or took longer than {} s", IDLE_TIMEOUT.as_secs(), STREAM_DEADLINE.as_secs())]
    Stalled,
    /// Too much is buffered for callers who are not known yet.
    #[error("too many requests at once; nothing was done, try again")]
    Busy,
}

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// See [`Error`].
pub async fn read(payload: Payload, limit: usize) -> Result<Bytes, Error> {
    tokio::time::timeout(DEADLINE, read_all(payload, limit, None)).await.unwrap_or(Err(Error::TooSlow))
}

/// As [`read`], for a caller who is not known yet. All such callers share the [`Budget`] of the service. Keep the reservation as
/// long as the body.
///
/// # Errors
/// See [`Error`].
pub async fn read_of_unknown(
    request: &HttpRequest,
    payload: Payload,
    limit: usize,
) -> Result<(Bytes, Option<Reservation>), Error> {
    let budget = request.app_data::<Data<Budget>>();
    let mut reservation = budget.map(|budget| budget.open(client::counted_address(request)));
    let reading = read_all(payload, limit, reservation.as_mut());
    let body = tokio::time::timeout(DEADLINE, reading).await.unwrap_or(Err(Error::TooSlow))?;
    Ok((body, reservation))
}

async fn read_all(
    mut payload: Payload,
    limit: usize,
    mut reservation: Option<&mut Reservation>,
) -> Result<Bytes, Error> {
    let mut body = BytesMut::new();
    let mut seen = 0_usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::Broken)?;
        seen = seen.saturating_add(chunk.len());
        if seen > limit.saturating_add(DISCARD_LIMIT) {
            break;
        }
        if seen <= limit {
            if let Some(reservation) = &mut reservation
                && !reservation.add(chunk.len())
            {
                drop(body);
                discard(&mut payload).await;
                return Err(Error::Busy);
            }
            body.extend_from_slice(&chunk);
        }
    }
    if seen > limit { Err(Error::TooLarge(limit as u64)) } else { Ok(body.freeze()) }
}

/// Streams a body of at most `limit` bytes. After [`Error::TooLarge`] the caller can [`discard`] the rest.
pub fn stream(payload: &mut Payload, limit: u64) -> impl Stream<Item = Result<Bytes, Error>> {
    let end = tokio::time::Instant::now() + STREAM_DEADLINE;
    stream::try_unfold((payload, 0_u64), move |(payload, seen)| async move {
        let idle = tokio::time::Instant::now() + IDLE_TIMEOUT;
        let next = tokio::time::timeout_at(idle.min(end), payload.next()).await.map_err(|_| Error::Stalled)?;
        let Some(chunk) = next else { return Ok(None) };
        let chunk = chunk.map_err(|_| Error::Broken)?;
        let seen = seen.saturating_add(chunk.len() as u64);
        if seen > limit { Err(Error::TooLarge(limit)) } else { Ok(Some((chunk, (payload, seen)))) }
    })
}

/// Reads and discards the rest of a body, up to a limit, so that the client gets the response.
pub async fn discard(payload: &mut Payload) {
    let discarding = async {
        let mut seen = 0;
        while let Some(Ok(chunk)) = payload.next().await
            && seen < DISCARD_LIMIT
        {
            seen += chunk.len();
        }
    };
    // A slower client may lose the response.
    let _ = tokio::time::timeout(DEADLINE, discarding).await;
}
