//! The program as a process that a test can kill, suspend and stop.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::PATIENCE;
use crate::support::database::{recording_folder, storage_url};

const PROGRAM: &str = env!("CARGO_BIN_EXE_lectern");
/// A running `lectern serve`. It is killed on drop.
pub struct Process {
    pub url: String,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Starts it and waits until it serves.
    pub fn start(database_url: &str, flags: &[&str]) -> Self {
        Self::run(program(PROGRAM, database_url).args(arguments(database_url, flags)))
    }

    /// As [`Process::start`], at an address.
    pub fn start_at(address: &str, database_url: &str, flags: &[&str]) -> Self {
        Self::run(program(PROGRAM, database_url).args(arguments_at(address, database_url, flags)))
    }

    /// As [`Process::start`], after shell commands that apply to the process, such as `ulimit`.
    pub fn start_after(commands: &str, database_url: &str, flags: &[&str]) -> Self {
        let script = format!("{commands}; exec \"$@\"");
        let mut shell = program("bash", database_url);
        Self::run(shell.args(["-c", &script, "bash", PROGRAM]).args(arguments(database_url, flags)))
    }

    /// Starts it and waits until it listens. Its database may be unavailable.
    pub fn launch(database_url: &str, flags: &[&str]) -> Self {
        let mut process =
            Self::run_until(program(PROGRAM, database_url).args(arguments(database_url, flags)), "listening on ");
        process.url = format!("http://{}", process.url);
        process
    }

    fn run(command: &mut Command) -> Self {
        Self::run_until(command, "serving at ")
    }

    fn run_until(command: &mut Command, says: &'static str) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let (log, started) = follow(&mut child, says);
        let url = started.recv_timeout(PATIENCE).ok();
        let url = url.unwrap_or_else(|| panic!("it did not start: {:#?}", log.lock().unwrap()));
        Self { url, child, log }
    }

    /// Sends SIGKILL and waits until the process is gone.
    pub fn kill(mut self) {
        self.end();
    }

    /// Its current resident memory, in MiB.
    pub fn memory(&self) -> u64 {
        self.status("VmRSS")
    }

    /// Its peak resident memory, in MiB.
    pub fn most_memory(&self) -> u64 {
        self.status("VmHWM")
    }

    fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    /// Sends a signal: `TERM`, `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        let kill = Command::new("bash").args(["-c", &format!("kill -{name} {}", self.child.id())]).status().unwrap();
        assert!(kill.success());
    }

    /// Sends SIGSTOP and waits until no thread runs.
    pub async fn freeze(&self) {
        self.signal("STOP");
        eventually("it is stopped", async || self.is_frozen().then_some(())).await;
    }

    fn is_frozen(&self) -> bool {
        std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap().all(|task| {
            let stat = std::fs::read_to_string(task.unwrap().path().join("stat")).unwrap();
            stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
        })
    }

    /// Waits until it has exited.
    pub async fn ended(&mut self) -> ExitStatus {
        eventually("it ends", async || self.child.try_wait().unwrap()).await
    }

    /// The log lines that contain a text.
    pub fn logged(&self, text: &str) -> Vec<String> {
        self.log.lock().unwrap().iter().filter(|line| line.contains(text)).cloned().collect()
    }

    fn end(&mut self) {
        // It may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn program(name: &str, database_url: &str) -> Command {
    let mut command = Command::new(name);
    command
        .env("LECTERN_STORAGE_URL", storage_url(database_url))
        .env("LECTERN_RECORDING_FOLDER", recording_folder(database_url))
        .env("LECTERN_MEDIA_LISTEN", "127.0.0.1:0");
    command
}

fn arguments<'a>(database_url: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
    arguments_at("127.0.0.1:0", database_url, flags)
}

fn arguments_at<'a>(address: &'a str, database_url: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
    let given = ["serve", "--listen", address, "--workers", "1", "--callback-allow-private", "true"];
    [&given, &["--database-url", database_url][..], flags].concat()
}

/// Collects the log of the process, and sends the address that follows these words.
fn follow(child: &mut Child, says: &'static str) -> (Arc<Mutex<Vec<String>>>, Receiver<String>) {
    let (sender, address) = channel();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let log = Arc::new(Mutex::new(Vec::new()));
    let kept = log.clone();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if let Some((_, url)) = line.split_once(says) {
                // A line of JSON goes on after it.
                let _ = sender.send(url.split('"').next().unwrap().to_owned());
            }
            kept.lock().unwrap().push(line);
        }
    });
    (log, address)
}

/// Repeats a request until there is an answer.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
