//! The words that an enterprise masks in text messages, whichever way they come in.

mod fold;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Field, Limit, Problem, Result};
use crate::store;
pub use crate::store::chat::filter_word::FilterWord;
use crate::store::ids::EnterpriseId;
use fold::{Folded, Segment, fold};

/// How many words an enterprise may have.
pub const AT_MOST: usize = 1_000;
/// The longest word, in characters.
pub const LONGEST: usize = 64;
/// What stands for each character of a masked word.
const MASK: char = '*';

/// Adds words and returns how many were new. A word that is there already in another form is not new.
///
/// # Errors
/// [`Error::Invalid`] for a word that is too long, or has no character that is seen; [`Error::LimitReached`].
pub fn add(conn: &mut Conn, enterprise_id: EnterpriseId, words: &[String], now: Millis) -> Result<usize> {
    let row = |word: &String| {
        let word = word.trim().to_owned();
        let found = word.chars().count();
        if found > LONGEST {
            return Err(Error::invalid(Field::FilterWords, Problem::TooManyCharacters { found, max: LONGEST }));
        }
        let folded = fold(&word).text;
        if folded.is_empty() {
            return Err(Error::invalid(Field::FilterWords, Problem::Unseen));
        }
        Ok(FilterWord { enterprise_id, folded, word, create_time: now })
    };
    let rows = words.iter().map(row).collect::<Result<Vec<_>>>()?;
    let added = store::chat::filter_word::insert(conn, &rows)?;
    let kept = store::chat::filter_word::count(conn, enterprise_id)?;
    if usize::try_from(kept).is_ok_and(|kept| kept <= AT_MOST) {
        Ok(added)
    } else {
        Err(Error::LimitReached { limit: Limit::KeptFilterWords, retry_after: None })
    }
}

/// Removes words, in whatever form they are given, and returns how many were there.
///
/// # Errors
/// Only those of the database.
pub fn remove(conn: &mut Conn, enterprise_id: EnterpriseId, words: &[String]) -> Result<usize> {
    let folded: Vec<String> = words.iter().map(|word| fold(word.trim()).text).collect();
    Ok(store::chat::filter_word::delete(conn, enterprise_id, &folded)?)
}

/// The words of an enterprise.
///
/// # Errors
/// Only those of the database.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Vec<FilterWord>> {
    Ok(store::chat::filter_word::list(conn, enterprise_id)?)
}

/// A text in which the words of its enterprise are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked(String);

impl Masked {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

/// The words of an enterprise, prepared for searching.
#[derive(Debug, Default)]
pub struct WordFilter {
    words: Vec<FilterWord>,
    automaton: Option<AhoCorasick>,
}

impl WordFilter {
    /// Prepares words.
    #[must_use]
    pub fn new(words: Vec<FilterWord>) -> Self {
        // A filter that can't be built would be too large for the memory, which limits on words exclude.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(words.iter().map(|word| word.folded.as_str()))
            .inspect_err(|problem| log::error!("the words that are masked can't be searched for: {problem}"))
            .ok()
            .filter(|_| !words.is_empty());
        Self { words, automaton }
    }

    /// Whether these are its words.
    #[must_use]
    pub fn has(&self, words: &[FilterWord]) -> bool {
        self.words == words
    }

    /// Masks the words in a text, without regard to case, compatible forms (NFKC) and characters that nobody sees.
    #[must_use]
    pub fn mask(&self, text: String) -> Masked {
        let Some(automaton) = &self.automaton else { return Masked(text) };
        let folded = fold(&text);
        let matches: Vec<(usize, usize)> =
            automaton.find_iter(&folded.text).map(|found| (found.start(), found.end())).collect();
        if matches.is_empty() { Masked(text) } else { Masked(masked(&text, &folded, &matches)) }
    }
}

/// The text with a [`MASK`] for each character that a match touches. Matches are in order.
fn masked(text: &str, folded: &Folded, matches: &[(usize, usize)]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut matches = matches.iter().copied().peekable();
    for Segment { source, folded } in &folded.segments {
        while matches.peek().is_some_and(|(_, end)| *end <= folded.start) {
            matches.next();
        }
        let is_masked = matches.peek().is_some_and(|(start, _)| *start < folded.end);
        if !is_masked {
            masked.push_str(text.get(source.clone()).unwrap_or_default());
        } else if !folded.is_empty() {
            masked.push(MASK);
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::{FilterWord, WordFilter, fold};
    use crate::store::ids::EnterpriseId;

    fn filter(words: &[&str]) -> WordFilter {
        let row = |word: &&str| FilterWord {
            enterprise_id: EnterpriseId(1),
            folded: fold(word).text,
            word: (*word).to_owned(),
            create_time: 0,
        };
        WordFilter::new(words.iter().map(row).collect())
    }

    fn mask(words: &[&str], text: &str) -> String {
        filter(words).mask(text.to_owned()).into_text()
    }

    #[test]
    fn each_character_of_a_word_is_masked() {
        for (words, text, masked) in [
            (&["bad"][..], "a bad day", "a *** day"),
            (&["bad"], "BAD bAd", "*** ***"),
            (&["bad"], "ｂａｄ ＢＡＤ", "*** ***"),
            (&["ＢＡＤ"], "bad", "***"),
            (&["坏蛋"], "你是坏蛋！", "你是**！"),
            (&["坏蛋"], "坏\u{200b}蛋", "**"),
            (&["bad"], "b\u{200d}\u{2060}a\u{ad}d\u{200b}!", "***\u{200b}!"),
            (&["bad"], "\u{200b}bad", "\u{200b}***"),
            (&["straße"], "STRASSE", "*******"),
            (&["strasse"], "Straße", "******"),
            (&["café"], "cafe\u{301} CAFÉ", "**** ****"),
            (&["cafe\u{301}"], "café", "****"),
            (&["fine"], "ﬁne", "***"),
            (&["in"], "ﬁn", "**"),
            (&["각"], "\u{1100}\u{1161}\u{11a8}", "*"),
            (&["ab", "abc", "b"], "abc abd b", "*** **d *"),
            (&["bad", "days"], "baddays", "*******"),
            (&["a b"], "a b", "***"),
            (&["bad"], "ba\nd", "ba\nd"),
            (&["é"], "e", "e"),
            (&[], "bad", "bad"),
        ] {
            assert_eq!(mask(words, text), masked, "{words:?} in {text:?}");
        }
    }

    #[test]
    fn what_is_not_masked_stays_as_it_was_written() {
        let text = "Ｆｕｌｌ width, e\u{301}, 🎓👩\u{200d}🏫, ﬁ\u{200b}, İ\tx\r\n";
        assert_eq!(mask(&["zzz"], text), text);
        assert_eq!(mask(&["zzz"], &format!("{text}zzz{text}")), format!("{text}***{text}"));
    }

    #[test]
    fn no_masked_text_has_a_word_any_more() {
        use proptest::prelude::*;
        let words = ["ab", "ＢＣ", "ﬁ", "é", "坏\u{200b}蛋", "aba"];
        let filter = filter(&words);
        proptest!(|(text in "[aAbＢcCﬁfie\u{301}é坏蛋\u{200b}\u{200d} \n]{0,24}")| {
            let masked = filter.mask(text.clone()).into_text();
            // Only a word that began inside another one may be left, and that is cut off by the mask.
            prop_assert_eq!(filter.mask(masked.clone()).into_text(), masked.clone());
            prop_assert!(masked.chars().count() <= text.chars().count());
        });
    }
}
