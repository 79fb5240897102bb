//! ODT, also with malicious content.

use super::pack;

const MIME_TYPE: &str = "application/vnd.oasis.opendocument.text";
const SPACES: &str = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dom="http://www.w3.org/2001/xml-events" xmlns:ooo="http://openoffice.org/2004/office" office:version="1.2""#;

/// A text document with one line.
pub fn odt(line: &str) -> Vec<u8> {
    pack(&parts(&content("", &format!("<text:p>{line}</text:p>")), ""))
}

/// A text document with a section that is linked to another file.
pub fn odt_with_linked_section(line: &str, address: &str) -> Vec<u8> {
    let section = format!(
        r#"<text:section text:name="s"><text:section-source xlink:href="{address}" text:filter-name="Text"/><text:p/></text:section>"#
    );
    pack(&parts(&content("", &format!("<text:p>{line}</text:p>{section}")), ""))
}

/// A text document with a Basic macro that runs on open, and writes the file `/out/ran`.
pub fn odt_with_macro(line: &str) -> Vec<u8> {
    let listener = r#"<office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load" xlink:href="vnd.sun.star.script:Standard.Module1.Run?language=Basic&amp;location=document" xlink:type="simple"/></office:event-listeners>"#;
    let source = "Sub Run\nDim n\nn = FreeFile\nOpen &quot;/out/ran&quot; For Output As #n\nPrint #n, &quot;x&quot;\nClose #n\nEnd Sub\n";
    let library = "http://openoffice.org/2000/library";
    let entry =
        |path: &str| format!(r#"<manifest:file-entry manifest:full-path="{path}" manifest:media-type="text/xml"/>"#);
    let manifest: String =
        ["Basic/Standard/Module1.xml", "Basic/Standard/script-lb.xml", "Basic/script-lc.xml"].map(entry).concat();
    let mut all = parts(&content(listener, &format!("<text:p>{line}</text:p>")), &manifest);
    all.extend([
        (
            "Basic/script-lc.xml",
            format!(
                r#"<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd"><library:libraries xmlns:library="{library}" xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" library:link="false"/></library:libraries>"#
            ),
        ),
        (
            "Basic/Standard/script-lb.xml",
            format!(
                r#"<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd"><library:library xmlns:library="{library}" library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="Module1"/></library:library>"#
            ),
        ),
        (
            "Basic/Standard/Module1.xml",
            format!(
                r#"<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd"><script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">{source}</script:module>"#
            ),
        ),
    ]);
    pack(&all)
}

/// A text document that claims to be encrypted.
pub fn encrypted_odt() -> Vec<u8> {
    let entry = r#"<manifest:file-entry manifest:full-path="x" manifest:media-type=""><manifest:encryption-data/></manifest:file-entry>"#;
    pack(&parts(&content("", "<text:p/>"), entry))
}

fn content(scripts: &str, body: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES}><office:scripts>{scripts}</office:scripts><office:body><office:text>{body}</office:text></office:body></office:document-content>"#
    )
}

fn parts(content: &str, manifest: &str) -> Vec<(&'static str, String)> {
    let manifest = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME_TYPE}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>{manifest}</manifest:manifest>"#
    );
    vec![("mimetype", MIME_TYPE.to_owned()), ("content.xml", content.to_owned()), ("META-INF/manifest.xml", manifest)]
}
