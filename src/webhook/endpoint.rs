//! An endpoint with everything that a delivery needs: the address, the secrets, and the format of requests and acknowledgements.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use url::Url;

use crate::clock::Millis;
use crate::db::{Conn, Error};
use crate::domain::events::event::{Attempt, Delivery, EndpointId, EndpointKind, Event};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::webhook_secret::{Receiver, WebhookSecret};
use crate::store;
use crate::store::events::endpoint::address_within;

/// An endpoint.
#[derive(Clone)]
pub struct Endpoint {
    /// The id.
    pub id: EndpointId,
    /// The address; empty for none.
    pub url: String,
    /// The enterprise that it belongs to.
    pub enterprise: Enterprise,
    /// The key that signs callbacks of the enterprise in place of its `tic_key`, if it has one.
    pub callback_key: Option<String>,
    /// The secrets of the endpoint; `None` if they are those of the enterprise.
    secret: Option<WebhookSecret>,
    /// Formats its events.
    pub formatter: Arc<dyn Formatter>,
}

impl Endpoint {
    /// Reads an endpoint; `None` if it was removed.
    pub(super) fn find(conn: &mut Conn, id: EndpointId, formatter: &Arc<dyn Formatter>) -> Result<Option<Self>, Error> {
        let Some(enterprise) = store::tenancy::enterprise::get(conn, id.enterprise_id())? else { return Ok(None) };
        let (url, receiver) = match id {
            EndpointId::Enterprise(_) | EndpointId::OnlineRecordings(_) | EndpointId::OfflineRecordings(_) => {
                (address_within(&enterprise, id.kind()).to_owned(), None)
            }
            EndpointId::DocumentService(_) => {
                // Without an address of its own, its receiver is that of the enterprise, which knows one secret.
                let own = (!enterprise.transcode_callback.is_empty()).then_some(Receiver::DocumentService);
                (address_within(&enterprise, id.kind()).to_owned(), own)
            }
            EndpointId::Organization(enterprise_id, organization_id) => {
                let found = store::tenancy::organization::find(conn, enterprise_id, organization_id)?;
                let Some(organization) = found else { return Ok(None) };
                (organization.callback_url, Some(Receiver::Organization(organization_id)))
            }
        };
        let secret = match receiver {
            Some(receiver) => store::tenancy::webhook_secret::find(conn, id.enterprise_id(), receiver)?,
            None => None,
        };
        let callback_key = store::tenancy::callback_key::find(conn, id.enterprise_id())?;
        Ok(Some(Self { id, url, enterprise, callback_key, secret, formatter: formatter.clone() }))
    }

    /// Whether deliveries may be sent to it now.
    pub(super) fn is_open(&self) -> bool {
        !self.enterprise.callback_paused && !self.url.is_empty()
    }

    /// The secrets that sign deliveries at this time: the current one and, within its grace period, the previous one.
    pub(super) fn secrets_at(&self, now: Millis) -> impl Iterator<Item = &str> {
        let of_enterprise = self.secret.is_none().then(|| self.enterprise.webhook_secrets_at(now));
        let own = self.secret.as_ref().map(|secret| secret.secrets_at(now));
        of_enterprise.into_iter().flatten().chain(own.into_iter().flatten())
    }
}

/// The format in which a protocol delivers events to endpoints.
pub trait Formatter: Send + Sync + 'static {
    /// Composes the request for an event, signed at `now`.
    ///
    /// # Errors
    /// Why it can't be composed.
    fn compose(&self, to: &Endpoint, event: &Event, now: Millis) -> Result<Message, String>;

    /// Checks that the body of an answer with HTTP 2xx acknowledges the event.
    ///
    /// # Errors
    /// Why it does not.
    fn acknowledged(&self, answer: &[u8]) -> Result<(), String>;

    /// A delivery in a list for operators.
    fn show(&self, delivery: Delivery, event: &Event) -> Value;

    /// A delivery with its attempts, for operators.
    fn show_with_attempts(&self, delivery: Delivery, event: &Event, attempts: Vec<Attempt>) -> Value;
}

/// A request that delivers an event.
#[derive(Clone, Debug)]
pub struct Message {
    /// The address, with the query that the protocol adds.
    pub url: Url,
    /// The body, in JSON.
    pub body: String,
    /// The signature in the request; empty for none. It is masked in a stored answer that repeats the request.
    pub sign: String,
}

/// The formatter for each kind of endpoint. Clones share them.
#[derive(Clone, Default)]
pub struct Formatters(Arc<HashMap<EndpointKind, Arc<dyn Formatter>>>);

impl Formatters {
    /// The formatter for a kind. Deliveries to a kind without a formatter wait.
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
