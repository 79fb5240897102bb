//! Concurrent transactions on PostgreSQL do not deadlock.

use std::sync::Barrier;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use lectern::db::{Conn, Db};
use lectern::domain::Error;
use lectern::domain::content::document;
use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::events::event;
use lectern::domain::events::event::EndpointId;
use lectern::domain::tenancy::enterprise as enterprises;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::user;
use lectern::domain::tenancy::user::{Draft, Role};
use lectern::jobs::Lease;
use lectern::service::delete_enterprise::delete_enterprise;
use lectern::store::events::delivery;
use lectern::store::ids::{EnterpriseId, EventId};
use tokio::runtime::Runtime;

use crate::{enterprise, migrated};

/// Longer than any wait that is not a deadlock, shorter than the time limit of a test.
const DEADLINE: Duration = Duration::from_secs(4);

/// Runs an operation concurrently with two orders of the same ids.
fn at_once<T: Send>(ids: &[String], run: impl Fn(Vec<String>) -> T + Sync) -> [T; 2] {
    let start = Barrier::new(2);
    let run = |ids: Vec<String>| {
        start.wait();
        run(ids)
    };
    std::thread::scope(|scope| {
        let forth = scope.spawn(|| run(ids.to_vec()));
        let back = scope.spawn(|| run(ids.iter().rev().cloned().collect()));
        [forth.join().unwrap(), back.join().unwrap()]
    })
}

#[test]
fn of_two_who_register_the_same_users_in_opposite_order_one_does_it() {
    let (db, _database) = migrated();
    let runtime = Runtime::new().unwrap();
    let id = runtime.block_on(enterprise(&db, 1));
    for round in 0..12 {
        let user_ids: Vec<String> = (0..user::AT_ONCE).map(|n| format!("u{round:02}-{n:03}")).collect();
        let register = |user_ids: Vec<String>| {
            let drafts = user_ids.into_iter().map(|user_id| Draft::of(user_id, Role::Student)).collect();
            runtime.block_on(db.write(move |conn| user::register(conn, EnterpriseId(id), drafts, 0).map(drop)))
        };
        let mut done = 0;
        for result in at_once(&user_ids, register) {
            match result {
                Ok(()) => done += 1,
                Err(Error::UsersExist(repeats)) => assert_eq!(repeats.len(), user_ids.len()),
                Err(other) => panic!("round {round}: {other:?}"),
            }
        }
        assert_eq!(done, 1);
    }
}

#[test]
fn of_two_who_remove_the_same_documents_in_opposite_order_one_does_it() {
    let (db, _database) = migrated();
    let runtime = Runtime::new().unwrap();
    let id = runtime.block_on(enterprise(&db, 1));
    for round in 0..6 {
        let add = move |conn: &mut Conn| -> Result<Vec<String>, Error> {
            let new = || document::Draft {
                doc_url: "http://127.0.0.1/d.pdf".into(),
                file: None,
                doc_name: "d".into(),
                doc_ext: "pdf".into(),
                doc_size: 0,
                doc_md5: String::new(),
                permission: document::Permission::Public,
                owner: String::new(),
                is_transcode: false,
                is_static: false,
            };
            let owner = enterprises::require(conn, 1)?;
            (0..100).map(|_| document::add(conn, &owner, new(), None, 0)).collect()
        };
        let doc_ids = runtime.block_on(db.write(add)).unwrap();
        let remove = |doc_ids: Vec<String>| {
            runtime.block_on(db.write(move |conn| document::remove(conn, EnterpriseId(id), &doc_ids, 0)))
        };
        let results = at_once(&doc_ids, remove);
        let done = results.iter().filter(|result| result.is_ok()).count();
        assert!(done == 1 && results.iter().any(|r| matches!(r, Err(Error::Invalid { .. }))), "{round}: {results:?}");
    }
}

/// An enterprise with three deliveries. A worker holds two, and another transaction has locked both.
struct Held {
    /// The other transaction. It is ended first, for operations that wait for it.
    _locks: PgConnection,
    runtime: Runtime,
    db: Db,
    sdkappid: i64,
    lease: Lease,
    _database: crate::Database,
}

impl Held {
    fn set() -> Self {
        let (db, database) = migrated();
        let runtime = Runtime::new().unwrap();
        let id = runtime.block_on(enterprise(&db, 1));
        let publish = db.write(|conn| {
            let row = enterprises::require(conn, 1)?;
            (0..3).try_for_each(|_| event::test(conn, &row, 0))?;
            Ok::<_, Error>(event::relay(conn)?)
        });
        runtime.block_on(publish).unwrap();
        let lease = Lease { token: "a worker".into(), until: 1000 };
        let claim = lease.clone();
        let claimed = db.write(move |conn| {
            Ok::<_, Error>(delivery::claim(conn, EndpointId::Enterprise(EnterpriseId(id)), &claim, 0, 2)?)
        });
        assert_eq!(runtime.block_on(claimed).unwrap().len(), 2);
        let mut locks = PgConnection::establish(&database.url).unwrap();
        locks.batch_execute("BEGIN; SELECT * FROM deliveries WHERE state = 'claimed' FOR UPDATE").unwrap();
        Self { _locks: locks, runtime, db, sdkappid: 1, lease, _database: database }
    }

    /// Writes without waiting for a lock.
    fn write<T: Send + 'static>(&self, f: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static) -> T {
        let write = async { tokio::time::timeout(DEADLINE, self.db.write(f)).await };
        self.runtime.block_on(write).expect("it waits for what somebody else has locked").unwrap()
    }
}

#[test]
#[ignore = "on PostgreSQL"]
fn a_worker_that_renews_its_claims_waits_for_nobody() {
    let held = Held::set();
    let lease = Lease { until: 2000, ..held.lease.clone() };
    held.write(move |conn| Ok(delivery::renew(conn, &lease)?));
}

#[test]
#[ignore = "on PostgreSQL"]
fn releasing_expired_claims_waits_for_nobody() {
    let held = Held::set();
    assert_eq!(held.write(|conn| Ok(delivery::release_expired(conn, "another worker", 5000, false)?)), 0);
}

#[test]
#[ignore = "on PostgreSQL"]
fn an_enterprise_that_lifts_the_order_of_its_events_waits_for_no_worker() {
    let held = Held::set();
    let sdkappid = held.sdkappid;
    let patch = Patch { callback_ordered: Some(false), ..Patch::default() };
    held.write(move |conn| modify_enterprise(conn, sdkappid, patch));
}

#[test]
#[ignore = "on PostgreSQL"]
fn events_are_written_while_their_enterprise_is_changed() {
    let (db, _database) = migrated();
    let runtime = Runtime::new().unwrap();
    runtime.block_on(enterprise(&db, 1));
    let (locked, has_locked) = channel();
    let (finish, finished) = channel::<()>();
    let changing = db.clone();
    let changing = runtime.spawn(async move {
        let change = move |conn: &mut Conn| {
            enterprises::rotate_key(conn, 1, 0, 0)?;
            locked.send(()).unwrap();
            finished.recv().unwrap();
            Ok::<_, Error>(())
        };
        changing.write(change).await
    });
    has_locked.recv().unwrap();
    let publish = db.write(|conn| {
        let row = enterprises::require(conn, 1)?;
        event::test(conn, &row, 0)
    });
    let published = runtime.block_on(async { tokio::time::timeout(DEADLINE, publish).await });
    finish.send(()).unwrap();
    published.expect("it waits for the change").unwrap();
    runtime.block_on(changing).unwrap().unwrap();
}

#[test]
#[ignore = "on PostgreSQL"]
fn outbox_entries_of_others_are_relayed_while_an_enterprise_is_removed() {
    let (db, _database) = migrated();
    let runtime = Runtime::new().unwrap();
    let ids = [1, 2].map(|sdkappid| runtime.block_on(enterprise(&db, sdkappid)));
    let publish = db.write(|conn| {
        [1, 2].into_iter().try_for_each(|sdkappid| {
            let row = enterprises::require(conn, sdkappid)?;
            event::test(conn, &row, 0)
        })
    });
    runtime.block_on(publish).unwrap();
    let (removed, is_removed) = channel();
    let (finish, finished) = channel::<()>();
    let removing = db.clone();
    let removing = runtime.spawn(async move {
        let remove = move |conn: &mut Conn| {
            delete_enterprise(conn, 1)?;
            removed.send(()).unwrap();
            finished.recv().unwrap();
            Ok::<_, Error>(())
        };
        removing.write(remove).await
    });
    is_removed.recv().unwrap();
    let relay = db.write(|conn| Ok::<_, Error>(event::relay(conn)?));
    let relayed = runtime.block_on(async { tokio::time::timeout(DEADLINE, relay).await });
    finish.send(()).unwrap();
    let endpoints = relayed.expect("it waits for the removal").unwrap().endpoints;
    assert_eq!(endpoints.into_iter().collect::<Vec<_>>(), [EndpointId::Enterprise(EnterpriseId(ids[1]))]);
    runtime.block_on(removing).unwrap().unwrap();
    let rest = db.write(|conn| Ok::<_, Error>((event::relay(conn)?.endpoints, event::is_relayed(conn)?)));
    let (endpoints, is_relayed) = runtime.block_on(rest).unwrap();
    assert!(endpoints.is_empty() && is_relayed, "its events went along");
}

#[test]
#[ignore = "on PostgreSQL"]
fn relays_that_run_at_once_relay_each_event_once_and_in_order() {
    const EVENTS: i64 = 300;
    let (db, _database) = migrated();
    let runtime = Runtime::new().unwrap();
    let id = runtime.block_on(enterprise(&db, 1));
    let publish = db.write(|conn| {
        let row = enterprises::require(conn, 1)?;
        (0..EVENTS).try_for_each(|n| event::test(conn, &row, n))
    });
    runtime.block_on(publish).unwrap();
    let relay = || db.write(|conn| Ok::<_, Error>(event::relay(conn)?));
    let all = runtime.block_on(async { tokio::join!(relay(), relay(), relay()) });
    assert!(all.0.is_ok() && all.1.is_ok() && all.2.is_ok(), "{all:?}");
    let feed = db.read(move |conn| Ok::<_, Error>(event::feed(conn, EnterpriseId(id), None, EventId(0), 1000)?));
    let published: Vec<i64> = runtime.block_on(feed).unwrap().iter().map(|event| event.create_time).collect();
    assert_eq!(published, (0..EVENTS).collect::<Vec<_>>());
}

#[test]
#[ignore = "on PostgreSQL"]
fn of_two_who_make_enterprises_at_once_the_second_sees_what_the_first_made() {
    let (db, database) = migrated();
    let runtime = Runtime::new().unwrap();
    let (seen, has_seen) = channel();
    let (finish, finished) = channel::<()>();
    let first = db.clone();
    let first = runtime.spawn(async move {
        let make = move |conn: &mut Conn| {
            let demo = enterprises::create_demo(conn, 0)?;
            seen.send(()).unwrap();
            finished.recv().unwrap();
            Ok::<_, Error>(demo)
        };
        first.write(make).await
    });
    has_seen.recv().unwrap();
    let demo = db.clone();
    let demo = runtime.spawn(async move { demo.write(|conn| enterprises::create_demo(conn, 0)).await });
    let next = runtime
        .spawn(async move { db.write(|conn| enterprises::create(conn, enterprises::Draft::default(), 0)).await });
    let mut watch = PgConnection::establish(&database.url).unwrap();
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = \
        (SELECT oid FROM pg_database WHERE datname = current_database())";
    let begun = Instant::now();
    while begun.elapsed() < DEADLINE && count(&mut watch, waiting) < 2 {
        std::thread::yield_now();
    }
    finish.send(()).unwrap();
    let first = runtime.block_on(first).unwrap().unwrap().expect("there was none before");
    assert!(runtime.block_on(demo).unwrap().unwrap().is_none());
    assert_eq!(runtime.block_on(next).unwrap().unwrap().sdkappid, first.sdkappid + 1);
}

fn count(conn: &mut PgConnection, query: &str) -> i64 {
    diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!("({query})"))).get_result(conn).unwrap()
}
