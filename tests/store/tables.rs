//! What `lectern copy` relies on: the list of tables, and the check for activity.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;
use lectern::db::{Conn, Db, Error, blank};
use lectern::store::copy::tables;
use lectern::store::ids::EnterpriseId;

use crate::database::Database;
use crate::{add_user, enterprise, migrated, user_ids};

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[tokio::test]
async fn no_table_of_the_database_is_forgotten() {
    let (db, _database) = migrated();
    let read = db.read(|conn| {
        let query = match conn {
            Conn::Sqlite(_) => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
            Conn::Postgres(_) => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'",
        };
        Ok::<_, Error>(diesel::sql_query(query).load::<Name>(conn)?)
    });
    let mut there: BTreeSet<String> = read.await.unwrap().into_iter().map(|row| row.name).collect();
    there.remove("__diesel_schema_migrations");
    // Maintained by triggers.
    there.remove("totals");
    let listed = tables(&mut blank().unwrap()).unwrap();
    assert_eq!(listed.iter().map(|table| table.name().to_owned()).collect::<BTreeSet<_>>(), there);
    assert!(listed.iter().all(|table| table.key().next().is_some()), "each has a key to go by");
}

/// A table that triggers maintain must not be copied.
#[test]
fn only_the_listed_tables_are_kept_by_triggers() {
    let triggers = diesel::sql_query("SELECT sql AS name FROM sqlite_schema WHERE type = 'trigger'")
        .load::<Name>(&mut blank().unwrap())
        .unwrap();
    let mut kept = BTreeSet::new();
    for trigger in triggers {
        let body = trigger.name.split_once("BEGIN").unwrap().1.replace('\n', " ");
        for word in ["INTO ", "UPDATE ", "FROM "] {
            kept.extend(
                body.match_indices(word)
                    .map(|(at, _)| body[at + word.len()..].split_whitespace().next().unwrap().to_owned()),
            );
        }
    }
    // A pseudo-table in ON CONFLICT DO UPDATE SET.
    kept.remove("SET");
    assert_eq!(kept.into_iter().collect::<Vec<_>>(), ["totals"]);
}

/// A query without a column list selects the columns in the order of the schema file.
#[tokio::test]
async fn the_schema_file_lists_the_columns_of_the_database_in_their_order() {
    let mut listed = Vec::new();
    let mut table = "";
    for line in include_str!("../../src/store/schema.rs").lines() {
        if let Some((column, _)) = line.split_once(" -> ").filter(|_| line.starts_with("        ")) {
            listed.push(format!("{table}.{}", column.trim()));
        } else if let Some((name, _)) = line.trim().split_once(" (") {
            table = name;
        }
    }
    let (db, _database) = migrated();
    let read = db.read(|conn| {
        let query = match conn {
            Conn::Sqlite(_) => {
                "SELECT t.name || '.' || c.name AS name FROM sqlite_schema AS t, pragma_table_xinfo(t.name) AS c \
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid"
            }
            Conn::Postgres(_) => {
                "SELECT table_name || '.' || column_name AS name FROM information_schema.columns \
                 WHERE table_schema = 'public' ORDER BY table_name COLLATE \"C\", ordinal_position"
            }
        };
        Ok::<_, Error>(diesel::sql_query(query).load::<Name>(conn)?)
    });
    let mut there: Vec<String> = read.await.unwrap().into_iter().map(|row| row.name).collect();
    // The tool omits them; see diesel.toml.
    there.retain(|column| !column.starts_with("__diesel_schema_migrations.") && !column.starts_with("totals."));
    assert_eq!(listed, there);
}

#[test]
fn a_table_comes_after_those_that_its_rows_refer_to() {
    let mut blank = blank().unwrap();
    // It would be first by its position and by its name.
    diesel::sql_query("CREATE TABLE a (id INTEGER PRIMARY KEY, class_id BIGINT REFERENCES classes)")
        .execute(&mut blank)
        .unwrap();
    diesel::sql_query("ALTER TABLE users ADD COLUMN a BIGINT REFERENCES a").execute(&mut blank).unwrap();
    let names: Vec<String> = tables(&mut blank).unwrap().iter().map(|table| table.name().to_owned()).collect();
    let place = |name: &str| names.iter().position(|other| other == name).unwrap();
    assert!(place("classes") < place("a") && place("a") < place("users"), "{names:?}");
}

#[tokio::test]
async fn a_write_is_seen_and_a_read_is_none() {
    let database = Database::create();
    Db::open(&database.url).unwrap().migrate().unwrap();
    let id = enterprise(&Db::open(&database.url).unwrap(), 1).await;
    let db = Db::open(&database.url).unwrap();
    let mut watch = db.watch().unwrap();
    // The session that wrote it has ended, but the test did not wait for that.
    eventually(|| !watch.sees_others().unwrap());
    watch.begin_anew().unwrap();
    user_ids(&db, EnterpriseId(id)).await;
    assert!(!watch.has_seen_writes().unwrap());
    db.write(move |conn| add_user(conn, EnterpriseId(id), "u")).await.unwrap();
    drop(db);
    eventually(|| watch.has_seen_writes().unwrap());
}

#[tokio::test]
async fn a_writer_on_a_server_is_seen() {
    let (db, _database) = migrated();
    let mut watch = db.watch().unwrap();
    eventually(|| !watch.sees_others().unwrap());
    user_ids(&db, EnterpriseId(1)).await;
    assert_eq!(watch.sees_others().unwrap(), !db.is_embedded());
}

fn eventually(mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_mins(1), "waited in vain");
        std::thread::sleep(Duration::from_millis(20));
    }
}
