//! Keeps the claims of a dispatcher: renews their lease, and releases those that are not sent.

use futures_util::future::FutureExt;

use super::{Dispatcher, LEASE, Renewed};
use crate::db::Error;
use crate::jobs::Lease;
use crate::store::events::delivery;
use crate::store::events::delivery::Delivery;
use crate::store::ids::DeliveryId;
use crate::webhook::receiver::Receiver;

impl Dispatcher {
    /// Whether any delivery is claimed, or a claim is in progress.
    pub(super) fn is_holding(&self) -> bool {
        let busy = |receiver: &Receiver| receiver.in_flight > 0 || !receiver.queue.is_empty();
        let settling = self.settling.is_some() || !self.outcomes.is_empty();
        self.claiming.is_some() || settling || self.receivers.values().any(busy)
    }

    /// Renews the lease of all claims, except those that expired after a suspension or an outage of the database.
    pub(super) async fn renew(&mut self) {
        if self.renewing.is_some() || !self.is_holding() {
            return;
        }
        let now = self.clock.now();
        self.release(|delivery| delivery.lease_until <= Some(now)).await;
        let lease = LEASE.extend(&self.token, now);
        let Lease { until, .. } = lease;
        let db = self.db.clone();
        let renewing = async move {
            let result = db.write(move |conn| Ok::<_, Error>(delivery::renew(conn, &lease)?)).await;
            Renewed { now, until, result }
        };
        self.renewing = Some(renewing.boxed());
    }

    pub(super) fn renewed(&mut self, Renewed { now, until, result }: Renewed) {
        self.renewing = None;
        if let Err(e) = result {
            log::error!("claims could not be renewed: {e}");
            return;
        }
        let held = self.receivers.values_mut().flat_map(|receiver| &mut receiver.queue);
        held.filter(|(delivery, _)| delivery.lease_until > Some(now))
            .for_each(|(delivery, _)| delivery.lease_until = Some(until));
    }

    /// Releases claimed deliveries that are not sent yet. Those that another worker holds by now are not affected.
    pub(super) async fn release(&mut self, which: impl Fn(&Delivery) -> bool) {
        let queues = self.receivers.values().flat_map(|receiver| &receiver.queue);
        let unsent: Vec<DeliveryId> =
            queues.filter(|(delivery, _)| which(delivery)).map(|(delivery, _)| delivery.delivery_id).collect();
        if unsent.is_empty() {
            return;
        }
        let token = self.token.clone();
        match self.db.write(move |conn| Ok::<_, Error>(delivery::release(conn, &token, &unsent)?)).await {
            Ok(()) => {
                for receiver in self.receivers.values_mut() {
                    let held = receiver.queue.len();
                    receiver.queue.retain(|(delivery, _)| !which(delivery));
                    receiver.more |= receiver.queue.len() < held;
                }
            }
            Err(e) => log::error!("claims could not be released: {e}"),
        }
    }
}
