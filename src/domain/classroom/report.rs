//! Reports of components from within a class. All of them are stored; some change the states in the member lists.

pub mod event;

use event::{Data, Permission, ReportEvent, Reported, TARGETS};

use super::actor::Actor;
use super::check_in::CheckInReport;
use super::log::{Audience, LogEvent};
use super::notice::{ClassAction, DeviceStates};
use super::session::Kick;
use super::{check_in, class, log, member, notice, session};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::user;
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::Json;
use crate::store::classroom::class::{Class, Settings, Type};
use crate::store::classroom::report::Report;
use crate::store::classroom::session::{DRAWING_BY_SELF, Session, States};
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::User;

/// How many users one notice about devices has: a message to a hosted group has at most 12 KB.
const IN_ONE_NOTICE: usize = 20;
/// Maximum size of the data, in bytes of JSON.
const AT_MOST: usize = 16 * 1024;

/// Stores a report and applies its effect.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::UnknownUser`]; [`Error::NotReserved`] for users whom the class does not admit;
/// [`Error::Banned`] for users who were put out of it;
/// [`Error::Forbidden`] when the event is reserved for moderators; [`Error::Invalid`] when an event needs targets and
/// names none, or a check-in can't be answered; [`Error::StageFull`].
pub fn report(
    conn: &mut Conn,
    enterprise: &Enterprise,
    actor: Actor<'_>,
    report: &Reported,
    now: Millis,
) -> Result<()> {
    let Actor { enterprise_id, class_id, user_id } = actor;
    let Reported { name, data, .. } = report;
    if data.text.len() > AT_MOST {
        let problem = Problem::TooManyBytes { found: data.text.len(), max: AT_MOST };
        return Err(Error::invalid(Field::ReportData, problem));
    }
    let class = class::lock(conn, enterprise_id, class_id)?;
    let reporter = user::require(conn, enterprise_id, user_id)?;
    check_belongs(conn, &class, &reporter)?;
    // The page of somebody who was put out still says so, by reports without effect.
    if !matches!(report.event, ReportEvent::Kicked | ReportEvent::Other) {
        member::check_not_put_out(conn, &class, user_id)?;
    }
    let is_followed = log::is_followed(conn, enterprise_id, class_id)?;
    let mut reporting = Reporting { enterprise, class: &class, by: user_id, now, is_followed, before: Vec::new() };
    let named = reporting.act(conn, report.event, data)?;
    log::changed(conn, (enterprise_id, class_id), &reporting.before, now)?;
    // An event without targets is stored once, with an empty target.
    let targets = if named.is_empty() { vec![String::new()] } else { named };
    for target in targets {
        let report = Report {
            enterprise_id,
            class_id,
            user_id: user_id.to_owned(),
            event: name.clone(),
            target,
            data: data.text.clone(),
            create_time: now,
        };
        store::classroom::report::insert(conn, &report)?;
    }
    Ok(())
}

/// Checks whether the class admits a user. Users who were inside may still report after they left.
fn check_belongs(conn: &mut Conn, class: &Class, user: &User) -> Result<()> {
    let (class_id, user_id) = (class.class_id, user.user_id.as_str());
    if class.class_type == Type::Public
        || store::classroom::member::role(conn, class.enterprise_id, class_id, user_id)?.is_some()
        || store::classroom::session::last(conn, class.enterprise_id, class_id, user_id)?.is_some()
    {
        Ok(())
    } else {
        let why = Error::NotReserved { user_id: user_id.to_owned(), class_id };
        Err(member::refusal(conn, class, user_id, why)?)
    }
}

struct Reporting<'a> {
    enterprise: &'a Enterprise,
    class: &'a Class,
    by: &'a str,
    now: Millis,
    is_followed: bool,
    /// The sessions whose states change, as they were before. They are appended to the log at the end, when nothing
    /// else is to be locked.
    before: Vec<Session>,
}

impl Reporting<'_> {
    /// Applies the effect of an event. Returns the users it targets.
    fn act(&mut self, conn: &mut Conn, event: ReportEvent, data: &Data) -> Result<Vec<String>> {
        let (enterprise_id, class_id) = (self.enterprise.enterprise_id, self.class.class_id);
        match event {
            ReportEvent::Other => {}
            ReportEvent::Own(states) => self.set(conn, self.by, states)?,
            ReportEvent::Stage(states) => {
                self.check_stage(conn, self.by)?;
                self.set(conn, self.by, states)?;
            }
            ReportEvent::Silenced => self.silence_self(conn, 1)?,
            ReportEvent::SilenceAll(silence) => {
                member::check_moderator(conn, self.class, self.by)?;
                store::classroom::session::silence_all(conn, enterprise_id, class_id, silence)?;
                let settings = Settings { enable_all_silence: silence != 0, ..(*self.class.settings).clone() };
                store::classroom::class::set_settings(conn, enterprise_id, class_id, settings.clone())?;
                self.log_all_silence(conn, settings)?;
            }
            ReportEvent::HandUp => {
                self.set(conn, self.by, event::HAND_UP)?;
                self.publish_hand(conn, self.by, ClassAction::HandRaised)?;
            }
            ReportEvent::OwnOrOthers(states) if self.is_own(data) => self.set_own(conn, states)?,
            ReportEvent::Others(states) | ReportEvent::OwnOrOthers(states) => {
                let named = self.named(conn, data)?;
                named.iter().try_for_each(|user_id| self.set(conn, user_id, states))?;
                if states.camera.or(states.mic).is_some() {
                    self.publish_devices(conn, &named)?;
                }
                return Ok(named);
            }
            ReportEvent::Silence(silence) if self.is_own(data) => self.silence_self(conn, silence)?,
            ReportEvent::Silence(silence) => {
                let named = self.named(conn, data)?;
                for user_id in &named {
                    self.remember(conn, user_id)?;
                    store::classroom::session::silence(conn, enterprise_id, class_id, user_id, silence)?;
                }
                return Ok(named);
            }
            ReportEvent::Permission => return self.permit(conn, data),
            // Removed and rewarded users also report these events; they name nobody but themselves.
            ReportEvent::Kicked if self.concerns_reporter(data)? => {}
            ReportEvent::Reward if people(data)?.is_empty() => {}
            ReportEvent::Kick | ReportEvent::Kicked => {
                let named = self.named(conn, data)?;
                named.iter().try_for_each(|user_id| self.kick(conn, user_id))?;
                return Ok(named);
            }
            ReportEvent::Reward => return self.named(conn, data),
            ReportEvent::HandDown => return self.hands_down(conn, data),
            ReportEvent::CheckIn => check_in::reported(conn, self.class, self.check_in(data), self.now)?,
            ReportEvent::StartCheckIn => check_in::start(conn, self.class, self.check_in(data), self.now)?,
            ReportEvent::CancelCheckIn => {
                check_in::cancel(conn, self.class, self.by, data.check_id.as_deref(), self.now)?;
            }
        }
        Ok(Vec::new())
    }

    /// The users whom a moderator's report names.
    fn named(&self, conn: &mut Conn, data: &Data) -> Result<Vec<String>> {
        member::check_moderator(conn, self.class, self.by)?;
        let named = people(data)?.to_vec();
        if named.is_empty() { Err(Error::invalid(Field::ReportData, Problem::NamesNobody)) } else { Ok(named) }
    }

    /// Whether a report is about the reporter: it has no data, or names nobody else.
    fn is_own(&self, data: &Data) -> bool {
        data.is_empty || matches!(data.people.as_slice(), [only] if only == self.by)
    }

    fn check_in(&self, data: &Data) -> CheckInReport<'_> {
        CheckInReport { by: self.by, check_id: data.check_id.clone(), time_limit: data.time_limit }
    }

    /// The component of the reporter silenced them, or lifted that. Only moderators lift a silence that a moderator imposed.
    fn silence_self(&mut self, conn: &mut Conn, silence: i64) -> Result<()> {
        self.remember(conn, self.by)?;
        let (enterprise_id, class_id) = (self.enterprise.enterprise_id, self.class.class_id);
        if member::can_moderate(conn, self.class, self.by)? {
            store::classroom::session::silence(conn, enterprise_id, class_id, self.by, silence)?;
        } else {
            store::classroom::session::silence_self(conn, enterprise_id, class_id, self.by, silence == 1)?;
        }
        Ok(())
    }

    /// Appends once to the log that everybody was silenced, not once for each of them.
    fn log_all_silence(&self, conn: &mut Conn, settings: Settings) -> Result<()> {
        let is_silenced = settings.enable_all_silence;
        let class = Class { settings: Json::new(settings), ..self.class.clone() };
        log::class(conn, &class, self.now)?;
        let followed = (class.enterprise_id, class.class_id);
        log::append(conn, followed, &Audience::Everyone, &LogEvent::AllSilence { is_silenced }, self.now)?;
        Ok(())
    }

    /// Keeps the session of a user as it is before a change.
    fn remember(&mut self, conn: &mut Conn, user_id: &str) -> Result<()> {
        if self.is_followed {
            self.before.extend(self.inside(conn, user_id)?);
        }
        Ok(())
    }

    /// Publishes the hand of a user to the class. A user who is not inside has none.
    fn publish_hand(&self, conn: &mut Conn, user_id: &str, action: ClassAction) -> Result<()> {
        match self.inside(conn, user_id)? {
            Some(_) => notice::publish(conn, self.class, user_id, action, self.now),
            None => Ok(()),
        }
    }

    /// Publishes to the class which devices of these users are on now. Users who are not inside have none.
    fn publish_devices(&self, conn: &mut Conn, user_ids: &[String]) -> Result<()> {
        let mut states = Vec::with_capacity(user_ids.len());
        for user_id in user_ids {
            if let Some(Session { camera, mic, .. }) = self.inside(conn, user_id)? {
                states.push(DeviceStates { user_id: user_id.clone(), camera: camera.max(0), mic: mic.max(0) });
            }
        }
        for people in states.chunks(IN_ONE_NOTICE) {
            let action = ClassAction::DevicesSet { people: people.to_vec() };
            notice::publish(conn, self.class, self.by, action, self.now)?;
        }
        Ok(())
    }

    fn concerns_reporter(&self, data: &Data) -> Result<bool> {
        Ok(people(data)?.iter().all(|user_id| user_id == self.by))
    }

    fn inside(&self, conn: &mut Conn, user_id: &str) -> Result<Option<Session>> {
        Ok(store::classroom::session::open_of(conn, self.enterprise.enterprise_id, self.class.class_id, user_id)?)
    }

    /// Changes states of a user. Users who are not inside have none.
    fn set(&mut self, conn: &mut Conn, user_id: &str, states: States) -> Result<()> {
        let Some(session) = self.inside(conn, user_id)? else { return Ok(()) };
        store::classroom::session::set(conn, &session, states, self.now)?;
        if self.is_followed {
            self.before.push(session);
        }
        Ok(())
    }

    /// The component of the reporter reported states. That drawing is allowed is only shown then: moderators give the right.
    fn set_own(&mut self, conn: &mut Conn, states: States) -> Result<()> {
        let may_draw = self.inside(conn, self.by)?.is_some_and(|session| session.may_draw());
        let states = match states.enable_draw {
            Some(1) if !may_draw && !member::can_moderate(conn, self.class, self.by)? => {
                States { enable_draw: Some(DRAWING_BY_SELF), ..states }
            }
            _ => states,
        };
        self.set(conn, self.by, states)
    }

    /// Checks whether a user may turn on a camera or a microphone. Moderators, and users already on stage, always may.
    fn check_stage(&self, conn: &mut Conn, user_id: &str) -> Result<()> {
        let Class { class_id, max_member_limit, enterprise_id, .. } = *self.class;
        if max_member_limit == 0 {
            return Ok(());
        }
        match self.inside(conn, user_id)? {
            Some(session) if !session.role.can_moderate() && !session.is_on_stage() => {
                let on_stage = store::classroom::session::count_on_stage(conn, enterprise_id, class_id)?;
                if on_stage < max_member_limit { Ok(()) } else { Err(Error::StageFull(class_id)) }
            }
            _ => Ok(()),
        }
    }

    fn permit(&mut self, conn: &mut Conn, data: &Data) -> Result<Vec<String>> {
        let named = self.named(conn, data)?;
        // First those who leave the stage: they make room for the others.
        let (opened, shut): (Vec<_>, Vec<_>) =
            data.permissions.iter().partition(|to| to.camera == Some(1) || to.mic == Some(1));
        for Permission { user_id, camera, mic, .. } in shut.into_iter().filter(|to| to.camera.or(to.mic).is_some()) {
            self.set(conn, user_id, States { camera: *camera, mic: *mic, ..States::default() })?;
        }
        for Permission { user_id, camera, mic, .. } in opened {
            self.check_stage(conn, user_id)?;
            self.set(conn, user_id, States { camera: *camera, mic: *mic, ..States::default() })?;
        }
        for Permission { user_id, .. } in data.permissions.iter().filter(|to| to.answers_hand) {
            self.lower_hand(conn, user_id)?;
        }
        self.publish_devices(conn, &named)?;
        Ok(named)
    }

    fn lower_hand(&mut self, conn: &mut Conn, user_id: &str) -> Result<()> {
        self.set(conn, user_id, event::HAND_DOWN)?;
        self.publish_hand(conn, user_id, ClassAction::HandLowered)
    }

    fn hands_down(&mut self, conn: &mut Conn, data: &Data) -> Result<Vec<String>> {
        if self.concerns_reporter(data)? {
            self.lower_hand(conn, self.by)?;
            return Ok(Vec::new());
        }
        let named = self.named(conn, data)?;
        named.iter().try_for_each(|user_id| self.lower_hand(conn, user_id))?;
        Ok(named)
    }

    fn kick(&self, conn: &mut Conn, user_id: &str) -> Result<()> {
        let class_id = self.class.class_id;
        if user_id == self.class.teacher_id {
            return Err(Error::Forbidden(Forbidden::IsTeacher { user_id: user_id.to_owned(), class_id }));
        }
        class::check_not_over(self.class)?;
        session::kick(conn, self.enterprise, class_id, Kick { user_id, by: self.by }, self.now)
    }
}

/// The users whom a report names.
fn people(data: &Data) -> Result<&[String]> {
    if data.people.len() > TARGETS {
        return Err(Error::invalid(Field::ReportData, Problem::TooManyPeople { max: TARGETS }));
    }
    Ok(&data.people)
}
