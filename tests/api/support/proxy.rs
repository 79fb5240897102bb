//! A round-robin load balancer: passes each connection to the next server that accepts it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::process::Process;

/// A running load balancer. It is stopped on drop.
pub struct Proxy {
    pub url: String,
    accepting: JoinHandle<()>,
}

impl Proxy {
    pub async fn before(servers: &[Process]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let hosts = servers.iter().map(|server| server.url.strip_prefix("http://").unwrap().to_owned());
        let hosts: Arc<Vec<String>> = Arc::new(hosts.collect());
        let next = Arc::new(AtomicUsize::new(0));
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, hosts.clone(), next.fetch_add(1, Ordering::Relaxed)));
            }
        });
        Self { url, accepting }
    }
}

async fn pass(mut client: TcpStream, hosts: Arc<Vec<String>>, first: usize) {
    for n in 0..hosts.len() {
        if let Ok(mut server) = TcpStream::connect(&hosts[(first + n) % hosts.len()]).await {
            // Either side may close the connection.
            let _ = copy_bidirectional(&mut client, &mut server).await;
            return;
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
