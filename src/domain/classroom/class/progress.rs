//! Starting a class, and writing the status and the event when a class starts or ends.

use super::rules::{check_host, lock};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::log;
use crate::domain::classroom::member;
use crate::domain::classroom::notice;
use crate::domain::classroom::notice::Notice;
use crate::domain::classroom::online_recording;
use crate::domain::classroom::online_recording::Recorder;
use crate::domain::events::event;
use crate::domain::events::event::EventPayload;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::classroom::class::{Class, RecordType, Status};
use crate::store::ids::ClassId;
use crate::store::tenancy::enterprise::Enterprise;

/// Starts a class on request of a moderator in it, and records it if that was booked. A class in progress is unchanged.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Forbidden`] when `by` is neither a moderator of the class
/// nor an administrator.
pub fn start_as_component(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    by: &str,
    recorder: Recorder,
    now: Millis,
) -> Result<()> {
    let class = lock(conn, enterprise.enterprise_id, class_id)?;
    member::check_moderator(conn, &class, by)?;
    begin(conn, enterprise, class, (Via::Component, recorder), now)
}

/// The channel through which a class is started or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A signed call of the enterprise's back end. The enterprise knows of it without an event.
    Api,
    /// A component in a classroom. The enterprise learns of it by an event.
    Component,
}

impl Via {
    /// An actor with this user id; a signed call need not name a user.
    #[must_use]
    pub fn by(self, user_id: Option<&str>) -> Actor<'_> {
        Actor { user_id, via: self }
    }
}

/// Who starts or ends a class, and through which channel.
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    pub(super) user_id: Option<&'a str>,
    pub(super) via: Via,
}

/// Starts a class, and records it if that was booked. A class in progress is unchanged.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Forbidden`] when the actor is neither teacher nor assistant.
pub fn start(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    actor: Actor<'_>,
    recorder: Recorder,
    now: Millis,
) -> Result<()> {
    let class = lock(conn, enterprise.enterprise_id, class_id)?;
    check_host(&class, actor.user_id)?;
    begin(conn, enterprise, class, (actor.via, recorder), now)
}

fn begin(
    conn: &mut Conn,
    enterprise: &Enterprise,
    mut class: Class,
    (via, recorder): (Via, Recorder),
    now: Millis,
) -> Result<()> {
    let class_id = class.class_id;
    match class.class_status {
        Status::Ing => Ok(()),
        Status::End => Err(Error::ClassEnded(class_id)),
        Status::Will => {
            class.class_status = Status::Ing;
            class.real_start_time = now;
            let sequence = notice::send(conn, &class, &Notice::ClassBegan, now)?;
            if sequence > 0 {
                store::classroom::room::note_begin(conn, class.enterprise_id, class_id, sequence)?;
            }
            let course_id = class.course_id;
            change(conn, enterprise, &mut class, (via, &EventPayload::ClassBegan { time: now, course_id }), now)?;
            if class.settings.record_types.contains(&RecordType::Remote) {
                online_recording::begin(conn, enterprise, class_id, recorder, now)?;
            }
            Ok(())
        }
    }
}

/// Writes a class that starts or ends, and publishes the event if an endpoint subscribes to it.
pub(super) fn change(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class: &mut Class,
    (via, payload): (Via, &EventPayload),
    now: Millis,
) -> Result<()> {
    if via == Via::Api && !enterprise.callback_on_api {
        store::classroom::class::advance(conn, class)?;
        return log::class(conn, class, now);
    }
    class.last_sequence += 1;
    store::classroom::class::advance(conn, class)?;
    log::class(conn, class, now)?;
    // Organizations get no event for a lesson that never began.
    let organization = match class.course_id.filter(|_| class.real_start_time > 0) {
        Some(course_id) => event::organization_of_course(conn, enterprise.enterprise_id, course_id)?,
        None => None,
    };
    let event = event::of_class(enterprise, class.class_id, class.last_sequence, payload, now);
    event::publish(conn, enterprise, event.to(organization))
}
