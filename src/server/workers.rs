//! The background workers of a service.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use super::migration::Migration;
use crate::conversion;
use crate::conversion::{Conversions, Documents, WorkFolder};
use crate::db;
use crate::integrations::ffmpeg::Ffmpeg;
use crate::integrations::tencent::chat_service::ChatService;
use crate::integrations::tencent::{group_deletion, group_message};
use crate::jobs::{Supervisor, Worker, periodic};
use crate::presence;
use crate::protocol::iclass;
use crate::realtime::Publisher;
use crate::recording;
use crate::recording::Composer;
use crate::service::backups::Backups;
use crate::service::stage;
use crate::service::usage::Usage;
use crate::state::AppState;
use crate::storage;
use crate::webhook::{Deliveries, Retention};

/// Starts all workers. `refused` gets the error that ends the service.
pub(super) fn start(
    app: &Arc<AppState>,
    (deliveries, backups): (Deliveries, Option<Backups>),
    service: ChatService,
    (folder, ffmpeg): (Arc<WorkFolder>, Arc<Ffmpeg>),
    refused: UnboundedSender<db::Error>,
) -> std::io::Result<Supervisor> {
    let keep = Duration::from_secs(app.config.webhooks.keep_days.unsigned_abs() * 86_400);
    let mut workers: Vec<Box<dyn Worker>> = vec![
        Box::new(deliveries),
        periodic(Retention { keep }),
        periodic(Usage { keep_events: keep }),
        // Also when Lectern keeps the groups of new classes: deletions that were scheduled before are still due.
        group_deletion::destroy_groups(service.clone()),
        group_message::send_messages(service, iclass::show_class_notice),
        storage::remove_discarded(app.storage.clone()),
        presence::keep_presence(app.presence.clone()),
        presence::keep_deadlines(),
        presence::end_visitors(),
        Box::new(Publisher::new(app.channel.clone(), Arc::new(iclass::ChannelFormatter { app: app.clone() }))),
    ];
    workers.extend(stage::workers(&app.stage));
    let keep = Duration::from_secs(app.config.recording.keep_days.unsigned_abs() * 86_400);
    workers.extend(recording::of_every_instance(keep));
    if let Some(recorder) = &app.recording {
        workers.extend(recording::of_recorder(recorder, &app.storage));
    }
    if let Some(live) = &app.live {
        workers.extend(recording::of_live(live));
    }
    if !app.db.is_embedded() {
        workers.push(periodic(Migration { refused }));
    }
    workers.extend(backups.map(periodic));
    workers.extend(videos(app, folder.clone(), ffmpeg).map(|videos| Box::new(videos) as Box<dyn Worker>));
    if let Some(conversions) = conversions(app, folder)? {
        workers.push(Box::new(conversions));
    }
    Supervisor::start(&app.db, &app.clock, workers)
}

/// The worker that converts documents. Without a converter there is none, because another instance may have one. An embedded
/// database has no other instance: there the worker runs and fails the jobs instead of leaving them pending.
fn conversions(app: &AppState, folder: Arc<WorkFolder>) -> std::io::Result<Option<Conversions>> {
    if let Some(missing) = app.converter.missing() {
        log::warn!("documents are not converted: {missing}");
        if !app.db.is_embedded() {
            return Ok(None);
        }
    }
    let settings = conversion::Settings {
        workers: app.config.conversion.workers.into(),
        limit: app.config.limits.document_bytes,
        timeout: app.config.conversion.timeout_seconds,
        allow_private: app.config.conversion.allow_private,
    };
    let documents = Documents::new(settings, folder, app.storage.clone(), app.converter.clone())?;
    Ok(Some(Conversions::new(settings.workers, Arc::new(documents))))
}

/// The worker that makes videos of recordings. As with documents, another instance may have what is missing here.
fn videos(app: &AppState, folder: Arc<WorkFolder>, ffmpeg: Arc<Ffmpeg>) -> Option<Conversions> {
    if let Some(missing) = ffmpeg.missing() {
        log::warn!("no videos are made of recordings: {missing}");
        if !app.db.is_embedded() {
            return None;
        }
    }
    let composer = Composer::new(folder, app.storage.clone(), ffmpeg);
    Some(Conversions::new(app.config.recording.workers.into(), Arc::new(composer)))
}
