//! Pages of any origin may call every protocol, as their tokens and signatures count and cookies are ignored.

use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::json;

use crate::im::app::AppState;
use crate::niuclass::partner::Partner;
use crate::support::service::Service;

const SCHOOL: &str = "https://school.example.com";

/// Calls of every protocol, one for each place where calls are mounted.
const CALLS: [(&str, &str); 20] = [
    ("POST", "/paas/v1/class/list"),
    ("POST", "/paas/v1/document/upload"),
    ("POST", "/transcode/v1/create"),
    ("POST", "/ppt2h5/v1/create"),
    ("POST", "/saas/v1/class/info"),
    ("POST", "/v4/ilvb_edu/report_heartbeat"),
    ("POST", "/login"),
    ("GET", "/api/courses"),
    ("PUT", "/api/course/1"),
    ("DELETE", "/api/course/1"),
    ("GET", "/signature/login/1/2"),
    ("GET", "/im/signature/login/1/2"),
    ("GET", "/v1/im/signature/login/1/2"),
    ("POST", "/im/group"),
    ("PUT", "/im/group/1"),
    ("DELETE", "/v1/im/group/1"),
    ("GET", "/v1/im/org/1/groups"),
    ("POST", "/index.php?svc=live&cmd=create"),
    ("PUT", "/sxb_new/?svc=live&cmd=create"),
    ("GET", "/any/path?svc=live&cmd=create"),
];

#[tokio::test]
async fn every_protocol_lets_the_pages_of_any_origin_ask_before_they_call() {
    let service = Service::start();
    for (method, path) in CALLS {
        let asks_for = if path.starts_with("/paas") || path.contains("/v1/create") {
            "content-type"
        } else {
            "authorization,content-type,x-requested-with"
        };
        let preflight = service
            .http
            .request(Method::OPTIONS, format!("{}{path}", service.url))
            .header(ORIGIN, SCHOOL)
            .header("Access-Control-Request-Method", method)
            .header("Access-Control-Request-Headers", asks_for)
            .send()
            .await
            .unwrap();
        assert!(preflight.status().is_success(), "{method} {path}: {}", preflight.status());
        let header = |name: &str| {
            let value = preflight.headers().get(name).unwrap_or_else(|| panic!("{method} {path}: no {name}"));
            value.to_str().unwrap().to_ascii_lowercase()
        };
        assert_eq!(header("access-control-allow-origin"), "*", "{method} {path}");
        let methods = header("access-control-allow-methods");
        assert!(methods.split(", ").any(|allowed| allowed.eq_ignore_ascii_case(method)), "{method} {path}: {methods}");
        let headers = header("access-control-allow-headers");
        assert!(asks_for.split(',').all(|name| headers.contains(name)), "{method} {path}: {headers}");
        assert!(preflight.headers().get("access-control-allow-credentials").is_none());
    }
}

#[tokio::test]
async fn answers_and_refusals_are_readable_for_the_pages_of_any_origin() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (partner, app) = (Partner::of(&enterprise, "13000000001").await, AppState::of(&enterprise).await);
    let (partner, app) = (Some(partner.token.clone()), app.token.clone());
    for (token, path) in [
        (&partner, "/api/courses"),
        (&partner, "/api/course/999"),
        (&partner, "/api/nosuch"),
        (&None, "/api/courses"),
        (&None, "/login"),
        (&app, "/im/org/0/groups"),
        (&app, "/im/nosuch"),
        (&None, "/im/org/0/groups"),
        (&None, "/signature/login/1/2"),
        (&None, "/Api/courses"),
        (&None, "/IM//org/0/groups"),
    ] {
        let mut request = service.http.get(format!("{}{path}", service.url)).header(ORIGIN, SCHOOL);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        let allowed = answer.headers().get("access-control-allow-origin").map(|value| value.to_str().unwrap());
        assert_eq!(allowed, Some("*"), "{path}: {}", answer.status());
    }
    let wrong = json!({"mobile": "13000000001", "password": "wrong"}).to_string();
    let login = service.http.post(format!("{}/login", service.url)).header(ORIGIN, SCHOOL).body(wrong).send().await;
    assert_eq!(login.unwrap().headers()["access-control-allow-origin"], "*");
}
