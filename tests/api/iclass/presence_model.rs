//! Presence against a model: after any sequence of joins, heartbeats, clock changes and crashes, the participants, the sessions
//! and the published events match the model.

mod model;
mod school;

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use lectern::db::{Conn, Db};
use lectern::domain;
use lectern::domain::classroom::attendance;
use lectern::domain::classroom::session;
use lectern::domain::events::event;
use lectern::domain::events::event::EventPayload;
use lectern::store::ids::{ClassId, EventId};
use lectern::store::{Page, Start};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::database::Database;
use crate::support::service::BEGIN;
use model::{Model, Session};
use school::{School, name};

const INTERVAL: i64 = 30_000;
const LEASE: i64 = 3 * INTERVAL;
const GRACE: i64 = session::GRACE;
const USERS: usize = 3;
const CLASSES: usize = 2;

/// A user, and one of their two devices.
type Device = (usize, usize);

/// A step of the model.
#[derive(Clone, Debug)]
enum Step {
    Join(Device, usize),
    Quit(Device, usize),
    Heartbeat(Device, usize),
    JoinByCall(usize, usize),
    QuitByCall(usize, usize),
    Kick(usize, usize),
    Allow(usize, usize),
    /// Time passes, in milliseconds, and the worker runs.
    Pass(i64),
    /// The clock is set back.
    Back(i64),
    /// The process is killed, and another starts after a while.
    Crash(i64),
    /// The process stops, and another starts after a while.
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
        12 => (device(), 0..CLASSES).prop_map(|(device, class)| Step::Heartbeat(device, class)),
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

/// A session of the service.
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

/// Whether everything visible of a class matches the model.
async fn compare(school: &School, model: &Model, class: usize) {
    let (id, class_id, now) = (school.enterprise.enterprise_id, school.class_ids[class], school.now);
    let look = move |conn: &mut Conn| {
        while event::relay(conn)?.more {}
        let statement = format!(
            "SELECT user_id, ordinal, enter_time, quit_time, quit_reason FROM sessions WHERE class_id = {class_id} ORDER BY id"
        );
        let sessions: Vec<Row> = diesel::sql_query(statement).load(conn)?;
        let inside = session::inside(conn, id, ClassId(class_id.0), ALL)?;
        let seen = session::seen(conn, id, ClassId(class_id.0), ALL)?;
        let events = event::feed(conn, id, Some(ClassId(class_id.0)), EventId(0), 10_000)?;
        let attended = attendance::list(conn, id, ClassId(class_id.0), ALL, now)?.rows;
        Ok::<_, domain::Error>((sessions, inside, seen, events, attended))
    };
    let (sessions, inside, seen, events, attended) = school.db.write(look).await.unwrap();
    let expected: Vec<&Session> = model.sessions.iter().filter(|session| session.class == class).collect();
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
    assert_eq!(sessions, rows, "sessions");
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
    let published: Vec<(bool, String, i64)> = events
        .iter()
        .map(|event| match &*event.payload {
            EventPayload::Joined { user_id, time, .. } => (true, user_id.clone(), *time),
            EventPayload::Left { user_id, time, .. } => (false, user_id.clone(), *time),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected: Vec<_> =
        model.published[class].iter().map(|(came, user, time)| (*came, name(*user), *time)).collect();
    assert_eq!(published, expected, "callbacks");
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
            let (sessions, bans, published) = (Vec::new(), BTreeSet::new(), [Vec::new(), Vec::new()]);
            let mut model = Model { now, sessions, bans, published, sweep_from: now + INTERVAL };
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
