//! Starts the media server as the settings say.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::config::{MediaServerConfig, MediaSwitch};
use crate::media::{MediaEngine, MediaServer, MediaSettings, StartError};

/// Starts a media server.
pub type StartMedia = Box<dyn FnOnce(&MediaSettings) -> Result<Arc<dyn MediaEngine>, StartError>>;

/// The media server of the program.
pub(super) fn media_server() -> StartMedia {
    Box::new(|settings| Ok(Arc::new(MediaServer::start(settings)?)))
}

/// Starts the media server, unless the settings switch it off.
pub(super) fn start(
    config: &MediaServerConfig,
    start: Option<StartMedia>,
) -> Result<Option<Arc<dyn MediaEngine>>, StartError> {
    let (MediaSwitch::On, Some(start)) = (config.switch, start) else { return Ok(None) };
    let threads = config.threads.map(usize::from);
    let threads = threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
    // Port 0 is the port that it listens on.
    let public =
        config.addresses.iter().map(|address| SocketAddr::new(address.ip, address.port.unwrap_or(0))).collect();
    start(&MediaSettings { listen: config.listen, public, threads }).map(Some)
}
