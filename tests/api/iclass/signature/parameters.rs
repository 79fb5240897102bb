//! Where the signature is: in the query or in the body, and always checked first.

use lectern::protocol::iclass::sign::sign;
use serde_json::json;

use super::{ask, code};
use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn a_request_without_a_whole_signature_is_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let time = BEGIN + 60;
    let id = format!("sdkappid={}", enterprise.sdkappid);
    let good = format!("sign={}", sign(&enterprise.tic_key, time));
    let of = |text: &str| format!("{:x}", md5::compute(format!("{}{text}", enterprise.tic_key)));
    let mut cases = vec![
        (id.clone(), "sign"),
        (format!("{id}&expire_time={time}"), "sign"),
        (format!("{id}&expire_time={time}&sign"), "sign"),
        (format!("{id}&expire_time={time}&sign="), "sign"),
        (format!("{id}&expire_time={time}&SIGN={}", &good[5..]), "sign"),
        (format!("{id}&{good}"), "expire_time"),
        (format!("{id}&{good}&expire_time="), "expire_time"),
    ];
    // Correctly signed, but not a valid time.
    for time in ["", "soon", "1e9", "1.5", "99999999999999999999", "0x6554"] {
        cases.push((format!("{id}&sign={}&expire_time={time}", of(time)), "expire_time"));
    }
    for (query, field) in cases {
        let (code, message) = ask(&service, &query, "").await;
        assert_eq!(code, 10217, "{query}");
        assert!(message.starts_with(&format!("{field}: ")), "{query}: {message}");
    }
    assert_eq!(code(&service, &format!("{id}&{good}&expire_time={time}"), "").await, 0);
}

#[tokio::test]
async fn sign_and_expire_time_may_be_in_the_body() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let time = BEGIN + 60;
    let good = sign(&enterprise.tic_key, time);
    let id = format!("sdkappid={}&random=x", enterprise.sdkappid);
    for (query, body) in [
        (id.clone(), json!({"sign": good, "expire_time": time})),
        (id.clone(), json!({"sign": good, "expire_time": time.to_string()})),
        (format!("{id}&sign={good}"), json!({"expire_time": time})),
        (format!("{id}&sign={good}"), json!({"expire_time": time.to_string()})),
        (format!("{id}&expire_time={time}"), json!({ "sign": good })),
        (format!("{id}&expire_time={time}"), json!({"sign": good, "expire_time": null})),
    ] {
        assert_eq!(ask(&service, &query, &body.to_string()).await, (0, String::new()), "{query} {body}");
    }
    let bad = sign(&enterprise.tic_key, time + 1);
    for (query, body) in [
        (id.clone(), json!({"sign": good})),
        (id.clone(), json!({"expire_time": time})),
        (id.clone(), json!({"sign": null, "expire_time": time})),
        (id.clone(), json!({"sign": good, "expire_time": null})),
        (id.clone(), json!({"sign": bad, "expire_time": time})),
        (id.clone(), json!({"sign": good.to_uppercase(), "expire_time": time})),
        (id.clone(), json!({"sign": 28, "expire_time": time})),
        (id.clone(), json!({"sign": good, "expire_time": "soon"})),
        (id.clone(), json!({"sign": good, "expire_time": 1.5})),
        (id.clone(), json!({"in": {"sign": good, "expire_time": time}})),
        (format!("{id}&expire_time={time}"), json!({ "sign": bad })),
    ] {
        assert_eq!(code(&service, &query, &body.to_string()).await, 10217, "{query} {body}");
    }
}

#[tokio::test]
async fn the_query_wins_over_the_body() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (id, time) = (enterprise.sdkappid, BEGIN + 60);
    let (good, bad) = (sign(&enterprise.tic_key, time), "0".repeat(32));
    let in_query = |sign: &str, time: i64| format!("sdkappid={id}&expire_time={time}&sign={sign}");
    let in_body = |sign: &str, time: i64| json!({"sign": sign, "expire_time": time}).to_string();
    assert_eq!(code(&service, &in_query(&good, time), &in_body(&bad, time)).await, 0);
    assert_eq!(code(&service, &in_query(&good, time), &in_body(&good, time - 3600)).await, 0);
    assert_eq!(code(&service, &in_query(&bad, time), &in_body(&good, time)).await, 10217);
    assert_eq!(code(&service, &in_query("", time), &in_body(&good, time)).await, 10217);
    assert_eq!(code(&service, &in_query(&good, time + 1), &in_body(&good, time)).await, 10217);
}

#[tokio::test]
async fn the_signature_is_checked_before_the_body_is_looked_at() {
    let service = Service::start_with(&["--body-limit-bytes", "1000"]);
    let enterprise = service.enterprise().await;
    let time = BEGIN + 60;
    let (id, good) = (enterprise.sdkappid, sign(&enterprise.tic_key, time));
    let bad = format!("sdkappid={id}&expire_time={time}&sign={}", "0".repeat(32));
    let unsigned = format!("sdkappid={id}");
    let unknown = format!("sdkappid=1&expire_time={time}&sign={good}");
    let right = format!("sdkappid={id}&expire_time={time}&sign={good}");
    for (body, when_signed) in [("not JSON", 10000), ("[1]", 10003), (&"x".repeat(2000), 10005)] {
        assert_eq!(code(&service, &bad, body).await, 10217);
        assert_eq!(code(&service, &unsigned, body).await, 10217);
        assert_eq!(code(&service, &unknown, body).await, 10270);
        assert_eq!(code(&service, &right, body).await, when_signed);
    }
}

#[tokio::test]
async fn a_refused_request_does_nothing() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let url = enterprise.signed("class/create").replace("sign=", "sign=0");
    let response = service.http.post(url).body(json!({"teacher_id": "t"}).to_string()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.json::<serde_json::Value>().await.unwrap()["error_code"], 10217);
    assert_eq!(enterprise.ok("class/list", json!({})).await["total"], 0);
}
