//! Counts requests and measures how long they take, for the metrics. A label has one of few values: the pattern of a route
//! or the name of a call, never a path that a client made up.

use std::time::Duration;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::outcome::{Answered, Called, Limited};

/// The upper bounds of the buckets, in seconds.
const BUCKETS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// The label of requests for which there is no call.
const NONE: &str = "none";

/// The protocol that a path belongs to.
pub type ProtocolOf = Box<dyn Fn(&str) -> &'static str + Send + Sync>;

/// What is counted of requests.
pub struct RequestMeter {
    protocol_of: ProtocolOf,
    requests: Family<RequestLabels, Counter>,
    durations: Family<CallLabels, Histogram, fn() -> Histogram>,
    refusals: Family<LimitLabels, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    protocol: &'static str,
    call: String,
    status: u16,
    code: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    protocol: &'static str,
    call: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LimitLabels {
    limit: &'static str,
}

impl RequestMeter {
    /// Counts nothing yet.
    #[must_use]
    pub fn new(protocol_of: ProtocolOf) -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        Self {
            protocol_of,
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram),
            refusals: Family::default(),
        }
    }

    /// Counts a request with its response.
    pub fn count<B>(&self, request: &HttpRequest, response: &HttpResponse<B>, took: Duration) {
        let called = response.extensions().get::<Called>().cloned();
        let called = called.unwrap_or_else(|| {
            let pattern = request.match_pattern().filter(|pattern| !matches_everything(pattern));
            let call = pattern.map(|pattern| format!("{} {}", name(request.method()), shown(&pattern)));
            Called { protocol: (self.protocol_of)(request.path()), call }
        });
        self.count_call(called, response, took);
    }

    /// Counts a call that came over a connection, with the response to it.
    pub fn count_call<B>(&self, called: Called, response: &HttpResponse<B>, took: Duration) {
        let Called { protocol, call } = called;
        let call = call.unwrap_or_else(|| NONE.to_owned());
        let code = response.extensions().get::<Answered>().map_or(0, |answered| answered.0);
        if let Some(Limited(limit)) = response.extensions().get::<Limited>().copied() {
            self.refusals.get_or_create(&LimitLabels { limit }).inc();
        }
        let labels = CallLabels { protocol, call };
        self.durations.get_or_create(&labels).observe(took.as_secs_f64());
        let CallLabels { protocol, call } = labels;
        let labels = RequestLabels { protocol, call, status: response.status().as_u16(), code };
        self.requests.get_or_create(&labels).inc();
    }

    /// Adds what was counted to a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("lectern_requests", "Answered requests and calls", self.requests.clone());
        registry.register(
            "lectern_request_duration_seconds",
            "Time until the answer to a request or a call began",
            self.durations.clone(),
        );
        registry.register("lectern_limit_refusals", "Calls that a limit refused", self.refusals.clone());
    }
}

/// Whether a pattern is a single variable for any path, which says nothing about the call.
fn matches_everything(pattern: &str) -> bool {
    pattern.strip_prefix("/{").is_some_and(|rest| !rest.contains('/') && rest.ends_with(":.*}"))
}

/// A pattern without the expressions of its variables: `/files/{key}` of `/files/{key:[0-9a-f]+}`.
fn shown(pattern: &str) -> String {
    let mut shown = String::with_capacity(pattern.len());
    let (mut depth, mut in_expression) = (0_u32, false);
    for c in pattern.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 1 => in_expression = true,
            _ => {}
        }
        in_expression &= depth > 0;
        if !in_expression {
            shown.push(c);
        }
    }
    shown
}

/// The name of a method. A client may send any word.
fn name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_shown_without_expressions() {
        for (pattern, expected) in [
            ("/paas/v1/class/create", "/paas/v1/class/create"),
            ("/api/courses/{id}/members", "/api/courses/{id}/members"),
            (r"/{sdkappid:\d{1,19}}/{class_id:\d+}", "/{sdkappid}/{class_id}"),
            ("/files/{path:.*}", "/files/{path}"),
        ] {
            assert_eq!(shown(pattern), expected);
        }
    }

    #[test]
    fn a_pattern_for_any_path_is_no_call() {
        assert!(matches_everything("/{path:.*}"));
        assert!(!matches_everything("/files/{path:.*}") && !matches_everything(r"/{sdkappid:\d+}/{path:.*}"));
    }

    #[test]
    fn a_made_up_method_has_no_label_of_its_own() {
        assert_eq!(name(&Method::POST), "POST");
        assert_eq!(name(&Method::from_bytes(b"BREW").unwrap()), "OTHER");
    }
}
