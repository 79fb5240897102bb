//! The switch of the language.

use actix_web::http::header::SET_COOKIE;
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::cookie;
use super::form::Fields;
use super::page::redirect;
use super::problem::Problem;
use super::visit::Visit;
use super::words::Language;

/// How long the choice is kept: a year.
const KEPT_SECONDS: i64 = 31_536_000;

/// Adds the path.
pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/language/{tag}", web::get().to(choose));
}

async fn choose(visit: Visit, tag: Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let language = Language::of_tag(&tag).ok_or(Problem::NotFound)?;
    let query = Fields::parse(request.query_string().as_bytes());
    let mut response = redirect(&visit, within(query.get("back")));
    let value = cookie::set(cookie::LANGUAGE, language.tag(), &visit.root, Some(KEPT_SECONDS), visit.is_secure);
    if let Some(value) = value {
        response.headers_mut().append(SET_COOKIE, value);
    }
    Ok(response)
}

/// The page to go back to, if it is one of the console.
fn within(back: &str) -> &str {
    let is_plain = |c: char| c.is_ascii_graphic() && c != '\\';
    if back.starts_with('/') && !back.contains("//") && !back.contains("..") && back.chars().all(is_plain) {
        back
    } else {
        "/"
    }
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn the_way_back_stays_in_the_console() {
        assert_eq!(within("/e/1/deliveries?state=dead"), "/e/1/deliveries?state=dead");
        for outside in
            ["", "//evil.example", "/..//evil", "/../files/a", "/\\evil", "https://evil.example", "/a\nb", "e"]
        {
            assert_eq!(within(outside), "/", "{outside}");
        }
    }
}
