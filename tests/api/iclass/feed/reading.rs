//! Each enterprise reads its own events and deliveries.

use serde_json::{Value, json};

use crate::support::calls::OWN_CALLS;
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::{BEGIN, Enterprise};
use crate::support::webhooks::{
    address, begun_class, command, deliveries, moves, paused, start, subscribed, test_events, tried, wait_for_state,
};

/// The events that `asked` returns, and its `finish`.
async fn feed(enterprise: &Enterprise<'_>, asked: Value) -> (Vec<Value>, bool) {
    let answer = enterprise.ok("event/list", asked).await;
    (answer["list"].as_array().unwrap().clone(), answer["finish"].as_bool().unwrap())
}

pub fn ids(rows: &[Value], name: &str) -> Vec<i64> {
    rows.iter().map(|row| row[name].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn the_feed_shows_events_as_they_are_published() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let class_id = begun_class(&enterprise).await;
    service.pass(7);
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "pupil"})).await;
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    test_events(&enterprise, 1).await;
    let answer = enterprise.ok("event/list", json!({})).await;
    let names: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(answer["finish"], true);
    let published: Vec<Value> = receiver.wait_for(5).await.iter().map(|r| r.body.clone()).collect();
    let rows = answer["list"].as_array().unwrap();
    for (row, (sequence, of, time)) in
        rows.iter().zip([(1, class_id, 0), (2, class_id, 7), (3, class_id, 7), (4, class_id, 7), (0, 0, 7)])
    {
        let body = published.iter().find(|body| body["event"] == row["event"]).unwrap();
        assert_eq!(
            *row,
            json!({"event_id": row["event_id"], "sequence": sequence, "class_id": of, "event": body["event"],
                "data": body["data"], "create_time": BEGIN + time})
        );
    }
    assert!(ids(rows, "event_id").is_sorted_by(|a, b| a < b));
    let names: Vec<&str> = rows.iter().map(|row| row["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["class_begin", "join_class", "quit_class", "class_over", "callback_test"]);
}

#[tokio::test]
async fn the_feed_is_read_on_from_any_event_to_its_end() {
    let service = start(&[]);
    let enterprise = subscribed(&service, "").await;
    let class_ids = [enterprise.class(json!({})).await, enterprise.class(json!({})).await];
    moves(&enterprise, &class_ids, 121).await;
    let (all, finish) = feed(&enterprise, json!({})).await;
    assert_eq!((all.len(), finish), (100, false));
    assert_eq!(feed(&enterprise, json!({"size": 1000})).await.0.len(), 100);

    let mut read = Vec::new();
    loop {
        let after = read.last().map_or(0, |row: &Value| row["event_id"].as_i64().unwrap());
        let (rows, finish) = feed(&enterprise, json!({"after": after, "size": 50})).await;
        read.extend(rows);
        if finish {
            break;
        }
        assert_eq!(read.len() % 50, 0);
    }
    assert_eq!(read.len(), 242);
    assert_eq!(read[..100], all[..]);
    assert!(ids(&read, "event_id").is_sorted_by(|a, b| a < b));
    for class_id in class_ids {
        let of_class: Vec<Value> = read.iter().filter(|row| row["class_id"] == class_id).cloned().collect();
        assert_eq!(ids(&of_class, "sequence"), (1..=121).collect::<Vec<_>>());
        let (rows, finish) = feed(&enterprise, json!({"class_id": class_id})).await;
        assert_eq!((&rows[..], finish), (&of_class[..100], false));
        let (rows, finish) = feed(&enterprise, json!({"class_id": class_id, "after": rows[99]["event_id"]})).await;
        assert_eq!((&rows[..], finish), (&of_class[100..], true));
    }

    // The page has exactly all remaining rows.
    let last = read[241]["event_id"].as_i64().unwrap();
    let (rows, finish) = feed(&enterprise, json!({"after": read[231]["event_id"], "size": 10})).await;
    assert_eq!((rows.len(), finish), (10, true));
    assert!(!feed(&enterprise, json!({"after": read[231]["event_id"], "size": 9})).await.1);
    assert_eq!(feed(&enterprise, json!({"after": last})).await, (vec![], true));
    assert_eq!(feed(&enterprise, json!({"after": i64::MAX})).await, (vec![], true));
    assert_eq!(feed(&enterprise, json!({"class_id": 999_999_999})).await, (vec![], true));
    // Integers may be strings, and null counts as absent.
    let rows = feed(&enterprise, json!({"after": last - 1, "class_id": null, "size": null})).await.0;
    assert_eq!(rows, [read[241].clone()]);
    assert_eq!(feed(&enterprise, json!({"after": (last - 1).to_string(), "size": "5"})).await.0, rows);
    for wrong in [json!({"after": -1}), json!({"size": 0}), json!({"after": "x"}), json!({"class_id": 1.5})] {
        enterprise.refused("event/list", wrong, 10003).await;
    }
}

#[tokio::test]
async fn deliveries_are_listed_by_state_and_class_the_newest_first() {
    let service = start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|request| match request.event() {
        "join_class" => Reply::Close,
        _ => Reply::Ack,
    });
    let enterprise = subscribed(&service, &receiver.url).await;
    let (first, second) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
    moves(&enterprise, &[first], 4).await;
    wait_for_state(&enterprise, "delivered", 2).await;
    service.pass(5);
    enterprise.set(paused(true)).await;
    moves(&enterprise, &[second], 3).await;

    let all = deliveries(&enterprise, &json!({})).await;
    assert_eq!(all.len(), 7);
    assert!(ids(&all, "delivery_id").is_sorted_by(|a, b| a > b));
    let (events, _) = feed(&enterprise, json!({})).await;
    for (row, event) in all.iter().rev().zip(&events) {
        let pending = row["class_id"] == second;
        let dead = !pending && row["event"] == "join_class";
        let mut shown = event.clone();
        shown["delivery_id"] = row["delivery_id"].clone();
        shown["state"] = if pending {
            "pending"
        } else if dead {
            "dead"
        } else {
            "delivered"
        }
        .into();
        shown["attempts"] = i64::from(!pending).into();
        shown["due"] = if pending { BEGIN + 5 } else { 0 }.into();
        shown["settled_time"] = if pending { 0 } else { BEGIN }.into();
        assert_eq!(*row, shown);
    }
    for (filter, count) in [
        (json!({"state": "pending"}), 3),
        (json!({"state": "delivered"}), 2),
        (json!({"state": "dead"}), 2),
        (json!({"class_id": first}), 4),
        (json!({"class_id": second}), 3),
        (json!({"class_id": first, "state": "dead"}), 2),
        (json!({"class_id": second, "state": "dead"}), 0),
        (json!({"class_id": 999_999_999}), 0),
        (json!({"state": null, "class_id": null}), 7),
    ] {
        let answer = enterprise.ok("callback/list", filter.clone()).await;
        let rows = answer["list"].as_array().unwrap();
        assert_eq!((rows.len(), &answer["finish"]), (count, &json!(true)), "{filter}");
        for (name, wanted) in filter.as_object().unwrap().iter().filter(|(_, wanted)| !wanted.is_null()) {
            assert!(rows.iter().all(|row| row[name] == *wanted), "{filter}: {rows:?}");
        }
    }
    for (index, size, finish) in [(0, 3, false), (3, 3, false), (6, 3, true), (4, 3, true), (7, 3, true), (99, 1, true)]
    {
        let answer = enterprise.ok("callback/list", json!({"index": index, "size": size})).await;
        let page: Vec<Value> = all.iter().skip(index).take(size).cloned().collect();
        assert_eq!((&answer["list"], &answer["finish"]), (&json!(page), &json!(finish)));
    }
    for wrong in [json!("waiting"), json!({"pending": null}), json!(["pending"])] {
        enterprise.refused("callback/list", json!({"state": wrong}), 10003).await;
    }
    enterprise.refused("callback/list", json!({"size": 0}), 10003).await;
}

#[tokio::test]
async fn a_delivery_is_shown_with_every_attempt_and_without_any_secret() {
    let service = start(&["--callback-retries", "2"]);
    // A receiver that echoes the request, like an error page.
    let receiver = Receiver::answering(|request| match request.number("lectern-attempt") {
        1 => Reply::Whole(500, "text/plain", format!("POST {}\n{}", request.target, request.raw)),
        2 => Reply::Whole(502, "text/plain", "é".repeat(5_000)),
        _ => Reply::json(&json!({"error_code": 0, "ignored\u{0}": "\u{0}"})),
    });
    let enterprise = subscribed(&service, "").await;
    let guarded = receiver.url.replace("http://", "http://school:sesame@");
    enterprise.set(address(&format!("{guarded}?token=open"))).await;
    let class_id = begun_class(&enterprise).await;
    tried(&enterprise, 1).await;
    service.pass(60);
    tried(&enterprise, 2).await;
    service.pass(60);
    let shown = tried(&enterprise, 3).await;
    let requests = receiver.wait_for(3).await;
    assert_eq!(requests[0].header("authorization"), "Basic c2Nob29sOnNlc2FtZQ==");

    let row = &deliveries(&enterprise, &json!({})).await[0];
    for (name, value) in row.as_object().unwrap() {
        assert_eq!(shown[name], *value);
    }
    assert_eq!((&shown["state"], &shown["settled_time"]), (&json!("delivered"), &json!(BEGIN + 120)));
    let attempts = shown["attempt_list"].as_array().unwrap();
    let what = |name: &str| -> Vec<Value> { attempts.iter().map(|attempt| attempt[name].clone()).collect() };
    assert_eq!(what("number"), [1, 2, 3]);
    assert_eq!(what("begin_time"), [BEGIN, BEGIN + 60, BEGIN + 120]);
    assert_eq!(what("status"), [500, 502, 200]);
    assert_eq!(what("problem"), ["HTTP 500", "HTTP 502", ""]);
    assert_eq!(what("url"), [receiver.url.as_str(); 3]);
    assert_eq!(what("answer")[1], "é".repeat(512));
    assert!(what("duration").iter().all(|duration| duration.as_i64().unwrap() >= 0));
    assert_eq!(
        attempts[1]["sent"],
        json!({"event": "class_begin", "data": {"class_id": class_id, "real_start_time": BEGIN},
            "expire_time": BEGIN + 60 + 3600, "sign": "********"})
    );

    let sdkappid = enterprise.sdkappid;
    let read = move |conn: &mut _| lectern::domain::tenancy::enterprise::require(conn, sdkappid);
    let secret = service.app.db.read(read).await.unwrap().webhook_secret;
    let mut secrets = vec![enterprise.tic_key.clone(), enterprise.private_key.clone(), secret];
    secrets.push("sesame".into());
    secrets.extend(requests.iter().map(|request| request.query["sign"].clone()));
    let delivery_id = shown["delivery_id"].to_string();
    let printed = command(&service, &["show", &delivery_id]).unwrap();
    for secret in secrets {
        assert!(!shown.to_string().contains(&secret), "{secret} in {shown}");
        assert!(!printed.contains(&secret), "{secret} in {printed}");
    }
    enterprise.refused("callback/info", json!({"delivery_id": 999_999}), 10003).await;
    enterprise.refused("callback/info", json!({}), 10003).await;
}

#[tokio::test]
async fn the_calls_refuse_what_has_the_wrong_type_by_its_name() {
    let service = start(&[]);
    let enterprise = subscribed(&service, "").await;
    // The others need a class or a user.
    let needs_more =
        |name: &str| ["class/", "console/", "user/", "localrecord/"].iter().any(|prefix| name.starts_with(prefix));
    for call in OWN_CALLS.iter().filter(|call| !needs_more(call.name)) {
        for field in call.fields {
            let name = field.path[1..].split('/').next().unwrap();
            for wrong in ["true", "1.5", "{}", "[[]]", "\"text\"", "-1", "99999999999999999999999", "\"1\\u0000\""] {
                let value = if field.path.ends_with("/0") { format!("[{wrong}]") } else { wrong.to_owned() };
                let answer = enterprise.send(call.name, format!("{{\"{name}\":{value}}}")).await;
                assert_eq!(answer["error_code"], 10003, "{} {name} {value}: {answer}", call.name);
                assert!(answer["error_msg"].as_str().unwrap().contains(name), "{} {value}: {answer}", call.name);
            }
        }
        for body in ["[]", "[1]", "1", "null"] {
            let answer = enterprise.send(call.name, body).await;
            assert_eq!(answer["error_msg"], "the body must be a JSON object", "{}", call.name);
        }
        assert_eq!(enterprise.send(call.name, "{").await["error_code"], 10000);
    }
}

#[tokio::test]
async fn the_events_and_deliveries_of_others_are_never_seen() {
    let service = start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let (a, b) = (subscribed(&service, &receiver.url).await, subscribed(&service, &receiver.url).await);
    let class_id = begun_class(&a).await;
    test_events(&a, 2).await;
    let dead = wait_for_state(&a, "dead", 3).await;
    let (own, _) = feed(&a, json!({})).await;
    for asked in [json!({}), json!({"class_id": class_id}), json!({"after": 0})] {
        assert_eq!(feed(&b, asked.clone()).await, (vec![], true), "{asked}");
    }
    for asked in [json!({}), json!({"class_id": class_id}), json!({"state": "dead"})] {
        assert!(deliveries(&b, &asked).await.is_empty(), "{asked}");
    }
    for delivery_id in ids(&dead, "delivery_id") {
        let theirs = b.refused("callback/info", json!({"delivery_id": delivery_id}), 10003).await;
        let nobodys = b.refused("callback/info", json!({"delivery_id": 999_999}), 10003).await;
        assert_eq!(theirs.replace(&delivery_id.to_string(), "999999"), nobodys);
        b.refused("callback/replay", json!({"delivery_ids": [delivery_id]}), 10003).await;
    }
    b.ok("callback/replay", json!({"dead_since": 0})).await;
    assert_eq!(wait_for_state(&a, "dead", 3).await, dead);
    assert_eq!(feed(&a, json!({})).await.0, own);
}
