//! Who calls on behalf of somebody inside.

use crate::clock::Millis;

/// A classroom component: on whose behalf, and with which token it speaks.
#[derive(Clone, Debug)]
pub struct Component {
    /// Who signed in on it.
    pub user_id: String,
    /// Of their token: a device has one of its own.
    pub token_hash: String,
    /// How long a stay lasts after a sign of life.
    pub lease: Millis,
}
