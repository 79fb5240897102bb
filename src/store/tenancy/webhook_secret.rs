//! Webhook secrets of the document service and the organizations of enterprises. That of an enterprise itself is in its row.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{EnterpriseId, OrganizationId};
use crate::store::schema::webhook_secrets;
use crate::store::schema::webhook_secrets::dsl;

/// `endpoint` of the document service. Ids of organizations are positive.
const DOCUMENT_SERVICE: i64 = -1;

/// A receiver that has a secret of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// The document service client of the enterprise.
    DocumentService,
    /// An organization of the enterprise.
    Organization(OrganizationId),
}

impl Receiver {
    fn column(self) -> i64 {
        match self {
            Self::DocumentService => DOCUMENT_SERVICE,
            Self::Organization(organization_id) => organization_id.0,
        }
    }
}

/// The secrets of a receiver.
#[derive(Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = webhook_secrets, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct WebhookSecret {
    /// The enterprise.
    enterprise_id: EnterpriseId,
    /// The receiver.
    endpoint: i64,
    /// The current secret.
    pub webhook_secret: String,
    /// The secret before the last rotation.
    pub old_webhook_secret: Option<String>,
    /// When the old secret expires. Until then, deliveries are also signed with it.
    pub old_webhook_secret_until: Option<Millis>,
}

// Written by hand so that a log line never shows a secret.
impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookSecret").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl WebhookSecret {
    /// The first secret of a receiver.
    #[must_use]
    pub fn new(enterprise_id: EnterpriseId, receiver: Receiver, webhook_secret: String) -> Self {
        let endpoint = receiver.column();
        Self { enterprise_id, endpoint, webhook_secret, old_webhook_secret: None, old_webhook_secret_until: None }
    }

    /// Returns the secrets to sign deliveries with: the current one and, during its grace period, the old one.
    pub fn secrets_at(&self, now: Millis) -> impl Iterator<Item = &str> {
        let in_grace = self.old_webhook_secret_until.is_some_and(|until| now <= until);
        let old = self.old_webhook_secret.as_deref().filter(|_| in_grace);
        std::iter::once(self.webhook_secret.as_str()).chain(old)
    }
}

/// Inserts the first secret of a receiver.
pub fn insert(conn: &mut Conn, secret: &WebhookSecret) -> Result<()> {
    diesel::insert_into(dsl::webhook_secrets).values(secret).execute(conn).map(drop)
}

/// Returns the secrets of a receiver.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, receiver: Receiver) -> Result<Option<WebhookSecret>> {
    dsl::webhook_secrets.find((enterprise_id, receiver.column())).get_result(conn).optional()
}

/// Updates the secrets of a receiver.
pub fn update(conn: &mut Conn, secret: &WebhookSecret) -> Result<()> {
    diesel::update(dsl::webhook_secrets.find((secret.enterprise_id, secret.endpoint)))
        .set(secret)
        .execute(conn)
        .map(drop)
}
