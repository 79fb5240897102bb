//! `lectern serve`: the demo, changes by the command line, and stopping.

use std::io::Read;

use serde_json::{Value, json};

use super::program::{Program, Running};
use crate::support::raw::{Raw, head};

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
    // The demo class, which is tested below, is the first.
    for expected in [2, 3] {
        let (url, body) = curl_line(&printed);
        assert!(url.starts_with(&format!("{}/paas/v1/class/create?sdkappid={sdkappid}&", server.url)), "{url}");
        let made =
            Raw::connect(&server.url).post(url, "Content-Type: application/x-www-form-urlencoded\r\n", body).json();
        assert_eq!(made["error_code"], 0, "{made}");
        let classes = server.call(&program, &json!(1_400_000_001), "class/list", &json!({}));
        assert_eq!((&classes["total"], &classes["list"][0]["class_id"]), (&json!(expected), &made["class_id"]));
    }
    drop(server);

    let rows = program.json(&["enterprise", "list", "--json"]);
    assert_eq!(rows[0]["protocols"], json!(["iclass", "niuclass", "suixinbo", "im"]));
    let mut again = program.serve(&["--demo"]);
    let printed = again.read_to("All calls: ");
    assert!(!printed.contains(&tic_key) && !printed.contains("tic_key "), "{printed}");
    let (url, body) = curl_line(&printed);
    assert_eq!(Raw::connect(&again.url).post(url, "", body).code(), 0);
    assert_eq!(program.json(&["enterprise", "list", "--json"]).as_array().unwrap().len(), 1);
}

/// The class, the user and the token of the printed link of a teacher or a pupil.
fn link<'a>(printed: &'a str, who: &str) -> (i64, &'a str, &'a str) {
    let line = printed.lines().find(|line| line.trim_start().starts_with(who)).unwrap();
    let (page, rest) = line.split_once('#').unwrap();
    let (user_id, token) = rest.split_once('/').unwrap();
    (page.rsplit('/').nth(1).unwrap().parse().unwrap(), user_id, token)
}

/// Makes a call as a component that holds a link.
fn as_holder(server: &Running, call: &str, class_id: i64, (user_id, token): (&str, &str)) -> Value {
    let url = format!("{}/saas/v1/{call}?sdkappid=1400000001&user_id={user_id}&token={token}", server.url);
    Raw::connect(&server.url).post(&url, "", json!({ "class_id": class_id }).to_string()).json()
}

#[test]
fn the_demo_prints_links_to_a_class_that_is_made_anew_when_it_is_over() {
    let program = Program::new();
    let mut server = program.serve(&["--demo"]);
    let printed = server.read_to("All calls: ");
    let (class_id, teacher, of_teacher) = link(&printed, "teacher");
    let (same, pupil, of_pupil) = link(&printed, "pupil");
    assert_eq!(class_id, same);
    for call in ["member/join", "class/start"] {
        assert_eq!(as_holder(&server, call, class_id, (teacher, of_teacher))["error_code"], 0, "{call}");
    }
    assert_eq!(as_holder(&server, "member/join", class_id, (pupil, of_pupil))["role"], "student");
    drop(server);

    // The next start has links to the same class while it goes on.
    let mut server = program.serve(&["--demo"]);
    let printed = server.read_to("All calls: ");
    let (again, teacher, of_teacher) = link(&printed, "teacher");
    assert_eq!(again, class_id);
    assert_eq!(as_holder(&server, "class/stop", class_id, (teacher, of_teacher))["error_code"], 0);
    drop(server);

    let mut server = program.serve(&["--demo"]);
    let printed = server.read_to("All calls: ");
    let (next, teacher, of_teacher) = link(&printed, "teacher");
    assert_ne!(next, class_id);
    assert_eq!(as_holder(&server, "member/join", next, (teacher, of_teacher))["role"], "teacher");
}

#[test]
fn an_enterprise_of_ones_own_gets_no_demo_class() {
    let program = Program::new();
    let id = program.create()["sdkappid"].clone();
    let mut server = program.serve(&["--demo"]);
    assert!(!server.read_to("All calls: ").contains("pupil"));
    assert_eq!(server.call(&program, &id, "user/list", &json!({}))["total"], 0);
}

#[test]
fn the_command_line_makes_a_link_that_a_running_server_takes() {
    let program = Program::new();
    let server = program.serve(&[]);
    let id = program.create()["sdkappid"].clone();
    let class_id =
        server.call(&program, &id, "class/create", &json!({"teacher_id": "t", "class_type": "1vN"}))["class_id"]
            .as_i64()
            .unwrap();
    let class = class_id.to_string();
    program.ok(&["user", "register", "--sdkappid", &id.to_string(), "t", "--role", "teacher"]);
    program.ok(&["user", "register", "--sdkappid", &id.to_string(), "li", "--role", "student"]);
    let url = program.ok(&["class", "link", &class, "t", "--public-url", "https://class.example.com/sub/"]);
    let before = format!("https://class.example.com/sub/{id}/{class_id}/0#t/");
    let token = url.trim().strip_prefix(&before).unwrap();
    assert_eq!(as_holder(&server, "member/join", class_id, ("t", token))["role"], "teacher");
    let made = program.json(&["class", "link", &class, "t", "--valid", "60", "--json"]);
    assert!(made["url"].as_str().unwrap().starts_with("http://127.0.0.1:8080/"), "{made}");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(made["expire_time"].as_u64().unwrap().abs_diff(now + 60) < 30, "{made}");
    for (args, complaint) in [
        (["999999999", "t"], "class_id 999999999: no such class"),
        ([class.as_str(), "nobody"], "user_id \"nobody\": no such user"),
        ([class.as_str(), "li"], "not a member of class_id"),
    ] {
        let said = program.refused(&["class", "link", args[0], args[1]]);
        assert!(said.contains(complaint), "{said}");
    }
    for valid in ["0", "86401", "x"] {
        program.refused(&["class", "link", &class, "t", "--valid", valid]);
    }
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
    // At the latest after that second.
    server.sees(&last, 10203);
    program.ok(&["enterprise", "set", &id, "--valid-seconds", "1000000"]);
    server.sees(&last, 0);
    program.ok(&["enterprise", "delete", &id, "--yes"]);
    server.sees(&last, 10270);
}

#[test]
#[ignore = "on PostgreSQL"]
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
fn a_signal_stops_the_server_after_what_is_in_flight_is_answered() {
    for signal in ["TERM", "INT"] {
        let program = Program::new();
        let id = program.create()["sdkappid"].to_string();
        let mut server = program.serve(&[]);
        let url = program.ok(&["sign", "--sdkappid", &id, "--public-url", &server.url, "/paas/v1/class/create"]);
        let body = r#"{"teacher_id":"t","class_topic":"in flight"}"#;
        let (begin, end) = body.split_at(body.len() / 2);
        let mut raw = Raw::connect(&server.url);
        // Once the server asks for the body, the request is in progress.
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

        // The change was made, not only answered.
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
