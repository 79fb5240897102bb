//! The texts of the console, in English and Chinese side by side, so that none can be missing in one of them.

mod texts;

pub(super) use texts::Words;
use texts::{CHINESE, ENGLISH};

/// A language of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Chinese,
}

impl Language {
    /// The language of a tag such as `zh-CN`.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        let (main, _) = tag.split_once(['-', ';']).unwrap_or((tag, ""));
        match main.trim().to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that the console has.
    pub(super) fn accepted(header: &str) -> Option<Self> {
        header.split(',').find_map(|part| Self::of_tag(part.trim()))
    }

    /// The tag for `lang`.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The other language.
    pub(super) fn other(self) -> Self {
        match self {
            Self::English => Self::Chinese,
            Self::Chinese => Self::English,
        }
    }

    /// Of two texts, the one in this language.
    pub(super) fn of(self, (english, chinese): (&'static str, &'static str)) -> &'static str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// The texts.
    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Chinese => &CHINESE,
        }
    }
}

/// A text with the places `{}` filled in, in order.
pub(super) fn fill(text: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut values = values.iter();
    for (nth, part) in text.split("{}").enumerate() {
        if nth > 0 {
            filled.push_str(values.next().copied().unwrap_or_default());
        }
        filled.push_str(part);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::texts::ALL;
    use super::*;

    #[test]
    fn every_text_says_something_with_as_many_places_in_both_languages() {
        for (name, english, chinese) in ALL {
            assert!(!english.is_empty() && !chinese.is_empty(), "{name}");
            assert_eq!(english.matches("{}").count(), chinese.matches("{}").count(), "{name}");
        }
    }

    #[test]
    fn the_browser_chooses_the_language() {
        for (header, expected) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Language::Chinese)),
            ("en-GB,zh;q=0.9", Some(Language::English)),
            ("fr, ZH;q=0.5", Some(Language::Chinese)),
            ("fr", None),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn values_are_filled_in_as_they_are() {
        assert_eq!(fill("a {} b {}", &["{}", "2"]), "a {} b 2");
        assert_eq!(fill("a {}", &[]), "a ");
    }
}
