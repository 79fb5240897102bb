//! Values that are kept in memory: of those who ask for one at the same time, one loads it for all.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::web::Bytes;
use futures_util::future::join_all;
use futures_util::poll;
use lectern::db::Db;
use lectern::domain::CacheTag;
use lectern::state::{CacheKey, ResponseCache};
use lectern::store::ids::EnterpriseId;
use tokio::sync::Notify;

use crate::outbox::make_class;
use crate::{enterprise, migrated};

/// Somebody who asks, and the loads that this began.
struct Asking {
    db: Db,
    enterprise_id: EnterpriseId,
    cache: ResponseCache,
    loads: AtomicUsize,
    go_on: Notify,
}

impl Asking {
    async fn begin(db: Db) -> Self {
        let enterprise_id = EnterpriseId(enterprise(&db, 1).await);
        let (loads, go_on) = (AtomicUsize::new(0), Notify::new());
        Self { db, enterprise_id, cache: ResponseCache::default(), loads, go_on }
    }

    /// Asks for the value of the key, which `load` gives.
    async fn ask(&self, load: impl Future<Output = Result<&'static str, ()>>) -> Result<Bytes, ()> {
        let key = CacheKey { call: "test", enterprise_id: self.enterprise_id, about: String::new() };
        let counted = async {
            self.loads.fetch_add(1, Ordering::Relaxed);
            load.await.map(Bytes::from)
        };
        self.cache.get_or_load(&self.db, key, vec![CacheTag::Classes(self.enterprise_id)], counted).await
    }

    /// Asks for a value whose load goes on when it may.
    async fn ask_slowly(&self, value: &'static str) -> Result<Bytes, ()> {
        self.ask(async {
            self.go_on.notified().await;
            Ok(value)
        })
        .await
    }

    async fn write(&self) {
        let enterprise_id = self.enterprise_id;
        self.db.write(move |conn| make_class(conn, enterprise_id)).await.unwrap();
    }

    fn loads(&self) -> usize {
        self.loads.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_loads() {
    let (db, _database) = migrated();
    let asking = Asking::begin(db).await;
    let mut all = Box::pin(join_all((0..20).map(|_| asking.ask_slowly("value"))));
    assert!(poll!(&mut all).is_pending());
    asking.go_on.notify_one();
    assert!(all.await.into_iter().all(|value| value.unwrap() == "value"));
    assert_eq!(asking.loads(), 1);
}

#[tokio::test]
async fn a_load_that_began_before_a_write_is_not_given_to_those_who_ask_after_it() {
    let (db, _database) = migrated();
    let asking = Asking::begin(db).await;
    let mut before = Box::pin(asking.ask_slowly("before"));
    assert!(poll!(&mut before).is_pending());
    asking.write().await;
    let mut after = Box::pin(join_all((0..20).map(|_| asking.ask_slowly("after"))));
    assert!(poll!(&mut after).is_pending());
    asking.go_on.notify_one();
    assert_eq!(before.await.unwrap(), "before");
    // One of those who waited loads, and the others get what it loads, though another write made it stale.
    assert!(poll!(&mut after).is_pending());
    asking.write().await;
    asking.go_on.notify_one();
    assert!(after.await.into_iter().all(|value| value.unwrap() == "after"));
    assert_eq!(asking.loads(), 2);
    assert_eq!(asking.ask(async { Ok("last") }).await.unwrap(), "last");
}

#[tokio::test]
async fn after_a_load_that_failed_or_was_given_up_the_next_one_loads() {
    let (db, _database) = migrated();
    let asking = Asking::begin(db).await;
    asking.ask(async { Err(()) }).await.unwrap_err();
    let mut given_up = Box::pin(asking.ask_slowly("never"));
    assert!(poll!(&mut given_up).is_pending());
    let mut next = Box::pin(asking.ask(async { Ok("next") }));
    assert!(poll!(&mut next).is_pending());
    drop(given_up);
    assert_eq!(next.await.unwrap(), "next");
    assert_eq!(asking.loads(), 3);
}
