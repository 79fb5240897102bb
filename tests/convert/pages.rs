//! The pages of each kind of document: their number, proportions and title.

use std::fs;
use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use lectern::domain::content::conversion::PageFiles;

use crate::documents::ooxml::{docx, xlsx};
use crate::documents::open_document::odt;
use crate::documents::pdf::{pdf, scan};
use crate::documents::pptx::{Slide, pptx, slide};
use crate::workshop::{Workshop, dark};

/// Twenty slides in Chinese. The line of the first one fades in.
pub fn lesson() -> Vec<u8> {
    let slides: Vec<Slide> = (1..=20)
        .map(|number| Slide {
            animated: number == 1,
            ..slide(&format!("第{number}页 分数的初步认识"), "把一个整体平均分成若干份")
        })
        .collect();
    pptx("分数的初步认识", &slides)
}

#[tokio::test]
async fn a_presentation_becomes_as_many_pages_as_it_has_slides() {
    let workshop = Workshop::new();
    let made = workshop.convert("lesson.pptx", &lesson()).await.unwrap();
    assert_eq!(made.converted.pages, 20);
    assert_eq!((made.converted.width, made.converted.height), (1920, 1080));
    assert_eq!(made.converted.title, "分数的初步认识");
    assert!(dark(&made.page(1)) > 5_000 && dark(&made.page(20)) > 5_000);
    assert_ne!(made.page(1), made.page(2), "the number on them is another");
    let files = made.files();
    for name in [
        "index.html",
        "viewer.css",
        "viewer.js",
        "slides.xhtml",
        "slides.js",
        "steps.js",
        "pages/20.png",
        "thumbnails/20.png",
    ] {
        assert!(files.iter().any(|file| file == name), "{name} is not among {files:?}");
    }
    assert_eq!(files.len(), 6 + 2 * 20, "{files:?}");
    let PageFiles { images, thumbnails, is_animated } = &made.converted.files;
    assert_eq!((images.len(), images[19].as_str(), *is_animated), (20, "pages/20.png", true));
    assert_eq!((thumbnails.len(), thumbnails[19].as_str()), (20, "thumbnails/20.png"));
    assert!(images.iter().chain(thumbnails).all(|name| files.contains(name)), "{files:?}");
    let thumbnail = image::image_dimensions(made.path("thumbnails/1.png")).unwrap();
    assert_eq!(thumbnail, (240, 135));
    assert!(made.progress.is_sorted() && made.progress.len() >= 4, "{:?}", made.progress);
    assert_eq!((made.progress[0], made.progress.last()), (1, Some(&100)));
    assert!(workshop.left().is_empty());
}

#[tokio::test]
async fn a_static_presentation_has_pictures_alone() {
    let made = Workshop::new().convert_as("lesson.pptx", &lesson(), true).await.unwrap();
    assert_eq!(made.converted.pages, 20);
    assert!(!made.path("slides.xhtml").exists() && !made.converted.files.is_animated);
}

#[tokio::test]
async fn a_text_document_keeps_its_pages_and_its_title() {
    let made = Workshop::new().convert("作业.docx", &docx("第一课", &["第一页", "第二页", "第三页"])).await.unwrap();
    assert_eq!((made.converted.pages, made.converted.title.as_str()), (3, "第一课"));
    // A4, with the same longer side as a slide.
    assert_eq!((made.converted.width, made.converted.height), (1358, 1920));
    assert!(dark(&made.page(3)) > 100);
}

#[tokio::test]
async fn chinese_is_drawn_with_its_characters_not_with_boxes() {
    let made = Workshop::new().convert("a.docx", &docx("", &["分分分分", "数数数数"])).await.unwrap();
    assert_ne!(made.page(1), made.page(2));
}

#[tokio::test]
async fn a_table_becomes_pages() {
    let rows: Vec<&[&str]> = vec![&["姓名", "分数"], &["张三", "98"]];
    let made = Workshop::new().convert("成绩.xlsx", &xlsx("期末成绩", &rows)).await.unwrap();
    assert_eq!((made.converted.pages, made.converted.title.as_str()), (1, "期末成绩"));
    assert!(dark(&made.page(1)) > 100);
}

#[tokio::test]
async fn a_pdf_is_drawn_as_it_is() {
    let made = Workshop::new().convert("a.pdf", &pdf("几何", 12)).await.unwrap();
    assert_eq!((made.converted.pages, made.converted.title.as_str()), (12, "几何"));
    assert_eq!((made.converted.width, made.converted.height), (1920, 1440));
    let square = 480 * 480;
    assert!(dark(&made.page(12)).abs_diff(square) < 2_000);
}

#[tokio::test]
async fn a_scanned_page_is_kept_small() {
    let made = Workshop::new().convert("a.pdf", &scan()).await.unwrap();
    assert_eq!(made.files()[1], "pages/1.jpg");
    assert!(fs::read_to_string(made.path("index.html")).unwrap().contains(r#"src="pages/1.jpg""#));
    assert_eq!((made.page(1).width(), made.page(1).height()), (1920, 1440));
}

#[tokio::test]
async fn what_is_transparent_in_an_image_is_white() {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::new_rgba8(100, 100).write_to(&mut file, ImageFormat::Png).unwrap();
    let made = Workshop::new().convert("a.png", &file.into_inner()).await.unwrap();
    assert!(made.page(1).pixels().all(|pixel| pixel.0 == [255]));
}

#[tokio::test]
async fn texts_of_either_encoding_look_the_same() {
    let workshop = Workshop::new();
    let text = "第一行 中文文本\n第二行\n";
    let utf8 = workshop.convert("a.txt", text.as_bytes()).await.unwrap();
    let gb18030 = workshop.convert("b.txt", &encoding_rs::GB18030.encode(text).0).await.unwrap();
    assert_eq!((utf8.converted.pages, utf8.converted.title.as_str()), (1, "a"));
    assert!(dark(&utf8.page(1)) > 100);
    assert_eq!(utf8.page(1), gb18030.page(1));
}

#[tokio::test]
async fn a_table_in_plain_text_and_an_open_document_are_converted_too() {
    let workshop = Workshop::new();
    let table = workshop.convert("成绩.csv", "姓名,分数\n张三,98\n".as_bytes()).await.unwrap();
    assert_eq!((table.converted.pages, table.converted.title.as_str()), (1, "成绩"));
    let text = workshop.convert("a.odt", &odt("一行")).await.unwrap();
    assert!(dark(&text.page(1)) > 100);
    let rich = workshop.convert("a.rtf", br"{\rtf1\ansi \u20013?\u25991?}").await.unwrap();
    assert!(dark(&rich.page(1)) > 100);
}

#[tokio::test]
async fn an_image_becomes_one_page_of_its_own_size() {
    let workshop = Workshop::new();
    for format in
        [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::Bmp, ImageFormat::WebP, ImageFormat::Tiff]
    {
        let made = workshop.convert("photo.xyz", &picture(800, 600, format)).await.unwrap();
        let converted = made.converted;
        assert_eq!((converted.pages, converted.width, converted.height), (1, 800, 600), "{format:?}");
        assert_eq!(converted.title, "photo");
    }
    let large = workshop.convert("photo.png", &picture(3000, 300, ImageFormat::Png)).await.unwrap();
    assert_eq!((large.converted.width, large.converted.height), (1920, 192));
}

#[tokio::test]
async fn the_content_decides_what_a_file_is() {
    let workshop = Workshop::new();
    let called_pdf = workshop.convert("a.pdf", &docx("", &["一", "二"])).await.unwrap();
    assert_eq!(called_pdf.converted.pages, 2);
    let called_pptx = workshop.convert("b.pptx", &pdf("", 3)).await.unwrap();
    assert_eq!((called_pptx.converted.pages, called_pptx.converted.title.as_str()), (3, "b"));
}

pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let shade = |at: u32, of: u32| u8::try_from(at * 255 / of).unwrap();
    let image = RgbImage::from_fn(width, height, |x, y| Rgb([shade(x, width), shade(y, height), 128]));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut file, format).unwrap();
    file.into_inner()
}
