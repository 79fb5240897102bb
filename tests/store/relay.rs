//! The relay makes events and deliveries of outbox entries, many at a time.

use lectern::db::Conn;
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::Via;
use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::events::event;
use lectern::domain::events::event::State;
use lectern::domain::tenancy::enterprise as enterprises;
use lectern::domain::{Error, Forbidden, Result};
use lectern::store::ids::{ClassId, EnterpriseId};

use crate::outbox::{deliveries, events, make_class, numbers, publish, relay, relayed, together, write};
use crate::{enterprise, migrated};

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
