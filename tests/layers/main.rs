//! Checks the allowed imports of docs/architecture.md against the `use` lines and paths of the code.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use source::{circles, imports, sources};

/// A module of the crate, and the modules that it may import. A module that is not listed may import everything.
const ARROWS: &[(&str, &[&str])] = &[
    ("build", &[]),
    ("clock", &[]),
    ("config", &["domain"]),
    ("db", &[]),
    ("http", &["clock"]),
    ("jobs", &["clock", "db"]),
    ("store", &["clock", "db", "jobs"]),
    ("domain", &["clock", "db", "jobs", "store"]),
    ("storage", &["clock", "db", "jobs", "store"]),
    ("webhook", &["clock", "db", "domain", "http", "jobs", "store"]),
    ("integrations", &["clock", "db", "domain", "http", "jobs", "store"]),
    ("conversion", &["clock", "db", "domain", "integrations", "http", "jobs", "storage", "store"]),
    ("metrics", &["build", "clock", "db", "http", "media", "state", "store", "webhook"]),
    // Only types of the domain.
    ("media", &["domain"]),
    ("recording", &["clock", "db", "domain", "conversion", "integrations", "jobs", "media", "storage", "store"]),
    ("presence", &["clock", "db", "domain", "jobs"]),
    ("realtime", &["clock", "db", "domain", "jobs", "store"]),
    (
        "service",
        &["clock", "db", "domain", "integrations", "jobs", "media", "realtime", "recording", "storage", "store"],
    ),
    (
        "state",
        &["clock", "config", "db", "domain", "integrations", "presence", "realtime", "recording", "service", "storage"],
    ),
    ("files", &["state", "clock", "domain", "http", "storage"]),
    // Only types of the store, and the trait of the webhooks.
    ("console", &["clock", "db", "domain", "http", "service", "state", "store", "webhook"]),
    (
        "protocol",
        &[
            "clock",
            "config",
            "db",
            "domain",
            "http",
            "integrations",
            "media",
            "realtime",
            "service",
            "state",
            "storage",
            "store",
            "webhook",
        ],
    ),
];

/// A district of `domain` and `store`, and the other districts that it may import.
const DISTRICTS: &[(&str, &[&str])] = &[
    ("tenancy", &[]),
    ("events", &["tenancy"]),
    ("content", &["tenancy", "events"]),
    ("chat", &["tenancy", "events"]),
    ("classroom", &["tenancy", "events", "content", "chat"]),
    ("school", &["tenancy", "events", "content", "chat", "classroom"]),
];

/// Modules that may name diesel.
const DIESEL: &[&str] = &["db", "store"];

#[test]
fn modules_import_only_along_the_arrows() {
    for (importer, imported) in imports(&sources()) {
        let top = |module: &str| module.split("::").next().unwrap().to_owned();
        let own = top(&importer);
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == own) else { continue };
        for module in imported {
            let other = top(&module);
            let may = other == own || allowed.contains(&other.as_str());
            assert!(may, "{importer} imports {module}: {own} may not import {other}");
        }
    }
}

#[test]
fn districts_import_only_along_the_arrows() {
    let district_of = |module: &str| -> Option<&'static (&'static str, &'static [&'static str])> {
        let inside = module.strip_prefix("domain::").or_else(|| module.strip_prefix("store::"))?;
        DISTRICTS.iter().find(|(district, _)| inside.split("::").next() == Some(*district))
    };
    let mut against: BTreeSet<(String, String)> = BTreeSet::new();
    for (importer, imported) in imports(&sources()) {
        let Some((own, allowed)) = district_of(&importer) else { continue };
        for module in imported {
            let Some((other, _)) = district_of(&module) else { continue };
            if own != other && !allowed.contains(other) {
                against.insert((importer.clone(), module));
            }
        }
    }
    assert_eq!(against, BTreeSet::new(), "imports against the arrows of the districts");
}

#[test]
fn no_files_import_one_another_in_a_circle() {
    let imports = imports(&sources());
    let mut report = String::new();
    for circle in &circles(&imports) {
        report.push_str("\na circle:");
        for module in circle {
            let inside: Vec<&String> = imports[module].iter().filter(|other| circle.contains(other)).collect();
            report.extend(["\n  ", module, " imports ", &format!("{inside:?}")]);
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn protocols_do_not_import_one_another() {
    for file in sources() {
        let Some(own) = file.module.strip_prefix("protocol::").and_then(|rest| rest.split("::").next()) else {
            continue;
        };
        for path in file.paths() {
            let other = path.strip_prefix("crate::protocol::").and_then(|rest| rest.split("::").next());
            // A file next to the folders has what all protocols share.
            let is_folder = other.is_some_and(|other| Path::new("src/protocol").join(other).is_dir());
            assert!(!is_folder || other == Some(own), "{} imports {path}", file.path.display());
        }
    }
}

#[test]
fn only_db_and_store_name_diesel() {
    for file in sources() {
        assert!(!file.code.contains("diesel") || DIESEL.contains(&file.top()), "{} names diesel", file.path.display());
    }
}

#[test]
fn every_file_says_first_what_lives_there() {
    for file in sources() {
        // A tool generates this file; see src/store/views.rs.
        if file.path == Path::new("src/store/schema.rs") {
            continue;
        }
        let text = fs::read_to_string(&file.path).unwrap();
        assert!(text.starts_with("//! "), "{} does not begin with a line of //!", file.path.display());
    }
}
