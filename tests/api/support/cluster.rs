//! A PostgreSQL server of a test's own, to be stopped and started. `TEST_POSTGRES_BIN` names the folder of its programs.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A cluster in a temporary folder, stopped when dropped.
pub struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    /// Who runs it when the tests run as root, whom its programs refuse.
    user: Option<&'static str>,
}

impl Cluster {
    /// Makes a cluster, which is not started.
    pub fn create() -> Self {
        let programs = std::env::var_os("TEST_POSTGRES_BIN");
        let programs = programs.expect("TEST_POSTGRES_BIN must name the folder of initdb: run `make test-postgres`");
        let folder = tempfile::Builder::new().prefix("lectern-cluster").tempdir_in("/tmp").unwrap();
        let port = free_port();
        let user = is_user("root", &output(Command::new("id").arg("-un")));
        let user = user.then(|| {
            if Command::new("id").arg("postgres").output().unwrap().status.success() { "postgres" } else { "nobody" }
        });
        let cluster = Self { programs: programs.into(), folder, port, user };
        if let Some(user) = user {
            output(Command::new("chown").arg(user).arg(cluster.path()));
        }
        cluster.run("initdb", &["-U", "lectern", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        cluster
    }

    /// Makes a cluster and starts it.
    pub fn start_new() -> Self {
        let cluster = Self::create();
        cluster.start();
        cluster
    }

    /// Adds lines to its settings, for the next start.
    pub fn configure(&self, lines: &str) {
        let file = self.data().join("postgresql.conf");
        let settings = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, settings + lines).unwrap();
    }

    /// Puts a file that only the server may read into its folder.
    pub fn add_file(&self, name: &str, text: &str) {
        let file = self.data().join(name);
        std::fs::write(&file, text).unwrap();
        output(Command::new("chmod").arg("600").arg(&file));
        if let Some(user) = self.user {
            output(Command::new("chown").arg(user).arg(&file));
        }
    }

    /// Starts it; when this returns it takes connections.
    pub fn start(&self) {
        self.control("start");
    }

    /// Ends all connections where they are, and takes new ones when this returns.
    pub fn restart_at_once(&self) {
        self.control("restart");
    }

    /// Ends all connections where they are and stays away.
    pub fn stop(&self) {
        self.run("pg_ctl", &["stop", "-w", "-m", "immediate"]);
    }

    /// The address of its database, with a password that it does not ask for.
    pub fn url(&self) -> String {
        format!("postgres://lectern:sesame@127.0.0.1:{}/postgres", self.port)
    }

    fn control(&self, what: &str) {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={} -c fsync=off",
            self.port,
            self.path().display()
        );
        let log = self.path().join("log");
        let stop: &[&str] = if what == "restart" { &["-m", "immediate"] } else { &[] };
        self.run("pg_ctl", &[&[what, "-w", "-l", log.to_str().unwrap(), "-o", &options], stop].concat());
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let _ = output(&mut self.command(program, arguments));
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let program = self.programs.join(program);
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.args(arguments).arg("-D").arg(self.data()).current_dir(self.path());
        command
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> PathBuf {
        self.path().join("data")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may have been stopped.
        let _ = self.command("pg_ctl", &["stop", "-m", "immediate", "-s"]).output();
    }
}

/// A port that is free now, and stays so while the cluster is not running: below those that the system gives to whoever asks
/// for any.
fn free_port() -> u16 {
    loop {
        let port = rand::random_range(15_000..30_000);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn is_user(name: &str, printed: &Output) -> bool {
    String::from_utf8_lossy(&printed.stdout).trim() == name
}

/// Runs a command that must go well. A server that is started keeps what it was given to write to, so that is a file.
fn output(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    output
}
