//! `svc=cos`: signatures for uploads of clients to the object storage of the hosted cloud.

use serde::Serialize;
use utoipa::ToSchema;

use super::asked::{Caller, CommandRequest};
use super::error::{ApiError, Code};
use super::fields::Fields;
use super::reply::{Answer, reply};
use crate::clock::seconds;
use crate::domain;
use crate::domain::tenancy::settings;
use crate::domain::tenancy::settings::{CloudSettings, is_bucket};
use crate::integrations::tencent::cloud_signature;
use crate::integrations::tencent::cloud_signature::Upload;
use crate::state::AppState;

/// How long a reusable signature is valid, in seconds: 30 days.
pub(super) const LIFETIME: i64 = 30 * 86_400;
/// The longest path of a file, in characters.
const PATH_CHARS: usize = 1024;
/// The longest name of a bucket, in characters.
const BUCKET_CHARS: usize = 63;
/// The label in the cloud's host names for document previews: `[bucket]-[appid].[preview_tag].myqcloud.com`.
const PREVIEW_TAG: &str = "preview";

enum Command {
    /// Sign any number of uploads.
    Many { bucket: Option<String>, file_path: String },
    /// Sign one upload of one file.
    Once { bucket: Option<String>, file_path: String },
}

/// Runs a command of the service.
pub async fn answer(cmd: &str, command: &CommandRequest<'_>) -> Answer {
    if cmd != "get_sign" {
        return Err(ApiError::no_such_command());
    }
    let (caller, fields) = command.caller().await?;
    Command::parse(&fields)?.apply(command.app, &caller).await
}

/// Refuses to sign for an enterprise that has no key at the cloud.
pub(super) fn check_key(cloud: &CloudSettings) -> Result<(), ApiError> {
    if cloud.secret_id.is_empty() || cloud.secret_key.is_empty() {
        return Err(not_configured("--cloud-secret-id and --cloud-secret-key"));
    }
    Ok(())
}

fn not_configured(flags: &str) -> ApiError {
    ApiError::new(Code::Field, format!("the hosted cloud is not configured: lectern enterprise set … {flags}"))
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuixinboUploadSignature)]
pub(super) struct Signed {
    sign: String,
    bucket: String,
    /// Empty if the client chose the bucket.
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
            // An ampersand would end the path in the signed text, and let the client add parameters.
            return Err(ApiError::invalid("file_path", "must not have an ampersand"));
        }
        if once && file_path.is_empty() {
            return Err(ApiError::lacking("file_path"));
        }
        Ok(if once { Self::Once { bucket, file_path } } else { Self::Many { bucket, file_path } })
    }

    async fn apply(self, app: &AppState, caller: &Caller) -> Answer {
        let enterprise_id = caller.enterprise.enterprise_id;
        let read = move |conn: &mut _| {
            Ok::<_, domain::Error>((settings::cloud(conn, enterprise_id)?, settings::rooms(conn, enterprise_id)?))
        };
        let (cloud, rooms) = app.db.read(read).await?;
        check_key(&cloud)?;
        let (now, appid) = (seconds(app.now()), cloud.appid);
        let (requested, file_path, expires) = match &self {
            Self::Many { bucket, file_path } => (bucket, file_path, now + LIFETIME),
            Self::Once { bucket, file_path } => (bucket, file_path, 0),
        };
        let (bucket, region) = match requested {
            Some(bucket) => (bucket.as_str(), ""),
            None => (rooms.cos_bucket.as_str(), rooms.cos_region.as_str()),
        };
        if appid == 0 || bucket.is_empty() {
            return Err(not_configured("--cloud-appid and --cos-bucket"));
        }
        let file = match &self {
            Self::Many { .. } => file_path.clone(),
            Self::Once { .. } => format!("/{appid}/{bucket}/{}", file_path.trim_start_matches('/')),
        };
        let random = rand::random::<u32>();
        let secret_id = &cloud.secret_id;
        let upload = Upload { appid, bucket, secret_id, expires, now, random, file: &file };
        let sign = cloud_signature::sign_upload(&cloud.secret_key, &upload);
        reply(Signed { sign, bucket: bucket.to_owned(), region: region.to_owned(), preview_tag: PREVIEW_TAG })
    }
}
