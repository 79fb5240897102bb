//! An interrupted copy continues where it stopped.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use lectern::db::Conn;

use super::{
    Number, command, complaint, connect, copy, count, crowd, execute, number, refused, service_in_file, targets,
};
use crate::support::PATIENCE;

/// How many rows `lectern copy` writes in one transaction.
const BATCH: i64 = 1_000;

#[tokio::test]
async fn a_copy_that_failed_goes_on_after_the_last_row_that_was_written() {
    let service = service_in_file();
    crowd(&service, BATCH * 2 + 500).await;
    for target in targets() {
        lectern::db::Db::open(&target.url).unwrap().migrate().unwrap();
        let last = BATCH + 500;
        // Two rows of the second batch that the target will reject.
        execute(
            &target.url,
            &format!("CREATE UNIQUE INDEX trap ON members ((id > 0)) WHERE id IN ({last}, {last} - 1)"),
        );
        refused(service.database_url(), &target.url);
        assert_eq!(count(&target.url, "members"), BATCH, "whole batches and nothing else");
        execute(&target.url, "DROP INDEX trap");
        let printed = copy(service.database_url(), &target.url);
        assert!(printed.contains(&format!("members: {BATCH} of {} are there\n", BATCH * 2 + 501)), "{printed}");
        assert_eq!(count(&target.url, "members"), BATCH * 2 + 501);
    }
}

#[tokio::test]
async fn a_copy_that_is_made_twice_changes_nothing() {
    let service = service_in_file();
    crowd(&service, 10).await;
    for target in targets() {
        copy(service.database_url(), &target.url);
        let printed = copy(service.database_url(), &target.url);
        assert!(printed.contains("members: 11 of 11 are there\n"), "{printed}");
        assert_eq!(count(&target.url, "members"), 11);
    }
}

#[tokio::test]
async fn a_copy_that_was_killed_goes_on() {
    let service = service_in_file();
    crowd(&service, BATCH * 40).await;
    for target in targets() {
        let (mut process, held) = caught(service.database_url(), &target.url);
        process.kill().unwrap();
        process.wait().unwrap();
        drop(held);
        copy(service.database_url(), &target.url);
        assert_eq!(count(&target.url, "members"), BATCH * 40 + 1);
        let last = number(&target.url, "SELECT max(id) AS number FROM members");
        assert_eq!(last, BATCH * 40 + 1, "no row has another id");
    }
}

#[tokio::test]
async fn a_source_that_was_written_to_meanwhile_is_reported() {
    let service = service_in_file();
    crowd(&service, BATCH * 40).await;
    for target in targets() {
        let (process, held) = caught(service.database_url(), &target.url);
        service.enterprise().await;
        drop(held);
        let output = process.wait_with_output().unwrap();
        assert!(!output.status.success());
        assert!(complaint(&output).contains("the source was written to meanwhile"), "{}", complaint(&output));
        // The copy is complete all the same, as of its beginning.
        assert_eq!(count(&target.url, "members"), BATCH * 40 + 1);
    }
}

/// A copy that is blocked in the middle of the members until the connection is dropped.
fn caught(from: &str, to: &str) -> (Child, Conn) {
    let mut conn = connect(to);
    for _ in 0..20 {
        let mut process = command(from, to).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let begun = Instant::now();
        while !has_members(to) && process.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < PATIENCE, "nothing is copied");
            std::thread::sleep(Duration::from_millis(1));
        }
        let lock = match conn {
            Conn::Sqlite(_) => "BEGIN IMMEDIATE",
            Conn::Postgres(_) => "BEGIN; LOCK TABLE members IN SHARE MODE",
        };
        conn.batch_execute(lock).unwrap();
        if process.try_wait().unwrap().is_none() && count(to, "members") < count(from, "members") {
            return (process, conn);
        }
        // The copy was too fast: start again.
        conn.batch_execute("ROLLBACK").unwrap();
        process.wait().unwrap();
        execute(to, "DELETE FROM enterprises");
    }
    panic!("no copy could be caught");
}

/// Whether the target has some of the rows; false before it has tables.
fn has_members(url: &str) -> bool {
    let query = diesel::sql_query("SELECT id AS number FROM members LIMIT 1");
    query.load::<Number>(&mut connect(url)).is_ok_and(|found| !found.is_empty())
}
