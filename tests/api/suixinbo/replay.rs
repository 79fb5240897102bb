//! Replays a recorded session with the reference server. Codes and field types are the same, except for the intended differences
//! that are listed here.

use std::collections::HashMap;

use lectern::domain::tenancy::enterprise::{Draft, Patch};
use lectern::domain::tenancy::settings::{CloudPatch, RoomPatch};
use serde_json::{Map, Value, json};

use super::send;
use crate::support::service::Service;

const RECORDED: &str = include_str!("transcript.jsonl");

/// The calls with another code, the reason, and the code.
const DIFFERENT: [(&str, &str, i64); 20] = [
    ("login unknown", "a login does not show who exists", 10006),
    ("id 60 chars", "ids may have 128 characters", 0),
    ("create long title", "a title that is too long is a wrong field", 10003),
    ("token int", "a token that is no text is not valid", 10009),
    ("start string", "a room number may be a text, so this starts the room", 0),
    ("start ok", "the room was started by the call before", 10102),
    ("bind no room (account)", "files are bound to a room, which the document requires", 10003),
    ("bind no room student", "files are bound to a room, which the document requires", 10003),
    ("querybind account", "files are bound to a room, which the document requires", 10003),
    ("heartbeat no room", "a room that is not there has the document's code", 10010),
    ("start no room", "a room that is not there has the document's code", 10010),
    ("idx no room", "a room that is not there has the document's code", 10010),
    ("roomlist state3", "filters by state work", 0),
    ("roomlist state9", "filters by state work, and there is no such state", 10003),
    ("recendcall (doc name)", "the document's name of the command is known", 0),
    ("idx old form", "the older form is taken", 0),
    // These have the same code, but another answer.
    ("querybind", "a file was bound here by a request that was not recorded", 0),
    ("querybind student", "who was in the room sees all that is bound to it", 0),
    ("idx error", "an error of the index changes nothing", 0),
    ("roomlist after idx", "an error of the index changes nothing", 0),
];

/// Fields of the document that the reference server does not answer.
const DOCUMENTED: [&str; 3] = ["begin_imseq", "end_imseq", "playback_idx_url"];

/// The code of an answer in any of its forms.
fn code(answer: &Value) -> i64 {
    let code = ["errorCode", "code", "ErrorCode"].iter().find_map(|name| answer[name].as_i64());
    code.unwrap_or_else(|| panic!("{answer}"))
}

/// Replaces the recorded tokens and rooms with those of this service.
fn ours(value: &Value, names: &HashMap<String, String>) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), ours(field, names))).collect(),
        Value::Array(items) => items.iter().map(|item| ours(item, names)).collect(),
        Value::Number(number) => match names.get(&number.to_string()) {
            Some(name) => name.parse::<i64>().unwrap().into(),
            None => value.clone(),
        },
        Value::String(text) => match names.get(text) {
            Some(name) => name.clone().into(),
            // A room number inside a string.
            None => names
                .iter()
                .filter(|(name, _)| name.len() == 5 && name.parse::<i64>().is_ok())
                .fold(text.clone(), |text, (theirs, ours)| text.replace(theirs, ours))
                .into(),
        },
        _ => value.clone(),
    }
}

/// Checks that an answer has all fields of the recorded one with the same types, and no others except those of the document.
fn check_fields(label: &str, recorded: &Value, answer: &Value) {
    match (recorded, answer) {
        (Value::Object(recorded), Value::Object(answer)) => {
            let missing = |of: &Map<String, Value>, name: &str| !of.contains_key(name);
            for (name, field) in recorded {
                assert!(!missing(answer, name), "{label}: no {name} in {answer:?}");
                check_fields(label, field, &answer[name]);
            }
            for name in answer.keys() {
                assert!(!missing(recorded, name) || DOCUMENTED.contains(&name.as_str()), "{label}: {name} is new");
            }
        }
        (Value::Array(recorded), Value::Array(answer)) => {
            if let (Some(recorded), Some(answer)) = (recorded.first(), answer.first()) {
                check_fields(label, recorded, answer);
            }
        }
        _ => assert_eq!(std::mem::discriminant(recorded), std::mem::discriminant(answer), "{label}: {answer}"),
    }
}

#[tokio::test]
async fn a_recorded_conversation_goes_as_it_went() {
    let service = Service::start();
    let draft = Draft { name: "Test".into(), sdkappid: Some(1_400_000_000), ..Draft::default() };
    let enterprise = service.enterprise_of(draft).await;
    let text = |text: &str| Some(text.to_owned());
    let rooms = RoomPatch { cos_bucket: text("testbucket"), cos_region: text("sh"), ..RoomPatch::default() };
    let cloud = CloudPatch {
        appid: Some(1_251_659_802),
        secret_id: text("AKIDtest"),
        secret_key: text("key"),
        ..CloudPatch::default()
    };
    enterprise.set(Patch { cloud, rooms, ..Patch::default() }).await;
    let mut names = HashMap::new();
    let mut met = Vec::new();
    for line in RECORDED.lines() {
        let recorded: Value = serde_json::from_str(line).unwrap();
        let [label, svc, cmd] = ["label", "svc", "cmd"].map(|name| recorded[name].as_str().unwrap());
        let body = match &recorded["req"] {
            Value::String(text) => text.clone(),
            fields => ours(fields, &names).to_string(),
        };
        let answer = send(&service, svc, cmd, body).await;
        let theirs = &recorded["resp"];
        let different = DIFFERENT.iter().find(|(of, _, _)| *of == label);
        if let Some((_, why, expected)) = different {
            assert_eq!(code(&answer), *expected, "{label}, for {why}: {answer}");
            met.push(label.to_owned());
            continue;
        }
        assert_eq!(code(&answer), code(theirs), "{label}: {answer}");
        check_fields(label, theirs, &answer);
        for name in ["token", "roomnum"] {
            let as_text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if let (Some(theirs), Some(mine)) = (theirs["data"].get(name), answer["data"].get(name)) {
                names.insert(as_text(theirs), as_text(mine));
            }
        }
    }
    met.sort_unstable();
    let mut expected = DIFFERENT.map(|(label, _, _)| label);
    expected.sort_unstable();
    assert_eq!(met, expected);
}

#[tokio::test]
async fn what_is_different_in_the_recorded_lists_is_as_documented() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, student) =
        (super::Client::teacher(&enterprise, "t1").await, super::Client::student(&enterprise, "s1").await);
    let roomnum = teacher.begun_room().await;
    student.enters(roomnum).await;
    let file = json!({"type": 0, "file_name": "a.ppt", "url": "http://u/1"});
    teacher.live("reportbind", json!({"roomnum": roomnum, "operate": 0, "bind_file": file})).await;
    student.live("reportmemid", json!({"roomnum": roomnum, "operate": 1})).await;
    let bound = student.live("querybind", json!({"roomnum": roomnum, "index": 0, "size": 50})).await;
    let row = json!({"type": 0, "bind_time": service.now(), "file_name": "a.ppt", "url": "http://u/1"});
    assert_eq!(bound, json!({"total": 1, "bind_files": [row]}));
    teacher.live("exitroom", json!({ "roomnum": roomnum })).await;
    for (error, url) in [(0, "http://idx/1.json"), (5, "http://idx/2.json")] {
        let report = json!({"SrcRequest": json!({"GroupId": roomnum.to_string()}).to_string(), "ErrorCode": error,
            "ErrorInfo": "", "ReplayIndex": {"FileUrl": url, "CreateTime": 1_505_700_000}});
        let answer = send(&service, "live", "idxfileendcall", report.to_string()).await;
        assert_eq!(answer, json!({"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}));
        let room = student.sees(roomnum).await;
        assert_eq!((&room["state"], &room["replay_idx_url"]), (&json!(3), &json!("http://idx/1.json")));
        assert_eq!(room["playback_idx_url"], room["replay_idx_url"]);
        assert_eq!(room["replay_idx_created_time"], 1_505_700_000);
        assert_eq!(room["replay_idx_created_result"], 0);
    }
}
