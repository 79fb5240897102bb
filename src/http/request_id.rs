//! The id of a request. The answer has it in `X-Request-Id`, and so have the lines that the log has of the request.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, HeaderValue};

use super::client;

/// The header that has the id.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken from a proxy.
const LONGEST: usize = 64;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The id of a request: letters, digits, `-`, `_` and `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id that a trusted proxy gave the request, or a new one.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let given = request.headers().get(&HEADER).filter(|given| is_well_formed(given.as_bytes()));
        match given {
            Some(given) if client::is_from_proxy(request) => Self(given.clone()),
            _ => Self::new(),
        }
    }

    fn new() -> Self {
        let id = format!("{:032x}", rand::random::<u128>());
        Self(HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("0")))
    }

    /// Runs a future as the work of this request.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).await
    }

    /// The value of the header.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// The id of the request that this task works on.
#[must_use]
pub fn current() -> Option<RequestId> {
    CURRENT.try_with(Clone::clone).ok()
}

fn is_well_formed(id: &[u8]) -> bool {
    let is_allowed = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    (1..=LONGEST).contains(&id.len()) && id.iter().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use actix_web::web::Data;

    use super::*;
    use crate::http::client::TrustedProxies;

    fn id(peer: &str, given: &str) -> String {
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap()]);
        let request = TestRequest::default().app_data(Data::new(proxies));
        let request = request.peer_addr(format!("{peer}:4711").parse().unwrap()).insert_header((HEADER, given));
        RequestId::of(&request.to_http_request()).as_str().to_owned()
    }

    #[test]
    fn the_id_of_a_trusted_proxy_is_taken() {
        assert_eq!(id("10.0.0.1", "a-B_3.9"), "a-B_3.9");
        assert_eq!(id("10.0.0.1", &"a".repeat(64)), "a".repeat(64));
    }

    #[test]
    fn any_other_id_is_replaced() {
        for (peer, given) in
            [("203.0.113.1", "abc"), ("10.0.0.1", ""), ("10.0.0.1", "a b"), ("10.0.0.1", "a\"b"), ("10.0.0.1", "é")]
        {
            let made = id(peer, given);
            assert!(made.len() == 32 && made != given, "{given:?}: {made}");
        }
        assert_eq!(id("10.0.0.1", &"a".repeat(65)).len(), 32);
        assert_ne!(id("203.0.113.1", "abc"), id("203.0.113.1", "abc"));
    }

    #[tokio::test]
    async fn the_work_of_a_request_has_its_id() {
        let id = RequestId::new();
        assert_eq!(current(), None);
        assert_eq!(id.clone().scope(async { current() }).await, Some(id));
        assert_eq!(current(), None);
    }
}
