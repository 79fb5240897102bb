//! Times as pages show and forms send them.

use std::fmt;

use chrono::{DateTime, NaiveDateTime};

use crate::clock::Millis;

/// A time in a page. A script shows it in the time zone of the browser; without it, it is in UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(pub(super) Millis);

impl Moment {
    /// For the attribute `datetime`.
    pub(super) fn machine(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%.3fZ")
    }

    fn format(self, format: &str) -> String {
        DateTime::from_timestamp_millis(self.0).map_or_else(String::new, |time| time.format(format).to_string())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format("%Y-%m-%d %H:%M:%S UTC"))
    }
}

/// The time that a field of the type `datetime-local` sends, in UTC; `None` if it is empty or no time.
pub(super) fn parse(text: &str) -> Option<Millis> {
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%.f"];
    let parsed = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    parsed.map(|time| time.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_and_read_in_utc() {
        let moment = Moment(1_700_000_000_123);
        assert_eq!(moment.to_string(), "2023-11-14 22:13:20 UTC");
        assert_eq!(moment.machine(), "2023-11-14T22:13:20.123Z");
        assert_eq!(parse("2023-11-14T22:13"), Some(1_699_999_980_000));
        assert_eq!(parse("2023-11-14T22:13:20"), Some(1_700_000_000_000));
        assert_eq!(parse(""), None);
        assert_eq!(parse("yesterday"), None);
    }
}
