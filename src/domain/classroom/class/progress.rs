//! How a class begins, and the writing of what begins or ends.

use super::rules::{check_host, lock};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::class_event;
use crate::domain::classroom::member;
use crate::domain::classroom::notice;
use crate::domain::classroom::notice::Notice;
use crate::domain::events::event;
use crate::domain::events::event::EventPayload;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::classroom::class::{Class, RecordType, Status};
use crate::store::tenancy::enterprise::Enterprise;

/// Begins a class at the word of somebody in it; one that goes on already goes on.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Forbidden`] when `by` neither gives the class nor administrates.
pub fn start_as_component(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    by: &str,
    now: Millis,
) -> Result<()> {
    let class = lock(conn, enterprise.enterprise_id, class_id)?;
    member::check_moderator(conn, &class, by)?;
    begin(conn, enterprise, class, Via::Component, now)
}

/// How it is said that a class begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A signed call of the enterprise's back end, which knows it then.
    Api,
    /// A component in a classroom, of which the enterprise wants to hear.
    Component,
}

impl Via {
    /// Who says so; a signed call need not name anybody.
    #[must_use]
    pub fn by(self, user_id: Option<&str>) -> Actor<'_> {
        Actor { user_id, via: self }
    }
}

/// Who begins or ends a class, and how they say so.
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    pub(super) user_id: Option<&'a str>,
    pub(super) via: Via,
}

/// Begins a class; one that goes on already goes on.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Forbidden`] when the actor is neither teacher nor assistant.
pub fn start(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, actor: Actor<'_>, now: Millis) -> Result<()> {
    let class = lock(conn, enterprise.enterprise_id, class_id)?;
    check_host(&class, actor.user_id)?;
    begin(conn, enterprise, class, actor.via, now)
}

fn begin(conn: &mut Conn, enterprise: &Enterprise, mut class: Class, via: Via, now: Millis) -> Result<()> {
    let class_id = class.class_id;
    match class.class_status {
        Status::Ing => Ok(()),
        Status::End => Err(Error::ClassEnded(class_id)),
        Status::Will => {
            class.class_status = Status::Ing;
            class.real_start_time = now;
            let told = notice::send(conn, &class, &Notice::ClassBegan, now)?;
            if told > 0 {
                store::classroom::room::note_begin(conn, class.enterprise_id, class_id, told)?;
            }
            let course_id = class.course_id;
            change(conn, enterprise, &mut class, via, &EventPayload::ClassBegan { time: now, course_id }, now)?;
            if via == Via::Component && class.settings.record_types.contains(&RecordType::Remote) {
                // A component that begins the class asks for the recording; the enterprise learns at once that there is none.
                class_event::publish(conn, enterprise, class_id, &EventPayload::NotRecorded { time: now }, now)?;
            }
            Ok(())
        }
    }
}

/// Writes a class that begins or ends, and publishes the event, if somebody subscribes to it.
pub(super) fn change(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class: &mut Class,
    via: Via,
    payload: &EventPayload,
    now: Millis,
) -> Result<()> {
    if via == Via::Api && !enterprise.callback_on_api {
        return Ok(store::classroom::class::advance(conn, class)?);
    }
    class.last_sequence += 1;
    store::classroom::class::advance(conn, class)?;
    // A lesson that never began is nothing to an organization.
    let organization = match class.course_id.filter(|_| class.real_start_time > 0) {
        Some(course_id) => event::organization_of_course(conn, enterprise.enterprise_id, course_id)?,
        None => None,
    };
    event::publish(conn, enterprise, (class.class_id, class.last_sequence), payload, organization, now)
}
