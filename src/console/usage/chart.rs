//! A chart with a bar for each day, drawn as SVG without a script or a style of its own.

use crate::console::time::date;

/// The width of a chart, in units of its drawing. A browser scales it to the width of the page.
pub(super) const WIDTH: i64 = 3_650;
/// The height of a chart.
pub(super) const HEIGHT: i64 = 700;

/// A chart.
pub(super) struct Chart {
    pub(super) title: &'static str,
    /// The names of the lower and the upper part of each bar, if it has two.
    pub(super) parts: Option<(&'static str, &'static str)>,
    /// The largest value.
    pub(super) most: String,
    /// The first and the last date.
    pub(super) first: String,
    pub(super) last: String,
    pub(super) bars: Vec<Bar>,
}

/// The bar of a day. Distances are in units of the drawing.
pub(super) struct Bar {
    /// What a pointer that rests on it reads.
    pub(super) text: String,
    pub(super) x: i64,
    pub(super) width: i64,
    pub(super) y: i64,
    pub(super) height: i64,
    /// The upper part.
    pub(super) upper_y: i64,
    pub(super) upper_height: i64,
}

impl Chart {
    /// A chart of days with their values, of which the second is drawn above the first.
    pub(super) fn new(
        title: &'static str,
        (first, last): (i64, i64),
        days: impl Iterator<Item = (i64, [i64; 2])>,
        write: fn(i64) -> String,
    ) -> Self {
        let days: Vec<_> = days.collect();
        let sum = |[lower, upper]: [i64; 2]| lower.saturating_add(upper);
        let most = days.iter().map(|(_, values)| sum(*values)).max().unwrap_or_default().max(0);
        let slot = WIDTH / last.saturating_sub(first).saturating_add(1).max(1);
        // What is there can be seen, however small it is.
        let scaled = |value: i64| match value {
            ..=0 => 0,
            _ => (i128::from(value) * i128::from(HEIGHT) / i128::from(most.max(1))).max(8),
        };
        let bar = |(day, [lower, upper]): &(i64, [i64; 2])| {
            let height = i64::try_from(scaled(*lower)).unwrap_or(HEIGHT);
            let upper_height = i64::try_from(scaled(*upper)).unwrap_or(HEIGHT);
            let values = if *upper > 0 { format!("{} + {}", write(*lower), write(*upper)) } else { write(*lower) };
            Bar {
                text: format!("{}: {values}", date(*day)),
                x: day.saturating_sub(first).saturating_mul(slot),
                width: (slot * 4 / 5).max(1),
                y: HEIGHT.saturating_sub(height),
                height,
                upper_y: HEIGHT.saturating_sub(height).saturating_sub(upper_height).max(0),
                upper_height,
            }
        };
        Self {
            title,
            parts: None,
            most: write(most),
            first: date(first),
            last: date(last),
            bars: days.iter().map(bar).collect(),
        }
    }

    /// Names the two parts of each bar.
    pub(super) fn of_two(self, lower: &'static str, upper: &'static str) -> Self {
        Self { parts: Some((lower, upper)), ..self }
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_a_bar_for_each_day_that_was_counted_at_its_place() {
        let days = [(101, [5, 0]), (103, [10, 0]), (104, [1, 9])];
        let chart = Chart::new("t", (100, 109), days.into_iter(), grouped);
        assert_eq!(
            (chart.most.as_str(), chart.first.as_str(), chart.last.as_str()),
            ("10", "1970-04-11", "1970-04-20")
        );
        let places: Vec<_> = chart.bars.iter().map(|bar| (bar.x, bar.y, bar.height)).collect();
        assert_eq!(places, [(365, 350, 350), (1_095, 0, 700), (1_460, 630, 70)]);
        assert_eq!((chart.bars[2].upper_y, chart.bars[2].upper_height), (0, 630));
        assert_eq!(chart.bars[2].text, "1970-04-15: 1 + 9");
        assert!(Chart::new("t", (0, 0), std::iter::empty(), grouped).bars.is_empty());
        let small = Chart::new("t", (0, 364), [(0, [1, 0]), (1, [i64::MAX, 0])].into_iter(), grouped);
        assert_eq!((small.bars[0].height, small.bars[1].height), (8, HEIGHT));
    }

    #[test]
    fn numbers_are_written_for_people() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
