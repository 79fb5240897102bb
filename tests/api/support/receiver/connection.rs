//! The connections of a receiver. They read and write raw bytes, so that an answer may be malformed.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

use super::{Reply, Request, Shared};

pub async fn accept(listener: std::net::TcpListener, shared: Arc<Shared>) {
    let listener = TcpListener::from_std(listener).unwrap();
    // Dropped with this task, which closes all connections.
    let mut connections = JoinSet::new();
    for connection in 0.. {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let shared = shared.clone();
        connections.spawn(async move {
            // The client may close the connection at any time.
            let _ = serve(stream, connection, &shared).await;
            shared.seen.lock().unwrap().answering.remove(&connection);
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, connection: usize, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let stream = stream.into_std()?;
    let watched = stream.try_clone()?;
    let mut stream = BufReader::new(TcpStream::from_std(stream)?);
    while let Some(request) = read(&mut stream, connection).await? {
        let (reply, released) = {
            let mut seen = shared.seen.lock().unwrap();
            seen.answering.insert(connection, watched.try_clone()?);
            let request = Request { at_once: seen.owed(), ..request };
            let reply = (shared.script.lock().unwrap())(&request);
            seen.requests.push(Arc::new(request));
            (reply, shared.released.subscribe())
        };
        shared.came.notify_waiters();
        answer(&mut stream, reply, released, || {
            shared.seen.lock().unwrap().answering.remove(&connection);
        })
        .await?;
    }
    Ok(())
}

async fn read(stream: &mut BufReader<TcpStream>, connection: usize) -> std::io::Result<Option<Request>> {
    let mut first = String::new();
    if stream.read_line(&mut first).await? == 0 {
        return Ok(None);
    }
    let request = first.strip_suffix(" HTTP/1.1\r\n").and_then(|request| request.split_once(' '));
    let request = request.filter(|(method, _)| ["POST", "GET"].contains(method));
    let (method, target) = request.unwrap_or_else(|| panic!("neither POST nor GET of HTTP/1.1: {first}"));
    let (method, target) = (method.to_owned(), target.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut raw = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut raw).await?;
    let raw = String::from_utf8(raw).unwrap();
    let url = Url::parse("http://receiver").unwrap().join(&target).unwrap();
    Ok(Some(Request {
        method,
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        body: serde_json::from_str(&raw).unwrap_or_default(),
        target,
        headers,
        raw,
        connection,
        at_once: 0,
    }))
}

/// Answers a request. Calls `answered` before the last bytes are sent, so that the request is not counted once the client has
/// the answer.
pub async fn answer(
    stream: &mut BufReader<TcpStream>,
    reply: Reply,
    mut released: watch::Receiver<Option<Reply>>,
    answered: impl Fn(),
) -> std::io::Result<()> {
    let ack = || json!({"error_code": 0}).to_string();
    let closed = || std::io::Error::from(ErrorKind::ConnectionAborted);
    match reply {
        Reply::Ack => {
            answered();
            stream.write_all(whole(200, "Content-Type: application/json\r\n", &ack()).as_bytes()).await
        }
        Reply::Whole(status, content_type, body) => {
            answered();
            stream.write_all(whole(status, &format!("Content-Type: {content_type}\r\n"), &body).as_bytes()).await
        }
        Reply::Encoded(encoding, body) => {
            answered();
            let head =
                format!("HTTP/1.1 200 X\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n", body.len());
            stream.write_all(&[head.as_bytes(), &body].concat()).await
        }
        Reply::Redirect(target) => {
            answered();
            stream.write_all(whole(302, &format!("Location: {target}\r\n"), &ack()).as_bytes()).await
        }
        Reply::Close => Err(closed()),
        Reply::Hang => {
            // Waits until the client closes the connection. It sends nothing before it has its answer.
            stream.read_u8().await?;
            Err(closed())
        }
        Reply::Hold => {
            tokio::select! {
                _ = stream.read_u8() => return Err(closed()),
                changed = released.changed() => changed.map_err(|_| closed())?,
            }
            let held = released.borrow().clone();
            let body = match held {
                Some(Reply::Close) => return Err(closed()),
                Some(Reply::Whole(_, _, body)) => body,
                _ => ack(),
            };
            answered();
            stream.write_all(whole(200, "", &body).as_bytes()).await
        }
        Reply::Drip => {
            stream.write_all(CHUNKED).await?;
            for byte in ack().into_bytes() {
                stream.write_all(&[b"1\r\n", &[byte][..], b"\r\n"].concat()).await?;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            answered();
            stream.write_all(b"0\r\n\r\n").await
        }
        Reply::Endless => {
            stream.write_all(CHUNKED).await?;
            let chunk = format!("4000\r\n{:16384}\r\n", "");
            loop {
                stream.write_all(chunk.as_bytes()).await?;
            }
        }
        Reply::Gigabyte => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n").await?;
            let part = " ".repeat(16_384);
            for _ in 0..1_073_741_824 / part.len() {
                stream.write_all(part.as_bytes()).await?;
            }
            Ok(())
        }
    }
}

const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

fn whole(status: u16, headers: &str, body: &str) -> String {
    // HTTP 204 has neither a body nor a Content-Length.
    let length = if status == 204 { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("HTTP/1.1 {status} X\r\n{headers}{length}\r\n{body}")
}
