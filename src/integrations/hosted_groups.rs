//! The trait of a hosted service that keeps chat groups.

use futures_util::future::BoxFuture;

/// The account that calls the service: an administrator of an application.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// The application.
    pub sdkappid: i64,
    /// The administrator.
    pub admin_id: &'a str,
    /// The ticket of the administrator.
    pub admin_sig: &'a str,
}

/// A message between components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomMessage {
    /// The content.
    pub data: String,
    /// The kind of the content, in the words of components.
    pub ext: &'static str,
}

/// Why a call failed. It contains neither a ticket nor text from the service's answer.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The service refused.
    #[error("the chat service refused with ErrorCode {0}")]
    Refused(i64),
    /// The outcome is unknown.
    #[error("the chat service can't be understood: {0}")]
    Unknown(String),
}

/// A service that keeps chat groups.
pub trait HostedGroups: Send + Sync {
    /// Creates a group that everybody may join. Succeeds if the caller owns the group already.
    ///
    /// # Errors
    /// See [`Problem`].
    fn create<'a>(&'a self, account: Account<'a>, group_id: &'a str) -> BoxFuture<'a, Result<(), Problem>>;

    /// Destroys a group. Succeeds if the group does not exist.
    ///
    /// # Errors
    /// See [`Problem`].
    fn destroy<'a>(&'a self, account: Account<'a>, group_id: &'a str) -> BoxFuture<'a, Result<(), Problem>>;
}
