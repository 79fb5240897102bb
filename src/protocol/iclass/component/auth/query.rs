//! The query of a component call.

use std::collections::HashMap;
use std::sync::Arc;

/// The query of a request.
#[derive(Clone, Default)]
pub(super) struct Query(Arc<HashMap<String, String>>);

impl Query {
    /// Reads the query of an address.
    pub(super) fn parse(text: &str) -> Self {
        let mut query = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            query.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
        Self(Arc::new(query))
    }

    /// A parameter, or `None` if it is empty.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether it has an `sdkappid` other than 0.
    pub(super) fn names_enterprise(&self) -> bool {
        self.param("sdkappid").is_some_and(|sdkappid| sdkappid.parse::<i64>().is_ok_and(|number| number != 0))
    }
}
