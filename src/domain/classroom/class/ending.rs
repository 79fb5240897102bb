//! Ending a class: on request, or automatically when its time is over.

use super::progress::{Actor, Via, change};
use super::rules::{check_host, lock};
use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::domain::classroom::log;
use crate::domain::classroom::notice;
use crate::domain::classroom::notice::Notice;
use crate::domain::classroom::{member, online_recording, session, visitor};
use crate::domain::events::event::EventPayload;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::classroom::class::{Class, Cutoffs, EndReason, Status};
use crate::store::classroom::session::QuitReason;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::enterprise::Enterprise;

/// Ends a class and all its sessions. A class that has ended is unchanged.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::ClassNotBegun`]; [`Error::Forbidden`] as in [`super::start`].
pub fn stop(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, actor: Actor<'_>, now: Millis) -> Result<()> {
    let class = lock(conn, enterprise.enterprise_id, class_id)?;
    check_host(&class, actor.user_id)?;
    stop_locked(conn, enterprise, &class, actor.via, now)
}

/// Like [`stop`], on request of a moderator in the class.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::ClassNotBegun`]; [`Error::Forbidden`] as in [`super::start_as_component`].
pub fn stop_as_component(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    by: &str,
    now: Millis,
) -> Result<()> {
    let class = lock(conn, enterprise.enterprise_id, class_id)?;
    member::check_moderator(conn, &class, by)?;
    stop_locked(conn, enterprise, &class, Via::Component, now)
}

fn stop_locked(conn: &mut Conn, enterprise: &Enterprise, class: &Class, via: Via, now: Millis) -> Result<()> {
    let class_id = class.class_id;
    match class.class_status {
        Status::End => Ok(()),
        Status::Will => Err(Error::ClassNotBegun(class_id)),
        Status::Ing => end(conn, enterprise, class_id, Ending { reason: EndReason::Stopped, via }, now),
    }
}

/// Some classes, of any enterprise, that must end automatically, as enterprise id and class id.
///
/// # Errors
/// Only those of the database.
pub fn due(conn: &mut Conn, cutoffs: Cutoffs, at_once: i64) -> Result<Vec<(EnterpriseId, ClassId)>> {
    let mut due = store::classroom::class::due(conn, cutoffs, at_once)?;
    due.extend(store::classroom::room::silent(conn, cutoffs.silent, at_once)?);
    Ok(due)
}

/// Ends a class that must end, unless another instance has ended it meanwhile. The event is published, because the
/// enterprise can't know of the end otherwise. Returns the reason.
///
/// # Errors
/// Only those of the database.
pub fn end_by_itself(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    cutoffs: Cutoffs,
    now: Millis,
) -> Result<Option<EndReason>> {
    let Some(enterprise) = store::tenancy::enterprise::get(conn, enterprise_id)? else { return Ok(None) };
    let class = match lock(conn, enterprise_id, class_id) {
        Ok(class) => class,
        Err(Error::UnknownClass(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(reason) = reason(conn, &class, cutoffs)? else { return Ok(None) };
    end(conn, &enterprise, class_id, Ending { reason, via: Via::Component }, now)?;
    Ok(Some(reason))
}

/// Ends a class in progress, because its course is deleted.
pub(in crate::domain) fn end_with_course(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    now: Millis,
) -> Result<()> {
    end(conn, enterprise, class_id, Ending { reason: EndReason::Stopped, via: Via::Component }, now)
}

/// Lets everybody leave some locked classes that are about to be deleted.
pub(in crate::domain) fn empty(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_ids: &[ClassId],
    now: Millis,
) -> Result<()> {
    for class_id in store::classroom::session::occupied(conn, enterprise.enterprise_id, class_ids)? {
        session::leave_all(conn, enterprise, class_id, QuitReason::ClassDeleted, now)?;
    }
    visitor::expire(conn, enterprise.enterprise_id, class_ids, now)
}

fn reason(conn: &mut Conn, class: &Class, cutoffs: Cutoffs) -> Result<Option<EndReason>> {
    // A class that began after its time has some.
    if class.real_start_time >= class.stop_time && class.real_start_time > cutoffs.begun_late {
        return Ok(None);
    }
    let overrun = class.stop_time.max(class.create_time).max(class.real_start_time) <= cutoffs.overrun;
    Ok(match class.class_status {
        Status::End => None,
        Status::Will => overrun.then_some(EndReason::NeverBegan),
        Status::Ing if overrun => Some(EndReason::Overrun),
        Status::Ing if store::classroom::room::is_silent(conn, class, cutoffs.silent)? => Some(EndReason::Silent),
        Status::Ing => {
            let Cutoffs { over, empty_since, .. } = cutoffs;
            let is_over = class.stop_time <= over && class.real_start_time <= empty_since;
            let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
            (is_over && !store::classroom::session::was_anybody_inside(conn, enterprise_id, class_id, empty_since)?)
                .then_some(EndReason::Empty)
        }
    })
}

/// Why a class ends, and through what.
#[derive(Clone, Copy)]
struct Ending {
    reason: EndReason,
    via: Via,
}

fn end(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, ending: Ending, now: Millis) -> Result<()> {
    session::leave_all(conn, enterprise, class_id, QuitReason::ClassEnded, now)?;
    visitor::expire(conn, enterprise.enterprise_id, &[class_id], now)?;
    // Ending the sessions may have used sequence numbers of the class.
    let mut class = lock(conn, enterprise.enterprise_id, class_id)?;
    class.class_status = Status::End;
    // A class that never began has no begin.
    class.real_stop_time = ended(class.real_start_time, now);
    class.end_reason = Some(ending.reason);
    let sequence = notice::send(conn, &class, &Notice::ClassEnded, now)?;
    if sequence > 0 {
        store::classroom::room::note_end(conn, class.enterprise_id, class_id, sequence)?;
    }
    online_recording::end(conn, &class, now)?;
    log::ended_with_class(conn, &class, now)?;
    let payload = EventPayload::ClassEnded { time: class.real_stop_time, course_id: class.course_id };
    change(conn, enterprise, &mut class, (ending.via, &payload), now)
}
