//! The calls of back ends: the 27 of the document, and those of Lectern.

use super::Kind::{Array, Bool, Int, Object, Text, Word};
use super::{
    AFTER, BOUNDED, CLASS_ID, Call, Field, INDEX, LISTED_CLASSES, LISTED_DOCUMENTS, MESSAGES, NEW_DOCUMENT, OF_CLASS,
    PAGE_OF_CLASS, SIZE, may, need,
};

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
            // The value in the settings has precedence.
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

const GIVE: &[Field] = &[CLASS_ID, may("/teacher_id", Text(10203))];
const BOUND_DOCUMENTS: &[Field] = &[CLASS_ID, need("/doc_ids", Array(10003)), need("/doc_ids/0", Text(10003))];
const OF_USER: &[Field] = &[need("/user_id", Text(10215))];

/// All calls, in the order of the document.
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
            may("/password", Text(0)),
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

/// The additional calls of Lectern.
pub const OWN_CALLS: [Call; 13] = [
    Call { name: "user/delete", fields: OF_USER },
    Call { name: "class/link", fields: &[CLASS_ID, need("/user_id", Text(10215)), may("/valid_seconds", BOUNDED)] },
    Call {
        name: "console/link",
        fields: &[need("/role", Word), need("/name", Text(0)), may("/valid_seconds", BOUNDED)],
    },
    Call { name: "class/attendance", fields: PAGE_OF_CLASS },
    Call { name: "class/attendance/csv", fields: &[CLASS_ID, may("/lang", Word), may("/format", Word)] },
    Call { name: "class/document/add", fields: BOUND_DOCUMENTS },
    Call { name: "class/document/delete", fields: BOUND_DOCUMENTS },
    Call { name: "class/document/list", fields: PAGE_OF_CLASS },
    Call {
        name: "localrecord/query",
        fields: &[CLASS_ID, may("/user_id", Text(0)), may("/task_id", Text(0)), may("/Index", Int(0)), SIZE],
    },
    Call { name: "event/list", fields: &[may("/after", Int(0)), may("/class_id", Int(0)), SIZE] },
    Call { name: "callback/list", fields: &[INDEX, SIZE, AFTER, may("/state", Word), may("/class_id", Int(0))] },
    Call { name: "callback/info", fields: &[need("/delivery_id", BOUNDED)] },
    Call {
        name: "callback/replay",
        fields: &[may("/delivery_ids", Array(10003)), need("/delivery_ids/0", BOUNDED), may("/dead_since", BOUNDED)],
    },
];

/// The additional calls of Lectern for chat groups.
pub const CHAT_CALLS: [Call; 9] = [
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
    Call { name: "imstorage/private", fields: PAGE_OF_CLASS },
    Call {
        name: "imstorage/recall",
        fields: &[CLASS_ID, need("/user_id", Text(10215)), need("/message_id", Text(10003))],
    },
    Call { name: "imstorage/filter/add", fields: FILTER_WORDS },
    Call { name: "imstorage/filter/delete", fields: FILTER_WORDS },
    Call { name: "imstorage/filter/list", fields: &[] },
];

const FILTER_WORDS: &[Field] = &[need("/words", Array(10003)), need("/words/0", Text(0))];

/// The calls of the document service.
pub static SERVICE_CALLS: [Call; 3] = [
    Call { name: "create", fields: &[need("/url", Text(10003)), may("/is_static_ppt", Bool)] },
    Call { name: "query", fields: &[need("/task_id", Text(10003))] },
    Call { name: "callback", fields: &[need("/callback", Text(10003))] },
];

/// The call whose body is not JSON. It has additional query parameters.
pub const UPLOAD: &str = "document/upload";
