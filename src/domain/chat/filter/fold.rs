//! The form in which texts are compared: without case and unseen characters, in Unicode's form NFKC.

use std::ops::Range;

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use crate::domain::tenancy::name::is_unseen;

/// A folded text, and what each part of it was.
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// The parts, in order. They cover both texts.
    pub segments: Vec<Segment>,
}

/// A character with its marks, or an unseen character, which is empty when it is folded.
pub struct Segment {
    /// The bytes in the text as it was.
    pub source: Range<usize>,
    /// The bytes in the folded text.
    pub folded: Range<usize>,
}

/// Folds a text. Each segment is folded by itself, so that its place in the text is known.
pub fn fold(text: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(text.len()), segments: Vec::new() };
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        let next = chars.peek().copied();
        if !is_skipped(c) && next.is_some_and(|(_, next)| joins(next)) {
            continue;
        }
        let end = next.map_or(text.len(), |(at, _)| at);
        let before = folded.text.len();
        let source = text.get(start..end).unwrap_or_default();
        if source.is_ascii() {
            folded.text.extend(source.chars().map(|c| c.to_ascii_lowercase()));
        } else if !is_skipped(c) || start + c.len_utf8() < end {
            let seen: String = source.nfkc().filter(|c| !is_skipped(*c)).collect();
            folded.text.extend(UniCase::unicode(&seen).to_folded_case().nfkc());
        }
        folded.segments.push(Segment { source: start..end, folded: before..folded.text.len() });
        start = end;
    }
    folded
}

/// Whether a character is left out. Line breaks and tabs are not: they part words.
fn is_skipped(c: char) -> bool {
    is_unseen(c) && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a character forms one with the character before it: marks, and vowels and finals of Hangul.
fn joins(c: char) -> bool {
    canonical_combining_class(c) != 0 || matches!(c, '\u{1161}'..='\u{11FF}')
}
