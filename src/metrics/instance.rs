//! What this instance has and does.

use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use crate::build;
use crate::db::Db;
use crate::media::MediaUsage;
use crate::state::AppState;

/// Adds everything.
pub(super) fn register(app: &AppState, started: f64, registry: &mut Registry) {
    let build = Family::<[(&str, &str); 2], Gauge>::default();
    build.get_or_create(&[("version", build::VERSION), ("commit", build::COMMIT.unwrap_or(""))]).set(1);
    registry.register("lectern_build_info", "The version of the program and the commit that it was built from", build);
    let started = ConstGauge::new(started);
    registry.register("process_start_time_seconds", "When the process started, in seconds since the epoch", started);
    database(&app.db, registry);
    classes(app, registry);
}

fn database(db: &Db, registry: &mut Registry) {
    let meter = db.meter();
    if db.is_embedded() {
        registry.register(
            "lectern_database_writes_waiting",
            "Writes that wait for the one writer of SQLite",
            meter.writes_waiting.clone(),
        );
        registry.register("lectern_database_writes", "Writes that the one writer of SQLite did", meter.writes.clone());
        registry.register(
            "lectern_database_write_batches",
            "Transactions in which the one writer of SQLite did them",
            meter.batches.clone(),
        );
    }
    if let Some(bytes) = db.write_ahead_bytes() {
        registry.register(
            "lectern_database_wal_bytes",
            "Size of the write-ahead log of SQLite",
            ConstGauge::new(signed(bytes)),
        );
    }
    let (connections, open) = (Family::<[(&str, &str); 1], Gauge>::default(), db.connections());
    connections.get_or_create(&[("state", "in_use")]).set(open.in_use.into());
    connections.get_or_create(&[("state", "idle")]).set(open.idle.into());
    registry.register("lectern_database_connections", "Open connections of the pool", connections);
    registry.register(
        "lectern_database_connections_waiting",
        "Transactions that wait for a connection of the pool",
        meter.connections_waiting.clone(),
    );
    registry.register(
        "lectern_database_busy",
        "Transactions that were refused after waiting too long for a connection or a locked file",
        meter.busy.clone(),
    );
}

fn classes(app: &AppState, registry: &mut Registry) {
    let sessions = ConstGauge::new(length(app.presence.sessions()));
    registry.register("lectern_presence_sessions", "Sessions that send heartbeats to this instance", sessions);
    let connections = ConstGauge::new(length(app.channel.connections()));
    registry.register("lectern_channel_connections", "Components that are connected by the channel", connections);
    let classes = ConstGauge::new(length(app.channel.classes()));
    registry.register("lectern_channel_classes", "Classes that are followed at this instance", classes);
    registry.register(
        "lectern_channel_updates_sent",
        "Updates that were sent over the channel",
        app.channel.updates_sent.clone(),
    );
    let MediaUsage { rooms, sessions, packets } = app.stage.usage().unwrap_or_default();
    registry.register("lectern_media_rooms", "Classes on this media server", ConstGauge::new(signed(rooms)));
    registry.register(
        "lectern_media_sessions",
        "Media sessions of this media server",
        ConstGauge::new(signed(sessions)),
    );
    registry.register("lectern_media_packets_sent", "Packets that this media server sent", counter(packets));
    let logs = app.recording.as_ref().map_or(0, |recorder| recorder.open_logs());
    registry.register(
        "lectern_recordings_running",
        "Recordings that this instance writes",
        ConstGauge::new(length(logs)),
    );
}

fn counter(total: u64) -> ConstCounter<u64> {
    ConstCounter::new(total)
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
