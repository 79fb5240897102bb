//! DOCX and XLSX, and the common parts of Office Open XML.

use super::pack;

pub const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
pub const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPES: &str = "application/vnd.openxmlformats-officedocument";

/// `[Content_Types].xml`: each part and the suffix of its type.
pub fn content_types(parts: &[(String, &str)]) -> String {
    let overrides: String = parts
        .iter()
        .map(|(part, kind)| format!(r#"<Override PartName="/{part}" ContentType="{TYPES}.{kind}+xml"/>"#))
        .collect();
    format!(
        r#"{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>{overrides}</Types>"#
    )
}

/// A `.rels` part: id, suffix of the type, target.
pub fn relationships(list: &[(String, &str, String)]) -> String {
    let list: String = list
        .iter()
        .map(|(id, kind, target)| {
            let mode = if target.contains("://") { r#" TargetMode="External""# } else { "" };
            format!(r#"<Relationship Id="{id}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"{mode}/>"#)
        })
        .collect();
    format!(r#"{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{list}</Relationships>"#)
}

/// `_rels/.rels`: the main part and the properties.
pub fn root(main: &str) -> String {
    let properties = format!(
        r#"<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>"#
    );
    relationships(&[("rId1".into(), "officeDocument", main.into())])
        .replace("</Relationships>", &format!("{properties}</Relationships>"))
}

/// `docProps/core.xml`.
pub fn properties(title: &str) -> String {
    format!(
        r#"{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>"#
    )
}

/// A text document with one page for each text.
pub fn docx(title: &str, pages: &[&str]) -> Vec<u8> {
    let paragraphs: Vec<String> = pages.iter().map(|text| format!("<w:r><w:t>{text}</w:t></w:r>")).collect();
    let body = paragraphs.join(r#"<w:r><w:br w:type="page"/></w:r>"#);
    docx_of(title, &format!("<w:p>{body}</w:p>"), &[])
}

/// A text document with a picture from another address.
pub fn docx_with_linked_picture(address: &str) -> Vec<u8> {
    let picture = r#"<w:p><w:r><w:drawing><wp:inline><wp:extent cx="3000000" cy="3000000"/><wp:docPr id="1" name="p"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="rId9"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="3000000" cy="3000000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"#;
    docx_of("", picture, &[("rId9".into(), "image", address.into())])
}

fn docx_of(title: &str, body: &str, links: &[(String, &str, String)]) -> Vec<u8> {
    let main = format!(
        r#"{HEAD}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:r="{RELATIONSHIPS}"><w:body>{body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>"#
    );
    pack(&[
        ("[Content_Types].xml", content_types(&[("word/document.xml".into(), "wordprocessingml.document.main")])),
        ("_rels/.rels", root("word/document.xml")),
        ("docProps/core.xml", properties(title)),
        ("word/document.xml", main),
        ("word/_rels/document.xml.rels", relationships(links)),
    ])
}

/// A spreadsheet with one sheet.
pub fn xlsx(title: &str, rows: &[&[&str]]) -> Vec<u8> {
    let rows: String = rows
        .iter()
        .map(|cells| {
            let cells: String =
                cells.iter().map(|text| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#)).collect();
            format!("<row>{cells}</row>")
        })
        .collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    pack(&[
        (
            "[Content_Types].xml",
            content_types(&[
                ("xl/workbook.xml".into(), "spreadsheetml.sheet.main"),
                ("xl/worksheets/sheet1.xml".into(), "spreadsheetml.worksheet"),
            ]),
        ),
        ("_rels/.rels", root("xl/workbook.xml")),
        ("docProps/core.xml", properties(title)),
        (
            "xl/workbook.xml",
            format!(
                r#"{HEAD}<workbook xmlns="{main}" xmlns:r="{RELATIONSHIPS}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relationships(&[("rId1".into(), "worksheet", "worksheets/sheet1.xml".into())])),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"{HEAD}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
        ),
    ])
}
