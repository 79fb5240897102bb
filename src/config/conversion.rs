//! Settings of the conversion of documents.

use std::time::Duration;

use clap::Args;

use super::values::seconds;

/// How documents are fetched and converted.
#[derive(Args, Clone, Debug)]
pub struct ConversionConfig {
    /// How long the download of a document that is to be converted may take, in seconds
    #[arg(id = "document_timeout_seconds", long = "document-timeout-seconds", value_name = "DOCUMENT_TIMEOUT_SECONDS", env = "LECTERN_DOCUMENT_TIMEOUT_SECONDS", default_value = "60", value_parser = seconds)]
    pub timeout_seconds: Duration,

    /// Allow documents to be fetched from addresses inside networks, such as this machine's own
    #[arg(id = "document_allow_private", long = "document-allow-private", value_name = "DOCUMENT_ALLOW_PRIVATE", env = "LECTERN_DOCUMENT_ALLOW_PRIVATE", num_args = 0..=1, default_value_t = false, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub allow_private: bool,

    /// How many documents are converted at once
    #[arg(id = "convert_workers", long = "convert-workers", value_name = "CONVERT_WORKERS", env = "LECTERN_CONVERT_WORKERS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: u16,
}
