//! Which options an answer to a question contains. Components write it in several notations.

use std::collections::BTreeSet;

use serde_json::Value;

/// Whether the same options are chosen, in any order and notation.
pub(super) fn is_right(correct_answer: &str, select: &Value) -> bool {
    let correct = options_of(correct_answer);
    !correct.is_empty() && correct == options(select)
}

/// The options that a stored answer contains.
#[must_use]
pub fn options_of(stored: &str) -> BTreeSet<String> {
    serde_json::from_str(stored).map(|value| options(&value)).unwrap_or_default()
}

/// The options that a value contains. Accepts `"A"`, `"A,B"`, `["A","B"]`, that array as a string, `1` and `true`.
pub(super) fn options(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(options).collect(),
        Value::String(text) => match serde_json::from_str(text) {
            Ok(inner @ Value::Array(_)) => options(&inner),
            _ => text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect(),
        },
        Value::Null => BTreeSet::new(),
        other => BTreeSet::from([other.to_string()]),
    }
}

#[cfg(test)]
mod tests {
    use super::is_right;
    use serde_json::json;

    #[test]
    fn the_same_options_are_right_in_whatever_form() {
        for select in
            [json!("A,B"), json!(["B", "A"]), json!(" B , A "), json!("[\"A\",\"B\"]"), json!(["A", "B", "A"])]
        {
            assert!(is_right(r#"["A","B"]"#, &select), "{select}");
        }
        for select in [json!("A"), json!(["A", "B", "C"]), json!(null), json!([]), json!("a,b")] {
            assert!(!is_right(r#"["A","B"]"#, &select), "{select}");
        }
        assert!(is_right("1", &json!("1")));
        assert!(!is_right("", &json!("")));
        assert!(!is_right("[]", &json!([])));
    }
}
