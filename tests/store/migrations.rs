//! Migrations run once, also when several processes migrate concurrently.

use std::sync::Barrier;
use std::thread;

use diesel::connection::SimpleConnection;
use lectern::db::{Conn, Db};
use lectern::domain::Error;
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::SettingsPatch;
use lectern::store::chat::group;
use lectern::store::ids::EnterpriseId;

use crate::database::Database;
use crate::{enterprise, migrated, user_ids};

#[tokio::test]
async fn a_second_migration_has_nothing_to_do() {
    let database = Database::create();
    let db = Db::open(&database.url).unwrap();
    db.check().await.unwrap_err();
    assert!(!db.migrate().unwrap().is_empty());
    db.check().await.unwrap();
    let id = enterprise(&db, 1).await;
    assert_eq!(db.migrate().unwrap(), [""; 0]);
    assert_eq!(Db::open(&database.url).unwrap().migrate().unwrap(), [""; 0]);
    assert_eq!(user_ids(&db, EnterpriseId(id)).await, [""; 0]);
    assert_eq!(enterprise(&db, 2).await, id + 1);
}

#[test]
fn of_many_who_migrate_at_once_one_does_it() {
    for _ in 0..5 {
        let database = Database::create();
        let start = Barrier::new(8);
        let applied: Vec<Vec<String>> = thread::scope(|scope| {
            let each = || {
                start.wait();
                Db::open(&database.url).unwrap().migrate().unwrap()
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(each)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(applied.iter().filter(|some| !some.is_empty()).count(), 1, "{applied:?}");
    }
}

#[test]
fn of_many_who_open_a_new_database_at_once_all_can() {
    for _ in 0..40 {
        let database = Database::create();
        let start = Barrier::new(8);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    Db::open(&database.url).unwrap();
                });
            }
        });
    }
}

#[tokio::test]
async fn the_ids_that_clients_see_begin_where_they_expect_them() {
    let (db, _database) = migrated();
    assert_eq!(enterprise(&db, 1_400_000_001).await, 10001);
}

#[tokio::test]
async fn classes_that_are_there_get_their_groups_with_the_tables() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let class = |auto_create_im| class::Patch {
        teacher_id: Some("t".into()),
        settings: SettingsPatch { auto_create_im: Some(auto_create_im), ..SettingsPatch::default() },
        ..class::Patch::default()
    };
    let (with, without) = (class(true), class(false));
    let made = db.write(move |conn| {
        let classes = (
            class::create(conn, EnterpriseId(id), with, 7_000)?,
            class::create(conn, EnterpriseId(id), without, 7_000)?,
        );
        // Later migrations must be reverted first.
        let (down, up) = match conn {
            Conn::Sqlite(_) => (
                [
                    include_str!("../../migrations/sqlite/2026-11-29-130000_admission/down.sql"),
                    include_str!("../../migrations/sqlite/2026-11-29-120000_protocol_settings/down.sql"),
                    include_str!("../../migrations/sqlite/2026-11-21-110000_im/down.sql"),
                    include_str!("../../migrations/sqlite/2026-11-21-090000_organizations/down.sql"),
                    include_str!("../../migrations/sqlite/2026-11-21-060000_groups/down.sql"),
                ],
                [
                    include_str!("../../migrations/sqlite/2026-11-21-060000_groups/up.sql"),
                    include_str!("../../migrations/sqlite/2026-11-21-090000_organizations/up.sql"),
                    include_str!("../../migrations/sqlite/2026-11-21-110000_im/up.sql"),
                    include_str!("../../migrations/sqlite/2026-11-29-120000_protocol_settings/up.sql"),
                    include_str!("../../migrations/sqlite/2026-11-29-130000_admission/up.sql"),
                ],
            ),
            Conn::Postgres(_) => (
                [
                    include_str!("../../migrations/postgres/2026-11-29-130000_admission/down.sql"),
                    include_str!("../../migrations/postgres/2026-11-29-120000_protocol_settings/down.sql"),
                    include_str!("../../migrations/postgres/2026-11-21-110000_im/down.sql"),
                    include_str!("../../migrations/postgres/2026-11-21-090000_organizations/down.sql"),
                    include_str!("../../migrations/postgres/2026-11-21-060000_groups/down.sql"),
                ],
                [
                    include_str!("../../migrations/postgres/2026-11-21-060000_groups/up.sql"),
                    include_str!("../../migrations/postgres/2026-11-21-090000_organizations/up.sql"),
                    include_str!("../../migrations/postgres/2026-11-21-110000_im/up.sql"),
                    include_str!("../../migrations/postgres/2026-11-29-120000_protocol_settings/up.sql"),
                    include_str!("../../migrations/postgres/2026-11-29-130000_admission/up.sql"),
                ],
            ),
        };
        let before = format!(
            "{:?}",
            group::of_class(conn, EnterpriseId(id), classes.0)?.iter().map(published).collect::<Vec<_>>()
        );
        for statements in down.into_iter().chain(up) {
            conn.batch_execute(statements)?;
        }
        let after = format!(
            "{:?}",
            group::of_class(conn, EnterpriseId(id), classes.0)?.iter().map(published).collect::<Vec<_>>()
        );
        Ok::<_, Error>((before, after, group::of_class(conn, EnterpriseId(id), classes.1)?.len()))
    });
    let (before, after, without) = made.await.unwrap();
    assert_eq!((after, without), (before, 0));
}

/// A group without a number.
fn published(group: &group::Group) -> String {
    format!("{:?}", group::Group { id: 0, ..group.clone() })
}
