//! The screens of the classroom page: on a desk and on a phone, in both languages and both colours, with names and texts that
//! try to be scripts. Screenshots are kept, and axe-core looks for what keeps people out.

use serde_json::{Value, json};

use crate::support::cable::Cable;
use crate::support::look::{LOOKS, Look};
use crate::support::page::Page;
use crate::support::service::Service;

/// A text that runs a script where it is taken for HTML.
const SCRIPT: &str = "<img src=x onerror=\"window.wasRun = true\">";

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
            look.apply(&page.browser).await;
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

async fn check(page: &Page, look: &Look, screen: &str) {
    look.check(&page.browser, &format!("classroom-{screen}")).await;
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
