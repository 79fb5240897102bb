//! Attendance: who was present, when, for how long, and what they did. It is computed from the rows on every request,
//! so it is the same during a class, after it, and in every process.

mod span;

use std::collections::HashMap;

use super::{class, member};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::classroom::attendance::Attendee;
use crate::store::classroom::class::Class;
use crate::store::classroom::device_event::{Device, DeviceEvent};
use crate::store::classroom::question::Tally;
use crate::store::classroom::session::Session;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::user::{Role, User};
use crate::store::{Page, Paged};
pub use span::{Lesson, Span, Switched};

/// The attendance of one user in a class.
#[derive(Clone, Debug)]
pub struct Record {
    /// The user.
    pub user_id: String,
    /// Their name, or their id if they are not registered.
    pub nickname: String,
    /// Their role in the class.
    pub role: Role,
    /// Their sessions, in order.
    pub sessions: Vec<Session>,
    /// How long they were present during the lesson, in milliseconds.
    pub present: Millis,
    /// How late they came, in milliseconds; 0 for those who never came.
    pub late_by: Millis,
    /// How long before the end they left, in milliseconds; 0 for those who never came.
    pub left_early_by: Millis,
    /// How often they raised their hand.
    pub hand_ups: i64,
    /// How often they were rewarded.
    pub rewards: i64,
    /// How long their camera was on during the lesson, in milliseconds.
    pub camera: Millis,
    /// How long their microphone was on during the lesson, in milliseconds.
    pub mic: Millis,
    /// How many check-ins they answered.
    pub check_ins_answered: i64,
    /// How many check-ins there were.
    pub check_ins: i64,
    /// How many questions they answered, and how many of them correctly.
    pub replies: Tally,
    /// How many questions there were.
    pub questions: i64,
}

/// A page of the attendance of a class: reserved members first, then users who came without a reservation.
///
/// # Errors
/// [`crate::domain::Error::UnknownClass`].
pub fn list(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    page: Page,
    now: Millis,
) -> Result<Paged<Record>> {
    let class = class::require(conn, enterprise_id, class_id)?;
    let Paged { total, rows, finish, next } =
        store::classroom::attendance::attendees(conn, enterprise_id, class_id, page)?;
    let rows = records(conn, &class, rows, now)?;
    Ok(Paged { total, rows, finish, next })
}

/// As [`list`], for a user who moderates the class.
///
/// # Errors
/// As [`list`]; [`crate::domain::Error::Forbidden`].
pub fn list_as_moderator(
    conn: &mut Conn,
    user: &User,
    class_id: ClassId,
    page: Page,
    now: Millis,
) -> Result<Paged<Record>> {
    let class = class::require(conn, user.enterprise_id, class_id)?;
    member::check_moderator(conn, &class, &user.user_id)?;
    list(conn, user.enterprise_id, class_id, page, now)
}

fn records(conn: &mut Conn, class: &Class, attendees: Vec<Attendee>, now: Millis) -> Result<Vec<Record>> {
    let Class { enterprise_id, class_id, .. } = *class;
    let user_ids: Vec<String> = attendees.iter().map(|attendee| attendee.user_id.clone()).collect();
    let mut nicknames: HashMap<String, String> =
        store::classroom::attendance::nicknames(conn, enterprise_id, &user_ids)?.into_iter().collect();
    let mut sessions: HashMap<String, Vec<Session>> = HashMap::new();
    for session in store::classroom::session::of_users(conn, enterprise_id, class_id, &user_ids)? {
        sessions.entry(session.user_id.clone()).or_default().push(session);
    }
    let mut switches: HashMap<String, Vec<DeviceEvent>> = HashMap::new();
    for switch in store::classroom::device_event::of_users(conn, enterprise_id, class_id, &user_ids)? {
        switches.entry(switch.user_id.clone()).or_default().push(switch);
    }
    let hand_ups = store::classroom::report::hand_ups(conn, enterprise_id, class_id, &user_ids)?;
    let rewards = store::classroom::report::rewards(conn, enterprise_id, class_id, &user_ids)?;
    let answered = store::classroom::check_in::answered(conn, enterprise_id, class_id, &user_ids)?;
    let tallies = store::classroom::question::tallies(conn, enterprise_id, class_id, &user_ids)?;
    let check_ins = store::classroom::check_in::count(conn, enterprise_id, class_id)?;
    let questions = store::classroom::question::count(conn, enterprise_id, class_id)?;

    let lesson = Lesson::of(class, now);
    let of = |counts: &HashMap<String, i64>, user_id: &str| counts.get(user_id).copied().unwrap_or_default();
    let record = |Attendee { user_id, role, .. }: Attendee| {
        let sessions = sessions.remove(&user_id).unwrap_or_default();
        let switches = switches.remove(&user_id).unwrap_or_default();
        let spans: Vec<Span> =
            sessions.iter().map(|session| lesson.session(session.enter_time, session.quit_time)).collect();
        let open = |device: Device| {
            let of_session = |session: &Session| -> Vec<Switched> {
                let own = switches.iter().filter(|switch| switch.ordinal == session.ordinal && switch.device == device);
                own.map(|switch| Switched { at: switch.create_time, is_on: switch.is_on }).collect()
            };
            let spans = sessions.iter().zip(&spans).flat_map(|(session, span)| span.while_on(&of_session(session)));
            lesson.within(spans)
        };
        let nickname = nicknames.remove(&user_id).filter(|name| !name.is_empty()).unwrap_or_else(|| user_id.clone());
        Record {
            nickname,
            role: sessions.last().map_or(role, |session| session.role),
            present: lesson.within(spans.iter().copied()),
            late_by: lesson.late_by(&spans),
            left_early_by: lesson.left_early_by(&spans),
            hand_ups: of(&hand_ups, &user_id),
            rewards: of(&rewards, &user_id),
            camera: open(Device::Camera),
            mic: open(Device::Mic),
            check_ins_answered: of(&answered, &user_id),
            check_ins,
            replies: tallies.get(&user_id).copied().unwrap_or_default(),
            questions,
            sessions,
            user_id,
        }
    };
    Ok(attendees.into_iter().map(record).collect())
}
