//! Cookies of the console: reading them from a request, and the header that sets one.

use actix_web::HttpRequest;
use actix_web::http::header::{COOKIE, HeaderValue};

/// The token of a session.
pub(super) const SESSION: &str = "lectern_console";
/// The token that the forms of somebody who is not signed in are bound to.
pub(super) const FORM: &str = "lectern_console_form";
/// The language that was chosen.
pub(super) const LANGUAGE: &str = "lectern_console_language";

/// The value of a cookie.
pub(super) fn value(request: &HttpRequest, name: &str) -> Option<String> {
    let headers = request.headers().get_all(COOKIE).filter_map(|header| header.to_str().ok());
    let mut pairs = headers.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(other, _)| *other == name).map(|(_, value)| value.to_owned())
}

/// The header that sets a cookie for the console at `root`, which scripts can't read and other sites do not send. `seconds` is how long
/// it is kept; `None` until the browser is closed.
pub(super) fn set(name: &str, value: &str, root: &str, seconds: Option<i64>, is_secure: bool) -> Option<HeaderValue> {
    let kept = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let secure = if is_secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path={root}; HttpOnly; SameSite=Strict{kept}{secure}")).ok()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let request = TestRequest::default()
            .append_header((COOKIE, "lectern_console_form=1; lectern_console=2"))
            .append_header((COOKIE, "other=3"))
            .to_http_request();
        assert_eq!(value(&request, SESSION).as_deref(), Some("2"));
        assert_eq!(value(&request, FORM).as_deref(), Some("1"));
        assert_eq!(value(&request, "other").as_deref(), Some("3"));
        assert_eq!(value(&request, "console"), None);
    }
}
