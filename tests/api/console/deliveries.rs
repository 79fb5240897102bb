//! Deliveries in the console: finding them, understanding why they failed, and delivering again.

use diesel::connection::SimpleConnection;
use lectern::db::Conn;
use lectern::domain;
use lectern::domain::tenancy::audit;
use lectern::domain::tenancy::audit::{AuditAction, AuditEntry, Filter};
use lectern::store::{Page as Rows, Start};
use serde_json::json;

use crate::support::receiver::{Receiver, Reply};
use crate::support::service::{Enterprise, Service};
use crate::support::visitor::{Page, Visitor};
use crate::support::webhooks;

/// The audit log, the newest entry first.
pub async fn audited(service: &Service) -> Vec<AuditEntry> {
    let page = Rows { start: Start::After(None), size: 100 };
    let read = move |conn: &mut Conn| Ok::<_, domain::Error>(audit::list(conn, &Filter::default(), page)?);
    service.app.db.read(read).await.unwrap()
}

fn list(enterprise: &Enterprise<'_>) -> String {
    format!("/e/{}/deliveries", enterprise.sdkappid)
}

/// The rows of the list on a page.
fn rows(page: &Page) -> usize {
    page.html.split("id=\"results\"").nth(1).unwrap().matches("<th scope=\"row\">").count()
}

/// The path of the first delivery on a page.
fn first(page: &Page) -> String {
    let results = page.html.split("id=\"results\"").nth(1).unwrap();
    let link = results.split("<th scope=\"row\"><a href=\"/console").nth(1).unwrap();
    link.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_delivery_that_failed_is_found_understood_and_made_again() {
    let service = webhooks::start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|_| Reply::Whole(500, "text/plain", "the disk is full".into()));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let class_id = webhooks::begun_class(&enterprise).await;
    webhooks::wait_for_state(&enterprise, "dead", 1).await;
    let visitor = Visitor::by_link(&enterprise, "admin", "li").await;

    let page = visitor.open(&list(&enterprise)).await;
    for text in [receiver.url.as_str(), "HTTP 500", "class_begin", "Given up", &class_id.to_string()] {
        page.must_show(text);
    }
    let of_reason = page.html.split("id=\"failures\"").nth(1).unwrap().split("href=\"/console").nth(1).unwrap();
    let of_reason = of_reason.split('"').next().unwrap().replace("&#38;", "&");
    let page = visitor.open(&of_reason).await;
    assert_eq!(rows(&page), 1);
    page.must_show("Reason: HTTP 500");

    let one = first(&page);
    let page = visitor.open(&one).await;
    let wanted = ["class_begin", "Attempt 1", "HTTP 500", "the disk is full", "\"real_start_time\"", "********"];
    for text in [&wanted[..], &[&format!("POST {}", receiver.url)]].concat() {
        page.must_show(text);
    }
    assert!(!page.shows(&enterprise.tic_key));

    receiver.answer(|_| Reply::Ack);
    assert_eq!(visitor.post(&format!("{one}/replay"), &[]).await.location, format!("/console{one}"));
    webhooks::wait_for_state(&enterprise, "delivered", 1).await;
    let page = visitor.open(&one).await;
    for text in ["Delivered", "Attempt 2", "Acknowledged", "Attempt 1"] {
        page.must_show(text);
    }
    let entries = audited(&service).await;
    let AuditEntry { action, actor, address, target, enterprise_id, .. } = &entries[0];
    assert_eq!((*action, actor.as_str(), address.as_str()), (AuditAction::DeliveriesReplay, "li", "127.0.0.1"));
    assert_eq!(enterprise_id.unwrap().0, enterprise.enterprise_id);
    assert!(one.ends_with(&format!("/{target}")), "{target}");
}

#[tokio::test]
async fn a_delivery_without_an_answer_says_why() {
    let service = webhooks::start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    webhooks::test_events(&enterprise, 1).await;
    let dead = webhooks::wait_for_state(&enterprise, "dead", 1).await.remove(0);
    let problem = webhooks::info(&enterprise, &dead).await["attempt_list"][0]["problem"].as_str().unwrap().to_owned();
    let visitor = Visitor::operator(&service).await;
    let page = visitor.open(&list(&enterprise)).await;
    page.must_show(&problem);
    let page = visitor.open(&first(&page)).await;
    page.must_show("No answer");
    page.must_show(&problem);
}

#[tokio::test]
async fn all_that_match_are_delivered_again_after_a_question() {
    let service = webhooks::start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|request| match request.event() {
        "callback_test" => Reply::Whole(503, "text/plain", String::new()),
        _ => Reply::json(&json!({"error_code": 7})),
    });
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    webhooks::test_events(&enterprise, 3).await;
    webhooks::begun_class(&enterprise).await;
    webhooks::wait_for_state(&enterprise, "dead", 4).await;
    let visitor = Visitor::operator(&service).await;
    let (list, query) = (list(&enterprise), "state=dead&reason=HTTP+503");
    assert!(!visitor.open(&list).await.html.contains("/replay"), "without a state nothing says what would be sent");
    assert_eq!(rows(&visitor.open(&format!("{list}?{query}")).await), 3);
    visitor.open(&format!("{list}/replay?{query}")).await.must_show("3 deliveries match.");
    assert_eq!(receiver.requests().len(), 4, "the question does nothing");

    receiver.answer(|_| Reply::Ack);
    let page = visitor.post(&format!("{list}/replay"), &[("state", "dead"), ("reason", "HTTP 503")]).await;
    assert_eq!(page.location, format!("/console{list}?done=replayed&count=3"));
    visitor.open(page.location.strip_prefix("/console").unwrap()).await.must_show("3 deliveries will be made again.");
    webhooks::wait_for_state(&enterprise, "delivered", 3).await;
    assert_eq!(webhooks::deliveries(&enterprise, &json!({"state": "dead"})).await.len(), 1);
    let entries = audited(&service).await;
    assert_eq!(entries[0].details, r#"{"count":3,"filter":{"reason":"HTTP 503","state":"dead"}}"#);
    for state in ["", "pending"] {
        assert_eq!(visitor.post(&format!("{list}/replay"), &[("state", state)]).await.status, 404, "{state}");
    }
}

#[tokio::test]
async fn deliveries_are_paused_resumed_and_tested() {
    let (receiver, service) = (Receiver::start(), webhooks::start(&[]));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let visitor = Visitor::by_link(&enterprise, "admin", "li").await;
    let list = list(&enterprise);
    visitor.open(&list).await.must_show("Running");
    visitor.post(&format!("{list}/pause"), &[]).await;
    visitor.open(&format!("{list}?done=paused")).await.must_show("Deliveries are paused.");
    let page = visitor.post(&format!("{list}/test"), &[]).await;
    assert_eq!(page.location, format!("/console{list}?done=tested"));
    let page = visitor.open(&list).await;
    for text in ["callback_test", "Pending", "Not tried yet", "Events wait until you resume."] {
        page.must_show(text);
    }
    visitor.open(&first(&page)).await.must_show("It waits, because deliveries are paused.");
    assert!(receiver.requests().is_empty());
    visitor.post(&format!("{list}/resume"), &[]).await;
    assert_eq!(receiver.wait_for(1).await[0].event(), "callback_test");
    let actions: Vec<AuditAction> = audited(&service).await.into_iter().take(3).map(|entry| entry.action).collect();
    let wanted = [AuditAction::DeliveriesResume, AuditAction::DeliveriesTest, AuditAction::DeliveriesPause];
    assert_eq!(actions, wanted);
}

#[tokio::test]
async fn without_an_address_there_is_nothing_to_test() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let visitor = Visitor::operator(&service).await;
    visitor.open(&list(&enterprise)).await.must_show("No callback address is set");
    assert_eq!(visitor.post(&format!("{}/test", list(&enterprise)), &[]).await.status, 400);
}

#[tokio::test]
async fn the_list_is_filtered_by_state_class_event_and_time() {
    let (receiver, service) = (Receiver::start(), webhooks::start(&[]));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let one = webhooks::begun_class(&enterprise).await;
    service.pass(3_600);
    let two = webhooks::begun_class(&enterprise).await;
    webhooks::moves(&enterprise, &[two], 2).await;
    webhooks::wait_for_state(&enterprise, "delivered", 4).await;
    enterprise.set(webhooks::paused(true)).await;
    service.pass(3_600);
    webhooks::test_events(&enterprise, 1).await;
    let visitor = Visitor::operator(&service).await;
    let list = list(&enterprise);
    // The first class began at 22:13:20.
    for (query, count) in [
        (String::new(), 5),
        ("state=delivered".into(), 4),
        ("state=pending".into(), 1),
        ("state=dead".into(), 0),
        (format!("class={one}"), 1),
        (format!("class={two}"), 3),
        (format!("class={two}&event=left"), 1),
        ("event=class_began".into(), 2),
        ("event=joined&state=delivered".into(), 1),
        ("event=test&state=delivered".into(), 0),
        ("event=test".into(), 1),
        ("since=2023-11-14T22:14".into(), 4),
        ("until=2023-11-14T22:14".into(), 1),
        ("since=2023-11-14T22:14&until=2023-11-15T00:00".into(), 3),
        ("since=2023-11-15T00:13:20".into(), 1),
        ("since=2023-11-15T00:13:21".into(), 0),
        ("until=2023-11-14T22:13:20".into(), 0),
        ("event=class_began&since=2023-11-14T23:00".into(), 1),
        ("state=nonsense&class=x&event=y&since=z&after=q".into(), 5),
    ] {
        assert_eq!(rows(&visitor.open(&format!("{list}?{query}")).await), count, "{query}");
    }
}

#[tokio::test]
async fn pages_follow_one_another_without_a_gap() {
    let service = webhooks::start(&[]);
    let enterprise = webhooks::subscribed(&service, "https://hooks.example.com/x").await;
    enterprise.set(webhooks::paused(true)).await;
    webhooks::test_events(&enterprise, 120).await;
    let visitor = Visitor::operator(&service).await;
    for query in ["", "?event=test"] {
        let (mut path, mut seen) = (format!("{}{query}", list(&enterprise)), Vec::new());
        let mut sizes = Vec::new();
        loop {
            let page = visitor.open(&path).await;
            sizes.push(rows(&page));
            let results = page.html.split("id=\"results\"").nth(1).unwrap();
            let links = results.split("<th scope=\"row\"><a href=\"").skip(1);
            seen.extend(links.map(|link| link.split('"').next().unwrap().to_owned()));
            let Some(next) = page.html.split("rel=\"next\" href=\"/console").nth(1) else { break };
            path = next.split('"').next().unwrap().replace("&#38;", "&");
        }
        assert_eq!(sizes, [50, 50, 20], "{query}");
        seen.dedup();
        assert_eq!(seen.len(), 120);
    }
}

/// A kind that is rare among very many events: no page reads them all, and the last page has it.
#[tokio::test]
async fn a_search_for_something_rare_reads_a_part_at_once() {
    let service = webhooks::start(&[]);
    let enterprise = webhooks::subscribed(&service, "https://hooks.example.com/x").await;
    enterprise.set(webhooks::paused(true)).await;
    webhooks::test_events(&enterprise, 1).await;
    let visitor = Visitor::operator(&service).await;
    assert_eq!(rows(&visitor.open(&list(&enterprise)).await), 1);
    let id = enterprise.enterprise_id;
    let fill = move |conn: &mut Conn| {
        let numbers = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 25000)";
        let event = "INSERT INTO events (enterprise_id, class_id, sequence, fact, create_time)";
        let fact = r#"'{"kind":"class_began","time":1}'"#;
        let sql = format!(
            "{event} {numbers} SELECT {id}, 0, 0, {fact}, 1700000000000 FROM n; \
             INSERT INTO deliveries (event_id, enterprise_id, lane, state, due, attempts, replayed_at, organization_id) \
             SELECT event_id, enterprise_id, '', 'ready', 1, 0, 0, 0 FROM events WHERE enterprise_id = {id} AND fact LIKE '%class_began%'"
        );
        conn.batch_execute(&sql)?;
        Ok::<_, domain::Error>(())
    };
    service.app.db.write(fill).await.unwrap();
    let page = visitor.open(&format!("{}?event=test", list(&enterprise))).await;
    assert_eq!(rows(&page), 0);
    page.must_show("Older deliveries may match.");
    let next = page.html.split("rel=\"next\" href=\"/console").nth(1).unwrap().split('"').next().unwrap();
    let page = visitor.open(&next.replace("&#38;", "&")).await;
    assert_eq!(rows(&page), 1);
    assert!(!page.html.contains("rel=\"next\""));
}
