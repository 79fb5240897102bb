//! A TURN server for one test: coturn, which relays for those who have its secret.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use super::process::eventually;

/// The secret of the server.
pub const SECRET: &str = "a secret of the tests";

/// A running `turnserver`. It is stopped on drop.
pub struct Turn {
    pub port: u16,
    process: Child,
    _folder: tempfile::TempDir,
}

impl Turn {
    /// Starts it, and waits until it accepts connections.
    pub async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name).display().to_string();
        let process = Command::new("turnserver")
            .args(["-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--realm=lectern", "--use-auth-secret"])
            .args(["--allow-loopback-peers", "--cli-password=none", "--no-cli", "--no-tls", "--no-dtls"])
            .arg(format!("--listening-port={port}"))
            .arg(format!("--static-auth-secret={SECRET}"))
            .arg(format!("--pidfile={}", file("pid")))
            .arg(format!("--userdb={}", file("users")))
            .arg(format!("--log-file={}", file("log")))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("turnserver (the package coturn) is needed: run these tests by tests/with-converter");
        let turn = Self { port, process, _folder: folder };
        eventually("the TURN server listens", async || TcpStream::connect(("127.0.0.1", port)).ok()).await;
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
