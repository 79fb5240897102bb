//! Presence against a model of it: whatever people, components, clocks and crashes do in whatever order, who is inside, who
//! was, and what the enterprise is told are as the model says.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use lectern::db::{Conn, Db};
use lectern::domain;
use lectern::domain::classroom::session;
use lectern::domain::classroom::session::{Component, Devices};
use lectern::domain::classroom::{attendance, class};
use lectern::domain::events::event;
use lectern::domain::events::event::{EventPayload, Extra};
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Draft, Enterprise, Patch};
use lectern::domain::tenancy::secret;
use lectern::domain::tenancy::user;
use lectern::domain::tenancy::user::Role;
use lectern::presence::{Presence, Settings};
use lectern::store::{Page, Start};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::database::Database;
use crate::service::BEGIN;

const INTERVAL: i64 = 30_000;
const LEASE: i64 = 3 * INTERVAL;
const GRACE: i64 = session::GRACE;
const USERS: usize = 3;
const CLASSES: usize = 2;

/// Of a person, which of their two devices.
type Device = (usize, usize);

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    Join(Device, usize),
    Quit(Device, usize),
    Beat(Device, usize),
    JoinByCall(usize, usize),
    QuitByCall(usize, usize),
    Kick(usize, usize),
    Allow(usize, usize),
    /// Time passes, in milliseconds, and the worker wakes.
    Pass(i64),
    /// The clock is set back.
    Back(i64),
    /// The process is killed, and another begins after a while.
    Crash(i64),
    /// The process ends as it should, and another begins after a while.
    Restart(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let device = || (0..USERS, 0..2_usize);
    let away = || prop_oneof![Just(0_i64), Just(1_000), Just(40_000), Just(500_000)];
    let pass = prop_oneof![
        5 => 1_000_i64..31_000,
        2 => (LEASE - 2_000)..(LEASE + GRACE + 2_000),
        1 => prop_oneof![Just(LEASE), Just(LEASE + GRACE), Just(LEASE + GRACE + 1), Just(1_000_000)],
    ];
    prop_oneof![
        8 => (device(), 0..CLASSES).prop_map(|(device, class)| Step::Join(device, class)),
        4 => (device(), 0..CLASSES).prop_map(|(device, class)| Step::Quit(device, class)),
        12 => (device(), 0..CLASSES).prop_map(|(device, class)| Step::Beat(device, class)),
        2 => (0..USERS, 0..CLASSES).prop_map(|(user, class)| Step::JoinByCall(user, class)),
        2 => (0..USERS, 0..CLASSES).prop_map(|(user, class)| Step::QuitByCall(user, class)),
        1 => (0..USERS, 0..CLASSES).prop_map(|(user, class)| Step::Kick(user, class)),
        1 => (0..USERS, 0..CLASSES).prop_map(|(user, class)| Step::Allow(user, class)),
        8 => pass.prop_map(Step::Pass),
        1 => (0_i64..100_000).prop_map(Step::Back),
        1 => away().prop_map(Step::Crash),
        1 => away().prop_map(Step::Restart),
    ]
}

/// A stay as it should be.
#[derive(Clone, Debug)]
struct Stay {
    user: usize,
    class: usize,
    ordinal: i64,
    enter: i64,
    /// Which device has to tell that it lives; nothing when none has to.
    device: Option<usize>,
    /// The last sign of life …
    seen: i64,
    /// … and the last that a crash does not lose.
    written: i64,
    end: Option<(i64, &'static str)>,
}

/// An event of a class: who came, or left, and when.
type Told = (bool, usize, i64);

/// What should be.
#[derive(Debug)]
struct Model {
    now: i64,
    sessions: Vec<Stay>,
    bans: BTreeSet<(usize, usize)>,
    told: [Vec<Told>; CLASSES],
    /// Nobody is ended before the process has been there for an interval.
    sweep_from: i64,
}

impl Model {
    fn open(&mut self, user: usize, class: usize) -> Option<usize> {
        self.sessions.iter().position(|session| (session.user, session.class) == (user, class) && session.end.is_none())
    }

    /// Whether a component speaks up for somebody whom the back end let in. The stay becomes the component's at once, or, when
    /// an earlier one is remembered, at its next sign of life: that has a test of its own.
    fn is_adopted_by(&mut self, step: &Step) -> bool {
        let Step::Beat(device, class) = *step else { return false };
        self.open(device.0, class).is_some_and(|at| self.sessions[at].device.is_none())
    }

    fn of_device(&mut self, device: Device, class: usize) -> Option<usize> {
        self.open(device.0, class).filter(|at| self.sessions[*at].device == Some(device.1))
    }

    fn is_silent(&self, at: usize) -> bool {
        let session = &self.sessions[at];
        session.device.is_some() && session.written + LEASE + GRACE < self.now
    }

    /// Ends a stay; one that fell silent ended at its last sign of life.
    fn end(&mut self, at: usize, why: &'static str) {
        let end = if self.is_silent(at) { (self.sessions[at].written, "timeout") } else { self.now_for(at, why) };
        self.close(at, end);
    }

    fn now_for(&self, at: usize, why: &'static str) -> (i64, &'static str) {
        (self.now.max(self.sessions[at].enter), why)
    }

    fn close(&mut self, at: usize, end: (i64, &'static str)) {
        let session = &mut self.sessions[at];
        session.end = Some(end);
        let told = (false, session.user, end.0);
        self.told[session.class].push(told);
    }

    fn come(&mut self, user: usize, class: usize, device: Option<usize>) {
        let ordinal = self.sessions.iter().filter(|session| (session.user, session.class) == (user, class)).count() + 1;
        let now = self.now;
        self.told[class].push((true, user, now));
        let ordinal = i64::try_from(ordinal).unwrap();
        self.sessions.push(Stay { user, class, ordinal, enter: now, device, seen: now, written: now, end: None });
    }

    /// What is in memory is written down, then the silent are ended.
    fn work(&mut self) {
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

    fn write_down(&mut self) {
        self.sessions
            .iter_mut()
            .filter(|session| session.end.is_none())
            .for_each(|session| session.written = session.seen);
    }

    /// Another process begins, and works.
    fn begin(&mut self, away: i64) {
        self.sessions.iter_mut().for_each(|session| session.seen = session.written);
        self.now += away;
        self.sweep_from = self.now + INTERVAL;
        self.work();
    }

    fn take(&mut self, step: &Step) {
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
            Step::Beat(device, class) => {
                if let Some(at) = self.of_device(device, class) {
                    let (now, session) = (self.now, &mut self.sessions[at]);
                    // One that is nearly given up is written down at once.
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

/// The school that the steps happen in, on a database that one process after the other uses.
struct School {
    db: Db,
    enterprise: Enterprise,
    class_ids: [i64; CLASSES],
    presence: Presence,
    now: i64,
}

fn name(user: usize) -> String {
    format!("u{user}")
}

/// The token of a device: the first has the one that the person was given when registered.
fn token_hash(enterprise: &Enterprise, (user, device): Device) -> String {
    secret::hash_token(&format!("{} {user} {device}", enterprise.enterprise_id))
}

fn presence(now: i64) -> Presence {
    let settings = Settings {
        heartbeat: std::time::Duration::from_millis(INTERVAL.unsigned_abs()),
        overrun: std::time::Duration::from_hours(1),
    };
    Presence::new(settings, now)
}

impl School {
    async fn found(db: &Db, now: i64) -> Self {
        let found = move |conn: &mut Conn| {
            let sdkappid = enterprise::create(conn, Draft::default(), now)?.sdkappid;
            let callback_events = Some(vec![Extra::JoinClass, Extra::QuitClass]);
            enterprise::modify(conn, sdkappid, Patch { callback_events, ..Patch::default() })?;
            let enterprise = enterprise::require(conn, sdkappid)?;
            let id = enterprise.enterprise_id;
            let people = ["t"].map(str::to_owned).into_iter().chain((0..USERS).map(name));
            let drafts = people.map(|user_id| {
                let role = if user_id == "t" { Role::Teacher } else { Role::Student };
                user::Draft::of(user_id, role)
            });
            user::register(conn, id, drafts.collect(), now)?;
            for device in (0..USERS).flat_map(|user| [(user, 0), (user, 1)]) {
                let (hash, user_id) = (token_hash(&enterprise, device), name(device.0));
                let statement = format!("INSERT INTO tokens VALUES ('{hash}', {id}, '{user_id}', 0, {})", i64::MAX);
                diesel::sql_query(statement).execute(conn)?;
            }
            let patch = || class::Patch {
                teacher_id: Some("t".into()),
                stop_time: Some(now + 1_000_000_000_000),
                ..class::Patch::default()
            };
            let class_ids = [class::create(conn, id, patch(), now)?, class::create(conn, id, patch(), now)?];
            Ok::<_, domain::Error>((enterprise, class_ids))
        };
        let (enterprise, class_ids) = db.write(found).await.unwrap();
        Self { db: db.clone(), enterprise, class_ids, presence: presence(now), now }
    }

    async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn, &Enterprise) -> domain::Result<T> + Send + 'static,
    ) -> domain::Result<T> {
        let enterprise = self.enterprise.clone();
        self.db.write(move |conn| f(conn, &enterprise)).await
    }

    fn component(&self, device: Device) -> Component {
        Component { user_id: name(device.0), token_hash: token_hash(&self.enterprise, device), lease: LEASE }
    }

    async fn work(&self) {
        self.presence.work(&self.db, self.now).await.unwrap();
    }

    async fn begin(&mut self, away: i64) {
        self.now += away;
        self.presence = presence(self.now);
        self.work().await;
    }

    /// Lets a step happen. What is refused changes nothing, which is then seen.
    async fn take(&mut self, step: &Step) {
        let (now, class_ids) = (self.now, self.class_ids);
        match *step {
            Step::Join(device, class) => {
                let component = self.component(device);
                let token_hash = component.token_hash.clone();
                let join = move |conn: &mut Conn, enterprise: &Enterprise| {
                    let devices = Devices::default();
                    session::join_as_component(conn, enterprise, class_ids[class], &component, "", devices, now)
                };
                if self.write(join).await.is_ok() {
                    self.presence.forget(class_ids[class], &token_hash);
                }
            }
            Step::Quit(device, class) => {
                let component = self.component(device);
                let token_hash = component.token_hash.clone();
                let quit = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::quit_as_component(conn, enterprise, class_ids[class], &component, now)
                };
                self.write(quit).await.unwrap();
                self.presence.forget(class_ids[class], &token_hash);
            }
            Step::Beat(device, class) => {
                let component = self.component(device);
                let (id, class_id) = (self.enterprise.enterprise_id, class_ids[class]);
                let _ = self.presence.beat(&self.db, id, class_id, component, now).await;
            }
            Step::JoinByCall(user, class) => {
                let join = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::join(conn, enterprise, class_ids[class], &name(user), "", Devices::default(), now)
                };
                let _ = self.write(join).await;
            }
            Step::QuitByCall(user, class) => {
                let quit = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::quit(conn, enterprise, class_ids[class], &name(user), now)
                };
                self.write(quit).await.unwrap();
            }
            Step::Kick(user, class) => {
                let kick = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::kick(conn, enterprise, class_ids[class], &name(user), "t", now)
                };
                self.write(kick).await.unwrap();
            }
            Step::Allow(user, class) => {
                let allow = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::allow(conn, enterprise.enterprise_id, class_ids[class], &name(user), "t")
                };
                self.write(allow).await.unwrap();
            }
            Step::Pass(time) => {
                self.now += time;
                self.work().await;
            }
            Step::Back(time) => self.now -= time,
            Step::Crash(away) => self.begin(away).await,
            Step::Restart(away) => {
                self.presence.write_down(&self.db, now).await.unwrap();
                self.begin(away).await;
            }
        }
    }
}

/// A stay as it is.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    user_id: String,
    #[diesel(sql_type = BigInt)]
    ordinal: i64,
    #[diesel(sql_type = BigInt)]
    enter_time: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    quit_time: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    quit_reason: Option<String>,
}

const ALL: Page = Page { start: Start::Index(0), size: 1_000 };

/// Whether everything that can be seen of a class is as the model says.
async fn compare(school: &School, model: &Model, class: usize) {
    let (id, class_id, now) = (school.enterprise.enterprise_id, school.class_ids[class], school.now);
    let look = move |conn: &mut Conn| {
        while event::relay(conn)?.more {}
        let statement = format!(
            "SELECT user_id, ordinal, enter_time, quit_time, quit_reason FROM sessions WHERE class_id = {class_id} ORDER BY id"
        );
        let sessions: Vec<Row> = diesel::sql_query(statement).load(conn)?;
        let inside = session::inside(conn, id, class_id, ALL)?;
        let seen = session::seen(conn, id, class_id, ALL)?;
        let events = event::feed(conn, id, Some(class_id), 0, 10_000)?;
        let attended = attendance::list(conn, id, class_id, ALL, now)?.rows;
        Ok::<_, domain::Error>((sessions, inside, seen, events, attended))
    };
    let (sessions, inside, seen, events, attended) = school.db.write(look).await.unwrap();
    let expected: Vec<&Stay> = model.sessions.iter().filter(|session| session.class == class).collect();
    let rows: Vec<Row> = expected
        .iter()
        .map(|session| Row {
            user_id: name(session.user),
            ordinal: session.ordinal,
            enter_time: session.enter,
            quit_time: session.end.map(|end| end.0),
            quit_reason: session.end.map(|end| end.1.to_owned()),
        })
        .collect();
    assert_eq!(sessions, rows, "stays");
    for person in attended {
        let theirs: Vec<Row> = person
            .sessions
            .into_iter()
            .map(|session| Row {
                user_id: session.user_id,
                ordinal: session.ordinal,
                enter_time: session.enter_time,
                quit_time: session.quit_time,
                quit_reason: session.quit_reason.map(|reason| reason.to_string()),
            })
            .collect();
        let own: Vec<&Row> = rows.iter().filter(|row| row.user_id == person.user_id).collect();
        assert_eq!(theirs.iter().collect::<Vec<_>>(), own, "attendance of {}", person.user_id);
    }
    let runtime: Vec<String> = inside.rows.iter().map(|(session, _)| session.user_id.clone()).collect();
    let there: Vec<String> =
        expected.iter().filter(|session| session.end.is_none()).map(|session| name(session.user)).collect();
    assert_eq!(runtime, there, "runtime list");
    let history: Vec<_> =
        seen.rows.iter().map(|seen| (seen.user.user_id.clone(), seen.first_enter, seen.last_quit)).collect();
    let firsts = expected.iter().filter(|session| session.ordinal == 1);
    let were: Vec<_> = firsts
        .map(|first| {
            let mut quits =
                expected.iter().filter(|session| session.user == first.user).filter_map(|session| session.end);
            (name(first.user), first.enter, quits.next_back().map(|end| end.0))
        })
        .collect();
    assert_eq!(history, were, "history");
    let told: Vec<(bool, String, i64)> = events
        .iter()
        .map(|event| match &*event.payload {
            EventPayload::Joined { user_id, time, .. } => (true, user_id.clone(), *time),
            EventPayload::Left { user_id, time, .. } => (false, user_id.clone(), *time),
            other => panic!("{other:?}"),
        })
        .collect();
    let tell: Vec<_> = model.told[class].iter().map(|(came, user, time)| (*came, name(*user), *time)).collect();
    assert_eq!(told, tell, "callbacks");
    let sequence: Vec<i64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(sequence, (1..).take(sequence.len()).collect::<Vec<i64>>());
}

#[test]
fn presence_is_as_its_model_whatever_happens() {
    let database = Database::create();
    let db = Db::open(&database.url).unwrap();
    db.migrate().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    let result = runner.run(&vec(step(), 0..60), |steps| {
        runtime.block_on(async {
            let now = BEGIN * 1000;
            let mut school = School::found(&db, now).await;
            let (sessions, bans, told) = (Vec::new(), BTreeSet::new(), [Vec::new(), Vec::new()]);
            let mut model = Model { now, sessions, bans, told, sweep_from: now + INTERVAL };
            for step in &steps {
                if model.is_adopted_by(step) {
                    continue;
                }
                school.take(step).await;
                model.take(step);
                for class in 0..CLASSES {
                    compare(&school, &model, class).await;
                }
            }
        });
        Ok(())
    });
    result.unwrap();
}
