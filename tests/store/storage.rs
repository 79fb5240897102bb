//! The contract of both kinds of storage.

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use lectern::storage::{Error, Storage};

use crate::s3::S3;

/// More than one part of a multipart upload.
const LARGE: usize = 20 * 1024 * 1024 + 17;

fn in_folder(folder: &Path) -> Storage {
    Storage::open(&format!("file://{}", folder.display()), []).unwrap()
}

/// Bytes without a repeating pattern.
fn content(size: usize) -> Bytes {
    (0_u32..).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).take(size).collect()
}

fn chunks(content: &Bytes) -> impl stream::Stream<Item = Result<Bytes, Error>> + use<> {
    let chunks: Vec<Bytes> = content.chunks(100_000).map(Bytes::copy_from_slice).collect();
    stream::iter(chunks.into_iter().map(Ok))
}

async fn read(storage: &Storage, path: &str, range: std::ops::Range<u64>) -> Result<Vec<u8>, Error> {
    let chunks: Vec<Bytes> = storage.read(path, range).await?.try_collect().await?;
    Ok(chunks.concat())
}

async fn is_there(storage: &Storage, path: &str) -> bool {
    match storage.stat(path).await {
        Ok(_) => true,
        Err(Error::Missing) => false,
        Err(other) => panic!("{other}"),
    }
}

/// Checks the whole contract of a storage.
async fn holds(storage: &Storage) {
    what_is_put_is_read_whole_and_in_ranges(storage).await;
    what_breaks_off_is_not_there(storage).await;
    a_folder_is_put_with_all_that_is_in_it(storage).await;
    removing_takes_what_is_below_and_nothing_else(storage).await;
}

async fn what_is_put_is_read_whole_and_in_ranges(storage: &Storage) {
    for (path, size) in [("k1/empty", 0), ("k1/第一课 1 + 2 %41.pptx", 1000), ("k1/deep/er/large.bin", LARGE)] {
        let content = content(size);
        assert_eq!(storage.put(path, chunks(&content)).await.unwrap(), size as u64);
        let stored = storage.stat(path).await.unwrap();
        assert_eq!(stored.size, size as u64, "{path}");
        assert!(!stored.etag.is_empty() && !stored.etag.contains('"'), "{stored:?}");
        assert_eq!(storage.stat(path).await.unwrap(), stored);
        assert_eq!(read(storage, path, 0..stored.size).await.unwrap(), content);
        assert_eq!(read(storage, path, 0..0).await.unwrap(), b"");
        if size > 500 {
            assert_eq!(read(storage, path, 10..500).await.unwrap(), content[10..500]);
            assert_eq!(read(storage, path, stored.size - 3..stored.size).await.unwrap(), content[size - 3..]);
        }
    }
    nothing_is_at(storage, &["k1/none", "none", "../etc/passwd", "k1/../../x", "k1//empty", ""]).await;
}

async fn nothing_is_at(storage: &Storage, paths: &[&str]) {
    for path in paths {
        assert!(!is_there(storage, path).await, "{path:?}");
        assert!(matches!(read(storage, path, 0..1).await, Err(Error::Missing)), "{path:?}");
    }
}

async fn what_breaks_off_is_not_there(storage: &Storage) {
    let broken = || stream::once(async { Err(Error::Failed("broke off".into())) });
    for size in [0, 1000, LARGE] {
        let problem = storage.put("k2/broken", chunks(&content(size)).chain(broken())).await.unwrap_err();
        assert_eq!(problem.to_string(), "the storage failed: broke off");
        assert!(!is_there(storage, "k2/broken").await);
        // The future is dropped.
        let never = chunks(&content(size)).chain(stream::pending());
        tokio::time::timeout(Duration::from_millis(300), storage.put("k2/dropped", never)).await.unwrap_err();
        assert!(!is_there(storage, "k2/dropped").await);
    }
}

async fn a_folder_is_put_with_all_that_is_in_it(storage: &Storage) {
    let folder = tempfile::tempdir().unwrap();
    let (small, large) = (content(10), content(LARGE));
    std::fs::create_dir_all(folder.path().join("pages/a")).unwrap();
    std::fs::write(folder.path().join("index.html"), &small).unwrap();
    std::fs::write(folder.path().join("pages/a/1.png"), &large).unwrap();
    assert_eq!(storage.put_folder("k3", folder.path()).await.unwrap(), LARGE as u64 + 10);
    assert_eq!(read(storage, "k3/index.html", 0..10).await.unwrap(), small);
    assert_eq!(read(storage, "k3/pages/a/1.png", 0..LARGE as u64).await.unwrap(), large);
    // A symbolic link could publish files of this machine.
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("pages/passwd")).unwrap();
    let problem = storage.put_folder("k4", folder.path()).await.unwrap_err();
    assert!(problem.to_string().contains("neither a file nor a folder"), "{problem}");
    assert!(!is_there(storage, "k4/pages/passwd").await);
    assert!(storage.put_folder("k4", Path::new("/there/is/none")).await.is_err());
}

async fn removing_takes_what_is_below_and_nothing_else(storage: &Storage) {
    for path in ["r1/a", "r1/b/c", "r10/a"] {
        storage.put(path, chunks(&content(10))).await.unwrap();
    }
    for _ in 0..2 {
        storage.remove_all("r1").await.unwrap();
        assert!(!is_there(storage, "r1/a").await && !is_there(storage, "r1/b/c").await);
        assert!(is_there(storage, "r10/a").await);
    }
    for everything in ["", "..", "r10/.."] {
        assert!(storage.remove_all(everything).await.is_err(), "{everything:?}");
    }
    assert!(is_there(storage, "r10/a").await);
}

#[tokio::test]
async fn a_folder_holds_what_a_storage_promises() {
    let folder = tempfile::tempdir().unwrap();
    let storage = in_folder(&folder.path().join("not/there/yet"));
    holds(&storage).await;
    // Folders, and a path through a file. A bucket has neither.
    nothing_is_at(&storage, &["k1", "k1/deep", "k1/empty/x"]).await;
}

#[tokio::test]
async fn a_bucket_holds_what_a_storage_promises() {
    let s3 = S3::start().await;
    for prefix in ["", "/school/files/"] {
        holds(&s3.storage(prefix)).await;
    }
    let below = s3.storage("/school");
    assert!(is_there(&below, "files/r10/a").await, "the prefix is a folder of the bucket");
}

#[tokio::test]
async fn a_bucket_has_nothing_left_of_what_broke_off() {
    let s3 = S3::start().await;
    what_breaks_off_is_not_there(&s3.storage("")).await;
    // The server stores parts as files with the name of the upload.
    let left = || s3.count(|path| path.contains("upload"));
    let begun = Instant::now();
    while left() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(10), "{} parts are left", left());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_bucket_that_lets_nobody_in_fails_and_says_why() {
    let s3 = S3::start().await;
    let storage = s3.storage_with("", "another secret");
    let problem = storage.put("k/a", chunks(&content(10))).await.unwrap_err();
    assert!(matches!(problem, Error::Failed(_)), "{problem}");
    assert!(problem.to_string().contains("SignatureDoesNotMatch"), "{problem}");
    assert!(matches!(storage.stat("k/a").await, Err(Error::Failed(_))));
}

#[tokio::test]
async fn a_folder_has_nothing_left_of_what_broke_off() {
    let folder = tempfile::tempdir().unwrap();
    let storage = in_folder(folder.path());
    what_breaks_off_is_not_there(&storage).await;
    let left = || std::fs::read_dir(folder.path().join("k2")).map_or(0, Iterator::count);
    let begun = Instant::now();
    while left() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(10), "{} files are left", left());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // A process that dies can't clean up. Its leftovers have a name that no list shows.
    std::fs::create_dir_all(folder.path().join("k2")).unwrap();
    std::fs::write(folder.path().join("k2/broken#1"), "half").unwrap();
    storage.remove_all("k2").await.unwrap();
    assert!(!folder.path().join("k2").exists());
}

#[test]
fn an_address_that_no_storage_has_is_refused_with_a_reason() {
    let none = |url: &str| Storage::open(url, []).unwrap_err().to_string();
    for url in ["", "data/files", "http://x", "file://", "s3://", "s3:///a", "gs://bucket"] {
        assert!(none(url).contains("must be file://PATH or s3://BUCKET/PREFIX"), "{url}: {}", none(url));
    }
    assert!(none("file:///proc/files").contains("file:///proc/files: "), "{}", none("file:///proc/files"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(none(&format!("file://{}", file.display())).contains("/file: "));
    let plain = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let given = [plain("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), plain("AWS_REGION", "us-east-1")];
    let problem = Storage::open("s3://bucket", given.clone()).unwrap_err().to_string();
    assert!(problem.contains("AWS_ALLOW_HTTP=true"), "{problem}");
    Storage::open("s3://bucket/a/b", given.into_iter().chain([plain("AWS_ALLOW_HTTP", "true")])).unwrap();
    assert!(none("s3://bucket/a/../b").contains("prefix"));
}
