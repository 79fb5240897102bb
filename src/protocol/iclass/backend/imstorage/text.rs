//! The content of a message on the wire.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// The longest message, in characters.
const CONTENT_CHARS: usize = 8_192;

/// The content of a message. Line breaks and tabs are allowed.
#[derive(Clone, Debug)]
pub struct MessageText(pub String);

impl<'de> Deserialize<'de> for MessageText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let length = text.chars().count();
        if text.is_empty() {
            Err(D::Error::custom("must not be empty"))
        } else if length > CONTENT_CHARS {
            Err(D::Error::custom(format!("has {length} characters, more than {CONTENT_CHARS}")))
        } else if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            Err(D::Error::custom("has a control character"))
        } else {
            Ok(Self(text))
        }
    }
}

impl PartialSchema for MessageText {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(CONTENT_CHARS)).into()
    }
}

impl ToSchema for MessageText {
    fn name() -> Cow<'static, str> {
        "Content".into()
    }
}
