//! Downloads from other hosts. Each redirect is checked: only addresses that Lectern may connect to are used.

use actix_web::web::Bytes;
use reqwest::Response;
use reqwest::header::LOCATION;
use url::Url;

use super::address::NotPublic;
use super::encoding;
use super::encoding::Body;
use super::outgoing::{Outgoing, cause};

/// The limit of redirects.
const REDIRECTS: usize = 5;

/// Why a download failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The HTTP status is not 200.
    #[error("HTTP {0}")]
    Status(u16),
    /// The address is not public.
    #[error("{0}")]
    Refused(String),
    /// There were too many redirects, or one without a usable `Location`.
    #[error("{0}")]
    Redirected(String),
    /// The connection failed, or the response is incomplete or can't be decompressed.
    #[error("{0}")]
    Broken(String),
}

/// The response to a download, to be read in chunks.
pub struct Download(Body);

impl Outgoing {
    /// Starts a download and follows redirects. The caller limits how long the whole download may take.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn download(&self, url: Url) -> Result<Download, Failure> {
        let mut next = url;
        for _ in 0..=REDIRECTS {
            self.guard.check(&next).map_err(|e| Failure::Refused(e.to_string()))?;
            let response = self.client.get(next.clone()).send().await.map_err(|e| broken(&e))?;
            match response.status().as_u16() {
                200 => return Body::of(response).map(Download).map_err(unreadable),
                301 | 302 | 303 | 307 | 308 => next = target(&next, &response)?,
                status => return Err(Failure::Status(status)),
            }
        }
        Err(Failure::Redirected(format!("it was redirected more than {REDIRECTS} times")))
    }
}

impl Download {
    /// The length of the body in bytes, if the response says it.
    #[must_use]
    pub fn announced(&self) -> Option<u64> {
        self.0.length()
    }

    /// The next bytes, decompressed, or `None` at the end.
    ///
    /// # Errors
    /// [`Failure::Broken`].
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        self.0.chunk().await.map_err(unreadable)
    }
}

fn target(from: &Url, response: &Response) -> Result<Url, Failure> {
    let location = response.headers().get(LOCATION).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    location
        .and_then(|location| from.join(location).ok())
        .filter(|to| matches!(to.scheme(), "http" | "https"))
        .ok_or_else(|| Failure::Redirected("it was redirected to no http or https address".into()))
}

fn unreadable(error: encoding::Error) -> Failure {
    match error {
        encoding::Error::Exchange(error) => broken(&error),
        other => Failure::Broken(format!("the answer {other}")),
    }
}

fn broken(error: &reqwest::Error) -> Failure {
    let cause = cause(error);
    if cause.is::<NotPublic>() { Failure::Refused(cause.to_string()) } else { Failure::Broken(cause.to_string()) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::{Failure, Outgoing};
    use crate::http::address::Guard;
    use crate::http::outgoing::{ANSWER_BYTES, Limits};

    /// Redirects every request to `127.0.0.1`, and fails if the client follows.
    async fn redirect_inside(listener: TcpListener) {
        let port = listener.local_addr().unwrap().port();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            let read = stream.read(&mut request).await.unwrap();
            assert!(request[..read].starts_with(b"GET /public"), "the address inside was asked");
            let answer = format!(
                "HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:{port}/inside\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }

    #[tokio::test]
    async fn every_address_on_the_way_is_checked() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let timeout = Duration::from_secs(10);
        let limits = Limits { timeout, connections: 1, allow_private: true, answer_bytes: ANSWER_BYTES };
        // The resolver allows all names, so that this test may connect. Literal addresses are checked.
        let outgoing = Outgoing { guard: Guard { allow_private: false }, ..Outgoing::new(limits).unwrap() };
        let url = format!("http://localhost:{port}/public").parse().unwrap();
        tokio::select! {
            fetched = outgoing.download(url) => {
                assert_eq!(fetched.err(), Some(Failure::Refused("127.0.0.1 is not a public address".into())));
            }
            () = redirect_inside(listener) => {}
        }
    }
}
