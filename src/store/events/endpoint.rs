//! Endpoints: the receivers of events, and their addresses.

use super::payload::{EventPayload, Service};
use crate::db::{Key, PackedKey, Topic};
use crate::store::ids::{EnterpriseId, OrganizationId};
use crate::store::tenancy::enterprise::Enterprise;

/// Endpoints that may have new work: a new event, a new address or the end of a pause.
pub const CHANGED: Topic<EndpointId> = Topic::new("endpoints");

/// `organization_id` of a delivery to the enterprise itself.
const ENTERPRISE: i64 = 0;
/// `organization_id` of a delivery to the document service. Ids of organizations are positive.
const DOCUMENT_SERVICE: i64 = -1;

/// A receiver of events.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndpointId {
    /// The back end of this enterprise.
    Enterprise(EnterpriseId),
    /// The document service client of this enterprise. It receives the progress of that service's tasks.
    DocumentService(EnterpriseId),
    /// An organization: the ids of its enterprise and of itself.
    Organization(EnterpriseId, OrganizationId),
}

/// The kind of an endpoint. Each kind uses the format of one protocol.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum EndpointKind {
    /// Kind of [`EndpointId::Enterprise`].
    Enterprise,
    /// Kind of [`EndpointId::DocumentService`].
    DocumentService,
    /// Kind of [`EndpointId::Organization`].
    Organization,
}

impl EndpointId {
    /// Returns the endpoint of an enterprise that receives this event. It is never an organization.
    #[must_use]
    pub fn within_enterprise(enterprise_id: EnterpriseId, payload: &EventPayload) -> Self {
        match payload {
            EventPayload::Transcoded(status) if status.service != Service::Document => {
                Self::DocumentService(enterprise_id)
            }
            _ => Self::Enterprise(enterprise_id),
        }
    }

    /// Returns the enterprise.
    #[must_use]
    pub fn enterprise_id(self) -> EnterpriseId {
        match self {
            Self::Enterprise(enterprise_id)
            | Self::DocumentService(enterprise_id)
            | Self::Organization(enterprise_id, _) => enterprise_id,
        }
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(self) -> EndpointKind {
        match self {
            Self::Enterprise(_) => EndpointKind::Enterprise,
            Self::DocumentService(_) => EndpointKind::DocumentService,
            Self::Organization(..) => EndpointKind::Organization,
        }
    }

    /// Returns the value of the column `organization_id`.
    pub(super) fn organization_column(self) -> i64 {
        match self {
            Self::Enterprise(_) => ENTERPRISE,
            Self::DocumentService(_) => DOCUMENT_SERVICE,
            Self::Organization(_, organization_id) => organization_id.0,
        }
    }

    /// Returns the endpoint of a row.
    pub(super) fn of_columns(enterprise_id: EnterpriseId, organization_column: i64) -> Self {
        match organization_column {
            ENTERPRISE => Self::Enterprise(enterprise_id),
            DOCUMENT_SERVICE => Self::DocumentService(enterprise_id),
            organization_id => Self::Organization(enterprise_id, OrganizationId(organization_id)),
        }
    }
}

impl Key for EndpointId {
    fn pack(self) -> PackedKey {
        (self.enterprise_id().0, self.organization_column())
    }

    fn unpack((enterprise_id, organization_column): PackedKey) -> Self {
        Self::of_columns(EnterpriseId(enterprise_id), organization_column)
    }
}

/// Returns the address of an endpoint of the enterprise itself; empty for none, and for the kind `Organization`. The
/// document service falls back to the address of the enterprise.
#[must_use]
pub fn address_within(enterprise: &Enterprise, kind: EndpointKind) -> &str {
    match kind {
        EndpointKind::DocumentService if !enterprise.transcode_callback.is_empty() => &enterprise.transcode_callback,
        EndpointKind::Enterprise | EndpointKind::DocumentService => &enterprise.call_back_url,
        EndpointKind::Organization => "",
    }
}

/// Wakes the dispatcher for the endpoints of an enterprise. Call it when the settings of the enterprise change.
pub fn enterprise_changed(enterprise_id: EnterpriseId) {
    CHANGED.notify_at_commit(EndpointId::Enterprise(enterprise_id));
    CHANGED.notify_at_commit(EndpointId::DocumentService(enterprise_id));
}
