//! The API (version 2) of the hosted video service: signed parameters in, a JSON object out.

use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;
use url::form_urlencoded::Serializer;

use crate::http::outgoing::{Failure, Limits, Outgoing};
use crate::integrations::tencent::cloud_signature::Method;

/// The default address.
pub const HOSTED: &str = "https://vod.api.qcloud.com";
/// How long one exchange may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const ANSWER_BYTES: usize = 1024 * 1024;
/// How many connections are kept open.
const CONNECTIONS: usize = 8;

/// Calls the service.
#[derive(Clone)]
pub struct Vod {
    base: Url,
    http: Outgoing,
}

/// Why a call failed. It contains neither a signature nor text from the service's answer.
#[derive(Debug, thiserror::Error)]
#[error("the video service {0}")]
pub struct Problem(String);

impl Vod {
    /// The service at an address. Another address than [`HOSTED`] may be inside a private network: the operator chose it. The
    /// hosted service may not, whatever its name resolves to.
    ///
    /// # Errors
    /// If TLS can't be set up, or the address is not valid.
    pub fn new(base: &str) -> Result<Self, String> {
        let allow_private = base != HOSTED;
        let limits = Limits { timeout: TIMEOUT, connections: CONNECTIONS, allow_private, answer_bytes: ANSWER_BYTES };
        let http = Outgoing::new(limits).map_err(|e| e.to_string())?;
        Ok(Self { base: Url::parse(base).map_err(|e| e.to_string())?, http })
    }

    /// Makes a call with signed parameters.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        params: &[(String, String)],
    ) -> Result<Map<String, Value>, Problem> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/').filter(|segment| !segment.is_empty()));
        }
        let form = Serializer::new(String::new()).extend_pairs(params).finish();
        let answer = match method {
            Method::Get => {
                url.set_query(Some(&form));
                self.http.get(url).await
            }
            Method::Post => self.http.post_form(url, form).await,
        };
        let answer = answer.map_err(|failure| {
            Problem(match failure {
                Failure::Timeout => "did not answer in time".into(),
                Failure::Other(problem) => format!("can't be called: {problem}"),
            })
        })?;
        if answer.status != 200 {
            return Err(Problem(format!("answered HTTP {}", answer.status)));
        }
        serde_json::from_slice(&answer.body).map_err(|_| Problem("answered no JSON object".into()))
    }
}
