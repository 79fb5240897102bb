//! The commit that the build puts into the program: that of its clone, and none without one.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[allow(dead_code, reason = "the build calls the rest")]
#[path = "../build.rs"]
mod build;

use std::path::Path;
use std::process::Command;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(arguments);
    let answer = command.output().unwrap();
    assert!(answer.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_clone_has_its_commit() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet"]);
    assert_eq!(build::commit(folder.path()), None, "a clone without a commit");
    git(folder.path(), &["commit", "--quiet", "--allow-empty", "--message", "first"]);
    let commit = git(folder.path(), &["rev-parse", "HEAD"]);
    assert_eq!(build::commit(folder.path()).as_deref(), commit.get(..12));
}

#[test]
fn sources_without_a_clone_have_no_commit() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(build::commit(folder.path()), None);
}

#[test]
fn sources_inside_another_clone_have_no_commit() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["commit", "--quiet", "--allow-empty", "--message", "first"]);
    let inside = folder.path().join("lectern-0.1.0");
    std::fs::create_dir(&inside).unwrap();
    assert_eq!(build::commit(&inside), None);
}
