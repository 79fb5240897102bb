//! Passes the voices and pictures of classes to what takes more of them: recordings, and live pictures.

use super::host::Host;
use super::hosted::HostedClass;
use crate::domain;
use crate::domain::classroom::online_recording::RecordingState;
use crate::domain::classroom::{live, online_recording};
use crate::media::Tap;
use crate::recording::Recorder;

impl Host {
    /// Records a class and shows it live, if that is to be done now.
    pub async fn refresh_outlets(&self, class: &HostedClass) -> domain::Result<()> {
        self.refresh_recording(class).await?;
        self.refresh_live(class).await
    }

    /// Records a class no longer and does not show it, because this instance does not have it any more.
    pub async fn end_outlets(&self, class: &HostedClass) {
        self.end_live(class).await;
        self.end_recording(class).await;
    }

    /// Records a class, if it is to be recorded now.
    async fn refresh_recording(&self, class: &HostedClass) -> domain::Result<()> {
        let Some(recorder) = &self.outlets.recorder else { return Ok(()) };
        let (enterprise_id, class_id) = (class.enterprise_id(), class.class_id);
        let current = self.db.read(move |conn| online_recording::current(conn, enterprise_id, class_id)).await?;
        let wanted =
            current.filter(|recording| recording.state == RecordingState::Running).map(|recording| recording.id);
        let mut own = class.recorded.lock().await;
        if own.as_ref().map(|(id, _)| *id) == wanted {
            return Ok(());
        }
        if let Some((_, before)) = own.take() {
            self.engine.record(class_id, Tap::Recording, None);
            before.close().await;
        }
        let Some(id) = wanted else { return Ok(()) };
        let name = Recorder::new_name();
        let log = name.clone();
        // It may have ended meanwhile.
        if self.db.write(move |conn| online_recording::add_log(conn, enterprise_id, id, &log)).await? {
            let Some(log) = recorder.open(enterprise_id, id, &name) else {
                // It is tried again at the next look, under another name. Nothing comes of this one.
                return self.db.write(move |conn| online_recording::log_stored(conn, enterprise_id, id, &name)).await;
            };
            self.engine.record(class_id, Tap::Recording, Some(log.sink()));
            *own = Some((id, log));
        }
        Ok(())
    }

    /// Records a class no longer, because this instance does not have it any more.
    async fn end_recording(&self, class: &HostedClass) {
        if let Some((_, log)) = class.recorded.lock().await.take() {
            // A class that came back meanwhile has a log of its own, or gets one.
            if self.classes.get(class.class_id).is_none() {
                self.engine.record(class.class_id, Tap::Recording, None);
            }
            log.close().await;
        }
    }

    /// Shows a class live, if it is in progress and there is room for it.
    async fn refresh_live(&self, class: &HostedClass) -> domain::Result<()> {
        let Some(live) = &self.outlets.live else { return Ok(()) };
        let (enterprise_id, class_id) = (class.enterprise_id(), class.class_id);
        let on_air = self.db.read(move |conn| live::on_air(conn, enterprise_id, class_id)).await?;
        let mut shown = class.shown.lock().await;
        if let Some(on_air) = on_air
            && shown.is_none()
        {
            let engine = self.engine.clone();
            // Without room for it, it is tried again at the next look.
            *shown = live.begin(on_air, move |sink| engine.record(class_id, Tap::Live, Some(sink)));
        }
        Ok(())
    }

    /// Shows a class no longer.
    async fn end_live(&self, class: &HostedClass) {
        // A class that came back meanwhile is shown by its own task.
        if class.shown.lock().await.take().is_some() && self.classes.get(class.class_id).is_none() {
            self.engine.record(class.class_id, Tap::Live, None);
        }
    }
}
