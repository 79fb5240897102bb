//! The port for voice and pictures, and the addresses that pages are offered.

use std::io;
use std::net::{IpAddr, SocketAddr};

use lectern::config::{MediaServerConfig, MediaSwitch};
use lectern::media;

use super::finding::Finding;

const CHECK: &str = "media";

pub(super) fn check(config: &MediaServerConfig, is_serving: bool) -> Vec<Finding> {
    if config.switch == MediaSwitch::Off {
        return vec![Finding::ok(CHECK, "off: classes have no voice and no pictures at this instance")];
    }
    vec![port(config.listen, is_serving), offered(config)]
}

fn port(listen: SocketAddr, is_serving: bool) -> Finding {
    match media::try_to_bind(listen) {
        Ok(()) => {
            let advice = "see that the firewall lets UDP and TCP through to it; that can't be checked from here";
            Finding { advice: Some(advice.into()), ..Finding::ok(CHECK, format!("{listen} is free, UDP and TCP")) }
        }
        Err(problem) if problem.kind() == io::ErrorKind::AddrInUse && is_serving => {
            Finding::ok(CHECK, format!("{listen} is in use while the server runs"))
        }
        Err(problem) if problem.kind() == io::ErrorKind::AddrInUse => Finding::error(
            CHECK,
            format!("another program has {listen}, UDP or TCP"),
            "stop what has it ('ss -lptun' shows it), or choose another port in LECTERN_MEDIA_LISTEN",
        ),
        Err(problem) => Finding::error(
            CHECK,
            format!("{listen}: {problem}"),
            "choose an address of this machine in LECTERN_MEDIA_LISTEN, or set LECTERN_MEDIA=off",
        ),
    }
}

fn offered(config: &MediaServerConfig) -> Finding {
    let named = config.addresses.iter().map(|address| address.ip);
    let addresses: Vec<IpAddr> = if config.addresses.is_empty() {
        match media::addresses(config.listen) {
            Ok(addresses) => addresses,
            Err(problem) => {
                let advice = "name the addresses in LECTERN_MEDIA_ADDRESS";
                return Finding::error(
                    CHECK,
                    format!("the addresses of this machine can't be read: {problem}"),
                    advice,
                );
            }
        }
    } else {
        named.collect()
    };
    let shown: Vec<String> = addresses.iter().map(IpAddr::to_string).collect();
    let found = format!("pages are offered {}", shown.join(", "));
    if addresses.iter().all(is_of_a_network) {
        let advice = "if people connect from outside, name the public address in LECTERN_MEDIA_ADDRESS";
        return Finding::warning(CHECK, format!("{found}: none is public"), advice);
    }
    Finding::ok(CHECK, found)
}

/// Whether an address is only reached from a network around this machine.
fn is_of_a_network(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_loopback() || v6.is_unicast_link_local(),
    }
}
