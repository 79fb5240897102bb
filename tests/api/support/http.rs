//! The HTTP client of the tests.

use std::time::Duration;

/// A client that opens a new connection before the server closes an idle one, which it does after 5 seconds. On a busy machine, a
/// test may take longer between two calls.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().pool_idle_timeout(Duration::from_secs(2)).build().unwrap()
}
