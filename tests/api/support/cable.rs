//! A network cable between a client and a service, which a test can pull.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A cable to a service. Clients use its address in place of that of the service.
pub struct Cable {
    pub address: SocketAddr,
    is_pulled: Arc<watch::Sender<bool>>,
}

impl Cable {
    /// A cable to the address of a service.
    pub async fn to(service: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let is_pulled = Arc::new(watch::Sender::new(false));
        let pulled = is_pulled.clone();
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let mut pulled = pulled.subscribe();
                // Connections that are made or open while it is pulled end at once.
                tokio::spawn(async move {
                    let both = async {
                        let mut client = client;
                        let mut server = TcpStream::connect(service).await.unwrap();
                        let _ = copy_bidirectional(&mut client, &mut server).await;
                    };
                    tokio::select! {
                        biased;
                        _ = pulled.wait_for(|pulled| *pulled) => {}
                        () = both => {}
                    }
                });
            }
        });
        Self { address, is_pulled }
    }

    /// Pulls the cable: all connections break, and no other can be made.
    pub fn pull(&self) {
        self.is_pulled.send_replace(true);
    }

    /// Plugs it in again.
    pub fn plug_in(&self) {
        self.is_pulled.send_replace(false);
    }
}
