//! `lectern migrate`.

use lectern::config::DatabaseConfig;
use lectern::db::Db;

use super::log::start_log;
use super::output::Outcome;

pub fn run(database: &DatabaseConfig) -> Outcome {
    start_log(database);
    let applied = Db::open(&database.url)?.migrate()?;
    if applied.is_empty() {
        println!("the database has this version already");
    }
    for version in applied {
        println!("migrated to {version}");
    }
    Ok(())
}
