//! The page that shows a document, in a real browser, inside a parent page that receives its messages.

use image::GrayImage;
use image::imageops;
use serde_json::json;

use crate::browser::{Browser, serve};
use crate::documents::pptx::{Slide, pptx, slide};
use crate::pages::lesson;
use crate::workshop::{Made, Workshop, dark};

const RIGHT: char = '\u{e014}';
const LEFT: char = '\u{e012}';
const PAGE_DOWN: char = '\u{e00f}';
const HOME: char = '\u{e011}';
const END: char = '\u{e010}';

/// A parent page that records messages, and embeds the document as a classroom does.
const PARENT: &str = r#"<!doctype html><meta charset="utf-8"><style>html, body { margin: 0; height: 100% } iframe { border: 0; height: 100%; width: 100%; display: block }</style>
<script>const messages = []; addEventListener('message', event => messages.push(event.data));</script>
<iframe src="index.html" allow="fullscreen"></iframe>"#;

const LAST_MESSAGE: &str = "return messages.at(-1)";
const PLAYING: &str = "return document.getElementById('stage').classList.contains('playing')";

#[tokio::test]
async fn pages_are_turned_by_key_click_touch_and_wheel_and_the_parent_is_notified() {
    let made = Workshop::new().convert_as("lesson.pptx", &lesson(), true).await.unwrap();
    let browser = show(&made).await;
    let at = async |page: u32| {
        browser.leave().await;
        browser.wait_for(LAST_MESSAGE, json!({"source": "lectern", "page": page, "pages": 20})).await;
        browser.enter("iframe").await;
        let shown = format!("{page} / 20");
        browser.wait_for("return document.getElementById('number').textContent", json!(shown)).await;
        let image = format!("pages/{page}.png");
        browser.wait_for("return document.getElementById('page').getAttribute('src')", json!(image)).await;
    };
    at(1).await;
    browser.press(RIGHT).await;
    at(2).await;
    browser.press(' ').await;
    at(3).await;
    browser.press(PAGE_DOWN).await;
    at(4).await;
    browser.press(LEFT).await;
    at(3).await;
    browser.press(END).await;
    at(20).await;
    browser.press(RIGHT).await;
    at(20).await;
    browser.press(HOME).await;
    at(1).await;
    browser.click("#stage", 100, 0).await;
    at(2).await;
    browser.click("#stage", -400, 0).await;
    at(1).await;
    browser.click("#next", 0, 0).await;
    at(2).await;
    browser.swipe("#stage", (200, 0), (-200, 10)).await;
    at(3).await;
    browser.swipe("#stage", (-200, 0), (200, 10)).await;
    at(2).await;
    browser.wheel("#stage", 120).await;
    at(3).await;
    browser.wheel("#stage", -120).await;
    at(2).await;
    browser.click("#list", 0, 0).await;
    browser.wait_for("return document.querySelectorAll('#strip img').length", json!(20)).await;
    browser.wait_for("return document.querySelector('#strip button').offsetWidth", json!(132)).await;
    browser.click("#strip button:nth-child(4)", 0, 0).await;
    at(4).await;
    browser.leave().await;
    browser.run("document.querySelector('iframe').contentWindow.postMessage({page: 17}, '*')").await;
    at(17).await;
}

#[tokio::test]
async fn the_page_shows_the_chinese_text_of_the_document() {
    let slides = [slide("第一页 分数的初步认识", "把一个整体平均分成若干份"), slide("", "")];
    let made = Workshop::new().convert_as("a.pptx", &pptx("", &slides), true).await.unwrap();
    let browser = show(&made).await;
    browser.enter("iframe").await;
    let loaded = "const page = document.getElementById('page'); return page.complete && page.naturalWidth";
    browser.wait_for(loaded, json!(1920)).await;
    let with_text = middle(&browser.screenshot("viewer.png").await);
    browser.press(RIGHT).await;
    browser.wait_for("return document.getElementById('page').getAttribute('src')", json!("pages/2.png")).await;
    browser.wait_for(loaded, json!(1920)).await;
    let without = middle(&browser.screenshot("viewer-blank.png").await);
    assert_eq!(dark(&without), 0, "the second slide is white");
    assert!(dark(&with_text) > 3_000, "{} dark pixels, see viewer.png", dark(&with_text));
}

#[tokio::test]
async fn slides_keep_their_animations() {
    let animated = |heading: &str| Slide { animated: true, ..slide(heading, "这一行要点击以后才出现") };
    let slides = [animated("第一页"), slide("第二页", "没有动画"), animated("第三页")];
    let made = Workshop::new().convert("a.pptx", &pptx("", &slides)).await.unwrap();
    let browser = show(&made).await;
    let published = async |page: u32| {
        browser.leave().await;
        browser.wait_for(LAST_MESSAGE, json!({"source": "lectern", "page": page, "pages": 3})).await;
        browser.enter("iframe").await;
    };
    browser.enter("iframe").await;
    browser.wait_for(PLAYING, json!(true)).await;
    let before = middle(&browser.screenshot("slides-before.png").await);
    browser.press(RIGHT).await;
    let after = steady(&browser, "slides-after.png", |image| dark(image) > dark(&before) + 500).await;
    assert!(dark(&before) > 500, "the heading is there from the beginning");
    published(1).await;
    browser.press(RIGHT).await;
    published(2).await;
    // Back to the end of the first slide, then to before its animation.
    browser.press(LEFT).await;
    published(1).await;
    steady(&browser, "slides-back.png", |image| dark(image).abs_diff(dark(&after)) < 100).await;
    browser.press(LEFT).await;
    steady(&browser, "slides-rewound.png", |image| dark(image).abs_diff(dark(&before)) < 100).await;
    // Nothing follows the last step of the last slide.
    browser.press(END).await;
    published(3).await;
    for _ in 0..3 {
        browser.press(RIGHT).await;
    }
    published(3).await;
    browser.press(HOME).await;
    published(1).await;
}

#[tokio::test]
async fn a_parent_that_sends_steps_receives_steps_and_can_jump_to_any() {
    let animated = |heading: &str| Slide { animated: true, ..slide(heading, "这一行要点击以后才出现") };
    let made = Workshop::new().convert("a.pptx", &pptx("", &[animated("第一页"), animated("第二页")])).await.unwrap();
    let browser = show(&made).await;
    let send = async |message: serde_json::Value| {
        browser.run(&format!("document.querySelector('iframe').contentWindow.postMessage({message}, '*')")).await;
    };
    let reported = async |page: u32, step: u32| {
        let message = json!({"source": "lectern", "page": page, "pages": 2, "step": step});
        browser.wait_for(LAST_MESSAGE, message).await;
    };
    browser.enter("iframe").await;
    browser.wait_for(PLAYING, json!(true)).await;
    browser.leave().await;
    send(json!({"page": 1, "step": 0, "bare": true})).await;
    reported(1, 0).await;
    browser.enter("iframe").await;
    browser.wait_for("return document.querySelector('footer').offsetHeight", json!(0)).await;
    browser.leave().await;
    let before = steady(&browser, "follow-before.png", |image| dark(image) > 500).await;
    send(json!({"turn": 1})).await;
    reported(1, 1).await;
    let after = steady(&browser, "follow-after.png", |image| dark(image) > dark(&before) + 500).await;
    send(json!({"turn": 1})).await;
    reported(2, 0).await;
    send(json!({"page": 2, "step": 1})).await;
    reported(2, 1).await;
    send(json!({"page": 1, "step": 0})).await;
    reported(1, 0).await;
    steady(&browser, "follow-start.png", |image| dark(image).abs_diff(dark(&before)) < 100).await;
    send(json!({"page": 1, "step": 1})).await;
    reported(1, 1).await;
    steady(&browser, "follow-jump.png", |image| dark(image).abs_diff(dark(&after)) < 100).await;
    // More steps than there are show all of them.
    send(json!({"page": 2, "step": 9})).await;
    reported(2, 1).await;
    send(json!({"turn": -1})).await;
    reported(2, 0).await;
    send(json!({"turn": -1})).await;
    reported(1, 1).await;
}

#[tokio::test]
async fn slides_are_not_played_outside_of_their_page() {
    let made = Workshop::new().convert("lesson.pptx", &lesson()).await.unwrap();
    let browser = Browser::start().await;
    browser.open(&format!("{}/slides.xhtml", serve(made.folder.path().to_owned()))).await;
    browser.wait_for("return document.readyState", json!("complete")).await;
    assert_eq!(browser.run("return typeof nCurSlide").await, json!("undefined"));
}

/// A browser with the document in a frame.
async fn show(made: &Made) -> Browser {
    std::fs::write(made.path("parent.html"), PARENT).unwrap();
    let browser = Browser::start().await;
    browser.open(&format!("{}/parent.html", serve(made.folder.path().to_owned()))).await;
    browser.enter("iframe").await;
    browser.wait_for("return document.readyState", json!("complete")).await;
    // Keys go to the focused element, so click first.
    browser.run("document.getElementById('stage').focus()").await;
    browser.leave().await;
    browser
}

/// The part of a screenshot that is always inside the slide.
fn middle(screenshot: &GrayImage) -> GrayImage {
    let (width, height) = screenshot.dimensions();
    imageops::crop_imm(screenshot, width / 10, height / 20, width * 8 / 10, height * 8 / 10).to_image()
}

/// The screenshot once it satisfies a condition and does not change any more.
async fn steady(browser: &Browser, name: &str, wanted: impl Fn(&GrayImage) -> bool) -> GrayImage {
    const STILL: usize = 4;
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
    let mut last: Option<GrayImage> = None;
    let mut still = 0;
    loop {
        let image = middle(&browser.screenshot(name).await);
        still = if last.as_ref() == Some(&image) { still + 1 } else { 1 };
        if still >= STILL && wanted(&image) {
            return image;
        }
        assert!(std::time::Instant::now() < deadline, "see {name}");
        last = Some(image);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}
