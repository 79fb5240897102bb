//! Settings of chat groups: which service keeps those of new classes, and who may call IM.

use clap::{Args, ValueEnum};

use super::values::base_url;

/// The chat service, and the enterprise of IM calls without a token.
#[derive(Args, Clone, Debug)]
pub struct ChatConfig {
    /// Which chat service the classes use
    #[arg(id = "im_engine", long = "im-engine", value_name = "IM_ENGINE", env = "LECTERN_IM_ENGINE", value_enum, default_value_t = ImEngine::Local)]
    pub engine: ImEngine,

    /// Where the hosted chat service is
    #[arg(id = "im_url", long = "im-url", value_name = "IM_URL", env = "LECTERN_IM_URL", default_value = "https://console.tim.qq.com", value_parser = base_url)]
    pub url: String,

    /// The enterprise whose groups IM calls without a token concern, if it accepts such calls [default: none]
    #[arg(id = "im_default_sdkappid", long = "im-default-sdkappid", value_name = "IM_DEFAULT_SDKAPPID", env = "LECTERN_IM_DEFAULT_SDKAPPID", value_parser = clap::value_parser!(i64).range(1..))]
    pub default_sdkappid: Option<i64>,
}

/// A chat service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImEngine {
    /// Lectern keeps the groups.
    Local,
    /// The hosted service keeps them; a class then needs the id and ticket of an administrator there.
    Tencent,
}
