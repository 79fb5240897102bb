//! What this program was built from.

use std::sync::LazyLock;

/// The version of the package.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit, in a release build of a clone; `None` for any other build.
pub const COMMIT: Option<&str> = option_env!("BUILD_COMMIT");

/// The version, with the commit if it is known: `0.1.0 (0123456789ab)`.
#[must_use]
pub fn version() -> &'static str {
    static SHOWN: LazyLock<String> = LazyLock::new(|| match COMMIT {
        Some(commit) => format!("{VERSION} ({commit})"),
        None => VERSION.to_owned(),
    });
    &SHOWN
}
