//! The messages of the channel.

use bytestring::ByteString;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Number, Value};

use crate::clock::Millis;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::wire::{ClassPassword, Flag, Natural, Text, UserId};

/// A message of a client.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Incoming {
    SignIn(Box<SignIn>),
    Ping,
    Call(Call),
    Signal(Signal),
    Quit,
}

/// The first message.
#[derive(Deserialize)]
pub(super) struct SignIn {
    pub id: Option<Number>,
    pub sdkappid: Natural,
    pub user_id: UserId,
    pub token: Text<1, 256>,
    pub class_id: Natural,
    pub password: Option<ClassPassword>,
    pub camera: Option<Flag>,
    pub mic: Option<Flag>,
    pub speaker: Option<Flag>,
    pub last: Option<Natural>,
}

/// A call of a component.
#[derive(Deserialize)]
pub(super) struct Call {
    pub id: Option<Number>,
    pub call: String,
    #[serde(default)]
    pub body: Value,
}

/// Something that is sent to the others and not kept.
#[derive(Deserialize)]
pub(super) struct Signal {
    pub kind: SignalKind,
    #[serde(default)]
    pub data: Value,
}

/// What a signal is about.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SignalKind {
    Pointer,
    Laser,
    Stroke,
    /// Only the server sends it.
    #[serde(skip_deserializing)]
    Connection,
}

/// A message of the server.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Outgoing<'a> {
    Welcome {
        id: Option<&'a Number>,
        user_id: &'a str,
        role: &'a str,
        sequence: i64,
        time: Millis,
        ping_seconds: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        snapshot: Option<Value>,
    },
    Pong {
        sequence: i64,
        time: Millis,
    },
    Refused {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a Number>,
        error_code: i64,
        error_msg: &'a str,
    },
    Reply {
        id: Option<&'a Number>,
        body: &'a RawValue,
    },
    Event {
        sequence: i64,
        time: Millis,
        event: &'static str,
        data: Value,
    },
    Signal {
        kind: SignalKind,
        user_id: &'a str,
        data: &'a Value,
    },
}

impl<'a> Outgoing<'a> {
    /// A message that is not accepted.
    pub fn refused(id: Option<&'a Number>, problem: &'a ApiError) -> Self {
        Self::Refused { id, error_code: problem.code().number(), error_msg: problem.message() }
    }

    /// The text of the message.
    pub fn text(&self) -> ByteString {
        // Serialisation can't fail: all keys are texts.
        serde_json::to_string(self).unwrap_or_default().into()
    }
}
