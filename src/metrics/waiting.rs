//! What waits in the database. All instances of one database have the same values.

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use crate::clock::Millis;
use crate::store::backlog::{Backlog, Deliveries, Jobs};

/// Adds everything; only that it is missing if the database did not answer.
pub(super) fn register(backlog: Option<&Backlog>, now: Millis, registry: &mut Registry) {
    let answers = ConstGauge::new(i64::from(backlog.is_some()));
    registry.register("lectern_database_up", "Whether the database answered when it was last asked", answers);
    let Some(backlog) = backlog else { return };
    registry.register("lectern_outbox_entries", "Events that are not relayed yet", ConstGauge::new(backlog.outbox));
    registry.register(
        "lectern_outbox_oldest_age_seconds",
        "Age of the oldest event that is not relayed yet",
        ConstGauge::new(age(backlog.outbox_since, now)),
    );
    deliveries(&backlog.deliveries, now, registry);
    jobs(backlog, registry);
}

fn deliveries(found: &Deliveries, now: Millis, registry: &mut Registry) {
    let deliveries = Family::<[(&str, &str); 1], Gauge>::default();
    let states = [("ready", found.ready), ("waiting", found.waiting), ("claimed", found.claimed), ("dead", found.dead)];
    for (state, count) in states {
        deliveries.get_or_create(&[("state", state)]).set(count);
    }
    registry.register("lectern_deliveries", "Deliveries by state, except those that arrived", deliveries);
    registry.register(
        "lectern_deliveries_oldest_due_age_seconds",
        "How long the oldest delivery has been due that may be sent now",
        ConstGauge::new(age(found.due_since, now)),
    );
}

fn jobs(backlog: &Backlog, registry: &mut Registry) {
    let jobs = Family::<[(&str, &str); 2], Gauge>::default();
    let queue = |waiting| Jobs { waiting, running: 0 };
    let kinds = [
        ("document", backlog.documents),
        ("video", backlog.videos),
        ("file_removal", queue(backlog.files)),
        ("group_deletion", queue(backlog.group_deletions)),
        ("hosted_message", queue(backlog.hosted_messages)),
    ];
    for (kind, Jobs { waiting, running }) in kinds {
        jobs.get_or_create(&[("kind", kind), ("state", "waiting")]).set(waiting);
        jobs.get_or_create(&[("kind", kind), ("state", "running")]).set(running);
    }
    registry.register("lectern_jobs", "Background jobs by kind and state", jobs);
}

/// How long something has been so, in seconds.
fn age(since: Option<Millis>, now: Millis) -> f64 {
    let millis = since.map_or(0, |since| now.saturating_sub(since).max(0));
    std::time::Duration::from_millis(millis.unsigned_abs()).as_secs_f64()
}
