//! Settings of the backups of an embedded database.

use clap::Args;

/// Where the database is backed up to, how often, and how many backups are kept.
#[derive(Args, Clone, Debug)]
pub struct BackupConfig {
    /// Where backups of a SQLite database are stored: `file://PATH` or `s3://BUCKET/PREFIX` [default: no backups]
    #[arg(id = "backup_url", long = "backup-url", value_name = "BACKUP_URL", env = "LECTERN_BACKUP_URL")]
    pub url: Option<String>,

    /// How many hours there are between two backups
    #[arg(id = "backup_hours", long = "backup-hours", value_name = "BACKUP_HOURS", env = "LECTERN_BACKUP_HOURS", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=8_760))]
    pub hours: u32,

    /// How many backups are kept
    #[arg(id = "backup_keep", long = "backup-keep", value_name = "BACKUP_KEEP", env = "LECTERN_BACKUP_KEEP", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub keep: u32,
}
