//! Callers are authenticated before the body is read, and bodies of others may take little memory.

use reqwest::Method;
use serde_json::json;

use super::{Answer, MOBILE, PASSWORD, people};
use crate::support::raw::Raw;
use crate::support::service::{Enterprise, Service};

/// The size of a body that fits into no budget.
const LARGE: usize = 100_000;

/// Calls of callers who can be refused by what is before the body: the method, the address, the headers, and the status.
fn refused(enterprise: &Enterprise<'_>) -> Vec<(&'static str, String, &'static str, u16)> {
    let (url, sdkappid) = (&enterprise.service.url, enterprise.sdkappid);
    let unsigned = enterprise.signed("user/list").replace("sign=", "sign=0");
    let nobody = "Authorization: Bearer nobody\r\n";
    vec![
        ("POST", unsigned, "", 200),
        ("POST", enterprise.signed("user/list").replace("sdkappid=14", "sdkappid=15"), "", 200),
        ("POST", enterprise.signed("document/upload").replace("sign=", "sign=0"), "", 200),
        (
            "POST",
            enterprise.signed("x").replace("/paas/v1/x", "/transcode/v1/create").replace("sign=", "sign=0"),
            "",
            200,
        ),
        ("POST", format!("{url}/saas/v1/user/info?sdkappid={sdkappid}&token=nobody"), "", 200),
        ("POST", format!("{url}/saas/v1/user/login?sdkappid=999"), "", 200),
        ("POST", format!("{url}/saas/v1/report/heartbeat?sdkappid=999"), "", 200),
        ("POST", format!("{url}/api/organization"), nobody, 401),
        ("POST", format!("{url}/im/group"), nobody, 401),
    ]
}

#[tokio::test]
async fn the_body_of_who_is_refused_is_not_kept_and_the_connection_goes_on() {
    let service = Service::start_with(&["--unknown-body-bytes", "240"]);
    let enterprise = service.enterprise().await;
    for (method, url, headers, status) in refused(&enterprise) {
        let mut connection = Raw::connect(&service.url);
        connection.request(method, &url, headers, vec![b'x'; LARGE]);
        let refusal = connection.read(method);
        assert_eq!(refusal.status, status, "{url}: {}", refusal.body);
        let busy = ["too many requests", "too much to do"].iter().any(|words| refusal.body.contains(words));
        assert!(!busy && !refusal.body.contains(r#""error_code":0"#), "{url}: {}", refusal.body);
        let next = connection.post(&enterprise.signed("user/list"), "", "{}");
        assert_eq!(next.code(), 0, "{url}");
    }
}

/// Bodies of callers whose credentials are in the body: the method, the address and the body.
fn unknown(enterprise: &Enterprise<'_>) -> Vec<(Method, String, String)> {
    let (url, sdkappid) = (&enterprise.service.url, enterprise.sdkappid);
    let login = json!({"userid": "li", "password": PASSWORD}).to_string();
    vec![
        (Method::POST, format!("{url}/saas/v1/user/login?sdkappid={sdkappid}"), login),
        (Method::POST, format!("{url}/login"), json!({"mobile": MOBILE, "password": PASSWORD}).to_string()),
        (
            Method::POST,
            format!("{url}/index.php?svc=account&cmd=login"),
            json!({"appid": sdkappid, "timeStamp": 1, "id": "li", "pwd": PASSWORD}).to_string(),
        ),
        (Method::POST, format!("{url}/im/group"), json!({"group_name": "a", "member_client_ids": ["a"]}).to_string()),
        (Method::POST, format!("{url}/paas/v1/user/list?sdkappid={sdkappid}"), " ".repeat(70)),
    ]
}

#[tokio::test]
async fn unauthenticated_callers_share_a_budget_and_authenticated_ones_do_not() {
    // A quarter of it, which one address may have, is 60 bytes.
    let service = Service::start_with(&["--unknown-body-bytes", "240"]);
    let enterprise = service.enterprise().await;
    people(&enterprise).await;
    for (method, url, body) in unknown(&enterprise) {
        let padded = format!("{body:80}");
        let answer = Answer::to(service.http.request(method, &url).body(padded)).await;
        let busy = [(200, json!(10291)), (200, json!(10109)), (503, json!("SERVICE_UNAVAILABLE")), (503, json!(999))];
        assert!(busy.contains(&(answer.status, answer.code.clone())), "{url}: {answer:?}");
        assert_eq!(answer.retry_after, Some(1), "{url}");
    }
    let list: Vec<_> = (0..20).map(|n| json!({"user_id": format!("s{n}"), "role": "student"})).collect();
    enterprise.ok("user/register", json!({ "list": list })).await;
}
