//! The calls that people try out in the console: those of each protocol, with their description.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use utoipa::openapi::OpenApi;

use crate::console::{Calls, How};
use crate::protocol::{Protocol, Trial};

/// The calls of a service that listens at an address.
pub(super) fn calls(protocols: &[Arc<dyn Protocol>], openapi: &OpenApi, address: SocketAddr) -> io::Result<Calls> {
    let of_path = |path: &String| {
        let Trial { sign, deletes, secrets } = protocols.iter().find_map(|protocol| protocol.trial(path))?;
        Some((path.clone(), How { sign, deletes, secrets }))
    };
    let paths = openapi.paths.paths.keys().filter_map(of_path).collect();
    Calls::new(&serde_json::to_value(openapi)?, paths, address)
}
