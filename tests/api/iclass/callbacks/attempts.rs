//! What acknowledges a delivery, and when a delivery is retried.

use serde_json::json;

use super::assert_signed;
use crate::support::receiver::{Receiver, Reply, deflate, gzip, raw_deflate};
use crate::support::service::BEGIN;
use crate::support::webhooks::{begun_class, info, start, subscribed, test_events, tried, wait_for};

#[tokio::test]
async fn connections_are_kept() {
    let service = start(&["--callback-connections", "1"]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 20).await;
    assert!(receiver.wait_for(20).await.iter().all(|request| request.connection == 0));
}

#[tokio::test]
async fn a_receiver_is_tried_eleven_times_sixty_seconds_apart_and_each_time_signed_afresh() {
    let service = start(&[]);
    let receiver = Receiver::answering(|request| match request.event() {
        "callback_test" => Reply::Ack,
        _ => Reply::Whole(503, "text/plain", "later".into()),
    });
    let enterprise = subscribed(&service, &receiver.url).await;
    begun_class(&enterprise).await;
    let delivery = wait_for(&enterprise, json!({}), |rows| rows.len() == 1).await.remove(0);
    let mut came = 0;
    for number in 1..=11 {
        came += 1;
        let requests = receiver.wait_for(came).await;
        let request = requests.last().unwrap();
        assert_eq!((request.event(), request.number("lectern-attempt")), ("class_begin", number));
        assert_signed(request, &enterprise);
        assert_eq!(request.number("webhook-timestamp"), service.now());
        wait_for(&enterprise, json!({}), |rows| rows.last().unwrap()["attempts"] == number).await;

        let failed = service.clock.now();
        service.clock.set(failed + 59_999);
        test_events(&enterprise, 1).await;
        came += 1;
        assert_eq!(receiver.wait_for(came).await.last().unwrap().event(), "callback_test");
        service.clock.set(failed + 60_000);
    }
    service.pass(86_400);
    test_events(&enterprise, 1).await;
    assert_eq!(receiver.wait_for(came + 1).await.last().unwrap().event(), "callback_test");

    let shown = info(&enterprise, &delivery).await;
    assert_eq!((&shown["state"], &shown["attempts"], &shown["due"]), (&json!("dead"), &json!(11), &json!(0)));
    assert_eq!(shown["settled_time"], BEGIN + 600);
    let attempts = shown["attempt_list"].as_array().unwrap();
    assert_eq!(attempts.len(), 11);
    for (nth, attempt) in (0..).zip(attempts) {
        assert_eq!(attempt["number"], nth + 1);
        assert_eq!(attempt["begin_time"], BEGIN + 60 * nth);
        assert_eq!((&attempt["status"], &attempt["problem"]), (&json!(503), &json!("HTTP 503")));
        assert_eq!((&attempt["answer"], &attempt["url"]), (&json!("later"), &json!(receiver.url)));
        assert_eq!(attempt["sent"]["expire_time"], BEGIN + 60 * nth + 3600);
    }
}

#[tokio::test]
async fn how_often_and_when_to_try_again_can_be_set() {
    let service = start(&["--callback-retries", "2", "--callback-retry-seconds", "0.5"]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let enterprise = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 1).await;
    for number in 1..=2 {
        assert_eq!(tried(&enterprise, number).await["state"], "pending");
        service.clock.set(service.clock.now() + 500);
    }
    assert_eq!(tried(&enterprise, 3).await["state"], "dead");
    assert_eq!(receiver.requests().len(), 3);

    let service = start(&["--callback-retries", "0"]);
    let enterprise = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 1).await;
    assert_eq!(tried(&enterprise, 1).await["state"], "dead");
}

/// The peak memory of this process, in bytes.
fn most_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

#[tokio::test]
async fn an_answer_that_is_no_acknowledgement_is_a_failure_and_its_reason_is_kept() {
    let elsewhere = Receiver::start();
    let service = start(&["--callback-timeout-seconds", "0.3", "--callback-connections", "1"]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let before = most_memory();
    let page = Reply::Whole(200, "text/html", "<html>OK</html>".into());
    let text = |text: &str| Reply::Whole(200, "application/json", text.into());
    let no_code = "the answer is not JSON with error_code";
    let too_large = "the answer is larger than 65536 bytes";
    let in_time = "no whole answer in time";
    let damaged = "the answer is not compressed as its Content-Encoding says";
    for (reply, status, problem) in [
        (Reply::json(&json!({})), 200, no_code),
        (Reply::json(&json!({"code": 0})), 200, no_code),
        (Reply::json(&json!({"data": {"error_code": 0}})), 200, no_code),
        (Reply::json(&json!({"error_code": 1})), 200, "error_code 1"),
        (Reply::json(&json!({"error_code": -1, "error_msg": "no"})), 200, "error_code -1"),
        (Reply::json(&json!({"error_code": "1"})), 200, "error_code \"1\""),
        (Reply::json(&json!({"error_code": ""})), 200, "error_code \"\""),
        (Reply::json(&json!({"error_code": 0.5})), 200, "error_code 0.5"),
        (Reply::json(&json!({"error_code": null})), 200, "error_code null"),
        (Reply::json(&json!({"error_code": false})), 200, "error_code false"),
        (Reply::json(&json!([0])), 200, no_code),
        (Reply::json(&json!(0)), 200, no_code),
        (text("{\"error_code\":0"), 200, no_code),
        (text("{\"error_code\":0} {}"), 200, no_code),
        (text(""), 200, no_code),
        (text("success"), 200, no_code),
        (page, 200, no_code),
        (Reply::Whole(204, "application/json", String::new()), 204, no_code),
        (Reply::Whole(500, "application/json", json!({"error_code": 0}).to_string()), 500, "HTTP 500"),
        (Reply::Whole(404, "text/plain", "not here".into()), 404, "HTTP 404"),
        (Reply::Redirect(elsewhere.url.clone()), 302, "HTTP 302"),
        (Reply::Whole(304, "text/plain", String::new()), 304, "HTTP 304"),
        (Reply::Close, 0, "the exchange broke off: "),
        (Reply::Hang, 0, in_time),
        (Reply::Drip, 0, in_time),
        (Reply::padded_ack(65_537), 0, too_large),
        (Reply::Endless, 0, too_large),
        (Reply::Gigabyte, 0, too_large),
        (Reply::Encoded("gzip", gzip(&vec![b' '; 64 << 20])), 0, too_large),
        (Reply::Encoded("deflate", deflate(&vec![b' '; 64 << 20])), 0, too_large),
        (Reply::Encoded("gzip", b"{\"error_code\":0}".to_vec()), 0, damaged),
        (Reply::Encoded("gzip", gzip(b"{\"error_code\":0}")[..20].to_vec()), 0, damaged),
        (Reply::Encoded("br", vec![0; 10]), 0, "the answer has the Content-Encoding \"br\", which was not asked for"),
        (Reply::Encoded("gzip", gzip(b"{\"error_code\":1}")), 200, "error_code 1"),
    ] {
        let published = format!("{reply:.200?}");
        receiver.answer(move |_| reply.clone());
        test_events(&enterprise, 1).await;
        let shown = tried(&enterprise, 1).await;
        let attempt = &shown["attempt_list"][0];
        assert_eq!(
            (&shown["state"], &attempt["status"]),
            (&json!("pending"), &json!(status)),
            "{published}: {attempt}"
        );
        let why = attempt["problem"].as_str().unwrap();
        assert!(why == problem || problem.ends_with(": ") && why.starts_with(problem), "{published}: {why}");
        assert!(attempt["answer"].as_str().unwrap().chars().count() <= 512);
    }
    assert!(most_memory() - before < 256 << 20, "an answer was kept in memory");
    assert!(elsewhere.requests().is_empty(), "a redirect was followed");
}

#[tokio::test]
async fn nobody_at_the_address_is_a_failure() {
    let service = start(&[]);
    let gone = Receiver::start().url.clone();
    let enterprise = subscribed(&service, &gone).await;
    test_events(&enterprise, 1).await;
    let shown = tried(&enterprise, 1).await;
    let attempt = &shown["attempt_list"][0];
    assert_eq!((&shown["state"], &attempt["status"], &attempt["answer"]), (&json!("pending"), &json!(0), &json!("")));
    assert!(attempt["problem"].as_str().unwrap().starts_with("can't connect: "), "{attempt}");
}

#[tokio::test]
async fn an_acknowledgement_counts_whatever_its_type_and_status_2xx() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let ack = || json!({"error_code": 0}).to_string();
    for reply in [
        Reply::Ack,
        Reply::Whole(200, "text/html", ack()),
        Reply::Whole(200, "text/plain; charset=GBK", format!("\r\n {} \r\n", ack())),
        Reply::Whole(201, "application/json", ack()),
        Reply::Whole(299, "application/octet-stream", ack()),
        Reply::json(&json!({"error_code": 0, "error_msg": "", "data": {"error_code": 1}})),
        Reply::padded_ack(65_536),
        Reply::json(&json!({"error_code": "0"})),
        Reply::json(&json!({"error_code": 0.0})),
        Reply::Whole(200, "text/html", "\u{FEFF}{\"error_code\":\"0\"}".into()),
        Reply::Encoded("gzip", gzip(ack().as_bytes())),
        Reply::Encoded("x-gzip", gzip("\u{FEFF}{\"error_code\":0}".as_bytes())),
        Reply::Encoded("deflate", deflate(ack().as_bytes())),
        Reply::Encoded("Deflate", raw_deflate(ack().as_bytes())),
        Reply::Encoded("identity", ack().into_bytes()),
    ] {
        let published = format!("{reply:.200?}");
        receiver.answer(move |_| reply.clone());
        test_events(&enterprise, 1).await;
        let shown = tried(&enterprise, 1).await;
        assert_eq!(
            (&shown["state"], &shown["attempt_list"][0]["problem"]),
            (&json!("delivered"), &json!("")),
            "{published}"
        );
        assert_eq!(shown["settled_time"], BEGIN);
    }
    assert!(receiver.requests().iter().all(|request| request.header("accept-encoding") == "identity"));
}
