//! The database: whether it answers, its version, its clock, its tables, what the user may do, and whether it accepts writes.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use lectern::clock::{Clock, Millis};
use lectern::db;
use lectern::db::{Db, Server, Tables};

use super::finding::Finding;

const CHECK: &str = "database";
const CLOCK: &str = "clock";

/// How far the clocks of the instances and the database may differ.
const DIFFERENCE: Millis = 1_000;
/// How many connections two instances and the commands of an operator need.
const CONNECTIONS: i64 = 20;
/// How long a write may take.
const WRITTEN_WITHIN: Duration = Duration::from_secs(10);

pub(super) async fn check(url: &str) -> Vec<Finding> {
    if let Some(path) = missing_file(url) {
        return vec![Finding::warning(
            CHECK,
            format!("there is no {path} yet"),
            "'lectern serve' makes it; if there was one before, look at LECTERN_DATABASE_URL",
        )];
    }
    match look(url).await {
        Ok(findings) => findings,
        Err(problem) => vec![Finding::error(
            CHECK,
            problem.to_string(),
            "see that the database runs and can be reached from here, and that LECTERN_DATABASE_URL has the right \
             address, user and password",
        )],
    }
}

/// The file of a SQLite database that does not exist. Opening it would make it.
fn missing_file(url: &str) -> Option<&str> {
    url.strip_prefix("sqlite://").filter(|path| !Path::new(path).exists())
}

async fn look(url: &str) -> Result<Vec<Finding>, db::Error> {
    let db = Db::open_existing(url)?;
    let before = Clock::System.now();
    let server = db.server()?;
    let after = Clock::System.now();
    let mut findings = match (&server, db.file()) {
        (Some(server), _) => {
            let mut findings = vec![clock(server.now, before, after)];
            findings.extend(of_server(server));
            findings
        }
        (None, Some(file)) => {
            let version = db.sqlite_version()?.unwrap_or_default();
            let mut findings = vec![Finding::ok(CLOCK, "the database has the clock of this machine")];
            findings.push(Finding::ok(CHECK, format!("SQLite {version}, {}", file.display())));
            findings.extend(of_file(file));
            findings
        }
        (None, None) => Vec::new(),
    };
    let tables = db.tables()?;
    findings.push(of_tables(&tables));
    if matches!(tables, Tables::ThisVersion) {
        findings.push(writes(&db).await);
    }
    Ok(findings)
}

fn clock(of_server: Millis, before: Millis, after: Millis) -> Finding {
    // It was read at some moment between the two.
    let ahead = if of_server > after { of_server - after } else { (of_server - before).min(0) };
    if ahead.abs() <= DIFFERENCE {
        return Finding::ok(CLOCK, "agrees with the database");
    }
    let which = if ahead > 0 { "behind" } else { "ahead of" };
    Finding::error(
        CLOCK,
        format!("{} ms {which} the clock of the database", ahead.abs()),
        "run NTP on both machines: leases and signatures are compared with these clocks",
    )
}

fn of_server(server: &Server) -> Vec<Finding> {
    let mut findings = vec![Finding::ok(CHECK, format!("PostgreSQL {}", server.version))];
    if server.encoding != "UTF8" {
        findings.push(Finding::error(
            CHECK,
            format!("its encoding is {}", server.encoding),
            "create it with ENCODING 'UTF8' TEMPLATE template0",
        ));
    }
    if server.is_standby {
        let advice = "use the address of the primary in LECTERN_DATABASE_URL";
        findings.push(Finding::error(CHECK, "it is a standby, which accepts no writes", advice));
    }
    if !server.may_create {
        findings.push(Finding::error(
            CHECK,
            "the user may not create tables",
            "make the user the owner of the database, or GRANT CREATE ON SCHEMA public",
        ));
    }
    if server.tables_of_others > 0 {
        findings.push(Finding::error(
            CHECK,
            format!("{} tables belong to another role, so that they can't be migrated", server.tables_of_others),
            "use the role that owns them, or ALTER TABLE ... OWNER TO",
        ));
    }
    if !server.is_durable {
        let advice = "set fsync and synchronous_commit to on, the defaults";
        findings.push(Finding::warning(CHECK, "a crash of the server may lose what was acknowledged", advice));
    }
    if server.connections < CONNECTIONS {
        findings.push(Finding::warning(
            CHECK,
            format!("max_connections is {}", server.connections),
            "an instance uses up to 9 connections: allow at least 20",
        ));
    }
    findings
}

/// The owner and the mode of the file.
fn of_file(file: &Path) -> Vec<Finding> {
    let (Ok(found), Ok(own)) = (std::fs::metadata(file), std::fs::metadata("/proc/self")) else { return Vec::new() };
    let mut findings = Vec::new();
    if found.uid() != own.uid() {
        findings.push(Finding::warning(
            CHECK,
            "the file belongs to another user than the one who runs this check",
            "run it as the user of the service, so that it has the same rights",
        ));
    }
    let mode = found.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        findings.push(Finding::warning(
            CHECK,
            format!("others may read the file, which has all keys: its mode is {mode:04o}"),
            format!("chmod 600 {0} {0}-wal {0}-shm", file.display()),
        ));
    }
    findings
}

fn of_tables(tables: &Tables) -> Finding {
    match tables {
        Tables::ThisVersion => Finding::ok(CHECK, "its tables are of this version"),
        Tables::Missing => Finding::warning(CHECK, "it has no tables yet", "'lectern serve' makes them"),
        Tables::Older(pending) => Finding::warning(
            CHECK,
            format!("its tables are of an earlier version: {} migrations are missing", pending.len()),
            "make a backup; 'lectern serve' or 'lectern migrate' brings them to this version",
        ),
        Tables::Newer(unknown) => Finding::error(
            CHECK,
            format!("its tables are of a later version, with {}", unknown.join(", ")),
            "use the later program, or a backup from before",
        ),
    }
}

async fn writes(db: &Db) -> Finding {
    let advice = "see the disk of the database, and who else uses it";
    match tokio::time::timeout(WRITTEN_WITHIN, db.check_writes()).await {
        Ok(Ok(())) => Finding::ok(CHECK, "it accepts writes"),
        Ok(Err(problem)) => Finding::error(CHECK, problem.to_string(), advice),
        Err(_) => Finding::error(CHECK, format!("a write took longer than {WRITTEN_WITHIN:?}"), advice),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::clock;

    #[test]
    fn the_clocks_may_differ_by_a_second_and_the_time_of_the_question() {
        for (of_server, verdict, found) in [
            (10_000, Verdict::Ok, "agrees with the database"),
            (8_500, Verdict::Ok, "agrees with the database"),
            (12_500, Verdict::Ok, "agrees with the database"),
            (7_900, Verdict::Error, "1100 ms ahead of the clock of the database"),
            (13_100, Verdict::Error, "1100 ms behind the clock of the database"),
        ] {
            let finding = clock(of_server, 9_000, 12_000);
            assert_eq!((finding.verdict, finding.found.as_str()), (verdict, found));
        }
    }
}
