//! Who may import whom: the arrows of docs/architecture.md, held against the `use` lines and paths of the code.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A module of the crate and the modules it may import. What is not listed may import everything.
const ARROWS: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("config", &["domain"]),
    ("db", &[]),
    ("jobs", &["clock", "db"]),
    ("store", &["clock", "db", "jobs"]),
    ("domain", &["clock", "db", "jobs", "store"]),
    ("http", &["clock"]),
    ("webhook", &["clock", "db", "domain", "http", "jobs", "store"]),
    ("integrations", &["clock", "db", "domain", "http", "jobs", "store"]),
    ("conversion", &["clock", "db", "domain", "http", "integrations", "jobs", "storage", "store"]),
    ("presence", &["clock", "db", "domain", "jobs"]),
    ("storage", &["clock", "db", "jobs", "store"]),
    ("state", &["clock", "config", "db", "domain", "integrations", "presence", "storage"]),
    ("files", &["state", "clock", "domain", "storage"]),
    ("protocol", &["integrations", "state", "webhook", "clock", "config", "db", "domain", "http", "storage", "store"]),
];

/// Modules that may name diesel.
const DIESEL: &[&str] = &["db", "store"];

#[test]
fn modules_import_only_along_the_arrows() {
    for (module, source, path) in sources() {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else { continue };
        for imported in imports(&source) {
            assert!(
                imported == module || allowed.contains(&imported.as_str()),
                "{} imports {imported}, which {module} may not",
                path.display()
            );
        }
    }
}

#[test]
fn protocols_do_not_import_one_another() {
    for (module, source, path) in sources() {
        let Some(own) = path.strip_prefix("src/protocol").ok().filter(|_| module == "protocol") else { continue };
        let own = own.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let others: Vec<String> = after(&source, "protocol::").into_iter().filter(|other| *other != own).collect();
        assert!(others.is_empty(), "{} imports {others:?}", path.display());
    }
}

#[test]
fn only_db_and_store_name_diesel() {
    for (module, source, path) in sources() {
        let names_it = code(&source).any(|line| line.contains("diesel"));
        assert!(!names_it || DIESEL.contains(&module.as_str()), "{} names diesel", path.display());
    }
}

#[test]
fn every_file_says_first_what_lives_there() {
    for (_, source, path) in sources() {
        assert!(source.starts_with("//! "), "{} does not begin with a line of //!", path.display());
    }
}

/// Every file below src: its module at the top of the crate, its text, its path.
fn sources() -> Vec<(String, String, PathBuf)> {
    let mut found = Vec::new();
    collect(Path::new("src"), &mut found);
    assert!(found.len() > 20, "the sources are not where they are looked for");
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String, PathBuf)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = path.iter().nth(1).unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
            found.push((module, fs::read_to_string(&path).unwrap(), path));
        }
    }
}

fn imports(source: &str) -> BTreeSet<String> {
    after(source, "crate::")
}

/// The names that follow `prefix` in the code, those of a group `prefix{a, b::c}` too.
fn after(source: &str, prefix: &str) -> BTreeSet<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = BTreeSet::new();
    for line in code(source) {
        for (at, _) in line.match_indices(prefix) {
            let rest = line.get(at + prefix.len()..).unwrap();
            match rest.strip_prefix('{') {
                Some(group) => names.extend(group.split(',').map(|part| name(part.trim()))),
                None => drop(names.insert(name(rest))),
            }
        }
    }
    names.remove("");
    // A macro of the crate lives at its root.
    names.remove("on_either");
    names
}

/// The lines that are no comments.
fn code(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter(|line| !line.trim_start().starts_with("//"))
}
