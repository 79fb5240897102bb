//! Claims of conversions: each is claimed once, also concurrently, and no tenant reaches those of another.

use std::collections::BTreeSet;
use std::sync::Barrier;

use lectern::db::{Conn, Db};
use lectern::domain::Error;
use lectern::domain::content::conversion;
use lectern::domain::content::conversion::{Conversion, Draft, Queue, Service, Settled, Taken};
use lectern::domain::content::document;
use lectern::domain::content::document::Permission;
use lectern::domain::tenancy::enterprise as enterprises;
use lectern::jobs::Lease;
use lectern::store::content::conversion as rows;
use lectern::store::content::conversion::{Candidate, FailureKind};
use lectern::store::ids::EnterpriseId;
use tokio::runtime::Runtime;

use crate::{enterprise, migrated};

/// Adds conversions to an enterprise and returns their ids.
pub fn ask(conn: &mut Conn, sdkappid: i64, count: usize) -> Result<Vec<String>, Error> {
    let owner = enterprises::require(conn, sdkappid)?;
    let draft = Draft {
        service: Service::Transcode,
        doc_id: None,
        url: "https://example.com/a.ppt".into(),
        file: None,
        name: String::new(),
        extension: String::new(),
        size: 0,
        md5: String::new(),
        is_private: false,
        is_static: false,
    };
    (0..count).map(|_| conversion::request(conn, &owner, draft.clone(), None, 1)).collect()
}

fn lease(token: &str) -> Lease {
    Lease { token: token.into(), until: 1_000 }
}

async fn claim(db: &Db, token: &str) -> Option<Conversion> {
    let lease = lease(token);
    match db.write(move |conn| conversion::claim(conn, Queue::Documents, &lease, &[], 10)).await.unwrap() {
        Taken::Work(work) => Some(*work),
        Taken::Nothing => None,
        Taken::GivenUp(lost) => panic!("{lost:?}"),
    }
}

#[test]
fn of_many_who_claim_at_once_each_gets_another() {
    const WORKERS: usize = 6;
    const EACH: usize = 5;
    let (db, _database) = migrated();
    let runtime = Runtime::new().unwrap();
    runtime.block_on(enterprise(&db, 1));
    runtime.block_on(enterprise(&db, 2));
    let of_both = |conn: &mut Conn| Ok::<_, Error>([ask(conn, 1, 25)?, ask(conn, 2, 25)?].concat());
    let asked = runtime.block_on(db.write(of_both)).unwrap();
    let start = Barrier::new(WORKERS);
    let taken: Vec<String> = std::thread::scope(|scope| {
        let each = |worker: usize| {
            start.wait();
            let numbers = 0..EACH;
            let take = |number| runtime.block_on(claim(&db, &format!("{worker} {number}"))).unwrap().task_id;
            numbers.map(take).collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..WORKERS).map(|worker| scope.spawn(move || each(worker))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let distinct: BTreeSet<&String> = taken.iter().collect();
    assert_eq!(distinct.len(), WORKERS * EACH, "{taken:?}");
    assert!(distinct.iter().all(|task_id| asked.contains(task_id)));
}

#[tokio::test]
async fn a_conversion_whose_lease_ended_is_claimed_again_and_its_old_token_is_invalid() {
    let (db, _database) = migrated();
    enterprise(&db, 1).await;
    db.write(|conn| ask(conn, 1, 1)).await.unwrap();
    let first = claim(&db, "first").await.unwrap();
    assert!(claim(&db, "second").await.is_none());
    let free = |now| db.write(move |conn| conversion::release_expired(conn, Queue::Documents, &[], now, false));
    assert_eq!(free(1_000).await.unwrap(), 0, "it is held to the end of its lease");
    assert_eq!(free(1_001).await.unwrap(), 1);
    let second = claim(&db, "second").await.unwrap();
    assert_eq!((second.id, second.attempts), (first.id, 2));
    let lost = db.write(move |conn| {
        let failed = conversion::Outcome::Failed(conversion::ConversionFailure::Damaged);
        assert!(!conversion::renew(conn, &first, &lease("first"))?);
        assert_eq!(conversion::advance(conn, &first, "first", 50, 20)?, conversion::Advanced::Lost);
        assert_eq!(conversion::finish(conn, &first, "first", failed, 20)?, Settled::Lost);
        conversion::release(conn, &first, "first")?;
        conversion::reschedule(conn, &first, "first", 5)?;
        conversion::require(conn, first.enterprise_id, &first.task_id)
    });
    let row = lost.await.unwrap();
    assert_eq!((row.progress, row.failure, row.attempts, row.end_time), (0, None, 2, None));
    assert_eq!(row.lease_token.as_deref(), Some("second"));
    let own = second.clone();
    let held = db.write(move |conn| conversion::release_expired(conn, Queue::Documents, &[own.id], 5_000, false)).await;
    assert_eq!(held.unwrap(), 0, "nobody takes away from himself");
    let kept = db.write(move |conn| conversion::renew(conn, &second, &lease("second"))).await;
    assert!(kept.unwrap());
}

#[tokio::test]
async fn no_function_reaches_a_conversion_of_another_tenant() {
    let (db, _database) = migrated();
    let (me, they) = (enterprise(&db, 1).await, enterprise(&db, 2).await);
    let added = db.write(move |conn| {
        let owner = enterprises::require(conn, 2)?;
        let draft = document::Draft {
            doc_url: "https://example.com/a.ppt".into(),
            file: None,
            doc_name: "name".into(),
            doc_ext: "ppt".into(),
            doc_size: 0,
            doc_md5: String::new(),
            permission: Permission::Public,
            owner: String::new(),
            is_transcode: true,
            is_static: false,
        };
        document::add(conn, &owner, draft, None, 1)
    });
    let doc_id = added.await.unwrap();
    let looked = db.write(move |conn| {
        assert_eq!(rows::waiting(conn, Queue::Documents)?, [EnterpriseId(they)]);
        assert!(rows::candidates(conn, (Queue::Documents, EnterpriseId(me)), 10, 10)?.is_empty());
        let theirs = rows::candidates(conn, (Queue::Documents, EnterpriseId(they)), 10, 10)?.remove(0);
        assert!(rows::take(conn, EnterpriseId(me), &theirs)?.is_none());
        let without_document = Candidate { doc_id: None, ..theirs };
        assert!(rows::take(conn, EnterpriseId(me), &without_document)?.is_none());
        Ok::<_, Error>(())
    });
    looked.await.unwrap();
    let held = claim(&db, "token").await.unwrap();
    let changed = db.write(move |conn| {
        let before = format!("{held:?} {:?}", document::require(conn, EnterpriseId(they), &doc_id)?);
        let as_mine = Conversion { enterprise_id: EnterpriseId(me), ..held.clone() };
        assert!(rows::find(conn, EnterpriseId(me), &held.task_id)?.is_none());
        assert!(rows::lock(conn, &as_mine, "token")?.is_none());
        assert!(!rows::renew(conn, EnterpriseId(me), held.id, &lease("token"))?);
        rows::release(conn, &as_mine, "token", 7, 7)?;
        let status =
            conversion::ConversionStatus { progress: 77, failure: Some(FailureKind::Damaged), ..held.status(7) };
        rows::set_status(conn, EnterpriseId(me), &status)?;
        lectern::store::content::document::set_conversion_status(conn, EnterpriseId(me), &doc_id, &status)?;
        lectern::store::content::document::keep_result(
            conn,
            EnterpriseId(me),
            &doc_id,
            "key",
            conversion::PageFiles::default(),
        )?;
        let after = conversion::require(conn, EnterpriseId(they), &held.task_id)?;
        // The claim changed these after the row was read.
        let after = Conversion { lease_token: None, lease_until: None, ..after };
        assert_eq!(before, format!("{after:?} {:?}", document::require(conn, EnterpriseId(they), &doc_id)?));
        Ok::<_, Error>(())
    });
    changed.await.unwrap();
}
