//! What waits for work: counts that stop at a limit, and how long the oldest has waited.

use diesel::connection::SimpleConnection;
use lectern::db::{Conn, Db};
use lectern::domain::Error;
use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::events::event;
use lectern::domain::tenancy::enterprise as enterprises;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::store::backlog;
use lectern::store::backlog::{Backlog, Deliveries, Jobs, MOST};

use crate::conversions::ask;
use crate::{enterprise, migrated};

async fn read(db: &Db, now: i64) -> Backlog {
    db.read_slow(move |conn| Ok::<_, Error>(backlog::read(conn, now)?)).await.unwrap()
}

/// Publishes events of an enterprise at these times, and relays them.
async fn publish(db: &Db, sdkappid: i64, times: &'static [i64], relayed: bool) {
    let write = move |conn: &mut Conn| -> Result<(), Error> {
        let row = enterprises::require(conn, sdkappid)?;
        for time in times {
            event::test(conn, &row, *time)?;
        }
        while relayed && event::relay(conn)?.more {}
        Ok(())
    };
    db.write(write).await.unwrap();
}

async fn execute(db: &Db, statement: String) {
    db.write(move |conn| Ok::<_, Error>(conn.batch_execute(&statement)?)).await.unwrap();
}

async fn set(db: &Db, sdkappid: i64, patch: Patch) {
    db.write(move |conn| modify_enterprise(conn, sdkappid, patch)).await.unwrap();
}

#[tokio::test]
async fn nothing_waits_in_an_empty_database() {
    let (db, _database) = migrated();
    assert_eq!(read(&db, 1_000).await, Backlog::default());
}

#[tokio::test]
async fn events_wait_in_the_outbox_since_the_oldest_of_them() {
    let (db, _database) = migrated();
    enterprise(&db, 1).await;
    publish(&db, 1, &[20, 10, 30], false).await;
    let found = read(&db, 1_000).await;
    assert_eq!((found.outbox, found.outbox_since, found.deliveries), (3, Some(20), Deliveries::default()));
    publish(&db, 1, &[], true).await;
    let found = read(&db, 1_000).await;
    assert_eq!((found.outbox, found.outbox_since), (0, None));
}

#[tokio::test]
async fn deliveries_are_counted_by_state_and_late_if_they_may_be_sent() {
    let (db, _database) = migrated();
    for sdkappid in [1, 2, 3] {
        enterprise(&db, sdkappid).await;
    }
    publish(&db, 1, &[100, 200, 300, 400], true).await;
    publish(&db, 2, &[50], true).await;
    publish(&db, 3, &[60], true).await;
    let ready = |found: &Backlog| (found.deliveries.ready, found.deliveries.due_since);
    assert_eq!(ready(&read(&db, 1_000).await), (6, Some(50)));
    // Not due yet.
    assert_eq!(ready(&read(&db, 40).await), (6, None));
    // Nothing is sent to one that is paused, or has no address any more.
    set(&db, 2, Patch { callback_paused: Some(true), ..Patch::default() }).await;
    assert_eq!(ready(&read(&db, 1_000).await), (6, Some(60)));
    set(&db, 3, Patch { call_back_url: Some(String::new()), ..Patch::default() }).await;
    assert_eq!(ready(&read(&db, 1_000).await), (6, Some(100)));

    let first = "(SELECT min(delivery_id) FROM deliveries WHERE state = 'ready' AND due >= 100)";
    for (state, more) in [("claimed", ", lease_until = 5"), ("waiting", ""), ("dead", ", settled_time = 9")] {
        execute(&db, format!("UPDATE deliveries SET state = '{state}'{more} WHERE delivery_id = {first}")).await;
    }
    let expected = Deliveries { ready: 3, waiting: 1, claimed: 1, dead: 1, due_since: Some(400) };
    assert_eq!(read(&db, 1_000).await.deliveries, expected);
}

#[tokio::test]
async fn jobs_are_counted_by_kind_and_state() {
    let (db, _database) = migrated();
    enterprise(&db, 1).await;
    db.write(|conn| ask(conn, 1, 3)).await.unwrap();
    assert_eq!(read(&db, 1_000).await.documents, Jobs { waiting: 3, running: 0 });
    let first = "(SELECT min(id) FROM conversions)";
    execute(&db, format!("UPDATE conversions SET lease_token = 'a', lease_until = 5 WHERE id = {first}")).await;
    let found = read(&db, 1_000).await;
    assert_eq!((found.documents, found.videos), (Jobs { waiting: 2, running: 1 }, Jobs::default()));
}

#[tokio::test]
async fn counting_stops_at_a_limit() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let file = |n: i64| format!("('k{n}', {id}, 'upload', 'discarded', 0, 0, {n}, 0)");
    let rows: Vec<String> = (0..MOST + 5).map(file).collect();
    let columns = "file_key, enterprise_id, kind, state, bytes, create_time, due, attempts";
    execute(&db, format!("INSERT INTO files ({columns}) VALUES {}", rows.join(", "))).await;
    assert_eq!(read(&db, MOST * 2).await.files, MOST);
    assert_eq!(read(&db, 99).await.files, 100);
}
