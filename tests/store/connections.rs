//! Broken connections to a database server: closed by the server while idle, or because a transaction takes too long.

use std::sync::mpsc::channel;
use std::time::Instant;

use diesel::sql_types::Bool;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use futures_util::future::join_all;
use lectern::db;
use lectern::db::Db;
use lectern::domain::Error;
use lectern::store::ids::EnterpriseId;
use lectern::store::tenancy::enterprise as enterprises;

use crate::{add_user, enterprise, migrated, user_ids};

#[derive(QueryableByName)]
struct Ended {
    #[diesel(sql_type = Bool)]
    _ended: bool,
}

/// Closes all other connections to a database, as a restart of the server or a firewall does. Returns their number.
fn end_all(url: &str) -> usize {
    let end = "SELECT pg_terminate_backend(pid, 10000) AS _ended FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    diesel::sql_query(end).load::<Ended>(&mut PgConnection::establish(url).unwrap()).unwrap().len()
}

async fn write_and_read(db: &Db, enterprise_id: EnterpriseId, user_id: String) -> Result<bool, Error> {
    let added = user_id.clone();
    db.write(move |conn| add_user(conn, enterprise_id, &added)).await?;
    let find = move |conn: &mut _| Ok::<_, Error>(lectern::store::tenancy::user::find(conn, enterprise_id, &user_id)?);
    Ok(db.read(find).await?.is_some())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "on PostgreSQL"]
async fn connections_that_the_server_ended_while_idle_are_noticed_by_nobody() {
    let (db, database) = migrated();
    let id = enterprise(&db, 1).await;
    for round in 0..3 {
        let all = (0..50).map(|n| write_and_read(&db, EnterpriseId(id), format!("u{round}-{n}")));
        for found in join_all(all).await {
            assert!(found.unwrap());
        }
        assert!(end_all(&database.url) > 1, "several connections were open");
    }
    assert_eq!(user_ids(&db, EnterpriseId(id)).await.len(), 150);
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_write_whose_connection_ends_fails_and_changes_nothing() {
    let (db, database) = migrated();
    let id = enterprise(&db, 1).await;
    let url = database.url.clone();
    let result = db.write(move |conn| {
        add_user(conn, EnterpriseId(id), "before")?;
        end_all(&url);
        add_user(conn, EnterpriseId(id), "after")
    });
    let problem = result.await.unwrap_err();
    assert!(matches!(problem, Error::Database(db::Error::Unavailable(_))), "{problem:?}");

    // Here only the commit notices the broken connection, so the outcome is unknown.
    let url = database.url.clone();
    let result = db.write(move |conn| {
        add_user(conn, EnterpriseId(id), "last")?;
        end_all(&url);
        Ok::<_, Error>(())
    });
    let problem = result.await.unwrap_err();
    assert!(matches!(problem, Error::Database(db::Error::InDoubt(_))), "{problem:?}");
    assert_eq!(user_ids(&db, EnterpriseId(id)).await, [""; 0]);
}

#[test]
#[ignore = "on PostgreSQL"]
fn what_a_frozen_process_has_locked_is_free_within_seconds() {
    let (db, _database) = migrated();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(enterprise(&db, 1));
    let (locked, has_locked) = channel();
    let (thaw, thawed) = channel::<()>();
    let frozen = db.clone();
    let frozen = runtime.spawn(async move {
        let write = move |conn: &mut _| {
            enterprises::lock(conn, 1)?;
            locked.send(()).unwrap();
            thawed.recv().unwrap();
            Ok::<_, Error>(enterprises::find(conn, 1)?)
        };
        frozen.write(write).await
    });
    has_locked.recv().unwrap();
    let begun = Instant::now();
    let other = runtime.block_on(db.write(|conn| Ok::<_, Error>(enterprises::lock(conn, 1)?)));
    assert!(other.unwrap().is_some());
    println!("free after {:?}", begun.elapsed());
    thaw.send(()).unwrap();
    let problem = runtime.block_on(frozen).unwrap().unwrap_err();
    assert!(matches!(problem, Error::Database(db::Error::Unavailable(_))), "{problem:?}");
}
