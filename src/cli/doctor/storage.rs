//! The storage of files, and that of backups: a small object is written, read and removed.

use std::path::Path;
use std::time::Duration;

use futures_util::stream;
use futures_util::stream::StreamExt;
use lectern::storage::{Error, Storage};

use super::finding::Finding;

/// How long all of it may take.
const WITHIN: Duration = Duration::from_secs(30);
const CONTENT: &[u8] = b"written by lectern doctor";

/// Checks the storage of a URL, which is the setting `name`.
pub(super) async fn check(check: &'static str, name: &str, url: &str) -> Finding {
    // Opening a folder makes it, maybe with another owner than the service.
    if let Some(folder) = url.strip_prefix("file://").filter(|folder| !Path::new(folder).exists()) {
        let advice = format!("'lectern serve' makes it; if there was one before, look at {name}");
        return Finding::warning(check, format!("there is no {folder} yet"), advice);
    }
    let advice = if url.starts_with("s3://") {
        "see that the bucket exists and that the key may get, put, delete and list objects (AWS_... variables)"
    } else {
        "see that the folder belongs to the user of the service, and that its disk has room"
    };
    match tokio::time::timeout(WITHIN, round_trip(url)).await {
        Ok(Ok(())) => Finding::ok(check, format!("a file was written, read and removed ({url})")),
        Ok(Err(problem)) => Finding::error(check, problem.to_string(), advice),
        Err(_) => Finding::error(check, format!("it took longer than {} s", WITHIN.as_secs()), advice),
    }
}

async fn round_trip(url: &str) -> Result<(), Error> {
    let storage = Storage::open(url, std::env::vars())?;
    let folder = format!("doctor-{:016x}", rand::random::<u64>());
    let used = use_object(&storage, &format!("{folder}/object")).await;
    // Also after a failure.
    let removed = storage.remove_all(&folder).await;
    used.and(removed)
}

async fn use_object(storage: &Storage, path: &str) -> Result<(), Error> {
    let written = storage.put(path, stream::iter([Ok::<_, Error>(CONTENT.into())])).await?;
    let (mut coming, mut read) = (storage.read(path, 0..written).await?, Vec::new());
    while let Some(chunk) = coming.next().await {
        read.extend_from_slice(&chunk?);
    }
    if read == CONTENT { Ok(()) } else { Err(Error::Failed("what was read is not what was written".into())) }
}
