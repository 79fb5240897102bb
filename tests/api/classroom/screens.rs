//! The screens of the classroom page: on a desk and on a phone, in both languages and both colours, with names and texts that
//! try to be scripts. Screenshots are kept, and axe-core looks for what keeps people out.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::cable::Cable;
use crate::support::page::Page;
use crate::support::service::Service;

/// A text that runs a script where it is taken for HTML.
const SCRIPT: &str = "<img src=x onerror=\"window.wasRun = true\">";

/// How a person looks at the page.
struct Look {
    name: &'static str,
    size: (u32, u32, bool),
    language: &'static str,
    is_dark: bool,
}

const LOOKS: [Look; 4] = [
    Look { name: "desk-en", size: (1440, 900, false), language: "en-US", is_dark: false },
    Look { name: "desk-zh-dark", size: (1440, 900, false), language: "zh-CN", is_dark: true },
    Look { name: "phone-zh", size: (360, 740, true), language: "zh-CN", is_dark: false },
    Look { name: "phone-en-dark", size: (360, 740, true), language: "en-US", is_dark: true },
];

/// The tabs of the panel of a teacher, by their place.
const TABS: [&str; 5] = ["people", "chat", "slides", "tools", "attendance"];

#[tokio::test]
async fn every_screen_can_be_used_by_everybody_and_no_text_is_a_script() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let users = json!({"list": [
        {"user_id": "li", "role": "teacher", "nickname": "李老师"},
        {"user_id": "wang", "role": "student", "nickname": SCRIPT},
    ]});
    let users = enterprise.ok("user/register", users).await;
    let token = |at: usize| users["user_list"][at]["user_token"].as_str().unwrap().to_owned();
    let members = json!([{"user_id": "wang", "role": "student"}]);
    let topic = format!("Light {SCRIPT}");
    let class = json!({"teacher_id": "li", "class_type": "1vN", "class_topic": topic, "members": members});
    let class_id = enterprise.class(class).await;
    let address = format!("{}/{}/{class_id}", service.url, enterprise.sdkappid);
    let (teacher, pupil) = (Page::open("about:blank").await, Page::open("about:blank").await);
    for look in &LOOKS {
        for page in [&teacher, &pupil] {
            page.browser.resize(look.size.0, look.size.1, look.size.2).await;
            page.browser.speak(look.language).await;
            page.browser.darken(look.is_dark).await;
            page.browser.open("about:blank").await;
        }
        teacher.browser.open(&format!("{address}/0")).await;
        // The tab remembers who entered in the round before.
        teacher.browser.run("sessionStorage.clear()").await;
        teacher.browser.open(&format!("{address}/0?anew")).await;
        teacher.until("document.querySelector('form')").await;
        check(&teacher, look, "sign-in").await;
        teacher.browser.open(&format!("{address}/0?again#li/{}", token(0))).await;
        pupil.browser.open(&format!("{address}/1?again#wang/{}", token(1))).await;
        pupil.knows("state.members.li && state.members.wang").await;
        check(&pupil, look, "pupil").await;
        // Something to look at: a hand, a message, a card.
        let body = json!({"class_id": class_id, "content": format!("{SCRIPT} javascript:alert(1) https://example.com/"), "user_id": "wang"});
        enterprise.ok("imstorage/send", body).await;
        teacher.knows("state.members.wang && state.messages.length > 0").await;
        for (at, tab) in TABS.into_iter().enumerate() {
            let press = format!("document.querySelectorAll('[role=tab]')[{at}].click()");
            teacher.until("document.querySelectorAll('[role=tab]').length === 5").await;
            teacher.browser.run(&press).await;
            teacher.until(&format!("document.querySelectorAll('[role=tab]')[{at}].ariaSelected === 'true'")).await;
            check(&teacher, look, tab).await;
        }
        for page in [&teacher, &pupil] {
            assert_eq!(page.browser.run("return window.wasRun ?? null").await, Value::Null, "{}", look.name);
        }
    }
}

/// Takes a screenshot, and lets axe-core look for faults, if it is installed: `npm ci` in `web/classroom` does that.
async fn check(page: &Page, look: &Look, screen: &str) {
    page.screenshot(&format!("{screen}-{}", look.name)).await;
    let wide = page.browser.run("return document.documentElement.scrollWidth - innerWidth").await;
    assert!(wide.as_i64().unwrap() <= 0, "{screen} of {} is wider than the screen by {wide}", look.name);
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/classroom/node_modules/axe-core/axe.min.js");
    let Ok(axe) = std::fs::read_to_string(axe) else {
        println!("axe-core is not installed, so it did not look at {screen}");
        return;
    };
    let script = "const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'] })
        .then((found) => done(found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
        .map((one) => [one.id, one.nodes.map((node) => node.html)])), (problem) => done(String(problem)))";
    let found = page.browser.run_until_done(&format!("{axe}\n{script}")).await;
    assert_eq!(found, json!([]), "{screen} of {}", look.name);
}

#[tokio::test]
async fn a_pupil_who_was_offline_for_a_minute_knows_the_same_as_the_others() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let users = json!({"list": [{"user_id": "li", "role": "teacher"}, {"user_id": "wang", "role": "student"}]});
    let users = enterprise.ok("user/register", users).await;
    let members = json!([{"user_id": "wang", "role": "student"}]);
    let class_id = enterprise.class(json!({"teacher_id": "li", "class_type": "1vN", "members": members})).await;
    let link = |url: &str, at: usize, user_id: &str| {
        let token = users["user_list"][at]["user_token"].as_str().unwrap();
        format!("{url}/{}/{class_id}/{at}#{user_id}/{token}", enterprise.sdkappid)
    };
    let cable = Cable::to(service.url.trim_start_matches("http://").parse().unwrap()).await;
    let teacher = Page::open(&link(&service.url, 0, "li")).await;
    let pupil = Page::open(&link(&format!("http://{}", cable.address), 1, "wang")).await;
    for page in [&teacher, &pupil] {
        page.knows("Object.keys(state.members).length === 2").await;
    }
    cable.pull();
    pupil.knows("state.connection !== 'open'").await;
    for minute in 0..6 {
        service.pass(10);
        teacher.browser.draw(super::CANVAS, &[(-100, minute * 20), (100, minute * 20)]).await;
        let body = json!({"class_id": class_id, "content": format!("message {minute}"), "user_id": "li"});
        enterprise.ok("imstorage/send", body).await;
    }
    teacher.press("Add a whiteboard page").await;
    teacher.press("Previous page").await;
    teacher.knows("state.items.length === 6 && state.messages.length === 6 && state.board.shown.page === 'w1'").await;
    cable.plug_in();
    pupil.knows("state.connection === 'open' && state.items.length === 6 && state.messages.length === 6").await;
    let (of_teacher, of_pupil) = (teacher.state().await, pupil.state().await);
    for known in ["class", "members", "messages", "board", "items", "timer", "documents"] {
        assert_eq!(of_teacher[known], of_pupil[known], "{known}");
    }
}
