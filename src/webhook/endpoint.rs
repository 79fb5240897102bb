//! An endpoint with all that a delivery to it needs: its address, its secrets, and the format in which it receives events and
//! acknowledges them.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use url::Url;

use crate::clock::Millis;
use crate::db::{Conn, Error};
use crate::domain::events::event::{Attempt, Delivery, EndpointId, EndpointKind, Event};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::store;
use crate::store::events::endpoint::address_within;

/// An endpoint.
#[derive(Clone)]
pub struct Endpoint {
    /// Which.
    pub id: EndpointId,
    /// Its address; empty for none.
    pub url: String,
    /// The enterprise, or that of the organization.
    pub enterprise: Enterprise,
    /// The format of its events.
    pub formatter: Arc<dyn Formatter>,
}

impl Endpoint {
    /// Reads an endpoint; `None` when it does not exist any more.
    pub(super) fn find(conn: &mut Conn, id: EndpointId, formatter: &Arc<dyn Formatter>) -> Result<Option<Self>, Error> {
        let Some(enterprise) = store::tenancy::enterprise::get(conn, id.enterprise_id())? else { return Ok(None) };
        let url = match id {
            EndpointId::Enterprise(_) | EndpointId::DocumentService(_) => {
                Some(address_within(&enterprise, id.kind()).to_owned())
            }
            EndpointId::Organization(enterprise_id, organization_id) => {
                store::tenancy::organization::find(conn, enterprise_id, organization_id)?
                    .map(|organization| organization.callback_url)
            }
        };
        Ok(url.map(|url| Self { id, url, enterprise, formatter: formatter.clone() }))
    }

    /// Whether deliveries to it may be sent now.
    pub(super) fn is_open(&self) -> bool {
        !self.enterprise.callback_paused && !self.url.is_empty()
    }

    /// The secrets that deliveries to it are signed with now: that of its enterprise and, in its grace, the one before.
    pub(super) fn secrets_at(&self, now: Millis) -> impl Iterator<Item = &str> {
        self.enterprise.webhook_secrets_at(now)
    }
}

/// The format in which a protocol delivers events to endpoints.
pub trait Formatter: Send + Sync + 'static {
    /// The request for an event, signed at this moment.
    ///
    /// # Errors
    /// Why there is none.
    fn compose(&self, to: &Endpoint, event: &Event, now: Millis) -> Result<Message, String>;

    /// Whether the body of an answer with HTTP 2xx acknowledges the event.
    ///
    /// # Errors
    /// Why not.
    fn acknowledged(&self, answer: &[u8]) -> Result<(), String>;

    /// A delivery, as operators see it in a list.
    fn show(&self, delivery: Delivery, event: &Event) -> Value;

    /// A delivery with its attempts, as operators see it.
    fn show_with_attempts(&self, delivery: Delivery, event: &Event, attempts: Vec<Attempt>) -> Value;
}

/// A request that delivers an event.
#[derive(Clone, Debug)]
pub struct Message {
    /// Where to, with what the protocol puts into the query.
    pub url: Url,
    /// JSON.
    pub body: String,
    /// Its signature. It is not kept where an answer repeats what was sent.
    pub sign: String,
}

/// The formatter for each kind of endpoint. Clones share them.
#[derive(Clone, Default)]
pub struct Formatters(Arc<HashMap<EndpointKind, Arc<dyn Formatter>>>);

impl Formatters {
    /// The formatter for a kind. Deliveries to a kind that has none wait.
    #[must_use]
    pub fn get(&self, kind: EndpointKind) -> Option<&Arc<dyn Formatter>> {
        self.0.get(&kind)
    }
}

impl FromIterator<(EndpointKind, Arc<dyn Formatter>)> for Formatters {
    fn from_iter<I: IntoIterator<Item = (EndpointKind, Arc<dyn Formatter>)>>(formatters: I) -> Self {
        Self(Arc::new(formatters.into_iter().collect()))
    }
}
