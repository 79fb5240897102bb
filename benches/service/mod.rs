//! The service under load: a separate process, pinned to its own core where possible.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::load;

/// The unit of CPU times in `/proc`.
const TICK: Duration = Duration::from_millis(10);

/// A running `lectern serve`.
pub struct Service {
    process: Child,
    pub address: SocketAddr,
    /// Time from the start of the process to its first response.
    pub start: Duration,
}

/// The load comes from one address, and more often than from any school.
const WITHOUT_LIMITS: [[&str; 2]; 6] = [
    ["--limit-classes-per-enterprise", "off"],
    ["--limit-sign-ins-per-address", "off"],
    ["--limit-sign-ins-per-account", "off"],
    ["--limit-reports-per-account", "off"],
    ["--limit-messages-per-account", "off"],
    ["--limit-messages-per-enterprise", "off"],
];

impl Service {
    /// Starts the service and waits until it has answered `first`.
    pub async fn start(database_url: &str, first: &[u8]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = on_the_core_of_the_service(Path::new(env!("CARGO_BIN_EXE_lectern")));
        let begun = Instant::now();
        let process = command
            .args(["serve", "--listen", &address.to_string(), "--database-url", database_url, "--log", "warn"])
            .args(WITHOUT_LIMITS.as_flattened())
            .args(["--media", "off"])
            .args(["--storage-url", concat!("file://", env!("CARGO_TARGET_TMPDIR"), "/files")])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        while !load::is_ready(address).await {
            assert!(begun.elapsed() < Duration::from_secs(30), "the service does not answer");
            std::thread::sleep(Duration::from_millis(1));
        }
        load::once(address, first).await;
        Self { process, address, start: begun.elapsed() }
    }

    /// CPU time used so far.
    pub fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks = |at: usize| fields[at].parse::<u32>().unwrap();
        TICK * (ticks(11) + ticks(12))
    }

    /// Resident memory in MiB.
    pub fn memory(&self) -> u64 {
        self.memory_kib() / 1024
    }

    /// Resident memory in KiB.
    pub fn memory_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

/// A command that runs a program on the first core, if the generator has the second.
pub fn on_the_core_of_the_service(program: &Path) -> Command {
    if !pinned() {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

/// Pins the generator to the second core. Call it before other threads start.
pub fn pin_generator() {
    if pinned() {
        let own = std::process::id().to_string();
        Command::new("taskset").args(["-cp", "1", &own]).stdout(Stdio::null()).status().unwrap();
    }
}

/// Whether there are two cores and `taskset` is installed. The first call must come before anything is pinned.
fn pinned() -> bool {
    static PINNED: LazyLock<bool> = LazyLock::new(|| {
        std::thread::available_parallelism().is_ok_and(|cores| cores.get() > 1)
            && Command::new("taskset").arg("--version").stdout(Stdio::null()).status().is_ok()
    });
    *PINNED
}
