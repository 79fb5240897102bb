//! The fields of a body. Handlers take them one by one in the order in which the protocol checks them, so that the error names
//! the first missing or invalid field. Other fields are not checked.

use serde_json::{Map, Value};

use super::error::{ApiError, Code};

/// The longest address.
pub const URL_CHARS: usize = 2048;
/// The largest page, in rows.
const PAGE: i64 = 50;
/// The field with the number of a room.
const ROOM: &str = "roomnum";
/// The field with the token of the caller.
const TOKEN: &str = "token";

/// The fields of a body.
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Parses a body. An empty body and JSON that is not an object have no fields.
    pub fn parse(body: &[u8]) -> Result<Self, ApiError> {
        if body.is_empty() {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Ok(Self(Map::new())),
            Err(e) => Err(ApiError::new(Code::NotJson, format!("the body is not JSON: {e}"))),
        }
    }

    /// A field that is present and not `null`.
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A required integer.
    pub fn int(&self, name: &str) -> Result<i64, ApiError> {
        self.maybe_int(name)?.ok_or_else(|| ApiError::lacking(name))
    }

    /// An optional integer.
    pub fn maybe_int(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        value.as_i64().map(Some).ok_or_else(|| ApiError::invalid(name, "must be an integer"))
    }

    /// A required integer; 0 counts as missing.
    pub fn number(&self, name: &str) -> Result<i64, ApiError> {
        self.maybe_number(name)?.ok_or_else(|| ApiError::lacking(name))
    }

    /// An optional integer; 0 counts as absent.
    pub fn maybe_number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        Ok(self.maybe_int(name)?.filter(|number| *number != 0))
    }

    /// A required number of a room, as an integer or as text; 0 and an empty text count as missing.
    pub fn room(&self) -> Result<i64, ApiError> {
        self.maybe_room()?.ok_or_else(|| ApiError::lacking(ROOM))
    }

    /// An optional number of a room, as [`Fields::room`].
    pub fn maybe_room(&self) -> Result<Option<i64>, ApiError> {
        match self.get(ROOM) {
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => match text.parse() {
                Ok(number) => Ok(Some(number).filter(|number| *number != 0)),
                Err(_) => Err(ApiError::invalid(ROOM, "must be an integer")),
            },
            _ => self.maybe_number(ROOM),
        }
    }

    /// A required integer in a range.
    pub fn one_of(&self, name: &str, allowed: std::ops::RangeInclusive<i64>) -> Result<i64, ApiError> {
        let number = self.int(name)?;
        if allowed.contains(&number) {
            return Ok(number);
        }
        Err(ApiError::invalid(name, &format!("must be from {} to {}", allowed.start(), allowed.end())))
    }

    /// A required string of at most `longest` characters without control characters. It may be empty.
    pub fn text(&self, name: &str, longest: usize) -> Result<String, ApiError> {
        self.maybe_text(name, longest)?.ok_or_else(|| ApiError::lacking(name))
    }

    /// An optional string, with the limits of [`Fields::text`].
    pub fn maybe_text(&self, name: &str, longest: usize) -> Result<Option<String>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| ApiError::invalid(name, "must be a text"))?;
        let length = text.chars().count();
        if length > longest {
            return Err(ApiError::invalid(name, &format!("has {length} characters, more than {longest}")));
        }
        if text.contains(char::is_control) {
            return Err(ApiError::invalid(name, "has a control character"));
        }
        Ok(Some(text.to_owned()))
    }

    /// A required string; an empty one and `0` count as missing.
    pub fn filled(&self, name: &str, longest: usize) -> Result<String, ApiError> {
        let text = self.maybe_text(name, longest)?.filter(|text| !text.is_empty() && text != "0");
        text.ok_or_else(|| ApiError::lacking(name))
    }

    /// A required id that external senders write as text or as an integer; an empty text and 0 count as missing.
    pub fn id(&self, name: &str, longest: usize) -> Result<String, ApiError> {
        match self.get(name).and_then(Value::as_i64) {
            Some(0) => Err(ApiError::lacking(name)),
            Some(number) => Ok(number.to_string()),
            None => self.filled(name, longest),
        }
    }

    /// The token of the caller. An empty one counts as missing; another type is a token that nobody has.
    pub fn token(&self) -> Result<&str, ApiError> {
        match self.get(TOKEN) {
            Some(Value::String(_)) | None => self.secret(TOKEN),
            Some(_) => Err(ApiError::new(Code::DeadToken, "token: not valid")),
        }
    }

    /// A required string of any length and content, such as a secret. An empty one or another type counts as missing.
    pub fn secret(&self, name: &str) -> Result<&str, ApiError> {
        let text = self.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| ApiError::lacking(name))
    }

    /// Whether a field is present.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A string or a number as text. External senders use either.
    pub fn as_text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The fields of a required object.
    pub fn object(&self, name: &str) -> Result<Self, ApiError> {
        match self.get(name) {
            Some(Value::Object(fields)) => Ok(Self(fields.clone())),
            Some(_) => Err(ApiError::invalid(name, "must be an object")),
            None => Err(ApiError::lacking(name)),
        }
    }

    /// The names and values of all fields, with numbers as text.
    pub fn pairs(&self) -> Result<Vec<(String, String)>, ApiError> {
        let as_text = |(name, value): (&String, &Value)| match value {
            Value::String(text) => Ok((name.clone(), text.clone())),
            Value::Number(number) => Ok((name.clone(), number.to_string())),
            _ => Err(ApiError::invalid(name, "must be a text or a number")),
        };
        self.0.iter().map(as_text).collect()
    }

    /// The requested page: at most `size` rows after `index`.
    pub fn page(&self) -> Result<crate::store::Page, ApiError> {
        let index = self.int("index")?;
        if index < 0 {
            return Err(ApiError::invalid("index", "must not be negative"));
        }
        Ok(crate::store::Page::at(index, self.one_of("size", 0..=PAGE)?))
    }
}
