//! Chat groups: those of classes, made by the hosted service or kept here, and what is said in the latter.

use std::sync::Arc;

use lectern::clock::Clock;
use lectern::domain::Error;
use lectern::domain::classroom::class::{Booking, Patch, Pending, Step};
use lectern::store::chat::group_deletion;
use serde_json::{Value, json};

use crate::receiver::{Receiver, Reply, Request};
use crate::service::{BEGIN, Enterprise, Service};

/// A ticket with every character that tickets have and addresses have not.
pub const TICKET: &str = "eJw1zdEKgj+AYgOF/Pr==*-_";

/// What the hosted service says, with an `ErrorCode`.
pub fn code(number: i64) -> Reply {
    let status = if number == 0 { "OK" } else { "FAIL" };
    Reply::json(&json!({"ActionStatus": status, "ErrorInfo": "in words", "ErrorCode": number}))
}

/// A class as it is asked for with the hosted service.
pub fn fields() -> Value {
    json!({"teacher_id": "teacher_1", "admin_id": "admin", "admin_sig": TICKET})
}

/// The last part of the path.
fn command(request: &Request) -> &str {
    request.path.rsplit('/').next().unwrap()
}

fn group(request: &Request) -> &str {
    request.body["GroupId"].as_str().unwrap()
}

/// Whether this asks for the group where people write to be made.
fn makes_chat(request: &Request) -> bool {
    command(request) == "create_group" && group(request).ends_with("_chat")
}

/// What came, as `create_group 100000001_chat`, in alphabetical order.
fn told(requests: &[Arc<Request>]) -> Vec<String> {
    let mut told: Vec<String> = requests.iter().map(|r| format!("{} {}", command(r), group(r))).collect();
    told.sort_unstable();
    told
}

fn with(command: &str, class_id: i64) -> Vec<String> {
    vec![format!("{command} {class_id}"), format!("{command} {class_id}_chat")]
}

/// A service whose classes have their groups there.
fn hosted(im: &Receiver) -> Service {
    Service::start_at(Clock::set_at(BEGIN * 1000), &["--im-engine", "tencent", "--im-url", &im.url])
}

/// The class that the last requests were for.
fn class_of(requests: &[Arc<Request>]) -> i64 {
    group(requests.last().unwrap()).trim_end_matches("_chat").parse().unwrap()
}

/// Waits until what came since the first `before` requests is this.
async fn came(im: &Receiver, before: usize, expected: &[Vec<String>]) {
    let mut expected = expected.concat();
    expected.sort_unstable();
    let n = before + expected.len();
    let requests = im.wait_for(n).await;
    assert_eq!(told(&requests[before..n]), expected);
}

async fn classes(enterprise: &Enterprise<'_>) -> i64 {
    enterprise.ok("class/list", json!({})).await["total"].as_i64().unwrap()
}

#[tokio::test]
async fn the_hosted_service_makes_the_groups_that_clients_compute() {
    let im = Receiver::answering(|_| code(0));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(fields()).await;
    let requests = im.requests();
    assert_eq!(told(&requests), with("create_group", class_id));
    for request in &requests {
        assert_eq!(request.path, "/events/v4/group_open_http_svc/create_group");
        let query = |name: &str| request.query[name].as_str();
        assert_eq!(query("sdkappid"), enterprise.sdkappid.to_string());
        assert_eq!((query("identifier"), query("usersig"), query("contenttype")), ("admin", TICKET, "json"));
        query("random").parse::<u32>().unwrap();
        assert_eq!((&request.body["Owner_Account"], &request.body["Type"]), (&json!("admin"), &json!("Public")));
        assert_eq!(request.body["ApplyJoinOption"], "FreeAccess");
    }
    let class = enterprise.ok("class/info", json!({ "class_id": class_id })).await;
    assert_eq!(class["chat_group_id"], format!("{class_id}_chat"));
    assert_eq!(class["cmd_group_id"], class_id.to_string());
    let groups = enterprise.ok("imstorage/list", json!({ "class_id": class_id })).await;
    assert_eq!(groups["total"], 2);
    assert!(groups["list"].as_array().unwrap().iter().all(|group| group["engine"] == "tencent"), "{groups}");
    // What is said there is not known here, and nothing can be said there from here.
    let said = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await;
    assert_eq!((&said["total"], &said["list"]), (&json!(0), &json!([])));
    enterprise.students(&["pupil"]).await;
    let say = json!({"class_id": class_id, "user_id": "pupil", "content": "hello"});
    assert!(enterprise.refused("imstorage/send", say, 10003).await.contains("hosted"));
}

#[tokio::test]
async fn a_group_that_the_administrator_has_already_is_as_good() {
    let im = Receiver::answering(|_| code(10_025));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(fields()).await;
    assert_eq!(told(&im.requests()), with("create_group", class_id));
}

#[tokio::test]
async fn no_class_is_left_however_the_hosted_service_fails() {
    let elsewhere = Receiver::answering(|_| code(0));
    let im = Receiver::answering(|_| code(0));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let padded = |bytes: usize| {
        let answer = format!("{{\"ErrorCode\":0{:1$}}}", "", bytes - "{\"ErrorCode\":0}".len());
        Reply::Whole(200, "application/json", answer)
    };
    let failures = [
        (code(70_001), "70001"),
        (code(10_021), "10021"),
        (code(-1), "-1"),
        (Reply::Whole(500, "application/json", r#"{"ErrorCode":0}"#.into()), "HTTP 500"),
        (Reply::Whole(204, "text/plain", String::new()), "HTTP 204"),
        (Reply::Redirect(elsewhere.url.clone()), "HTTP 302"),
        (Reply::Whole(200, "text/html", "<html>".into()), "no ErrorCode"),
        (Reply::Whole(200, "application/json", String::new()), "no ErrorCode"),
        (Reply::Whole(200, "application/json", r#"{"ActionStatus":"OK"}"#.into()), "no ErrorCode"),
        (Reply::Whole(200, "application/json", r#"{"ErrorCode":"0"}"#.into()), "no ErrorCode"),
        (Reply::Close, "broke off"),
        (padded(64 * 1024 + 1), "larger"),
        (Reply::Endless, "larger"),
        (Reply::Gigabyte, "larger"),
    ];
    for (reply, named) in failures {
        let what = format!("{reply:.40?}");
        for which in ["one", "both"] {
            let (both, reply) = (which == "both", reply.clone());
            im.answer(move |request| if both || makes_chat(request) { reply.clone() } else { code(0) });
            let message = enterprise.refused("class/create", fields(), 10280).await;
            assert!(message.contains(named), "{what}: {message}");
            assert!(!message.contains(TICKET) && !message.contains("in words"), "{what}: {message}");
            assert_eq!(classes(&enterprise).await, 0, "{what}");
            let class_id = class_of(&im.requests());
            enterprise.refused("class/info", json!({ "class_id": class_id }), 10230).await;
            enterprise.refused("imstorage/list", json!({ "class_id": class_id }), 10230).await;
        }
    }
    assert_eq!(elsewhere.requests().len(), 0);
    // The largest answer that is read, and a class again.
    im.answer(move |_| padded(64 * 1024));
    enterprise.class(fields()).await;
    assert_eq!(classes(&enterprise).await, 1);
}

#[tokio::test]
async fn a_service_that_hangs_keeps_nobody_waiting_for_ever() {
    let service;
    let im = Receiver::answering(|request| if makes_chat(request) { Reply::Drip } else { Reply::Hang });
    service = hosted(&im);
    let enterprise = service.enterprise().await;
    let message = enterprise.refused("class/create", fields(), 10280).await;
    assert!(message.contains("in time"), "{message}");
    assert_eq!(classes(&enterprise).await, 0);
}

#[tokio::test]
async fn nothing_is_asked_of_the_service_for_a_request_that_is_refused_anyway() {
    let im = Receiver::answering(|_| code(0));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    for (field, value) in [("stop_time", json!(1)), ("record_user_id", json!("x")), ("teacher_id", json!(null))] {
        let mut wrong = fields();
        wrong[field] = value;
        enterprise.refused("class/create", wrong, 10003).await;
    }
    assert_eq!(im.requests().len(), 0);
}

#[tokio::test]
async fn a_class_made_without_groups_has_none_and_leaves_none() {
    let im = Receiver::answering(|_| code(0));
    let (outside, inside) = (hosted(&im), Service::start());
    for service in [&outside, &inside] {
        let enterprise = service.enterprise().await;
        let mut without = fields();
        without["auto_create_im"] = 0.into();
        let class_id = enterprise.class(without).await;
        let groups = enterprise.ok("imstorage/list", json!({ "class_id": class_id })).await;
        assert_eq!((&groups["total"], &groups["list"]), (&json!(0), &json!([])));
        let message = enterprise.refused("imstorage/msg", json!({ "class_id": class_id }), 10003).await;
        assert!(message.contains("group_id"), "{message}");
        enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    }
    // The next class shows that nothing was asked before it.
    let enterprise = outside.enterprise().await;
    let class_id = enterprise.class(fields()).await;
    assert_eq!(told(&im.requests()), with("create_group", class_id));
}

#[tokio::test]
async fn a_group_that_was_made_in_vain_is_destroyed_at_once() {
    let im = Receiver::answering(|request| code(if makes_chat(request) { 70_001 } else { 0 }));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    enterprise.refused("class/create", fields(), 10280).await;
    let class_id = class_of(&im.requests());
    came(&im, 2, &[vec![format!("destroy_group {class_id}")]]).await;
    let request = im.requests()[2].clone();
    assert_eq!(request.body, json!({"GroupId": class_id.to_string()}));
    assert_eq!((request.query["identifier"].as_str(), request.query["usersig"].as_str()), ("admin", TICKET));
    // Of the one that was refused nothing is left: not a minute later either.
    service.pass(61);
    im.answer(|_| code(0));
    let next = enterprise.class(fields()).await;
    enterprise.ok("class/delete", json!({ "class_id": next })).await;
    came(&im, 3, &[with("create_group", next), with("destroy_group", next)]).await;
}

#[tokio::test]
async fn a_group_of_which_nobody_heard_is_destroyed_unless_it_is_anothers() {
    let im = Receiver::answering(|_| Reply::Close);
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    enterprise.refused("class/create", fields(), 10280).await;
    let class_id = class_of(&im.requests());
    let before = im.requests().len();
    im.answer(|request| {
        code(match command(request) {
            "create_group" if makes_chat(request) => 10_021,
            "create_group" => 10_025,
            _ => 0,
        })
    });
    service.pass(61);
    // To ask again tells whose it is.
    came(&im, before, &[with("create_group", class_id), vec![format!("destroy_group {class_id}")]]).await;
    let done = im.requests().len();
    service.pass(86_400);
    im.answer(|_| code(0));
    let next = enterprise.class(fields()).await;
    enterprise.ok("class/delete", json!({ "class_id": next })).await;
    came(&im, done, &[with("create_group", next), with("destroy_group", next)]).await;
}

#[tokio::test]
async fn the_groups_of_a_class_that_is_removed_are_destroyed_also_after_a_restart() {
    let im = Receiver::answering(|_| code(0));
    let mut service = hosted(&im);
    let sdkappid;
    {
        let enterprise = service.enterprise().await;
        sdkappid = enterprise.sdkappid;
        let class_id = enterprise.class(fields()).await;
        let newer = json!({"class_id": class_id, "admin_id": "other admin", "admin_sig": "newer"});
        enterprise.ok("class/modify", newer).await;
        im.answer(|_| code(10_002));
        enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
        enterprise.refused("class/info", json!({ "class_id": class_id }), 10230).await;
        came(&im, 2, &[with("destroy_group", class_id)]).await;
    }
    // A minute later once more, by whoever serves then.
    service.restart();
    service.pass(61);
    let class_id = class_of(&im.requests());
    came(&im, 4, &[with("destroy_group", class_id)]).await;
    im.answer(|_| code(10_010));
    service.pass(121);
    came(&im, 6, &[with("destroy_group", class_id)]).await;
    for request in &im.requests()[2..] {
        assert_eq!((request.query["identifier"].as_str(), request.query["usersig"].as_str()), ("other admin", "newer"));
    }
    // That they are not there is what was wanted: nothing is left to do.
    service.pass(1_000_000);
    im.answer(|_| code(0));
    let enterprise = service.known(sdkappid).await;
    let next = enterprise.class(fields()).await;
    enterprise.ok("class/delete", json!({ "class_id": next })).await;
    came(&im, 8, &[with("create_group", next), with("destroy_group", next)]).await;
}

#[tokio::test]
async fn a_class_that_waited_too_long_for_its_groups_is_not_made() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let patch = Patch { teacher_id: Some("teacher_1".into()), ..Patch::default() };
    let (enterprise_id, sdkappid, now) = (enterprise.enterprise_id, enterprise.sdkappid, service.clock.now());
    let booking = Booking { enterprise_id, sdkappid, once: None, patch, now };
    let begin = || {
        let booking = booking.clone();
        service.app.db.write(move |conn| match booking.begin(conn)? {
            Step::Groups(pending) => Ok::<_, Error>(pending),
            Step::Booked(class_id) => panic!("{class_id} is there"),
        })
    };
    let complete = |pending: Pending| {
        let booking = booking.clone();
        service.app.db.write(move |conn| booking.complete(conn, &pending))
    };
    let (in_time, late) = (begin().await.unwrap(), begin().await.unwrap());
    assert_eq!(complete(in_time.clone()).await.unwrap(), in_time.class_id);
    // The promise to destroy the groups fell due, and somebody is at it.
    let tried = service.app.db.write(move |conn| {
        for due in group_deletion::due(conn, now + 60_000, 10)? {
            group_deletion::reschedule(conn, &due, now + 120_000)?;
        }
        Ok::<_, Error>(())
    });
    tried.await.unwrap();
    assert!(matches!(complete(late).await, Err(Error::NoGroups(_))));
    assert_eq!(classes(&enterprise).await, 1);
}

#[tokio::test]
async fn a_booking_that_failed_may_be_sent_again_under_its_key() {
    let im = Receiver::answering(|_| code(70_001));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let create = async || {
        let asked = service.http.post(enterprise.signed("class/create")).header("Idempotency-Key", "one");
        let answer: Value = asked.body(fields().to_string()).send().await.unwrap().json().await.unwrap();
        answer
    };
    assert_eq!(create().await["error_code"], 10280);
    im.answer(|_| code(0));
    let first = create().await;
    assert_eq!(first["error_code"], 0, "{first}");
    let asked = im.requests().len();
    assert_eq!(create().await, first);
    assert_eq!((classes(&enterprise).await, im.requests().len()), (1, asked));
}

#[tokio::test]
async fn two_bookings_at_once_under_a_key_are_one_class_and_the_groups_of_the_other_go() {
    let im = Receiver::answering(|_| Reply::Hold);
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let create = async || {
        let asked = service.http.post(enterprise.signed("class/create")).header("Idempotency-Key", "one");
        let answer: Value = asked.body(fields().to_string()).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["error_code"], 0, "{answer}");
        answer["class_id"].as_i64().unwrap()
    };
    let release = async {
        im.wait_for(4).await;
        im.answer(|_| code(0));
        im.release_with(code(0));
    };
    let (one, other, ()) = tokio::join!(create(), create(), release);
    assert_eq!((one, classes(&enterprise).await), (other, 1));
    let asked: Vec<i64> = im.requests().iter().map(|r| group(r).trim_end_matches("_chat").parse().unwrap()).collect();
    let lost = *asked.iter().find(|class_id| **class_id != one).unwrap();
    service.pass(61);
    came(&im, 4, &[with("create_group", lost), with("destroy_group", lost)]).await;
    enterprise.ok("class/info", json!({ "class_id": one })).await;
}

/// Sends a message and returns its number.
async fn say(enterprise: &Enterprise<'_>, class_id: i64, content: &str) -> i64 {
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
    // The other group of the class, and another class, count for themselves.
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
    // The number is the sender's own, and 0 is none.
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
        ("type", json!("image"), 10003),
        ("random", json!(-1), 10003),
    ] {
        let mut wrong = message.clone();
        wrong[field] = value;
        let said = enterprise.refused("imstorage/send", wrong, code).await;
        assert!(said.contains(field), "{said}");
    }
    assert_eq!(enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await["total"], 0);
    // Lines, and as much as there may be, are said; and what was said in a class that is over can be read.
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
    let enterprise = service.known(sdkappid).await;
    assert_eq!(say(&enterprise, class_id, "again").await, 2);
    let kept = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await;
    assert_eq!(kept["list"][0]["content"], "hello");
    enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    enterprise.refused("imstorage/msg", json!({ "class_id": class_id }), 10230).await;
}

#[tokio::test]
async fn who_is_inside_says_something_and_who_may_enter_reads_it() {
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
    // Before they come in, nothing.
    assert_eq!(component(0, "imstorage/send", hello.clone()).await["error_code"], 10203);
    assert_eq!(component(0, "member/join", json!({ "class_id": class_id })).await["error_code"], 0);
    assert_eq!(component(0, "imstorage/send", hello.clone()).await["sequence"], 1);
    let read = component(0, "imstorage/msg", json!({ "class_id": class_id })).await;
    // By whoever is signed in, not by whom the body names.
    assert_eq!((&read["total"], &read["list"][0]["user_id"]), (&json!(1), &json!("pupil")), "{read}");
    assert_eq!(component(0, "imstorage/list", json!({ "class_id": class_id })).await["total"], 2);
    for call in ["imstorage/list", "imstorage/msg"] {
        assert_eq!(component(1, call, json!({ "class_id": class_id })).await["error_code"], 10226, "{call}");
    }
    assert_eq!(component(1, "imstorage/send", hello.clone()).await["error_code"], 10203);
    component(0, "member/quit", json!({ "class_id": class_id })).await;
    assert_eq!(component(0, "imstorage/send", hello).await["error_code"], 10203);
}
