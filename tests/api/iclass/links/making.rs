//! Who gets a link, and what it is.

use serde_json::json;

use super::{class, holder, link};
use crate::support::service::Service;

#[tokio::test]
async fn a_link_is_the_page_of_the_class_with_a_token() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let page = format!("{}/{}/{class_id}", service.url, enterprise.sdkappid);
    for (user_id, door) in [("teacher_1", 0), ("li", 1)] {
        let made = enterprise.ok("class/link", json!({"class_id": class_id, "user_id": user_id})).await;
        let (at, token) = made["url"].as_str().unwrap().rsplit_once('/').unwrap();
        assert_eq!(at, format!("{page}/{door}#{user_id}"));
        assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
        assert_eq!(made["expire_time"], service.now() + 3600);
    }
    let asked = json!({"class_id": class_id, "user_id": "li", "valid_seconds": 60});
    assert_eq!(enterprise.ok("class/link", asked).await["expire_time"], service.now() + 60);
}

#[tokio::test]
async fn who_opens_a_link_is_its_user_and_enters_the_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let (teacher, li) = (link(&enterprise, class_id, "teacher_1").await, link(&enterprise, class_id, "li").await);
    let on = json!({ "class_id": class_id });
    assert_eq!(li.ok("user/info", json!({})).await["user_info"]["user_id"], "li");
    assert_eq!(li.ok("class/info", on.clone()).await["class_id"], class_id);
    teacher.ok("member/join", on.clone()).await;
    teacher.ok("class/start", on.clone()).await;
    assert_eq!(li.ok("member/join", on.clone()).await["role"], "student");
    li.ok("report/heartbeat", on.clone()).await;
    li.ok("report/event", json!({"class_id": class_id, "event": "hand_up"})).await;
    li.ok("imstorage/send", json!({"class_id": class_id, "content": "hello"})).await;
    let inside = teacher.ok("member/runtime/list", on.clone()).await;
    let ids: Vec<&str> =
        inside["list"].as_array().unwrap().iter().map(|row| row["user_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["teacher_1", "li"]);
    li.ok("member/quit", on).await;
}

#[tokio::test]
async fn a_public_class_takes_links_of_everybody() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["li"]).await;
    let class_id = enterprise.class(json!({})).await;
    link(&enterprise, class_id, "li").await.ok("member/join", json!({ "class_id": class_id })).await;
}

#[tokio::test]
async fn any_user_id_fits_into_an_address() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    for (user_id, written) in
        [("a/b#c?d&e=f", "a%2Fb%23c%3Fd%26e%3Df"), ("张 三%", "%E5%BC%A0%20%E4%B8%89%25"), ("a-b._~", "a-b._~")]
    {
        enterprise.students(&[user_id]).await;
        let made = enterprise.ok("class/link", json!({"class_id": class_id, "user_id": user_id})).await;
        let component = holder(&enterprise, made["url"].as_str().unwrap());
        assert_eq!(component.user_id, written);
        assert_eq!(component.ok("user/info", json!({})).await["user_info"]["user_id"], user_id);
    }
}

#[tokio::test]
async fn there_are_no_links_for_those_who_may_not_enter() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let class_id = class(&enterprise).await;
    let ask = |class_id: i64, user_id: &str| json!({"class_id": class_id, "user_id": user_id});
    enterprise.refused("class/link", ask(999_999_999, "li"), 10230).await;
    other.refused("class/link", ask(class_id, "li"), 10230).await;
    enterprise.refused("class/link", ask(class_id, "nobody"), 10215).await;
    enterprise.refused("class/link", ask(class_id, "zhang"), 10226).await;
    let kick = json!({"class_id": class_id, "event": "kick", "data": {"user_id": "wang"}});
    link(&enterprise, class_id, "teacher_1").await.ok("report/event", kick).await;
    enterprise.refused("class/link", ask(class_id, "wang"), 10203).await;
    for seconds in [json!(0), json!(-1), json!(86_401), json!("x"), json!(1.5)] {
        let mut asked = ask(class_id, "li");
        asked["valid_seconds"] = seconds;
        let message = enterprise.refused("class/link", asked, 10003).await;
        assert!(message.contains("valid_seconds"), "{message}");
    }
    for call in ["class/start", "class/stop"] {
        enterprise.ok(call, json!({ "class_id": class_id })).await;
    }
    enterprise.refused("class/link", ask(class_id, "li"), 10224).await;
}
