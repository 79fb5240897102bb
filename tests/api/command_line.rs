//! The program itself: its settings, its subcommands, how it starts and stops.

use std::io::{BufRead, BufReader, Lines, Read};
use std::net::TcpListener;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::database::{Database, storage_url};
use crate::raw::{Raw, head};

/// How soon a running server sees what the command line changes.
const SEEN_WITHIN: Duration = Duration::from_secs(2);
/// How soon a server has stopped.
const STOPPED_WITHIN: Duration = Duration::from_secs(10);

/// The program with a database of its own, and no setting from outside.
struct Program {
    database: Database,
}

impl Program {
    fn new() -> Self {
        Self { database: Database::create() }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lectern"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("LECTERN_") {
                command.env_remove(name);
            }
        }
        command.args(args).env("LECTERN_DATABASE_URL", &self.database.url).stdin(Stdio::null());
        command.env("LECTERN_STORAGE_URL", storage_url(&self.database.url));
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs, expects it to go well, and returns what it printed.
    fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        let printed = self.ok(args);
        assert_eq!(printed.lines().count(), 1, "{printed}");
        serde_json::from_str(&printed).unwrap()
    }

    /// Runs, expects it to fail, and returns the complaint.
    fn refused(&self, args: &[&str]) -> String {
        complaint(&self.run(args))
    }

    fn create(&self) -> Value {
        self.json(&["enterprise", "create", "--name", "School", "--json"])
    }

    fn serve(&self, flags: &[&str]) -> Running {
        let args = [&["serve", "--listen", "127.0.0.1:0", "--workers", "1"], flags].concat();
        Running::start(&mut self.command(&args)).unwrap()
    }
}

fn complaint(output: &Output) -> String {
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "nothing is printed when it fails");
    let complaint = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!complaint.contains("panicked"), "{complaint}");
    complaint
}

/// A server process; killed when dropped.
struct Running {
    child: Child,
    log: Lines<BufReader<ChildStderr>>,
    printed: BufReader<ChildStdout>,
    /// What it says that it is reached under.
    url: String,
}

impl Running {
    /// Starts it and waits until it serves; `None` when it stopped instead.
    fn start(command: &mut Command) -> Option<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        let printed = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self { child, log, printed, url: String::new() };
        running.url = running.wait_for("serving at ")?;
        Some(running)
    }

    /// Reads the log up to this text and returns what stands behind it.
    fn wait_for(&mut self, text: &str) -> Option<String> {
        self.log.by_ref().map(Result::unwrap).find_map(|line| Some(line.split_once(text)?.1.to_owned()))
    }

    /// What it prints up to this text.
    fn read_to(&mut self, text: &str) -> String {
        let mut all = String::new();
        while !all.contains(text) {
            assert_ne!(self.printed.read_line(&mut all).unwrap(), 0, "{all}");
        }
        all
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", self.child.id())]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for it to end.
    fn ended(&mut self) -> ExitStatus {
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
    fn call(&self, program: &Program, sdkappid: &Value, call: &str, body: &Value) -> Value {
        let path = format!("/paas/v1/{call}");
        let url = program.ok(&["sign", "--sdkappid", &sdkappid.to_string(), "--public-url", &self.url, &path]);
        Raw::connect(&self.url).post(url.trim(), "", body.to_string()).json()
    }

    /// Asks again and again until the answer has this code, which must be soon.
    fn sees(&self, url: &str, code: i64) {
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

#[test]
fn an_unknown_setting_in_the_environment_stops_the_start() {
    let program = Program::new();
    for args in [&["serve"] as &[&str], &["migrate"], &["enterprise", "list"]] {
        let output = program.command(args).env("LECTERN_LISTEM", "127.0.0.1:0").output().unwrap();
        let complaint = complaint(&output);
        assert!(complaint.contains("LECTERN_LISTEM"), "{complaint}");
        assert!(complaint.contains("lectern serve --help"), "{complaint}");
    }
    let output = program.command(&["migrate"]).env("LECTERN_", "").env("LECTERN_log", "x").output().unwrap();
    let complaint = complaint(&output);
    assert!(complaint.contains("LECTERN_log"), "{complaint}");
    // Other names are nobody's business, and each setting of the server may be there for every subcommand.
    let mut command = program.command(&["migrate"]);
    command
        .env("LECTERNS", "1")
        .env("MY_LECTERN_X", "1")
        .env("LECTERN_LISTEN", "127.0.0.1:0")
        .env("LECTERN_WORKERS", "1");
    assert!(command.output().unwrap().status.success());
}

#[test]
fn an_unknown_flag_or_subcommand_stops_the_start() {
    let program = Program::new();
    for (args, named) in [
        (&["serve", "--listem", "127.0.0.1:0"] as &[&str], "--listem"),
        (&["serve", "now"], "now"),
        (&["enterprise", "create", "--name", "x", "--colour", "red"], "--colour"),
        (&["enterprise", "create"], "--name"),
        (&["enterprise", "show"], "SDKAPPID"),
        (&["enterprise", "invent"], "invent"),
        (&["sign", "/paas/v1/class/info"], "--sdkappid"),
        (&["dance"], "dance"),
    ] {
        let complaint = program.refused(args);
        assert!(complaint.contains(named), "{args:?}: {complaint}");
    }
}

#[test]
fn a_setting_that_makes_no_sense_stops_the_start() {
    let program = Program::new();
    for (flag, name, value) in [
        ("--listen", "LECTERN_LISTEN", "here"),
        ("--listen", "LECTERN_LISTEN", "127.0.0.1:99999"),
        ("--public-url", "LECTERN_PUBLIC_URL", "class.example.com"),
        ("--public-url", "LECTERN_PUBLIC_URL", "ftp://class.example.com"),
        ("--sign-max-age-seconds", "LECTERN_SIGN_MAX_AGE_SECONDS", "0"),
        ("--sign-max-age-seconds", "LECTERN_SIGN_MAX_AGE_SECONDS", "a week"),
        ("--body-limit-bytes", "LECTERN_BODY_LIMIT_BYTES", "-1"),
        ("--im-engine", "LECTERN_IM_ENGINE", "other"),
        ("--workers", "LECTERN_WORKERS", "0"),
        ("--demo", "LECTERN_DEMO", "perhaps"),
    ] {
        let by_flag = program.refused(&["serve", &format!("{flag}={value}")]);
        let by_name = complaint(&program.command(&["serve"]).env(name, value).output().unwrap());
        for complaint in [by_flag, by_name] {
            assert!(complaint.contains(flag) && complaint.contains(value), "{name}: {complaint}");
        }
    }
}

#[test]
fn a_database_that_can_not_be_used_stops_the_start() {
    let program = Program::new();
    let folder = tempfile::tempdir().unwrap();
    let is_a_folder = format!("sqlite://{}", folder.path().display());
    for url in ["mysql://localhost/x", "lectern.db", "", "sqlite://", &is_a_folder, "sqlite:///dev/null/x/lectern.db"] {
        for args in [&["serve", "--listen", "127.0.0.1:0"] as &[&str], &["migrate"], &["enterprise", "list"]] {
            let args = [args, &["--database-url", url]].concat();
            let complaint = program.refused(&args);
            assert!(complaint.lines().any(|line| line.starts_with("error: ")), "{args:?}: {complaint}");
        }
    }
    // A password is never shown.
    let complaint = program.refused(&["migrate", "--database-url", "postgres://me:sesame@127.0.0.1:1/x"]);
    assert!(!complaint.contains("sesame"), "{complaint}");
    let help = program.command(&["serve", "--help"]).env("LECTERN_DATABASE_URL", "postgres://me:sesame@h/x").output();
    assert!(!String::from_utf8(help.unwrap().stdout).unwrap().contains("sesame"));
}

#[test]
fn an_address_in_use_stops_the_start() {
    let program = Program::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let complaint = program.refused(&["serve", "--listen", &address]);
    assert!(complaint.contains(&address), "{complaint}");
}

#[test]
fn migrate_brings_the_database_to_this_version_once() {
    let program = Program::new();
    assert!(program.ok(&["migrate"]).starts_with("migrated to "));
    assert_eq!(program.ok(&["migrate"]), "the database has this version already\n");
    assert_eq!(program.ok(&["enterprise", "list", "--json"]), "[]\n");
}

#[test]
fn create_prints_the_ids_and_the_key_that_were_made() {
    let program = Program::new();
    let made = program.create();
    let names: Vec<&str> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["enterprise_id", "sdkappid", "tic_key"]);
    assert!(made["enterprise_id"].is_i64() && made["sdkappid"].is_i64());
    assert_eq!(made["tic_key"].as_str().unwrap().len(), 32);
    let id = made["enterprise_id"].to_string();
    assert!(!(id.len() == 10 && id.starts_with("140")), "an enterprise_id must not look like an sdkappid: {id}");

    let printed = program.ok(&["enterprise", "create", "--name", "Other"]);
    let names: Vec<&str> = printed.lines().map(|line| line.split_once(": ").unwrap().0).collect();
    assert_eq!(names, ["enterprise_id", "sdkappid", "tic_key"], "{printed}");
    let other = made["sdkappid"].as_i64().unwrap() + 1;
    assert!(printed.contains(&format!("sdkappid: {other}\n")), "{printed}");
}

#[test]
fn create_takes_the_ids_that_are_there_already() {
    let program = Program::new();
    let key = "DzXpbluRsmo1JkoFxzKMNg5ifrA4GRlU";
    let create = ["enterprise", "create", "--name", "学校", "--sdkappid", "1400127140", "--json", "--tic-key"];
    let made = program.json(&[&create as &[&str], &[key, "--callback-url", "http://a.b/c"]].concat());
    assert_eq!((&made["sdkappid"], &made["tic_key"]), (&json!(1_400_127_140), &json!(key)));
    let shown = program.json(&["enterprise", "show", "1400127140", "--json"]);
    assert_eq!((&shown["name"], &shown["call_back_url"]), (&json!("学校"), &json!("http://a.b/c")));

    let complaint = program.refused(&[&create as &[&str], &["another key, as long"]].concat());
    assert!(complaint.contains("sdkappid") && complaint.contains("1400127140"), "{complaint}");
    for (flag, value) in [
        ("--sdkappid", "1400127140"),
        ("--sdkappid", "0"),
        ("--sdkappid", "-1"),
        ("--sdkappid", "x"),
        ("--tic-key", ""),
        ("--tic-key", "short"),
        ("--tic-key", "has blanks and so is no key"),
        ("--callback-url", "a.b/c"),
        ("--valid-seconds", "0"),
    ] {
        let complaint = program.refused(&["enterprise", "create", "--name", "x", &format!("{flag}={value}")]);
        let field = if flag == "--callback-url" { "call_back_url".into() } else { flag[2..].replace('-', "_") };
        assert!(complaint.contains(flag) || complaint.contains(&field), "{flag}={value}: {complaint}");
    }
    assert_eq!(program.json(&["enterprise", "list", "--json"]).as_array().unwrap().len(), 1);
}

#[test]
fn list_and_show_keep_the_secrets() {
    let program = Program::new();
    let (one, two) = (program.create(), program.create());
    let (id, key) = (one["sdkappid"].to_string(), one["tic_key"].as_str().unwrap());
    let rows = program.json(&["enterprise", "list", "--json"]);
    let ids: Vec<&Value> = rows.as_array().unwrap().iter().map(|row| &row["sdkappid"]).collect();
    assert_eq!(ids, [&one["sdkappid"], &two["sdkappid"]]);
    let table = program.ok(&["enterprise", "list"]);
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(table.lines().nth(1).unwrap().contains(&id) && table.contains("School"), "{table}");

    let revealed = program.json(&["enterprise", "show", &id, "--secrets", "--json"]);
    assert_eq!(revealed["tic_key"], key);
    let private_key = revealed["private_key"].as_str().unwrap();
    let printed = [
        rows.to_string(),
        table,
        program.ok(&["enterprise", "show", &id]),
        program.ok(&["enterprise", "show", &id, "--json"]),
    ];
    for text in &printed {
        assert!(!text.contains(key) && !text.contains(private_key), "{text}");
    }
    assert!(printed[2].contains("tic_key: ********\n"), "{}", printed[2]);
    assert!(program.ok(&["enterprise", "show", &id, "--secrets"]).contains(&format!("tic_key: {key}\n")));
    assert!(program.refused(&["enterprise", "show", "1"]).contains("sdkappid"));
}

#[test]
fn set_changes_what_is_given_and_nothing_else() {
    let program = Program::new();
    let id = program.create()["sdkappid"].to_string();
    let show = || program.json(&["enterprise", "show", &id, "--secrets", "--json"]);
    let mut expected = show();
    assert_eq!(expected["strict_schedule"], false);
    program.ok(&["enterprise", "set", &id]);
    assert_eq!(show(), expected);
    for (flag, value, field, shown) in [
        ("--name", "新的名称", "name", json!("新的名称")),
        ("--contact-user", "Li", "contact_user", json!("Li")),
        ("--phone-no", "123", "phone_no", json!("123")),
        ("--e-mail", "a@b", "e_mail", json!("a@b")),
        ("--super-admin", "root", "super_admin", json!("root")),
        ("--icon", "http://a.b/i.png", "icon", json!("http://a.b/i.png")),
        ("--bizid", "7", "bizid", json!(7)),
        ("--callback-url", "https://a.b/c", "call_back_url", json!("https://a.b/c")),
        ("--callback-url", "", "call_back_url", json!("")),
        ("--valid-seconds", "86400", "valid_seconds", json!(86_400)),
        ("--strict-schedule", "true", "strict_schedule", json!(true)),
        ("--strict-schedule", "false", "strict_schedule", json!(false)),
    ] {
        assert_eq!(program.ok(&["enterprise", "set", &id, flag, value]), "");
        expected[field] = shown;
        assert_eq!(show(), expected, "{flag} {value}");
    }
    for (flag, value) in [("--callback-url", "x"), ("--valid-seconds", "0"), ("--strict-schedule", "perhaps")] {
        program.refused(&["enterprise", "set", &id, "--name", "half done", flag, value]);
    }
    assert_eq!(show(), expected);
    assert!(program.refused(&["enterprise", "set", "1", "--name", "x"]).contains("sdkappid"));
}

#[test]
fn delete_wants_to_be_told_yes() {
    let program = Program::new();
    let id = program.create()["sdkappid"].to_string();
    assert!(program.refused(&["enterprise", "delete", &id]).contains("--yes"));
    assert_eq!(program.json(&["enterprise", "list", "--json"]).as_array().unwrap().len(), 1);
    program.ok(&["enterprise", "delete", &id, "--yes"]);
    assert_eq!(program.ok(&["enterprise", "list", "--json"]), "[]\n");
    assert!(program.refused(&["enterprise", "delete", &id, "--yes"]).contains(&id));
}

#[test]
fn rotate_key_prints_the_new_key_and_until_when_the_old_one_is_good() {
    let program = Program::new();
    let made = program.create();
    let id = made["sdkappid"].to_string();
    let rotate = |flags: &[&str]| program.json(&[&["enterprise", "rotate-key", &id, "--json"], flags].concat());
    let now = || lectern::clock::Clock::System.now() / 1000;
    for (flags, grace) in [(&[] as &[&str], 86_400), (&["--grace", "90m"], 5_400), (&["--grace", "0s"], 0)] {
        let before = program.json(&["enterprise", "show", &id, "--secrets", "--json"])["tic_key"].clone();
        let (begun, rotated, done) = (now(), rotate(flags), now());
        assert_ne!(rotated["tic_key"], before);
        assert_eq!(rotated["sdkappid"], made["sdkappid"]);
        let until = rotated["old_tic_key_until"].as_i64().unwrap();
        assert!((begun + grace..=done + grace).contains(&until), "{flags:?}: {until}");
        assert_eq!(program.json(&["enterprise", "show", &id, "--secrets", "--json"])["tic_key"], rotated["tic_key"]);
    }
    assert!(program.refused(&["enterprise", "rotate-key", &id, "--grace", "soon"]).contains("--grace"));
    assert!(program.refused(&["enterprise", "rotate-key", "1"]).contains("sdkappid"));
}

#[test]
fn sign_prints_a_url_that_a_running_server_takes() {
    let program = Program::new();
    let made = program.create();
    let id = made["sdkappid"].to_string();
    let server = program.serve(&[]);
    let path = "/paas/v1/business/info";
    let url = program.ok(&["sign", "--sdkappid", &id, "--public-url", &server.url, path]);
    assert!(url.starts_with(&format!("{}{path}?", server.url)), "{url}");
    let answer = Raw::connect(&server.url).post(url.trim(), "", "").json();
    assert_eq!((&answer["error_code"], &answer["name"]), (&json!(0), &json!("School")));

    // Where it begins is the server's own setting.
    let mut command = program.command(&["sign", "--sdkappid", &id, "--expires-in", "5m", "paas/v1/class/info"]);
    let output = command.env("LECTERN_PUBLIC_URL", "https://class.example.com/").output().unwrap();
    let url = String::from_utf8(output.stdout).unwrap();
    assert!(url.starts_with("https://class.example.com/paas/v1/class/info?"), "{url}");
    assert!(program.ok(&["sign", "--sdkappid", &id, "/x"]).starts_with("http://127.0.0.1:8080/x?"));
    assert!(program.refused(&["sign", "--sdkappid", "1", "/x"]).contains("sdkappid"));
    assert!(program.refused(&["sign", "--sdkappid", &id, "--expires-in", "soon", "/x"]).contains("--expires-in"));
}

#[test]
fn the_demo_prints_a_call_that_works_and_its_keys_once() {
    let program = Program::new();
    let mut server = program.serve(&["--demo"]);
    let printed = server.read_to("All calls: ");
    let word_after = |label: &str| {
        let line = printed.lines().find(|line| line.trim_start().starts_with(label)).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    let (sdkappid, tic_key) = (word_after("sdkappid"), word_after("tic_key"));
    let shown = program.json(&["enterprise", "show", &sdkappid, "--secrets", "--json"]);
    assert_eq!(shown["tic_key"], tic_key);
    for expected in [1, 2] {
        let (url, body) = curl_line(&printed);
        assert!(url.starts_with(&format!("{}/paas/v1/class/create?sdkappid={sdkappid}&", server.url)), "{url}");
        let made =
            Raw::connect(&server.url).post(url, "Content-Type: application/x-www-form-urlencoded\r\n", body).json();
        assert_eq!(made["error_code"], 0, "{made}");
        let classes = server.call(&program, &json!(1_400_000_001), "class/list", &json!({}));
        assert_eq!((&classes["total"], &classes["list"][0]["class_id"]), (&json!(expected), &made["class_id"]));
    }
    drop(server);

    let mut again = program.serve(&["--demo"]);
    let printed = again.read_to("All calls: ");
    assert!(!printed.contains(&tic_key) && !printed.contains("tic_key "), "{printed}");
    let (url, body) = curl_line(&printed);
    assert_eq!(Raw::connect(&again.url).post(url, "", body).code(), 0);
    assert_eq!(program.json(&["enterprise", "list", "--json"]).as_array().unwrap().len(), 1);
}

/// The URL and the body of the printed curl line.
fn curl_line(printed: &str) -> (&str, &str) {
    let quoted = |before: &str| printed.split_once(before).unwrap().1.split('\'').next().unwrap();
    (quoted("curl '"), quoted("-d '"))
}

#[test]
fn without_the_demo_nothing_is_made_and_nothing_is_printed() {
    let program = Program::new();
    let mut server = program.serve(&[]);
    server.signal("TERM");
    assert!(server.ended().success());
    let mut printed = String::new();
    server.printed.read_to_string(&mut printed).unwrap();
    assert_eq!(printed, "");
    assert_eq!(program.ok(&["enterprise", "list", "--json"]), "[]\n");
}

#[test]
fn a_running_server_sees_what_the_command_line_changes() {
    let program = Program::new();
    let server = program.serve(&[]);
    let sign = |id: &str| {
        program.ok(&["sign", "--sdkappid", id, "--public-url", &server.url, "/paas/v1/business/info"]).trim().to_owned()
    };
    let id = program.create()["sdkappid"].to_string();
    let first = sign(&id);
    server.sees(&first, 0);

    program.ok(&["enterprise", "set", &id, "--name", "Renamed"]);
    assert_eq!(Raw::connect(&server.url).post(&first, "", "").json()["name"], "Renamed");

    program.ok(&["enterprise", "rotate-key", &id, "--grace", "1h"]);
    server.sees(&sign(&id), 0);
    server.sees(&first, 0);
    program.ok(&["enterprise", "rotate-key", &id, "--grace", "0s"]);
    server.sees(&sign(&id), 0);
    server.sees(&first, 10217);

    let last = sign(&id);
    program.ok(&["enterprise", "set", &id, "--valid-seconds", "1"]);
    // At the latest when that second is over too.
    server.sees(&last, 10203);
    program.ok(&["enterprise", "set", &id, "--valid-seconds", "1000000"]);
    server.sees(&last, 0);
    program.ok(&["enterprise", "delete", &id, "--yes"]);
    server.sees(&last, 10270);
}

#[test]
fn two_servers_share_a_database() {
    let program = Program::new();
    let (one, other) = (program.serve(&[]), program.serve(&[]));
    let id = program.create()["sdkappid"].clone();
    let made = one.call(&program, &id, "class/create", &json!({"teacher_id": "t"}));
    let class = json!({"class_id": made["class_id"]});
    assert_eq!(other.call(&program, &id, "class/start", &class)["error_code"], 0);
    assert_eq!(one.call(&program, &id, "class/info", &class)["class_status"], "ing");
}

#[test]
fn settings_come_from_the_environment_and_a_flag_wins() {
    let program = Program::new();
    let id = program.create()["sdkappid"].clone();
    let mut command = program.command(&["serve", "--body-limit-bytes", "200"]);
    command.env("LECTERN_LISTEN", "127.0.0.1:0").env("LECTERN_BODY_LIMIT_BYTES", "100").env("LECTERN_WORKERS", "1");
    command.env("LECTERN_SIGN_MAX_AGE_SECONDS", "60").env("LECTERN_IM_ENGINE", "tencent").env("LECTERN_LOG", "info");
    // Nobody listens there.
    command.env("LECTERN_IM_URL", "http://127.0.0.1:1");
    let server = Running::start(&mut command).unwrap();
    let id = id.to_string();
    let sign = |seconds: &str, call: &str| {
        let path = format!("/paas/v1/{call}");
        program.ok(&["sign", "--sdkappid", &id, "--expires-in", seconds, "--public-url", &server.url, &path])
    };
    let mut raw = Raw::connect(&server.url);
    let mut ask = |seconds: &str, call: &str, body: &str| raw.post(sign(seconds, call).trim(), "", body).code();
    assert_eq!(ask("30s", "class/list", &format!("{{{}}}", " ".repeat(198))), 0);
    assert_eq!(ask("30s", "class/list", &format!("{{{}}}", " ".repeat(199))), 10005);
    assert_eq!(ask("1h", "class/list", ""), 10217);
    assert_eq!(ask("30s", "class/create", r#"{"teacher_id":"t"}"#), 10003);
    assert_eq!(ask("30s", "class/create", r#"{"teacher_id":"t","admin_id":"a"}"#), 10003);
    assert_eq!(ask("30s", "class/create", r#"{"teacher_id":"t","admin_id":"a","admin_sig":"s"}"#), 10280);
}

#[test]
fn what_clients_are_given_begins_with_the_public_address() {
    let program = Program::new();
    let id = program.create()["sdkappid"].clone();
    // Between its choice and its use somebody else may take the port; then another is chosen.
    let (server, address) = std::iter::repeat_with(|| {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let args = ["serve", "--workers", "1", "--listen", &address, "--public-url", "https://class.example.com/sub/"];
        Some((Running::start(&mut program.command(&args))?, address))
    })
    .take(20)
    .flatten()
    .next()
    .unwrap();
    assert_eq!(server.url, "https://class.example.com/sub");
    let here = format!("http://{address}");
    let ask = |call: &str, body: Value| {
        let path = format!("/paas/v1/{call}");
        let url = program.ok(&["sign", "--sdkappid", &id.to_string(), "--public-url", &here, &path]);
        Raw::connect(&here).post(url.trim(), "", body.to_string()).json()
    };
    let made = ask("class/create", json!({"teacher_id": "t"}));
    let url = format!("https://class.example.com/sub/{id}/{}", made["class_id"]);
    assert_eq!(
        (&made["url"], &made["teacher_url"], &made["student_url"]),
        (&json!(url), &json!(format!("{url}/0")), &json!(format!("{url}/1")))
    );
    ask("user/register", json!({"list": [{"user_id": "s", "role": "student"}]}));
    let avatar = ask("user/info", json!({"user_id": "s"}))["user_info"]["avatar"].clone();
    assert!(avatar.as_str().unwrap().starts_with("https://class.example.com/sub/avatars/"), "{avatar}");
}

#[test]
fn a_signal_stops_the_server_after_what_is_in_flight_is_answered() {
    for signal in ["TERM", "INT"] {
        let program = Program::new();
        let id = program.create()["sdkappid"].to_string();
        let mut server = program.serve(&[]);
        let url = program.ok(&["sign", "--sdkappid", &id, "--public-url", &server.url, "/paas/v1/class/create"]);
        let body = r#"{"teacher_id":"t","class_topic":"in flight"}"#;
        let (begin, end) = body.split_at(body.len() / 2);
        let mut raw = Raw::connect(&server.url);
        // Once it asks for the body, the request is in its hands.
        raw.send(head("POST", url.trim(), "Expect: 100-continue\r\n", body.len()));
        assert_eq!(raw.read("POST").status, 100);
        raw.send(begin);

        server.signal(signal);
        server.wait_for("stopping").unwrap();
        raw.send(end);
        let answer = raw.read("POST").json();
        assert_eq!(answer["error_code"], 0, "{signal}: {answer}");
        assert!(server.ended().success(), "{signal}");
        server.wait_for("stopped").unwrap();

        // It was done, not only answered.
        let next = program.serve(&[]);
        let classes = next.call(&program, &id.parse().unwrap(), "class/list", &json!({}));
        assert_eq!(classes["list"][0]["class_id"], answer["class_id"]);
    }
}

#[test]
fn a_client_that_never_ends_does_not_keep_the_server_from_stopping() {
    let program = Program::new();
    let id = program.create()["sdkappid"].to_string();
    let mut server = program.serve(&[]);
    let url = program.ok(&["sign", "--sdkappid", &id, "--public-url", &server.url, "/paas/v1/class/create"]);
    let mut idle = Raw::connect(&server.url);
    assert_eq!(idle.post(url.trim(), "", r#"{"teacher_id":"t"}"#).code(), 0);
    let mut slow = Raw::connect(&server.url);
    slow.send(head("POST", url.trim(), "Expect: 100-continue\r\n", 10));
    assert_eq!(slow.read("POST").status, 100);
    slow.send("{");
    server.signal("TERM");
    assert!(server.ended().success());
}
