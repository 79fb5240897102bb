//! Looks for work that nobody notified of: deliveries of other processes, claims of dead ones, and a clock that was set back.

use super::{Dispatcher, LEASE};
use crate::clock::Millis;
use crate::db::{Conn, Error};
use crate::store::events::delivery;
use crate::store::events::endpoint::EndpointId;
use crate::store::events::outbox;

impl Dispatcher {
    /// Looks for deliveries of other processes, and takes over the claims of dead ones.
    pub(super) async fn look(&mut self) {
        if self.in_doubt && !self.is_holding() {
            // With a new token, claims under the old one expire like those of a dead worker.
            self.token = LEASE.begin(self.clock.now()).token;
            self.in_doubt = false;
            self.release_expired(self.db.is_embedded()).await;
        } else if !self.db.is_embedded() {
            self.release_expired(false).await;
        }
        let found = |conn: &mut Conn| Ok::<_, Error>((outbox::is_empty(conn)?, delivery::endpoints(conn)?));
        match self.db.read(found).await {
            Ok((is_relayed, found)) => {
                self.unrelayed |= !is_relayed;
                for (endpoint, due) in found {
                    let due = self.pull_forward(endpoint, due).await;
                    self.receivers.entry(endpoint).or_default().expect(Some(due));
                }
                // Another process may have changed the settings of the endpoints.
                self.receivers.values_mut().for_each(|receiver| receiver.stale = true);
            }
            Err(e) => log::error!("due deliveries could not be read: {e}"),
        }
    }

    /// Returns when the first delivery to an endpoint is due. If this is later than a retry can be, the clock has been set back
    /// since, and what waits for that time is due now.
    async fn pull_forward(&mut self, endpoint: EndpointId, due: Millis) -> Millis {
        let now = self.clock.now();
        let latest = now.saturating_add(self.sender.retry_after);
        if due <= latest {
            return due;
        }
        let pull = move |conn: &mut Conn| Ok::<_, Error>(delivery::pull_forward(conn, endpoint, latest, now)?);
        match self.db.write(pull).await {
            Ok(()) => now,
            Err(e) => {
                log::error!("deliveries could not be made due after the clock was set back: {e}");
                due
            }
        }
    }

    pub(super) async fn release_expired(&mut self, everything: bool) {
        let (token, now) = (self.token.clone(), self.clock.now());
        match self.db.write(move |conn| Ok::<_, Error>(delivery::release_expired(conn, &token, now, everything)?)).await
        {
            Ok(0) => {}
            Ok(freed) => log::info!("took over {freed} deliveries of a dead worker"),
            Err(e) => log::error!("claims of dead workers could not be released: {e}"),
        }
    }
}
