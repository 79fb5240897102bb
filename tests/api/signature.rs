//! Who is let in: the signature of a request.

use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Draft, Patch};
use lectern::protocol::iclass::sign::sign;
use lectern::service::delete_enterprise::delete_enterprise;
use serde_json::json;

use crate::service::{BEGIN, Enterprise, Service};

/// The example of the document's appendix 2.
const KEY: &str = "DzXpbluRsmo1JkoFxzKMNg5ifrA4GRlU";
const EXPIRE_TIME: i64 = 1_548_247_837;
const SIGN: &str = "28374bd8cff400ac4906414780fbe387";
/// The longest that a signature may be good, by default.
const MAX_AGE: i64 = 604_800;

/// Asks with this query and body, and returns the `error_code` and the message. Whatever they are, HTTP says 200.
async fn ask(service: &Service, query: &str, body: &str) -> (i64, String) {
    let url = format!("{}/paas/v1/business/info?{query}", service.url);
    let response = service.http.post(url).body(body.to_owned()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let answer: serde_json::Value = response.json().await.unwrap();
    (answer["error_code"].as_i64().unwrap(), answer["error_msg"].as_str().unwrap().to_owned())
}

async fn code(service: &Service, query: &str, body: &str) -> i64 {
    ask(service, query, body).await.0
}

/// The `error_code` for a right signature with this `expire_time`.
async fn with_time(enterprise: &Enterprise<'_>, expire_time: i64) -> i64 {
    with_key(enterprise, &enterprise.tic_key, expire_time).await
}

async fn with_key(enterprise: &Enterprise<'_>, key: &str, expire_time: i64) -> i64 {
    let (sdkappid, sign) = (enterprise.sdkappid, sign(key, expire_time));
    let query = format!("sdkappid={sdkappid}&random=1&expire_time={expire_time}&sign={sign}");
    code(enterprise.service, &query, "").await
}

/// A service at the time of the example, with its enterprise.
async fn example(service: &Service) -> Enterprise<'_> {
    service.clock.set((EXPIRE_TIME - 120) * 1000);
    let draft =
        Draft { name: "Example".into(), sdkappid: Some(1_400_127_140), tic_key: Some(KEY.into()), ..Draft::default() };
    service.enterprise_of(draft).await
}

#[test]
fn the_example_of_the_appendix_holds() {
    assert_eq!(sign(KEY, EXPIRE_TIME), SIGN);
}

#[tokio::test]
async fn the_example_of_the_appendix_is_let_in() {
    let service = Service::start();
    let enterprise = example(&service).await;
    let query = format!("sdkappid=1400127140&random=37926&expire_time={EXPIRE_TIME}&sign={SIGN}");
    assert_eq!(code(&service, &query, "").await, 0);
    assert_eq!(enterprise.sdkappid, 1_400_127_140);
}

#[tokio::test]
async fn every_single_flipped_bit_is_refused() {
    let service = Service::start();
    example(&service).await;
    for at in 0..SIGN.len() {
        for bit in 0..8 {
            let mut flipped = SIGN.as_bytes().to_vec();
            flipped[at] ^= 1 << bit;
            let escaped = flipped.iter().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
            let query = format!("sdkappid=1400127140&random=1&expire_time={EXPIRE_TIME}&sign={escaped}");
            let (code, message) = ask(&service, &query, "").await;
            assert_eq!((code, message.as_str()), (10217, "sign: wrong"), "byte {at}, bit {bit}");
        }
    }
    // Unflipped, the same escapes are let in.
    let escaped = SIGN.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
    assert_eq!(code(&service, &format!("sdkappid=1400127140&expire_time={EXPIRE_TIME}&sign={escaped}"), "").await, 0);
}

#[tokio::test]
async fn a_signature_of_another_length_or_case_is_refused() {
    let service = Service::start();
    example(&service).await;
    for wrong in [SIGN.to_uppercase(), SIGN[..31].to_owned(), format!("{SIGN}0"), format!("{SIGN}%00"), "0".repeat(32)]
    {
        let query = format!("sdkappid=1400127140&expire_time={EXPIRE_TIME}&sign={wrong}");
        assert_eq!(ask(&service, &query, "").await, (10217, "sign: wrong".into()), "{wrong}");
    }
}

#[tokio::test]
async fn a_signature_is_good_until_its_time_and_not_after() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    assert_eq!(with_time(&enterprise, BEGIN).await, 0);
    service.clock.set(BEGIN * 1000 + 999);
    assert_eq!(with_time(&enterprise, BEGIN).await, 0, "still the same second");
    assert_eq!(with_time(&enterprise, BEGIN - 1).await, 10217);
    service.pass(1);
    assert_eq!(with_time(&enterprise, BEGIN).await, 10217);
    for old in [1_548_247_837, 1, 0, -1, i64::MIN] {
        assert_eq!(with_time(&enterprise, old).await, 10217, "{old}");
    }
}

#[tokio::test]
async fn a_signature_may_be_good_for_a_week_and_no_longer() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    assert_eq!(with_time(&enterprise, BEGIN + MAX_AGE).await, 0);
    for far in [BEGIN + MAX_AGE + 1, BEGIN * 1000, i64::MAX] {
        assert_eq!(with_time(&enterprise, far).await, 10217, "{far}");
    }
    service.pass(1);
    assert_eq!(with_time(&enterprise, BEGIN + MAX_AGE + 1).await, 0);
}

#[tokio::test]
async fn how_long_a_signature_may_be_good_is_a_setting() {
    let service = Service::start_with(&["--sign-max-age-seconds", "60"]);
    let enterprise = service.enterprise().await;
    assert_eq!(with_time(&enterprise, BEGIN + 60).await, 0);
    assert_eq!(with_time(&enterprise, BEGIN + 61).await, 10217);
}

#[tokio::test]
async fn the_key_of_another_enterprise_is_refused() {
    let service = Service::start();
    let (one, other) = (service.enterprise().await, service.enterprise().await);
    assert_ne!(one.tic_key, other.tic_key);
    assert_eq!(with_key(&one, &other.tic_key, BEGIN + 60).await, 10217);
    assert_eq!(with_key(&other, &one.tic_key, BEGIN + 60).await, 10217);
    assert_eq!(with_key(&other, &other.tic_key, BEGIN + 60).await, 0);
}

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
    // Signed as they are, and still no time.
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
async fn sign_and_expire_time_may_stand_in_the_body() {
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
async fn an_unknown_sdkappid_is_told_apart() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let time = BEGIN + 60;
    let rest = format!("random=1&expire_time={time}&sign={}", sign(&enterprise.tic_key, time));
    let wrap = i128::from(enterprise.sdkappid) + (1_i128 << 64);
    for id in [
        String::new(),
        "sdkappid&".into(),
        "sdkappid=&".into(),
        "sdkappid=1&".into(),
        "sdkappid=0&".into(),
        "sdkappid=-1&".into(),
        "sdkappid=abc&".into(),
        "sdkappid=1.5&".into(),
        format!("sdkappid={}x&", enterprise.sdkappid),
        format!("sdkappid={}%00&", enterprise.sdkappid),
        format!("sdkappid={}&", enterprise.sdkappid + 1),
        format!("sdkappid={}&", enterprise.enterprise_id),
        format!("sdkappid={wrap}&"),
        "sdkappid=%27%20OR%201=1--&".into(),
    ] {
        let (code, message) = ask(&service, &format!("{id}{rest}"), "").await;
        assert_eq!(code, 10270, "{id}");
        assert!(message.starts_with("sdkappid"), "{id}: {message}");
    }
    // Only the query says who calls.
    let body = json!({"sdkappid": enterprise.sdkappid}).to_string();
    assert_eq!(code(&service, &rest, &body).await, 10270);
    assert_eq!(code(&service, &format!("sdkappid={}&{rest}", enterprise.sdkappid), &body).await, 0);
}

#[tokio::test]
async fn an_enterprise_past_its_validity_is_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.set(Patch { valid_seconds: Some(7200), ..Patch::default() }).await;
    service.pass(7200);
    enterprise.ok("business/info", json!({})).await;
    service.pass(1);
    let message = enterprise.refused("business/info", json!({}), 10203).await;
    assert!(message.contains(&enterprise.sdkappid.to_string()), "{message}");
    enterprise.refused("class/create", json!({"teacher_id": "t"}), 10203).await;
    // Who can't sign is not told.
    let query = format!("sdkappid={}&expire_time={}&sign=0", enterprise.sdkappid, service.now() + 60);
    assert_eq!(code(&service, &query, "").await, 10217);
    enterprise.set(Patch { valid_seconds: Some(7201), ..Patch::default() }).await;
    enterprise.ok("business/info", json!({})).await;
}

#[tokio::test]
async fn an_old_key_is_good_within_its_grace_and_the_new_one_at_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let first = rotate(&enterprise, 3600).await;
    assert_ne!(first, enterprise.tic_key);
    for key in [&enterprise.tic_key, &first] {
        assert_eq!(with_key(&enterprise, key, service.now() + 60).await, 0);
    }
    service.pass(3600);
    for key in [&enterprise.tic_key, &first] {
        assert_eq!(with_key(&enterprise, key, service.now() + 60).await, 0);
    }
    service.pass(1);
    assert_eq!(with_key(&enterprise, &enterprise.tic_key, service.now() + 60).await, 10217);
    assert_eq!(with_key(&enterprise, &first, service.now() + 60).await, 0);

    // One rotation more: only the key before the present one has a grace.
    let second = rotate(&enterprise, 3600).await;
    let third = rotate(&enterprise, 0).await;
    assert_eq!(with_key(&enterprise, &first, service.now() + 60).await, 10217);
    assert_eq!(with_key(&enterprise, &third, service.now() + 60).await, 0);
    service.pass(1);
    assert_eq!(with_key(&enterprise, &second, service.now() + 60).await, 10217);
}

/// Gives the enterprise a new key and returns it.
async fn rotate(enterprise: &Enterprise<'_>, grace_seconds: i64) -> String {
    let (service, sdkappid, now) = (enterprise.service, enterprise.sdkappid, enterprise.service.clock.now());
    let rotated = service
        .app
        .db
        .write(move |conn| enterprise::rotate_key(conn, sdkappid, grace_seconds * 1000, now))
        .await
        .unwrap();
    service.app.enterprises.forget(sdkappid);
    rotated.tic_key
}

#[tokio::test]
async fn a_change_made_elsewhere_is_seen_within_a_second() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    assert_eq!(with_time(&enterprise, BEGIN + 60).await, 0);
    let sdkappid = enterprise.sdkappid;
    // As another process would: the service is not told.
    service.app.db.write(move |conn| delete_enterprise(conn, sdkappid)).await.unwrap();
    service.pass(1);
    assert_eq!(with_time(&enterprise, BEGIN + 60).await, 10270);
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
