//! All settings in groups: flag, environment name, default and meaning. `docs/configuration.md` lists them too.

mod backup;
mod chat;
mod conversion;
mod database;
mod frame_ancestors;
mod limits;
mod media;
mod media_server;
mod origins;
mod quotas;
mod rates;
mod recording;
mod server;
mod storage;
mod values;
mod webhooks;

use clap::{Args, Command};

pub use backup::BackupConfig;
pub use chat::{ChatConfig, ImEngine};
pub use conversion::ConversionConfig;
pub use database::{DatabaseConfig, LogFormat};
pub use frame_ancestors::FrameAncestors;
pub use limits::{ComponentSign, LimitConfig};
pub use media::{HlsSwitch, MediaConfig, live_url};
pub use media_server::{MediaAddress, MediaServerConfig, MediaSwitch, TurnSecret};
pub use origins::Origin;
pub use quotas::QuotaConfig;
pub use rates::{Period, Rate, RateConfig};
pub use recording::{RecordingConfig, RecordingSwitch};
pub use server::ServerConfig;
pub use storage::StorageConfig;
pub use webhooks::WebhookConfig;

/// The prefix of the environment names of all settings.
pub const PREFIX: &str = "LECTERN_";

/// The settings of `lectern serve`.
#[derive(Args, Clone, Debug)]
#[expect(missing_docs, reason = "the groups say what they are")]
pub struct Config {
    #[command(flatten)]
    pub database: DatabaseConfig,
    #[command(flatten)]
    pub server: ServerConfig,
    #[command(flatten)]
    pub storage: StorageConfig,
    #[command(flatten)]
    pub limits: LimitConfig,
    #[command(flatten)]
    pub rates: RateConfig,
    #[command(flatten)]
    pub quotas: QuotaConfig,
    #[command(flatten)]
    pub chat: ChatConfig,
    #[command(flatten)]
    pub media: MediaConfig,
    #[command(flatten)]
    pub media_server: MediaServerConfig,
    #[command(flatten)]
    pub webhooks: WebhookConfig,
    #[command(flatten)]
    pub conversion: ConversionConfig,
    #[command(flatten)]
    pub recording: RecordingConfig,
    #[command(flatten)]
    pub backup: BackupConfig,
}

/// The environment names with [`PREFIX`] that no argument of `command` or its subcommands reads.
pub fn unknown_names(command: &Command, given: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = Vec::new();
    collect_names(command, &mut known);
    given.filter(|name| name.starts_with(PREFIX) && !known.contains(name)).collect()
}

fn collect_names(command: &Command, names: &mut Vec<String>) {
    names.extend(
        command.get_arguments().filter_map(|arg| arg.get_env()).map(|name| name.to_string_lossy().into_owned()),
    );
    for sub in command.get_subcommands() {
        collect_names(sub, names);
    }
}
