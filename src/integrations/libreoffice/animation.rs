//! The animations of a presentation: splits LibreOffice's SVG into the slides (`slides.xhtml`) and the script that plays them
//! (`slides.js`), and removes whatever could run or fetch anything.
//!
//! The script evaluates formulas that come from the document. Therefore only formulas that call nothing but mathematical
//! functions are accepted, and the script runs only in a frame with an opaque origin.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

/// The largest SVG, in bytes. A browser takes too long for a larger one; its pages are shown without animations.
pub(super) const SIZE_LIMIT: u64 = 64 << 20;

/// The functions that LibreOffice's script offers to formulas and colors.
const FUNCTIONS: &[&str] =
    &["abs", "acos", "asin", "atan", "cos", "exp", "hsl", "log", "max", "min", "rgb", "sin", "sqrt", "tan"];

/// The elements that are removed from slides. No browser reads the format of the fonts.
const DROPPED: &[&str] = &["embed", "font", "foreignObject", "iframe", "object", "script"];

/// The attributes whose values the script evaluates.
const EVALUATED: &[&str] = &["by", "formula", "from", "to", "values"];

/// The elements that animate something. The other `anim:` elements group them.
const EFFECTS: &[&str] = &["anim:animate", "anim:set", "anim:transitionFilter"];

/// The two files of a presentation.
pub(super) struct Slides {
    pub(super) markup: String,
    pub(super) script: String,
}

/// Splits an SVG. `None` if it has no animations, if its slides are not as many as `pages`, or if anything in it is unknown.
pub(super) fn take_apart(svg: &[u8], pages: u32) -> Option<Slides> {
    let mut reader = Reader::from_reader(svg);
    let mut writer = Writer::new(Vec::new());
    let mut script = String::new();
    let (mut dropping, mut animated, mut slides) = (0_u32, false, None);
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) if dropping > 0 || is_dropped(&element) => dropping += 1,
            Event::End(_) if dropping > 0 => dropping -= 1,
            Event::Eof => break,
            Event::CData(text) if dropping > 0 => script.push_str(&text),
            Event::Empty(element) if is_dropped(&element) => {}
            Event::Comment(_) | Event::DocType(_) | Event::Decl(_) | Event::PI(_) | Event::CData(_) => {}
            _ if dropping > 0 => {}
            event @ (Event::Start(_) | Event::Empty(_)) => {
                let (Event::Start(element) | Event::Empty(element)) = &event else { continue };
                animated |= EFFECTS.iter().any(|effect| element.name().as_ref().starts_with(effect));
                slides = slides.or_else(|| number_of_slides(element));
                let safe = without_scripts(element)?;
                let event = if matches!(event, Event::Start(_)) { Event::Start(safe) } else { Event::Empty(safe) };
                writer.write_event(event).ok()?;
            }
            event => writer.write_event(event).ok()?,
        }
    }
    let known = script.contains("aSlideShow.update()") && script.contains("setCurrentSlide");
    if !known || !animated || slides != Some(pages) {
        return None;
    }
    Some(Slides { markup: page(&String::from_utf8(writer.into_inner()).ok()?), script: guarded(&script) })
}

fn is_dropped(element: &BytesStart<'_>) -> bool {
    DROPPED.contains(&element.local_name().as_ref())
}

fn number_of_slides(element: &BytesStart<'_>) -> Option<u32> {
    let attribute = element.try_get_attribute("ooo:number-of-slides").ok()??;
    attribute.value.parse().ok()
}

/// The element without attributes that could run or fetch anything; `None` if a formula is not accepted.
fn without_scripts(element: &BytesStart<'_>) -> Option<BytesStart<'static>> {
    let name = element.name().as_ref().to_owned();
    let animation = name.starts_with("anim:");
    let mut safe = BytesStart::new(name);
    for attribute in element.attributes() {
        let attribute = attribute.ok()?;
        let local = attribute.key.local_name();
        let value = attribute.value.as_ref();
        if animation && EVALUATED.contains(&local.as_ref()) && !is_harmless(value) {
            return None;
        }
        let handler = local.as_ref().get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
        let address = local.as_ref() == "href";
        if !handler && (!address || value.starts_with('#') || value.starts_with("data:image/")) {
            safe.push_attribute(attribute);
        }
    }
    Some(safe)
}

/// Whether a formula calls nothing but [`FUNCTIONS`]: it has only characters of arithmetic, and each parenthesis follows one of
/// the functions or an operator.
fn is_harmless(formula: &str) -> bool {
    let allowed = |sign: char| sign.is_ascii_alphanumeric() || " _.,;:#$%+*/()-".contains(sign);
    if !formula.chars().all(allowed) {
        return false;
    }
    let is_word = |sign: char| sign.is_ascii_alphanumeric() || "_.$#".contains(sign);
    let mut before = "";
    for (at, sign) in formula.char_indices() {
        if sign == '(' {
            let called = before.trim_end();
            let word = called.rsplit(|sign| !is_word(sign)).next().unwrap_or_default();
            if called.ends_with(')') || (!word.is_empty() && !FUNCTIONS.contains(&word)) {
                return false;
            }
        }
        before = formula.get(..at + sign.len_utf8()).unwrap_or_default();
    }
    true
}

/// Wraps the slides in an XHTML page. Unlike an SVG, the page can have a content security policy.
fn page(svg: &str) -> String {
    include_str!("page/slides.xhtml").replace("<!-- slides -->", svg)
}

/// Adapts the script to a page whose root is not the SVG. The result does not run with the origin of the site.
fn guarded(script: &str) -> String {
    let guard = "if (self.origin !== 'null') throw new Error('Slides are played inside their page only.');\n";
    format!("{guard}{}", script.replace("document.documentElement", "ROOT_NODE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_of_presentations_pass() {
        for formula in
            ["x", "visible", "#ff0000", "rgb(1,2,3)", "y+(cos(-2*pi*(1-$))*-x-sin(-2*pi*(1-$))*(1-y))*(1-$)", "0,0;1.5"]
        {
            assert!(is_harmless(formula), "{formula}");
        }
    }

    #[test]
    fn formulas_that_call_anything_else_do_not() {
        for formula in
            ["alert(1)", "(alert)(1)", "rgb(1,2,3)+alert(1)", "sin(1)(2)", "sin.constructor(1)", "a`b`", "x=1", "$ (1)"]
        {
            assert!(!is_harmless(formula), "{formula}");
        }
    }

    const SCRIPT: &str = "<script><![CDATA[aSlideShow.update() setCurrentSlide document.documentElement]]></script>";

    fn svg(inside: &str) -> String {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg"><g ooo:number-of-slides="1"/>{inside}{SCRIPT}</svg>"#)
    }

    #[test]
    fn nothing_in_the_slides_runs_or_fetches() {
        let hostile = r##"<anim:set smil:to="visible"/><g onclick="alert(1)"><script>alert(2)</script><a xlink:href="javascript:alert(3)">text &amp; more</a><use xlink:href="#id1"/><image href="https://example.com/a.png"/></g>"##;
        let slides = take_apart(svg(hostile).as_bytes(), 1).unwrap();
        assert!(!slides.markup.contains("alert"), "{}", slides.markup);
        assert!(!slides.markup.contains("example.com"), "{}", slides.markup);
        assert!(slides.markup.contains(r##"<use xlink:href="#id1"/>"##) && slides.markup.contains("text &amp; more"));
        assert!(slides.script.contains("ROOT_NODE") && !slides.script.contains("alert"));
    }

    #[test]
    fn an_svg_that_is_unknown_or_not_animated_has_no_slides() {
        assert!(take_apart(svg(r#"<anim:set smil:to="x"/>"#).as_bytes(), 1).is_some());
        assert!(take_apart(svg("").as_bytes(), 1).is_none(), "without animations");
        assert!(take_apart(svg(r#"<anim:set smil:to="x"/>"#).as_bytes(), 2).is_none(), "another number of pages");
        assert!(
            take_apart(svg(r#"<anim:animate smil:values="alert(1)"/>"#).as_bytes(), 1).is_none(),
            "a formula that calls"
        );
    }
}
