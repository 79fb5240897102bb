//! Who runs a subcommand, for the audit log.

use lectern::clock::Clock;
use lectern::db::Conn;
use lectern::domain;
use lectern::domain::tenancy::audit::{Actor, AuditAction, Change, Origin};
use lectern::domain::tenancy::{audit, enterprise};

/// The account of the machine, as the environment names it.
pub fn actor() -> Actor {
    let name = ["SUDO_USER", "USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "unknown".to_owned());
    Actor { name, origin: Origin::Cli, address: String::new() }
}

/// Writes an entry into the audit log about a change of something of an enterprise.
pub fn record(conn: &mut Conn, sdkappid: i64, action: AuditAction, target: &str) -> domain::Result<()> {
    let enterprise_id = enterprise::require(conn, sdkappid)?.enterprise_id;
    audit::record(conn, &actor(), Change::of(enterprise_id, action, target), Clock::System.now())
}
