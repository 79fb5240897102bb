//! Invalid settings, and the sources of settings.

use std::net::{TcpListener, UdpSocket};

use serde_json::{Value, json};

use super::program::{Program, Running, complaint};
use crate::support::raw::Raw;

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
    // Other names are ignored, and every subcommand accepts the settings of the server.
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
        ("--frame-ancestors", "LECTERN_FRAME_ANCESTORS", "school.example.com"),
        ("--file-frame-ancestors", "LECTERN_FILE_FRAME_ANCESTORS", "* self"),
        ("--workers", "LECTERN_WORKERS", "0"),
        ("--database-connections", "LECTERN_DATABASE_CONNECTIONS", "1"),
        ("--demo", "LECTERN_DEMO", "perhaps"),
        ("--media", "LECTERN_MEDIA", "perhaps"),
        ("--media-listen", "LECTERN_MEDIA_LISTEN", "8081"),
        ("--media-address", "LECTERN_MEDIA_ADDRESS", "media.example.com"),
        ("--media-threads", "LECTERN_MEDIA_THREADS", "0"),
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
fn the_secret_of_turn_servers_is_never_shown() {
    let program = Program::new();
    let secret = ("LECTERN_TURN_SECRET", "sesame");
    let help = program.command(&["serve", "--help"]).env(secret.0, secret.1).output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("sesame"));
    let complaint =
        complaint(&program.command(&["serve", "--turn-url", "stun:h"]).env(secret.0, secret.1).output().unwrap());
    assert!(complaint.contains("turn:turn.example.com:3478") && !complaint.contains("sesame"), "{complaint}");
    // A server without a secret is of no use.
    let complaint = program.refused(&["serve", "--turn-url", "turn:turn.example.com"]);
    assert!(complaint.contains("--turn-secret"), "{complaint}");
}

#[test]
fn a_port_for_voice_and_picture_that_is_in_use_stops_the_start() {
    let program = Program::new();
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    for taken in [tcp.local_addr().unwrap(), udp.local_addr().unwrap()] {
        let taken = taken.to_string();
        let complaint = program.refused(&["serve", "--listen", "127.0.0.1:0", "--media-listen", &taken]);
        assert!(complaint.contains(&taken) && complaint.contains("LECTERN_MEDIA_LISTEN"), "{complaint}");
    }
}

#[test]
fn settings_come_from_the_environment_and_a_flag_wins() {
    let program = Program::new();
    let id = program.create()["sdkappid"].clone();
    let mut command = program.command(&["serve", "--body-limit-bytes", "200"]);
    command.env("LECTERN_LISTEN", "127.0.0.1:0").env("LECTERN_BODY_LIMIT_BYTES", "100").env("LECTERN_WORKERS", "1");
    command.env("LECTERN_SIGN_MAX_AGE_SECONDS", "60").env("LECTERN_IM_ENGINE", "tencent").env("LECTERN_LOG", "info");
    // No server listens there.
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
    // Another process may take the port before it is used. Then choose another.
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
