//! The dispatcher loop: relay and claim, send, settle. Sending continues while a claim and a settlement are in progress.

mod claims;
mod looking;

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, FutureExt, OptionFuture};
use futures_util::stream::FuturesUnordered;

use super::attempt::Sender;
use super::claim;
use super::claim::Claim;
use super::endpoint::Formatters;
use super::meter::DeliveryMeter;
use super::receiver::Receiver;
use super::settings::Settings;
use crate::clock::{Clock, Millis};
use crate::db::{Db, Error};
use crate::http::outgoing::Outgoing;
use crate::jobs::{Context, LeaseTerm, Stop};
use crate::store::events::delivery;
use crate::store::events::delivery::Outcome;
use crate::store::events::endpoint::{CHANGED, EndpointId};
use crate::store::events::outbox::Relayed;

/// The lease of all claims of a dispatcher. Another dispatcher takes over the claims of a dead one within this length and one
/// [`LOOK_EVERY`].
const LEASE: LeaseTerm = LeaseTerm { length: 1_400, renew_every: Duration::from_millis(400) };
/// How often to look for work of other processes. Commits of this process notify.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long to wait after a failure of the database.
const PAUSE: Duration = Duration::from_millis(500);
/// How long to delay the next claim or settlement, for each delivery of the last one. The delay is short when there are few
/// deliveries; when there are many, they share the cost of a transaction.
const PACE: Duration = Duration::from_micros(250);
/// The longest delay of a claim or settlement.
const LONGEST_PACE: Duration = Duration::from_millis(25);
/// How long exchanges in flight may take when the service stops.
pub(super) const DRAIN: Duration = Duration::from_secs(5);
/// How many endpoints one transaction claims deliveries for.
const ENDPOINTS_AT_ONCE: usize = 64;
/// The number of exchanges in flight above which each endpoint gets one at a time.
pub(super) const EXCHANGES: usize = 1_024;

pub(super) struct Dispatcher {
    db: Db,
    clock: Clock,
    stop: Stop,
    settings: Settings,
    formatters: Formatters,
    sender: Sender,
    meter: DeliveryMeter,
    /// The token of the lease of all claims.
    token: String,
    receivers: HashMap<EndpointId, Receiver>,
    /// Whether the outbox may have entries to relay.
    unrelayed: bool,
    sending: FuturesUnordered<BoxFuture<'static, Outcome>>,
    claiming: Option<BoxFuture<'static, Claims>>,
    settling: Option<BoxFuture<'static, Result<usize, Error>>>,
    /// The outcomes that are being settled.
    in_settlement: Arc<Vec<Outcome>>,
    renewing: Option<BoxFuture<'static, Renewed>>,
    /// The outcomes that are not settled yet.
    outcomes: Vec<Outcome>,
    /// When the next claim may begin.
    claim_from: tokio::time::Instant,
    /// When the next settlement may begin.
    settle_from: tokio::time::Instant,
    /// Whether the database failed, so that deliveries may be claimed under our token without our knowledge.
    in_doubt: bool,
}

/// The result of a renewal of all claims.
struct Renewed {
    now: Millis,
    until: Millis,
    result: Result<(), Error>,
}

/// The result of a relay and claims.
type Claims = Result<(Relayed, Vec<Claim>), Error>;

impl Dispatcher {
    pub(super) fn new(
        context: Context,
        settings: Settings,
        formatters: Formatters,
        outgoing: Outgoing,
        meter: DeliveryMeter,
    ) -> Self {
        let Context { db, clock, stop } = context;
        let sender = Sender {
            outgoing,
            clock: clock.clone(),
            retries: settings.retries,
            retry_after: Millis::try_from(settings.retry_after.as_millis()).unwrap_or(Millis::MAX),
        };
        Self {
            token: LEASE.begin(clock.now()).token,
            db,
            clock,
            stop,
            settings,
            formatters,
            sender,
            meter,
            receivers: HashMap::new(),
            unrelayed: false,
            sending: FuturesUnordered::new(),
            claiming: None,
            settling: None,
            in_settlement: Arc::default(),
            renewing: None,
            outcomes: Vec::new(),
            claim_from: tokio::time::Instant::now(),
            settle_from: tokio::time::Instant::now(),
            in_doubt: false,
        }
    }

    /// Delivers until the stop is requested.
    pub(super) async fn run(mut self) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        let mut renew = tokio::time::interval(LEASE.renew_every);
        let stop = self.stop.clone();
        // Created once, because the loop runs for each exchange.
        let mut stopped = pin!(stop.requested());
        let changed = self.db.notifier(&CHANGED);
        // An embedded database has no other worker, so all existing claims are those of a dead one.
        self.release_expired(self.db.is_embedded()).await;
        loop {
            self.start_work();
            let next_due = self.receivers.values().filter_map(|receiver| receiver.next_due).min();
            let held_back = self.held_back();
            let pace = OptionFuture::from(held_back.map(tokio::time::sleep_until));
            tokio::select! {
                biased;
                () = &mut stopped => break,
                Some(sent) = self.sending.next() => {
                    self.sent(sent);
                    // Handle all exchanges that ended meanwhile before new work starts.
                    while let Some(Some(sent)) = self.sending.next().now_or_never() {
                        self.sent(sent);
                    }
                    // Yield, so that the HTTP client can return the connections to its pool. Otherwise the next exchanges
                    // would open new ones.
                    tokio::task::yield_now().await;
                }
                Some(settled) = OptionFuture::from(self.settling.as_mut()) => self.settled(settled).await,
                Some(claims) = OptionFuture::from(self.claiming.as_mut()) => self.claimed(claims).await,
                endpoints = changed.wait() => {
                    self.unrelayed = true;
                    for endpoint in endpoints {
                        self.receivers.entry(endpoint).or_default().notify();
                    }
                }
                Some(renewed) = OptionFuture::from(self.renewing.as_mut()) => self.renewed(renewed),
                _ = renew.tick() => self.renew().await,
                _ = look.tick() => self.look().await,
                Some(()) = pace => {}
                () = self.clock.sleep_until(next_due) => {}
            }
            let now = self.clock.now();
            self.receivers.values_mut().for_each(|receiver| receiver.wake(now));
            self.receivers.retain(|_, receiver| !receiver.is_idle());
        }
        self.drain().await;
    }

    /// Starts all possible work: sends claimed deliveries, settles outcomes, and claims more deliveries.
    fn start_work(&mut self) {
        let (connections, now) = (self.settings.connections, self.clock.now());
        for receiver in self.receivers.values_mut() {
            loop {
                // Each endpoint may have one exchange, however many others hang.
                let share = if self.sending.len() < EXCHANGES { connections } else { 1 };
                let Some((endpoint, delivery, event)) = receiver.next(share, now) else { break };
                self.sending.push(self.sender.clone().attempt(endpoint, delivery, event).boxed());
            }
        }
        self.meter.in_flight.set(i64::try_from(self.sending.len()).unwrap_or(i64::MAX));
        let now = tokio::time::Instant::now();
        if self.settling.is_none() && !self.outcomes.is_empty() && now >= self.settle_from {
            self.settle_from = now + pace(self.outcomes.len());
            self.settling = Some(self.settle());
        }
        if self.claiming.is_none() && now >= self.claim_from {
            self.claiming = self.claim();
        }
    }

    /// When work that the pace delays may begin.
    fn held_back(&self) -> Option<tokio::time::Instant> {
        let settle = (self.settling.is_none() && !self.outcomes.is_empty()).then_some(self.settle_from);
        let wanted = self.unrelayed || self.receivers.values().any(|receiver| receiver.more || receiver.stale);
        let claim = (self.claiming.is_none() && wanted).then_some(self.claim_from);
        let next = settle.into_iter().chain(claim).min()?;
        (next > tokio::time::Instant::now()).then_some(next)
    }

    /// Relays the outbox, and claims deliveries for the endpoints with room.
    fn claim(&mut self) -> Option<BoxFuture<'static, Claims>> {
        let connections = self.settings.connections;
        let wanted = self
            .receivers
            .iter_mut()
            .filter_map(|(endpoint, receiver)| Some((*endpoint, receiver.begin_claim(connections)?)));
        let wanted: Vec<(EndpointId, usize)> = wanted.take(ENDPOINTS_AT_ONCE).collect();
        if wanted.is_empty() && !self.unrelayed {
            return None;
        }
        self.unrelayed = false;
        let now = self.clock.now();
        let lease = LEASE.extend(&self.token, now);
        let (db, formatters) = (self.db.clone(), self.formatters.clone());
        let claim =
            async move { db.write_patiently(move |conn| claim::claim(conn, wanted, &formatters, &lease, now)).await };
        Some(claim.boxed())
    }

    async fn claimed(&mut self, claims: Claims) {
        self.claiming = None;
        match claims {
            Ok((relayed, claims)) => {
                self.unrelayed |= relayed.more;
                // The relay may have created deliveries for endpoints that were not part of this claim.
                for endpoint in relayed.endpoints.iter().filter(|id| claims.iter().all(|claim| claim.id != **id)) {
                    self.receivers.entry(*endpoint).or_default().more = true;
                }
                // An endpoint that filled its room must wait for room anyway, so it does not count for the pace.
                let trickling: usize = claims.iter().filter(|claim| !claim.more).map(|claim| claim.claimed.len()).sum();
                self.claim_from = tokio::time::Instant::now() + pace(trickling);
                for Claim { id, endpoint, gone, claimed, more, next_due } in claims {
                    let receiver = self.receivers.entry(id).or_default();
                    if gone {
                        receiver.queue.clear();
                    }
                    receiver.set(endpoint);
                    receiver.queue.extend(claimed);
                    receiver.more |= more;
                    receiver.expect(next_due);
                }
            }
            Err(e) => {
                // The next look finds the deliveries again.
                self.in_doubt = true;
                log::error!("deliveries could not be claimed: {e}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    fn sent(&mut self, outcome: Outcome) {
        self.meter.count(&outcome);
        self.meter.in_flight.set(i64::try_from(self.sending.len()).unwrap_or(i64::MAX));
        let receiver = self.receivers.entry(outcome.endpoint).or_default();
        receiver.ended(&outcome);
        receiver.expect(outcome.retry_at);
        self.outcomes.push(outcome);
    }

    fn settle(&mut self) -> BoxFuture<'static, Result<usize, Error>> {
        self.in_settlement = Arc::new(std::mem::take(&mut self.outcomes));
        let (db, token, now) = (self.db.clone(), self.token.clone(), self.clock.now());
        let outcomes = self.in_settlement.clone();
        async move {
            db.write_patiently(move |conn| Ok::<_, Error>(delivery::settle(conn, &token, &outcomes, now)?)).await
        }
        .boxed()
    }

    async fn settled(&mut self, result: Result<usize, Error>) {
        self.settling = None;
        let outcomes = std::mem::take(&mut self.in_settlement);
        match result {
            Ok(held) => {
                if held < outcomes.len() {
                    log::warn!("{} deliveries were taken over by another worker", outcomes.len() - held);
                }
            }
            Err(e) => {
                log::error!("{} outcomes could not be settled, trying again: {e}", outcomes.len());
                self.outcomes.extend(outcomes.iter().cloned());
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Waits for the exchanges in flight, settles them, and releases the deliveries that are not sent. Exchanges that do not end in
    /// time stay claimed, because another instance would send them a second time.
    async fn drain(mut self) {
        if let Some(claiming) = self.claiming.take() {
            self.claimed(claiming.await).await;
        }
        self.release(|_| true).await;
        let mut renew = tokio::time::interval(LEASE.renew_every);
        let end = tokio::time::sleep(DRAIN);
        tokio::pin!(end);
        loop {
            if self.settling.is_none() && !self.outcomes.is_empty() {
                self.settling = Some(self.settle());
            }
            if self.sending.is_empty() && self.settling.is_none() {
                return;
            }
            tokio::select! {
                biased;
                () = &mut end => break,
                Some(sent) = self.sending.next() => self.sent(sent),
                Some(settled) = OptionFuture::from(self.settling.as_mut()) => self.settled(settled).await,
                Some(renewed) = OptionFuture::from(self.renewing.as_mut()) => self.renewed(renewed),
                _ = renew.tick() => self.renew().await,
            }
        }
        if let Some(settling) = self.settling.take() {
            self.settled(settling.await).await;
        }
        if !self.outcomes.is_empty()
            && let Err(e) = self.settle().await
        {
            log::error!("the last deliveries could not be settled and will be sent again: {e}");
        }
    }
}

/// How long to delay the next transaction after one about this many deliveries.
fn pace(deliveries: usize) -> Duration {
    u32::try_from(deliveries).map_or(LONGEST_PACE, |count| PACE.saturating_mul(count)).min(LONGEST_PACE)
}
