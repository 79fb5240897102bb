//! Ids of messages in a class.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a message in a class. Its text form is a letter and a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageId {
    /// A message of the group where people write, by its sequence number.
    Chat(i64),
    /// A message of the group of the components, by its sequence number.
    Command(i64),
    /// A private message, by its number in the class.
    Private(i64),
}

/// Makes an id of a number.
type OfNumber = fn(i64) -> MessageId;

const LETTERS: [(char, OfNumber); 3] = [('c', MessageId::Chat), ('k', MessageId::Command), ('p', MessageId::Private)];

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chat(number) => write!(f, "c{number}"),
            Self::Command(number) => write!(f, "k{number}"),
            Self::Private(number) => write!(f, "p{number}"),
        }
    }
}

/// The text is not the id of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a message")]
pub struct NotAMessageId;

impl FromStr for MessageId {
    type Err = NotAMessageId;

    fn from_str(text: &str) -> Result<Self, NotAMessageId> {
        let id = LETTERS.iter().find_map(|(letter, id)| {
            let number: i64 = text.strip_prefix(*letter)?.parse().ok()?;
            Some(id(number))
        });
        // Another spelling of the number is not the id.
        id.filter(|id| id.to_string() == text).ok_or(NotAMessageId)
    }
}

impl Serialize for MessageId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MessageId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::MessageId;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        for id in [MessageId::Chat(1), MessageId::Command(20), MessageId::Private(i64::MAX)] {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        for text in ["", "c", "1", "c01", "c+1", "c 1", "x1", "C1", "c1.0", "c9223372036854775808", "ｃ1"] {
            assert!(text.parse::<MessageId>().is_err(), "{text}");
        }
    }
}
