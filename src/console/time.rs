//! Times as pages show and forms send them.

use std::fmt;
use std::ops::Range;

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

/// The time zone of a visitor, in minutes east of UTC. The script of the pages adds it to links; without it, it is UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Zone(pub(super) i64);

impl Zone {
    /// The time zone in a field; UTC if it is none.
    pub(super) fn of(text: &str) -> Self {
        Self(text.parse().ok().filter(|minutes| (-14 * 60..=14 * 60).contains(minutes)).unwrap_or_default())
    }

    /// The day of a time.
    pub(super) fn day(self, time: Millis) -> Range<Millis> {
        const DAY: Millis = 86_400_000;
        let ahead = self.0 * 60_000;
        let start = time.saturating_add(ahead).div_euclid(DAY) * DAY - ahead;
        start..start.saturating_add(DAY)
    }

    /// The date of a time, with the time zone.
    pub(super) fn date(self, time: Millis) -> String {
        let date = Moment(time.saturating_add(self.0 * 60_000)).format("%Y-%m-%d");
        let (sign, minutes) = (if self.0 < 0 { '-' } else { '+' }, self.0.abs());
        match minutes {
            0 => format!("{date} (UTC)"),
            _ => format!("{date} (UTC{sign}{:02}:{:02})", minutes / 60, minutes % 60),
        }
    }
}

/// The date of a day, which is a number of days since 1970-01-01.
pub(super) fn date(day: i64) -> String {
    Moment(day.saturating_mul(86_400_000)).format("%Y-%m-%d")
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
        assert_eq!(date(19_675), "2023-11-14");
    }

    #[test]
    fn a_day_begins_at_midnight_where_the_visitor_is() {
        // 22:13:20 in London is 06:13:20 of the next day in Shanghai, and 17:43:20 in Caracas.
        let time = 1_700_000_000_000;
        for (text, date, midnight) in [
            ("", "2023-11-14 (UTC)", 1_699_920_000_000),
            ("0", "2023-11-14 (UTC)", 1_699_920_000_000),
            ("480", "2023-11-15 (UTC+08:00)", 1_699_977_600_000),
            ("-270", "2023-11-14 (UTC-04:30)", 1_699_936_200_000),
            ("99999", "2023-11-14 (UTC)", 1_699_920_000_000),
            ("x", "2023-11-14 (UTC)", 1_699_920_000_000),
        ] {
            let zone = Zone::of(text);
            assert_eq!(zone.date(time), date);
            assert_eq!(zone.day(time), midnight..midnight + 86_400_000, "{text}");
        }
    }
}
