//! What programs and operators see of events and deliveries, and what they can do about them.

use lectern::domain::events::event::Extra;
use serde_json::{Value, json};

use crate::calls::OWN_CALLS;
use crate::outbox::{
    address, begun_class, command, deliveries, hearing, info, moves, paused, start, start_now, test_events, tried,
    wait_for, wait_for_state,
};
use crate::receiver::{Receiver, Reply};
use crate::service::{BEGIN, Enterprise};

/// The events that `asked` returns, and whether it says that there are no more.
async fn feed(enterprise: &Enterprise<'_>, asked: Value) -> (Vec<Value>, bool) {
    let answer = enterprise.ok("event/list", asked).await;
    (answer["list"].as_array().unwrap().clone(), answer["finish"].as_bool().unwrap())
}

fn ids(rows: &[Value], name: &str) -> Vec<i64> {
    rows.iter().map(|row| row[name].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn the_feed_shows_events_as_they_are_told() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    let class_id = begun_class(&enterprise).await;
    service.pass(7);
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "pupil"})).await;
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    test_events(&enterprise, 1).await;
    let answer = enterprise.ok("event/list", json!({})).await;
    let names: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(answer["finish"], true);
    let told: Vec<Value> = receiver.wait_for(5).await.iter().map(|r| r.body.clone()).collect();
    let rows = answer["list"].as_array().unwrap();
    for (row, (sequence, of, time)) in
        rows.iter().zip([(1, class_id, 0), (2, class_id, 7), (3, class_id, 7), (4, class_id, 7), (0, 0, 7)])
    {
        let body = told.iter().find(|body| body["event"] == row["event"]).unwrap();
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
    let enterprise = hearing(&service, "").await;
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

    // Exactly as many as are asked for are all.
    let last = read[241]["event_id"].as_i64().unwrap();
    let (rows, finish) = feed(&enterprise, json!({"after": read[231]["event_id"], "size": 10})).await;
    assert_eq!((rows.len(), finish), (10, true));
    assert!(!feed(&enterprise, json!({"after": read[231]["event_id"], "size": 9})).await.1);
    assert_eq!(feed(&enterprise, json!({"after": last})).await, (vec![], true));
    assert_eq!(feed(&enterprise, json!({"after": i64::MAX})).await, (vec![], true));
    assert_eq!(feed(&enterprise, json!({"class_id": 999_999_999})).await, (vec![], true));
    // Integers may come as texts, and what is null is absent.
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
    let enterprise = hearing(&service, &receiver.url).await;
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
async fn a_delivery_is_shown_with_every_try_and_without_any_secret() {
    let service = start(&["--callback-retries", "2"]);
    // A receiver that says what it was sent: a page of errors that shows the request.
    let receiver = Receiver::answering(|request| match request.number("lectern-attempt") {
        1 => Reply::Whole(500, "text/plain", format!("POST {}\n{}", request.target, request.raw)),
        2 => Reply::Whole(502, "text/plain", "é".repeat(5_000)),
        _ => Reply::json(&json!({"error_code": 0, "ignored\u{0}": "\u{0}"})),
    });
    let enterprise = hearing(&service, "").await;
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
async fn what_was_settled_is_delivered_once_more_with_all_tries() {
    let service = start(&["--callback-retries", "1"]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let enterprise = hearing(&service, &receiver.url).await;
    test_events(&enterprise, 2).await;
    wait_for(&enterprise, json!({}), |rows| rows.iter().all(|row| row["attempts"] == 1)).await;
    service.pass(60);
    let dead = wait_for_state(&enterprise, "dead", 2).await;
    let replay = async |ids: Value| enterprise.ok("callback/replay", json!({"delivery_ids": ids})).await;
    assert_eq!(replay(json!([dead[0]["delivery_id"]])).await, json!({"error_code": 0, "error_msg": ""}));
    let shown = wait_for(&enterprise, json!({"state": "pending"}), |r| r.len() == 1 && r[0]["attempts"] == 3).await;
    assert_eq!((&shown[0]["delivery_id"], &shown[0]["settled_time"]), (&dead[0]["delivery_id"], &json!(0)));
    assert_eq!(shown[0]["due"], service.now() + 60);
    receiver.answer(|_| Reply::Ack);
    service.pass(60);
    wait_for_state(&enterprise, "delivered", 1).await;
    let attempts = info(&enterprise, &dead[0]).await["attempt_list"].clone();
    assert_eq!(ids(attempts.as_array().unwrap(), "number"), [1, 2, 3, 4]);

    // Delivered ones too, under the id that the receiver knows.
    replay(json!([dead[0]["delivery_id"].to_string()])).await;
    let requests = receiver.wait_for(7).await;
    let id = format!("evt_{}", dead[0]["event_id"]);
    assert_eq!((requests[6].header("webhook-id"), requests[6].number("lectern-attempt")), (id.as_str(), 5));
    wait_for_state(&enterprise, "delivered", 1).await;
    wait_for_state(&enterprise, "dead", 1).await;
}

#[tokio::test]
async fn a_replay_is_of_all_that_are_named_or_of_none() {
    let service = start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let enterprise = hearing(&service, &receiver.url).await;
    let other = hearing(&service, &receiver.url).await;
    test_events(&enterprise, 3).await;
    test_events(&other, 1).await;
    let dead = ids(&wait_for_state(&enterprise, "dead", 3).await, "delivery_id");
    let theirs = ids(&wait_for_state(&other, "dead", 1).await, "delivery_id")[0];
    enterprise.set(paused(true)).await;
    test_events(&enterprise, 1).await;
    let pending = ids(&wait_for_state(&enterprise, "pending", 1).await, "delivery_id")[0];

    let refused = async |ids: &[i64]| enterprise.refused("callback/replay", json!({"delivery_ids": ids}), 10003).await;
    let unknown = refused(&[dead[0], dead[1], 999_999]).await;
    assert_eq!(unknown, "delivery_ids: 999999: no such delivery");
    assert_eq!(refused(&[dead[0], theirs]).await, unknown.replace("999999", &theirs.to_string()));
    assert_eq!(refused(&[dead[0], pending]).await, format!("delivery_ids: {pending} is still on its way"));
    refused(&[dead[0], dead[0]]).await;
    refused(&[]).await;
    refused(&(1..=1001).collect::<Vec<_>>()).await;
    for wrong in [json!({}), json!({"delivery_ids": null}), json!({"delivery_ids": 1}), json!({"dead_since": -1})] {
        enterprise.refused("callback/replay", wrong, 10003).await;
    }
    assert_eq!(ids(&wait_for_state(&enterprise, "dead", 3).await, "delivery_id"), dead);
    wait_for_state(&other, "dead", 1).await;

    enterprise.ok("callback/replay", json!({"delivery_ids": dead})).await;
    wait_for_state(&enterprise, "pending", 4).await;
    wait_for_state(&other, "dead", 1).await;
}

#[tokio::test]
async fn all_that_were_given_up_since_a_time_are_replayed() {
    let service = start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let enterprise = hearing(&service, &receiver.url).await;
    let other = hearing(&service, &receiver.url).await;
    for nth in 1..=3 {
        test_events(&enterprise, 1).await;
        test_events(&other, 1).await;
        wait_for_state(&enterprise, "dead", nth).await;
        wait_for_state(&other, "dead", nth).await;
        service.pass(100);
    }
    receiver.answer(|request| if request.event() == "class_begin" { Reply::Close } else { Reply::Ack });
    begun_class(&enterprise).await;
    wait_for_state(&enterprise, "dead", 4).await;
    receiver.answer(|_| Reply::Ack);

    enterprise.ok("callback/replay", json!({"dead_since": BEGIN + 301})).await;
    wait_for_state(&enterprise, "dead", 4).await;
    enterprise.ok("callback/replay", json!({"dead_since": BEGIN + 100})).await;
    wait_for_state(&enterprise, "delivered", 3).await;
    let left = wait_for_state(&enterprise, "dead", 1).await;
    assert_eq!(left[0]["create_time"], BEGIN);
    enterprise.ok("callback/replay", json!({"dead_since": 0})).await;
    wait_for_state(&enterprise, "delivered", 4).await;
    wait_for_state(&other, "dead", 3).await;
}

#[tokio::test]
async fn what_is_replayed_comes_in_order_and_before_the_later_events_of_its_class() {
    let service = start(&["--callback-retries", "0"]);
    let receiver =
        Receiver::answering(|request| if request.number("lectern-sequence") <= 3 { Reply::Close } else { Reply::Ack });
    let enterprise = hearing(&service, &receiver.url).await;
    let class_id = enterprise.class(json!({})).await;
    moves(&enterprise, &[class_id], 4).await;
    let mut dead = ids(&wait_for_state(&enterprise, "dead", 3).await, "delivery_id");
    wait_for_state(&enterprise, "delivered", 1).await;
    enterprise.set(paused(true)).await;
    moves(&enterprise, &[class_id], 4).await;
    receiver.answer(|_| Reply::Ack);
    // Named in any order.
    dead.rotate_left(1);
    enterprise.ok("callback/replay", json!({"delivery_ids": dead})).await;
    enterprise.set(paused(false)).await;
    let requests = receiver.wait_for(11).await;
    let sequences: Vec<i64> = requests.iter().map(|r| r.number("lectern-sequence")).collect();
    assert_eq!(sequences, [1, 2, 3, 4, 1, 2, 3, 5, 6, 7, 8]);
}

#[tokio::test]
async fn what_is_replayed_while_a_later_event_is_being_sent_comes_before_that_is_tried_again() {
    let service = start(&["--callback-retries", "1"]);
    let receiver = Receiver::answering(|request| match request.number("lectern-sequence") {
        1 => Reply::Close,
        _ => Reply::Hold,
    });
    let enterprise = hearing(&service, &receiver.url).await;
    let class_id = enterprise.class(json!({})).await;
    moves(&enterprise, &[class_id], 3).await;
    wait_for(&enterprise, json!({}), |rows| rows[2]["attempts"] == 1).await;
    service.pass(60);
    // The first is dead, and the second on its way.
    let requests = receiver.wait_for(3).await;
    assert_eq!(requests[2].number("lectern-sequence"), 2);
    let dead = wait_for_state(&enterprise, "dead", 1).await;
    enterprise.ok("callback/replay", json!({"delivery_ids": [dead[0]["delivery_id"]]})).await;
    // The second fails.
    receiver.answer(|_| Reply::Ack);
    receiver.hang_up();
    wait_for(&enterprise, json!({}), |rows| rows[1]["attempts"] == 1).await;
    let requests = receiver.wait_for(4).await;
    assert_eq!(requests[3].number("lectern-sequence"), 1);
    service.pass(60);
    let requests = receiver.wait_for(6).await;
    let sequences: Vec<i64> = requests.iter().map(|r| r.number("lectern-sequence")).collect();
    assert_eq!(sequences, [1, 1, 2, 1, 2, 3]);
}

#[tokio::test]
async fn the_calls_refuse_what_has_the_wrong_type_by_its_name() {
    let service = start(&[]);
    let enterprise = hearing(&service, "").await;
    for call in OWN_CALLS.iter().filter(|call| !call.name.starts_with("class/")) {
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
    let (a, b) = (hearing(&service, &receiver.url).await, hearing(&service, &receiver.url).await);
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

#[tokio::test]
async fn deliveries_are_looked_after_from_the_command_line_beside_the_server() {
    let service = start_now(&["--callback-retries", "0"]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    let other = hearing(&service, &receiver.url).await;
    let (sdkappid, others) = (enterprise.sdkappid.to_string(), other.sdkappid.to_string());
    let run = |arguments: &[&str]| command(&service, arguments).unwrap();
    let list = |arguments: &[&str]| -> Vec<Value> {
        serde_json::from_str(&run(&[&["list", &sdkappid, "--json"], arguments].concat())).unwrap()
    };

    // A test event of a command arrives through the running server.
    assert_eq!(run(&["test", &sdkappid]), "");
    let requests = receiver.wait_for(1).await;
    assert_eq!(requests[0].event(), "callback_test");
    assert_eq!(requests[0].body["data"].as_object().unwrap().len(), 1);
    assert!((service.now() - requests[0].data("timestamp")).abs() < 60);
    wait_for_state(&enterprise, "delivered", 1).await;

    receiver.answer(|_| Reply::Close);
    let class_id = begun_class(&enterprise).await;
    begun_class(&other).await;
    let dead = wait_for_state(&enterprise, "dead", 1).await;
    wait_for_state(&other, "dead", 1).await;
    assert_eq!(json!(list(&[])), json!(deliveries(&enterprise, &json!({})).await));
    assert_eq!(list(&["--state", "dead"]), dead);
    assert_eq!(list(&["--state", "pending"]).len(), 0);
    assert_eq!(list(&["--state", "delivered"]).len(), 1);
    assert_eq!(list(&["--class", &class_id.to_string()]), dead);
    assert_eq!(list(&["--size", "1", "--index", "0"]), dead);
    let table = run(&["list", &sdkappid]);
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["DELIVERY_ID", "EVENT_ID", "EVENT", "CLASS_ID", "STATE", "TRIES"]);
    assert_eq!(lines[1][2..], ["class_begin", &class_id.to_string(), "dead", "1"]);
    assert_eq!(lines[2][2..], ["callback_test", "0", "delivered", "1"]);
    assert_eq!(lines.len(), 3);

    let dead_id = dead[0]["delivery_id"].to_string();
    let shown: Value = serde_json::from_str(&run(&["show", &dead_id, "--json"])).unwrap();
    let mut answered = info(&enterprise, &dead[0]).await;
    answered.as_object_mut().unwrap().retain(|name, _| !name.starts_with("error_"));
    assert_eq!(shown, answered);
    assert_eq!(serde_json::from_str::<Value>(&run(&["show", &dead_id])).unwrap(), shown);

    receiver.answer(|_| Reply::Ack);
    assert_eq!(run(&["replay", &dead_id]), "1 to be delivered again\n");
    wait_for_state(&enterprise, "dead", 0).await;
    wait_for_state(&enterprise, "delivered", 2).await;
    assert_eq!(run(&["replay", "--dead", "--sdkappid", &sdkappid]), "0 to be delivered again\n");
    assert_eq!(run(&["replay", "--dead", "--since", "2100-01-01T00:00:00Z"]), "0 to be delivered again\n");
    assert_eq!(run(&["replay", "--dead", "--since", &(service.now() - 3600).to_string()]), "1 to be delivered again\n");
    wait_for_state(&other, "delivered", 1).await;

    run(&["pause", &others]);
    run(&["test", &others]);
    assert_eq!(wait_for_state(&other, "pending", 1).await[0]["event"], "callback_test");
    let pending = deliveries(&other, &json!({"state": "pending"})).await[0]["delivery_id"].to_string();
    let refused = |arguments: &[&str]| command(&service, arguments).unwrap_err();
    assert!(refused(&["replay", &pending]).contains("is still on its way"));
    run(&["resume", &others]);
    wait_for_state(&other, "delivered", 2).await;

    assert!(refused(&["show", "999999"]).contains("999999: no such delivery"));
    assert!(refused(&["replay", "999999"]).contains("999999: no such delivery"));
    for arguments in [
        &["replay"][..],
        &["replay", "1", "--dead"],
        &["replay", "1", "--since", "1"],
        &["replay", "--dead", "--since", "yesterday"],
        &["list", &sdkappid, "--state", "lost"],
    ] {
        refused(arguments);
    }
    for word in ["list", "test", "pause", "resume"] {
        assert!(refused(&[word, "1"]).contains("no enterprise has 1"), "{word}");
    }
    enterprise.set(address("")).await;
    assert!(refused(&["test", &sdkappid]).contains("call_back_url"));
}

#[tokio::test]
async fn settings_of_callbacks_from_the_command_line_are_seen_by_the_running_service() {
    let service = start_now(&[]);
    let receiver = Receiver::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["pupil"]).await;
    let set = std::process::Command::new(env!("CARGO_BIN_EXE_lectern"))
        .args(["enterprise", "set", &enterprise.sdkappid.to_string(), "--database-url", service.database_url()])
        .args(["--callback-url", &receiver.url, "--callback-on-api", "true", "--callback-order", "none"])
        .args(["--events", "join_class,quit_class"])
        .output()
        .unwrap();
    assert!(set.status.success(), "{set:?}");
    let sdkappid = enterprise.sdkappid;
    let read = move |conn: &mut _| lectern::domain::tenancy::enterprise::require(conn, sdkappid);
    let row = service.app.db.read(read).await.unwrap();
    assert!(row.callback_on_api && !row.callback_ordered);
    assert_eq!(*row.callback_events, [Extra::JoinClass, Extra::QuitClass]);
    service.app.enterprises.forget(sdkappid);
    let class_id = begun_class(&enterprise).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "pupil"})).await;
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    let mut told: Vec<String> = receiver.wait_for(4).await.iter().map(|r| r.event().to_owned()).collect();
    told.sort();
    assert_eq!(told, ["class_begin", "class_over", "join_class", "quit_class"]);
}
