//! Backups on a schedule, and `lectern restore`.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lectern::clock::Clock;
use lectern::db::check_file;

use super::program::Program;
use crate::support::database::Database;
use crate::support::process::eventually;
use crate::support::service::{BEGIN, Service};

const HOUR: i64 = 3_600;

/// The backups in a folder, in the order in which they were made.
fn backups(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with("lectern-")).collect();
    names.sort();
    names
}

/// A program with a SQLite file in which there is one enterprise, a backup of it, and then a second enterprise.
fn backed_up() -> (Program, PathBuf, PathBuf) {
    let program = Program { database: Database::in_file() };
    let path = PathBuf::from(program.database.url.strip_prefix("sqlite://").unwrap());
    let backup = path.with_file_name("backup.db");
    program.create();
    program.ok(&["backup", "--to", backup.to_str().unwrap()]);
    program.create();
    (program, path, backup)
}

fn enterprises(program: &Program, path: &Path) -> usize {
    let url = format!("sqlite://{}", path.display());
    program.json(&["enterprise", "list", "--json", "--database-url", &url]).as_array().unwrap().len()
}

#[tokio::test]
async fn a_database_is_backed_up_on_schedule_and_the_oldest_backups_go() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("lectern.db"), "of somebody else").unwrap();
    let (url, clock) = (format!("file://{}", folder.path().display()), Clock::set_at(BEGIN * 1_000));
    let flags = ["--backup-url", &url, "--backup-hours", "2", "--backup-keep", "2"].map(str::to_owned).to_vec();
    let service = Service::start_on(Arc::new(Database::in_file()), clock, flags);
    let wait_for = async |wanted: &[&str]| {
        eventually(&format!("{wanted:?}"), async || (backups(folder.path()) == wanted).then_some(())).await;
    };
    wait_for(&["lectern-20231114T221320Z.db"]).await;
    for (passed, wanted) in [
        (HOUR, ["lectern-20231114T221320Z.db"].as_slice()),
        (HOUR, &["lectern-20231114T221320Z.db", "lectern-20231115T001320Z.db"]),
        (2 * HOUR, &["lectern-20231115T001320Z.db", "lectern-20231115T021320Z.db"]),
    ] {
        service.pass(passed);
        wait_for(wanted).await;
    }
    for name in backups(folder.path()) {
        let file = folder.path().join(name);
        check_file(&file).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("lectern.db")).unwrap(), "of somebody else");
}

#[test]
fn a_place_for_backups_that_is_none_stops_the_start() {
    let program = Program { database: Database::in_file() };
    let refused = program.refused(&["serve", "--listen", "127.0.0.1:0", "--backup-url", "ftp://example.com/x"]);
    assert!(refused.contains("LECTERN_BACKUP_URL: the storage URL must be file://PATH or s3://"), "{refused}");
    if let Some(database) = Database::on_server() {
        let program = Program { database };
        let refused = program.refused(&["serve", "--listen", "127.0.0.1:0", "--backup-url", "file:///tmp"]);
        assert!(refused.contains("LECTERN_BACKUP_URL: only a SQLite database is backed up"), "{refused}");
    }
}

#[test]
fn a_backup_takes_the_place_of_the_database_which_is_kept_under_another_name() {
    let (program, path, backup) = backed_up();
    let from = ["restore", "--from", backup.to_str().unwrap()];
    let refused = program.refused(&from);
    assert!(refused.contains("is there already; --force replaces it"), "{refused}");
    let forced = [&from as &[&str], &["--force"]].concat();
    let server = program.serve(&[]);
    let refused = program.refused(&forced);
    assert!(refused.contains(&format!("is being served by process {}", server.child.id())), "{refused}");
    drop(server);
    assert_eq!(enterprises(&program, &path), 2, "nothing was changed");

    let printed = program.ok(&forced);
    assert!(printed.contains("restored") && printed.contains("checked"), "{printed}");
    assert_eq!(enterprises(&program, &path), 1);
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let aside = printed.lines().find_map(|line| line.strip_prefix("the database that was there is now ")).unwrap();
    assert_eq!(enterprises(&program, Path::new(aside)), 2);
    program.serve(&[]);
}

#[test]
fn a_database_that_was_lost_or_is_damaged_is_restored() {
    let (program, path, backup) = backed_up();
    let from = ["restore", "--force", "--from", backup.to_str().unwrap()];
    std::fs::write(&path, "no database at all ".repeat(1_000)).unwrap();
    program.ok(&from);
    assert_eq!(enterprises(&program, &path), 1);
    std::fs::remove_file(&path).unwrap();
    program.ok(&["restore", "--from", backup.to_str().unwrap()]);
    assert_eq!(enterprises(&program, &path), 1);
}

#[test]
fn what_is_no_backup_changes_nothing() {
    let (program, path, backup) = backed_up();
    let other = path.with_file_name("other.db");
    let refused = |why: &str| {
        let complaint = program.refused(&["restore", "--force", "--from", other.to_str().unwrap()]);
        assert!(complaint.contains(why), "{complaint}");
        assert_eq!(enterprises(&program, &path), 2);
    };
    refused("can't read");
    std::fs::write(&other, "no database at all ".repeat(1_000)).unwrap();
    refused("not a database");
    std::fs::write(&other, "").unwrap();
    refused("no database of Lectern");
    let mut damaged = std::fs::read(&backup).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle..].fill(0xa5);
    std::fs::write(&other, damaged).unwrap();
    refused("damaged");
    let left = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with(".lectern-restore-")).collect();
    assert!(left.is_empty(), "{left:?}");
}
