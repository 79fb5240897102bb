//! Puts the commit into the program: `lectern --version` and the metrics show it. Without a clone, as in an archive of the
//! sources, there is none.

use std::path::Path;
use std::process::Command;

/// How many digits of the commit are shown.
const DIGITS: usize = 12;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A debug build does not have the commit: it would be compiled anew after each one.
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let Some(folder) = std::env::var_os("CARGO_MANIFEST_DIR").filter(|_| is_release) else { return };
    let folder = Path::new(&folder);
    if let Some(commit) = commit(folder) {
        // Not with our prefix: cargo passes it on to what it runs, where it would be an unknown setting.
        println!("cargo::rustc-env=BUILD_COMMIT={commit}");
    }
    // `HEAD` changes when another branch is checked out, its log with each commit.
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(folder, &["rev-parse", "--git-path", file]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

/// The commit of a clone; `None` if the folder is not the root of one, or git is not there.
#[must_use]
pub fn commit(folder: &Path) -> Option<String> {
    // Sources that were unpacked somewhere inside another clone are not of its commit.
    let root = git(folder, &["rev-parse", "--show-toplevel"])?;
    if Path::new(&root).canonicalize().ok()? != folder.canonicalize().ok()? {
        return None;
    }
    let commit = git(folder, &["rev-parse", "HEAD"])?;
    let is_hash = commit.len() >= DIGITS && commit.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hash.then(|| commit.chars().take(DIGITS).collect())
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let answer = Command::new("git").arg("-C").arg(folder).args(arguments).output().ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    answer.status.success().then(|| text.trim().to_owned())
}
