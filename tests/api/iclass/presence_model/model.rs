//! The model: the expected state after each step.

use std::collections::BTreeSet;

use super::{CLASSES, Device, GRACE, INTERVAL, LEASE, Step};

/// An expected session.
#[derive(Clone, Debug)]
pub struct Session {
    pub user: usize,
    pub class: usize,
    pub ordinal: i64,
    pub enter: i64,
    /// The device that must send heartbeats; `None` for none.
    pub device: Option<usize>,
    /// The last heartbeat.
    pub seen: i64,
    /// The last stored heartbeat, which a crash does not lose.
    pub written: i64,
    pub end: Option<(i64, &'static str)>,
}

/// An event of a class: whether it is a join, the user, and the time.
type Published = (bool, usize, i64);

/// The expected state.
#[derive(Debug)]
pub struct Model {
    pub now: i64,
    pub sessions: Vec<Session>,
    pub bans: BTreeSet<(usize, usize)>,
    pub published: [Vec<Published>; CLASSES],
    /// No session ends before the process has run for an interval.
    pub sweep_from: i64,
}

impl Model {
    pub fn open(&mut self, user: usize, class: usize) -> Option<usize> {
        self.sessions.iter().position(|session| (session.user, session.class) == (user, class) && session.end.is_none())
    }

    /// Whether a component sends a heartbeat for a user whom the back end joined. The component takes over the session at once, or,
    /// if an earlier session is in memory, at its next heartbeat. That has its own test.
    pub fn is_adopted_by(&mut self, step: &Step) -> bool {
        let Step::Heartbeat(device, class) = *step else { return false };
        self.open(device.0, class).is_some_and(|at| self.sessions[at].device.is_none())
    }

    pub fn of_device(&mut self, device: Device, class: usize) -> Option<usize> {
        self.open(device.0, class).filter(|at| self.sessions[*at].device == Some(device.1))
    }

    pub fn is_silent(&self, at: usize) -> bool {
        let session = &self.sessions[at];
        session.device.is_some() && session.written + LEASE + GRACE < self.now
    }

    /// Ends a session. A session whose heartbeats stopped ends at the last one.
    pub fn end(&mut self, at: usize, why: &'static str) {
        let end = if self.is_silent(at) { (self.sessions[at].written, "timeout") } else { self.now_for(at, why) };
        self.close(at, end);
    }

    pub fn now_for(&self, at: usize, why: &'static str) -> (i64, &'static str) {
        (self.now.max(self.sessions[at].enter), why)
    }

    pub fn close(&mut self, at: usize, end: (i64, &'static str)) {
        let session = &mut self.sessions[at];
        session.end = Some(end);
        let published = (false, session.user, end.0);
        self.published[session.class].push(published);
    }

    pub fn come(&mut self, user: usize, class: usize, device: Option<usize>) {
        let before = self.sessions.iter().filter(|session| (session.user, session.class) == (user, class));
        let ordinal = before.clone().count() + 1;
        // A session does not begin before the last one ended, also when the clock was set back.
        let now = before.filter_map(|session| session.end).map(|end| end.0).chain([self.now]).max().unwrap();
        self.published[class].push((true, user, now));
        let ordinal = i64::try_from(ordinal).unwrap();
        self.sessions.push(Session { user, class, ordinal, enter: now, device, seen: now, written: now, end: None });
    }

    /// Stores the heartbeats that are in memory, then ends the sessions without heartbeats.
    pub fn work(&mut self) {
        self.write_down();
        if self.now < self.sweep_from {
            return;
        }
        for class in 0..CLASSES {
            for at in 0..self.sessions.len() {
                if self.sessions[at].class == class && self.sessions[at].end.is_none() && self.is_silent(at) {
                    self.end(at, "timeout");
                }
            }
        }
    }

    pub fn write_down(&mut self) {
        self.sessions
            .iter_mut()
            .filter(|session| session.end.is_none())
            .for_each(|session| session.written = session.seen);
    }

    /// Another process starts, and its worker runs.
    pub fn begin(&mut self, away: i64) {
        self.sessions.iter_mut().for_each(|session| session.seen = session.written);
        self.now += away;
        self.sweep_from = self.now + INTERVAL;
        self.work();
    }

    pub fn take(&mut self, step: &Step) {
        match *step {
            Step::Join(device, class) => {
                if self.bans.contains(&(device.0, class)) {
                    return;
                }
                for other in 0..CLASSES {
                    if let Some(at) = self.of_device(device, other).filter(|_| other != class) {
                        self.close(at, self.now_for(at, "moved"));
                    }
                }
                match self.open(device.0, class) {
                    Some(at) if self.sessions[at].device.is_none_or(|other| other == device.1) => {
                        let session = &mut self.sessions[at];
                        session.device = Some(device.1);
                        session.written = session.written.max(self.now);
                        session.seen = session.written;
                    }
                    open => {
                        if let Some(at) = open {
                            self.end(at, "replaced");
                        }
                        self.come(device.0, class, Some(device.1));
                    }
                }
            }
            Step::Quit(device, class) => {
                if let Some(at) = self.of_device(device, class) {
                    self.close(at, self.now_for(at, "quit"));
                }
            }
            Step::Heartbeat(device, class) => {
                if let Some(at) = self.of_device(device, class) {
                    let (now, session) = (self.now, &mut self.sessions[at]);
                    // A heartbeat of a session that is about to end is stored at once.
                    if session.seen + LEASE < now {
                        session.written = now;
                    }
                    session.seen = session.seen.max(now);
                }
            }
            Step::JoinByCall(user, class) => {
                if self.bans.contains(&(user, class)) {
                    return;
                }
                match self.open(user, class) {
                    Some(at) if self.is_silent(at) => {
                        self.end(at, "replaced");
                        self.come(user, class, None);
                    }
                    Some(at) if self.sessions[at].device.is_none() => {
                        let session = &mut self.sessions[at];
                        session.written = session.written.max(self.now);
                        session.seen = session.written;
                    }
                    Some(_) => {}
                    None => self.come(user, class, None),
                }
            }
            Step::QuitByCall(user, class) => {
                if let Some(at) = self.open(user, class) {
                    self.end(at, "quit");
                }
            }
            Step::Kick(user, class) => {
                self.bans.insert((user, class));
                if let Some(at) = self.open(user, class) {
                    self.end(at, "kicked");
                }
            }
            Step::Allow(user, class) => drop(self.bans.remove(&(user, class))),
            Step::Pass(time) => {
                self.now += time;
                self.work();
            }
            Step::Back(time) => self.now -= time,
            Step::Crash(away) => self.begin(away),
            Step::Restart(away) => {
                self.write_down();
                self.begin(away);
            }
        }
    }
}
