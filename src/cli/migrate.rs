//! `lectern migrate`.

use lectern::config::DatabaseConfig;
use lectern::db::Db;

use super::output::{Outcome, start_log};

pub fn run(database: &DatabaseConfig) -> Outcome {
    start_log(&database.log);
    let applied = Db::open(&database.url)?.migrate()?;
    if applied.is_empty() {
        println!("the database has this version already");
    }
    for version in applied {
        println!("migrated to {version}");
    }
    Ok(())
}
