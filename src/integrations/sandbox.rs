//! The sandbox in which programs read what nobody trusts: no network, none of this machine's files, resource limits, and all
//! processes are killed at the end.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

/// How often the size of a running program's folder is measured.
const MEASURE: Duration = Duration::from_millis(200);

/// How many bytes of a program's output are kept at most.
const OUTPUT_KEPT: u64 = 64 << 10;

/// The folders of the machine that are visible, read-only, if they exist: programs, fonts, and the settings of LibreOffice, which
/// Debian has in /etc and /var.
const VISIBLE: &[&str] = &[
    "/usr",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
];

/// Symbolic links into /usr on a current system, folders on an older one.
const LINKED: &[&str] = &["/bin", "/lib", "/lib64", "/sbin"];

/// What programs may use.
#[derive(Clone, Copy, Debug)]
pub(in crate::integrations) struct Limits {
    /// The address space of each process.
    pub memory_limit_bytes: u64,
    /// The disk, and each file.
    pub output_limit_bytes: u64,
    /// The processor time of each process.
    pub processor_seconds: u64,
}

/// Runs programs that see only their work.
pub(in crate::integrations) struct Sandbox {
    /// Additional visible folders, for a program that is not in /usr.
    visible: Vec<PathBuf>,
    limits: Limits,
}

/// The result of a program that ended by itself.
pub(in crate::integrations) struct Finished {
    pub(in crate::integrations) succeeded: bool,
    /// A signal ended it: it crashed, or exceeded a limit of the system.
    pub(in crate::integrations) crashed: bool,
    pub(in crate::integrations) output: String,
    pub(in crate::integrations) errors: String,
}

/// Why a program was stopped or not started.
#[derive(Debug)]
pub(in crate::integrations) enum Stop {
    TooLarge,
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Sandbox {
    /// A sandbox for the programs in /usr, and for `program`.
    pub(in crate::integrations) fn new(limits: Limits, program: Option<&Path>) -> Self {
        // The packages of The Document Foundation install into one folder in /opt, with the program in a subfolder.
        let home = program.filter(|path| !path.starts_with("/usr")).and_then(|path| path.parent()?.parent());
        Self { visible: home.map(Path::to_owned).into_iter().collect(), limits }
    }

    /// Runs a program to its end, inside `scratch`. When the future is dropped, the program and all its processes are killed.
    pub(in crate::integrations) async fn run(
        &self,
        scratch: &Scratch,
        program: &Path,
        arguments: &[&OsStr],
    ) -> Result<Finished, Stop> {
        let mut child = self.spawn(scratch, program, arguments, [Stdio::null(), Stdio::piped(), Stdio::piped()])?;
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let ended = async {
            let (output, errors, status) = tokio::join!(beginning(output), beginning(errors), child.wait());
            let status = status?;
            // bwrap reports a signal as 128 plus its number.
            let crashed = status.code().is_none_or(|code| code >= 128);
            Ok::<_, Stop>(Finished { succeeded: status.success(), crashed, output: output?, errors: errors? })
        };
        let finished = tokio::select! {
            finished = ended => finished?,
            () = self.outgrown(scratch) => return Err(Stop::TooLarge),
        };
        // A single file can't grow beyond the limit: the system kills the program that writes it.
        if scratch.bytes() >= self.limits.output_limit_bytes { Err(Stop::TooLarge) } else { Ok(finished) }
    }

    /// Starts a program inside `scratch`, with these streams. When the child is dropped, the program and all its processes are
    /// killed.
    pub(in crate::integrations) fn spawn(
        &self,
        scratch: &Scratch,
        program: &Path,
        arguments: &[&OsStr],
        [input, output, errors]: [Stdio; 3],
    ) -> io::Result<Child> {
        let mut command = Command::new("bwrap");
        command.args(self.arguments(scratch)).args(self.limits()).arg(program).args(arguments).env_clear();
        // bwrap itself is searched in PATH. The program inside gets another environment.
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        // Killing bwrap kills everything inside, because of --die-with-parent and the process namespace. bwrap in turn is killed when
        // the thread that started it ends, so it must be started on a thread of the runtime.
        command.stdin(input).stdout(output).stderr(errors).kill_on_drop(true);
        command.spawn()
    }

    /// Checks that the sandbox works on this machine.
    pub(in crate::integrations) fn try_out(&self) -> Result<(), String> {
        let scratch = Scratch::new(&std::env::temp_dir()).map_err(|error| error.to_string())?;
        let done = std::process::Command::new("bwrap")
            .args(self.arguments(&scratch))
            .args(self.limits())
            .arg("/usr/bin/true")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| error.to_string())?;
        if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).trim().to_owned()) }
    }

    fn arguments(&self, scratch: &Scratch) -> Vec<OsString> {
        let mut arguments = words(
            "--unshare-all --unshare-user --disable-userns --die-with-parent --new-session --cap-drop ALL --uid 65534 --gid 65534 \
             --hostname lectern --clearenv --setenv PATH /usr/bin --setenv LANG C.UTF-8 --setenv HOME /home --setenv TMPDIR /tmp \
             --proc /proc --dev /dev",
        );
        let mut add = |parts: [&OsStr; 3]| arguments.extend(parts.map(OsStr::to_owned));
        for folder in VISIBLE.iter().map(Path::new) {
            add(["--ro-bind-try".as_ref(), folder.as_ref(), folder.as_ref()]);
        }
        for folder in LINKED.iter().map(Path::new) {
            match folder.read_link() {
                Ok(target) => add(["--symlink".as_ref(), target.as_ref(), folder.as_ref()]),
                Err(_) => add(["--ro-bind-try".as_ref(), folder.as_ref(), folder.as_ref()]),
            }
        }
        add(["--ro-bind".as_ref(), scratch.input().as_ref(), "/in".as_ref()]);
        add(["--bind".as_ref(), scratch.output().as_ref(), "/out".as_ref()]);
        add(["--bind".as_ref(), scratch.home().as_ref(), "/home".as_ref()]);
        add(["--bind".as_ref(), scratch.temporary().as_ref(), "/tmp".as_ref()]);
        // Last, because one of them may be inside a folder that was mounted above.
        for folder in &self.visible {
            add(["--ro-bind-try".as_ref(), folder.as_ref(), folder.as_ref()]);
        }
        // The root and /dev are in memory, so they must be read-only.
        arguments.extend(words("--remount-ro /dev --remount-ro / --chdir /out --"));
        arguments
    }

    /// The limits of each process: memory, file size, processor time, open files, processes of the user.
    fn limits(&self) -> Vec<OsString> {
        let Limits { memory_limit_bytes, output_limit_bytes, processor_seconds } = self.limits;
        words(&format!(
            "/usr/bin/prlimit --as={memory_limit_bytes} --fsize={output_limit_bytes} --cpu={processor_seconds} --nofile=1024 \
             --nproc=512 --core=0 --"
        ))
    }

    /// Completes when the folder exceeds the limit.
    async fn outgrown(&self, scratch: &Scratch) {
        let mut measure = tokio::time::interval(MEASURE);
        loop {
            measure.tick().await;
            if scratch.bytes() > self.limits.output_limit_bytes {
                return;
            }
        }
    }
}

fn words(text: &str) -> Vec<OsString> {
    text.split_whitespace().map(OsString::from).collect()
}

/// Reads a pipe to the end and returns the beginning.
async fn beginning(pipe: Option<impl AsyncRead + Unpin>) -> io::Result<String> {
    let Some(mut pipe) = pipe else { return Ok(String::new()) };
    let mut kept = Vec::new();
    (&mut pipe).take(OUTPUT_KEPT).read_to_end(&mut kept).await?;
    tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await?;
    Ok(String::from_utf8_lossy(&kept).into_owned())
}

/// The folder of one conversion. It is removed on drop.
pub(in crate::integrations) struct Scratch {
    root: PathBuf,
}

impl Scratch {
    pub(in crate::integrations) fn new(work: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(work)?;
        let root = tempfile::Builder::new().prefix("lectern-convert-").tempdir_in(work)?.keep();
        let scratch = Self { root };
        for folder in [scratch.input(), scratch.output(), scratch.home(), scratch.temporary(), scratch.result()] {
            std::fs::create_dir(folder)?;
        }
        Ok(scratch)
    }

    /// The folder of the result. It is not visible in the sandbox, so only this process writes to it.
    pub(in crate::integrations) fn result(&self) -> PathBuf {
        self.root.join("result")
    }

    /// A file that a program wrote to /out, if it is a regular file. A symbolic link could lead anywhere.
    pub(in crate::integrations) fn written(&self, name: &str) -> Option<PathBuf> {
        let path = self.output().join(name);
        path.symlink_metadata().is_ok_and(|found| found.is_file()).then_some(path)
    }

    /// Empties /home, where earlier programs left settings and other files.
    pub(in crate::integrations) fn new_home(&self) -> io::Result<PathBuf> {
        std::fs::remove_dir_all(self.home())?;
        std::fs::create_dir(self.home())?;
        Ok(self.home())
    }

    /// /in, which is read-only.
    pub(in crate::integrations) fn input(&self) -> PathBuf {
        self.root.join("in")
    }

    /// /out, where a program writes.
    fn output(&self) -> PathBuf {
        self.root.join("out")
    }

    /// /home, with the settings of a program.
    fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    fn temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// The size of its files. There are few, so this is fast enough for a thread of the runtime.
    pub(in crate::integrations) fn bytes(&self) -> u64 {
        let mut folders = vec![self.root.clone()];
        let mut bytes = 0;
        while let Some(folder) = folders.pop() {
            // A file may be removed meanwhile.
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.metadata() {
                    Ok(found) if found.is_dir() => folders.push(entry.path()),
                    Ok(found) => bytes += found.len(),
                    Err(_) => {}
                }
            }
        }
        bytes
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let root = std::mem::take(&mut self.root);
        if std::fs::remove_dir_all(&root).is_ok() {
            return;
        }
        // A program that was just killed may still write for a moment.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                for _ in 0..100 {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    if std::fs::remove_dir_all(&root).is_ok() {
                        return;
                    }
                }
                log::warn!("{} could not be removed", root.display());
            });
        }
    }
}

/// A program by its path, or by its name in `PATH`.
pub(in crate::integrations) fn find(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return program.is_file().then(|| program.to_owned());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}
