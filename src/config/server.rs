//! Settings of the process: its addresses and threads.

use std::net::SocketAddr;

use clap::Args;
use ipnet::IpNet;

use super::frame_ancestors::FrameAncestors;
use super::origins::Origin;
use super::values::{base_url, network};

/// The addresses and threads of the service.
#[derive(Args, Clone, Debug)]
pub struct ServerConfig {
    /// Address and port to listen on
    #[arg(long, env = "LECTERN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The address that clients reach the service at [default: http:// and the listen address]
    #[arg(long, env = "LECTERN_PUBLIC_URL", value_parser = base_url)]
    pub public_url: Option<String>,

    /// Who may embed the page of a class and the description of the calls: `*`, `none`, or origins and `self`
    #[arg(long, env = "LECTERN_FRAME_ANCESTORS", default_value = "self")]
    pub frame_ancestors: FrameAncestors,

    /// Other servers from which the page of a class shows pictures and documents, separated by commas: `https://files.example.com`
    #[arg(long, env = "LECTERN_PAGE_ORIGINS", value_delimiter = ',')]
    pub page_origins: Vec<Origin>,

    /// Networks of the reverse proxies that may name the client in X-Forwarded-For or Forwarded, separated by commas
    #[arg(long, env = "LECTERN_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Address and port for the metrics; they are not served without it
    #[arg(long, env = "LECTERN_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,

    /// Threads that serve requests [default: one for each core]
    #[arg(long, env = "LECTERN_WORKERS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub workers: Option<u16>,

    /// The most connections to PostgreSQL at once, without one for announcements and one for migrations
    #[arg(long, env = "LECTERN_DATABASE_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub database_connections: u32,

    /// Create an enterprise to try things with when there is none, and print links to a class in it, and how to call it
    #[arg(long, env = "LECTERN_DEMO", num_args = 0..=1, default_value_t = false, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub demo: bool,
}
