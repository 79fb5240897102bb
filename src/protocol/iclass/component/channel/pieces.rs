//! A body in pieces that fit into the write buffer of a connection.
//!
//! The buffer grows to the largest piece and keeps that size. Without this, each idle connection would hold the memory that
//! its first snapshot took.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;

use crate::http::WRITE_BUFFER;

/// A body whose pieces are at most [`WRITE_BUFFER`] bytes.
pub(super) struct Pieces {
    body: BoxBody,
    rest: Bytes,
}

impl Pieces {
    pub fn new(body: BoxBody) -> Self {
        Self { body, rest: Bytes::new() }
    }
}

impl MessageBody for Pieces {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_next(cx)) {
                Some(Ok(bytes)) => self.rest = bytes,
                end => return Poll::Ready(end),
            }
        }
        let length = self.rest.len().min(WRITE_BUFFER);
        Poll::Ready(Some(Ok(self.rest.split_to(length))))
    }
}
