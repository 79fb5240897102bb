//! What strangers can find out: the answers for what they may not know are those for what doesn't exist.

use lectern::domain::tenancy::enterprise::Draft;
use reqwest::header::REFERRER_POLICY;
use serde_json::{Value, json};

use super::visitor;
use crate::support::component::Component;
use crate::support::service::{Enterprise, Service};

const NO_CLASS: i64 = 999_999_999;

#[tokio::test]
async fn a_login_does_not_show_who_exists() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list =
        json!([{"user_id": "li", "role": "student", "password": "secret1"}, {"user_id": "wang", "role": "student"}]);
    enterprise.ok("user/register", json!({ "list": list })).await;
    let page = Component::of(&enterprise, "", "");
    let wrong = page.call("user/login", json!({"userid": "li", "password": "wrong"})).await;
    assert_eq!(wrong["error_code"], 10218);
    for userid in ["nobody", "wang"] {
        assert_eq!(page.call("user/login", json!({"userid": userid, "password": "wrong"})).await, wrong);
    }
    // Also how many tries there are.
    let tries = async |userid: &str| {
        let mut codes = Vec::new();
        for _ in 0..12 {
            codes.push(page.call("user/login", json!({"userid": userid, "password": "wrong"})).await);
        }
        codes
    };
    let of_nobody = tries("nobody2").await;
    enterprise.students(&["zhang"]).await;
    assert_eq!(tries("zhang").await, of_nobody);
}

#[tokio::test]
async fn an_enterprise_whose_validity_is_over_is_none() {
    let service = Service::start();
    let over = service.enterprise_of(Draft { name: "Over".into(), valid_seconds: Some(10), ..Draft::default() }).await;
    let class_id = over.class(json!({})).await;
    service.pass(11);
    let page = Component::of_nobody(&service);
    let unknown = page.refused("business/base/info", json!({"enterprise_id": 999_999}), 10270).await;
    let answer = page.refused("business/base/info", json!({"enterprise_id": over.enterprise_id}), 10270).await;
    assert_eq!(answer.replace(&over.enterprise_id.to_string(), "999999"), unknown);
    for call in ["user/visitor/get", "member/visitor/join"] {
        page.refused(call, json!({ "class_id": class_id }), 10230).await;
    }
}

/// The status and the text of a class page.
async fn page(enterprise: &Enterprise<'_>, class_id: i64, rest: &str) -> (u16, String) {
    let url = format!("{}/{}/{class_id}{rest}", enterprise.service.url, enterprise.sdkappid);
    let response = enterprise.service.http.get(url).send().await.unwrap();
    assert_eq!(response.headers()[REFERRER_POLICY], "no-referrer");
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn the_page_of_a_class_names_it_to_those_who_may_enter() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let li = Component::register(&enterprise, "li", "student").await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    let office = Component::register(&enterprise, "office", "admin").await;
    let far = Component::register(&other, "li", "student").await;
    let members = json!([{"user_id": "li", "role": "student"}]);
    let class_id =
        enterprise.class(json!({"class_type": "1vN", "class_topic": "a secret topic", "members": members})).await;
    for rest in ["", "/0", "/1"] {
        let nothing = page(&enterprise, NO_CLASS, rest).await;
        assert_eq!(page(&enterprise, class_id, rest).await, nothing);
        assert_eq!(page(&other, class_id, rest).await, nothing);
        for who in [&wang, &far] {
            let query = format!("{rest}?user_id={}&token={}", who.user_id, who.token);
            assert_eq!(page(&enterprise, class_id, &query).await, nothing);
        }
        assert_eq!(page(&enterprise, class_id, &format!("{rest}?user_id=li&token=wrong")).await, nothing);
        for who in [&li, &office] {
            for query in [format!("?token={}", who.token), format!("?user_id={}&token={}", who.user_id, who.token)] {
                let (status, html) = page(&enterprise, class_id, &format!("{rest}{query}")).await;
                assert!(status == 200 && html.contains("a secret topic"), "{html}");
            }
        }
    }
    let public = enterprise.class(json!({"class_topic": "for all"})).await;
    assert!(page(&enterprise, public, "/1").await.1.contains("for all"));
}

#[tokio::test]
async fn a_visitor_knows_only_the_people_of_their_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "student").await;
    enterprise.students(&["teacher_1", "wang"]).await;
    let class_id = enterprise.class(json!({})).await;
    let other = enterprise.class(json!({})).await;
    let (guest, later) = (visitor(&enterprise, class_id).await, visitor(&enterprise, class_id).await);
    let asks = async |user_id: &str| guest.call("user/info", json!({ "user_id": user_id })).await;
    let unknown = asks("nobody").await;
    assert_eq!(unknown["error_code"], 10215);
    let unknown = unknown.to_string();
    let is_nobody = |answer: Value, user_id: &str| answer.to_string().replace(user_id, "nobody") == unknown;
    for user_id in ["li", "wang", "teacher_1", &later.user_id] {
        assert!(is_nobody(asks(user_id).await, user_id), "{user_id}");
    }
    assert_eq!(asks(&guest.user_id).await["user_info"]["user_id"], guest.user_id);
    guest.ok("member/join", json!({ "class_id": class_id })).await;
    li.ok("member/join", json!({ "class_id": class_id })).await;
    enterprise.ok("member/join", json!({"class_id": other, "user_id": "wang"})).await;
    for user_id in ["li", "teacher_1"] {
        assert_eq!(asks(user_id).await["user_info"]["user_id"], user_id);
    }
    assert!(is_nobody(asks("wang").await, "wang"));
    guest.ok("member/quit", json!({ "class_id": class_id })).await;
    assert!(is_nobody(asks("li").await, "li"));
    // Everybody with an account of the school goes on seeing the others.
    li.ok("user/info", json!({"user_id": "wang"})).await;
}

#[tokio::test]
async fn a_class_that_is_not_public_is_none_for_strangers() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let closed = enterprise.class(json!({"class_type": "1vN", "password": "x"})).await;
    let over = enterprise.class(json!({"class_type": "1vN"})).await;
    enterprise.ok("class/start", json!({ "class_id": over })).await;
    enterprise.ok("class/stop", json!({ "class_id": over })).await;
    let guest = visitor(&enterprise, class_id).await;
    let nobody = Component::of_nobody(&service);
    for (page, call, rest) in [
        (&nobody, "user/visitor/get", json!({"nickname": "v"})),
        (&nobody, "member/visitor/join", json!({"nickname": "v", "password": "y"})),
        (&guest, "user/visitor/get", json!({})),
        (&guest, "member/visitor/join", json!({})),
        (&guest, "class/info", json!({})),
        (&guest, "class/start", json!({})),
        (&guest, "class/stop", json!({})),
        (&guest, "member/join", json!({})),
        (&guest, "member/quit", json!({})),
        (&guest, "member/runtime/list", json!({})),
        (&guest, "class/document/list", json!({})),
        (&guest, "imstorage/list", json!({})),
        (&guest, "imstorage/msg", json!({})),
        (&guest, "imstorage/send", json!({"content": "x"})),
        (&guest, "report/event", json!({"event": "hand_up"})),
        (&guest, "report/event", json!({"event": "kick", "data": {"user_id": "x"}})),
        (&guest, "question/launch", json!({"question_id": "q", "options": ["A"]})),
        (&guest, "question/cancel", json!({"question_id": "q"})),
        (&guest, "question/reply", json!({"question_id": "q", "reply_select": ["A"]})),
        (&guest, "question/result", json!({})),
        (&guest, "question/info", json!({})),
        (&guest, "checkIn/info", json!({})),
        (&guest, "checkIn/result", json!({})),
    ] {
        let ask = async |class_id: i64| {
            let mut body = rest.clone();
            body["class_id"] = class_id.into();
            page.call(call, body).await.to_string().replace(&class_id.to_string(), "N")
        };
        let unknown = ask(NO_CLASS).await;
        assert!(unknown.contains("10230"), "{call}: {unknown}");
        for hidden in [closed, over] {
            assert_eq!(ask(hidden).await, unknown, "{call}");
        }
    }
    // The back end gets the reason.
    enterprise.refused("member/visitor/join", json!({ "class_id": closed }), 10203).await;
}
