//! A PostgreSQL server for one test, which can stop and start it. `TEST_POSTGRES_BIN` names the folder of its programs.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A cluster in a temporary folder. It is stopped on drop.
pub struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    /// The user that runs it if the tests run as root, because PostgreSQL does not run as root.
    user: Option<&'static str>,
}

impl Cluster {
    /// Creates a cluster without starting it.
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

    /// Creates a cluster and starts it.
    pub fn start_new() -> Self {
        let cluster = Self::create();
        cluster.start();
        cluster
    }

    /// Adds lines to the settings. They apply from the next start.
    pub fn configure(&self, lines: &str) {
        let file = self.data().join("postgresql.conf");
        let settings = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, settings + lines).unwrap();
    }

    /// Writes a file that only the server may read into its folder.
    pub fn add_file(&self, name: &str, text: &str) {
        let file = self.data().join(name);
        std::fs::write(&file, text).unwrap();
        output(Command::new("chmod").arg("600").arg(&file));
        if let Some(user) = self.user {
            output(Command::new("chown").arg(user).arg(&file));
        }
    }

    /// Starts it and waits until it accepts connections.
    pub fn start(&self) {
        self.control("start");
    }

    /// Restarts it, which breaks all connections, and waits until it accepts new ones.
    pub fn restart_at_once(&self) {
        self.control("restart");
    }

    /// Stops it, which breaks all connections.
    pub fn stop(&self) {
        self.run("pg_ctl", &["stop", "-w", "-m", "immediate"]);
    }

    /// The URL of its database, with a password that it does not check.
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
        // It may be stopped already.
        let _ = self.command("pg_ctl", &["stop", "-m", "immediate", "-s"]).output();
    }
}

/// A free port outside the ephemeral range, so that it is not taken while the cluster is stopped.
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

/// Runs a command and expects success. The output goes to a file, because a server that the command starts keeps it open.
fn output(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    output
}
