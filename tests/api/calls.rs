//! The 27 calls and those of Lectern with the fields of their bodies, and a look at all that an enterprise has.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::service::Enterprise;

/// A call.
pub struct Call {
    pub name: &'static str,
    pub fields: &'static [Field],
}

/// A field of a body.
pub struct Field {
    /// As a JSON pointer; `/0` stands for each item of an array.
    pub path: &'static str,
    pub required: bool,
    pub kind: Kind,
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An integer, and the `error_code` when it is as large as 64 bits can say.
    Int(i64),
    /// A text, and the `error_code` when it is `text`.
    Text(i64),
    /// One of a set of words.
    Word,
    /// true or false.
    Bool,
    /// An array, and the `error_code` when it is empty.
    Array(i64),
    Object,
    /// Anything.
    Any,
}

use Kind::{Any, Array, Bool, Int, Object, Text, Word};

const fn need(path: &'static str, kind: Kind) -> Field {
    Field { path, required: true, kind }
}

const fn may(path: &'static str, kind: Kind) -> Field {
    Field { path, required: false, kind }
}

const CLASS_ID: Field = need("/class_id", Int(10230));
const QUESTION_ID: Field = need("/question_id", Text(10003));
const INDEX: Field = may("/index", Int(0));
const SIZE: Field = may("/size", Int(0));
// A text that no answer said.
const AFTER: Field = may("/after", Text(10003));
const BOUNDED: Kind = Int(10003);

/// The fields that class/create and class/modify share.
macro_rules! class_fields {
    ($($first:expr),+) => {
        &[
            $($first,)+
            may("/assistant_id", Text(0)),
            may("/class_topic", Text(0)),
            may("/class_type", Word),
            may("/class_live_type", Word),
            may("/start_time", BOUNDED),
            may("/stop_time", BOUNDED),
            may("/admin_id", Text(0)),
            may("/admin_sig", Text(0)),
            may("/max_member_limit", BOUNDED),
            may("/max_member_num", BOUNDED),
            may("/password", Text(0)),
            // Must begin as the document says.
            may("/record_user_id", Text(10003)),
            may("/record_user_sig", Text(0)),
            may("/members", Array(0)),
            need("/members/0", Object),
            need("/members/0/role", Word),
            need("/members/0/user_id", Text(0)),
            may("/settings", Object),
            may("/settings/record_types", Array(0)),
            need("/settings/record_types/0", Word),
            may("/settings/resolution", Text(10003)),
            may("/settings/fps", BOUNDED),
            may("/settings/layout", BOUNDED),
            may("/settings/auto_create_im", BOUNDED),
            may("/settings/bitrate", BOUNDED),
            may("/settings/auto_open_mic", BOUNDED),
            may("/settings/auto_open_camera", BOUNDED),
            may("/settings/enable_all_silence", BOUNDED),
            may("/record_types", Array(0)),
            need("/record_types/0", Word),
            // The one in the settings wins.
            may("/resolution", Text(0)),
            may("/fps", BOUNDED),
            may("/layout", BOUNDED),
            may("/auto_create_im", BOUNDED),
            may("/bitrate", BOUNDED),
            may("/auto_open_mic", BOUNDED),
            may("/auto_open_camera", BOUNDED),
            may("/enable_all_silence", BOUNDED),
        ]
    };
}

const OF_CLASS: &[Field] = &[CLASS_ID];
const GIVE: &[Field] = &[CLASS_ID, may("/teacher_id", Text(10203))];
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
    need("/doc_url", Text(10003)),
    may("/doc_name", Text(0)),
    may("/doc_ext", Text(0)),
    may("/doc_size", Int(0)),
    may("/doc_md5", Text(0)),
    may("/permission", Word),
    may("/is_transcode", Bool),
    may("/owner", Text(0)),
    may("/is_static_ppt", Bool),
];
const BOUND_DOCUMENTS: &[Field] = &[CLASS_ID, need("/doc_ids", Array(10003)), need("/doc_ids/0", Text(10003))];
const OF_USER: &[Field] = &[need("/user_id", Text(10215))];

/// All of them, in the order of the document.
pub const CALLS: [Call; 27] = [
    Call { name: "class/create", fields: class_fields!(need("/teacher_id", Text(0))) },
    Call { name: "class/delete", fields: OF_CLASS },
    Call { name: "class/modify", fields: class_fields!(CLASS_ID, may("/teacher_id", Text(0))) },
    Call { name: "class/info", fields: OF_CLASS },
    Call { name: "class/list", fields: LISTED_CLASSES },
    Call { name: "class/start", fields: GIVE },
    Call { name: "class/stop", fields: GIVE },
    Call {
        name: "user/register",
        fields: &[
            need("/list", Array(10003)),
            need("/list/0", Object),
            need("/list/0/user_id", Text(0)),
            need("/list/0/role", Word),
            may("/list/0/nickname", Text(0)),
            may("/list/0/gender", Word),
            may("/list/0/avatar", Text(10003)),
            may("/list/0/phone_no", Text(10003)),
            may("/list/0/e_mail", Text(10003)),
            may("/list/0/password", Text(0)),
        ],
    },
    Call {
        name: "user/profile/modify",
        fields: &[
            need("/user_id", Text(10215)),
            may("/role", Word),
            may("/nickname", Text(0)),
            may("/gender", Word),
            may("/avatar", Text(10003)),
            may("/phone_no", Text(10003)),
            may("/e_mail", Text(10003)),
        ],
    },
    Call { name: "user/token/update", fields: OF_USER },
    Call { name: "user/info", fields: OF_USER },
    Call {
        name: "user/list",
        fields: &[INDEX, SIZE, AFTER, may("/roles", Array(0)), need("/roles/0", Word), may("/prefix", Text(0))],
    },
    Call { name: "document/add", fields: NEW_DOCUMENT },
    Call { name: "document/delete", fields: &[need("/doc_ids", Array(10003)), need("/doc_ids/0", Text(10003))] },
    Call { name: "document/info", fields: &[need("/doc_id", Text(10003))] },
    Call { name: "document/list", fields: LISTED_DOCUMENTS },
    Call {
        name: "business/modify",
        fields: &[
            may("/name", Text(0)),
            may("/contact_user", Text(0)),
            may("/phone_no", Text(0)),
            may("/e_mail", Text(0)),
            may("/appid", Int(0)),
            may("/project_id", Int(0)),
            may("/secret_id", Text(0)),
            may("/secret_key", Text(0)),
            may("/call_back_url", Text(10003)),
        ],
    },
    Call { name: "business/info", fields: &[] },
    Call {
        name: "member/add",
        fields: &[
            CLASS_ID,
            need("/list", Array(0)),
            need("/list/0", Object),
            need("/list/0/role", Word),
            need("/list/0/user_id", Text(0)),
        ],
    },
    Call { name: "member/delete", fields: &[CLASS_ID, need("/list", Array(0)), need("/list/0", Text(0))] },
    Call {
        name: "member/join",
        fields: &[
            CLASS_ID,
            need("/user_id", Text(10215)),
            may("/password", Text(0)),
            may("/camera", BOUNDED),
            may("/mic", BOUNDED),
            may("/speaker", BOUNDED),
        ],
    },
    Call { name: "member/visitor/join", fields: &[CLASS_ID, may("/password", Text(0)), may("/nickname", Text(0))] },
    Call { name: "member/quit", fields: &[CLASS_ID, need("/user_id", Text(10215))] },
    Call { name: "member/runtime/list", fields: PAGE_OF_CLASS },
    Call { name: "member/runtime/total", fields: OF_CLASS },
    Call { name: "member/history/list", fields: PAGE_OF_CLASS },
    Call { name: "member/history/total", fields: OF_CLASS },
];

/// What Lectern has beside the calls of the document.
pub const OWN_CALLS: [Call; 9] = [
    Call { name: "class/attendance", fields: PAGE_OF_CLASS },
    Call { name: "class/attendance/csv", fields: &[CLASS_ID, may("/lang", Word)] },
    Call { name: "class/document/add", fields: BOUND_DOCUMENTS },
    Call { name: "class/document/delete", fields: BOUND_DOCUMENTS },
    Call { name: "class/document/list", fields: PAGE_OF_CLASS },
    Call { name: "event/list", fields: &[may("/after", Int(0)), may("/class_id", Int(0)), SIZE] },
    Call { name: "callback/list", fields: &[INDEX, SIZE, AFTER, may("/state", Word), may("/class_id", Int(0))] },
    Call { name: "callback/info", fields: &[need("/delivery_id", BOUNDED)] },
    Call {
        name: "callback/replay",
        fields: &[may("/delivery_ids", Array(10003)), need("/delivery_ids/0", BOUNDED), may("/dead_since", BOUNDED)],
    },
];

/// Those of chat groups, of Lectern too.
pub const CHAT_CALLS: [Call; 4] = [
    Call { name: "imstorage/list", fields: OF_CLASS },
    Call { name: "imstorage/groups", fields: &[need("/organization_id", Int(10003)), INDEX, SIZE] },
    Call { name: "imstorage/msg", fields: MESSAGES },
    Call {
        name: "imstorage/send",
        fields: &[
            CLASS_ID,
            may("/group_id", Text(10003)),
            need("/user_id", Text(10215)),
            may("/type", Word),
            need("/content", Text(0)),
            may("/random", BOUNDED),
        ],
    },
];

/// The calls of the components in classrooms.
pub const COMPONENT_CALLS: [Call; 28] = [
    Call { name: "business/base/info", fields: &[need("/enterprise_id", Int(10270))] },
    Call { name: "user/login", fields: &[need("/userid", Text(10215)), need("/password", Text(10218))] },
    Call { name: "user/visitor/get", fields: &[CLASS_ID, may("/nickname", Text(0))] },
    Call { name: "user/info", fields: &[may("/user_id", Text(10215))] },
    Call { name: "class/info", fields: OF_CLASS },
    Call { name: "class/start", fields: OF_CLASS },
    Call { name: "class/stop", fields: OF_CLASS },
    Call { name: "class/list", fields: LISTED_CLASSES },
    Call { name: "class/public/list", fields: LISTED_CLASSES },
    Call {
        name: "member/join",
        fields: &[
            CLASS_ID,
            may("/password", Text(0)),
            may("/camera", BOUNDED),
            may("/mic", BOUNDED),
            may("/speaker", BOUNDED),
        ],
    },
    Call { name: "member/quit", fields: OF_CLASS },
    Call { name: "member/visitor/join", fields: &[CLASS_ID, may("/password", Text(0)), may("/nickname", Text(0))] },
    Call { name: "member/runtime/list", fields: PAGE_OF_CLASS },
    Call { name: "document/add", fields: NEW_DOCUMENT },
    Call { name: "document/delete", fields: &[need("/doc_ids", Array(10003)), need("/doc_ids/0", Text(10003))] },
    Call { name: "document/list", fields: LISTED_DOCUMENTS },
    Call { name: "class/document/list", fields: PAGE_OF_CLASS },
    Call { name: "imstorage/list", fields: OF_CLASS },
    Call { name: "imstorage/msg", fields: MESSAGES },
    Call {
        name: "imstorage/send",
        fields: &[
            CLASS_ID,
            may("/group_id", Text(10003)),
            may("/type", Word),
            need("/content", Text(0)),
            may("/random", BOUNDED),
        ],
    },
    Call { name: "report/event", fields: &[CLASS_ID, need("/event", Text(0)), may("/data", Any)] },
    Call {
        name: "question/launch",
        fields: &[
            CLASS_ID,
            QUESTION_ID,
            may("/options", Any),
            may("/correct_answer", Any),
            may("/limit_time", BOUNDED),
        ],
    },
    Call { name: "question/cancel", fields: &[CLASS_ID, QUESTION_ID] },
    Call {
        name: "question/reply",
        fields: &[CLASS_ID, QUESTION_ID, may("/reply_id", Text(0)), may("/reply_select", Any)],
    },
    Call { name: "question/result", fields: &[CLASS_ID, may("/question_id", Text(10003))] },
    Call { name: "question/info", fields: &[CLASS_ID, may("/question_id", Text(10003))] },
    Call { name: "checkIn/info", fields: &[CLASS_ID, may("/check_id", Text(10003))] },
    Call { name: "checkIn/result", fields: &[CLASS_ID, may("/check_id", Text(10003))] },
];

/// The calls of the document service.
pub static SERVICE_CALLS: [Call; 3] = [
    Call { name: "create", fields: &[need("/url", Text(10003)), may("/is_static_ppt", Bool)] },
    Call { name: "query", fields: &[need("/task_id", Text(10003))] },
    Call { name: "callback", fields: &[need("/callback", Text(10003))] },
];

/// The one whose body is no JSON, and that takes more in its query.
pub const UPLOAD: &str = "document/upload";

/// Every call there is whose body is JSON.
pub fn all_calls() -> impl Iterator<Item = &'static Call> {
    CALLS.iter().chain(&OWN_CALLS).chain(&CHAT_CALLS)
}

/// Everything that an enterprise can see, call by call.
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
