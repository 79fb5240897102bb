//! Invalid input: each gets a clear error and changes nothing.

mod bodies;
mod fields;

use std::cell::Cell;

use serde_json::{Value, json};

use crate::support::calls::{Call, Field};
use crate::support::service::{BEGIN, Enterprise, Service};

/// An enterprise with the resources that all calls need.
struct World<'a> {
    enterprise: Enterprise<'a>,
    /// Not begun.
    booked: i64,
    /// Not begun; for class/start.
    startable: i64,
    /// In progress; for class/stop.
    stoppable: i64,
    /// In progress, with a participant inside.
    running: i64,
    doc_id: String,
    /// Counts the user ids in bodies, so that each body has another.
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

    /// A valid body with all fields of a call.
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
                body["password"] = "secret".into();
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

    /// The body of a call with one field replaced by a literal, which need not be valid JSON.
    fn with(&self, call: &str, path: &str, literal: &str) -> String {
        const MARK: &str = "what is replaced";
        let mut body = self.body(call);
        if path == "/index" {
            // One position is enough.
            body.as_object_mut().unwrap().remove("after");
        }
        *body.pointer_mut(path).unwrap_or_else(|| panic!("{call} has no {path}")) = MARK.into();
        body.to_string().replace(&format!("\"{MARK}\""), literal)
    }

    /// Sends this literal as one field of a call, and expects this code and a message that names the field.
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

/// The last segment of a path that is not the index of an item.
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

/// Fields that are replaced separately, because only some bodies have them.
fn fields(call: &'static Call) -> impl Iterator<Item = &'static Field> {
    call.fields.iter().filter(|field| field.path != "/list/0/password")
}
