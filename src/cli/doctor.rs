//! `lectern doctor`: checks what a server with these settings needs, and says what to do. It changes nothing.

mod callbacks;
mod configuration;
mod database;
mod disk;
mod finding;
mod media;
mod ports;
mod programs;
mod storage;

use clap::Args;
use lectern::config::Config;
use serde_json::json;

use super::log::start_log;
use super::output::Outcome;
use finding::{Finding, Verdict};

/// Takes the same settings as `lectern serve`.
#[derive(Args)]
pub struct Doctor {
    #[command(flatten)]
    config: Config,
    /// Check also whether the receiver of this enterprise's callbacks can be reached
    #[arg(long)]
    sdkappid: Option<i64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub fn run(self) -> Outcome {
        start_log(&self.config.database);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let findings = runtime.block_on(self.look());
        if self.json {
            println!("{}", json!({ "checks": findings }));
        } else {
            for finding in &findings {
                println!("{finding}");
            }
        }
        let errors = findings.iter().filter(|finding| finding.verdict == Verdict::Error).count();
        match errors {
            0 => Ok(()),
            1 => Err("1 check found an error".into()),
            _ => Err(format!("{errors} checks found errors").into()),
        }
    }

    async fn look(&self) -> Vec<Finding> {
        let config = &self.config;
        let mut findings = configuration::check(config);
        findings.extend(database::check(&config.database.url).await);
        findings.extend(disk::check(config));
        findings.push(storage::check("storage", "LECTERN_STORAGE_URL", &config.storage.url).await);
        if let Some(url) = &config.backup.url {
            findings.push(storage::check("backups", "LECTERN_BACKUP_URL", url).await);
        }
        let (ports, is_serving) = ports::check(config).await;
        findings.extend(ports);
        findings.extend(media::check(&config.media_server, is_serving));
        findings.extend(programs::check(config));
        if let Some(sdkappid) = self.sdkappid {
            findings.extend(callbacks::check(config, sdkappid).await);
        }
        findings
    }
}
