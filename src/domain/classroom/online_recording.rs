//! Recording a class: it begins and ends with the class, and becomes a video.
//!
//! A recording runs or pauses while the class goes on. When it is over, what instances wrote is collected, and a conversion
//! makes the video. Each change writes its event in the same transaction.

mod collecting;
mod files;
mod timetable;
mod video;

use super::class::rules;
use super::class_event;
use super::log;
use super::log::{Audience, LogEvent};
use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::domain::content::file::Kind;
use crate::domain::events::event::{EventPayload, Requested};
use crate::domain::tenancy::{secret, settings};
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::Json;
use crate::store::classroom::class::Class;
pub use crate::store::classroom::log::RecordingMark;
use crate::store::classroom::online_recording::NewRecording;
pub use crate::store::classroom::online_recording::{
    OnlineRecording, Part, RecordingState, Span, get, of_class, parts,
};
pub use crate::store::events::payload::NotRecordedReason;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::enterprise::Enterprise;

pub use collecting::{
    OVER, StoredPart, add_log, collecting, is_collected, log_stored, no_more_logs, part_stored, to_compose,
};
pub(in crate::domain) use files::discard_of_classes;
pub use files::discard_outdated;
pub use timetable::{Interval, Timetable};
pub use video::{ComposedVideo, Composition};
pub(in crate::domain) use video::{composed, not_composed};

/// Whether this instance can record a class now, and how many bytes of recordings an enterprise may keep.
pub type Recorder = std::result::Result<i64, NotRecordedReason>;

/// Begins to record a class that begins, and publishes whether it is recorded.
pub(in crate::domain) fn begin(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    recorder: Recorder,
    now: Millis,
) -> Result<()> {
    if let Err(reason) = check(conn, enterprise.enterprise_id, recorder)? {
        return class_event::publish(conn, enterprise, class_id, &EventPayload::NotRecorded { time: now, reason }, now);
    }
    start(conn, enterprise, class_id, Requested::No, now).map(drop)
}

/// Whether an enterprise may record one more class.
fn check(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    recorder: Recorder,
) -> Result<std::result::Result<(), NotRecordedReason>> {
    let Ok(most) = recorder else { return Ok(recorder.map(drop)) };
    let kept = store::content::file::bytes_of(conn, enterprise_id, Kind::Recording)?;
    Ok(if kept < most { Ok(()) } else { Err(NotRecordedReason::Quota) })
}

/// Records a class in progress from now on. Returns its recording, also if it is recorded already.
fn start(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    requested: Requested,
    now: Millis,
) -> Result<OnlineRecording> {
    let enterprise_id = enterprise.enterprise_id;
    if let Some(current) = store::classroom::online_recording::current(conn, enterprise_id, class_id)? {
        return Ok(current);
    }
    let new = NewRecording {
        enterprise_id,
        class_id,
        task_id: secret::letters_and_digits(20),
        product: settings::recordings(conn, enterprise_id)?.product,
        state: RecordingState::Running,
        spans: Json::new(vec![Span { begin: now, end: None }]),
        message: String::new(),
        begin_time: now,
        end_time: None,
        requested,
    };
    let recording = store::classroom::online_recording::insert(conn, &new)?;
    class_event::publish(conn, enterprise, class_id, &EventPayload::RecordingBegan { time: now, requested }, now)?;
    mark(conn, (enterprise_id, class_id), RecordingMark::On, now)?;
    Ok(recording)
}

/// Records a class in progress from now on, on request. Returns its recording, also if it is recorded already.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassNotBegun`], [`Error::ClassEnded`]; [`Error::Invalid`] when it can't be recorded now.
pub fn start_on_request(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    recorder: Recorder,
    now: Millis,
) -> Result<OnlineRecording> {
    let class = rules::lock(conn, enterprise.enterprise_id, class_id)?;
    check_in_progress(&class)?;
    check(conn, enterprise.enterprise_id, recorder)?
        .map_err(|reason| Error::invalid(Field::Recorder, Problem::NotRecorded(reason)))?;
    start(conn, enterprise, class_id, Requested::Online, now)
}

/// Interrupts the recording of a class, or lets it go on. One that is in that state is unchanged.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] when the class is not recorded.
pub fn set_paused(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    is_paused: bool,
    now: Millis,
) -> Result<OnlineRecording> {
    let enterprise_id = enterprise.enterprise_id;
    rules::lock(conn, enterprise_id, class_id)?;
    let mut recording = require_current(conn, enterprise_id, class_id)?;
    let (state, shown) = match (recording.state, is_paused) {
        (RecordingState::Running, true) => (RecordingState::Paused, RecordingMark::Paused),
        (RecordingState::Paused, false) => (RecordingState::Running, RecordingMark::On),
        _ => return Ok(recording),
    };
    let mut spans = recording.spans.to_vec();
    if is_paused {
        close(&mut spans, now);
    } else {
        spans.push(Span { begin: now, end: None });
    }
    recording.state = state;
    recording.spans = Json::new(spans);
    store::classroom::online_recording::update(conn, &recording)?;
    mark(conn, (enterprise_id, class_id), shown, now)?;
    Ok(recording)
}

/// Ends the recording of a class that goes on.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] when the class is not recorded.
pub fn stop_on_request(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    now: Millis,
) -> Result<OnlineRecording> {
    let enterprise_id = enterprise.enterprise_id;
    rules::lock(conn, enterprise_id, class_id)?;
    let recording = require_current(conn, enterprise_id, class_id)?;
    end_one(conn, recording, String::new(), now)
}

/// Ends the recording of a class that ends, if it is recorded. The class is locked.
pub(in crate::domain) fn end(conn: &mut Conn, class: &Class, now: Millis) -> Result<()> {
    let current = store::classroom::online_recording::current(conn, class.enterprise_id, class.class_id)?;
    current.map_or(Ok(()), |recording| end_one(conn, recording, String::new(), now).map(drop))
}

/// Ends a recording that can't go on, for a reason in words. One that is over is unchanged.
///
/// # Errors
/// Only those of the database.
pub fn break_off(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    recording_id: i64,
    message: String,
    now: Millis,
) -> Result<()> {
    let Some(found) = get(conn, enterprise_id, recording_id)? else { return Ok(()) };
    match rules::lock(conn, enterprise_id, found.class_id) {
        Ok(_) => {}
        Err(Error::UnknownClass(_)) => return Ok(()),
        Err(error) => return Err(error),
    }
    match store::classroom::online_recording::lock(conn, enterprise_id, recording_id)? {
        Some(recording) if recording.end_time.is_none() => end_one(conn, recording, message, now).map(drop),
        _ => Ok(()),
    }
}

/// The recording of a class that is not over; `None` if there is none.
///
/// # Errors
/// Only those of the database.
pub fn current(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<OnlineRecording>> {
    Ok(store::classroom::online_recording::current(conn, enterprise_id, class_id)?)
}

/// Whether a class is recorded now, as its members see it.
pub(in crate::domain) fn mark_of(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
) -> Result<RecordingMark> {
    let current = store::classroom::online_recording::current(conn, enterprise_id, class_id)?;
    Ok(current.map_or(RecordingMark::Off, |recording| match recording.state {
        RecordingState::Running => RecordingMark::On,
        _ => RecordingMark::Paused,
    }))
}

/// The recording of a task.
///
/// # Errors
/// [`Error::Invalid`] when there is none.
pub fn require_task(conn: &mut Conn, enterprise_id: EnterpriseId, task_id: &str) -> Result<OnlineRecording> {
    store::classroom::online_recording::of_task(conn, enterprise_id, task_id)?
        .ok_or_else(|| Error::invalid(Field::ConversionTask, Problem::NoTask(task_id.to_owned())))
}

/// Has the video of a recording made again that has none. Any other recording is unchanged.
///
/// # Errors
/// [`Error::Invalid`] when there is no such recording.
pub fn compose_again(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    task_id: &str,
    now: Millis,
) -> Result<OnlineRecording> {
    let found = require_task(conn, enterprise_id, task_id)?;
    let locked = store::classroom::online_recording::lock(conn, enterprise_id, found.id)?;
    let Some(mut recording) = locked.filter(|recording| recording.state == RecordingState::Failed) else {
        return Ok(found);
    };
    recording.state = RecordingState::Collecting;
    recording.requested = Requested::Offline;
    recording.message.clear();
    store::classroom::online_recording::update(conn, &recording)?;
    to_compose(conn, enterprise_id, recording.id, now)?;
    require_task(conn, enterprise_id, task_id)
}

fn end_one(conn: &mut Conn, mut recording: OnlineRecording, message: String, now: Millis) -> Result<OnlineRecording> {
    let mut spans = recording.spans.to_vec();
    close(&mut spans, now);
    recording.spans = Json::new(spans);
    recording.state = RecordingState::Collecting;
    recording.end_time = Some(ended(recording.begin_time, now));
    recording.message = message;
    store::classroom::online_recording::update(conn, &recording)?;
    mark(conn, (recording.enterprise_id, recording.class_id), RecordingMark::Off, now)?;
    OVER.notify_at_commit(());
    Ok(recording)
}

fn close(spans: &mut [Span], now: Millis) {
    if let Some(last) = spans.last_mut().filter(|span| span.end.is_none()) {
        last.end = Some(ended(last.begin, now));
    }
}

fn mark(conn: &mut Conn, class: (EnterpriseId, ClassId), recording: RecordingMark, now: Millis) -> Result<()> {
    log::append(conn, class, &Audience::Everyone, &LogEvent::Recording { recording }, now)?;
    Ok(())
}

fn require_current(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<OnlineRecording> {
    current(conn, enterprise_id, class_id)?
        .ok_or_else(|| Error::invalid(Field::Recorder, Problem::NotRecorded(NotRecordedReason::NotBegun)))
}

fn check_in_progress(class: &Class) -> Result<()> {
    use crate::store::classroom::class::Status;
    match class.class_status {
        Status::Ing => Ok(()),
        Status::Will => Err(Error::ClassNotBegun(class.class_id)),
        Status::End => Err(Error::ClassEnded(class.class_id)),
    }
}
