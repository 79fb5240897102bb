//! The component that calls on behalf of a user inside a class.

use crate::clock::Millis;

/// A classroom component: its user and its token.
#[derive(Clone, Debug)]
pub struct Component {
    /// The user who is signed in on it.
    pub user_id: String,
    /// The hash of its token. Each device has its own token.
    pub token_hash: String,
    /// How long a session lasts after a heartbeat, in milliseconds.
    pub lease: Millis,
}
