//! A real S3 server for one test. It checks signatures and keeps its objects in a folder.

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use lectern::storage::Storage;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const KEY_ID: &str = "LECTERNTEST";
const SECRET: &str = "the secret of the test";
const BUCKET: &str = "lectern";

/// A running server with one bucket.
pub struct S3 {
    pub folder: tempfile::TempDir,
    endpoint: String,
    serving: JoinHandle<()>,
}

impl S3 {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            let http = Builder::new(TokioExecutor::new());
            while let Ok((socket, _)) = listener.accept().await {
                let serving = http.serve_connection(TokioIo::new(socket), service.clone()).into_owned();
                tokio::spawn(serving);
            }
        });
        Self { folder, endpoint, serving }
    }

    /// A storage in the bucket, optionally below a prefix.
    pub fn storage(&self, prefix: &str) -> Storage {
        self.storage_with(prefix, SECRET)
    }

    pub fn storage_with(&self, prefix: &str, secret: &str) -> Storage {
        let environment = [
            ("AWS_ACCESS_KEY_ID", KEY_ID),
            ("AWS_SECRET_ACCESS_KEY", secret),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_ALLOW_HTTP", "true"),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Storage::open(&format!("s3://{BUCKET}{prefix}"), environment).unwrap()
    }

    /// How many files are left from multipart uploads, or below a prefix.
    pub fn count(&self, of: impl Fn(&str) -> bool) -> usize {
        fn walk(folder: &std::path::Path, of: &impl Fn(&str) -> bool) -> usize {
            let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            let count = |path: std::path::PathBuf| {
                if path.is_dir() { walk(&path, of) } else { usize::from(of(path.to_str().unwrap())) }
            };
            entries.map(count).sum()
        }
        walk(self.folder.path(), &of)
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
