//! `svc=cos`: signatures with which clients upload to the storage of the hosted cloud.

use serde::Serialize;

use super::asked::{Caller, CommandRequest};
use super::error::{ApiError, Code};
use super::fields::Fields;
use super::reply::{Answer, reply};
use crate::clock::seconds;
use crate::domain::tenancy::enterprise::{Enterprise, is_bucket};
use crate::integrations::tencent::cloud_signature;
use crate::integrations::tencent::cloud_signature::Upload;
use crate::state::AppState;

/// How long a signature for many uploads is good, in seconds: 30 days.
pub(super) const GOOD_FOR: i64 = 30 * 86_400;
/// The longest path of a file.
const PATH_CHARS: usize = 1024;
/// The longest name of a bucket.
const BUCKET_CHARS: usize = 63;
/// Where the cloud shows documents: `[bucket]-[appid].[preview_tag].myqcloud.com`.
const PREVIEW_TAG: &str = "preview";

enum Command {
    /// For any number of uploads.
    Many { bucket: Option<String>, file_path: String },
    /// For one upload of one file.
    Once { bucket: Option<String>, file_path: String },
}

/// Does what a command of the service says.
pub async fn answer(cmd: &str, asked: &CommandRequest<'_>) -> Answer {
    if cmd != "get_sign" {
        return Err(ApiError::no_such_command());
    }
    let (caller, fields) = asked.caller().await?;
    Command::parse(&fields)?.apply(asked.app, &caller)
}

/// What the cloud knows the enterprise by.
pub(super) fn key(host: &Enterprise) -> Result<(&str, &str), ApiError> {
    if host.secret_id.is_empty() || host.secret_key.is_empty() {
        return Err(not_configured("--cloud-secret-id and --cloud-secret-key"));
    }
    Ok((&host.secret_id, &host.secret_key))
}

fn not_configured(flags: &str) -> ApiError {
    ApiError::new(Code::Field, format!("the hosted cloud is not configured: lectern enterprise set … {flags}"))
}

#[derive(Serialize)]
struct Signed {
    sign: String,
    bucket: String,
    /// Empty for a bucket that was asked for.
    region: String,
    preview_tag: &'static str,
}

impl Command {
    fn parse(fields: &Fields) -> Result<Self, ApiError> {
        let once = fields.one_of("type", 0..=1)? == 1;
        let bucket = fields.maybe_text("bucket", BUCKET_CHARS)?.filter(|bucket| !bucket.is_empty());
        if bucket.as_deref().is_some_and(|bucket| !is_bucket(bucket)) {
            return Err(ApiError::invalid("bucket", "must have letters, digits and hyphens"));
        }
        let file_path = fields.maybe_text("file_path", PATH_CHARS)?.unwrap_or_default();
        if file_path.contains('&') {
            // It would end the path in the text that is signed, and begin something else.
            return Err(ApiError::invalid("file_path", "must not have an ampersand"));
        }
        if once && file_path.is_empty() {
            return Err(ApiError::lacking("file_path"));
        }
        Ok(if once { Self::Once { bucket, file_path } } else { Self::Many { bucket, file_path } })
    }

    fn apply(self, app: &AppState, caller: &Caller) -> Answer {
        let host = &caller.enterprise;
        let (secret_id, secret_key) = key(host)?;
        let (now, appid) = (seconds(app.now()), host.appid);
        let (asked_for, file_path, expires) = match &self {
            Self::Many { bucket, file_path } => (bucket, file_path, now + GOOD_FOR),
            Self::Once { bucket, file_path } => (bucket, file_path, 0),
        };
        let settings = &host.room_settings;
        let (bucket, region) = match asked_for {
            Some(bucket) => (bucket.as_str(), ""),
            None => (settings.cos_bucket.as_str(), settings.cos_region.as_str()),
        };
        if appid == 0 || bucket.is_empty() {
            return Err(not_configured("--cloud-appid and --cos-bucket"));
        }
        let file = match &self {
            Self::Many { .. } => file_path.clone(),
            Self::Once { .. } => format!("/{appid}/{bucket}/{}", file_path.trim_start_matches('/')),
        };
        let random = rand::random::<u32>();
        let upload = Upload { appid, bucket, secret_id, expires, now, random, file: &file };
        let sign = cloud_signature::sign_upload(secret_key, &upload);
        reply(Signed { sign, bucket: bucket.to_owned(), region: region.to_owned(), preview_tag: PREVIEW_TAG })
    }
}
