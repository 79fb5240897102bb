//! Files: wherever a process dies, each file in the storage has a row, and unfinished or discarded files are removed.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream;
use lectern::clock::Clock;
use lectern::db::{Db, Error};
use lectern::domain;
use lectern::domain::content::file;
use lectern::domain::content::file::{Key, Kind, WRITTEN_WITHIN};
use lectern::jobs::Supervisor;
use lectern::service::delete_enterprise::delete_enterprise;
use lectern::storage;
use lectern::storage::Storage;
use lectern::store::content::file::{File, State, of_key};
use lectern::store::ids::EnterpriseId;

use crate::database::{Database, storage_url};
use crate::{enterprise, migrated};

const NOW: i64 = 1_000_000;

struct Place {
    db: Db,
    storage: Storage,
    clock: Clock,
    folder: std::path::PathBuf,
    enterprise_id: EnterpriseId,
    _database: Database,
}

impl Place {
    async fn new() -> Self {
        let (db, database) = migrated();
        let url = storage_url(&database.url);
        let storage = Storage::open(&url, []).unwrap();
        let folder = url.strip_prefix("file://").unwrap().into();
        let enterprise_id = enterprise(&db, 1).await;
        Self {
            db,
            storage,
            clock: Clock::set_at(NOW),
            folder,
            enterprise_id: EnterpriseId(enterprise_id),
            _database: database,
        }
    }

    async fn begin(&self) -> Key {
        let (id, now) = (self.enterprise_id, self.clock.now());
        self.db.write(move |conn| file::begin(conn, id, Kind::Upload, true, now)).await.unwrap()
    }

    async fn put(&self, key: &Key) {
        let content = stream::iter([Ok::<_, storage::Error>(Bytes::from_static(b"content"))]);
        self.storage.put(&format!("{key}/a.txt"), content).await.unwrap();
    }

    async fn keep(&self, key: &Key) -> Result<(), domain::Error> {
        let (id, key) = (self.enterprise_id, key.clone());
        self.db.write(move |conn| file::keep(conn, id, &key, 7)).await
    }

    async fn discard(&self, key: &Key) {
        let (id, key, now) = (self.enterprise_id, key.clone(), self.clock.now());
        self.db.write(move |conn| file::discard(conn, id, &key, now)).await.unwrap();
    }

    async fn row(&self, key: &Key) -> Option<File> {
        let key = key.clone();
        self.db.read(move |conn| Ok::<_, Error>(of_key(conn, key.as_str())?)).await.unwrap()
    }

    fn has_bytes(&self, key: &Key) -> bool {
        self.folder.join(key.as_str()).exists()
    }

    /// Runs the worker of a new process until a condition holds.
    async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let workers = vec![storage::remove_discarded(self.storage.clone())];
        let running = Supervisor::start(&self.db, &self.clock, workers).unwrap();
        let begun = Instant::now();
        while !holds().await {
            assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        running.stop().await;
    }

    async fn until_gone(&self, key: &Key) {
        self.until_all_gone(&[key]).await;
    }

    /// Removes files as a single process: a second one would retry only after a minute what the first has begun.
    async fn until_all_gone(&self, keys: &[&Key]) {
        let are_gone = async || {
            let mut rows = Vec::new();
            for key in keys {
                rows.push(self.row(key).await);
            }
            rows.iter().all(Option::is_none)
        };
        self.until("their rows go", are_gone).await;
        assert!(!keys.iter().any(|key| self.has_bytes(key)), "bytes without a row");
    }
}

#[tokio::test]
async fn a_file_that_was_kept_is_not_removed() {
    let place = Place::new().await;
    let (kept, witness) = (place.begin().await, place.begin().await);
    place.put(&kept).await;
    place.keep(&kept).await.unwrap();
    place.clock.set(NOW + 100 * WRITTEN_WITHIN);
    place.until_gone(&witness).await;
    let row = place.row(&kept).await.unwrap();
    assert_eq!((row.state, row.bytes, row.due), (State::Kept, 7, None));
    assert!(place.has_bytes(&kept));
}

#[tokio::test]
async fn what_a_dead_process_left_goes_after_a_day_whatever_it_had_done() {
    let place = Place::new().await;
    // The process died before the first byte, in the middle, and before it completed the file.
    let (none, half, whole) = (place.begin().await, place.begin().await, place.begin().await);
    std::fs::create_dir_all(place.folder.join(half.as_str())).unwrap();
    std::fs::write(place.folder.join(half.as_str()).join("a.txt#1"), "con").unwrap();
    place.put(&whole).await;
    place.clock.set(NOW + WRITTEN_WITHIN - 1);
    let discarded = place.begin().await;
    place.discard(&discarded).await;
    place.until_gone(&discarded).await;
    for key in [&none, &half, &whole] {
        assert_eq!(place.row(key).await.unwrap().state, State::Storing);
    }
    assert!(place.has_bytes(&half) && place.has_bytes(&whole));
    place.clock.set(NOW + WRITTEN_WITHIN);
    place.until_all_gone(&[&none, &half, &whole]).await;
    for key in [&none, &half, &whole] {
        assert!(place.keep(key).await.is_err(), "it can't be kept any more");
    }
}

#[tokio::test]
async fn a_file_that_was_discarded_can_not_be_kept() {
    let place = Place::new().await;
    let key = place.begin().await;
    place.put(&key).await;
    place.discard(&key).await;
    assert!(place.keep(&key).await.is_err());
    place.until_gone(&key).await;
    assert!(place.keep(&key).await.is_err());
}

#[tokio::test]
async fn a_file_is_not_forgotten_when_the_process_that_removes_it_dies() {
    let place = Place::new().await;
    let key = place.begin().await;
    place.put(&key).await;
    place.keep(&key).await.unwrap();
    place.discard(&key).await;
    // The bytes can't be removed, because a file replaces the parent of their folder.
    let aside = place.folder.with_extension("aside");
    std::fs::rename(&place.folder, &aside).unwrap();
    std::fs::write(&place.folder, "").unwrap();
    let tried = async || place.row(&key).await.unwrap().attempts == 1;
    place.until("it is tried", tried).await;
    std::fs::remove_file(&place.folder).unwrap();
    std::fs::rename(&aside, &place.folder).unwrap();
    assert!(place.has_bytes(&key));
    // Later another process removes them.
    place.clock.set(NOW + 60_000);
    place.until_gone(&key).await;
}

#[tokio::test]
async fn the_files_of_an_enterprise_go_after_it() {
    let place = Place::new().await;
    let other = enterprise(&place.db, 2).await;
    let theirs =
        place.db.write(move |conn| file::begin(conn, EnterpriseId(other), Kind::Upload, false, NOW)).await.unwrap();
    let keys = [place.begin().await, place.begin().await];
    for key in &keys {
        place.put(key).await;
    }
    place.keep(&keys[0]).await.unwrap();
    place.db.write(|conn| delete_enterprise(conn, 1)).await.unwrap();
    assert!(keys.iter().all(|key| place.has_bytes(key)));
    place.until_all_gone(&[&keys[0], &keys[1]]).await;
    assert_eq!(place.row(&theirs).await.unwrap().state, State::Storing);
}

#[test]
fn a_key_says_whether_its_file_is_private_and_nothing_else_is_a_key() {
    let digits = "0123456789abcdef0123456789abcdef";
    assert!(Key::parse(&format!("p{digits}")).unwrap().is_private());
    assert!(!Key::parse(&format!("a{digits}")).unwrap().is_private());
    for none in ["", "p", digits, &format!("x{digits}"), &format!("p{digits}0"), &format!("P{digits}"), &digits[1..]] {
        assert!(Key::parse(none).is_none(), "{none:?}");
    }
    assert!(Key::parse("p0123456789abcdef0123456789abcde/").is_none());
}
