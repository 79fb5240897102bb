//! The media server in a process of its own, so that its CPU and memory can be measured. It takes offers line by line.

use std::fs;
use std::io::{BufRead, BufReader, Write, stdin};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use lectern::domain::ids::ClassId;
use lectern::media::{
    ConnectRequest, MediaEngine, MediaServer, MediaSettings, Permissions, Source, SourceLine, VideoLimits,
};
use serde_json::{Value, json};

use crate::robot::Sources;

/// The server's process.
pub struct Child {
    process: std::process::Child,
    offers: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Child {
    pub fn start(threads: usize) -> Self {
        let program = std::env::current_exe().unwrap();
        let mut process = Command::new(program)
            .args(["--serve", "--threads", &threads.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (offers, answers) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let mut child = Self { process, offers, answers };
        assert_eq!(child.line(), "ready");
        child
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Sends an offer, and returns the answer.
    pub fn connect(&mut self, class: usize, user_id: &str, offer: &str, sources: &Sources) -> String {
        let line = json!({"class": class, "user_id": user_id, "offer": offer, "sources": sources});
        writeln!(self.offers, "{line}").unwrap();
        let answer: Value = serde_json::from_str(&self.line()).unwrap();
        answer.as_str().unwrap().to_owned()
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{name}", self.process.id())).unwrap()
    }

    /// The CPU time that the process has used, in seconds.
    pub fn cpu(&self) -> f64 {
        // In nanoseconds, for each of its threads.
        let tasks = fs::read_dir(format!("/proc/{}/task", self.process.id())).unwrap();
        let used = |task: fs::DirEntry| -> f64 {
            let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            text.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or_default()
        };
        tasks.map(|task| used(task.unwrap())).sum::<f64>() / 1e9
    }

    /// The memory that it holds, in bytes.
    pub fn memory(&self) -> usize {
        let pages: usize = self.file("statm").split(' ').nth(1).unwrap().parse().unwrap();
        pages * 4_096
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until the input ends.
pub fn serve(threads: usize) {
    let settings = MediaSettings { listen: "127.0.0.1:0".parse().unwrap(), public: Vec::new(), threads };
    let server = MediaServer::start(&settings).unwrap();
    println!("ready");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for line in stdin().lines() {
        let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let sources = line["sources"].as_array().unwrap().iter().map(|source| SourceLine {
            mid: source[0].as_str().unwrap().to_owned(),
            source: if source[1] == "mic" { Source::Mic } else { Source::Camera },
        });
        let request = ConnectRequest {
            class_id: ClassId(line["class"].as_i64().unwrap()),
            user_id: line["user_id"].as_str().unwrap().to_owned(),
            session: None,
            offer: line["offer"].as_str().unwrap().to_owned(),
            sources: sources.collect(),
            permissions: Permissions { mic: true, camera: true, screen: true },
            limits: VideoLimits { bitrate: 850, pixels: 1280 * 720, fps: 30 },
        };
        let answer = runtime.block_on(server.connect(request)).unwrap();
        println!("{}", Value::from(answer.sdp));
    }
}
