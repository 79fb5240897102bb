//! The guarantees of writes and reads, alone and concurrent.

use std::sync::mpsc::channel;

use futures_util::future::join_all;
use lectern::db;
use lectern::db::{Conn, Db};
use lectern::domain::{Error, Forbidden};
use lectern::store::ids::EnterpriseId;
use lectern::store::tenancy::enterprise as enterprises;
use lectern::store::tenancy::user;

use crate::{add_user, enterprise, migrated, new_user, user_ids};

/// The error with which a test rolls back a write.
fn refusal() -> Error {
    Error::Forbidden(Forbidden::NotATeacher { user_id: "the test".into() })
}

fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Forbidden(Forbidden::NotATeacher { user_id }) if user_id == "the test")
}

#[tokio::test]
async fn a_finished_write_is_seen_by_every_reader_at_once() {
    let (db, database) = migrated();
    let other = Db::open(&database.url).unwrap();
    let id = enterprise(&db, 1).await;
    for n in 0..20 {
        let writer = if n % 2 == 0 { &db } else { &other };
        writer.write(move |conn| add_user(conn, EnterpriseId(id), &format!("u{n}"))).await.unwrap();
        for reader in [&db, &other] {
            assert_eq!(user_ids(reader, EnterpriseId(id)).await.len(), n + 1);
            let slow =
                reader.read_slow(move |conn| Ok::<_, Error>(user::find(conn, EnterpriseId(id), &format!("u{n}"))?));
            assert!(slow.await.unwrap().is_some());
        }
    }
}

#[tokio::test]
async fn what_was_written_is_there_when_the_database_is_opened_again() {
    let (db, database) = migrated();
    let id = enterprise(&db, 1).await;
    db.write(move |conn| add_user(conn, EnterpriseId(id), "u")).await.unwrap();
    drop(db);
    assert_eq!(user_ids(&Db::open(&database.url).unwrap(), EnterpriseId(id)).await, ["u"]);
}

#[tokio::test]
async fn of_a_refused_write_nothing_is_there_and_the_others_are_unharmed() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let write = |n: usize| {
        db.write(move |conn| {
            add_user(conn, EnterpriseId(id), &format!("u{n:03}-first"))?;
            add_user(conn, EnterpriseId(id), &format!("u{n:03}-second"))?;
            match n % 3 {
                0 => Ok(n),
                1 => Err(refusal()),
                // A failing statement: a class without an enterprise.
                _ => Ok(add_user(conn, EnterpriseId(id + 99), "orphan").map(|_| n)?),
            }
        })
    };
    let results = join_all((0..120).map(write)).await;
    let mut expected = Vec::new();
    for (n, result) in results.iter().enumerate() {
        match (n % 3, result) {
            (0, Ok(m)) if *m == n => {
                expected.extend([format!("u{n:03}-first"), format!("u{n:03}-second")]);
            }
            (1, Err(e)) if is_refusal(e) => {}
            (2, Err(Error::Database(db::Error::Query(_)))) => {}
            other => panic!("write {n}: {other:?}"),
        }
    }
    let mut there = user_ids(&db, EnterpriseId(id)).await;
    there.sort_unstable();
    assert_eq!(there, expected);
}

#[tokio::test]
async fn a_panic_in_a_write_takes_nothing_with_it_but_what_it_says() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let write = |n: usize| {
        db.write(move |conn| {
            add_user(conn, EnterpriseId(id), &format!("u{n:02}"))?;
            assert!(n % 8 != 7, "a write that panics on purpose");
            Ok::<_, Error>(())
        })
    };
    for round in 0..3 {
        let results = join_all((round * 32..(round + 1) * 32).map(write)).await;
        let there = user_ids(&db, EnterpriseId(id)).await;
        for (at, result) in results.iter().enumerate() {
            let n = round * 32 + at;
            // All answers match the database, and the write that panicked gets an error.
            assert_eq!(result.is_ok(), there.contains(&format!("u{n:02}")), "write {n}: {result:?}");
            if n % 8 == 7 {
                assert!(matches!(result, Err(Error::Database(db::Error::Unavailable(_)))), "{result:?}");
            }
        }
        // The writer continues.
        db.write(move |conn| add_user(conn, EnterpriseId(id), &format!("after-{round}"))).await.unwrap();
        assert!(user_ids(&db, EnterpriseId(id)).await.contains(&format!("after-{round}")));
    }
}

#[tokio::test]
async fn a_panic_in_a_read_leaves_the_database_readable() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    for slow in [false, true] {
        let inner = db.clone();
        let broken = tokio::spawn(async move {
            let panics = |_: &mut Conn| -> Result<(), Error> { panic!("a read that panics on purpose") };
            if slow { inner.read_slow(panics).await } else { inner.read(panics).await }
        });
        assert!(!matches!(broken.await, Ok(Ok(()))));
        let known = user_ids(&db, EnterpriseId(id)).await.len();
        db.write(move |conn| add_user(conn, EnterpriseId(id), &format!("u{slow}"))).await.unwrap();
        assert_eq!(user_ids(&db, EnterpriseId(id)).await.len(), known + 1);
        db.check().await.unwrap();
    }
}

async fn count(db: &Db) -> Result<(), Error> {
    db.write(|conn| {
        let row = enterprises::lock(conn, 1)?.unwrap();
        let valid_seconds = row.valid_seconds + 1;
        Ok(enterprises::update(conn, &enterprises::Enterprise { valid_seconds, ..row })?)
    })
    .await
}

#[tokio::test]
async fn changes_of_one_row_from_two_processes_are_none_lost() {
    let (db, database) = migrated();
    let other = Db::open(&database.url).unwrap();
    enterprise(&db, 1).await;
    let results = join_all((0..100).map(|n| count(if n % 2 == 0 { &db } else { &other }))).await;
    for result in results {
        result.unwrap();
    }
    let row = db.read(|conn| Ok::<_, Error>(enterprises::find(conn, 1)?)).await.unwrap().unwrap();
    assert_eq!(row.valid_seconds, lectern::domain::tenancy::enterprise::VALID_SECONDS + 100);
}

#[test]
fn a_read_sees_one_state_however_long_it_takes() {
    let (db, _database) = migrated();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let id = runtime.block_on(enterprise(&db, 1));
    for slow in [false, true] {
        let (looked, has_looked) = channel();
        let (wrote, has_written) = channel::<()>();
        let reader = db.clone();
        let read = runtime.spawn(async move {
            let twice = move |conn: &mut Conn| {
                let before = user::find(conn, EnterpriseId(id), &format!("u{slow}"))?.is_some();
                looked.send(()).unwrap();
                has_written.recv().unwrap();
                Ok::<_, Error>((before, user::find(conn, EnterpriseId(id), &format!("u{slow}"))?.is_some()))
            };
            if slow { reader.read_slow(twice).await } else { reader.read(twice).await }
        });
        has_looked.recv().unwrap();
        runtime.block_on(db.write(move |conn| add_user(conn, EnterpriseId(id), &format!("u{slow}")))).unwrap();
        wrote.send(()).unwrap();
        assert_eq!(runtime.block_on(read).unwrap().unwrap(), (false, false));
        assert!(runtime.block_on(user_ids(&db, EnterpriseId(id))).contains(&format!("u{slow}")));
    }
}

#[tokio::test]
async fn a_refused_read_says_why() {
    let (db, _database) = migrated();
    assert!(is_refusal(&db.read(|_| Err::<(), _>(refusal())).await.unwrap_err()));
    assert!(is_refusal(&db.read_slow(|_| Err::<(), _>(refusal())).await.unwrap_err()));
}

#[tokio::test]
async fn users_in_use_are_left_out_and_it_is_said() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    db.write(move |conn| add_user(conn, EnterpriseId(id), "u")).await.unwrap();
    let all = db.write(move |conn| {
        Ok::<_, Error>(user::insert(
            conn,
            &[new_user(EnterpriseId(id), "v"), new_user(EnterpriseId(id), "u"), new_user(EnterpriseId(id), "w")],
        )?)
    });
    assert!(!all.await.unwrap());
    let all = db.write(move |conn| {
        Ok::<_, Error>(user::insert(conn, &[new_user(EnterpriseId(id), "x"), new_user(EnterpriseId(id), "y")])?)
    });
    assert!(all.await.unwrap());
    assert_eq!(user_ids(&db, EnterpriseId(id)).await, ["u", "v", "w", "x", "y"]);
}
