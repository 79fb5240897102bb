//! Refuses forms that another site sends. Browsers say where a request comes from in headers that pages can't set.

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, HeaderMap, ORIGIN};
use url::Url;

/// Whether a request may come from a page of this service. A client that says nothing is no browser: its forms have tokens.
pub(super) fn is_same_site(request: &HttpRequest, public_url: &str) -> bool {
    let headers = request.headers();
    match text(headers, "sec-fetch-site") {
        Some("same-origin" | "none") => return true,
        Some(_) => return false,
        None => {}
    }
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let Some(origin) = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok()) else { return false };
    if Url::parse(public_url).is_ok_and(|own| own.origin() == origin.origin()) {
        return true;
    }
    // The service may have several names. A proxy passes on the one that the browser used.
    let host = text(headers, HOST.as_str()).and_then(|host| Url::parse(&format!("{}://{host}", origin.scheme())).ok());
    host.is_some_and(|host| host.origin() == origin.origin())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::is_same_site;

    fn allowed(headers: &[(&str, &str)]) -> bool {
        let request = headers.iter().fold(TestRequest::default(), |request, header| request.append_header(*header));
        is_same_site(&request.to_http_request(), "https://class.example.com/sub")
    }

    #[test]
    fn only_pages_of_the_service_send_forms() {
        for own in [
            &[("sec-fetch-site", "same-origin"), ("origin", "null")] as &[_],
            &[("origin", "https://class.example.com")],
            &[("origin", "http://10.0.0.1:8080"), ("host", "10.0.0.1:8080")],
            &[("host", "10.0.0.1:8080")],
        ] {
            assert!(allowed(own), "{own:?}");
        }
        for other in [
            &[("sec-fetch-site", "cross-site")] as &[_],
            &[("sec-fetch-site", "same-site"), ("origin", "https://class.example.com")],
            &[("origin", "https://evil.example.com"), ("host", "class.example.com")],
            &[("origin", "https://class.example.com.evil.example"), ("host", "class.example.com")],
            &[("origin", "http://10.0.0.1:9090"), ("host", "10.0.0.1:8080")],
            &[("origin", "null"), ("host", "class.example.com")],
            &[("origin", ""), ("host", "class.example.com")],
        ] {
            assert!(!allowed(other), "{other:?}");
        }
    }
}
