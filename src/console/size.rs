//! Sizes of files, written for people.

/// A number of bytes, in the largest unit of which there is at least one.
pub(super) fn bytes(number: i64) -> String {
    let mut unit = "B";
    let (mut whole, mut rest) = (number, 0);
    for larger in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
        if whole < 1_024 {
            break;
        }
        (rest, whole, unit) = (whole % 1_024 * 10 / 1_024, whole / 1_024, larger);
    }
    if unit == "B" { format!("{whole} {unit}") } else { format!("{whole}.{rest} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_in_the_largest_unit_that_they_fill() {
        for (number, text) in [(0, "0 B"), (1_023, "1023 B"), (1_536, "1.5 KiB"), (5_368_709_120, "5.0 GiB")] {
            assert_eq!(bytes(number), text);
        }
    }
}
