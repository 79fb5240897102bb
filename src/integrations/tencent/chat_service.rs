//! The REST API of the hosted chat service. It always answers with HTTP 200; `ErrorCode` says whether a call succeeded.

use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::http::outgoing::{ANSWER_BYTES, Failure, Limits, Outgoing};
use crate::integrations::hosted_groups::{Account, CustomMessage, HostedGroups, Problem};

/// How long one exchange may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How many connections are kept open.
const CONNECTIONS: usize = 32;

/// The group exists already and belongs to the caller.
const OWN_GROUP: i64 = 10_025;
/// The group does not exist, or was destroyed.
pub(super) const NO_GROUP: i64 = 10_010;

/// Calls the service.
#[derive(Clone)]
pub struct ChatService {
    base: Url,
    http: Outgoing,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "ErrorCode")]
    error_code: i64,
}

impl ChatService {
    /// The service at an address. The operator chooses it, not an enterprise, so it may be inside a private network.
    ///
    /// # Errors
    /// If TLS can't be set up, or the address is not valid.
    pub fn new(base: &str) -> Result<Self, String> {
        let limits =
            Limits { timeout: TIMEOUT, connections: CONNECTIONS, allow_private: true, answer_bytes: ANSWER_BYTES };
        let http = Outgoing::new(limits);
        Ok(Self { base: Url::parse(base).map_err(|e| e.to_string())?, http: http.map_err(|e| e.to_string())? })
    }

    /// As [`HostedGroups::create`].
    pub(super) async fn create(&self, account: Account<'_>, group_id: &str) -> Result<(), Problem> {
        let group = json!({
            "Owner_Account": account.admin_id,
            "Type": "Public",
            "GroupId": group_id,
            "Name": group_id,
            "ApplyJoinOption": "FreeAccess",
        });
        match self.call("create_group", account, group.to_string()).await? {
            0 | OWN_GROUP => Ok(()),
            code => Err(Problem::Refused(code)),
        }
    }

    /// As [`HostedGroups::destroy`].
    pub(super) async fn destroy(&self, account: Account<'_>, group_id: &str) -> Result<(), Problem> {
        match self.call("destroy_group", account, json!({"GroupId": group_id}).to_string()).await? {
            0 | NO_GROUP => Ok(()),
            code => Err(Problem::Refused(code)),
        }
    }

    /// Sends a message to a group. The service drops a message with a number that it had in the last minutes.
    pub(super) async fn send(
        &self,
        account: Account<'_>,
        group_id: &str,
        message: &CustomMessage,
        number: i64,
    ) -> Result<(), Problem> {
        let content = json!({"Data": message.data, "Desc": "", "Ext": message.ext});
        let message = json!({
            "GroupId": group_id,
            // A 32-bit number.
            "Random": number.rem_euclid(1 << 32),
            "MsgBody": [{"MsgType": "TIMCustomElem", "MsgContent": content}],
        });
        match self.call("send_group_msg", account, message.to_string()).await? {
            0 => Ok(()),
            code => Err(Problem::Refused(code)),
        }
    }

    async fn call(&self, command: &str, account: Account<'_>, body: String) -> Result<i64, Problem> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["v4", "group_open_http_svc", command]);
        }
        url.query_pairs_mut()
            .append_pair("sdkappid", &account.sdkappid.to_string())
            .append_pair("identifier", account.admin_id)
            .append_pair("usersig", account.admin_sig)
            .append_pair("random", &rand::random::<u32>().to_string())
            .append_pair("contenttype", "json");
        let answer = self.http.post(url, HeaderMap::new(), body).await.map_err(|failure| {
            Problem::Unknown(match failure {
                Failure::Timeout => "no whole answer in time".into(),
                Failure::Other(problem) => problem,
            })
        })?;
        if answer.status != 200 {
            return Err(Problem::Unknown(format!("HTTP {}", answer.status)));
        }
        let answer: Answer =
            serde_json::from_slice(&answer.body).map_err(|_| Problem::Unknown("no ErrorCode in its answer".into()))?;
        Ok(answer.error_code)
    }
}

impl HostedGroups for ChatService {
    fn create<'a>(&'a self, account: Account<'a>, group_id: &'a str) -> BoxFuture<'a, Result<(), Problem>> {
        self.create(account, group_id).boxed()
    }

    fn destroy<'a>(&'a self, account: Account<'a>, group_id: &'a str) -> BoxFuture<'a, Result<(), Problem>> {
        self.destroy(account, group_id).boxed()
    }
}
