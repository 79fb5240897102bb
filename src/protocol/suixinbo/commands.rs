//! What each command takes and answers, for the description.

/// A command.
pub struct Command {
    pub svc: &'static str,
    pub cmd: &'static str,
    pub summary: &'static str,
    pub fields: &'static [Field],
    /// The schema of `data`; empty if it is what another service answers.
    pub data: Option<&'static str>,
}

/// A field of a body.
#[derive(Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub is_required: bool,
    pub about: &'static str,
}

/// The type of a field.
#[derive(Clone, Copy)]
pub enum Kind {
    Integer,
    /// An integer, also as a text.
    Id,
    Range(i64, i64),
    Text,
    Object(&'static [Field]),
}

impl Command {
    /// Whether the hosted cloud sends it.
    pub fn is_report(&self) -> bool {
        matches!(self.cmd, "recendcall" | "reccall" | "callback" | "idxfileendcall")
    }
}

const fn must(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, is_required: true, about }
}

const fn may(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, is_required: false, about }
}

const APPID: Field = must("appid", Kind::Integer, "The enterprise");
const TIME: Field = must("timeStamp", Kind::Integer, "The time of the client, in seconds; not 0");
const TOKEN: Field = must("token", Kind::Text, "What the login gave");
const ID: Field = must("id", Kind::Text, "The account");
const PWD: Field = must("pwd", Kind::Text, "The password, as base64");
const ROOM: Field = must("roomnum", Kind::Id, "The room");
const MAYBE_ROOM: Field = may("roomnum", Kind::Id, "The room; without it, the account");
const INDEX: Field = must("index", Kind::Range(0, i64::MAX), "Rows to skip");
const SIZE: Field = must("size", Kind::Range(0, 50), "Rows to return");

const BIND_FILE: &[Field] = &[
    must("type", Kind::Range(0, 1), "0 courseware, 1 a video"),
    must("file_name", Kind::Text, "The name"),
    must("url", Kind::Text, "The address"),
];

const CALL: &[Field] = &[
    APPID,
    TIME,
    TOKEN,
    must("method", Kind::Text, "GET or POST"),
    must("host", Kind::Text, "The host of the call"),
    must("path", Kind::Text, "The path of the call"),
    must("params", Kind::Object(&[]), "The parameters of the call, each a text or a number"),
];

const STREAM: &[Field] = &[
    may("event_type", Kind::Integer, "100 for a finished video; others are ignored"),
    may("stream_param", Kind::Text, "A query with groupid and userid"),
    may("stream_id", Kind::Text, "The stream"),
    may("video_id", Kind::Id, "The video"),
    may("video_url", Kind::Text, "The address of the video"),
    may("file_format", Kind::Text, "The format [default: mp4]"),
    may("start_time", Kind::Integer, "In seconds"),
    may("end_time", Kind::Integer, "In seconds"),
    may("media_start_time", Kind::Integer, "In seconds"),
    may("file_size", Kind::Integer, "In bytes"),
    may("duration", Kind::Integer, "In seconds"),
    may("sign", Kind::Text, "MD5 of the recording key and t; here or in the query"),
    may("t", Kind::Integer, "Until when the signature is good, in seconds"),
];

/// All commands.
pub const COMMANDS: &[Command] = &[
    Command {
        svc: "account",
        cmd: "regist",
        summary: "Open an account",
        fields: &[APPID, TIME, ID, PWD, must("role", Kind::Range(0, 1), "0 a student, 1 a teacher")],
        data: None,
    },
    Command {
        svc: "account",
        cmd: "login",
        summary: "Sign in",
        fields: &[APPID, TIME, ID, PWD],
        data: Some("SuixinboSignedIn"),
    },
    Command { svc: "account", cmd: "logout", summary: "Sign out", fields: &[APPID, TIME, TOKEN], data: None },
    Command {
        svc: "live",
        cmd: "create",
        summary: "Open a room",
        fields: &[
            APPID,
            TIME,
            TOKEN,
            must("title", Kind::Text, "The title"),
            may("cover", Kind::Text, "The address of a picture"),
        ],
        data: Some("SuixinboCreated"),
    },
    Command {
        svc: "live",
        cmd: "startcourse",
        summary: "Begin a class",
        fields: &[APPID, TIME, TOKEN, ROOM],
        data: None,
    },
    Command { svc: "live", cmd: "exitroom", summary: "End a room", fields: &[APPID, TIME, TOKEN, ROOM], data: None },
    Command {
        svc: "live",
        cmd: "heartbeat",
        summary: "Send a heartbeat",
        fields: &[APPID, TIME, TOKEN, ROOM],
        data: None,
    },
    Command {
        svc: "live",
        cmd: "roomlist",
        summary: "List rooms",
        fields: &[
            APPID,
            TIME,
            TOKEN,
            INDEX,
            SIZE,
            may("roomnum", Kind::Integer, "This room alone"),
            may("from_time", Kind::Integer, "In seconds"),
            may("to_time", Kind::Integer, "In seconds"),
            may("host_uid", Kind::Text, "The teacher"),
            may("state", Kind::Range(0, 3), "0 not begun, 1 in progress, 2 ended, 3 with a playback"),
        ],
        data: Some("SuixinboRooms"),
    },
    Command {
        svc: "live",
        cmd: "reportmemid",
        summary: "Enter or leave a room",
        fields: &[APPID, TIME, TOKEN, ROOM, must("operate", Kind::Range(0, 1), "0 enter, 1 leave")],
        data: None,
    },
    Command {
        svc: "live",
        cmd: "roomidlist",
        summary: "List who is inside",
        fields: &[APPID, TIME, TOKEN, ROOM, INDEX, SIZE],
        data: Some("SuixinboMembers"),
    },
    Command {
        svc: "live",
        cmd: "reportbind",
        summary: "Bind a file, or unbind it",
        fields: &[
            APPID,
            TIME,
            TOKEN,
            MAYBE_ROOM,
            must("operate", Kind::Range(0, 1), "0 bind, 1 unbind"),
            must("bind_file", Kind::Object(BIND_FILE), ""),
        ],
        data: None,
    },
    Command {
        svc: "live",
        cmd: "querybind",
        summary: "List the bound files",
        fields: &[APPID, TIME, TOKEN, MAYBE_ROOM, INDEX, SIZE],
        data: Some("SuixinboBound"),
    },
    Command {
        svc: "live",
        cmd: "recendcall",
        summary: "Report a recording (the hosted cloud)",
        fields: STREAM,
        data: None,
    },
    Command {
        svc: "live",
        cmd: "reccall",
        summary: "Report a recording (the hosted cloud)",
        fields: STREAM,
        data: None,
    },
    Command {
        svc: "live",
        cmd: "callback",
        summary: "Report a recording (the hosted cloud)",
        fields: STREAM,
        data: None,
    },
    Command {
        svc: "live",
        cmd: "idxfileendcall",
        summary: "Report the index of a recording (the hosted cloud)",
        fields: &[
            may("roomnum", Kind::Integer, "The room"),
            may("playback_idx_url", Kind::Text, "The address of the index"),
            may("groupid", Kind::Text, "The group of the room"),
            may("replayIdxUrl", Kind::Text, "The address of the index"),
            may("SrcRequest", Kind::Text, "The request for an index, as JSON"),
            may("ErrorCode", Kind::Integer, "0 for success"),
        ],
        data: None,
    },
    Command {
        svc: "cos",
        cmd: "get_sign",
        summary: "Sign an upload",
        fields: &[
            APPID,
            TIME,
            TOKEN,
            must("type", Kind::Range(0, 1), "0 any number of uploads, 1 one"),
            may("bucket", Kind::Text, "The bucket"),
            may("file_path", Kind::Text, "The path; required for one upload"),
        ],
        data: Some("SuixinboUploadSignature"),
    },
    Command {
        svc: "vod",
        cmd: "get_sign",
        summary: "Sign a call of the hosted cloud",
        fields: CALL,
        data: Some("SuixinboCallSignature"),
    },
    Command { svc: "vod", cmd: "cmd_proxy", summary: "Call the video service", fields: CALL, data: Some("") },
    Command {
        svc: "vod",
        cmd: "get_client_sign",
        summary: "Sign an upload of a video",
        fields: &[APPID, TIME, TOKEN],
        data: Some("SuixinboCallSignature"),
    },
];
