//! An event is written to the outbox in the transaction of its change, which on SQLite is that of a batch of writes. The relay
//! moves many entries at once later.

use std::sync::mpsc::channel;

use futures_util::future::{BoxFuture, join_all};
use lectern::db::{Conn, Db};
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::Via;
use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::events::event;
use lectern::domain::events::event::{Delivery, Event, State};
use lectern::domain::tenancy::enterprise as enterprises;
use lectern::domain::{Error, Forbidden, Result};
use lectern::service::delete_enterprise::delete_enterprise;
use lectern::store::Page;
use lectern::store::ids::{ClassId, EnterpriseId, EventId};

use crate::{add_user, enterprise, migrated, user_ids};

type Write = Box<dyn FnOnce(&mut Conn) -> Result<()> + Send>;

fn write(f: impl FnOnce(&mut Conn) -> Result<()> + Send + 'static) -> Write {
    Box::new(f)
}

/// Runs all writes in one batch: a write before them blocks until all of them wait.
async fn together(db: &Db, writes: Vec<Write>) -> Vec<Result<()>> {
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
fn publish(sdkappid: i64, n: i64) -> impl Fn(&mut Conn) -> Result<()> + Send + 'static {
    move |conn| {
        let row = enterprises::require(conn, sdkappid)?;
        add_user(conn, row.enterprise_id, &format!("u{n:03}"))?;
        event::test(conn, &row, n)
    }
}

fn make_class(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<ClassId> {
    let patch = class::Patch { teacher_id: Some("teacher".into()), ..class::Patch::default() };
    class::create(conn, enterprise_id, patch, 0)
}

/// Relays until the outbox is empty, and returns the number of transactions.
async fn relay(db: &Db) -> usize {
    for count in 1.. {
        if !db.write(|conn| Ok::<_, Error>(event::relay(conn)?)).await.unwrap().more {
            return count;
        }
    }
    unreachable!("there is an end")
}

/// The events of an enterprise, after all are relayed.
async fn events(db: &Db, enterprise_id: EnterpriseId) -> Vec<Event> {
    relay(db).await;
    relayed(db, enterprise_id).await
}

async fn relayed(db: &Db, enterprise_id: EnterpriseId) -> Vec<Event> {
    db.read(move |conn| Ok::<_, Error>(event::feed(conn, enterprise_id, None, EventId(0), 10_000)?)).await.unwrap()
}

/// The deliveries of an enterprise with their events, the oldest first.
async fn deliveries(db: &Db, enterprise_id: EnterpriseId) -> Vec<(Delivery, Event)> {
    let list = move |conn: &mut Conn| {
        Ok::<_, Error>(event::list(conn, enterprise_id, &event::Filter::default(), Page::at(0, 10_000))?)
    };
    let mut deliveries = db.read(list).await.unwrap();
    deliveries.reverse();
    deliveries
}

/// The times of the events. These tests use them as numbers.
fn numbers(events: &[Event]) -> Vec<i64> {
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
async fn of_events_of_one_class_published_together_the_first_is_ready_and_the_others_wait() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let make = move |conn: &mut Conn| make_class(conn, EnterpriseId(id));
    let class_id = db.write(make).await.unwrap();
    let change = |what: fn(&mut Conn, &enterprises::Enterprise, i64) -> Result<()>| {
        write(move |conn| {
            let row = enterprises::require(conn, 1)?;
            what(conn, &row, class_id.0)
        })
    };
    let begin = change(|conn, row, class_id| {
        class::start(conn, row, ClassId(class_id), Via::Component.by(None), Ok(i64::MAX), 1)
    });
    let end = change(|conn, row, class_id| class::stop(conn, row, ClassId(class_id), Via::Component.by(None), 2));
    // On PostgreSQL concurrent writes have no order.
    let batches = if db.is_embedded() { vec![vec![begin, end]] } else { vec![vec![begin], vec![end]] };
    for batch in batches {
        together(&db, batch).await.into_iter().for_each(Result::unwrap);
    }
    relay(&db).await;
    let published: Vec<(i64, State)> = deliveries(&db, EnterpriseId(id))
        .await
        .iter()
        .map(|(delivery, event)| (event.sequence, delivery.state))
        .collect();
    assert_eq!(published, [(1, State::Ready), (2, State::Waiting)]);

    // The same in one transaction.
    let class_id = db.write(make).await.unwrap();
    let both = move |conn: &mut Conn| {
        let row = enterprises::require(conn, 1)?;
        class::start(conn, &row, ClassId(class_id.0), Via::Component.by(None), Ok(i64::MAX), 1)?;
        class::stop(conn, &row, ClassId(class_id.0), Via::Component.by(None), 2)
    };
    db.write(both).await.unwrap();
    relay(&db).await;
    let published: Vec<(i64, State)> = deliveries(&db, EnterpriseId(id))
        .await
        .iter()
        .skip(2)
        .map(|(delivery, event)| (event.sequence, delivery.state))
        .collect();
    assert_eq!(published, [(1, State::Ready), (2, State::Waiting)]);
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
async fn an_entry_that_a_refused_write_had_relayed_is_relayed_once_all_the_same() {
    let (db, _database) = migrated();
    let (first, second) = (enterprise(&db, 1).await, enterprise(&db, 2).await);
    let relay_and_refuse = write(|conn| {
        event::relay(conn)?;
        Err(Error::Forbidden(Forbidden::NotATeacher { user_id: "the test".into() }))
    });
    let results = together(&db, vec![write(publish(1, 10)), relay_and_refuse, write(publish(2, 20))]).await;
    assert!(results[0].is_ok() && results[1].is_err() && results[2].is_ok(), "{results:?}");
    assert_eq!(numbers(&events(&db, EnterpriseId(first)).await), [10]);
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

#[tokio::test]
async fn an_outbox_entry_becomes_an_event_when_it_is_relayed_some_hundreds_at_a_time() {
    const EVENTS: i64 = 1_100;
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let row = db.read(|conn| enterprises::require(conn, 1)).await.unwrap();
    db.write(move |conn| (0..EVENTS).try_for_each(|n| event::test(conn, &row, n))).await.unwrap();
    assert!(relayed(&db, EnterpriseId(id)).await.is_empty());
    assert!(!db.read(|conn| Ok::<_, Error>(event::is_relayed(conn)?)).await.unwrap());

    db.write(|conn| Ok::<_, Error>(event::relay(conn)?)).await.unwrap();
    let first = relayed(&db, EnterpriseId(id)).await;
    assert!((1..EVENTS).contains(&i64::try_from(first.len()).unwrap()), "{} at once", first.len());
    assert!(relay(&db).await > 1);
    let all = relayed(&db, EnterpriseId(id)).await;
    assert_eq!(numbers(&all), (0..EVENTS).collect::<Vec<_>>());
    assert_eq!(all[0].event_id, first[0].event_id);
    assert!(db.read(|conn| Ok::<_, Error>(event::is_relayed(conn)?)).await.unwrap());
    assert_eq!(relay(&db).await, 1, "there is nothing more");
    assert_eq!(relayed(&db, EnterpriseId(id)).await.len(), all.len());
}

#[tokio::test]
async fn lifting_the_order_applies_to_outbox_entries_too() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let begin_end_and_lift = move |conn: &mut Conn| {
        let class_id = make_class(conn, EnterpriseId(id))?;
        let row = enterprises::require(conn, 1)?;
        class::start(conn, &row, ClassId(class_id.0), Via::Component.by(None), Ok(i64::MAX), 1)?;
        class::stop(conn, &row, ClassId(class_id.0), Via::Component.by(None), 2)?;
        modify_enterprise(conn, 1, enterprises::Patch { callback_ordered: Some(false), ..Default::default() })
    };
    db.write(begin_end_and_lift).await.unwrap();
    let published: Vec<(String, State)> = deliveries(&db, EnterpriseId(id))
        .await
        .into_iter()
        .map(|(delivery, _)| (delivery.lane, delivery.state))
        .collect();
    assert_eq!(published, [(String::new(), State::Ready), (String::new(), State::Ready)]);
}

#[tokio::test]
async fn an_enterprise_with_few_events_does_not_wait_for_one_with_many() {
    let (db, _database) = migrated();
    if !db.is_embedded() {
        // On SQLite all entries are relayed at once.
        return;
    }
    let (much, little) = (enterprise(&db, 1).await, enterprise(&db, 2).await);
    let publish = |conn: &mut Conn| {
        let (first, second) = (enterprises::require(conn, 1)?, enterprises::require(conn, 2)?);
        (0..2_000).try_for_each(|n| event::test(conn, &first, n))?;
        event::test(conn, &second, 2_000)?;
        event::test(conn, &first, 2_001)
    };
    db.write(publish).await.unwrap();
    let posted_first = db.write(|conn| Ok::<_, Error>(event::relay(conn)?)).await.unwrap();
    assert!(posted_first.more);
    assert_eq!(numbers(&relayed(&db, EnterpriseId(little)).await), [2_000]);
    assert!(relayed(&db, EnterpriseId(much)).await.len() < 1_000);
    assert_eq!(numbers(&events(&db, EnterpriseId(much)).await), (0..2_000).chain([2_001]).collect::<Vec<_>>());
}
