//! `lectern migrate`, `lectern enterprise` and `lectern sign`.

use serde_json::{Value, json};

use super::program::Program;
use crate::support::raw::Raw;

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
fn create_switches_protocols_on() {
    let program = Program::new();
    let id = program.create()["sdkappid"].to_string();
    let shown = program.json(&["enterprise", "show", &id, "--json"]);
    assert_eq!((&shown["protocols"], &shown["open_registration"]), (&json!(["iclass"]), &json!("off")));
    let all = ["enterprise", "create", "--name", "x", "--json", "--protocols", "iclass,niuclass,suixinbo,im"];
    let id = program.json(&all)["sdkappid"].to_string();
    let shown = program.json(&["enterprise", "show", &id, "--json"]);
    assert_eq!(shown["protocols"], json!(["iclass", "niuclass", "suixinbo", "im"]));
    let rows = program.json(&["enterprise", "list", "--json"]);
    assert_eq!((&rows[0]["protocols"], &rows[1]["protocols"]), (&json!(["iclass"]), &shown["protocols"]));
    assert!(program.ok(&["enterprise", "list"]).contains("iclass,niuclass,suixinbo,im"));
    let complaint = program.refused(&["enterprise", "create", "--name", "x", "--protocols", "sip"]);
    assert!(complaint.contains("niuclass"), "{complaint}");
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
        ("--protocols", "im,suixinbo", "protocols", json!(["iclass", "suixinbo", "im"])),
        ("--protocols", "iclass,niuclass", "protocols", json!(["iclass", "niuclass"])),
        ("--protocols", "", "protocols", json!(["iclass"])),
        ("--open-registration", "teachers", "open_registration", json!("teachers")),
        ("--open-registration", "false", "open_registration", json!("off")),
        ("--open-registration", "pupils", "open_registration", json!("pupils")),
        ("--open-registration", "off", "open_registration", json!("off")),
        // It says nothing of teachers.
        ("--open-registration", "true", "open_registration", json!("pupils")),
    ] {
        assert_eq!(program.ok(&["enterprise", "set", &id, flag, value]), "");
        expected[field] = shown;
        assert_eq!(show(), expected, "{flag} {value}");
    }
    for (flag, value) in [
        ("--callback-url", "x"),
        ("--valid-seconds", "0"),
        ("--strict-schedule", "perhaps"),
        ("--protocols", "iclass,sip"),
        ("--open-registration", "everybody"),
    ] {
        program.refused(&["enterprise", "set", &id, "--name", "half done", flag, value]);
    }
    assert_eq!(show(), expected);
    assert!(program.refused(&["enterprise", "set", "1", "--name", "x"]).contains("sdkappid"));
}

#[test]
fn delete_requires_a_confirmation() {
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
fn secrets_of_callbacks_are_set_rotated_and_cleared() {
    let program = Program::new();
    let id = program.create()["sdkappid"].to_string();
    let shown = |name: &str| program.json(&["enterprise", "show", &id, "--secrets", "--json"])[name].clone();
    assert_eq!(shown("callback_key"), "");
    program.ok(&["enterprise", "set", &id, "--callback-key", "0123456789abcdef"]);
    assert_eq!(shown("callback_key"), "0123456789abcdef");
    assert!(program.refused(&["enterprise", "set", &id, "--callback-key", "short"]).contains("callback_key: must "));
    let rotated = program.json(&["enterprise", "rotate-callback-key", &id, "--json"]);
    assert_eq!(shown("callback_key"), rotated["callback_key"]);
    assert_eq!(program.json(&["enterprise", "show", &id, "--json"])["callback_key"], "********");
    program.ok(&["enterprise", "set", &id, "--callback-key", ""]);
    assert_eq!(shown("callback_key"), "");

    let before = shown("document_service_secret");
    assert_ne!(before, shown("webhook_secret"));
    let rotated = program.json(&["enterprise", "rotate-document-service-secret", &id, "--json"]);
    assert_ne!(rotated["webhook_secret"], before);
    assert_eq!(shown("document_service_secret"), rotated["webhook_secret"]);
    assert_eq!(shown("old_document_service_secret_until"), rotated["old_webhook_secret_until"]);
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

    // The host is a setting of the server.
    let mut command = program.command(&["sign", "--sdkappid", &id, "--expires-in", "5m", "paas/v1/class/info"]);
    let output = command.env("LECTERN_PUBLIC_URL", "https://class.example.com/").output().unwrap();
    let url = String::from_utf8(output.stdout).unwrap();
    assert!(url.starts_with("https://class.example.com/paas/v1/class/info?"), "{url}");
    assert!(program.ok(&["sign", "--sdkappid", &id, "/x"]).starts_with("http://127.0.0.1:8080/x?"));
    assert!(program.refused(&["sign", "--sdkappid", "1", "/x"]).contains("sdkappid"));
    assert!(program.refused(&["sign", "--sdkappid", &id, "--expires-in", "soon", "/x"]).contains("--expires-in"));
}
