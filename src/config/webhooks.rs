//! Settings of the delivery of events.

use std::time::Duration;

use clap::Args;

use super::values::seconds;

/// How events are delivered.
#[derive(Args, Clone, Debug)]
pub struct WebhookConfig {
    /// How long the whole exchange of a callback may take, in seconds
    #[arg(id = "callback_timeout_seconds", long = "callback-timeout-seconds", value_name = "CALLBACK_TIMEOUT_SECONDS", env = "LECTERN_CALLBACK_TIMEOUT_SECONDS", default_value = "10", value_parser = seconds)]
    pub timeout_seconds: Duration,

    /// How often a callback that failed is tried again
    #[arg(id = "callback_retries", long = "callback-retries", value_name = "CALLBACK_RETRIES", env = "LECTERN_CALLBACK_RETRIES", default_value_t = 10, value_parser = clap::value_parser!(i64).range(0..=1000))]
    pub retries: i64,

    /// How long after a failure a callback is tried again, in seconds
    #[arg(id = "callback_retry_seconds", long = "callback-retry-seconds", value_name = "CALLBACK_RETRY_SECONDS", env = "LECTERN_CALLBACK_RETRY_SECONDS", default_value = "60", value_parser = seconds)]
    pub retry_seconds: Duration,

    /// The most callbacks that one receiver gets at once
    #[arg(id = "callback_connections", long = "callback-connections", value_name = "CALLBACK_CONNECTIONS", env = "LECTERN_CALLBACK_CONNECTIONS", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub connections: u16,

    /// Allow callbacks to addresses inside networks, such as this machine's own
    #[arg(id = "callback_allow_private", long = "callback-allow-private", value_name = "CALLBACK_ALLOW_PRIVATE", env = "LECTERN_CALLBACK_ALLOW_PRIVATE", num_args = 0..=1, default_value_t = false, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub allow_private: bool,

    /// How long events and their deliveries are kept, in days
    #[arg(id = "event_keep_days", long = "event-keep-days", value_name = "EVENT_KEEP_DAYS", env = "LECTERN_EVENT_KEEP_DAYS", default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=36_500))]
    pub keep_days: i64,
}
