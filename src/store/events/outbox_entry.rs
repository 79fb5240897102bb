//! An event to publish, with the endpoints that get it, as the outbox holds it.

use serde::{Deserialize, Serialize};

use super::endpoint::EndpointId;
use super::payload::EventPayload;
use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId, MaybeClassId};
use crate::store::schema::events;
use crate::store::text::Json;

/// An endpoint that an event is delivered to, with its lane.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subscription {
    /// As in `deliveries`; see [`Subscription::endpoint`].
    #[serde(rename = "organization_id")]
    organization_column: i64,
    /// Deliveries of one lane are made in order; empty for no order.
    pub(super) lane: String,
    /// Whether this is the first event published in the lane.
    pub(super) first: bool,
}

impl Subscription {
    /// Creates a subscription without order.
    #[must_use]
    pub fn new(endpoint: EndpointId) -> Self {
        Self { organization_column: endpoint.organization_column(), lane: String::new(), first: false }
    }

    /// Delivers in the order of a lane. `first` says that no event of the lane was published before.
    #[must_use]
    pub fn in_lane(self, lane: String, first: bool) -> Self {
        Self { lane, first, ..self }
    }

    fn without_order(self) -> Self {
        self.in_lane(String::new(), false)
    }

    /// Returns the endpoint. The enterprise comes from the row.
    pub(super) fn endpoint(&self, enterprise_id: EnterpriseId) -> EndpointId {
        EndpointId::of_columns(enterprise_id, self.organization_column)
    }
}

/// An event to publish, with its subscriptions. The relay inserts it into `events`.
#[derive(Debug, Queryable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct OutboxEntry {
    pub(super) enterprise_id: EnterpriseId,
    pub(super) class_id: MaybeClassId,
    pub(super) sequence: i64,
    /// The [`EventPayload`] as JSON. It is serialised once.
    #[diesel(column_name = fact)]
    pub(super) payload: String,
    pub(super) create_time: Millis,
    #[diesel(deserialize_as = Json<Vec<Subscription>>, skip_insertion)]
    pub(super) subscriptions: Vec<Subscription>,
}

impl OutboxEntry {
    /// Creates an entry without subscriptions. `in_class` is the class of the event and its number there, from 1.
    #[must_use]
    pub fn new(
        enterprise_id: EnterpriseId,
        in_class: Option<(ClassId, i64)>,
        payload: &EventPayload,
        create_time: Millis,
    ) -> Self {
        let (class_id, sequence) = in_class.unzip();
        Self {
            enterprise_id,
            class_id: MaybeClassId(class_id),
            sequence: sequence.unwrap_or_default(),
            // Serialisation can't fail: a payload has no maps with non-string keys.
            payload: serde_json::to_string(payload).unwrap_or_default(),
            create_time,
            subscriptions: Vec::new(),
        }
    }

    /// Adds a subscription.
    #[must_use]
    pub fn to(mut self, subscription: Option<Subscription>) -> Self {
        self.subscriptions.extend(subscription);
        self
    }

    /// Removes the order of all subscriptions.
    #[must_use]
    pub fn without_order(mut self) -> Self {
        self.subscriptions = self.subscriptions.into_iter().map(Subscription::without_order).collect();
        self
    }
}

impl From<Json<Vec<Subscription>>> for Vec<Subscription> {
    fn from(stored: Json<Self>) -> Self {
        stored.into_inner()
    }
}
