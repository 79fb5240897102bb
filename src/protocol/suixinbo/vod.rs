//! `svc=vod`: signatures for the API of the hosted cloud and for uploads to its video service, and two calls of that service
//! through Lectern.

use serde::Serialize;
use serde_json::json;

use super::asked::{Caller, CommandRequest};
use super::cos::{GOOD_FOR, key};
use super::error::{ApiError, Code};
use super::fields::Fields;
use super::reply::{Answer, reply};
use crate::clock::seconds;
use crate::integrations::tencent::cloud_signature;
use crate::integrations::tencent::cloud_signature::{Hash, Method};
use crate::state::AppState;

/// What may be called through Lectern: host, path and actions.
const HOST: &str = "vod.api.qcloud.com";
const PATH: &str = "/v2/index.php";
const ACTIONS: [&str; 2] = ["DescribeVodInfo", "GetVideoInfo"];
/// The longest host and path.
const ADDRESS_CHARS: usize = 255;

/// A call of the API that is to be signed.
struct Call {
    method: Method,
    host: String,
    path: String,
    hash: Hash,
    params: Vec<(String, String)>,
}

enum Command {
    /// Sign a call that the client makes.
    Sign(Call),
    /// Make the call.
    Proxy(Call),
    /// Sign an upload of the client.
    ClientSign,
}

/// Does what a command of the service says.
pub async fn answer(cmd: &str, asked: &CommandRequest<'_>) -> Answer {
    let parse = match cmd {
        "get_sign" => |fields: &Fields| Call::parse(fields).map(Command::Sign),
        "cmd_proxy" => |fields: &Fields| Call::parse(fields)?.checked().map(Command::Proxy),
        "get_client_sign" => |_: &Fields| Ok(Command::ClientSign),
        _ => return Err(ApiError::no_such_command()),
    };
    let (caller, fields) = asked.caller().await?;
    parse(&fields)?.apply(asked.app, &caller).await
}

impl Call {
    fn parse(fields: &Fields) -> Result<Self, ApiError> {
        let method = match fields.filled("method", ADDRESS_CHARS)?.as_str() {
            "GET" => Method::Get,
            "POST" => Method::Post,
            _ => return Err(ApiError::invalid("method", "must be GET or POST")),
        };
        let (host, path) = (fields.filled("host", ADDRESS_CHARS)?, fields.filled("path", ADDRESS_CHARS)?);
        let params = fields.object("params")?;
        let hash = match params.maybe_text("SignatureMethod", ADDRESS_CHARS)?.as_deref() {
            None | Some("HmacSHA1") => Hash::Sha1,
            Some("HmacSHA256") => Hash::Sha256,
            Some(_) => return Err(ApiError::invalid("params.SignatureMethod", "must be HmacSHA1 or HmacSHA256")),
        };
        Ok(Self { method, host, path, hash, params: params.pairs()? })
    }

    /// Whether Lectern makes it: what it is answered is for everybody who is signed in.
    fn checked(self) -> Result<Self, ApiError> {
        if self.host != HOST {
            return Err(ApiError::invalid("host", &format!("must be {HOST}")));
        }
        if self.path != PATH {
            return Err(ApiError::invalid("path", &format!("must be {PATH}")));
        }
        let action = self.params.iter().find(|(name, _)| name == "Action");
        if action.is_none_or(|(_, action)| !ACTIONS.contains(&action.as_str())) {
            return Err(ApiError::invalid("params.Action", &format!("must be {}", ACTIONS.join(" or "))));
        }
        Ok(self)
    }

    /// The signature. The client does not know the id of the key, which is signed with the rest.
    fn sign(&mut self, secret_id: &str, secret_key: &str) -> String {
        self.params.retain(|(name, _)| name != "SecretId" && name != "Signature");
        self.params.push(("SecretId".into(), secret_id.into()));
        let Self { method, host, path, hash, params } = self;
        cloud_signature::sign_call(secret_key, *hash, *method, host, path, params)
    }
}

#[derive(Serialize)]
struct Signed<'a> {
    sign: String,
    #[serde(rename = "SecretId")]
    secret_id: &'a str,
    #[serde(rename = "SignatureMethod")]
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
}

impl Command {
    async fn apply(self, app: &AppState, caller: &Caller) -> Answer {
        let (secret_id, secret_key) = key(&caller.enterprise)?;
        match self {
            Self::Sign(mut call) => {
                let sign = call.sign(secret_id, secret_key);
                let method = match call.hash {
                    Hash::Sha1 => "HmacSHA1",
                    Hash::Sha256 => "HmacSHA256",
                };
                reply(Signed { sign, secret_id, method: Some(method) })
            }
            Self::ClientSign => {
                let now = seconds(app.now());
                let sign =
                    cloud_signature::sign_video_upload(secret_key, secret_id, now, now + GOOD_FOR, rand::random());
                reply(Signed { sign, secret_id, method: None })
            }
            Self::Proxy(mut call) => {
                let sign = call.sign(secret_id, secret_key);
                call.params.push(("Signature".into(), sign));
                let answered = app.vod.call(call.method, &call.path, &call.params).await.map_err(|problem| {
                    log::warn!("a call for a client failed: {problem}");
                    ApiError::new(Code::Internal, problem.to_string())
                });
                let mut data = answered?;
                data.entry("code").or_insert(json!(0));
                data.entry("message").or_insert(json!(""));
                reply(data)
            }
        }
    }
}
