//! Messages in Lectern's groups: order, pages and limits.

use serde_json::{Value, json};

use crate::support::service::{BEGIN, Enterprise, Service};

/// Sends a message and returns its number.
pub async fn say(enterprise: &Enterprise<'_>, class_id: i64, content: &str) -> i64 {
    let said = json!({"class_id": class_id, "user_id": "pupil", "content": content});
    enterprise.ok("imstorage/send", said).await["sequence"].as_i64().unwrap()
}

#[tokio::test]
async fn what_is_said_is_kept_in_its_order_and_read_in_pages() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["pupil"]).await;
    let class_id = enterprise.class(json!({})).await;
    for n in 1..=7 {
        assert_eq!(say(&enterprise, class_id, &format!("message {n}")).await, n);
        service.pass(1);
    }
    // The other group of the class and other classes have their own numbers.
    let beside = json!({"class_id": class_id, "group_id": class_id.to_string(), "user_id": "pupil", "type": "custom",
        "content": "{\"cmd\":1}", "random": 7});
    assert_eq!(enterprise.ok("imstorage/send", beside).await["sequence"], 1);
    let another = enterprise.class(json!({})).await;
    assert_eq!(say(&enterprise, another, "elsewhere").await, 1);

    let read = async |mut asked: Value| {
        asked["class_id"] = class_id.into();
        let page = enterprise.ok("imstorage/msg", asked).await;
        let said: Vec<i64> =
            page["list"].as_array().unwrap().iter().map(|row| row["sequence"].as_i64().unwrap()).collect();
        (page, said)
    };
    let (page, said) = read(json!({})).await;
    assert_eq!((&page["total"], &page["finish"], said), (&json!(7), &json!(true), (1..=7).collect()));
    let third = json!({"sequence": 3, "user_id": "pupil", "type": "text", "content": "message 3", "random": 0,
        "send_time": BEGIN + 2});
    assert_eq!(page["list"][2], third);
    for (asked, finish, expected) in [
        (json!({"size": 3}), false, vec![1, 2, 3]),
        (json!({"index": 5, "size": 2}), true, vec![6, 7]),
        (json!({"index": 6, "size": 3}), true, vec![7]),
        (json!({"index": 100}), true, vec![]),
        (json!({"after": "", "size": 3}), false, vec![1, 2, 3]),
        (json!({"after": "3", "size": 3}), false, vec![4, 5, 6]),
        (json!({"after": "4", "size": 3}), true, vec![5, 6, 7]),
    ] {
        let (page, said) = read(asked.clone()).await;
        assert_eq!((&page["total"], &page["finish"], said), (&json!(7), &json!(finish), expected), "{asked}");
        let next = asked.get("after").filter(|_| !finish).map(|_| page["list"][2]["sequence"].to_string());
        assert_eq!(page.get("next").map(|next| next.as_str().unwrap().to_owned()), next, "{asked}");
    }
    let (page, _) = read(json!({ "group_id": class_id.to_string() })).await;
    let row = &page["list"][0];
    assert_eq!((&row["type"], &row["random"]), (&json!("custom"), &json!(7)));
    let groups = enterprise.ok("imstorage/list", json!({ "class_id": class_id })).await;
    let groups: Vec<(&Value, &Value, &Value)> =
        groups["list"].as_array().unwrap().iter().map(|row| (&row["group_id"], &row["type"], &row["total"])).collect();
    let (chat, command) = (json!(format!("{class_id}_chat")), json!(class_id.to_string()));
    assert_eq!(groups, [(&chat, &json!("chat"), &json!(7)), (&command, &json!("command"), &json!(1))]);
}

#[tokio::test]
async fn messages_sent_at_once_are_numbered_without_a_gap() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["pupil"]).await;
    let class_id = enterprise.class(json!({})).await;
    let mut numbers = futures_util::future::join_all((0..40).map(|_| say(&enterprise, class_id, "at once"))).await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_message_that_comes_again_is_kept_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["pupil", "other"]).await;
    let class_id = enterprise.class(json!({})).await;
    let message = |user_id: &str, content: &str, random: i64| json!({"class_id": class_id, "user_id": user_id, "content": content, "random": random});
    let first = enterprise.ok("imstorage/send", message("pupil", "hello", 5)).await;
    service.pass(10);
    assert_eq!(enterprise.ok("imstorage/send", message("pupil", "hello", 5)).await, first);
    let refused = enterprise.refused("imstorage/send", message("pupil", "something else", 5), 10003).await;
    assert!(refused.contains("random"), "{refused}");
    // The number is chosen by the sender. 0 means none.
    for (asked, sequence) in [
        (message("other", "hello", 5), 2),
        (message("pupil", "hello", 6), 3),
        (message("pupil", "hello", 0), 4),
        (message("pupil", "hello", 0), 5),
    ] {
        assert_eq!(enterprise.ok("imstorage/send", asked).await["sequence"], sequence);
    }
}

#[tokio::test]
async fn what_can_not_be_said_is_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["pupil"]).await;
    let (class_id, ended) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
    say(&enterprise, ended, "before the end").await;
    enterprise.ok("class/start", json!({ "class_id": ended })).await;
    enterprise.ok("class/stop", json!({ "class_id": ended })).await;
    let message = json!({"class_id": class_id, "user_id": "pupil", "content": "hello"});
    for (field, value, code) in [
        ("class_id", json!(999_999_999), 10230),
        ("class_id", json!(ended), 10224),
        ("user_id", json!("nobody"), 10215),
        ("user_id", json!(""), 10003),
        ("group_id", json!(format!("{ended}_chat")), 10003),
        ("group_id", json!("free"), 10003),
        ("content", json!(""), 10003),
        ("content", json!(null), 10003),
        ("content", json!("a\u{0}b"), 10003),
        ("content", json!("a\u{7f}b"), 10003),
        ("content", json!("x".repeat(8_193)), 10003),
        ("type", json!("video"), 10003),
        ("random", json!(-1), 10003),
    ] {
        let mut wrong = message.clone();
        wrong[field] = value;
        let said = enterprise.refused("imstorage/send", wrong, code).await;
        assert!(said.contains(field), "{said}");
    }
    assert_eq!(enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await["total"], 0);
    // Line breaks and messages of the maximum length are accepted. The messages of an ended class can be read.
    let long = format!("first line\nsecond\tline{}", "字".repeat(8_192 - 22));
    say(&enterprise, class_id, &long).await;
    let kept = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await;
    assert_eq!(kept["list"][0]["content"], long);
    assert_eq!(enterprise.ok("imstorage/msg", json!({ "class_id": ended })).await["total"], 1);
}

#[tokio::test]
async fn messages_outlive_a_restart_and_go_with_their_class() {
    let mut service = Service::start();
    let (class_id, sdkappid);
    {
        let enterprise = service.enterprise().await;
        sdkappid = enterprise.sdkappid;
        enterprise.students(&["pupil"]).await;
        class_id = enterprise.class(json!({})).await;
        say(&enterprise, class_id, "hello").await;
    }
    service.restart();
    let enterprise = service.enterprise_with(sdkappid).await;
    assert_eq!(say(&enterprise, class_id, "again").await, 2);
    let kept = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await;
    assert_eq!(kept["list"][0]["content"], "hello");
    enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    enterprise.refused("imstorage/msg", json!({ "class_id": class_id }), 10230).await;
}

#[tokio::test]
async fn messages_are_sent_by_those_inside_and_read_by_those_admitted() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list = json!([{"user_id": "pupil", "role": "student"}, {"user_id": "stranger", "role": "student"}]);
    let tickets = enterprise.ok("user/register", json!({ "list": list })).await;
    let members = json!([{"user_id": "pupil", "role": "student"}]);
    let class_id = enterprise.class(json!({"class_type": "1vN", "members": members})).await;
    let component = async |who: usize, call: &str, body: Value| {
        let ticket = &tickets["user_list"][who];
        let (user_id, token) = (ticket["user_id"].as_str().unwrap(), ticket["user_token"].as_str().unwrap());
        let sdkappid = enterprise.sdkappid;
        let url = format!("{}/saas/v1/{call}?sdkappid={sdkappid}&user_id={user_id}&token={token}", service.url);
        let answer: Value = service.http.post(url).body(body.to_string()).send().await.unwrap().json().await.unwrap();
        answer
    };
    let hello = json!({"class_id": class_id, "content": "hello", "user_id": "stranger"});
    // Nothing before they join.
    assert_eq!(component(0, "imstorage/send", hello.clone()).await["error_code"], 10203);
    assert_eq!(component(0, "member/join", json!({ "class_id": class_id })).await["error_code"], 0);
    assert_eq!(component(0, "imstorage/send", hello.clone()).await["sequence"], 1);
    let read = component(0, "imstorage/msg", json!({ "class_id": class_id })).await;
    // The sender is the signed-in user, not the one in the body.
    assert_eq!((&read["total"], &read["list"][0]["user_id"]), (&json!(1), &json!("pupil")), "{read}");
    assert_eq!(component(0, "imstorage/list", json!({ "class_id": class_id })).await["total"], 2);
    for call in ["imstorage/list", "imstorage/msg"] {
        assert_eq!(component(1, call, json!({ "class_id": class_id })).await["error_code"], 10226, "{call}");
    }
    assert_eq!(component(1, "imstorage/send", hello.clone()).await["error_code"], 10203);
    component(0, "member/quit", json!({ "class_id": class_id })).await;
    assert_eq!(component(0, "imstorage/send", hello).await["error_code"], 10203);
}
