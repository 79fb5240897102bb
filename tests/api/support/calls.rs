//! The 27 calls and those of Lectern with the fields of their bodies, and a snapshot of everything an enterprise can see.

mod backend;
mod component;

use std::collections::BTreeMap;

use Kind::{Array, Bool, Int, Text, Word};
use serde_json::{Value, json};

pub use backend::{CALLS, CHAT_CALLS, OWN_CALLS, SERVICE_CALLS, UPLOAD};
pub use component::COMPONENT_CALLS;

use crate::support::service::Enterprise;

/// A call.
pub struct Call {
    pub name: &'static str,
    pub fields: &'static [Field],
}

/// A field of a body.
pub struct Field {
    /// A JSON pointer. `/0` stands for each item of an array.
    pub path: &'static str,
    pub required: bool,
    pub kind: Kind,
}

/// The type of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An integer, and the `error_code` for the largest 64-bit integer.
    Int(i64),
    /// A string, and the `error_code` for `text`.
    Text(i64),
    /// One of a set of strings.
    Word,
    /// A boolean.
    Bool,
    /// An array, and the `error_code` for an empty one.
    Array(i64),
    Object,
    /// Any value.
    Any,
}

const fn need(path: &'static str, kind: Kind) -> Field {
    Field { path, required: true, kind }
}

const fn may(path: &'static str, kind: Kind) -> Field {
    Field { path, required: false, kind }
}

const CLASS_ID: Field = need("/class_id", Int(10230));
const INDEX: Field = may("/index", Int(0));
const SIZE: Field = may("/size", Int(0));

// A cursor that no answer returned.
const AFTER: Field = may("/after", Text(10003));

const BOUNDED: Kind = Int(10003);
const OF_CLASS: &[Field] = &[CLASS_ID];
const MESSAGES: &[Field] = &[CLASS_ID, may("/group_id", Text(10003)), INDEX, SIZE, AFTER];
const PAGE_OF_CLASS: &[Field] = &[CLASS_ID, INDEX, SIZE, AFTER];

const LISTED_CLASSES: &[Field] = &[
    INDEX,
    SIZE,
    AFTER,
    may("/user_id", Text(0)),
    may("/create_time_desc", Bool),
    may("/class_status", Array(0)),
    need("/class_status/0", Word),
    may("/class_type", Array(0)),
    need("/class_type/0", Word),
];

const LISTED_DOCUMENTS: &[Field] = &[
    INDEX,
    SIZE,
    AFTER,
    may("/prefix", Text(0)),
    may("/owner", Text(0)),
    may("/permissions", Array(0)),
    need("/permissions/0", Word),
];

const NEW_DOCUMENT: &[Field] = &[
    need("/doc_url", Text(0)),
    may("/doc_name", Text(0)),
    may("/doc_ext", Text(0)),
    may("/doc_size", Int(0)),
    may("/doc_md5", Text(0)),
    may("/permission", Word),
    may("/is_transcode", Bool),
    may("/owner", Text(0)),
    may("/is_static_ppt", Bool),
];

/// All calls with a JSON body.
pub fn all_calls() -> impl Iterator<Item = &'static Call> {
    CALLS.iter().chain(&OWN_CALLS).chain(&CHAT_CALLS)
}

/// Everything that an enterprise can see, by call.
pub async fn everything(enterprise: &Enterprise<'_>) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for list in ["user/list", "class/list", "document/list", "business/info", "event/list", "callback/list"] {
        all.insert(list.to_owned(), enterprise.ok(list, json!({})).await);
    }
    for row in all["class/list"]["list"].as_array().unwrap().clone() {
        let class_id = &row["class_id"];
        let calls = [
            "class/info",
            "class/attendance",
            "class/document/list",
            "member/runtime/list",
            "member/history/list",
            "imstorage/list",
            "imstorage/msg",
        ];
        for call in calls {
            let answer = enterprise.ok(call, json!({ "class_id": class_id })).await;
            all.insert(format!("{call} {class_id}"), answer);
        }
    }
    all
}
