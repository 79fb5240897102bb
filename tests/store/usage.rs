//! The usage of a day, counted from rows.

use diesel::connection::SimpleConnection;
use lectern::db::{Conn, Db};
use lectern::domain::Error;
use lectern::domain::usage as days;
use lectern::store::ids::{EnterpriseId, EventId};
use lectern::store::usage;
use lectern::store::usage::{Attended, Settled, UsageDay};

use crate::{enterprise, migrated};

async fn execute(db: &Db, statement: String) {
    db.write(move |conn| Ok::<_, Error>(conn.batch_execute(&statement)?)).await.unwrap();
}

#[tokio::test]
async fn the_first_event_since_a_time_is_found_among_ids_that_are_far_apart() {
    let (db, _database) = migrated();
    let (one, other) = (enterprise(&db, 1).await, enterprise(&db, 2).await);
    for (event_id, of, time) in
        [(5_i64, one, 10), (6, other, 15), (9, one, 20), (1_000, one, 20), (1_001, other, 25), (9_000_000_000, one, 40)]
    {
        execute(&db, format!("INSERT INTO events VALUES ({event_id}, {of}, 0, 0, '{{}}', {time})")).await;
        execute(
            &db,
            format!(
                "INSERT INTO deliveries (event_id, enterprise_id, lane, state, due, attempts, replayed_at, settled_time, \
                 organization_id) VALUES ({event_id}, {of}, '', '{}', 0, 1, 0, 1, 0)",
                if time == 20 { "dead" } else { "delivered" }
            ),
        )
        .await;
    }
    for (since, until, delivered, given_up) in
        [(0, 10, 0, 0), (0, 11, 1, 0), (10, 21, 1, 2), (11, 20, 0, 0), (20, 40, 0, 2), (21, 99, 1, 0), (41, 99, 0, 0)]
    {
        let read = move |conn: &mut Conn| {
            let first = |conn: &mut Conn, time| usage::first_event(conn, EnterpriseId(one), time);
            let events: std::ops::Range<EventId> = first(conn, since)?..first(conn, until)?;
            Ok::<_, Error>(usage::settled(conn, EnterpriseId(one), &events)?)
        };
        assert_eq!(db.read(read).await.unwrap(), Settled { delivered, given_up }, "{since}..{until}");
    }
}

#[tokio::test]
async fn a_day_without_anything_is_counted_and_written_again() {
    let (db, _database) = migrated();
    let enterprise_id = EnterpriseId(enterprise(&db, 1).await);
    let now = 19_675 * days::DAY + 5;
    let (attended, classes) = db
        .read(move |conn| {
            let day = days::time_of(19_675);
            let attended = usage::attended(conn, enterprise_id, &day, now)?;
            Ok::<_, Error>((attended, usage::classes(conn, enterprise_id, &day)?))
        })
        .await
        .unwrap();
    assert_eq!((attended, classes), (Attended::default(), 0));
    let counted = db.read(move |conn| days::count(conn, enterprise_id, 19_675, now)).await.unwrap();
    assert_eq!((counted.storage_bytes, counted.count_time), (Some(0), now));
    // The size of what was stored is not lost when the day is counted after it.
    for (storage_bytes, classes) in [(Some(7), 1), (None, 2)] {
        let day = UsageDay { storage_bytes, classes, ..counted.clone() };
        db.write(move |conn| days::write(conn, &day)).await.unwrap();
    }
    let listed = db.read(move |conn| Ok::<_, Error>(usage::list(conn, enterprise_id, 19_675)?)).await.unwrap();
    assert_eq!(listed, [UsageDay { storage_bytes: Some(7), classes: 2, ..counted }]);
}
