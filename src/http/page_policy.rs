//! Headers of the pages that Lectern shows: what they may load, who may embed them, and that no other server learns their
//! addresses, which may contain a token or a signature.

use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};

/// The headers. `policy` and `frame_ancestors` are directives of a content security policy; without either there is none.
#[must_use]
pub fn headers(policy: &str, frame_ancestors: Option<&str>) -> Vec<(HeaderName, HeaderValue)> {
    let directives = [Some(policy), frame_ancestors].into_iter().flatten().filter(|text| !text.is_empty());
    let directives = directives.collect::<Vec<_>>().join("; ");
    let mut headers = vec![
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    if let Ok(value) = HeaderValue::from_str(&directives)
        && !directives.is_empty()
    {
        headers.push((CONTENT_SECURITY_POLICY, value));
    }
    headers
}
