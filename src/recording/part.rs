//! The names of the parts of packet logs, which say what they belong to.

use std::fmt;

use crate::domain::ids::EnterpriseId;

/// The name of a part. Its text form is a file name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PartName {
    pub enterprise_id: EnterpriseId,
    pub recording_id: i64,
    /// The log.
    pub log: String,
    /// Its position in the log, from 1.
    pub number: u32,
    /// Whether nothing more is written into it.
    pub is_whole: bool,
}

impl PartName {
    /// The first part of a log, which is being written.
    pub fn first(enterprise_id: EnterpriseId, recording_id: i64, log: impl Into<String>) -> Self {
        Self { enterprise_id, recording_id, log: log.into(), number: 1, is_whole: false }
    }

    /// The next part.
    pub fn next(&self) -> Self {
        Self { number: self.number + 1, is_whole: false, ..self.clone() }
    }

    /// The same part when it is written.
    pub fn whole(&self) -> Self {
        Self { is_whole: true, ..self.clone() }
    }

    /// `None` for the name of anything else.
    pub fn parse(name: &str) -> Option<Self> {
        let mut words = name.split('-');
        let mut word = || words.next();
        let (enterprise_id, recording_id) = (word()?.parse().ok()?, word()?.parse().ok()?);
        let (log, (number, end)) = (word()?.to_owned(), word()?.split_once('.')?);
        let is_whole = match end {
            "packets" => true,
            "open" => false,
            _ => return None,
        };
        let number = number.parse().ok()?;
        word().is_none().then_some(Self {
            enterprise_id: EnterpriseId(enterprise_id),
            recording_id,
            log,
            number,
            is_whole,
        })
    }
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { enterprise_id, recording_id, log, number, is_whole } = self;
        let end = if *is_whole { "packets" } else { "open" };
        write!(f, "{}-{recording_id}-{log}-{number}.{end}", enterprise_id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_it_belongs_to() {
        let name = PartName::first(EnterpriseId(3), 12, "0af").next();
        assert_eq!(name.to_string(), "3-12-0af-2.open");
        assert_eq!(PartName::parse("3-12-0af-2.open"), Some(name.clone()));
        assert_eq!(PartName::parse("3-12-0af-2.packets"), Some(name.whole()));
        for other in ["lock", "3-12-0af-2", "3-12-0af-2.open-1", "a-12-0af-2.open", "3-12-0af-2.txt"] {
            assert_eq!(PartName::parse(other), None, "{other}");
        }
    }
}
