//! The origin of another server, as it is written into a content security policy.

use std::str::FromStr;

use url::Url;

/// The origin of a server, such as `https://files.example.com`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// The source expression of a content security policy.
    #[must_use]
    pub fn as_source(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = String;

    /// Reads an origin. Its host may begin with `*.` for all hosts below a domain.
    fn from_str(word: &str) -> Result<Self, String> {
        let wrong = || format!("{word}: must be an origin such as https://school.example.com or https://*.example.com");
        // The star is not a part of a URL.
        let url = Url::parse(&word.replacen("://*.", "://any.", 1)).map_err(|_| wrong())?;
        let is_origin = matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && !word.contains([';', '\'', '"', ' ']);
        if is_origin { Ok(Self(word.trim_end_matches('/').to_owned())) } else { Err(wrong()) }
    }
}
