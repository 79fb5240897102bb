//! Webhook secrets of the receivers of an enterprise besides itself: its document service and its organizations.

use super::{enterprise, secret};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Noun, Result};
use crate::store;
use crate::store::ids::EnterpriseId;
pub use crate::store::tenancy::webhook_secret::{Receiver, WebhookSecret};

/// Gives a new receiver its first secret.
pub(super) fn give(conn: &mut Conn, enterprise_id: EnterpriseId, receiver: Receiver) -> Result<()> {
    let first = WebhookSecret::new(enterprise_id, receiver, secret::webhook_secret());
    Ok(store::tenancy::webhook_secret::insert(conn, &first)?)
}

/// Returns the secrets of a receiver.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`, [`Error::NotFound`] for an unknown organization.
pub fn require(conn: &mut Conn, sdkappid: i64, receiver: Receiver) -> Result<WebhookSecret> {
    let enterprise_id = enterprise::require(conn, sdkappid)?.enterprise_id;
    let found = store::tenancy::webhook_secret::find(conn, enterprise_id, receiver)?;
    found.ok_or_else(|| {
        let id = if let Receiver::Organization(organization_id) = receiver { organization_id.0 } else { 0 };
        Error::NotFound { noun: Noun::Organization, id }
    })
}

/// Gives a receiver a new secret. For `grace` milliseconds deliveries carry signatures of both secrets.
///
/// # Errors
/// As [`require`].
pub fn rotate(conn: &mut Conn, sdkappid: i64, receiver: Receiver, grace: Millis, now: Millis) -> Result<WebhookSecret> {
    // The row of the enterprise serialises rotations.
    enterprise::lock(conn, sdkappid)?;
    let mut rotated = require(conn, sdkappid, receiver)?;
    let old = std::mem::replace(&mut rotated.webhook_secret, secret::webhook_secret());
    rotated.old_webhook_secret = Some(old);
    rotated.old_webhook_secret_until = Some(now.saturating_add(grace));
    store::tenancy::webhook_secret::update(conn, &rotated)?;
    Ok(rotated)
}
