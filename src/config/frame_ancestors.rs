//! Who may show pages of Lectern in a frame: the value of `frame-ancestors` in a content security policy.

use std::str::FromStr;

use super::origins::Origin;

/// The origins that may embed a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameAncestors(Option<String>);

impl FrameAncestors {
    /// The directive of a content security policy; `None` if any page may embed.
    #[must_use]
    pub fn directive(&self) -> Option<String> {
        self.0.as_ref().map(|sources| format!("frame-ancestors {sources}"))
    }
}

impl FromStr for FrameAncestors {
    type Err = String;

    /// Reads `*`, `none`, or origins and `self`, separated by spaces or commas.
    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            ["*"] => Ok(Self(None)),
            ["none"] => Ok(Self(Some("'none'".into()))),
            [] => Err("must be *, none, or origins such as https://school.example.com and self".into()),
            words => {
                let sources: Result<Vec<String>, String> = words.iter().map(|word| source(word)).collect();
                Ok(Self(Some(sources?.join(" "))))
            }
        }
    }
}

/// `self`, or an origin.
fn source(word: &str) -> Result<String, String> {
    if word == "self" {
        return Ok("'self'".into());
    }
    let origin: Origin = word.parse().map_err(|wrong: String| wrong.replace("must be an", "must be self, or an"))?;
    Ok(origin.as_source().to_owned())
}

#[cfg(test)]
mod tests {
    use super::FrameAncestors;

    #[test]
    fn origins_become_the_directive_and_nothing_else_gets_into_it() {
        let directive = |text: &str| text.parse::<FrameAncestors>().map(|parsed| parsed.directive());
        for (text, expected) in [
            ("*", None),
            ("none", Some("frame-ancestors 'none'")),
            ("self", Some("frame-ancestors 'self'")),
            (
                "self, https://a.example.com:8443 https://*.example.org/",
                Some("frame-ancestors 'self' https://a.example.com:8443 https://*.example.org"),
            ),
        ] {
            assert_eq!(directive(text), Ok(expected.map(str::to_owned)), "{text}");
        }
        for text in
            ["", " ", "* self", "none self", "school.example.com", "https://a.b/c", "https://a.b;script-src", "data:x"]
        {
            assert!(directive(text).is_err(), "{text}");
        }
    }
}
