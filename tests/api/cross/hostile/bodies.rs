//! Bodies that are not JSON objects, too large, too deep, or truncated.

use serde_json::{Value, json};

use super::World;
use crate::support::calls::{CALLS, everything};
use crate::support::raw::{Raw, head};
use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn every_call_refuses_a_body_that_is_not_json() {
    let service = Service::start();
    let world = World::make(&service).await;
    let enterprise = &world.enterprise;
    let before = everything(enterprise).await;
    for call in &CALLS {
        let whole = world.body(call.name).to_string();
        let truncated = &whole[..whole.len() - 1];
        let trailing = format!("{whole}x");
        let twice = format!("{whole}{whole}");
        let mut bodies = vec!["x", " ", "{", "}", "[", "{]", "\"", "nul", "{'a':1}", "{a:1}", "{\"a\":1,}", "a=1&b=2"];
        bodies.extend([truncated, &trailing, &twice, "NaN", "{\"a\":01}", "<xml/>", "\u{feff}{}", "\0"]);
        for body in bodies {
            let answer = enterprise.send(call.name, body.to_owned()).await;
            assert_eq!(answer["error_code"], 10000, "{} {body}: {answer}", call.name);
            assert_ne!(answer["error_msg"], "");
        }
    }
    assert_eq!(everything(enterprise).await, before);
}

#[tokio::test]
async fn every_call_refuses_json_that_is_not_an_object() {
    let service = Service::start();
    let world = World::make(&service).await;
    let enterprise = &world.enterprise;
    let before = everything(enterprise).await;
    for call in &CALLS {
        let values: Vec<Value> = world.body(call.name).as_object().unwrap().values().cloned().collect();
        for body in [json!([]), json!([{}]), json!(values), json!("{}"), json!(1), json!(1.5), json!(true), json!(null)]
        {
            let answer = enterprise.send(call.name, body.to_string()).await;
            assert_eq!(answer["error_code"], 10003, "{} {body}: {answer}", call.name);
            assert_eq!(answer["error_msg"], "the body must be a JSON object");
        }
    }
    assert_eq!(everything(enterprise).await, before);
}

#[tokio::test]
async fn an_object_is_not_written_as_the_array_of_its_values_nor_a_word_as_an_object() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    for (call, body, name) in [
        ("class/info", format!("[{}]", world.booked), "object"),
        ("class/create", r#"{"teacher_id":"t","members":[["student","s"]]}"#.into(), "members"),
        ("class/create", r#"{"teacher_id":"t","settings":[["local"],"640x480",1,1,1,1,1,1,1]}"#.into(), "settings"),
        ("user/register", r#"{"list":[["u","student",null,null,null,null,null,null]]}"#.into(), "list"),
        ("user/register", r#"{"list":[{"user_id":"u","role":{"student":null}}]}"#.into(), "role"),
        ("class/create", r#"{"teacher_id":"t","class_type":{"public":null}}"#.into(), "class_type"),
        ("class/list", r#"{"class_status":[{"will":null}]}"#.into(), "class_status"),
        ("member/add", format!(r#"{{"class_id":{},"list":[["student","s"]]}}"#, world.booked), "list"),
    ] {
        let answer = world.enterprise.send(call, body.clone()).await;
        assert_eq!(answer["error_code"], 10003, "{call} {body}: {answer}");
        assert!(answer["error_msg"].as_str().unwrap().contains(name), "{call} {body}: {answer}");
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn every_call_refuses_a_body_of_two_mebibytes_and_the_connection_goes_on() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    let mut raw = Raw::connect(&service.url);
    for call in &CALLS {
        let mut body = world.body(call.name).to_string();
        body.insert_str(1, &" ".repeat(2 << 20));
        let answer = raw.post(&world.enterprise.signed(call.name), "", &body);
        assert_eq!(answer.code(), 10005, "{}", call.name);
        assert_eq!(answer.json()["error_msg"], "the body is larger than 1048576 bytes");
        assert_eq!(raw.post(&world.enterprise.signed("business/info"), "", "").code(), 0);
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_limit_and_not_a_byte_more() {
    for (flags, limit) in [(vec![], 1 << 20), (vec!["--body-limit-bytes", "200"], 200)] {
        let service = Service::start_with(&flags);
        let enterprise = service.enterprise().await;
        let mut body = r#"{"teacher_id":"t","class_topic":"课堂"}"#.to_owned();
        body.insert_str(1, &" ".repeat(limit - body.len()));
        assert_eq!(body.len(), limit);
        assert_eq!(enterprise.send("class/create", body.clone()).await["error_code"], 0);
        body.push(' ');
        assert_eq!(enterprise.send("class/create", body).await["error_code"], 10005);
        assert_eq!(enterprise.ok("class/list", json!({})).await["total"], 1);
    }
}

#[tokio::test]
async fn deeply_nested_json_is_refused() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    let depth = 100_000;
    let (open, close) = ("[".repeat(depth), "]".repeat(depth));
    let objects = "{\"a\":".repeat(depth);
    for call in &CALLS {
        for body in [open.clone(), format!("{open}{close}"), objects.clone()] {
            let answer = world.enterprise.send(call.name, body).await;
            assert_eq!(answer["error_code"], 10000, "{}: {answer}", call.name);
        }
        // Nested values of an ignored field may be ignored too.
        let empty = world.enterprise.call(call.name, json!({})).await["error_code"].clone();
        let nested = format!("{objects}1{}", "}".repeat(depth));
        let code = world.enterprise.send(call.name, nested).await["error_code"].clone();
        assert!(code == 10000 || code == empty, "{}: {code}", call.name);
    }
    let create = CALLS.iter().find(|call| call.name == "class/create").unwrap();
    for field in create.fields.iter().filter(|field| !field.path.ends_with("/0")) {
        let body = world.with(create.name, field.path, &format!("{open}{close}"));
        assert_eq!(world.enterprise.send(create.name, body).await["error_code"], 10000, "{}", field.path);
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn text_that_is_not_unicode_is_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let around = |inside: &[u8]| [b"{\"teacher_id\":\"".as_slice(), inside, b"\"}"].concat();
    for bytes in
        [b"\xff".as_slice(), b"\xc3\x28", b"\xe8\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\xd6\xd0"]
    {
        assert_eq!(enterprise.send("class/create", around(bytes)).await["error_code"], 10000, "{bytes:?}");
        // Not in an ignored field either.
        let beside = [b"{\"teacher_id\":\"t\",\"x\":\"".as_slice(), bytes, b"\"}"].concat();
        assert_eq!(enterprise.send("class/create", beside).await["error_code"], 10000, "{bytes:?}");
    }
    for escape in [r"\ud800", r"\udc00", r"\ud83dx", r"\ud83d\u0041", r"\ude00\ud83d", r"\uZZZZ", r"\u12", r"\x41"] {
        let answer = enterprise.send("class/create", around(escape.as_bytes())).await;
        assert_eq!(answer["error_code"], 10000, "{escape}: {answer}");
    }
    assert_eq!(enterprise.ok("class/list", json!({})).await["total"], 0);
}

#[tokio::test]
async fn the_last_of_two_equal_keys_counts() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let body = r#"{"teacher_id":"t","class_topic":"first","class_topic":"last","settings":{"fps":1,"fps":2}}"#;
    let class_id = enterprise.send("class/create", body).await["class_id"].clone();
    let info = enterprise.ok("class/info", json!({ "class_id": class_id })).await;
    assert_eq!((&info["class_topic"], &info["settings"]["fps"]), (&json!("last"), &json!(2)));
    let answer = enterprise.send("class/create", r#"{"teacher_id":"t","teacher_id":null}"#).await;
    assert_eq!(answer["error_code"], 10003);
    // The fields that identify the caller must not be repeated.
    let url = format!("{}/paas/v1/business/info?sdkappid={}", service.url, enterprise.sdkappid);
    let time = BEGIN + 60;
    let sign = lectern::protocol::iclass::sign::sign(&enterprise.tic_key, time);
    let twice = format!(r#"{{"sign":"{sign}","sign":"{sign}","expire_time":{time}}}"#);
    assert_eq!(Raw::connect(&service.url).post(&url, "", twice).code(), 10217);
}

#[tokio::test]
async fn text_that_looks_like_sql_or_markup_is_kept_as_it_is() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for (at, text) in [
        "'; DROP TABLE users; --",
        "' OR '1'='1",
        "\" OR \"\"=\"",
        "%_\\",
        "$1 ? :name",
        "<script>alert(1)</script>",
        "{{7*7}} ${7*7}",
        "../../etc/passwd",
        "NULL",
        "\u{202e}\u{200b}\u{feff}",
        "𝕏 e\u{301} \u{10ffff}",
    ]
    .into_iter()
    .enumerate()
    {
        let user = json!({"user_id": text, "role": "student", "nickname": text});
        enterprise.ok("user/register", json!({ "list": [user] })).await;
        let seen = enterprise.ok("user/info", json!({ "user_id": text })).await;
        assert_eq!((&seen["user_info"]["user_id"], &seen["user_info"]["nickname"]), (&json!(text), &json!(text)));
        assert_eq!(enterprise.ok("user/list", json!({ "prefix": text })).await["total"], 1, "{text}");
        let class_id = enterprise
            .class(json!({"class_topic": text, "members": [{"user_id": text, "role": "student"}], "password": text}))
            .await;
        let info = enterprise.ok("class/info", json!({ "class_id": class_id })).await;
        assert_eq!((&info["class_topic"], &info["members"][1]["user_id"]), (&json!(text), &json!(text)));
        assert_eq!(enterprise.ok("class/list", json!({ "user_id": text })).await["total"], 1, "{text}");
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": text, "password": text})).await;
        enterprise.ok("document/add", json!({"doc_url": "http://a.b/c", "doc_name": text, "owner": text})).await;
        let found = enterprise.ok("document/list", json!({"prefix": text, "owner": text})).await;
        assert_eq!((&found["total"], &found["list"][0]["doc_name"]), (&json!(1), &json!(text)));
        enterprise.ok("business/modify", json!({ "name": text })).await;
        assert_eq!(enterprise.ok("business/info", json!({})).await["name"], text);
        assert_eq!(enterprise.ok("user/list", json!({})).await["total"], at + 1);
        enterprise.refused("user/info", json!({ "user_id": format!("{text}.") }), 10215).await;
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_leaves_nothing_behind() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let body = json!({"teacher_id": "t"}).to_string();
    for sent in [0, 1, body.len() - 1] {
        let mut raw = Raw::connect(&service.url);
        raw.send(head("POST", &enterprise.signed("class/create"), "Expect: 100-continue\r\n", body.len()));
        assert_eq!(raw.read("POST").status, 100);
        raw.send(&body[..sent]);
    }
    let mut raw = Raw::connect(&service.url);
    raw.send("POST /paas/v1/class/create HTTP/1.1\r\nHost");
    drop(raw);
    assert_eq!(enterprise.ok("class/list", json!({})).await["total"], 0);
}

#[tokio::test]
async fn two_bodies_that_differ_where_nobody_looks_are_two_bodies() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let url = enterprise.signed("class/create");
    let mut raw = Raw::connect(&service.url);
    let mut ask = |topic: &str, key: &str, ignored: &str| {
        let body = format!(r#"{{"teacher_id":"t","class_topic":"{topic}","ignored":{ignored}}}"#);
        raw.post(&url, &format!("Idempotency-Key: {key}\r\n"), body).json()
    };
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    for (key, ignored) in [("a", "1"), ("b", &deep), ("c", "1e400"), ("d", r#""\ud800""#)] {
        let (first, second) = (ask("first", key, ignored), ask("second", key, ignored));
        // Either the body can't be read, or the second value is used.
        match first["error_code"].as_i64().unwrap() {
            0 => assert_eq!(second["error_code"], 10003, "{key}: {second}"),
            _ => assert_eq!((&first["error_code"], &second["error_code"]), (&json!(10000), &json!(10000)), "{key}"),
        }
    }
    let total = enterprise.ok("class/list", json!({})).await["total"].as_i64().unwrap();
    assert!((1..=4).contains(&total), "{total}");
}
