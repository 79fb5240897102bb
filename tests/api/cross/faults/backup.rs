//! A backup during writes has everything that was acknowledged before it, is consistent, and can be served.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use lectern::db::check_file;
use serde_json::json;

use crate::support::process::eventually;
use crate::support::receiver::Receiver;
use crate::support::school::{Client, Promised, School, id};

const CLIENTS: usize = 4;

#[tokio::test]
async fn a_backup_made_under_load_has_all_that_was_acknowledged_before_it() {
    let (folder, receiver) = (tempfile::tempdir().unwrap(), Receiver::start());
    let school = School::in_folder(folder.path(), &receiver.url).await;
    let (server, client) = school.open(&[]);
    let promised: Arc<Mutex<Promised>> = Arc::default();
    let ended = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> =
        (0..CLIENTS).map(|_| tokio::spawn(teach(client.clone(), promised.clone(), ended.clone()))).collect();
    let file = folder.path().join("backup.db");
    for round in 1..=3 {
        eventually("work is done", async || (promised.lock().unwrap().over.len() > round * 30).then_some(())).await;
        // On a busy machine a backup may end before any client has written.
        let before = eventually("something is written during a backup", async || {
            let before = copy_of(&promised.lock().unwrap());
            let (url, to) = (school.database_url.clone(), file.clone());
            let backup = tokio::task::spawn_blocking(move || backup(&url, &to, &["--force"]));
            backup.await.unwrap().unwrap();
            (!promised.lock().unwrap().over.is_subset(&before.over)).then_some(before)
        })
        .await;
        check_restored(&school, &file, &before).await;
    }
    ended.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    drop(server);
}

/// Creates, begins and ends classes.
async fn teach(client: Client, promised: Arc<Mutex<Promised>>, ended: Arc<AtomicBool>) {
    while !ended.load(Ordering::Relaxed) {
        let class_id = id(&client.ok("class/create", json!({"teacher_id": "teacher"})).await["class_id"]);
        promised.lock().unwrap().created.insert(class_id);
        client.ok("class/start", json!({"class_id": class_id})).await;
        promised.lock().unwrap().begun.insert(class_id);
        client.ok("class/stop", json!({"class_id": class_id})).await;
        promised.lock().unwrap().over.insert(class_id);
    }
}

fn copy_of(promised: &Promised) -> Promised {
    Promised { created: promised.created.clone(), begun: promised.begun.clone(), over: promised.over.clone() }
}

/// Restores the backup as an operator would, and checks what a server on it has.
async fn check_restored(school: &School, backup: &Path, promised: &Promised) {
    let elsewhere = tempfile::tempdir().unwrap();
    let restored = School {
        database_url: format!("sqlite://{}/lectern.db", elsewhere.path().display()),
        enterprise: school.enterprise.clone(),
    };
    std::fs::copy(backup, elsewhere.path().join("lectern.db")).unwrap();
    let (_server, client) = restored.open(&[]);
    client.settled().await;
    let classes = client.classes().await;
    let mut events: BTreeMap<i64, usize> = BTreeMap::new();
    for event in client.feed().await {
        *events.entry(id(&event["class_id"])).or_default() += 1;
    }
    for class_id in &promised.created {
        assert!(classes.contains_key(class_id), "class {class_id} was created before");
    }
    for class_id in &promised.begun {
        assert_ne!(classes[class_id], "will", "class {class_id} was begun before");
    }
    for class_id in &promised.over {
        assert_eq!(classes[class_id], "end", "class {class_id} was ended before");
    }
    for (class_id, state) in classes {
        let published = events.get(&class_id).copied().unwrap_or_default();
        assert_eq!(
            published,
            ["will", "ing", "end"].iter().position(|word| **word == *state).unwrap(),
            "{class_id} {state}"
        );
    }
    client.begin(1).await;
}

#[tokio::test]
async fn a_backup_replaces_nothing_unless_forced_and_is_readable_by_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let school = School::in_folder(folder.path(), "").await;
    let backups = tempfile::tempdir().unwrap();
    let file = backups.path().join("backup.db");
    backup(&school.database_url, &file, &[]).unwrap();
    check_file(&file).unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    std::fs::write(&file, "not to be lost").unwrap();
    let complaint = backup(&school.database_url, &file, &[]).unwrap_err();
    assert!(complaint.contains("is there already"), "{complaint}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not to be lost");

    backup(&school.database_url, &file, &["--force"]).unwrap();
    check_file(&file).unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(backups.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[tokio::test]
async fn a_database_is_not_replaced_by_its_own_backup_nor_one_that_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let school = School::in_folder(folder.path(), "").await;
    let database = Path::new(school.file().unwrap());
    let before = database.metadata().unwrap().ino();
    let complaint = backup(&school.database_url, database, &["--force"]).unwrap_err();
    assert!(complaint.contains("is the database itself"), "{complaint}");
    assert_eq!(database.metadata().unwrap().ino(), before, "it is the same file");

    let other = folder.path().join("other.db");
    std::fs::write(folder.path().join("other.db-wal"), "").unwrap();
    let complaint = backup(&school.database_url, &other, &["--force"]).unwrap_err();
    assert!(complaint.contains("other.db-wal is there"), "{complaint}");
    assert!(!other.exists());
}

#[test]
fn no_backup_is_made_of_a_database_server_and_the_error_names_its_own_tool() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db");
    let complaint = backup("postgres://lectern:secret@127.0.0.1:1/lectern", &file, &[]).unwrap_err();
    assert!(complaint.contains("pg_dump") && !complaint.contains("secret"), "{complaint}");
    assert!(!file.exists());
}

#[test]
fn a_missing_database_is_not_backed_up_and_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let (database, file) = (folder.path().join("lectern.db"), folder.path().join("backup.db"));
    backup(&format!("sqlite://{}", database.display()), &file, &[]).unwrap_err();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_damaged_file_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let school = School::in_folder(folder.path(), "").await;
    let file = folder.path().join("backup.db");
    backup(&school.database_url, &file, &[]).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[4096..8192].fill(0xff);
    std::fs::write(&file, bytes).unwrap();
    check_file(&file).unwrap_err();
}

/// Runs `lectern backup`. The error is its error message.
fn backup(database_url: &str, to: &Path, flags: &[&str]) -> Result<(), String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lectern"));
    command.args(["backup", "--database-url", database_url, "--to"]).arg(to).args(flags);
    let output = command.output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8(output.stderr).unwrap()) }
}
