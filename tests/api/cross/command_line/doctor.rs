//! `lectern doctor`: what it checks, what it says to do, and its exit code.

use std::net::TcpListener;
use std::path::Path;

use serde_json::Value;

use super::program::Program;
use crate::support::receiver::Receiver;

/// The findings, each as its check, verdict and text; and whether the exit code is that of a success.
fn look(program: &Program, flags: &[&str]) -> (Vec<(String, String, String)>, bool) {
    let mut args = [&["doctor", "--json"], flags].concat();
    if !flags.contains(&"--listen") {
        args.extend(["--listen", "127.0.0.1:0"]);
    }
    let output = program.run(&args);
    let printed: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = printed["checks"].as_array().unwrap();
    for row in rows.iter().filter(|row| row["verdict"] != "ok") {
        assert!(text(row, "advice").len() > 10, "{row}");
    }
    let rows = rows.iter().map(|row| (text(row, "check"), text(row, "verdict"), text(row, "found")));
    (rows.collect(), output.status.success())
}

#[track_caller]
fn assert_found(findings: &[(String, String, String)], check: &str, verdict: &str, found: &str) {
    let is_this = |(c, v, f): &(String, String, String)| c == check && v == verdict && f.contains(found);
    assert!(findings.iter().any(is_this), "{check} {verdict} {found:?}: {findings:#?}");
}

/// Makes the tables and the folders, as a server does.
fn set_up() -> Program {
    let program = Program::new();
    drop(program.serve(&[]));
    program
}

#[test]
fn a_server_that_can_start_gets_no_error() {
    let program = set_up();
    let (findings, is_success) = look(&program, &[]);
    assert!(is_success, "{findings:#?}");
    assert!(findings.iter().all(|(_, verdict, _)| verdict != "error"), "{findings:#?}");
    assert_found(&findings, "configuration", "warning", "LECTERN_PUBLIC_URL");
    assert_found(&findings, "clock", "ok", "");
    assert_found(&findings, "database", "ok", "its tables are of this version");
    assert_found(&findings, "database", "ok", "it accepts writes");
    assert_found(&findings, "storage", "ok", "a file was written, read and removed");
    assert_found(&findings, "listen", "ok", "is free");
    assert_found(&findings, "media", "ok", "is free, UDP and TCP");
    for check in ["disk", "converter", "ffmpeg"] {
        assert!(findings.iter().any(|(found, ..)| found == check), "{check}: {findings:#?}");
    }
}

#[test]
fn people_get_a_line_for_each_check_with_what_to_do() {
    let program = set_up();
    let printed = program.ok(&["doctor", "--listen", "127.0.0.1:0"]);
    let mut lines = printed.lines();
    let warning = lines.find(|line| line.starts_with("warning  configuration  LECTERN_PUBLIC_URL")).unwrap();
    assert_eq!(lines.next().unwrap().trim(), "set it to the address at which people reach this server", "{warning}");
    assert!(printed.lines().any(|line| line == "ok       database       its tables are of this version"), "{printed}");
}

#[test]
fn it_checks_beside_a_running_server() {
    let program = Program::new();
    let server = program.serve(&[]);
    let address = server.url.trim_start_matches("http://").to_owned();
    let (findings, is_success) = look(&program, &["--listen", &address, "--public-url", &server.url]);
    assert!(is_success, "{findings:#?}");
    assert_found(&findings, "listen", "ok", &format!("a server runs at {address}"));
    assert_found(&findings, "public address", "ok", "answers");
    assert_found(&findings, "database", "ok", "it accepts writes");
}

#[test]
fn an_address_that_another_program_has_is_an_error() {
    let program = set_up();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    // It closes each connection, so that nobody waits for an answer.
    std::thread::spawn(move || while other.accept().is_ok() {});
    let (findings, is_success) = look(&program, &["--listen", &address, "--media-listen", &address]);
    assert!(!is_success);
    assert_found(&findings, "listen", "error", "another program has");
    assert_found(&findings, "media", "error", "another program has");
    let complaint = program.run(&["doctor", "--listen", &address]).stderr;
    assert!(String::from_utf8_lossy(&complaint).contains("error: 1 check found an error"));
}

#[test]
fn what_does_not_exist_yet_is_not_made() {
    let program = Program::new();
    let folder = tempfile::tempdir().unwrap();
    let (database, files) = (folder.path().join("a/lectern.db"), folder.path().join("b"));
    let database_url = format!("sqlite://{}", database.display());
    let storage_url = format!("file://{}", files.display());
    let flags = ["--database-url", &database_url, "--storage-url", &storage_url];
    let (findings, is_success) = look(&program, &flags);
    assert!(is_success, "{findings:#?}");
    assert_found(&findings, "database", "warning", "there is no");
    assert_found(&findings, "storage", "warning", "there is no");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn a_database_that_is_not_there_is_an_error_without_its_password() {
    let program = Program::new();
    let flags = ["--database-url", "postgres://lectern:sesame@127.0.0.1:1/lectern"];
    let (findings, is_success) = look(&program, &flags);
    assert!(!is_success);
    assert_found(&findings, "database", "error", "not available");
    assert!(!format!("{findings:?}").contains("sesame"));
}

#[test]
fn a_storage_that_can_not_be_written_to_is_an_error() {
    let program = set_up();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let (findings, is_success) = look(&program, &["--storage-url", &format!("file://{}", file.display())]);
    assert!(!is_success);
    assert_found(&findings, "storage", "error", "file");
}

#[test]
fn nothing_is_left_in_the_storage() {
    let program = set_up();
    let folder = tempfile::tempdir().unwrap();
    look(&program, &["--storage-url", &format!("file://{}", folder.path().display())]);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(Path::new(folder.path()).exists());
}

#[test]
fn a_receiver_is_asked_whether_it_can_be_reached() {
    let program = set_up();
    let receiver = Receiver::start();
    let enterprise = |callback_url: &str| {
        let args = ["enterprise", "create", "--name", "School", "--callback-url", callback_url, "--json"];
        program.json(&args)["sdkappid"].to_string()
    };
    let reached = enterprise(&format!("{}?key=sesame", receiver.url));
    let flags = ["--sdkappid", &reached, "--callback-allow-private", "true"];
    let (findings, is_success) = look(&program, &flags);
    assert!(is_success, "{findings:#?}");
    assert_found(&findings, "callbacks", "ok", "answers (HTTP 200 to a GET)");
    assert!(!format!("{findings:?}").contains("sesame"));
    assert!(receiver.requests().iter().all(|request| request.method == "GET"));

    // An address inside a network is not asked unless that is allowed.
    let (findings, is_success) = look(&program, &["--sdkappid", &reached]);
    assert!(!is_success);
    assert_found(&findings, "callbacks", "error", "is not a public address");
    let closed = enterprise("http://127.0.0.1:1/");
    let (findings, is_success) = look(&program, &["--sdkappid", &closed, "--callback-allow-private", "true"]);
    assert!(!is_success);
    assert_found(&findings, "callbacks", "error", "can't connect");
    let without = program.create()["sdkappid"].to_string();
    assert_found(&look(&program, &["--sdkappid", &without]).0, "callbacks", "warning", "has no address");
    assert_found(&look(&program, &["--sdkappid", "5"]).0, "callbacks", "error", "5");
}

#[test]
fn the_version_is_printed_with_its_commit_if_it_is_known() {
    let printed = Program::new().ok(&["--version"]);
    assert_eq!(printed.trim(), format!("lectern {}", lectern::build::version()));
    assert!(printed.starts_with(&format!("lectern {}", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn a_shell_can_complete_commands() {
    let program = Program::new();
    for shell in ["bash", "zsh", "fish"] {
        let printed = program.ok(&["completions", shell]);
        assert!(printed.contains("doctor") && printed.contains("metrics-listen"), "{shell}");
    }
    assert!(program.refused(&["completions", "cobol"]).contains("cobol"));
}
