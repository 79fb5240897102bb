//! Short reads that wait at the same time. On PostgreSQL they share transactions, which none of them can see.

use std::collections::BTreeSet;
use std::sync::mpsc::{Sender, channel};

use diesel::sql_types::Text;
use futures_util::future::join_all;
use futures_util::poll;
use lectern::db;
use lectern::db::{Conn, Db};
use lectern::domain::{Error, Forbidden};
use lectern::store::ids::EnterpriseId;
use lectern::store::tenancy::user;
use tokio::task::JoinHandle;

use crate::{add_user, enterprise, migrated};

/// Reads that use up the connections for reads until they may go on.
struct Blocked(Vec<(Sender<()>, Ending)>);

/// How a read ends.
type Ending = JoinHandle<Result<(), Error>>;

impl Blocked {
    async fn begin(db: &Db) -> Self {
        let mut reads = Vec::new();
        for _ in 0..4 {
            let (go_on, goes_on) = channel();
            let (begun, has_begun) = tokio::sync::oneshot::channel();
            let db = db.clone();
            let read = move |_: &mut Conn| {
                begun.send(()).unwrap();
                goes_on.recv().unwrap();
                Ok(())
            };
            reads.push((go_on, tokio::spawn(async move { db.read(read).await })));
            has_begun.await.unwrap();
        }
        Self(reads)
    }

    async fn go_on(self) {
        for (go_on, _) in &self.0 {
            go_on.send(()).unwrap();
        }
        for (_, read) in self.0 {
            read.await.unwrap().unwrap();
        }
    }
}

/// When the transaction began.
fn begin_time(conn: &mut Conn) -> Result<String, Error> {
    let Conn::Postgres(conn) = conn else { panic!("a read of PostgreSQL") };
    let time = diesel::select(diesel::dsl::sql::<Text>("now()::text"));
    Ok(diesel::RunQueryDsl::get_result(time, conn).map_err(db::Error::from)?)
}

#[tokio::test]
async fn reads_that_wait_at_the_same_time_share_transactions_of_sixteen() {
    let (db, _database) = migrated();
    if db.is_embedded() {
        return;
    }
    let blocked = Blocked::begin(&db).await;
    let mut waiting = Box::pin(join_all((0..64).map(|_| db.read(begin_time))));
    assert!(poll!(&mut waiting).is_pending());
    blocked.go_on().await;
    let times: BTreeSet<String> = waiting.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(times.len(), 4);
}

#[tokio::test]
async fn a_read_that_waits_sees_what_was_committed_before_it_was_asked() {
    let (db, _database) = migrated();
    if db.is_embedded() {
        return;
    }
    let id = EnterpriseId(enterprise(&db, 1).await);
    let blocked = Blocked::begin(&db).await;
    let mut waiting = Vec::new();
    for n in 0..20 {
        db.write(move |conn| add_user(conn, id, &format!("u{n}"))).await.unwrap();
        let mut read = Box::pin(db.read(move |conn| Ok::<_, Error>(user::find(conn, id, &format!("u{n}"))?)));
        assert!(poll!(&mut read).is_pending());
        waiting.push(read);
    }
    blocked.go_on().await;
    for read in waiting {
        assert!(read.await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_read_that_fails_or_panics_harms_no_other() {
    let (db, _database) = migrated();
    let id = EnterpriseId(enterprise(&db, 1).await);
    db.write(move |conn| add_user(conn, id, "u")).await.unwrap();
    let read = |n: usize| {
        let db = db.clone();
        // A read on SQLite runs, and panics, on the thread of its caller.
        tokio::spawn(async move {
            db.read(move |conn| match n % 4 {
                0 => Ok(user::find(conn, id, "u")?.map(|_| n)),
                1 => Err(Error::Forbidden(Forbidden::NotATeacher { user_id: "the test".into() })),
                // A statement that fails: nothing can be written here, or the user is there.
                2 => Ok(add_user(conn, EnterpriseId(id.0 + 99), "orphan").map(|_| None)?),
                _ => panic!("a read that panics on purpose"),
            })
            .await
        })
    };
    let results = join_all((0..100).map(read)).await;
    for (n, result) in results.into_iter().enumerate() {
        match (n % 4, result) {
            (0, Ok(Ok(Some(found)))) if found == n => {}
            (1, Ok(Err(Error::Forbidden(_))))
            | (2, Ok(Err(Error::Database(db::Error::Query(_)))))
            | (3, Err(_) | Ok(Err(Error::Database(db::Error::Unavailable(_))))) => {}
            (_, other) => panic!("read {n}: {other:?}"),
        }
    }
}
