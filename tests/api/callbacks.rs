//! What a receiver is sent, of what, when, and what counts as received.

use std::collections::HashSet;

use lectern::clock::Clock;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::protocol::iclass::sign;
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use crate::outbox::{address, begun_class, hearing, info, start, test_events, tried, wait_for, wait_for_state};
use crate::receiver::{Receiver, Reply, Request};
use crate::service::{BEGIN, Enterprise, Service};

/// Whether a request has a signature of the enterprise in both places, good for an hour from now.
fn assert_signed(request: &Request, enterprise: &Enterprise<'_>) {
    let expire_time = enterprise.service.now() + 3600;
    let sign = sign::sign(&enterprise.tic_key, expire_time);
    assert_eq!(request.query["sdkappid"], enterprise.sdkappid.to_string());
    assert_eq!((&request.query["expire_time"], &request.query["sign"]), (&expire_time.to_string(), &sign));
    assert_eq!((&request.body["expire_time"], &request.body["sign"]), (&json!(expire_time), &json!(sign)));
    assert!(request.query["random"].parse::<u32>().is_ok(), "{}", request.target);
}

/// Whether the Standard Webhooks headers of a request prove its body to one who has this secret.
fn proves(request: &Request, secret: &str) -> bool {
    let headers: HeaderMap = request
        .headers
        .iter()
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()))
        .collect();
    Webhook::new(secret).unwrap().verify(request.raw.as_bytes(), &headers).is_ok()
}

async fn webhook_secret(service: &Service, sdkappid: i64) -> String {
    service.app.db.read(move |conn| enterprise::require(conn, sdkappid)).await.unwrap().webhook_secret
}

#[tokio::test]
async fn an_event_comes_as_a_post_of_json_signed_in_the_query_and_in_the_body() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    let class_id = begun_class(&enterprise).await;

    let requests = receiver.wait_for(1).await;
    let request = &requests[0];
    assert_signed(request, &enterprise);
    assert_eq!(request.path, "/events");
    assert_eq!(request.header("content-type"), "application/json");
    assert!(request.header("user-agent").starts_with("Lectern/"));
    assert_eq!(
        request.body,
        json!({"event": "class_begin", "data": {"class_id": class_id, "real_start_time": BEGIN},
            "expire_time": BEGIN + 3600, "sign": sign::sign(&enterprise.tic_key, BEGIN + 3600)})
    );
    let names: HashSet<&str> = request.query.keys().map(String::as_str).collect();
    assert_eq!(names, HashSet::from(["sdkappid", "random", "expire_time", "sign"]));
}

#[tokio::test]
async fn the_query_of_the_address_itself_is_kept() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &format!("{}?school=%E5%AD%A6&tag=a%26b", receiver.url)).await;
    test_events(&enterprise, 1).await;
    let requests = receiver.wait_for(1).await;
    assert!(requests[0].target.starts_with("/events?school=%E5%AD%A6&tag=a%26b&sdkappid="), "{}", requests[0].target);
    assert_eq!((requests[0].query["school"].as_str(), requests[0].query["tag"].as_str()), ("学", "a&b"));
    assert_signed(&requests[0], &enterprise);
}

#[tokio::test]
async fn a_callback_is_signed_with_the_new_key_after_a_rotation() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let mut enterprise = hearing(&service, &receiver.url).await;
    let (sdkappid, now) = (enterprise.sdkappid, service.clock.now());
    let rotated =
        service.app.db.write(move |conn| enterprise::rotate_key(conn, sdkappid, 3_600_000, now)).await.unwrap();
    enterprise.tic_key = rotated.tic_key;
    test_events(&enterprise, 1).await;
    assert_signed(&receiver.wait_for(1).await[0], &enterprise);
}

#[tokio::test]
async fn standard_webhooks_headers_prove_the_body() {
    let service = start(&[]);
    // The library that verifies wants a time near the real one.
    service.clock.set(Clock::System.now());
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    test_events(&enterprise, 1).await;
    let requests = receiver.wait_for(1).await;
    assert!(proves(&requests[0], &webhook_secret(&service, enterprise.sdkappid).await));
    assert!(!proves(&requests[0], "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    assert_eq!(requests[0].number("webhook-timestamp"), service.now());

    let changed = Request {
        method: String::new(),
        target: String::new(),
        path: String::new(),
        query: requests[0].query.clone(),
        headers: requests[0].headers.clone(),
        raw: requests[0].raw.replace("callback_test", "callback_tesT"),
        body: Value::Null,
        connection: 0,
        at_once: 0,
    };
    assert!(!proves(&changed, &webhook_secret(&service, enterprise.sdkappid).await));
}

#[tokio::test]
async fn during_a_rotation_both_secrets_prove_the_body_and_after_it_only_the_new_one() {
    const GRACE: i64 = 200_000;
    let service = start(&[]);
    service.clock.set(Clock::System.now());
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    let (sdkappid, now) = (enterprise.sdkappid, service.clock.now());
    let old = webhook_secret(&service, sdkappid).await;
    let rotate = move |conn: &mut _| enterprise::rotate_webhook_secret(conn, sdkappid, GRACE, now);
    let new = service.app.db.write(rotate).await.unwrap().webhook_secret;
    assert_ne!(old, new);

    test_events(&enterprise, 1).await;
    receiver.wait_for(1).await;
    service.clock.set(now + GRACE);
    test_events(&enterprise, 1).await;
    receiver.wait_for(2).await;
    service.clock.set(now + GRACE + 1);
    test_events(&enterprise, 1).await;
    let requests = receiver.wait_for(3).await;
    let proved: Vec<(bool, bool)> = requests.iter().map(|r| (proves(r, &new), proves(r, &old))).collect();
    assert_eq!(proved, [(true, true), (true, true), (true, false)]);
}

#[tokio::test]
async fn an_event_has_one_id_over_all_tries_and_a_number_in_its_class() {
    let service = start(&["--callback-retry-seconds", "0.5"]);
    let receiver =
        Receiver::answering(|request| if request.number("lectern-attempt") < 3 { Reply::Close } else { Reply::Ack });
    let enterprise = hearing(&service, &receiver.url).await;
    let class_id = begun_class(&enterprise).await;
    tried(&enterprise, 1).await;
    service.clock.set(service.clock.now() + 500);
    tried(&enterprise, 2).await;
    service.clock.set(service.clock.now() + 500);
    receiver.wait_for(3).await;
    receiver.answer(|_| Reply::Ack);
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    test_events(&enterprise, 1).await;

    let requests = receiver.wait_for(5).await;
    let events = enterprise.ok("event/list", json!({})).await["list"].clone();
    let id = |nth: usize| format!("evt_{}", events[nth]["event_id"]);
    let mut told: Vec<(String, i64, i64)> = requests
        .iter()
        .map(|r| (r.header("webhook-id").to_owned(), r.number("lectern-sequence"), r.number("lectern-attempt")))
        .collect();
    // The test event is of no class and waits for none.
    told[3..].sort();
    assert_eq!(told, [(id(0), 1, 1), (id(0), 1, 2), (id(0), 1, 3), (id(1), 2, 1), (id(2), 0, 1)]);
}

#[tokio::test]
async fn connections_are_kept() {
    let service = start(&["--callback-connections", "1"]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    test_events(&enterprise, 20).await;
    assert!(receiver.wait_for(20).await.iter().all(|request| request.connection == 0));
}

/// The names of all events of an enterprise, in order.
async fn recorded(enterprise: &Enterprise<'_>) -> Vec<String> {
    let feed = enterprise.ok("event/list", json!({})).await;
    feed["list"].as_array().unwrap().iter().map(|row| row["event"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn classes_that_signed_calls_begin_and_end_are_told_only_to_who_wants_it() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = service.enterprise().await;
    enterprise.set(address(&receiver.url)).await;
    let class_id = begun_class(&enterprise).await;
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    assert!(recorded(&enterprise).await.is_empty());

    enterprise.set(Patch { callback_on_api: Some(true), ..Patch::default() }).await;
    let class_id = begun_class(&enterprise).await;
    service.pass(60);
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    assert_eq!(recorded(&enterprise).await, ["class_begin", "class_over"]);
    let requests = receiver.wait_for(2).await;
    assert_eq!(requests[0].body["data"], json!({"class_id": class_id, "real_start_time": BEGIN}));
    assert_eq!(requests[1].body["event"], "class_over");
    assert_eq!(requests[1].body["data"], json!({"class_id": class_id, "real_stop_time": BEGIN + 60}));
}

#[tokio::test]
async fn who_comes_and_goes_is_told_only_to_who_asked() {
    use lectern::domain::events::event::Extra;
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = service.enterprise().await;
    enterprise.set(address(&receiver.url)).await;
    enterprise.students(&["user1"]).await;
    let come_and_go = async || {
        let class_id = enterprise.class(json!({})).await;
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "user1"})).await;
        service.pass(5);
        enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "user1"})).await;
        class_id
    };
    come_and_go().await;
    assert!(recorded(&enterprise).await.is_empty());
    let asks = |events: Vec<Extra>| Patch { callback_events: Some(events), ..Patch::default() };
    enterprise.set(asks(vec![Extra::JoinClass])).await;
    come_and_go().await;
    assert_eq!(recorded(&enterprise).await, ["join_class"]);
    enterprise.set(asks(vec![Extra::QuitClass])).await;
    come_and_go().await;
    assert_eq!(recorded(&enterprise).await, ["join_class", "quit_class"]);
    enterprise.set(asks(vec![Extra::JoinClass, Extra::QuitClass])).await;
    let begin = service.now();
    let class_id = come_and_go().await;

    let requests = receiver.wait_for(4).await;
    let of_class: Vec<&Value> =
        requests.iter().map(|r| &r.body).filter(|b| b["data"]["class_id"] == class_id).collect();
    assert_eq!(of_class[0]["event"], "join_class");
    assert_eq!(
        of_class[0]["data"],
        json!({"class_id": class_id, "join_time": begin, "user_id": "user1", "role": "student"})
    );
    assert_eq!(of_class[1]["event"], "quit_class");
    assert_eq!(
        of_class[1]["data"],
        json!({"class_id": class_id, "quit_time": begin + 5, "user_id": "user1", "role": "student"})
    );
}

#[tokio::test]
async fn everyone_inside_leaves_before_a_class_is_over() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    enterprise.students(&["user1", "user2", "user3"]).await;
    let class_id = begun_class(&enterprise).await;
    for user_id in ["user1", "user2", "user3"] {
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await;
    }
    let visitor = enterprise.ok("member/visitor/join", json!({"class_id": class_id})).await;
    let visitor_id = visitor["visitor_info"]["user_id"].as_str().unwrap();
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "user2"})).await;
    service.pass(10);
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;

    let requests = receiver.wait_for(10).await;
    let told: Vec<(&str, &str, &str)> = requests
        .iter()
        .map(|r| {
            let data = &r.body["data"];
            (r.event(), data["user_id"].as_str().unwrap_or(""), data["role"].as_str().unwrap_or(""))
        })
        .collect();
    let mut last = told[6..9].to_vec();
    last.sort_unstable();
    let mut inside =
        [("quit_class", "user1", "student"), ("quit_class", "user3", "student"), ("quit_class", visitor_id, "visitor")];
    inside.sort_unstable();
    assert_eq!(
        told[..6],
        [
            ("class_begin", "", ""),
            ("join_class", "user1", "student"),
            ("join_class", "user2", "student"),
            ("join_class", "user3", "student"),
            ("join_class", visitor_id, "visitor"),
            ("quit_class", "user2", "student"),
        ]
    );
    assert_eq!(last, inside);
    assert_eq!(told[9], ("class_over", "", ""));
    assert!(requests[6..9].iter().all(|r| r.data("quit_time") == BEGIN + 10));
    let sequences: Vec<i64> = requests.iter().map(|r| r.number("lectern-sequence")).collect();
    assert_eq!(sequences, (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_call_that_changes_nothing_or_is_refused_makes_no_event() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    let class_id = begun_class(&enterprise).await;
    let (class, pupil) = (json!({"class_id": class_id}), json!({"class_id": class_id, "user_id": "pupil"}));
    enterprise.ok("class/start", class.clone()).await;
    enterprise.ok("member/quit", pupil.clone()).await;
    enterprise.ok("member/join", pupil.clone()).await;
    enterprise.ok("member/join", pupil.clone()).await;
    enterprise.refused("member/join", json!({"class_id": class_id, "user_id": "nobody"}), 10215).await;
    enterprise.ok("member/quit", pupil.clone()).await;
    enterprise.ok("member/quit", pupil.clone()).await;
    enterprise.ok("class/stop", class.clone()).await;
    enterprise.ok("class/stop", class.clone()).await;
    enterprise.refused("class/start", class, 10224).await;
    enterprise.refused("member/join", pupil, 10224).await;
    assert_eq!(recorded(&enterprise).await, ["class_begin", "join_class", "quit_class", "class_over"]);
    assert_eq!(receiver.wait_for(4).await.len(), 4);
}

#[tokio::test]
async fn a_receiver_is_tried_eleven_times_sixty_seconds_apart_and_each_time_signed_afresh() {
    let service = start(&[]);
    let receiver = Receiver::answering(|request| match request.event() {
        "callback_test" => Reply::Ack,
        _ => Reply::Whole(503, "text/plain", "later".into()),
    });
    let enterprise = hearing(&service, &receiver.url).await;
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
    let enterprise = hearing(&service, &receiver.url).await;
    test_events(&enterprise, 1).await;
    for number in 1..=2 {
        assert_eq!(tried(&enterprise, number).await["state"], "pending");
        service.clock.set(service.clock.now() + 500);
    }
    assert_eq!(tried(&enterprise, 3).await["state"], "dead");
    assert_eq!(receiver.requests().len(), 3);

    let service = start(&["--callback-retries", "0"]);
    let enterprise = hearing(&service, &receiver.url).await;
    test_events(&enterprise, 1).await;
    assert_eq!(tried(&enterprise, 1).await["state"], "dead");
}

/// How much memory this process had at most, in bytes.
fn most_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

#[tokio::test]
async fn what_is_no_acknowledgement_is_a_failure_and_its_reason_is_kept() {
    let elsewhere = Receiver::start();
    let service = start(&["--callback-timeout-seconds", "0.3", "--callback-connections", "1"]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    let before = most_memory();
    let page = Reply::Whole(200, "text/html", "<html>OK</html>".into());
    let text = |text: &str| Reply::Whole(200, "application/json", text.into());
    let no_code = "the answer is not JSON with error_code";
    let too_large = "the answer is larger than 65536 bytes";
    let in_time = "no whole answer in time";
    for (reply, status, problem) in [
        (Reply::json(&json!({})), 200, no_code),
        (Reply::json(&json!({"code": 0})), 200, no_code),
        (Reply::json(&json!({"data": {"error_code": 0}})), 200, no_code),
        (Reply::json(&json!({"error_code": 1})), 200, "error_code 1"),
        (Reply::json(&json!({"error_code": -1, "error_msg": "no"})), 200, "error_code -1"),
        (Reply::json(&json!({"error_code": "0"})), 200, "error_code \"0\""),
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
    ] {
        let told = format!("{reply:.200?}");
        receiver.answer(move |_| reply.clone());
        test_events(&enterprise, 1).await;
        let shown = tried(&enterprise, 1).await;
        let attempt = &shown["attempt_list"][0];
        assert_eq!((&shown["state"], &attempt["status"]), (&json!("pending"), &json!(status)), "{told}: {attempt}");
        let why = attempt["problem"].as_str().unwrap();
        assert!(why == problem || problem.ends_with(": ") && why.starts_with(problem), "{told}: {why}");
        assert!(attempt["answer"].as_str().unwrap().chars().count() <= 512);
    }
    assert!(most_memory() - before < 256 << 20, "an answer was kept in memory");
    assert!(elsewhere.requests().is_empty(), "a redirect was followed");
}

#[tokio::test]
async fn nobody_at_the_address_is_a_failure() {
    let service = start(&[]);
    let gone = Receiver::start().url.clone();
    let enterprise = hearing(&service, &gone).await;
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
    let enterprise = hearing(&service, &receiver.url).await;
    let ack = || json!({"error_code": 0}).to_string();
    for reply in [
        Reply::Ack,
        Reply::Whole(200, "text/html", ack()),
        Reply::Whole(200, "text/plain; charset=GBK", format!("\r\n {} \r\n", ack())),
        Reply::Whole(201, "application/json", ack()),
        Reply::Whole(299, "application/octet-stream", ack()),
        Reply::json(&json!({"error_code": 0, "error_msg": "", "data": {"error_code": 1}})),
        Reply::padded_ack(65_536),
    ] {
        let told = format!("{reply:.200?}");
        receiver.answer(move |_| reply.clone());
        test_events(&enterprise, 1).await;
        let shown = tried(&enterprise, 1).await;
        assert_eq!(
            (&shown["state"], &shown["attempt_list"][0]["problem"]),
            (&json!("delivered"), &json!("")),
            "{told}"
        );
        assert_eq!(shown["settled_time"], BEGIN);
    }
}

#[tokio::test]
async fn no_address_inside_is_sent_to_however_it_is_written() {
    let service = Service::start_with(&["--callback-retries", "0"]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, "").await;
    let port = receiver.url.trim_end_matches("/events").rsplit_once(':').unwrap().1;
    let literals = [
        "127.0.0.1",
        "127.255.255.254",
        "127.1",
        "127.0.0.1.",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "0",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::1]",
        "[2001:0:7f00:1::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[ff02::1]",
    ];
    for host in literals {
        enterprise.set(address(&format!("http://{host}:{port}/events"))).await;
        test_events(&enterprise, 1).await;
        let shown = tried(&enterprise, 1).await;
        let problem = shown["attempt_list"][0]["problem"].as_str().unwrap();
        assert!(problem.ends_with(" is not a public address"), "{host}: {problem}");
    }
    for name in ["localhost", "LOCALHOST"] {
        enterprise.set(address(&format!("http://{name}:{port}/events"))).await;
        test_events(&enterprise, 1).await;
        let shown = tried(&enterprise, 1).await;
        let problem = shown["attempt_list"][0]["problem"].as_str().unwrap();
        let name = name.to_lowercase();
        assert_eq!(problem, format!("can't connect: {name} has no public address"));
    }
    assert!(receiver.requests().is_empty());
}

#[tokio::test]
async fn addresses_inside_are_sent_to_when_it_is_allowed() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, "").await;
    for host in ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "localhost"] {
        enterprise.set(address(&receiver.url.replace("127.0.0.1", host))).await;
        test_events(&enterprise, 1).await;
        assert_eq!(tried(&enterprise, 1).await["state"], "delivered", "{host}");
    }
    assert_eq!(receiver.requests().len(), 4);
}

#[tokio::test]
async fn an_event_without_an_address_is_recorded_and_not_delivered() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, "").await;
    begun_class(&enterprise).await;
    assert_eq!(recorded(&enterprise).await, ["class_begin"]);
    enterprise.set(address(&receiver.url)).await;
    begun_class(&enterprise).await;
    wait_for_state(&enterprise, "delivered", 1).await;
    assert_eq!(recorded(&enterprise).await, ["class_begin", "class_begin"]);
    assert_eq!(receiver.requests().len(), 1);
}
