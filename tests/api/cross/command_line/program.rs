//! The program as a child process of a test.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::database::{Database, recording_folder, storage_url};
use crate::support::raw::Raw;

/// How soon a running server sees a change by the command line.
const SEEN_WITHIN: Duration = Duration::from_secs(2);

/// How long a server may take to stop.
const STOPPED_WITHIN: Duration = Duration::from_secs(10);

/// The program with its own database, and without settings from the environment.
pub struct Program {
    pub database: Database,
}

impl Program {
    pub fn new() -> Self {
        Self { database: Database::create() }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lectern"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("LECTERN_") {
                command.env_remove(name);
            }
        }
        command.args(args).env("LECTERN_DATABASE_URL", &self.database.url).stdin(Stdio::null());
        command
            .env("LECTERN_STORAGE_URL", storage_url(&self.database.url))
            .env("LECTERN_RECORDING_FOLDER", recording_folder(&self.database.url));
        command.env("LECTERN_MEDIA_LISTEN", "127.0.0.1:0");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs the program, expects success, and returns the output.
    pub fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn json(&self, args: &[&str]) -> Value {
        let printed = self.ok(args);
        assert_eq!(printed.lines().count(), 1, "{printed}");
        serde_json::from_str(&printed).unwrap()
    }

    /// Runs the program, expects a failure, and returns the error message.
    pub fn refused(&self, args: &[&str]) -> String {
        complaint(&self.run(args))
    }

    pub fn create(&self) -> Value {
        self.json(&["enterprise", "create", "--name", "School", "--json"])
    }

    pub fn serve(&self, flags: &[&str]) -> Running {
        let args = [&["serve", "--listen", "127.0.0.1:0", "--workers", "1"], flags].concat();
        Running::start(&mut self.command(&args)).unwrap()
    }
}

pub fn complaint(output: &Output) -> String {
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "nothing is printed when it fails");
    let complaint = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!complaint.contains("panicked"), "{complaint}");
    complaint
}

/// A server process. It is killed on drop.
pub struct Running {
    pub child: Child,
    pub log: Lines<BufReader<ChildStderr>>,
    pub printed: BufReader<ChildStdout>,
    /// The URL that it logs.
    pub url: String,
}

impl Running {
    /// Starts it and waits until it serves; `None` if it stopped instead.
    pub fn start(command: &mut Command) -> Option<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        let printed = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self { child, log, printed, url: String::new() };
        running.url = running.wait_for("serving at ")?;
        Some(running)
    }

    /// Reads the log up to this text, and returns the rest of the line.
    pub fn wait_for(&mut self, text: &str) -> Option<String> {
        self.log.by_ref().map(Result::unwrap).find_map(|line| Some(line.split_once(text)?.1.to_owned()))
    }

    /// Reads the output up to this text.
    pub fn read_to(&mut self, text: &str) -> String {
        let mut all = String::new();
        while !all.contains(text) {
            assert_ne!(self.printed.read_line(&mut all).unwrap(), 0, "{all}");
        }
        all
    }

    pub fn signal(&self, signal: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", self.child.id())]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended.
    pub fn ended(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < STOPPED_WITHIN, "it has not stopped");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Calls with a URL signed by the command line.
    pub fn call(&self, program: &Program, sdkappid: &Value, call: &str, body: &Value) -> Value {
        let path = format!("/paas/v1/{call}");
        let url = program.ok(&["sign", "--sdkappid", &sdkappid.to_string(), "--public-url", &self.url, &path]);
        Raw::connect(&self.url).post(url.trim(), "", body.to_string()).json()
    }

    /// Repeats a call until the answer has this code; fails after a time limit.
    pub fn sees(&self, url: &str, code: i64) {
        let begun = Instant::now();
        let mut raw = Raw::connect(&self.url);
        loop {
            let seen = raw.post(url, "", "").code();
            if seen == code {
                return;
            }
            assert!(begun.elapsed() < SEEN_WITHIN, "still {seen}, not {code}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
