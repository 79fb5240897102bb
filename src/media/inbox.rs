//! How a thread of the media server is reached: what it is asked to do, and datagrams that others received for it.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use str0m::net::Protocol;
use tokio::sync::{mpsc, oneshot};

use super::connection::Connection;
use super::engine::{Answer, ConnectError, ConnectRequest, MediaSessionId, Permissions};
use super::sink::{Tap, TrackSink};
use crate::domain::ids::ClassId;

/// How many datagrams may wait that another thread received.
const WAITING: usize = 4_096;

/// A datagram that another thread received, or that came over a connection.
pub(super) struct Datagram {
    pub protocol: Protocol,
    pub source: SocketAddr,
    pub data: Bytes,
    /// The way back, for one that came over a connection.
    pub connection: Option<Connection>,
}

/// Something that a thread is asked to do.
pub(super) enum Command {
    Connect {
        request: Box<ConnectRequest>,
        answer: oneshot::Sender<Result<Answer, ConnectError>>,
    },
    Permit {
        class_id: ClassId,
        user_id: String,
        permissions: Permissions,
    },
    Disconnect {
        class_id: ClassId,
        session: MediaSessionId,
    },
    Remove {
        class_id: ClassId,
        user_id: String,
    },
    Close {
        class_id: ClassId,
    },
    Record {
        class_id: ClassId,
        tap: Tap,
        sink: Option<Arc<dyn TrackSink>>,
    },
    Classes(oneshot::Sender<Vec<ClassId>>),
    /// Datagrams of this sender are for that thread.
    Learn {
        source: SocketAddr,
        thread: usize,
    },
    Forget {
        source: SocketAddr,
    },
    /// Ends all sessions, and then the thread.
    Stop(oneshot::Sender<()>),
}

/// Where a thread is reached.
#[derive(Clone)]
pub(super) struct Inbox {
    pub commands: mpsc::UnboundedSender<Command>,
    datagrams: mpsc::Sender<Datagram>,
}

impl Inbox {
    /// Passes a datagram on. It is lost if the thread has too much to do, as in a network.
    pub fn deliver(&self, datagram: Datagram) {
        let _ = self.datagrams.try_send(datagram);
    }
}

/// The receiving ends of an [`Inbox`].
pub(super) struct Mail {
    pub commands: mpsc::UnboundedReceiver<Command>,
    pub datagrams: mpsc::Receiver<Datagram>,
}

/// A new inbox.
pub(super) fn inbox() -> (Inbox, Mail) {
    let (commands, commanded) = mpsc::unbounded_channel();
    let (datagrams, received) = mpsc::channel(WAITING);
    (Inbox { commands, datagrams }, Mail { commands: commanded, datagrams: received })
}
