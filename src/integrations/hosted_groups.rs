//! Chat groups at a hosted service: what is asked of it, whichever service it is.

use futures_util::future::BoxFuture;

/// Who calls: an administrator of an application at the service.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// The application.
    pub sdkappid: i64,
    /// The administrator.
    pub admin_id: &'a str,
    /// Their ticket.
    pub admin_sig: &'a str,
}

/// Why the service did not do something. It contains neither a ticket nor any text of the service's answer.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The service refused.
    #[error("the chat service refused with ErrorCode {0}")]
    Refused(i64),
    /// Nobody knows whether the service did it.
    #[error("the chat service can't be understood: {0}")]
    Unknown(String),
}

/// A service that keeps chat groups.
pub trait HostedGroups: Send + Sync {
    /// Creates a group that everybody may join. It is no error if the caller has the group already.
    ///
    /// # Errors
    /// See [`Problem`].
    fn create<'a>(&'a self, account: Account<'a>, group_id: &'a str) -> BoxFuture<'a, Result<(), Problem>>;

    /// Destroys a group. It is no error if there is no such group.
    ///
    /// # Errors
    /// See [`Problem`].
    fn destroy<'a>(&'a self, account: Account<'a>, group_id: &'a str) -> BoxFuture<'a, Result<(), Problem>>;
}
