//! Settings of the storage of files.

use clap::Args;

use super::frame_ancestors::FrameAncestors;

/// Where files are stored, and how long links to them are valid.
#[derive(Args, Clone, Debug)]
pub struct StorageConfig {
    /// Where files are: `file://PATH` or `s3://BUCKET/PREFIX`
    #[arg(
        id = "storage_url",
        long = "storage-url",
        value_name = "STORAGE_URL",
        env = "LECTERN_STORAGE_URL",
        default_value = "file://data/files"
    )]
    pub url: String,

    /// How long a link to a private file is valid, in seconds
    #[arg(id = "file_link_seconds", long = "file-link-seconds", value_name = "FILE_LINK_SECONDS", env = "LECTERN_FILE_LINK_SECONDS", default_value_t = 86_400, value_parser = clap::value_parser!(u32).range(1..))]
    pub link_seconds: u32,

    /// Who may embed the pages of converted documents, and PDF files: `*`, `none`, or origins and `self`
    #[arg(
        id = "file_frame_ancestors",
        long = "file-frame-ancestors",
        value_name = "FILE_FRAME_ANCESTORS",
        env = "LECTERN_FILE_FRAME_ANCESTORS",
        default_value = "*"
    )]
    pub frame_ancestors: FrameAncestors,
}
