//! Endpoints: the receivers of events, and their addresses.

use super::payload::{EventPayload, Requested, Service};
use crate::db::{Key, PackedKey, Topic};
use crate::store::ids::{EnterpriseId, OrganizationId};
use crate::store::tenancy::enterprise::Enterprise;

/// Endpoints that may have new work: a new event, a new address or the end of a pause.
pub const CHANGED: Topic<EndpointId> = Topic::new("endpoints");

/// `organization_id` of a delivery to the enterprise itself.
const ENTERPRISE: i64 = 0;
/// `organization_id` of a delivery to the document service. Ids of organizations are positive.
const DOCUMENT_SERVICE: i64 = -1;
/// `organization_id` of a delivery about a recording that was requested while the class went on.
const ONLINE_RECORDINGS: i64 = -2;
/// `organization_id` of a delivery about a video that was requested after the class.
const OFFLINE_RECORDINGS: i64 = -3;

/// A receiver of events.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndpointId {
    /// The back end of this enterprise.
    Enterprise(EnterpriseId),
    /// The document service client of this enterprise. It receives the progress of that service's tasks.
    DocumentService(EnterpriseId),
    /// The client of this enterprise's recording service. It receives the events of recordings that it requested while the class
    /// went on.
    OnlineRecordings(EnterpriseId),
    /// The same for videos that it requested after the class.
    OfflineRecordings(EnterpriseId),
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
    /// Kind of [`EndpointId::OnlineRecordings`].
    OnlineRecordings,
    /// Kind of [`EndpointId::OfflineRecordings`].
    OfflineRecordings,
    /// Kind of [`EndpointId::Organization`].
    Organization,
}

impl EndpointId {
    /// Returns the endpoint of an enterprise that receives this event. It is never an organization.
    #[must_use]
    pub fn within_enterprise(enterprise: &Enterprise, payload: &EventPayload) -> Self {
        let enterprise_id = enterprise.enterprise_id;
        match payload {
            EventPayload::Transcoded(status) if status.service != Service::Document => {
                Self::DocumentService(enterprise_id)
            }
            EventPayload::RecordingBegan { requested, .. }
            | EventPayload::Recorded { requested, .. }
            | EventPayload::RecordingFailed { requested, .. } => match requested {
                // Without an address of its own, it is in the order of the events of its class.
                Requested::Online if !enterprise.online_callback.is_empty() => Self::OnlineRecordings(enterprise_id),
                Requested::Offline if !enterprise.offline_callback.is_empty() => Self::OfflineRecordings(enterprise_id),
                _ => Self::Enterprise(enterprise_id),
            },
            _ => Self::Enterprise(enterprise_id),
        }
    }

    /// Returns the enterprise.
    #[must_use]
    pub fn enterprise_id(self) -> EnterpriseId {
        match self {
            Self::Enterprise(enterprise_id)
            | Self::DocumentService(enterprise_id)
            | Self::OnlineRecordings(enterprise_id)
            | Self::OfflineRecordings(enterprise_id)
            | Self::Organization(enterprise_id, _) => enterprise_id,
        }
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(self) -> EndpointKind {
        match self {
            Self::Enterprise(_) => EndpointKind::Enterprise,
            Self::DocumentService(_) => EndpointKind::DocumentService,
            Self::OnlineRecordings(_) => EndpointKind::OnlineRecordings,
            Self::OfflineRecordings(_) => EndpointKind::OfflineRecordings,
            Self::Organization(..) => EndpointKind::Organization,
        }
    }

    /// Returns the value of the column `organization_id`.
    pub(super) fn organization_column(self) -> i64 {
        match self {
            Self::Enterprise(_) => ENTERPRISE,
            Self::DocumentService(_) => DOCUMENT_SERVICE,
            Self::OnlineRecordings(_) => ONLINE_RECORDINGS,
            Self::OfflineRecordings(_) => OFFLINE_RECORDINGS,
            Self::Organization(_, organization_id) => organization_id.0,
        }
    }

    /// Returns the endpoint of a row.
    pub(super) fn of_columns(enterprise_id: EnterpriseId, organization_column: i64) -> Self {
        match organization_column {
            ENTERPRISE => Self::Enterprise(enterprise_id),
            DOCUMENT_SERVICE => Self::DocumentService(enterprise_id),
            ONLINE_RECORDINGS => Self::OnlineRecordings(enterprise_id),
            OFFLINE_RECORDINGS => Self::OfflineRecordings(enterprise_id),
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
/// services fall back to the address of the enterprise.
#[must_use]
pub fn address_within(enterprise: &Enterprise, kind: EndpointKind) -> &str {
    match kind {
        EndpointKind::DocumentService if !enterprise.transcode_callback.is_empty() => &enterprise.transcode_callback,
        EndpointKind::OnlineRecordings if !enterprise.online_callback.is_empty() => &enterprise.online_callback,
        EndpointKind::OfflineRecordings if !enterprise.offline_callback.is_empty() => &enterprise.offline_callback,
        EndpointKind::Enterprise
        | EndpointKind::DocumentService
        | EndpointKind::OnlineRecordings
        | EndpointKind::OfflineRecordings => &enterprise.call_back_url,
        EndpointKind::Organization => "",
    }
}

/// Wakes the dispatcher for the endpoints of an enterprise. Call it when the settings of the enterprise change.
pub fn enterprise_changed(enterprise_id: EnterpriseId) {
    CHANGED.notify_at_commit(EndpointId::Enterprise(enterprise_id));
    CHANGED.notify_at_commit(EndpointId::DocumentService(enterprise_id));
    CHANGED.notify_at_commit(EndpointId::OnlineRecordings(enterprise_id));
    CHANGED.notify_at_commit(EndpointId::OfflineRecordings(enterprise_id));
}
