//! A full disk: writes fail completely, and succeed again when there is room.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::process::{Process, eventually};
use crate::support::receiver::Receiver;
use crate::support::school::{Client, Promised, School, check, id};

/// The size of the file that fills the disk, in bytes.
const BALLAST: usize = 4 << 20;

/// A small disk for the test, if this user may mount one.
struct Disk {
    folder: PathBuf,
    _parent: tempfile::TempDir,
}

impl Disk {
    fn mount() -> Option<Self> {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("disk");
        std::fs::create_dir(&folder).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"]).arg(&folder).status();
        mounted.is_ok_and(|status| status.success()).then_some(Self { folder, _parent: parent })
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).status();
    }
}

#[tokio::test]
async fn a_full_disk_refuses_writes_loses_nothing_and_goes_on_when_there_is_room() {
    let Some(disk) = Disk::mount() else {
        println!("no disk can be mounted here; the limit on the size of files is tested alone");
        return;
    };
    let receiver = Receiver::start();
    let school = School::in_folder(&disk.folder, &receiver.url).await;
    let ballast = disk.folder.join("ballast");
    std::fs::write(&ballast, vec![0; BALLAST]).unwrap();
    let (mut server, client) = school.open(&[]);
    let mut promised = Promised::default();
    let refusal = fill(&client, &mut promised).await;
    check_full(&refusal, &client, &server, &promised).await;

    std::fs::remove_file(&ballast).unwrap();
    eventually("writes work again", async || begin_one(&client, &mut promised).await.ok()).await;
    let arrived = check(&client, &receiver, &promised).await;
    assert_eq!(arrived.in_all(), arrived.events, "no event came twice");

    server.signal("TERM");
    assert!(server.ended().await.success());
    let (_server, client) = school.open(&[]);
    check(&client, &receiver, &promised).await;
}

#[tokio::test]
async fn files_that_may_not_grow_refuse_writes_and_after_a_restart_all_that_was_acknowledged_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = Receiver::start();
    let school = School::in_folder(folder.path(), &receiver.url).await;
    // Too little for a checkpoint of the WAL before the disk is full.
    let server = Process::start_after("trap '' XFSZ; ulimit -f 2000", &school.database_url, &[]);
    let client = school.client(&server);
    let mut promised = Promised::default();
    let refusal = fill(&client, &mut promised).await;
    check_full(&refusal, &client, &server, &promised).await;
    server.kill();

    let (_server, client) = school.open(&[]);
    begin_one(&client, &mut promised).await.unwrap();
    check(&client, &receiver, &promised).await;
}

#[tokio::test]
async fn a_service_whose_disk_refuses_writes_is_not_ready_and_says_so_without_paths() {
    let Some(disk) = Disk::mount() else {
        println!("no disk can be mounted here; the limit on the size of files is tested alone");
        return;
    };
    let school = School::in_folder(&disk.folder, "").await;
    let (server, _) = school.open(&[]);
    ready(&server, 200).await;
    let ballast = disk.folder.join("ballast");
    // As much as there is room for.
    let filled = Command::new("dd").args(["if=/dev/zero", "bs=64k"]).arg(format!("of={}", ballast.display())).output();
    assert!(!filled.unwrap().status.success());
    let answer = ready(&server, 503).await;
    let problem = answer["problem"].as_str().unwrap();
    assert!(problem.contains("refuses writes") && !problem.contains('/'), "{problem}");
    std::fs::remove_file(&ballast).unwrap();
    ready(&server, 200).await;
    eventually("both are logged, once each", async || {
        ((server.logged("not ready").len(), server.logged("ready again").len()) == (1, 1)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_service_whose_files_may_not_grow_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let school = School::in_folder(folder.path(), "").await;
    let server = Process::start_after("trap '' XFSZ; ulimit -f 400", &school.database_url, &[]);
    let client = school.client(&server);
    // The log is emptied into the database until that may not grow either.
    let refused = eventually("it says that it is not ready", async || {
        fill(&client, &mut Promised::default()).await;
        let answer = reqwest::get(format!("{}/readyz", server.url)).await.unwrap();
        (answer.status() == 503).then_some(answer)
    });
    let problem = refused.await.json::<Value>().await.unwrap()["problem"].to_string();
    assert!(problem.contains("refuses writes") || problem.contains("disk I/O error"), "{problem}");
}

#[tokio::test]
async fn a_service_whose_storage_of_files_is_full_is_not_ready() {
    let Some(disk) = Disk::mount() else { return };
    let folder = tempfile::tempdir().unwrap();
    let school = School::in_folder(folder.path(), "").await;
    let (server, _) = school.open(&["--storage-url", &format!("file://{}/files", disk.folder.display())]);
    ready(&server, 200).await;
    let ballast = disk.folder.join("ballast");
    let filled = Command::new("dd").args(["if=/dev/zero", "bs=64k"]).arg(format!("of={}", ballast.display())).output();
    assert!(!filled.unwrap().status.success());
    let problem = ready(&server, 503).await["problem"].to_string();
    assert!(problem.contains("the storage of files refuses writes"), "{problem}");
}

/// Asks until `/readyz` has this status, and returns its answer.
async fn ready(server: &Process, status: u16) -> Value {
    eventually("it says whether it is ready", async || {
        let answer = reqwest::get(format!("{}/readyz", server.url)).await.unwrap();
        (answer.status() == status).then_some(answer)
    })
    .await
    .json()
    .await
    .unwrap()
}

/// Writes until a write fails, and returns the error.
async fn fill(client: &Client, promised: &mut Promised) -> Value {
    for _ in 0..20_000 {
        if let Err(refusal) = begin_one(client, promised).await {
            return refusal;
        }
    }
    panic!("the disk does not get full");
}

/// Creates and begins a class, ends every second one, and records what is acknowledged. The error is that of a full disk.
async fn begin_one(client: &Client, promised: &mut Promised) -> Result<(), Value> {
    // Needs one or two pages of the database.
    let topic = "t".repeat(256);
    let class_id =
        id(&write(client, "class/create", json!({"teacher_id": "teacher", "class_topic": topic})).await?["class_id"]);
    promised.created.insert(class_id);
    write(client, "class/start", json!({"class_id": class_id})).await?;
    promised.begun.insert(class_id);
    if promised.begun.len().is_multiple_of(2) {
        write(client, "class/stop", json!({"class_id": class_id})).await?;
        promised.over.insert(class_id);
    }
    Ok(())
}

async fn write(client: &Client, call: &str, body: Value) -> Result<Value, Value> {
    let answer = client.call(call, body).await.unwrap();
    match id(&answer["error_code"]) {
        0 => Ok(answer),
        10202 => Err(answer),
        _ => panic!("{call}: {answer}"),
    }
}

/// Checks that the answer names the failure and the log has the cause, that acknowledged changes can be read, and that failed
/// changes left nothing. Events that could not be relayed appear in the feed later.
async fn check_full(refusal: &Value, client: &Client, server: &Process, promised: &Promised) {
    assert!(refusal["error_msg"].as_str().unwrap().contains("nothing was done"), "{refusal}");
    let why = eventually("the log says why", async || server.logged("a request failed").into_iter().next()).await;
    println!("full: {why}");
    assert!(["disk I/O error", "database or disk is full"].iter().any(|cause| why.contains(cause)), "{why}");
    for class_id in &promised.begun {
        let expected = if promised.over.contains(class_id) { "end" } else { "ing" };
        let info = client.ok("class/info", json!({"class_id": class_id})).await;
        assert_eq!(info["class_status"], expected, "{class_id}");
    }
    let feed = client.feed().await;
    assert!(feed.len() <= promised.begun.len() + promised.over.len(), "no event of what was refused");
}
