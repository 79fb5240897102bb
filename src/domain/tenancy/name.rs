//! Ids and names that strangers choose: visitors, and users who open an account themselves. What a signed back end sends
//! is kept as it is.

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeEmoji, UnicodeGeneralCategory};
use unicode_security::skeleton;

use crate::domain::{Error, Field, Problem, Result};

/// Joins pictures into one, such as a teacher from a woman and a school.
const JOINER: char = '\u{200D}';
/// Asks for the colored form of the picture before it.
const COLORED: char = '\u{FE0F}';

/// An id or a name as it is stored: in Unicode's form NFC, without blanks around it.
///
/// # Errors
/// [`Error::Invalid`] for a text with a character that nobody sees, and for a text of blanks.
pub fn chosen(field: Field, text: &str) -> Result<String> {
    let composed: String = text.nfc().collect();
    let name = composed.trim();
    if has_unseen(name) {
        return Err(Error::invalid(field, Problem::Unseen));
    }
    if name.chars().all(is_blank) {
        return Err(Error::invalid(field, Problem::Blank));
    }
    Ok(name.to_owned())
}

/// Whether a reader can take one name for the other: they are equal without regard to case, blanks and compatible forms
/// (NFKC), or consist of characters that look alike (Unicode's technical standard 39).
#[must_use]
pub fn look_alike(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    let looks = |text: &str| folded(&skeleton(text).collect::<String>());
    let (one_folded, other_folded) = (folded(&one), folded(&other));
    one_folded == other_folded || looks(&one) == looks(&other) || looks(&one_folded) == looks(&other_folded)
}

/// The characters that are seen, in their compatible forms.
fn plain(text: &str) -> String {
    text.nfkc().filter(|c| !is_unseen(*c) && !c.is_whitespace()).collect()
}

fn folded(text: &str) -> String {
    UniCase::unicode(text).to_folded_case().nfkc().collect()
}

fn has_unseen(text: &str) -> bool {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let in_picture = match c {
            COLORED => before.is_some_and(is_picture),
            JOINER => {
                before.is_some_and(|c| c == COLORED || is_picture(c)) && rest.peek().copied().is_some_and(is_picture)
            }
            _ => false,
        };
        if is_unseen(c) && !in_picture {
            return true;
        }
        before = Some(c);
    }
    false
}

/// Whether a character has no shape of its own: controls, zero-width and bidirectional formats, fillers, variation
/// selectors, private characters and tags.
pub(in crate::domain) fn is_unseen(c: char) -> bool {
    match c {
        // Unicode says that these may be ignored, or gives them an empty shape, although they count as letters, marks
        // or symbols.
        '\u{034F}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{2065}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}'
        | '\u{E0000}'..='\u{E0FFF}'
        | '\u{2028}'
        | '\u{2029}' => true,
        // Characters of later versions of Unicode are not assigned here, and may well be seen.
        _ => c.general_category_group() == GeneralCategoryGroup::Other && !is_unassigned(c),
    }
}

fn is_unassigned(c: char) -> bool {
    c.general_category() == GeneralCategory::Unassigned
}

/// Whether a character alone shows nothing, or only a mark without its letter.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c.general_category_group(), GeneralCategoryGroup::Separator | GeneralCategoryGroup::Mark)
}

fn is_picture(c: char) -> bool {
    !c.is_ascii() && c.is_emoji_char()
}

#[cfg(test)]
mod tests {
    use super::{chosen, look_alike};
    use crate::domain::Field;

    #[test]
    fn a_name_is_composed_and_without_blanks_around_it() {
        for (given, kept) in [
            ("李老师", "李老师"),
            (" \u{3000}Jose\u{301}  Maria\t", "José  Maria"),
            ("🎓👩\u{200D}🏫", "🎓👩\u{200D}🏫"),
            ("I ❤\u{FE0F} 数学", "I ❤\u{FE0F} 数学"),
            ("की", "की"),
            ("a\u{AD0}", "a\u{AD0}"),
        ] {
            assert_eq!(chosen(Field::Nickname, given).unwrap(), kept);
        }
    }

    #[test]
    fn what_nobody_sees_is_no_name() {
        for unseen in [
            "",
            " ",
            "\u{3000}\u{A0}",
            "\u{301}",
            "a\u{200B}b",
            "\u{200B}",
            "a\u{200D}b",
            "a\u{FE0F}",
            "1\u{FE0F}",
            "\u{FEFF}a",
            "\u{202E}abc",
            "a\u{2066}b\u{2069}",
            "a\u{200E}",
            "a\u{AD}b",
            "\u{3164}",
            "\u{115F}\u{1160}",
            "\u{2800}",
            "a\u{E0041}",
            "a\u{2060}b",
            "a\u{180E}b",
            "a\u{7}b",
            "a\nb",
            "a\u{2028}b",
            "👩\u{200D}",
            "\u{200D}👩",
            "a\u{E000}",
            "a\u{34F}b",
        ] {
            assert!(chosen(Field::Nickname, unseen).is_err(), "{unseen:?}");
        }
    }

    #[test]
    fn names_look_alike_whatever_they_are_written_with() {
        for (one, other) in [
            ("王老师", "王 老师"),
            ("Wang Laoshi", "WANG LAOSHI"),
            ("Wang", "Ｗａｎｇ"),
            ("Wang", "Wаng"),
            ("Laoshi", "Iaoshi"),
            ("teacher1", "teacherl"),
            ("straße", "STRASSE"),
            ("José", "JOSE\u{301}"),
            ("王老师", "王\u{200B}老师"),
        ] {
            assert!(look_alike(one, other) && look_alike(other, one), "{one} {other}");
        }
        for (one, other) in [("王老师", "李老师"), ("Wang", "Wong"), ("s1", "s2"), ("teacher_1", "v")] {
            assert!(!look_alike(one, other), "{one} {other}");
        }
    }
}
