//! Limits of requests, documents, sessions and classes.

use clap::{Args, ValueEnum};

/// Limits that requests must respect, and the times after which sessions and classes end.
#[derive(Args, Clone, Debug)]
pub struct LimitConfig {
    /// How far in the future the `expire_time` of a signature may be, in seconds
    #[arg(long, env = "LECTERN_SIGN_MAX_AGE_SECONDS", default_value_t = 604_800, value_parser = clap::value_parser!(i64).range(1..))]
    pub sign_max_age_seconds: i64,

    /// Whether the `sign` of a classroom component is required, checked when there is one, or ignored
    #[arg(long, env = "LECTERN_COMPONENT_SIGN", value_enum, default_value_t = ComponentSign::Check)]
    pub component_sign: ComponentSign,

    /// How large the body of a request may be, in bytes
    #[arg(
        id = "body_limit_bytes",
        long = "body-limit-bytes",
        value_name = "BODY_LIMIT_BYTES",
        env = "LECTERN_BODY_LIMIT_BYTES",
        default_value_t = 1_048_576
    )]
    pub body_bytes: usize,

    /// How much of the bodies of callers who are not known yet is kept in memory at once, in bytes
    #[arg(long, env = "LECTERN_UNKNOWN_BODY_BYTES", default_value_t = 67_108_864)]
    pub unknown_body_bytes: usize,

    /// How large a document may be, in bytes
    #[arg(id = "document_limit_bytes", long = "document-limit-bytes", value_name = "DOCUMENT_LIMIT_BYTES", env = "LECTERN_DOCUMENT_LIMIT_BYTES", default_value_t = 209_715_200, value_parser = clap::value_parser!(u64).range(1..))]
    pub document_bytes: u64,

    /// How large an image in a chat may be, in bytes
    #[arg(id = "chat_image_limit_bytes", long = "chat-image-limit-bytes", value_name = "CHAT_IMAGE_LIMIT_BYTES", env = "LECTERN_CHAT_IMAGE_LIMIT_BYTES", default_value_t = 10_485_760, value_parser = clap::value_parser!(u64).range(1..))]
    pub chat_image_bytes: u64,

    /// How often classroom components are asked for a heartbeat, in seconds; one that is silent for three times that has left
    #[arg(long, env = "LECTERN_HEARTBEAT_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub heartbeat_seconds: u32,

    /// How long after its `stop_time` a class ends by itself, even with people inside or if it never began, in seconds
    #[arg(long, env = "LECTERN_CLASS_MAX_OVERRUN_SECONDS", default_value_t = 14_400, value_parser = clap::value_parser!(u32).range(1..))]
    pub class_max_overrun_seconds: u32,
}

/// How the `sign` of a classroom component (the MD5 of the body) is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ComponentSign {
    /// A call without it, or with a wrong one, is refused.
    Require,
    /// A call with a wrong one is refused.
    Check,
    /// It is ignored.
    Off,
}
