//! The styles and scripts of the console, which are a part of the program. The styles begin with those of the classroom page, so that
//! both look alike.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::{self, Path, ServiceConfig};
use sha2::{Digest, Sha256};

use super::problem::Problem;
use crate::domain::tenancy::secret;

/// What their paths begin with.
pub(super) const BELOW: &str = "/console/assets/";

const TOKENS: &str = include_str!("../../web/classroom/src/style/tokens.css");
const BASE: &str = include_str!("../../web/classroom/src/style/base.css");
const BLOCKS: &str = include_str!("../../web/classroom/src/ui/ui.css");
const OWN: &str = include_str!("../../web/console/console.css");
const SCRIPT: &str = include_str!("../../web/console/console.js");
/// htmx 2.0.8; its licence is beside it.
const HTMX: &str = include_str!("../../web/console/htmx.min.js");
/// What the colours of the dark theme begin with in the classroom page, where a script chooses the theme.
const DARK: &str = ":root[data-theme=\"dark\"]";

static STYLES: LazyLock<String> = LazyLock::new(|| [&with_media_query(TOKENS), BASE, BLOCKS, OWN].join("\n"));
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let hash = Sha256::new().chain_update(&*STYLES).chain_update(SCRIPT).chain_update(HTMX).finalize();
    secret::hex(&hash).chars().take(16).collect()
});

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/assets/{name}", web::get().to(asset));
}

/// The version of the files, in their addresses, so that browsers keep them until they change.
pub(super) fn version() -> &'static str {
    &VERSION
}

async fn asset(name: Path<String>) -> Result<HttpResponse, Problem> {
    let (kind, content) = match name.as_str() {
        "console.css" => ("text/css; charset=utf-8", STYLES.as_str()),
        "console.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "htmx.js" => ("text/javascript; charset=utf-8", HTMX),
        _ => return Err(Problem::NotFound),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "private, max-age=31536000, immutable"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(content))
}

/// The tokens with the dark theme for browsers that ask for it, because the console needs no script.
fn with_media_query(tokens: &str) -> String {
    match tokens.split_once(DARK) {
        Some((light, dark)) => format!("{light}@media (prefers-color-scheme: dark) {{ :root{dark}}}"),
        None => tokens.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_the_dark_theme() {
        let tokens = with_media_query(TOKENS);
        assert!(tokens.contains("@media (prefers-color-scheme: dark) { :root {"), "{tokens}");
        assert!(!tokens.contains("data-theme"), "{tokens}");
        assert_eq!(tokens.matches('{').count(), tokens.matches('}').count());
    }
}
