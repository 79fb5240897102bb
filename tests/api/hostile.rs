//! Input that no client should send: a clear error each time, and nothing half done.

use std::cell::Cell;

use serde_json::{Value, json};

use crate::calls::{CALLS, Call, Field, Kind, everything};
use crate::raw::{Raw, head};
use crate::service::{BEGIN, Enterprise, Service};

/// An enterprise with something for every call to work on.
struct World<'a> {
    enterprise: Enterprise<'a>,
    /// Not begun.
    booked: i64,
    /// Not begun, and for class/start to begin.
    startable: i64,
    /// In progress, and for class/stop to end.
    stoppable: i64,
    /// In progress, with somebody inside.
    running: i64,
    doc_id: String,
    /// Counts the users that were asked for: no two bodies ask for the same.
    users: Cell<u32>,
}

impl<'a> World<'a> {
    async fn make(service: &'a Service) -> Self {
        let enterprise = service.enterprise().await;
        enterprise.students(&["student_1", "student_2"]).await;
        let booked = enterprise.class(json!({})).await;
        let startable = enterprise.class(json!({})).await;
        let stoppable = enterprise.class(json!({})).await;
        let running = enterprise.class(json!({})).await;
        for class_id in [stoppable, running] {
            enterprise.ok("class/start", json!({ "class_id": class_id })).await;
        }
        enterprise.ok("member/join", json!({"class_id": running, "user_id": "student_2"})).await;
        let added = enterprise.ok("document/add", json!({"doc_url": "http://files.example.com/a.ppt"})).await;
        let doc_id = added["doc_id"].as_str().unwrap().to_owned();
        Self { enterprise, booked, startable, stoppable, running, doc_id, users: Cell::new(0) }
    }

    /// A body with every field of a call, that the call takes.
    fn body(&self, call: &str) -> Value {
        let page = || json!({"class_id": self.running, "index": 0, "size": 10, "after": ""});
        match call {
            "class/create" => class_fields(),
            "class/modify" => {
                let mut body = class_fields();
                body["class_id"] = self.booked.into();
                body
            }
            "class/delete" | "class/info" => json!({ "class_id": self.booked }),
            "class/list" => {
                json!({"index": 0, "size": 10, "after": "", "user_id": "student_1", "create_time_desc": false,
                "class_status": ["will"], "class_type": ["public"]})
            }
            "class/start" => json!({"class_id": self.startable, "teacher_id": "teacher_1"}),
            "class/stop" => json!({"class_id": self.stoppable, "teacher_id": "teacher_1"}),
            "user/register" => {
                self.users.set(self.users.get() + 1);
                let mut body = json!({"list": [contact()]});
                body["list"][0]["user_id"] = format!("new_{}", self.users.get()).into();
                body
            }
            "user/profile/modify" => {
                let mut body = contact();
                body["user_id"] = "student_1".into();
                body
            }
            "user/token/update" | "user/info" => json!({"user_id": "student_1"}),
            "user/list" => json!({"index": 0, "size": 10, "after": "", "roles": ["student"], "prefix": "s"}),
            "document/add" => json!({"doc_url": "http://files.example.com/a.ppt", "doc_name": "a", "doc_ext": "ppt",
                "doc_size": 1, "doc_md5": "0", "permission": "private", "is_transcode": false, "is_static_ppt": false,
                "owner": "student_1"}),
            "document/delete" => json!({"doc_ids": [self.doc_id]}),
            "document/info" => json!({"doc_id": self.doc_id}),
            "document/list" => {
                json!({"index": 0, "size": 10, "after": "", "prefix": "", "owner": "", "permissions": ["public"]})
            }
            "business/modify" => json!({"name": "n", "contact_user": "c", "phone_no": "1", "e_mail": "e", "appid": 1,
                "project_id": 1, "secret_id": "i", "secret_key": "k", "call_back_url": "http://school.example.com/"}),
            "business/info" => json!({}),
            "member/add" => {
                json!({"class_id": self.booked, "list": [{"role": "student", "user_id": "student_1"}]})
            }
            "member/delete" => json!({"class_id": self.booked, "list": ["student_1"]}),
            "member/join" => json!({"class_id": self.running, "user_id": "student_1", "password": "", "camera": 1,
                "mic": 1, "speaker": 1}),
            "member/visitor/join" => json!({"class_id": self.running, "password": "", "nickname": "v"}),
            "member/quit" => json!({"class_id": self.running, "user_id": "student_1"}),
            "member/runtime/list" | "member/history/list" => page(),
            "member/runtime/total" | "member/history/total" => json!({ "class_id": self.running }),
            _ => panic!("{call}"),
        }
    }

    /// The body of a call with one field replaced by a literal that need not be a value of ours.
    fn with(&self, call: &str, path: &str, literal: &str) -> String {
        const MARK: &str = "what is replaced";
        let mut body = self.body(call);
        if path == "/index" {
            // One place to begin at is enough.
            body.as_object_mut().unwrap().remove("after");
        }
        *body.pointer_mut(path).unwrap_or_else(|| panic!("{call} has no {path}")) = MARK.into();
        body.to_string().replace(&format!("\"{MARK}\""), literal)
    }

    /// Sends one field of a call as this literal, and expects this code and a message that names the field.
    async fn expect(&self, call: &Call, field: &Field, literal: &str, code: i64) {
        let answer = self.enterprise.send(call.name, self.with(call.name, field.path, literal)).await;
        let shown: String = literal.chars().take(40).collect();
        assert_eq!(answer["error_code"], code, "{} {} {shown}: {answer}", call.name, field.path);
        let message = answer["error_msg"].as_str().unwrap();
        assert!(message.chars().count() <= 300, "{message}");
        if code != 0 && code != 10000 {
            let name = name(field);
            assert!(message.contains(name), "{} {} {shown}: {message} does not name {name}", call.name, field.path);
        }
    }
}

/// The last name of a path that is not the number of an item.
fn name(field: &Field) -> &'static str {
    field.path.rsplit('/').find(|part| *part != "0").unwrap()
}

fn class_fields() -> Value {
    let settings = json!({"record_types": ["local"], "resolution": "640x480", "fps": 15, "layout": 0,
        "auto_create_im": 1, "bitrate": 850, "auto_open_mic": 0, "auto_open_camera": 0, "enable_all_silence": 0});
    let mut body = json!({"teacher_id": "teacher_1", "assistant_id": "assistant_1", "class_topic": "t",
        "class_type": "public", "class_live_type": "close", "start_time": BEGIN, "stop_time": BEGIN + 3600,
        "admin_id": "a", "admin_sig": "s", "max_member_limit": 6, "max_member_num": 0, "password": "",
        "record_user_id": "tic_record_user_1", "record_user_sig": "s",
        "members": [{"role": "student", "user_id": "student_1"}], "settings": settings});
    for (name, value) in settings.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn contact() -> Value {
    json!({"role": "student", "nickname": "n", "gender": "male", "avatar": "http://files.example.com/a.png",
        "phone_no": "13033445566", "e_mail": "a@b.c"})
}

/// What every field is replaced by.
const LITERALS: [&str; 9] = ["true", "1.5", "{}", "[]", "\"text\"", "null", "-1", "99999999999999999999999", "1e400"];

/// What a field answers to one of them: 10003, unless the literal is no number at all, or just what the field may be.
fn answer_to(field: &Field, literal: &str) -> i64 {
    match (field.kind, literal) {
        (_, "1e400") => 10000,
        // Every setting may be absent; nothing of a member or a user may.
        (_, "null") | (Kind::Object, "{}") if !field.required => 0,
        (Kind::Bool, "true") => 0,
        (Kind::Array(code), "[]") | (Kind::Text(code), "\"text\"") => code,
        _ => 10003,
    }
}

/// Fields whose text is replaced apart, for only some bodies have them.
fn fields(call: &'static Call) -> impl Iterator<Item = &'static Field> {
    call.fields.iter().filter(|field| field.path != "/list/0/password")
}

#[tokio::test]
async fn every_field_of_every_call_refuses_what_has_the_wrong_type() {
    let service = Service::start();
    let world = World::make(&service).await;
    let mut asked = 0;
    let mut taken = Vec::new();
    for call in &CALLS {
        let before = everything(&world.enterprise).await;
        for field in fields(call) {
            for literal in LITERALS {
                let code = answer_to(field, literal);
                if code == 0 {
                    taken.push((call, field, literal));
                } else {
                    world.expect(call, field, literal, code).await;
                }
                asked += 1;
            }
        }
        assert_eq!(everything(&world.enterprise).await, before, "{}: a refused call changed something", call.name);
    }
    for (call, field, literal) in taken {
        world.expect(call, field, literal, 0).await;
    }
    assert!(asked > 1000, "{asked}");
}

#[tokio::test]
async fn every_body_of_the_table_is_taken_as_it_stands() {
    let service = Service::start();
    let world = World::make(&service).await;
    let last = ["class/delete", "class/stop", "document/delete"];
    let order = CALLS.iter().filter(|call| !last.contains(&call.name)).map(|call| call.name).chain(last);
    for call in order {
        world.enterprise.ok(call, world.body(call)).await;
    }
}

#[tokio::test]
async fn every_required_field_is_missed_by_its_name() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    for call in &CALLS {
        for field in call.fields.iter().filter(|field| field.required && !field.path.ends_with("/0")) {
            let mut body = world.body(call.name);
            let (parent, name) = field.path.rsplit_once('/').unwrap();
            body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
            let message = world.enterprise.refused(call.name, body, 10003).await;
            assert!(message.contains(name), "{} {}: {message}", call.name, field.path);
        }
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn the_password_of_a_user_is_checked_as_the_other_fields_are() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    let call = CALLS.iter().find(|call| call.name == "user/register").unwrap();
    let long = format!("\"{}\"", "x".repeat(10_000));
    for literal in ["true", "1.5", "{}", "[]", "-1", "1234", "\"\"", "\"123\"", "\"text\\u0000\"", &long] {
        let mut body = world.body(call.name);
        body["list"][0]["password"] = serde_json::from_str(literal).unwrap();
        let message = world.enterprise.refused(call.name, body, 10003).await;
        assert!(message.contains("password"), "{message}");
        assert!(!message.contains("xxxx"), "a password is not repeated: {message}");
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn every_text_refuses_control_characters() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    for call in &CALLS {
        for field in fields(call).filter(|field| matches!(field.kind, Kind::Text(_) | Kind::Word)) {
            for literal in
                [r#""\u0000""#, r#""a\u001fb""#, "\"a\u{7f}b\"", r#""text\n""#, r#""\ttext""#, r#""a\u0085b""#]
            {
                world.expect(call, field, literal, 10003).await;
            }
            // As they are, they are not even JSON.
            for literal in ["\"\0\"", "\"a\u{1f}b\"", "\"text\n\""] {
                world.expect(call, field, literal, 10000).await;
            }
        }
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn every_text_refuses_10000_characters() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    for call in &CALLS {
        for field in fields(call).filter(|field| matches!(field.kind, Kind::Text(_) | Kind::Word)) {
            for letter in ["x", "课", "😀"] {
                world.expect(call, field, &format!("\"{}\"", letter.repeat(10_000)), 10003).await;
            }
        }
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn every_integer_refuses_what_is_negative_or_huge() {
    let service = Service::start();
    let world = World::make(&service).await;
    for call in &CALLS {
        let before = everything(&world.enterprise).await;
        for field in call.fields {
            let Kind::Int(largest) = field.kind else { continue };
            for number in [
                "-1",
                "-9223372036854775808",
                "-9223372036854775809",
                "9223372036854775808",
                "18446744073709551615",
                "18446744073709551616",
                "1e18",
                "-0.0",
            ] {
                world.expect(call, field, number, 10003).await;
                world.expect(call, field, &format!("\"{number}\""), 10003).await;
            }
            if largest != 0 {
                world.expect(call, field, "9223372036854775807", largest).await;
                world.expect(call, field, "\"9223372036854775807\"", largest).await;
            }
        }
        assert_eq!(everything(&world.enterprise).await, before, "{}", call.name);
        for field in call.fields.iter().filter(|field| field.kind == Kind::Int(0)) {
            world.expect(call, field, "9223372036854775807", 0).await;
        }
    }
}

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
        // Below a field that is ignored, what is nested may be ignored too.
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
        // Nor where it would be ignored.
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
async fn of_a_key_that_stands_twice_the_last_one_counts() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let body = r#"{"teacher_id":"t","class_topic":"first","class_topic":"last","settings":{"fps":1,"fps":2}}"#;
    let class_id = enterprise.send("class/create", body).await["class_id"].clone();
    let info = enterprise.ok("class/info", json!({ "class_id": class_id })).await;
    assert_eq!((&info["class_topic"], &info["settings"]["fps"]), (&json!("last"), &json!(2)));
    let answer = enterprise.send("class/create", r#"{"teacher_id":"t","teacher_id":null}"#).await;
    assert_eq!(answer["error_code"], 10003);
    // What says who calls must not be said twice.
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
        // Either it can't be read, or the second is not the first.
        match first["error_code"].as_i64().unwrap() {
            0 => assert_eq!(second["error_code"], 10003, "{key}: {second}"),
            _ => assert_eq!((&first["error_code"], &second["error_code"]), (&json!(10000), &json!(10000)), "{key}"),
        }
    }
    let total = enterprise.ok("class/list", json!({})).await["total"].as_i64().unwrap();
    assert!((1..=4).contains(&total), "{total}");
}
