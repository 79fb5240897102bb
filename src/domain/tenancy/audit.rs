//! The audit log: writes an entry in the transaction of the change that it describes.

use serde_json::Value;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::ids::EnterpriseId;
use crate::store::tenancy::audit::NewAuditEntry;
pub use crate::store::tenancy::audit::{AuditAction, AuditEntry, Filter, Origin, list};

/// How many characters of a target are kept.
const TARGET_CHARS: usize = 128;

/// Who makes a change, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The name: that of the operator, of who came by a link, of the account of the machine, or `sdkappid` of a signed call.
    pub name: String,
    /// How the change is made.
    pub origin: Origin,
    /// The address of the client; empty for the command line.
    pub address: String,
}

/// A change.
#[derive(Clone, Debug)]
pub struct Change {
    /// What is done.
    pub action: AuditAction,
    /// The enterprise; `None` for what is about the whole service.
    pub enterprise_id: Option<EnterpriseId>,
    /// What it is done to.
    pub target: String,
    /// More about it, without secrets.
    pub details: Value,
}

impl Change {
    /// A change of something of an enterprise.
    #[must_use]
    pub fn of(enterprise_id: EnterpriseId, action: AuditAction, target: &(impl ToString + ?Sized)) -> Self {
        Self { action, enterprise_id: Some(enterprise_id), target: target.to_string(), details: Value::Null }
    }

    /// A change of the service.
    #[must_use]
    pub fn of_service(action: AuditAction, target: &(impl ToString + ?Sized)) -> Self {
        Self { action, enterprise_id: None, target: target.to_string(), details: Value::Null }
    }

    /// Adds details, which must have no secrets.
    #[must_use]
    pub fn with(self, details: Value) -> Self {
        Self { details, ..self }
    }
}

/// Writes an entry about a change.
///
/// # Errors
/// Only those of the database.
pub fn record(conn: &mut Conn, actor: &Actor, change: Change, now: Millis) -> Result<()> {
    let Change { action, enterprise_id, target, details } = change;
    let new = NewAuditEntry {
        enterprise_id,
        actor: actor.name.clone(),
        origin: actor.origin,
        address: actor.address.clone(),
        action,
        target: target.chars().take(TARGET_CHARS).collect(),
        details: if details.is_null() { String::new() } else { details.to_string() },
        create_time: now,
    };
    Ok(store::tenancy::audit::append(conn, &new)?)
}
