//! The fields of a body: taken one by one in the order in which the protocol checks them, so that the first that is missing or
//! wrong is the one that is named. What is ignored may be anything.

use serde_json::{Map, Value};

use super::error::{ApiError, Code};

/// The longest address.
pub const URL_CHARS: usize = 2048;
/// The most rows that one command returns.
const PAGE: i64 = 50;

/// The fields of a body.
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Parses a body. None at all has no fields, nor has JSON that is no object.
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

    /// A field that is there and not `null`.
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// An integer.
    pub fn int(&self, name: &str) -> Result<i64, ApiError> {
        self.maybe_int(name)?.ok_or_else(|| ApiError::lacking(name))
    }

    /// An integer, where there is one.
    pub fn maybe_int(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        value.as_i64().map(Some).ok_or_else(|| ApiError::invalid(name, "must be an integer"))
    }

    /// An integer that can't be 0: 0 is as good as nothing.
    pub fn number(&self, name: &str) -> Result<i64, ApiError> {
        self.maybe_number(name)?.ok_or_else(|| ApiError::lacking(name))
    }

    /// An integer that can't be 0, where there is one.
    pub fn maybe_number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        Ok(self.maybe_int(name)?.filter(|number| *number != 0))
    }

    /// One of the integers that a field can have.
    pub fn one_of(&self, name: &str, allowed: std::ops::RangeInclusive<i64>) -> Result<i64, ApiError> {
        let number = self.int(name)?;
        if allowed.contains(&number) {
            return Ok(number);
        }
        Err(ApiError::invalid(name, &format!("must be from {} to {}", allowed.start(), allowed.end())))
    }

    /// A text of at most so many characters, none of them a control character; it may be empty.
    pub fn text(&self, name: &str, longest: usize) -> Result<String, ApiError> {
        self.maybe_text(name, longest)?.ok_or_else(|| ApiError::lacking(name))
    }

    /// As [`Fields::text`], where there is one.
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

    /// A text that is neither empty nor `0`, which are as good as nothing.
    pub fn filled(&self, name: &str, longest: usize) -> Result<String, ApiError> {
        let text = self.maybe_text(name, longest)?.filter(|text| !text.is_empty() && text != "0");
        text.ok_or_else(|| ApiError::lacking(name))
    }

    /// A text of any length and content that is not empty, such as a secret; what is none is as good as nothing.
    pub fn secret(&self, name: &str) -> Result<&str, ApiError> {
        let text = self.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| ApiError::lacking(name))
    }

    /// Whether a field is there.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A text, or an integer in decimal: senders outside write either.
    pub fn as_text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The fields of an object.
    pub fn object(&self, name: &str) -> Result<Self, ApiError> {
        match self.get(name) {
            Some(Value::Object(fields)) => Ok(Self(fields.clone())),
            Some(_) => Err(ApiError::invalid(name, "must be an object")),
            None => Err(ApiError::lacking(name)),
        }
    }

    /// Names and values of all fields, each value as text.
    pub fn pairs(&self) -> Result<Vec<(String, String)>, ApiError> {
        let as_text = |(name, value): (&String, &Value)| match value {
            Value::String(text) => Ok((name.clone(), text.clone())),
            Value::Number(number) => Ok((name.clone(), number.to_string())),
            _ => Err(ApiError::invalid(name, "must be a text or a number")),
        };
        self.0.iter().map(as_text).collect()
    }

    /// Which rows of a list are asked for: those after `index`, at most `size` of them.
    pub fn page(&self) -> Result<crate::store::Page, ApiError> {
        let index = self.int("index")?;
        if index < 0 {
            return Err(ApiError::invalid("index", "must not be negative"));
        }
        Ok(crate::store::Page::at(index, self.one_of("size", 0..=PAGE)?))
    }
}
