//! The classes that have media sessions at this instance, in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, watch};

use crate::domain::classroom::stage::Source;
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::media::MediaSessionId;
use crate::recording::{OpenLog, Showing};

/// How many media sessions of one user are remembered. One that comes after as many others is over for its owner.
const SESSIONS: usize = 16;

/// A class that has media sessions here, or is getting its first.
pub(super) struct HostedClass {
    pub enterprise: Arc<Enterprise>,
    pub class_id: ClassId,
    /// The media sessions of each user, the latest last.
    sessions: Mutex<HashMap<String, Vec<Connected>>>,
    stopped: mpsc::UnboundedSender<Stopped>,
    is_over: watch::Sender<bool>,
    /// The recording that is written here, if the class is recorded.
    pub recorded: tokio::sync::Mutex<Option<(i64, OpenLog)>>,
    /// Set while the class is shown live.
    pub shown: tokio::sync::Mutex<Option<Showing>>,
    use_of: Mutex<Use>,
}

/// A media session, and the component that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Connected {
    pub session: MediaSessionId,
    pub token_hash: String,
}

/// Sources of which the media server gets nothing any more.
pub(super) struct Stopped {
    pub user_id: String,
    pub sources: Vec<Source>,
}

/// How a class is used: it is forgotten when it has no media session and nobody is connecting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Use {
    connecting: usize,
    /// How often somebody began to connect.
    begun: u64,
    /// How many looks in a row found it without media sessions.
    empty_looks: u8,
}

/// Somebody connects to a class. It is not forgotten until this is dropped.
pub(super) struct Connecting(pub Arc<HostedClass>);

impl Drop for Connecting {
    fn drop(&mut self) {
        lock(&self.0.use_of).connecting -= 1;
    }
}

impl HostedClass {
    /// A class, and what its follower receives.
    pub fn new(enterprise: Arc<Enterprise>, class_id: ClassId) -> (Arc<Self>, mpsc::UnboundedReceiver<Stopped>) {
        let (stopped, receiver) = mpsc::unbounded_channel();
        let class = Self {
            enterprise,
            class_id,
            sessions: Mutex::default(),
            stopped,
            is_over: watch::Sender::new(false),
            recorded: tokio::sync::Mutex::default(),
            shown: tokio::sync::Mutex::default(),
            use_of: Mutex::default(),
        };
        (Arc::new(class), receiver)
    }

    pub fn enterprise_id(&self) -> EnterpriseId {
        self.enterprise.enterprise_id
    }

    /// Remembers a media session of a component.
    pub fn remember(&self, user_id: &str, connected: Connected) {
        let mut sessions = lock(&self.sessions);
        let own = sessions.entry(user_id.to_owned()).or_default();
        if !own.contains(&connected) {
            own.push(connected);
        }
        let too_many = own.len().saturating_sub(SESSIONS);
        own.drain(..too_many);
    }

    /// Whether a media session belongs to a component.
    pub fn has(&self, user_id: &str, connected: &Connected) -> bool {
        lock(&self.sessions).get(user_id).is_some_and(|own| own.contains(connected))
    }

    /// Who connected, and may have media sessions.
    pub fn users(&self) -> Vec<String> {
        lock(&self.sessions).keys().cloned().collect()
    }

    /// Forgets the media sessions of a user that belong to other components, and returns them.
    pub fn take_others(&self, user_id: &str, token_hash: &str) -> Vec<MediaSessionId> {
        let mut sessions = lock(&self.sessions);
        let Some(own) = sessions.get_mut(user_id) else { return Vec::new() };
        own.extract_if(.., |connected| connected.token_hash != token_hash).map(|connected| connected.session).collect()
    }

    /// Passes on to the follower that sources of a user have stopped.
    pub fn stopped(&self, user_id: String, sources: Vec<Source>) {
        // The follower of a class that is over has ended.
        let _ = self.stopped.send(Stopped { user_id, sources });
    }

    /// Ends the follower.
    fn end(&self) {
        self.is_over.send_replace(true);
    }

    /// Waits until the class is not hosted here any more.
    pub async fn over(&self) {
        // The sender lives as long as this.
        let _ = self.is_over.subscribe().wait_for(|over| *over).await;
    }
}

/// All hosted classes.
#[derive(Default)]
pub(super) struct HostedClasses(Mutex<HashMap<ClassId, Arc<HostedClass>>>);

impl HostedClasses {
    pub fn get(&self, class_id: ClassId) -> Option<Arc<HostedClass>> {
        lock(&self.0).get(&class_id).cloned()
    }

    pub fn ids(&self) -> Vec<ClassId> {
        lock(&self.0).keys().copied().collect()
    }

    pub fn has(&self, class: &Arc<HostedClass>) -> bool {
        lock(&self.0).get(&class.class_id).is_some_and(|hosted| Arc::ptr_eq(hosted, class))
    }

    /// Begins to connect to a class that is hosted.
    pub fn enter(&self, class_id: ClassId) -> Option<Connecting> {
        lock(&self.0).get(&class_id).map(begin)
    }

    /// Adds a class, unless it is there, and begins to connect to it. Returns whether it was added.
    pub fn add(&self, class: Arc<HostedClass>) -> (Connecting, bool) {
        let mut classes = lock(&self.0);
        if let Some(there) = classes.get(&class.class_id) {
            return (begin(there), false);
        }
        let connecting = begin(&class);
        classes.insert(class.class_id, class);
        (connecting, true)
    }

    /// Forgets a class. Its follower ends.
    pub fn remove(&self, class_id: ClassId) {
        if let Some(class) = lock(&self.0).remove(&class_id) {
            class.end();
        }
    }

    /// How each class is used now.
    pub fn uses(&self) -> HashMap<ClassId, Use> {
        lock(&self.0).iter().map(|(class_id, class)| (*class_id, *lock(&class.use_of))).collect()
    }

    /// Forgets a class that had no media session in two looks in a row, if nobody has connected since `before`.
    pub fn remove_empty(&self, class_id: ClassId, before: Use, is_empty: bool) {
        let mut classes = lock(&self.0);
        let Some(class) = classes.get(&class_id) else { return };
        let mut now = lock(&class.use_of);
        if !is_empty || now.connecting > 0 || now.begun != before.begun {
            now.empty_looks = 0;
            return;
        }
        now.empty_looks += 1;
        let is_unused = now.empty_looks > 1;
        drop(now);
        if is_unused && let Some(class) = classes.remove(&class_id) {
            class.end();
        }
    }
}

fn begin(class: &Arc<HostedClass>) -> Connecting {
    let mut used = lock(&class.use_of);
    used.connecting += 1;
    used.begun += 1;
    used.empty_looks = 0;
    drop(used);
    Connecting(class.clone())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
