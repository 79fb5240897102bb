//! Classes in the console: which go on, who is inside, what happened, and ending one.

use lectern::domain::tenancy::audit::AuditAction;
use serde_json::json;

use super::deliveries::audited;
use crate::support::receiver::Receiver;
use crate::support::service::{Enterprise, Service};
use crate::support::visitor::Visitor;
use crate::support::webhooks;

fn list(enterprise: &Enterprise<'_>) -> String {
    format!("/e/{}/classes", enterprise.sdkappid)
}

#[tokio::test]
async fn classes_are_listed_by_what_becomes_of_them() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let planned = enterprise.class(json!({"class_topic": "Planned algebra"})).await.to_string();
    let running = webhooks::begun_class(&enterprise).await;
    let over = webhooks::begun_class(&enterprise).await;
    enterprise.ok("class/stop", json!({"class_id": over})).await;
    enterprise.students(&["li", "wang"]).await;
    for user_id in ["li", "wang"] {
        enterprise.ok("member/join", json!({"class_id": running, "user_id": user_id})).await;
    }
    let (running, over) = (running.to_string(), over.to_string());
    let visitor = Visitor::by_link(&enterprise, "support", "li").await;
    for (query, there, not_there) in [
        ("", vec![&running], vec![&planned, &over]),
        ("?state=will", vec![&planned], vec![&running, &over]),
        ("?state=end", vec![&over], vec![&planned, &running]),
        ("?state=all", vec![&planned, &running, &over], vec![]),
    ] {
        let page = visitor.open(&format!("{}{query}", list(&enterprise))).await;
        for class_id in there {
            page.must_show(class_id);
        }
        for class_id in not_there {
            assert!(!page.shows(class_id), "{query}: {class_id}");
        }
    }
    let page = visitor.open(&list(&enterprise)).await;
    assert!(page.html.contains("<td class=\"number\">2</td>"), "two are inside: {}", page.html);
    visitor.open(&format!("{}?state=will", list(&enterprise))).await.must_show("Planned algebra");
}

#[tokio::test]
async fn a_class_shows_who_is_inside_and_what_happened() {
    let (receiver, service) = (Receiver::start(), webhooks::start(&[]));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    enterprise.students(&["li"]).await;
    let class_id = webhooks::begun_class(&enterprise).await;
    for user_id in ["pupil", "li"] {
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await;
    }
    service.pass(60);
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "li"})).await;
    webhooks::wait_for_state(&enterprise, "delivered", 4).await;
    let visitor = Visitor::by_link(&enterprise, "admin", "li").await;
    let one = format!("{}/{class_id}", list(&enterprise));
    let page = visitor.open(&one).await;
    for text in [
        "In progress",
        "Inside now (1)",
        "pupil joined as student",
        "li joined as student",
        "li left: they left",
        "Class began",
    ] {
        page.must_show(text);
    }
    assert!(!page.shows("Somebody joined"), "the sessions say it already");

    let page = visitor.post(&format!("{one}/end"), &[]).await;
    assert_eq!(page.location, format!("/console{one}"));
    let page = visitor.open(&one).await;
    for text in ["Over", "Inside now (0)", "pupil left: the class ended", "(ended by somebody)"] {
        page.must_show(text);
    }
    assert!(!page.html.contains("/end\""), "it can't be ended again");
    receiver.wait_until("the end", |requests| requests.iter().any(|request| request.event() == "class_over")).await;
    let entry = audited(&service).await.remove(0);
    assert_eq!((entry.action, entry.target), (AuditAction::ClassEnd, class_id.to_string()));
}

#[tokio::test]
async fn support_ends_no_class_and_nobody_sees_those_of_another_enterprise() {
    let service = Service::start();
    let (mine, other) = (service.enterprise().await, service.enterprise().await);
    let (own, theirs) = (webhooks::begun_class(&mine).await, webhooks::begun_class(&other).await);
    let support = Visitor::by_link(&mine, "support", "li").await;
    let admin = Visitor::by_link(&mine, "admin", "wang").await;
    let page = support.open(&format!("{}/{own}", list(&mine))).await;
    assert!(!page.html.contains("/end\""));
    assert_eq!(support.post(&format!("{}/{own}/end", list(&mine)), &[]).await.status, 403);
    admin.open(&list(&mine)).await;
    for path in [list(&other), format!("{}/{theirs}", list(&mine)), format!("{}/{theirs}", list(&other))] {
        assert_eq!(admin.get(&path).await.status, 404, "{path}");
    }
    for path in [format!("{}/{theirs}/end", list(&mine)), format!("{}/{theirs}/end", list(&other))] {
        assert_eq!(admin.post(&path, &[]).await.status, 404, "{path}");
    }
    for (enterprise, class_id) in [(&mine, own), (&other, theirs)] {
        assert_eq!(enterprise.ok("class/info", json!({"class_id": class_id})).await["class_status"], "ing");
    }
    let planned = mine.class(json!({})).await;
    assert_eq!(admin.post(&format!("{}/{planned}/end", list(&mine)), &[]).await.status, 400, "it has not begun");
}

#[tokio::test]
async fn topics_and_names_of_strangers_are_texts() {
    let script = "\"'><script>alert(1)</script>";
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&[script]).await;
    let stop_time = service.now() + 1_000_000;
    let class_id = enterprise.class(json!({"class_topic": script, "teacher_id": script, "stop_time": stop_time})).await;
    enterprise.ok("class/start", json!({"class_id": class_id})).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": script})).await;
    let visitor = Visitor::by_link(&enterprise, "admin", "li").await;
    let page = visitor.open(&format!("{}/{class_id}", list(&enterprise))).await;
    assert_eq!(page.html.matches("Class began").count(), 1, "also without an event");
    let encoded: String = url::form_urlencoded::byte_serialize(script.as_bytes()).collect();
    let (classes, users) = (list(&enterprise), format!("/e/{}/users", enterprise.sdkappid));
    for path in [
        classes.clone(),
        format!("{classes}/{class_id}"),
        format!("{classes}?state={encoded}&before={encoded}"),
        users.clone(),
        format!("{users}?search={encoded}"),
        format!("{users}/one?id={encoded}"),
    ] {
        let page = visitor.open(&path).await;
        assert!(!page.html.contains("<script>"), "{path}");
        page.must_show(script);
    }
}

#[tokio::test]
async fn the_classes_of_today_begin_on_the_day_of_the_visitor() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let now = service.now();
    let class = async |topic: &str, begin: i64| {
        enterprise
            .class(json!({"class_topic": topic, "start_time": now + begin, "stop_time": now + begin + 1_000_000}))
            .await
    };
    // It is 22:13 in London and 06:13 of the next day in Shanghai.
    class("Day before", -86_400).await;
    class("Soon", 3_600).await;
    class("Morning", -12 * 3_600).await;
    let running = class("Running", 2 * 86_400).await;
    class("Midnight", 2 * 3_600).await;
    enterprise.ok("class/start", json!({"class_id": running})).await;
    enterprise.students(&["li"]).await;
    enterprise.ok("member/join", json!({"class_id": running, "user_id": "li"})).await;
    let visitor = Visitor::by_link(&enterprise, "support", "li").await;
    for (zone, date, topics) in [
        ("", "2023-11-14 (UTC)", vec!["Morning", "Running", "Soon"]),
        ("&zone=480", "2023-11-15 (UTC+08:00)", vec!["Running", "Soon", "Midnight"]),
        ("&zone=nonsense", "2023-11-14 (UTC)", vec!["Morning", "Running", "Soon"]),
    ] {
        let page = visitor.open(&format!("{}?state=today{zone}", list(&enterprise))).await;
        page.must_show(date);
        let cells = page.html.split("<td class=\"break\">").map(|rest| rest.split('<').next().unwrap());
        let shown: Vec<&str> = cells.skip(1).step_by(2).collect();
        assert_eq!(shown, topics, "{zone}");
        assert!(page.html.contains("<td class=\"number\">1</td>"), "one is inside");
    }
}

#[tokio::test]
async fn the_classes_of_today_have_pages() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for nth in 0..70 {
        // Some begin at the same time.
        let fields = json!({"class_topic": format!("Topic {nth:02}."), "start_time": service.now() + nth / 3});
        enterprise.class(fields).await;
    }
    let visitor = Visitor::by_link(&enterprise, "admin", "li").await;
    let page = visitor.open(&format!("{}?state=today", list(&enterprise))).await;
    assert!(page.shows("Topic 00.") && page.shows("Topic 49.") && !page.shows("Topic 50."));
    page.must_show("Total: 70");
    let next = page.html.split("rel=\"next\" href=\"/console").nth(1).unwrap().split('"').next().unwrap();
    let page = visitor.open(&next.replace("&#38;", "&")).await;
    assert!(!page.shows("Topic 49.") && page.shows("Topic 50.") && page.shows("Topic 69."));
    assert!(!page.html.contains("rel=\"next\""));
}
