//! Cached answers show all earlier writes through the same instance, and writes through another instance after a second at most.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use lectern::clock::Clock;
use serde_json::{Value, json};

use crate::support::service::{BEGIN, Enterprise, Service};

/// The answers for a class, its participants, one user, and the list of classes.
async fn look(enterprise: &Enterprise<'_>, class_id: i64) -> [String; 4] {
    let class = json!({ "class_id": class_id });
    let look = async |call, body| {
        // The addresses of pictures contain the address of the instance.
        enterprise.call(call, body).await.to_string().replace(&enterprise.service.url, "")
    };
    [
        look("class/info", class.clone()).await,
        look("member/runtime/list", class).await,
        look("user/info", json!({"user_id": "pupil"})).await,
        look("class/list", json!({"size": 20, "class_status": ["will", "ing", "end"]})).await,
    ]
}

/// All calls that change cached answers, in an order in which each has an effect, with the answers that change.
fn changes(class_id: i64) -> Vec<(&'static str, Value, [bool; 4])> {
    let pupil = json!({"class_id": class_id, "user_id": "pupil"});
    let visit = json!({"class_id": class_id, "nickname": "Guest"});
    vec![
        ("class/modify", json!({"class_id": class_id, "class_topic": "Fractions"}), [true, false, false, true]),
        (
            "class/modify",
            json!({"class_id": class_id, "members": [{"user_id": "a", "role": "student"}]}),
            [true, false, false, false],
        ),
        (
            "member/add",
            json!({"class_id": class_id, "list": [{"user_id": "pupil", "role": "student"}]}),
            [true, false, false, false],
        ),
        (
            "member/add",
            json!({"class_id": class_id, "list": [{"user_id": "pupil", "role": "supervisor"}]}),
            [true, false, false, false],
        ),
        ("member/delete", json!({"class_id": class_id, "list": ["a"]}), [true, false, false, false]),
        ("member/join", pupil.clone(), [false, true, false, false]),
        ("member/join", json!({"class_id": class_id, "user_id": "pupil", "camera": 1}), [false, true, false, false]),
        ("member/visitor/join", visit, [false, true, false, false]),
        ("user/profile/modify", json!({"user_id": "pupil", "nickname": "Other"}), [false, true, true, false]),
        ("member/quit", pupil, [false, true, false, false]),
        ("class/start", json!({ "class_id": class_id }), [true, false, false, true]),
        ("class/stop", json!({ "class_id": class_id }), [true, true, false, true]),
        ("class/delete", json!({ "class_id": class_id }), [true, true, false, true]),
    ]
}

#[tokio::test]
async fn a_change_is_seen_at_once_where_it_was_made() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["pupil"]).await;
    let class_id = enterprise.class(json!({})).await;
    let mut before = look(&enterprise, class_id).await;
    for (call, body, changed) in changes(class_id) {
        enterprise.ok(call, body).await;
        let after = look(&enterprise, class_id).await;
        for at in 0..4 {
            assert_eq!(before[at] != after[at], changed[at], "{call}: {}", after[at]);
        }
        assert_eq!(after, look(&enterprise, class_id).await, "{call}");
        before = after;
    }
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_change_made_through_another_instance_is_seen_within_a_second() {
    let service = Service::start();
    let other = Service::start_beside(&service, Clock::set_at(BEGIN * 1000));
    let enterprise = service.enterprise().await;
    let elsewhere = other.enterprise_with(enterprise.sdkappid).await;
    enterprise.students(&["pupil"]).await;
    let class_id = enterprise.class(json!({})).await;
    for (call, body, _) in changes(class_id) {
        look(&elsewhere, class_id).await;
        enterprise.ok(call, body).await;
        let (made, now) = (Instant::now(), look(&enterprise, class_id).await);
        let mut read = Instant::now();
        while look(&elsewhere, class_id).await != now {
            // No answer may be stale a second after the change.
            assert!(read.duration_since(made) < Duration::from_secs(1), "{call} is not seen");
            read = Instant::now();
        }
    }
}

#[tokio::test]
async fn an_answer_read_during_a_change_is_never_cached_as_it_was() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let topic = async || {
        let info = enterprise.ok("class/info", json!({ "class_id": class_id })).await;
        info["class_topic"].as_str().unwrap().parse::<usize>().unwrap()
    };
    let done = std::cell::Cell::new(false);
    let write = async {
        for n in 0..300 {
            enterprise.ok("class/modify", json!({"class_id": class_id, "class_topic": n.to_string()})).await;
            assert_eq!(topic().await, n);
        }
        done.set(true);
    };
    let read = async || {
        while !done.get() {
            topic().await;
        }
    };
    tokio::join!(write, read(), read(), read());
}

#[tokio::test]
async fn an_answer_cached_for_one_enterprise_is_given_to_no_other() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    enterprise.students(&["pupil"]).await;
    let class_id = enterprise.class(json!({})).await;
    look(&enterprise, class_id).await;
    let [class, inside, user, classes] = look(&other, class_id).await;
    for (answer, code) in [class, inside, user].iter().zip([10230, 10230, 10215]) {
        assert!(answer.contains(&format!("\"error_code\":{code}")), "{answer}");
    }
    assert!(classes.contains("\"total\":0"), "{classes}");
}

#[tokio::test]
async fn a_class_that_two_enterprises_ask_for_at_once_is_given_to_its_own_alone() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let class_id = enterprise.class(json!({})).await;
    for n in 0..20 {
        let topic = n.to_string();
        // What is cached is stale now, so that all calls read.
        enterprise.ok("class/modify", json!({"class_id": class_id, "class_topic": topic})).await;
        let asking = [&enterprise, &other].repeat(6);
        let answers = join_all(asking.iter().map(|who| who.call("class/info", json!({ "class_id": class_id })))).await;
        for (place, answer) in answers.iter().enumerate() {
            if place % 2 == 0 {
                assert_eq!(answer["class_topic"], topic, "{answer}");
            } else {
                assert_eq!(answer["error_code"], 10230, "{answer}");
            }
        }
    }
}
