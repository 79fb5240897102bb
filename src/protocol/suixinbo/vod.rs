//! `svc=vod`: signatures for the API of the hosted cloud and for uploads to its video service, and a proxy for two calls of
//! that service.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::asked::{Caller, CommandRequest};
use super::cos::{LIFETIME, check_key};
use super::error::{ApiError, Code};
use super::fields::Fields;
use super::reply::{Answer, reply};
use crate::clock::seconds;
use crate::domain;
use crate::domain::tenancy::settings;
use crate::integrations::tencent::cloud_signature;
use crate::integrations::tencent::cloud_signature::{ApiCall, Hash, Method};
use crate::state::AppState;

/// The only host that Lectern proxies calls to; the path and the actions are limited too.
const HOST: &str = "vod.api.qcloud.com";
const PATH: &str = "/v2/index.php";
const ACTIONS: [&str; 2] = ["DescribeVodInfo", "GetVideoInfo"];
/// The longest host or path, in characters.
const ADDRESS_CHARS: usize = 255;

/// An API call to sign.
struct Call {
    method: Method,
    host: String,
    path: String,
    hash: Hash,
    params: Vec<(String, String)>,
}

enum Command {
    /// Sign a call; the client makes it.
    Sign(Call),
    /// Make the call for the client.
    Proxy(Call),
    /// Sign an upload; the client makes it.
    ClientSign,
}

/// Runs a command of the service.
pub async fn answer(cmd: &str, command: &CommandRequest<'_>) -> Answer {
    let parse = match cmd {
        "get_sign" => |fields: &Fields| Call::parse(fields).map(Command::Sign),
        "cmd_proxy" => |fields: &Fields| Call::parse(fields)?.checked().map(Command::Proxy),
        "get_client_sign" => |_: &Fields| Ok(Command::ClientSign),
        _ => return Err(ApiError::no_such_command()),
    };
    let (caller, fields) = command.caller().await?;
    parse(&fields)?.apply(command.app, &caller).await
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

    /// Checks that the call may be proxied. Every signed-in account may see the response.
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

    /// Signs the call. The server adds the key id to the signed parameters, because the client does not know it.
    fn sign(&mut self, secret_id: &str, secret_key: &str) -> String {
        self.params.retain(|(name, _)| name != "SecretId" && name != "Signature");
        self.params.push(("SecretId".into(), secret_id.into()));
        let Self { method, host, path, hash, params } = self;
        let call = ApiCall { method: *method, host, path, params };
        cloud_signature::sign_call(secret_key, *hash, call)
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuixinboCallSignature)]
pub(super) struct Signed<'a> {
    sign: String,
    #[serde(rename = "SecretId")]
    secret_id: &'a str,
    #[serde(rename = "SignatureMethod")]
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
}

impl Command {
    async fn apply(self, app: &AppState, caller: &Caller) -> Answer {
        let enterprise_id = caller.enterprise.enterprise_id;
        let read = move |conn: &mut _| Ok::<_, domain::Error>(settings::cloud(conn, enterprise_id)?);
        let cloud = app.db.read(read).await?;
        check_key(&cloud)?;
        let (secret_id, secret_key) = (cloud.secret_id.as_str(), cloud.secret_key.as_str());
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
                    cloud_signature::sign_video_upload(secret_key, secret_id, now, now + LIFETIME, rand::random());
                reply(Signed { sign, secret_id, method: None })
            }
            Self::Proxy(mut call) => {
                let sign = call.sign(secret_id, secret_key);
                call.params.push(("Signature".into(), sign));
                let answered = app.vod.call(call.method, &call.path, &call.params).await.map_err(|problem| {
                    log::warn!("a proxied call to the video service failed: {problem}");
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
