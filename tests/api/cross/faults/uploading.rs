//! Uploads of large files, and a server that is killed during one.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::Value;

use crate::support::database::{Database, storage_url};
use crate::support::http;
use crate::support::process::eventually;
use crate::support::school::School;

const PIECE: usize = 64 * 1024;
/// How much of one file may be in memory, in MiB: two parts in flight, the next part, and allocator overhead.
const IN_MEMORY: u64 = 60;
/// The size of the file, in MiB.
const FILE: usize = 190;

fn file(pieces: usize) -> reqwest::Body {
    let piece = Bytes::from(vec![7; PIECE]);
    reqwest::Body::wrap_stream(stream::iter((0..pieces).map(move |_| Ok::<_, std::io::Error>(piece.clone()))))
}

#[tokio::test]
async fn the_memory_of_a_server_does_not_grow_with_a_file() {
    let database = Database::create();
    let school = School::found(&database.url, "http://127.0.0.1:9/").await;
    let (server, client) = school.open(&[]);
    let http = http::client();
    let upload = async |pieces| -> Value {
        let sent = client.post("document/upload", file(pieces)).await.unwrap();
        sent.json().await.unwrap()
    };
    assert_eq!(upload(10).await["error_code"], 0);
    let before = server.memory();
    let uploaded = upload(FILE * 16).await;
    assert_eq!(uploaded["doc_size"], FILE * 1024 * 1024);
    let mut content = http.get(uploaded["doc_url"].as_str().unwrap()).send().await.unwrap().bytes_stream();
    let mut seen = 0;
    while let Some(chunk) = content.next().await {
        seen += chunk.unwrap().len();
    }
    assert_eq!(seen, FILE * 1024 * 1024);
    let grown = server.most_memory().saturating_sub(before);
    assert!(grown < IN_MEMORY, "{grown} MiB more for a file of {FILE}");
}

#[tokio::test]
async fn every_file_that_a_killed_server_left_has_a_row() {
    let database = Database::create();
    let school = School::found(&database.url, "http://127.0.0.1:9/").await;
    let (server, client) = school.open(&[]);
    let endless = stream::iter((0..400).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![7; PIECE]))));
    let body = reqwest::Body::wrap_stream(endless.chain(stream::pending()));
    let sending = tokio::spawn(async move { client.post("document/upload", body).await });
    let folder = storage_url(&database.url);
    let folder = std::path::Path::new(folder.strip_prefix("file://").unwrap());
    let stored = || -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        entries.map(|name| name.into_string().unwrap()).collect()
    };
    let keys = eventually("something is stored", async || Some(stored()).filter(|keys| !keys.is_empty())).await;
    server.kill();
    sending.await.unwrap().unwrap_err();
    let (_server, _client) = school.open(&[]);
    assert_eq!(stored(), keys);
    let db = lectern::db::Db::open(&database.url).unwrap();
    let key = keys[0].clone();
    let row = db
        .read(move |conn| Ok::<_, lectern::db::Error>(lectern::store::content::file::of_key(conn, &key)?))
        .await
        .unwrap();
    let row = row.unwrap();
    assert_eq!(row.due, Some(row.create_time + lectern::domain::content::file::WRITTEN_WITHIN));
}
