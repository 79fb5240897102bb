//! ICE over TCP, for networks that let no UDP through: RFC 6544, with the frames of RFC 4571.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use str0m::net::Protocol;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::connection::Connection;
use super::inbox::{Datagram, Inbox};
use super::network::stun_name;

/// How many connections there are at most.
const MOST: usize = 2_048;
/// How long a connection may take to show that it belongs to a media session, and how long it may be silent.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest frame, in bytes: that of a datagram.
const LARGEST: usize = 2_000;
/// How many frames wait to be written. What comes when there are more is lost, as in a network.
const WAITING: usize = 512;

/// Accepts connections for all threads.
pub(super) async fn accept(listener: TcpListener, inboxes: Arc<[Inbox]>) {
    let free = Arc::new(Semaphore::new(MOST));
    loop {
        let Ok(permit) = free.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, source)) => {
                let inboxes = inboxes.clone();
                tokio::spawn(async move {
                    serve(stream, source, &inboxes).await;
                    drop(permit);
                });
            }
            // Out of file descriptors, for example: others will end.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Passes the frames of a connection to the thread that has its media session, until it ends.
async fn serve(stream: TcpStream, source: SocketAddr, inboxes: &[Inbox]) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let (mut reading, mut writing) = stream.into_split();
    let (connection, mut frames) = Connection::new(WAITING);
    let writer = async move {
        while let Some(frame) = frames.recv().await {
            let Ok(length) = u16::try_from(frame.len()) else { continue };
            let written = async {
                writing.write_all(&length.to_be_bytes()).await?;
                writing.write_all(&frame).await
            };
            if !matches!(timeout(PATIENCE, written).await, Ok(Ok(()))) {
                return;
            }
        }
    };
    let reader = async {
        while let Some(frame) = read_frame(&mut reading).await {
            let datagram = || Datagram {
                protocol: Protocol::Tcp,
                source,
                data: frame.clone(),
                connection: Some(connection.clone()),
            };
            match inboxes.get(connection.owner()) {
                Some(inbox) => inbox.deliver(datagram()),
                None if stun_name(&frame).is_some() => inboxes.iter().for_each(|inbox| inbox.deliver(datagram())),
                None => return,
            }
        }
    };
    tokio::select! {
        () = writer => {}
        () = reader => {}
    }
}

/// The next frame; `None` at the end, and for one that is too large.
async fn read_frame(reading: &mut (impl AsyncReadExt + Unpin)) -> Option<Bytes> {
    let read = async {
        let length = usize::from(reading.read_u16().await.ok()?);
        if length > LARGEST {
            return None;
        }
        let mut frame = vec![0; length];
        reading.read_exact(&mut frame).await.ok()?;
        Some(frame.into())
    };
    timeout(PATIENCE, read).await.ok()?
}
