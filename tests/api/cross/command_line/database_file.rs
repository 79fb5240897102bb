//! The file of a SQLite database: one server at a time, no version but this one or an earlier one, and for its owner alone.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use super::program::{Program, complaint};
use crate::support::database::Database;

/// A version that no program has made yet.
const LATER: &str = "20991231235959";

fn in_file() -> (Program, PathBuf) {
    let database = Database::in_file();
    let path = PathBuf::from(database.url.strip_prefix("sqlite://").unwrap());
    (Program { database }, path)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

#[test]
fn a_second_server_on_one_sqlite_file_does_not_start_and_names_the_file_and_the_first() {
    let (program, path) = in_file();
    let mut first = program.serve(&[]);
    let other_name = path.with_file_name("other.db");
    symlink(&path, &other_name).unwrap();
    for path in [&path, &other_name] {
        let url = format!("sqlite://{}", path.display());
        let refused = program.refused(&["serve", "--listen", "127.0.0.1:0", "--database-url", &url]);
        let path = path.canonicalize().unwrap();
        assert!(refused.contains(&format!("{} is being served", path.display())), "{refused}");
        assert!(refused.contains(&format!("process {}", first.child.id())), "{refused}");
    }
    // Other commands work beside it.
    program.create();
    assert_eq!(program.json(&["enterprise", "list", "--json"]).as_array().unwrap().len(), 1);

    first.signal("KILL");
    first.ended();
    let mut next = program.serve(&[]);
    next.signal("TERM");
    assert!(next.ended().success());
    program.serve(&[]);
}

#[test]
fn a_database_of_a_later_version_stops_every_command_and_is_left_alone() {
    let program = Program::new();
    program.ok(&["migrate"]);
    let (later, name) = note_later_migration(&program.database.url);
    for args in [&["serve", "--listen", "127.0.0.1:0"] as &[&str], &["migrate"], &["enterprise", "list"]] {
        let output = program.run(args);
        let complaint = complaint(&output);
        assert!(complaint.contains(&name) && complaint.contains(LATER), "{args:?}: {complaint}");
        assert!(complaint.contains("knows is 2026"), "{args:?} names its own version: {complaint}");
    }
    assert_eq!(later(), 1);
}

/// Adds a migration to those that were applied. Returns a count of such migrations, and the words that name the database.
fn note_later_migration(url: &str) -> (impl Fn() -> usize, String) {
    let note = format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{LATER}')");
    let name = if let Some(path) = url.strip_prefix("sqlite://") {
        SqliteConnection::establish(path).unwrap().batch_execute(&note).unwrap();
        path.to_owned()
    } else {
        PgConnection::establish(url).unwrap().batch_execute(&note).unwrap();
        let parsed = url::Url::parse(url).unwrap();
        format!("the database {}", parsed.path().trim_start_matches('/'))
    };
    let url = url.to_owned();
    let count = move || {
        let delete = diesel::sql_query(format!("DELETE FROM __diesel_schema_migrations WHERE version = '{LATER}'"));
        match url.strip_prefix("sqlite://") {
            Some(path) => {
                diesel::RunQueryDsl::execute(delete, &mut SqliteConnection::establish(path).unwrap()).unwrap()
            }
            None => diesel::RunQueryDsl::execute(delete, &mut PgConnection::establish(&url).unwrap()).unwrap(),
        }
    };
    (count, name)
}

#[test]
fn the_file_and_all_that_is_beside_it_are_for_their_owner_alone() {
    let (program, path) = in_file();
    let backup = path.with_file_name("backup.db");
    let args = ["serve", "--listen", "127.0.0.1:0", "--workers", "1"];
    let mut shell = program.command(&[]);
    let mut command = Command::new("sh");
    command.envs(shell.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.args(["-c", "umask 022; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_lectern")]).args(args);
    let _server = super::program::Running::start(&mut command).unwrap();
    program.create();
    shell.args(["backup", "--to", backup.to_str().unwrap()]);
    assert!(shell.output().unwrap().status.success());
    for file in [path.clone(), beside(&path, "-wal"), beside(&path, "-shm"), beside(&path, ".lock"), backup] {
        let mode = std::fs::metadata(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display())).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
}

#[test]
fn a_file_that_others_can_read_is_reported_at_the_start() {
    let (program, path) = in_file();
    program.ok(&["migrate"]);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut command = program.command(&["serve", "--listen", "127.0.0.1:0", "--workers", "1"]);
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let log = std::io::BufReader::new(child.stderr.take().unwrap());
    let warned = std::io::BufRead::lines(log)
        .map(Result::unwrap)
        .take_while(|line| !line.contains("serving at"))
        .any(|line| line.contains("WARN") && line.contains("mode 0644") && line.contains(path.to_str().unwrap()));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(warned);
}

#[test]
fn a_message_about_a_file_names_it() {
    let (program, path) = in_file();
    std::fs::write(&path, "this is no database, whatever its name says ".repeat(100)).unwrap();
    for args in [
        &["serve", "--listen", "127.0.0.1:0"] as &[&str],
        &["migrate"],
        &["enterprise", "list"],
        &["backup", "--to", "/tmp/never.db"],
    ] {
        let refused = program.refused(args);
        assert!(refused.contains(path.to_str().unwrap()), "{args:?}: {refused}");
    }
}
