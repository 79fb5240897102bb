//! Who may send voice and pictures in a class: what the media server lets through of somebody inside, and the states of
//! devices that it writes back.

mod camera;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::class::rules;
use super::session::{Component, alive};
use super::{log, member};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::token;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::classroom::class::{Class, Status};
use crate::store::classroom::log::MemberState;
use crate::store::classroom::session::{Session, States};
use crate::store::ids::{ClassId, EnterpriseId};
pub use camera::CameraSettings;

/// What somebody sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The microphone.
    Mic,
    /// The camera.
    Camera,
    /// The screen.
    Screen,
}

impl Source {
    /// All sources.
    pub const ALL: [Self; 3] = [Self::Mic, Self::Camera, Self::Screen];
}

/// Which sources of a user are let through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// The microphone.
    pub mic: bool,
    /// The camera.
    pub camera: bool,
    /// The screen.
    pub screen: bool,
}

impl Permissions {
    /// Whether a source is let through.
    #[must_use]
    pub fn allow(self, source: Source) -> bool {
        match source {
            Source::Mic => self.mic,
            Source::Camera => self.camera,
            Source::Screen => self.screen,
        }
    }
}

/// The states of somebody inside that permissions depend on.
#[expect(clippy::struct_excessive_bools, reason = "the states are independent")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sending {
    /// Whether the microphone is on.
    pub mic: bool,
    /// Whether the camera is on.
    pub camera: bool,
    /// Whether the screen is shared.
    pub screen: bool,
    /// Whether a moderator has allowed the user to draw.
    pub may_draw: bool,
}

impl Sending {
    /// What is let through in a class that is not over. Who shares the screen moderates the class or may draw.
    #[must_use]
    pub fn permissions(self, is_moderator: bool) -> Permissions {
        let Self { mic, camera, screen, may_draw } = self;
        Permissions { mic, camera, screen: screen && (is_moderator || may_draw) }
    }

    /// Whether it matters that the user moderates the class.
    #[must_use]
    pub fn depends_on_moderation(self) -> bool {
        self.permissions(true) != self.permissions(false)
    }
}

impl From<&Session> for Sending {
    fn from(session: &Session) -> Self {
        let Session { mic, camera, screen, .. } = *session;
        Self { mic: mic == 1, camera: camera == 1, screen: screen == 1, may_draw: session.may_draw() }
    }
}

impl From<&MemberState> for Sending {
    fn from(member: &MemberState) -> Self {
        let MemberState { mic, camera, screen, enable_draw, .. } = *member;
        Self { mic: mic == 1, camera: camera == 1, screen: screen == 1, may_draw: enable_draw == 1 }
    }
}

/// Somebody inside a class that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The hash of the token of their component; `None` for a session that a signed call opened.
    pub token_hash: Option<String>,
    /// What is let through of them.
    pub permissions: Permissions,
    /// How a camera is to be in the class.
    pub camera: CameraSettings,
}

/// Returns the class that a component is inside.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`], [`Error::NotInside`], [`Error::DeadToken`].
pub fn require_inside(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    component: &Component,
    now: Millis,
) -> Result<Class> {
    let class = rules::require(conn, enterprise_id, class_id)?;
    let checked = match rules::check_not_over(&class) {
        Ok(()) => alive(conn, enterprise_id, class_id, component, now).map(drop),
        over => over,
    };
    match checked {
        Ok(()) => Ok(class),
        Err(why @ (Error::NotInside { .. } | Error::ClassEnded(_))) => {
            Err(member::refusal(conn, &class, &component.user_id, why)?)
        }
        Err(other) => Err(other),
    }
}

/// Makes sure that the class has a log, which says what changes from now on.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn open(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<()> {
    if log::is_followed(conn, enterprise_id, class_id)? {
        return Ok(());
    }
    rules::lock(conn, enterprise_id, class_id)?;
    log::start(conn, enterprise_id, class_id)
}

/// Returns what is let through of a user; `None` for somebody who is not inside, and when the class is over.
///
/// # Errors
/// Only those of the database.
pub fn participant(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
) -> Result<Option<Participant>> {
    let Some(class) = going_on(conn, enterprise_id, class_id)? else { return Ok(None) };
    match store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? {
        Some(session) => Ok(Some(of_session(conn, &class, session)?)),
        None => Ok(None),
    }
}

/// As [`participant`], for some users, by `user_id`. Whose token has ended is left out. `None` when the class is over or was
/// deleted.
///
/// # Errors
/// Only those of the database.
pub fn participants(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
    now: Millis,
) -> Result<Option<HashMap<String, Participant>>> {
    let Some(class) = going_on(conn, enterprise_id, class_id)? else { return Ok(None) };
    let mut sessions = store::classroom::session::open_of_users(conn, enterprise_id, class_id, user_ids)?;
    let held: Vec<(&str, &str)> = sessions
        .iter()
        .filter_map(|session| Some((session.user_id.as_str(), session.token_hash.as_deref()?)))
        .collect();
    let are_valid = token::valid(conn, enterprise_id, &held, now)?;
    let ended =
        held.iter().zip(are_valid).filter(|(_, is_valid)| !is_valid).map(|((user_id, _), _)| (*user_id).to_owned());
    let ended: HashSet<String> = ended.collect();
    sessions.retain(|session| !ended.contains(&session.user_id));
    let inside = sessions.into_iter().map(|session| Ok((session.user_id.clone(), of_session(conn, &class, session)?)));
    inside.collect::<Result<_>>().map(Some)
}

fn going_on(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<Class>> {
    let class = store::classroom::class::find(conn, enterprise_id, class_id)?;
    Ok(class.filter(|class| class.class_status != Status::End))
}

fn of_session(conn: &mut Conn, class: &Class, session: Session) -> Result<Participant> {
    let sending = Sending::from(&session);
    let is_moderator = sending.depends_on_moderation() && member::can_moderate(conn, class, &session.user_id)?;
    let (permissions, camera) = (sending.permissions(is_moderator), CameraSettings::of(&class.settings));
    Ok(Participant { token_hash: session.token_hash, permissions, camera })
}

/// Records that sources of a user are off, because the media server gets nothing of them any more. Those who follow the class
/// receive it. Returns whether anything was on.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn turn_off(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    (user_id, sources): (&str, &[Source]),
    now: Millis,
) -> Result<bool> {
    rules::lock(conn, enterprise_id, class_id)?;
    let Some(session) = store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? else {
        return Ok(false);
    };
    let off = |source: Source, state: i64| (state == 1 && sources.contains(&source)).then_some(0);
    let [mic, camera, screen] =
        [off(Source::Mic, session.mic), off(Source::Camera, session.camera), off(Source::Screen, session.screen)];
    if mic.or(camera).or(screen).is_none() {
        return Ok(false);
    }
    store::classroom::session::set(conn, &session, States { camera, mic, screen, ..States::default() }, now)?;
    log::changed(conn, (enterprise_id, class_id), &[session], now)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SILENT: Sending = Sending { mic: false, camera: false, screen: false, may_draw: false };

    #[test]
    fn what_is_on_is_let_through() {
        assert_eq!(SILENT.permissions(true), Permissions::default());
        for is_moderator in [true, false] {
            let mic = Sending { mic: true, ..SILENT }.permissions(is_moderator);
            assert_eq!(mic, Permissions { mic: true, ..Permissions::default() });
            let camera = Sending { camera: true, ..SILENT }.permissions(is_moderator);
            assert_eq!(camera, Permissions { camera: true, ..Permissions::default() });
            assert_eq!(Source::ALL.map(|source| camera.allow(source)), [false, true, false]);
        }
    }

    #[test]
    fn a_screen_is_let_through_of_those_who_moderate_or_may_draw() {
        let shares = Sending { screen: true, ..SILENT };
        for (may_draw, is_moderator, passes) in
            [(false, false, false), (true, false, true), (false, true, true), (true, true, true)]
        {
            let sending = Sending { may_draw, ..shares };
            assert_eq!(sending.permissions(is_moderator).screen, passes);
            assert_eq!(sending.depends_on_moderation(), !may_draw);
        }
        assert!(!Sending { may_draw: true, ..SILENT }.permissions(true).screen);
    }
}
