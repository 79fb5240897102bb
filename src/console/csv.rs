//! Tables to download (RFC 4180).

/// A line of a table.
pub(super) fn line<const N: usize>(cells: [&str; N]) -> String {
    cells.map(cell).join(",") + "\r\n"
}

/// A cell. A spreadsheet must not take the text of a stranger for a formula.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn no_cell_breaks_out_or_is_a_formula() {
        assert_eq!(
            line(["a", "b \"c\", d\n", "=1+1", "@x", ""]),
            "\"a\",\"b \"\"c\"\", d\n\",\"'=1+1\",\"'@x\",\"\"\r\n"
        );
    }
}
