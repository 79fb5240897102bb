//! Malicious and broken documents: each fails with a clear error or becomes plain pages, and leaves nothing behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use image::ImageFormat;
use lectern::domain::content::conversion::ConversionFailure;
use lectern::integrations::converter::Converter;
use lectern::protocol::iclass::conversion_code;

use crate::documents::ooxml::{docx, docx_with_linked_picture};
use crate::documents::open_document::{encrypted_odt, odt, odt_with_linked_section, odt_with_macro};
use crate::documents::pdf::pdf;
use crate::documents::{pack, unpack};
use crate::pages::{lesson, picture};
use crate::workshop::{Workshop, dark};

#[tokio::test]
async fn what_is_no_document_is_refused_with_what_to_do() {
    let workshop = Workshop::new();
    let page = br#"<!doctype html><html><body><iframe src="file:///etc/passwd"></iframe></body></html>"#;
    let cases: [(&str, &[u8], &str); 9] = [
        ("a.html", page, "Web pages can't be converted"),
        ("a.pptx", page, "Web pages can't be converted"),
        ("a.doc", page, "Web pages can't be converted"),
        ("a.txt", b"", "The file is empty"),
        ("a.txt", b"MZ\0\x01\0\0\0", "Files of this kind"),
        ("a.exe", b"MZ\0\x01\0\0\0", "Files of this kind"),
        ("a.pptx", b"hello", "Files of this kind"),
        ("a.docx", &pack(&[("hello.txt", "hello")]), "Files of this kind"),
        ("a.odt", &encrypted_odt(), "protected by a password"),
    ];
    for (file, content, message) in cases {
        refused(workshop.convert(file, content).await.map(drop), message);
    }
    assert!(workshop.left().is_empty());
}

#[tokio::test]
async fn a_truncated_file_is_refused() {
    let workshop = Workshop::new();
    let whole = [lesson(), docx("", &["一"]), picture(300, 300, ImageFormat::Png), encrypted_docx()];
    let messages = ["damaged", "damaged", "damaged", "protected by a password"];
    for ((content, part), message) in whole.iter().zip([2, 2, 2, 1]).zip(messages) {
        refused(workshop.convert("a.pptx", &content[..content.len() / part]).await.map(drop), message);
    }
    // The conversion of a truncated PDF ends, with any result.
    let half = pdf("", 20);
    let _ = workshop.convert("a.pdf", &half[..half.len() / 2]).await.map(drop);
    assert!(workshop.left().is_empty());
}

#[tokio::test]
async fn a_zip_bomb_is_refused_before_anybody_unpacks_it() {
    let workshop = Workshop::with(|settings| settings.soffice = "/usr/bin/false".into());
    let zeros = vec![b' '; 80 << 20];
    let bomb = pack(&[("[Content_Types].xml", &zeros[..10]), ("word/document.xml", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    refused(workshop.convert("a.docx", &bomb).await.map(drop), "too large when it is unpacked");
    let many: Vec<(String, &[u8])> = (0..60_000).map(|part| (format!("{part}"), &zeros[..1])).collect();
    refused(workshop.convert("a.docx", &pack(&many)).await.map(drop), "too large when it is unpacked");
}

#[tokio::test]
async fn a_zip_bomb_that_lies_about_its_size_meets_the_limits() {
    let workshop = Workshop::with(|settings| {
        settings.time_limit = Duration::from_secs(20);
        settings.memory_limit_bytes = 2 << 30;
    });
    let text = format!("<w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p>", "a".repeat(100 << 20));
    let mut parts = unpack(&docx("", &[]));
    let main = parts.iter().position(|(name, _)| name == "word/document.xml").unwrap();
    let mut main = parts.remove(main);
    main.1 = main.1.replace("<w:body>", &text);
    parts.push(main);
    let mut bomb = pack(&parts);
    // The size in the directory of the archive: four bytes at offset 24 of the entry.
    let entry = bomb.windows(4).rposition(|mark| mark == b"PK\x01\x02").unwrap();
    bomb[entry + 24..entry + 28].copy_from_slice(&1000_u32.to_le_bytes());
    let ended = workshop.convert("a.docx", &bomb).await;
    assert_eq!(conversion_code(Some(ended.unwrap_err().kind())), 10_250);
    assert!(workshop.left().is_empty());
}

#[tokio::test]
async fn a_document_of_too_many_pages_is_refused() {
    let workshop = Workshop::new();
    refused(workshop.convert("a.pdf", &pdf("", 10_000)).await.map(drop), "more than 500 pages");
    let most = Workshop::with(|settings| settings.pages_limit = 2);
    refused(most.convert("a.docx", &docx("", &["一", "二", "三"])).await.map(drop), "more than 2 pages");
    assert_eq!(most.convert("a.docx", &docx("", &["一", "二"])).await.unwrap().converted.pages, 2);
}

#[tokio::test]
async fn a_document_with_macros_is_converted_and_they_do_not_run() {
    let workshop = Workshop::new();
    let plain = workshop.convert("a.odt", &odt("一行")).await.unwrap();
    let with_macro = workshop.convert("a.odt", &odt_with_macro("一行")).await.unwrap();
    assert!(dark(&plain.page(1)) > 100);
    assert_eq!(plain.page(1), with_macro.page(1));
}

#[tokio::test]
async fn macros_do_not_run_even_when_somebody_asks_for_them() {
    // Runs the macro by name, with the profile of a conversion. LibreOffice does not exit by itself.
    let script = r#"
        macro="vnd.sun.star.script:Standard.Module1.Run?language=Basic&location=document"
        soffice "$1" --headless --norestore --nolockcheck "$macro" /in/document.odt &
        tries=0
        while [ $tries -lt 40 ] && [ ! -e /out/ran ]; do sleep 0.2; tries=$((tries + 1)); done
        [ -e /out/ran ] || cp "$(dirname "$0")/good.pdf" /out/document.pdf"#;
    let (workshop, program) = fake(script, |_| {});
    fs::write(program.path().join("program/good.pdf"), pdf("", 1)).unwrap();
    workshop.convert("a.odt", &odt_with_macro("一行")).await.expect("the macro has not run");
}

#[tokio::test]
async fn a_document_shows_nothing_of_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    let (secret, black) = (folder.path().join("secret.txt"), folder.path().join("black.png"));
    fs::write(&secret, "THIS IS A SECRET OF THE MACHINE\n".repeat(20)).unwrap();
    image::GrayImage::new(300, 300).save(&black).unwrap();
    let address = |path: &Path| format!("file://{}", path.display());
    let workshop = Workshop::new();
    let nothing = odt_with_linked_section("一行", "file:///nothing/there");
    let nothing = workshop.convert("a.odt", &nothing).await.unwrap();
    for path in ["/etc/passwd".as_ref(), secret.as_path()] {
        let made = workshop.convert("a.odt", &odt_with_linked_section("一行", &address(path))).await.unwrap();
        assert_eq!(made.page(1), nothing.page(1));
    }
    let nothing = workshop.convert("a.docx", &docx_with_linked_picture("file:///nothing/there.png")).await.unwrap();
    assert!(dark(&nothing.page(1)) < 50_000, "a black square would be larger");
    // A linked file that is not in the sandbox, and one that is, which the profile forbids to load.
    let shown = Path::new("/usr/lib/libreoffice/program/intro.png");
    assert!(shown.exists(), "there is another picture that LibreOffice sees");
    for path in [&black, shown] {
        let made = workshop.convert("a.docx", &docx_with_linked_picture(&address(path))).await.unwrap();
        assert_eq!(made.page(1), nothing.page(1), "{}", path.display());
    }
}

#[tokio::test]
async fn a_converter_sees_nothing_of_the_machine_and_reaches_nothing() {
    // The probe reports its findings through a document with one page for each thing that it should not have found.
    let probe = r#"
        found=0
        for path in /etc/passwd /root /var/log /home/* "$HOME"/.ssh /proc/1/root/etc/passwd; do
            [ -r "$path" ] && [ "$path" != /home/profile ] && found=$((found + 1))
        done
        [ "$(id -u)" = 0 ] && found=$((found + 1))
        [ "$(ls /proc | grep -c '^[0-9]')" -gt 10 ] && found=$((found + 1))
        touch /in/x /usr/x /x /dev/x 2>/dev/null && found=$((found + 1))
        [ "$(grep -c : /proc/net/dev)" -gt 1 ] && found=$((found + 1))
        [ -n "$LECTERN_PROBE_ENVIRONMENT$CARGO_MANIFEST_DIR" ] && found=$((found + 1))
        [ "$(ulimit -v)" = unlimited ] && found=$((found + 1))
        cat "/usr/share/lectern-none" 2>/dev/null
        [ "$found" = 0 ] && cp /in/document.txt /out/document.pdf
        exit 0"#;
    let (workshop, _program) = fake(probe, |_| {});
    // A "text" that contains a PDF, which the probe returns on success. The first line makes it a text.
    let mut content = b"text\n".repeat(300);
    content.extend(pdf("", 3));
    let made = workshop.convert("a.txt", &content).await.unwrap();
    assert_eq!(made.converted.pages, 3);
}

#[tokio::test]
async fn a_converter_that_leaves_links_to_the_machine_gives_nothing_away() {
    let secret = r#"<svg><g ooo:number-of-slides="1"/><anim:set smil:to="x"/><text>SECRET</text><script><![CDATA[aSlideShow.update() setCurrentSlide]]></script></svg>"#;
    // The same slides, once as a file and once as a symbolic link.
    for (command, given) in [("cp", true), ("ln -s", false)] {
        let script = format!(
            r#"here=$(dirname "$0")
            case "$*" in
                *svg:*) {command} "$here/secret.svg" /out/document.svg ;;
                *) cp "$here/good.pdf" /out/document.pdf ;;
            esac"#
        );
        let (workshop, program) = fake(&script, |_| {});
        fs::write(program.path().join("program/good.pdf"), pdf("", 1)).unwrap();
        fs::write(program.path().join("program/secret.svg"), secret).unwrap();
        let made = workshop.convert("a.pptx", &lesson()).await.unwrap();
        assert_eq!(made.path("slides.xhtml").exists(), given, "{command}");
    }
}

#[tokio::test]
async fn a_converter_that_hangs_is_ended_with_all_its_children() {
    let mark = format!("99{:06}", rand::random::<u32>() % 1_000_000);
    let script = format!("sleep {mark} & (sleep {mark} & sleep {mark}) & setsid sleep {mark} & sleep {mark}");
    let (workshop, _program) = fake(&script, |settings| settings.time_limit = Duration::from_secs(3));
    let failure = workshop.convert("a.txt", b"text").await.unwrap_err();
    assert!(failure.to_string().contains("took longer than 3s"), "{failure}");
    gone(&workshop, &mark).await;
}

#[tokio::test]
async fn a_conversion_that_is_dropped_ends_at_once() {
    let mark = format!("98{:06}", rand::random::<u32>() % 1_000_000);
    let (workshop, _program) = fake(&format!("sleep {mark} & sleep {mark}"), |_| {});
    let source = workshop.source("a.txt", b"text", false);
    let out = tempfile::tempdir().unwrap();
    {
        let conversion = workshop.converter.convert(&source, out.path(), &|_| ());
        let begun = async { until("it runs", || running(&mark) >= 2).await };
        tokio::select! {
            ended = conversion => panic!("{ended:?}"),
            () = begun => {}
        }
    }
    gone(&workshop, &mark).await;
    assert!(fs::read_dir(out.path()).unwrap().next().is_none());
}

#[tokio::test]
async fn a_converter_that_fills_the_disk_is_ended() {
    let smaller = |settings: &mut lectern::integrations::libreoffice::Settings| settings.output_limit_bytes = 20 << 20;
    let scripts = [
        "cat /dev/zero > /out/document.pdf",
        "n=0; while :; do n=$((n + 1)); head -c 1000000 /dev/zero > /out/$n; done",
        "n=0; while :; do n=$((n + 1)); head -c 1000000 /dev/zero > /tmp/$n; done",
    ];
    for script in scripts {
        let (workshop, _program) = fake(script, smaller);
        refused(workshop.convert("a.txt", b"text").await.map(drop), "What comes of the document is too large");
        until("it is all gone", || workshop.left().is_empty()).await;
    }
}

#[tokio::test]
async fn what_a_machine_lacks_is_said() {
    let missing = lectern::integrations::libreoffice::LibreOffice::new(lectern::integrations::libreoffice::Settings {
        soffice: "/nowhere/soffice".into(),
        ..Default::default()
    });
    let said = missing.missing().unwrap();
    assert!(said.contains("soffice") && said.contains("apt-get install"), "{said}");
    let workshop = Workshop::new();
    let (source, out) = (workshop.source("a.txt", b"text", false), tempfile::tempdir().unwrap());
    let failure = missing.convert(&source, out.path(), &|_| ()).await.unwrap_err();
    assert_eq!((conversion_code(Some(failure.kind())), failure.may_pass()), (10_250, false));
    assert!(failure.to_string().contains("on this server"), "{failure}");
}

/// A workshop whose LibreOffice is this script, and the folder of the script.
fn fake(
    script: &str,
    change: impl FnOnce(&mut lectern::integrations::libreoffice::Settings),
) -> (Workshop, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("program/soffice");
    fs::create_dir(folder.path().join("program")).unwrap();
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let workshop = Workshop::with(|settings| {
        settings.soffice = program;
        change(settings);
    });
    (workshop, folder)
}

/// A compound file with only the stream of an encrypted document.
fn encrypted_docx() -> Vec<u8> {
    let mut compound = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    compound.create_stream("/EncryptedPackage").unwrap();
    compound.into_inner().into_inner()
}

fn refused(result: Result<(), ConversionFailure>, message: &str) {
    let failure = result.unwrap_err();
    assert_eq!((conversion_code(Some(failure.kind())), failure.may_pass()), (10_250, false), "{failure}");
    assert!(failure.to_string().contains(message), "{failure}");
}

/// How many processes have this text in their command line.
fn running(mark: &str) -> usize {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines.filter(|line| line.split(|byte| *byte == 0).any(|word| word == mark.as_bytes())).count()
}

async fn gone(workshop: &Workshop, mark: &str) {
    until("nothing runs any more", || running(mark) == 0).await;
    until("nothing is left", || workshop.left().is_empty()).await;
}

async fn until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
