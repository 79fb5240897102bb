//! Endpoints: who receives events, and at which address.

use super::payload::{EventPayload, Service};
use crate::db::{Key, PackedKey, Topic};
use crate::store::tenancy::enterprise::Enterprise;

/// Endpoints that something may have become deliverable to: a new event, a new address, the end of a pause.
pub const CHANGED: Topic<EndpointId> = Topic::new("endpoints");

/// `organization_id` of a delivery to an enterprise itself …
const ENTERPRISE: i64 = 0;
/// … and to its document service. Those of organizations are positive.
const DOCUMENT_SERVICE: i64 = -1;

/// Who receives events.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndpointId {
    /// The back end of this enterprise.
    Enterprise(i64),
    /// What this enterprise uses the document service with. It receives the progress of the tasks of that service.
    DocumentService(i64),
    /// An organization of an enterprise: the ids of both.
    Organization(i64, i64),
}

/// What kind of endpoint one is. Each kind is served in the format of one protocol.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum EndpointKind {
    /// Of [`EndpointId::Enterprise`].
    Enterprise,
    /// Of [`EndpointId::DocumentService`].
    DocumentService,
    /// Of [`EndpointId::Organization`].
    Organization,
}

impl EndpointId {
    /// The endpoint of an enterprise that receives an event of this kind, apart from organizations.
    #[must_use]
    pub fn within_enterprise(enterprise_id: i64, payload: &EventPayload) -> Self {
        match payload {
            EventPayload::Transcoded(status) if status.service != Service::Document => {
                Self::DocumentService(enterprise_id)
            }
            _ => Self::Enterprise(enterprise_id),
        }
    }

    /// Its enterprise.
    #[must_use]
    pub fn enterprise_id(self) -> i64 {
        match self {
            Self::Enterprise(enterprise_id)
            | Self::DocumentService(enterprise_id)
            | Self::Organization(enterprise_id, _) => enterprise_id,
        }
    }

    /// Its kind.
    #[must_use]
    pub fn kind(self) -> EndpointKind {
        match self {
            Self::Enterprise(_) => EndpointKind::Enterprise,
            Self::DocumentService(_) => EndpointKind::DocumentService,
            Self::Organization(..) => EndpointKind::Organization,
        }
    }

    /// What rows have as `organization_id`.
    pub(super) fn organization_column(self) -> i64 {
        match self {
            Self::Enterprise(_) => ENTERPRISE,
            Self::DocumentService(_) => DOCUMENT_SERVICE,
            Self::Organization(_, organization_id) => organization_id,
        }
    }

    /// The endpoint of a row.
    pub(super) fn of_columns(enterprise_id: i64, organization_column: i64) -> Self {
        match organization_column {
            ENTERPRISE => Self::Enterprise(enterprise_id),
            DOCUMENT_SERVICE => Self::DocumentService(enterprise_id),
            organization_id => Self::Organization(enterprise_id, organization_id),
        }
    }
}

impl Key for EndpointId {
    fn pack(self) -> PackedKey {
        (self.enterprise_id(), self.organization_column())
    }

    fn unpack((enterprise_id, organization_column): PackedKey) -> Self {
        Self::of_columns(enterprise_id, organization_column)
    }
}

/// The address of an enterprise's own endpoint, which is not one of an organization; empty for none. The document service has
/// its own, or uses that of the enterprise.
#[must_use]
pub fn address_within(enterprise: &Enterprise, kind: EndpointKind) -> &str {
    match kind {
        EndpointKind::DocumentService if !enterprise.transcode_callback.is_empty() => &enterprise.transcode_callback,
        EndpointKind::Enterprise | EndpointKind::DocumentService => &enterprise.call_back_url,
        EndpointKind::Organization => "",
    }
}

/// Called when the settings of an enterprise change: wakes who delivers to its endpoints.
pub fn enterprise_changed(enterprise_id: i64) {
    CHANGED.notify_at_commit(EndpointId::Enterprise(enterprise_id));
    CHANGED.notify_at_commit(EndpointId::DocumentService(enterprise_id));
}
