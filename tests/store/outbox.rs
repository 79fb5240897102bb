//! An event is written to the outbox in the transaction of its change, which on SQLite is that of a batch of writes. The relay
//! moves many entries at once later.

use std::sync::mpsc::channel;

use futures_util::future::{BoxFuture, join_all};
use lectern::db::{Conn, Db};
use lectern::domain::classroom::class;
use lectern::domain::events::event;
use lectern::domain::events::event::{Delivery, Event};
use lectern::domain::tenancy::enterprise as enterprises;
use lectern::domain::{Error, Forbidden, Result};
use lectern::service::delete_enterprise::delete_enterprise;
use lectern::store::Page;
use lectern::store::ids::{ClassId, EnterpriseId, EventId};

use crate::{add_user, enterprise, migrated, user_ids};

pub type Write = Box<dyn FnOnce(&mut Conn) -> Result<()> + Send>;

pub fn write(f: impl FnOnce(&mut Conn) -> Result<()> + Send + 'static) -> Write {
    Box::new(f)
}

/// Runs all writes in one batch: a write before them blocks until all of them wait.
pub async fn together(db: &Db, writes: Vec<Write>) -> Vec<Result<()>> {
    let (begun, has_begun) = channel();
    let (go_on, goes_on) = channel::<()>();
    let holding = db.clone();
    let holding = tokio::spawn(async move {
        let hold = move |_: &mut Conn| -> Result<()> {
            begun.send(()).unwrap();
            goes_on.recv().unwrap();
            Ok(())
        };
        holding.write(hold).await
    });
    tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
    let release: BoxFuture<'_, Result<()>> = Box::pin(async {
        go_on.send(()).unwrap();
        Ok(())
    });
    let waiting = writes.into_iter().map(|write| -> BoxFuture<'_, Result<()>> { Box::pin(db.write(write)) });
    // The writes start in order, so all of them wait when the block ends.
    let mut results = join_all(waiting.chain([release])).await;
    results.pop();
    holding.await.unwrap().unwrap();
    results
}

/// Adds the user `n` and publishes an event with that number.
pub fn publish(sdkappid: i64, n: i64) -> impl Fn(&mut Conn) -> Result<()> + Send + 'static {
    move |conn| {
        let row = enterprises::require(conn, sdkappid)?;
        add_user(conn, row.enterprise_id, &format!("u{n:03}"))?;
        event::test(conn, &row, n)
    }
}

pub fn make_class(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<ClassId> {
    let patch = class::Patch { teacher_id: Some("teacher".into()), ..class::Patch::default() };
    class::create(conn, enterprise_id, patch, 0)
}

/// Relays until the outbox is empty, and returns the number of transactions.
pub async fn relay(db: &Db) -> usize {
    for count in 1.. {
        if !db.write(|conn| Ok::<_, Error>(event::relay(conn)?)).await.unwrap().more {
            return count;
        }
    }
    unreachable!("there is an end")
}

/// The events of an enterprise, after all are relayed.
pub async fn events(db: &Db, enterprise_id: EnterpriseId) -> Vec<Event> {
    relay(db).await;
    relayed(db, enterprise_id).await
}

pub async fn relayed(db: &Db, enterprise_id: EnterpriseId) -> Vec<Event> {
    db.read(move |conn| Ok::<_, Error>(event::feed(conn, enterprise_id, None, EventId(0), 10_000)?)).await.unwrap()
}

/// The deliveries of an enterprise with their events, the oldest first.
pub async fn deliveries(db: &Db, enterprise_id: EnterpriseId) -> Vec<(Delivery, Event)> {
    let list = move |conn: &mut Conn| {
        Ok::<_, Error>(event::list(conn, enterprise_id, &event::Filter::default(), Page::at(0, 10_000))?)
    };
    let mut deliveries = db.read(list).await.unwrap();
    deliveries.reverse();
    deliveries
}

/// The times of the events. These tests use them as numbers.
pub fn numbers(events: &[Event]) -> Vec<i64> {
    events.iter().map(|event| event.create_time).collect()
}

#[tokio::test]
async fn each_write_of_a_batch_has_its_event_or_is_refused_without_it() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let refuse_some = |n: i64| {
        write(move |conn| {
            publish(1, n)(conn)?;
            if n % 3 == 1 {
                Err(Error::Forbidden(Forbidden::NotATeacher { user_id: "the test".into() }))
            } else {
                Ok(())
            }
        })
    };
    let results = together(&db, (0..40).map(refuse_some).collect()).await;
    let kept: Vec<i64> = (0..40).filter(|n| n % 3 != 1).collect();
    for (n, result) in (0..).zip(&results) {
        assert_eq!(result.is_ok(), kept.contains(&n), "{n}: {result:?}");
    }
    let users: Vec<String> = kept.iter().map(|n| format!("u{n:03}")).collect();
    let (mut there, published) = (user_ids(&db, EnterpriseId(id)).await, events(&db, EnterpriseId(id)).await);
    there.sort_unstable();
    assert_eq!(there, users);
    let mut relayed = numbers(&published);
    relayed.sort_unstable();
    assert_eq!(relayed, kept);
    let delivered: Vec<EventId> =
        deliveries(&db, EnterpriseId(id)).await.iter().map(|(delivery, _)| delivery.event_id).collect();
    assert_eq!(delivered, published.iter().map(|event| event.event_id).collect::<Vec<EventId>>());
}

#[tokio::test]
async fn the_ids_of_events_published_together_count_up_in_their_order() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    for count in [1, 2, 3, 7, 8, 15, 40, 1300] {
        let before = events(&db, EnterpriseId(id)).await.len();
        let row = db.read(|conn| enterprises::require(conn, 1)).await.unwrap();
        db.write(move |conn| (0..count).try_for_each(|n| event::test(conn, &row, n))).await.unwrap();
        let published = events(&db, EnterpriseId(id)).await.split_off(before);
        assert_eq!(numbers(&published), (0..count).collect::<Vec<i64>>());
    }
    let (published, delivered) = (events(&db, EnterpriseId(id)).await, deliveries(&db, EnterpriseId(id)).await);
    assert_eq!(published.len(), delivered.len());
    for (event, (delivery, of)) in published.iter().zip(&delivered) {
        assert_eq!((event.event_id, event.create_time), (delivery.event_id, of.create_time));
    }
}

#[tokio::test]
async fn an_enterprise_that_goes_takes_its_events_along_and_leaves_those_of_others() {
    let (db, _database) = migrated();
    let (first, second) = (enterprise(&db, 1).await, enterprise(&db, 2).await);
    let writes = vec![write(publish(1, 10)), write(|conn| delete_enterprise(conn, 1)), write(publish(2, 20))];
    // On PostgreSQL concurrent writes have no order, and publishing for an enterprise that is being removed fails.
    let batches = if db.is_embedded() { vec![writes] } else { writes.into_iter().map(|write| vec![write]).collect() };
    for batch in batches {
        together(&db, batch).await.into_iter().for_each(Result::unwrap);
    }
    assert!(events(&db, EnterpriseId(first)).await.is_empty());
    assert_eq!(numbers(&events(&db, EnterpriseId(second)).await), [20]);
}

#[tokio::test]
async fn writes_undone_by_a_panic_leave_no_event_to_later_writes() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let panic = write(|conn| {
        publish(1, 2)(conn)?;
        panic!("a write that panics on purpose")
    });
    let results = together(&db, vec![write(publish(1, 1)), panic, write(publish(1, 3))]).await;
    let kept: Vec<i64> = (1..).zip(&results).filter(|(_, result)| result.is_ok()).map(|(n, _)| n).collect();
    assert!(!kept.contains(&2));
    db.write(publish(1, 4)).await.unwrap();
    let mut published = numbers(&events(&db, EnterpriseId(id)).await);
    published.sort_unstable();
    assert_eq!(published, kept.into_iter().chain([4]).collect::<Vec<i64>>());
}
