//! Writes a registry in the text format of Prometheus.

use prometheus_client::encoding::text;
use prometheus_client::registry::Registry;

/// The text of a registry.
pub(super) fn text(registry: &Registry) -> String {
    let mut written = String::new();
    // Writing to a string fails only if a metric does.
    if text::encode(&mut written, registry).is_err() {
        log::error!("the metrics could not be written");
    }
    of_open_metrics(&written)
}

/// `OpenMetrics`, which the library writes, in the older format, which everything reads: there the family of a counter has the
/// name of its values, with `_total`, and neither units nor an end are marked.
fn of_open_metrics(open: &str) -> String {
    let mut plain = String::with_capacity(open.len() + 1024);
    let mut help = None;
    for line in open.lines() {
        if let Some(text) = line.strip_prefix("# HELP ") {
            help = text.split_once(' ');
        } else if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|text| text.split_once(' ')) {
            let total = if kind == "counter" { "_total" } else { "" };
            if let Some((_, about)) = help.take() {
                plain.extend(["# HELP ", name, total, " ", about, "\n"]);
            }
            plain.extend(["# TYPE ", name, total, " ", kind, "\n"]);
        } else if !line.starts_with('#') {
            plain.extend([line, "\n"]);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::of_open_metrics;

    #[test]
    fn a_counter_has_the_name_of_its_values() {
        let open = "# HELP a_calls Calls.\n# TYPE a_calls counter\na_calls_total{call=\"b\"} 1\n\
            # HELP a_size Size.\n# TYPE a_size gauge\n# UNIT a_size bytes\na_size 2\n# EOF\n";
        let plain = "# HELP a_calls_total Calls.\n# TYPE a_calls_total counter\na_calls_total{call=\"b\"} 1\n\
            # HELP a_size Size.\n# TYPE a_size gauge\na_size 2\n";
        assert_eq!(of_open_metrics(open), plain);
    }
}
