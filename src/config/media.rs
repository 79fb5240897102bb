//! Settings of video services.

use clap::{Args, ValueEnum};

use super::values::{base_url, base_url_or_none};
use crate::domain::ids::{CourseId, OrganizationId};

/// The video services.
#[derive(Args, Clone, Debug)]
pub struct MediaConfig {
    /// What the addresses of the live pictures of courses begin with; empty for none
    #[arg(long, env = "LECTERN_HLS_URL", default_value = "", value_parser = base_url_or_none)]
    pub hls_url: String,

    /// Whether this instance makes live pictures (HLS) of the classes that its media server has
    #[arg(id = "hls_switch", long = "hls", value_name = "HLS", env = "LECTERN_HLS", value_enum, default_value_t = HlsSwitch::Off)]
    pub hls: HlsSwitch,

    /// How many classes this instance shows live at once
    #[arg(long, env = "LECTERN_HLS_CLASSES", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub hls_classes: u16,

    /// Where the hosted video service is, for clients of rooms that call it through Lectern
    #[arg(long, env = "LECTERN_VOD_URL", default_value = "https://vod.api.qcloud.com", value_parser = base_url)]
    pub vod_url: String,
}

/// Whether live pictures are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HlsSwitch {
    /// They are, and their addresses take the place of those below [`MediaConfig::hls_url`].
    On,
    /// They are not.
    Off,
}

/// The address of the live picture of a course, below [`MediaConfig::hls_url`]; empty if that is.
#[must_use]
pub fn live_url(hls_url: &str, organization_id: OrganizationId, course_id: CourseId) -> String {
    if hls_url.is_empty() { String::new() } else { format!("{hls_url}/room_{organization_id}_{course_id}") }
}
