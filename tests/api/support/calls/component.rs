//! The calls of the components in classrooms, and the fields of their bodies.

use super::Kind::{Any, Array, Int, Object, Text, Word};
use super::{
    AFTER, BOUNDED, CLASS_ID, Call, Field, LISTED_CLASSES, LISTED_DOCUMENTS, MESSAGES, NEW_DOCUMENT, OF_CLASS,
    PAGE_OF_CLASS, SIZE, may, need,
};

const CHANGED_DOCUMENTS: &[Field] = &[CLASS_ID, need("/doc_ids", Array(10003)), need("/doc_ids/0", Text(10003))];
const PAGE: Field = need("/page", Text(10003));
const QUESTION_ID: Field = need("/question_id", Text(10003));

/// The calls of the components in classrooms.
pub const COMPONENT_CALLS: [Call; 46] = [
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
    Call { name: "class/document/add", fields: CHANGED_DOCUMENTS },
    Call { name: "class/document/delete", fields: CHANGED_DOCUMENTS },
    Call { name: "class/document/list", fields: PAGE_OF_CLASS },
    Call { name: "class/attendance", fields: PAGE_OF_CLASS },
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
            may("/to", Text(10203)),
        ],
    },
    Call { name: "imstorage/recall", fields: &[CLASS_ID, need("/message_id", Text(10003))] },
    Call { name: "imstorage/history", fields: &[CLASS_ID, may("/before", Text(10003)), SIZE] },
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
    Call { name: "question/cancel", fields: &[CLASS_ID, QUESTION_ID, may("/action", Text(0))] },
    Call {
        name: "question/reply",
        fields: &[CLASS_ID, QUESTION_ID, may("/reply_id", Text(0)), may("/reply_select", Any)],
    },
    Call { name: "question/result", fields: &[CLASS_ID, may("/question_id", Text(10003))] },
    Call { name: "question/info", fields: &[CLASS_ID, may("/question_id", Text(10003))] },
    Call { name: "checkIn/info", fields: &[CLASS_ID, may("/check_id", Text(10003))] },
    Call { name: "checkIn/result", fields: &[CLASS_ID, may("/check_id", Text(10003))] },
    Call { name: "board/page", fields: &[CLASS_ID, PAGE, AFTER, SIZE] },
    Call {
        name: "board/draw",
        fields: &[
            CLASS_ID,
            PAGE,
            need("/operations", Array(10003)),
            need("/operations/0", Object),
            need("/operations/0/op", Word),
            may("/operations/0/item", Object),
            need("/operations/0/item/id", Text(10003)),
            need("/operations/0/item/kind", Word),
            need("/operations/0/item/color", Text(10003)),
            may("/operations/0/item/width", BOUNDED),
            need("/operations/0/item/points", Array(10003)),
            need("/operations/0/item/points/0", Any),
            may("/operations/0/item/text", Text(10003)),
            may("/operations/0/item/size", BOUNDED),
            may("/operations/0/ids", Array(10003)),
            need("/operations/0/ids/0", Text(10003)),
        ],
    },
    Call { name: "board/show", fields: &[CLASS_ID, PAGE, may("/step", BOUNDED)] },
    Call { name: "board/add", fields: OF_CLASS },
    Call { name: "board/remove", fields: &[CLASS_ID, PAGE] },
    Call { name: "timer/start", fields: &[CLASS_ID, may("/duration", BOUNDED)] },
    Call { name: "timer/pause", fields: OF_CLASS },
    Call { name: "timer/remove", fields: OF_CLASS },
    Call { name: "media/settings", fields: OF_CLASS },
    Call {
        name: "media/connect",
        fields: &[
            CLASS_ID,
            may("/session", Text(10003)),
            need("/offer", Text(10003)),
            may("/sources", Array(0)),
            need("/sources/0", Object),
            need("/sources/0/mid", Text(0)),
            need("/sources/0/source", Word),
        ],
    },
    Call { name: "media/disconnect", fields: &[CLASS_ID, need("/session", Text(0))] },
    Call { name: "record/query", fields: OF_CLASS },
    Call { name: "record/chapters", fields: &[CLASS_ID, need("/video_id", Text(10003))] },
];
