//! PPTX: slides with a heading and a line.

use super::ooxml::{HEAD, content_types, properties, relationships, root};
use super::pack;

const SPACES: &str = r#"xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main""#;
const TREE: &str = r#"<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>"#;

/// A slide.
#[derive(Clone, Debug, Default)]
pub struct Slide {
    pub heading: String,
    pub line: String,
    /// Whether the line fades in on a click.
    pub animated: bool,
}

/// A slide with these texts.
pub fn slide(heading: &str, line: &str) -> Slide {
    Slide { heading: heading.into(), line: line.into(), animated: false }
}

/// A presentation in 16:9.
pub fn pptx(title: &str, slides: &[Slide]) -> Vec<u8> {
    let name = |number: usize| format!("slides/slide{number}.xml");
    let numbers: Vec<usize> = (1..=slides.len()).collect();
    let mut types = vec![
        ("ppt/presentation.xml".to_owned(), "presentationml.presentation.main"),
        ("ppt/slideMasters/slideMaster1.xml".to_owned(), "presentationml.slideMaster"),
        ("ppt/slideLayouts/slideLayout1.xml".to_owned(), "presentationml.slideLayout"),
        ("ppt/theme/theme1.xml".to_owned(), "theme"),
    ];
    types.extend(numbers.iter().map(|number| (format!("ppt/{}", name(*number)), "presentationml.slide")));
    let mut links = vec![
        ("rId1".to_owned(), "slideMaster", "slideMasters/slideMaster1.xml".to_owned()),
        ("rId2".to_owned(), "theme", "theme/theme1.xml".to_owned()),
    ];
    links.extend(numbers.iter().map(|number| (format!("rIdS{number}"), "slide", name(*number))));
    let list: String =
        numbers.iter().map(|number| format!(r#"<p:sldId id="{}" r:id="rIdS{number}"/>"#, 255 + number)).collect();
    let layout = |target: &str| ("rId1".to_owned(), "slideLayout", target.to_owned());
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), content_types(&types)),
        ("_rels/.rels".to_owned(), root("ppt/presentation.xml")),
        ("docProps/core.xml".to_owned(), properties(title)),
        (
            "ppt/presentation.xml".to_owned(),
            format!(
                r#"{HEAD}<p:presentation {SPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst><p:sldIdLst>{list}</p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>"#
            ),
        ),
        ("ppt/_rels/presentation.xml.rels".to_owned(), relationships(&links)),
        (
            "ppt/slideMasters/slideMaster1.xml".to_owned(),
            format!(
                r#"{HEAD}<p:sldMaster {SPACES}><p:cSld><p:spTree>{TREE}</p:spTree></p:cSld><p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/><p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst></p:sldMaster>"#
            ),
        ),
        (
            "ppt/slideMasters/_rels/slideMaster1.xml.rels".to_owned(),
            relationships(&[
                layout("../slideLayouts/slideLayout1.xml"),
                ("rId2".into(), "theme", "../theme/theme1.xml".into()),
            ]),
        ),
        (
            "ppt/slideLayouts/slideLayout1.xml".to_owned(),
            format!(
                r#"{HEAD}<p:sldLayout {SPACES} type="blank"><p:cSld name="Blank"><p:spTree>{TREE}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"#
            ),
        ),
        (
            "ppt/slideLayouts/_rels/slideLayout1.xml.rels".to_owned(),
            relationships(&[("rId1".into(), "slideMaster", "../slideMasters/slideMaster1.xml".into())]),
        ),
        ("ppt/theme/theme1.xml".to_owned(), theme()),
    ];
    for (number, slide) in numbers.iter().zip(slides) {
        parts.push((format!("ppt/{}", name(*number)), slide_part(slide)));
        let links = relationships(&[layout("../slideLayouts/slideLayout1.xml")]);
        parts.push((format!("ppt/slides/_rels/slide{number}.xml.rels"), links));
    }
    pack(&parts)
}

fn slide_part(slide: &Slide) -> String {
    let heading = text_box(2, 800_000, &slide.heading, 4800);
    let line = text_box(3, 3_000_000, &slide.line, 3200);
    let timing = if slide.animated { FADE_IN } else { "" };
    format!(
        r"{HEAD}<p:sld {SPACES}><p:cSld><p:spTree>{TREE}{heading}{line}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>{timing}</p:sld>"
    )
}

fn text_box(id: u32, y: u32, text: &str, size: u32) -> String {
    format!(
        r#"<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="t{id}"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="800000" y="{y}"/><a:ext cx="10500000" cy="1500000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang="zh-CN" sz="{size}"/><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"#
    )
}

/// On a click, the shape with id 3 fades in within half a second.
const FADE_IN: &str = r#"<p:timing><p:tnLst><p:par><p:cTn id="1" dur="indefinite" restart="never" nodeType="tmRoot"><p:childTnLst><p:seq concurrent="1" nextAc="seek"><p:cTn id="2" dur="indefinite" nodeType="mainSeq"><p:childTnLst><p:par><p:cTn id="3" fill="hold"><p:stCondLst><p:cond delay="indefinite"/></p:stCondLst><p:childTnLst><p:par><p:cTn id="4" fill="hold"><p:stCondLst><p:cond delay="0"/></p:stCondLst><p:childTnLst><p:par><p:cTn id="5" presetID="10" presetClass="entr" presetSubtype="0" fill="hold" nodeType="clickEffect"><p:stCondLst><p:cond delay="0"/></p:stCondLst><p:childTnLst><p:set><p:cBhvr><p:cTn id="6" dur="1" fill="hold"><p:stCondLst><p:cond delay="0"/></p:stCondLst></p:cTn><p:tgtEl><p:spTgt spid="3"/></p:tgtEl><p:attrNameLst><p:attrName>style.visibility</p:attrName></p:attrNameLst></p:cBhvr><p:to><p:strVal val="visible"/></p:to></p:set><p:animEffect transition="in" filter="fade"><p:cBhvr><p:cTn id="7" dur="500"/><p:tgtEl><p:spTgt spid="3"/></p:tgtEl></p:cBhvr></p:animEffect></p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn><p:prevCondLst><p:cond evt="onPrev" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:prevCondLst><p:nextCondLst><p:cond evt="onNext" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:nextCondLst></p:seq></p:childTnLst></p:cTn></p:par></p:tnLst></p:timing>"#;

fn theme() -> String {
    let colours: String = [
        ("dk1", "000000"),
        ("lt1", "FFFFFF"),
        ("dk2", "1F497D"),
        ("lt2", "EEECE1"),
        ("accent1", "4F81BD"),
        ("accent2", "C0504D"),
        ("accent3", "9BBB59"),
        ("accent4", "8064A2"),
        ("accent5", "4BACC6"),
        ("accent6", "F79646"),
        ("hlink", "0000FF"),
        ("folHlink", "800080"),
    ]
    .iter()
    .map(|(name, value)| format!(r#"<a:{name}><a:srgbClr val="{value}"/></a:{name}>"#))
    .collect();
    let font = r#"<a:latin typeface="Noto Sans CJK SC"/><a:ea typeface="Noto Sans CJK SC"/><a:cs typeface=""/>"#;
    let fill = r#"<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>"#.repeat(3);
    let line = r#"<a:ln w="9525"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln>"#.repeat(3);
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>".repeat(3);
    format!(
        r#"{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="T"><a:themeElements><a:clrScheme name="T">{colours}</a:clrScheme><a:fontScheme name="T"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme><a:fmtScheme name="T"><a:fillStyleLst>{fill}</a:fillStyleLst><a:lnStyleLst>{line}</a:lnStyleLst><a:effectStyleLst>{effect}</a:effectStyleLst><a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"#
    )
}
