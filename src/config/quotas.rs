//! How much an enterprise may keep, and how much the service keeps in memory for callers that it does not know yet.

use clap::Args;

/// How many rows of a kind one enterprise may keep. A request that would add one more is refused.
#[derive(Args, Clone, Debug)]
pub struct QuotaConfig {
    /// Classes, lessons and rooms that an enterprise may keep
    #[arg(long, env = "LECTERN_QUOTA_CLASSES", default_value_t = 5_000_000, value_parser = clap::value_parser!(i64).range(1..))]
    pub quota_classes: i64,

    /// Users that an enterprise may keep
    #[arg(long, env = "LECTERN_QUOTA_USERS", default_value_t = 5_000_000, value_parser = clap::value_parser!(i64).range(1..))]
    pub quota_users: i64,

    /// Visitors that an enterprise may keep at the same time
    #[arg(long, env = "LECTERN_QUOTA_VISITORS", default_value_t = 500_000, value_parser = clap::value_parser!(i64).range(1..))]
    pub quota_visitors: i64,

    /// Documents that an enterprise may keep
    #[arg(long, env = "LECTERN_QUOTA_DOCUMENTS", default_value_t = 2_000_000, value_parser = clap::value_parser!(i64).range(1..))]
    pub quota_documents: i64,

    /// Chat groups that an enterprise may keep, besides those of its classes and courses
    #[arg(long, env = "LECTERN_QUOTA_GROUPS", default_value_t = 1_000_000, value_parser = clap::value_parser!(i64).range(1..))]
    pub quota_groups: i64,

    /// Chat messages that an enterprise may keep
    #[arg(long, env = "LECTERN_QUOTA_MESSAGES", default_value_t = 200_000_000, value_parser = clap::value_parser!(i64).range(1..))]
    pub quota_messages: i64,

    /// Images of chats that an enterprise may keep
    #[arg(long, env = "LECTERN_QUOTA_CHAT_IMAGES", default_value_t = 5_000_000, value_parser = clap::value_parser!(i64).range(1..))]
    pub quota_chat_images: i64,

    /// Bytes of recordings that an enterprise may keep
    #[arg(long, env = "LECTERN_QUOTA_RECORDING_BYTES", default_value_t = 1_099_511_627_776, value_parser = clap::value_parser!(i64).range(1..))]
    pub quota_recording_bytes: i64,

    /// Reports of components that an enterprise may keep
    #[arg(long, env = "LECTERN_QUOTA_REPORTS", default_value_t = 200_000_000, value_parser = clap::value_parser!(i64).range(1..))]
    pub quota_reports: i64,

    /// Documents of an enterprise that may wait for their conversion
    #[arg(long, env = "LECTERN_QUOTA_QUEUED_CONVERSIONS", default_value_t = 10_000, value_parser = clap::value_parser!(i64).range(1..))]
    pub quota_queued_conversions: i64,
}
