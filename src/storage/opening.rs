//! Opens the storage of a URL: `file://` and a folder, or `s3://` and a bucket, with the usual `AWS_…` variables of the
//! environment.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, ObjectStore, RetryConfig};

use super::backend::Storage;
use super::error::Error;
use super::place::place;

/// How often a failed request to S3 is tried again, and for how long. Whoever waits for it gets an error after that.
const RETRIES: usize = 3;
const RETRIED_FOR: Duration = Duration::from_secs(20);
/// How long S3 may send nothing in the middle of an answer. A whole answer may take as long as its reader does.
const SILENT_AT_MOST: Duration = Duration::from_secs(30);

impl Storage {
    /// Opens `file://PATH`, a folder that is made when it is missing, or `s3://BUCKET/PREFIX`. Reads the variables of
    /// `environment` whose names begin with `AWS_`.
    ///
    /// # Errors
    /// [`Error::Address`] with what is wrong. A bucket that can't be reached is noticed when it is used.
    pub fn open(url: &str, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, Error> {
        match url.split_once("://") {
            Some(("file", path)) if !path.is_empty() => Self::of_folder(Path::new(path)),
            Some(("s3", bucket)) if !bucket.is_empty() && !bucket.starts_with('/') => {
                Self::of_bucket(bucket, environment)
            }
            _ => Err(Error::Address("must be file://PATH or s3://BUCKET/PREFIX".into())),
        }
    }

    fn of_folder(path: &Path) -> Result<Self, Error> {
        let unusable = |problem: String| Error::Address(format!("file://{}: {problem}", path.display()));
        std::fs::create_dir_all(path).map_err(|e| unusable(e.to_string()))?;
        let folder: PathBuf = path.canonicalize().map_err(|e| unusable(e.to_string()))?;
        // Fails at the start rather than at the first upload.
        tempfile::tempfile_in(&folder).map_err(|e| unusable(format!("nothing can be written there: {e}")))?;
        let objects = LocalFileSystem::new_with_prefix(&folder).map_err(|e| unusable(e.to_string()))?.with_fsync(true);
        Ok(Self { objects: Arc::new(objects), folder: Some(folder) })
    }

    fn of_bucket(
        bucket_and_prefix: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
        let unusable = |problem: String| Error::Address(format!("s3://{bucket_and_prefix}: {problem}"));
        let (bucket, prefix) = bucket_and_prefix.split_once('/').unwrap_or((bucket_and_prefix, ""));
        let prefix = prefix.trim_end_matches('/');
        let client =
            ClientOptions::new().with_timeout_disabled().with_read_timeout(SILENT_AT_MOST).with_allow_http(false);
        let retry = RetryConfig { max_retries: RETRIES, retry_timeout: RETRIED_FOR, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new().with_client_options(client).with_retry(retry);
        for (name, value) in environment {
            let name = name.to_ascii_lowercase();
            if name.starts_with("aws_")
                && let Ok(key) = name.parse::<AmazonS3ConfigKey>()
            {
                builder = builder.with_config(key, value);
            }
        }
        let asked = |key: AmazonS3ConfigKey| builder.get_config_value(&key).unwrap_or_default();
        let endpoint = asked(AmazonS3ConfigKey::Endpoint);
        let allow_http = AmazonS3ConfigKey::Client(object_store::ClientConfigKey::AllowHttp);
        if endpoint.starts_with("http://") && asked(allow_http) != "true" {
            return Err(unusable(format!("{endpoint} is not encrypted; AWS_ALLOW_HTTP=true allows that")));
        }
        let bucket = builder.with_bucket_name(bucket).build().map_err(|e| unusable(e.to_string()))?;
        let objects: Arc<dyn ObjectStore> = if prefix.is_empty() {
            Arc::new(bucket)
        } else {
            let prefix = place(prefix).map_err(|_| unusable("no such prefix can be".into()))?;
            Arc::new(PrefixStore::new(bucket, prefix))
        };
        Ok(Self { objects, folder: None })
    }
}
