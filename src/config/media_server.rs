//! Settings of the media server: voice and picture of classes.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use clap::{Args, ValueEnum};

/// The media server of this instance.
#[derive(Args, Clone, Debug)]
pub struct MediaServerConfig {
    /// Whether this instance forwards the voice and the pictures of classes
    #[arg(id = "media_switch", long = "media", value_name = "MEDIA", env = "LECTERN_MEDIA", value_enum, default_value_t = MediaSwitch::On)]
    pub switch: MediaSwitch,

    /// Address and port for voice and pictures, UDP and TCP
    #[arg(
        id = "media_listen",
        long = "media-listen",
        value_name = "MEDIA_LISTEN",
        env = "LECTERN_MEDIA_LISTEN",
        default_value = "0.0.0.0:8081"
    )]
    pub listen: SocketAddr,

    /// The addresses at which clients reach that port, separated by commas: `203.0.113.7` or `203.0.113.7:8081` [default: those of this machine]
    #[arg(
        id = "media_address",
        long = "media-address",
        value_name = "MEDIA_ADDRESS",
        env = "LECTERN_MEDIA_ADDRESS",
        value_delimiter = ','
    )]
    pub addresses: Vec<MediaAddress>,

    /// Threads that forward voice and pictures [default: one for each core]
    #[arg(id = "media_threads", long = "media-threads", value_name = "MEDIA_THREADS", env = "LECTERN_MEDIA_THREADS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// TURN servers for clients that reach this instance neither by UDP nor by TCP, separated by commas: `turn:turn.example.com:3478`
    #[arg(long, env = "LECTERN_TURN_URL", value_delimiter = ',', value_parser = turn_url, requires = "turn_secret")]
    pub turn_url: Vec<String>,

    /// The secret that the TURN servers share with Lectern
    #[arg(long, env = "LECTERN_TURN_SECRET", hide_env_values = true)]
    pub turn_secret: Option<TurnSecret>,
}

/// Whether the media server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MediaSwitch {
    /// It runs.
    On,
    /// It does not: classes have no voice and no pictures at this instance.
    Off,
}

/// An address at which clients reach the media server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaAddress {
    /// The IP address.
    pub ip: IpAddr,
    /// The port; `None` for the port that the server listens on.
    pub port: Option<u16>,
}

impl FromStr for MediaAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let with_port = |address: SocketAddr| Self { ip: address.ip(), port: Some(address.port()) };
        let parsed = match text.parse() {
            Ok(ip) => Some(Self { ip, port: None }),
            Err(_) => text.parse().ok().map(with_port),
        };
        parsed.filter(|address| !address.ip.is_unspecified() && address.port != Some(0)).ok_or_else(|| {
            "must be an IP address such as 203.0.113.7, or one with a port such as 203.0.113.7:8081".into()
        })
    }
}

/// The secret of the TURN servers. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct TurnSecret(String);

impl TurnSecret {
    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for TurnSecret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() { Err("must not be empty".into()) } else { Ok(Self(text.into())) }
    }
}

impl fmt::Debug for TurnSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TurnSecret")
    }
}

/// The address of a TURN server, as browsers take it.
fn turn_url(text: &str) -> Result<String, String> {
    let text = text.trim();
    let host = text.strip_prefix("turn:").or_else(|| text.strip_prefix("turns:"));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') && host.chars().all(|c| c.is_ascii_graphic()) => {
            Ok(text.to_owned())
        }
        _ => Err("must be like turn:turn.example.com:3478 or turns:turn.example.com:5349?transport=tcp".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_ip_with_or_without_a_port() {
        for (text, ip, port) in [
            ("203.0.113.7", "203.0.113.7", None),
            (" 203.0.113.7:9000", "203.0.113.7", Some(9000)),
            ("2001:db8::7", "2001:db8::7", None),
            ("[2001:db8::7]:9000", "2001:db8::7", Some(9000)),
        ] {
            assert_eq!(text.parse(), Ok(MediaAddress { ip: ip.parse().unwrap(), port }));
        }
        for text in ["", "0.0.0.0", "[::]:9000", "203.0.113.7:0", "media.example.com", "203.0.113.7:x"] {
            assert!(text.parse::<MediaAddress>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_turn_server_has_the_scheme_of_turn() {
        for text in ["turn:turn.example.com:3478", "turns:[2001:db8::1]:5349?transport=tcp"] {
            assert_eq!(turn_url(text), Ok(text.to_owned()));
        }
        for text in ["", "turn:", "turn://host", "stun:host", "https://host", "turn:a b"] {
            assert!(turn_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_secret_is_never_shown() {
        assert_eq!(format!("{:?}", "sesame".parse::<TurnSecret>()), "Ok(TurnSecret)");
    }
}
