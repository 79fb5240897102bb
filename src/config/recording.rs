//! Settings of the recordings of classes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// How classes are recorded.
#[derive(Args, Clone, Debug)]
pub struct RecordingConfig {
    /// Whether this instance records classes that are booked with `record_types` `remote`
    #[arg(id = "recording_switch", long = "recording", value_name = "RECORDING", env = "LECTERN_RECORDING", value_enum, default_value_t = RecordingSwitch::On)]
    pub switch: RecordingSwitch,

    /// The folder in which recordings are written while the class goes on; they are moved to the storage
    #[arg(
        id = "recording_folder",
        long = "recording-folder",
        value_name = "RECORDING_FOLDER",
        env = "LECTERN_RECORDING_FOLDER",
        default_value = "data/recordings"
    )]
    pub folder: PathBuf,

    /// How many bytes must stay free on the disk of that folder; with less, nothing is recorded
    #[arg(
        id = "recording_least_free_bytes",
        long = "recording-least-free-bytes",
        value_name = "RECORDING_LEAST_FREE_BYTES",
        env = "LECTERN_RECORDING_LEAST_FREE_BYTES",
        default_value_t = 2_147_483_648
    )]
    pub least_free_bytes: u64,

    /// How large a recording may be that a component uploads, in bytes
    #[arg(id = "recording_upload_limit_bytes", long = "recording-upload-limit-bytes", value_name = "RECORDING_UPLOAD_LIMIT_BYTES", env = "LECTERN_RECORDING_UPLOAD_LIMIT_BYTES", default_value_t = 4_294_967_296, value_parser = clap::value_parser!(u64).range(1..))]
    pub upload_bytes: u64,

    /// How long recordings are kept, in days
    #[arg(id = "recording_keep_days", long = "recording-keep-days", value_name = "RECORDING_KEEP_DAYS", env = "LECTERN_RECORDING_KEEP_DAYS", default_value_t = 180, value_parser = clap::value_parser!(i64).range(1..=36_500))]
    pub keep_days: i64,

    /// The program that makes videos of recordings: a path, or a name that is searched in PATH
    #[arg(id = "ffmpeg", long = "ffmpeg", value_name = "FFMPEG", env = "LECTERN_FFMPEG", default_value = "ffmpeg")]
    pub ffmpeg: PathBuf,

    /// How many videos are made of recordings at once
    #[arg(id = "recording_workers", long = "recording-workers", value_name = "RECORDING_WORKERS", env = "LECTERN_RECORDING_WORKERS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: u16,
}

/// Whether classes are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RecordingSwitch {
    /// They are, if the instance has a media server.
    On,
    /// They are not.
    Off,
}
