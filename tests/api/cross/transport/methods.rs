//! Methods and paths that are not calls, and cross-origin requests of browsers.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, ORIGIN};
use serde_json::{Value, json};

use crate::support::calls::all_calls;
use crate::support::raw::Raw;
use crate::support::service::Service;

#[tokio::test]
async fn every_call_answers_other_methods_with_405_and_the_usual_body() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    // All on one connection, which remains usable.
    let mut raw = Raw::connect(&service.url);
    for call in all_calls() {
        for method in ["GET", "PUT", "DELETE", "HEAD", "PATCH", "TRACE"] {
            raw.request(method, &enterprise.signed(call.name), "", "{}");
            let answer = raw.read(method);
            assert_eq!(answer.status, 405, "{method} {}", call.name);
            assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
            assert_eq!(answer.header("content-type"), Some("application/json"));
            if method != "HEAD" {
                let error = answer.json();
                assert_eq!(error, json!({"error_code": -1, "error_msg": "use POST"}));
            }
        }
    }
    assert_eq!(raw.post(&enterprise.signed("business/info"), "", "").code(), 0);
    // Signed or not.
    raw.request("GET", &format!("{}/paas/v1/class/list", service.url), "", "");
    assert_eq!(raw.read("GET").status, 405);
}

#[tokio::test]
async fn a_call_that_does_not_exist_answers_404_in_the_usual_form() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let mut raw = Raw::connect(&service.url);
    for call in ["class/invent", "class", "", "class/info/", "class/info/1", "Class/Info", "member/runtime"] {
        let answer = raw.post(&enterprise.signed(call), "", "{}");
        assert_eq!(answer.status, 404, "{call}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let error = answer.json();
        assert_eq!(error["error_code"], -1);
        assert!(error["error_msg"].as_str().unwrap().contains(&format!("/paas/v1/{call}")), "{error}");
        assert_eq!(error.as_object().unwrap().len(), 2);
    }
    // A caller without a signature does not learn which calls exist.
    assert_eq!(raw.post(&format!("{}/paas/v1/class/invent", service.url), "", "{}").code(), 10270);
}

#[tokio::test]
async fn a_browser_is_let_through() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for call in all_calls() {
        let preflight = service
            .http
            .request(Method::OPTIONS, enterprise.signed(call.name))
            .header(ORIGIN, "https://school.example.com")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type")
            .send()
            .await
            .unwrap();
        assert_eq!(preflight.status(), 200, "{}", call.name);
        let header = |name: &str| preflight.headers()[name].to_str().unwrap().to_ascii_lowercase();
        assert_eq!(header("access-control-allow-origin"), "*");
        assert_eq!(header("access-control-allow-methods"), "post");
        assert!(header("access-control-allow-headers").split(", ").any(|name| name == "content-type"));
        assert!(preflight.headers().get("access-control-allow-credentials").is_none());
    }
    let ask = async |method: Method, url: String, body: &'static str| {
        let asked = service.http.request(method, url).header(ORIGIN, "null").header(CONTENT_TYPE, "application/json");
        let answer = asked.body(body).send().await.unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap()["error_code"].as_i64().unwrap())
    };
    assert_eq!(ask(Method::POST, enterprise.signed("business/info"), "").await, (200, 0));
    assert_eq!(ask(Method::POST, enterprise.signed("class/info"), "{}").await, (200, 10003));
    assert_eq!(ask(Method::POST, enterprise.signed("class/info"), "{").await, (200, 10000));
    assert_eq!(ask(Method::POST, enterprise.signed("class/info").replace("sign=", "sign=0"), "{}").await, (200, 10217));
    assert_eq!(ask(Method::POST, format!("{}/paas/v1/class/info", service.url), "{}").await, (200, 10270));
    assert_eq!(ask(Method::POST, enterprise.signed("class/invent"), "{}").await, (404, -1));
    assert_eq!(ask(Method::GET, enterprise.signed("class/info"), "").await, (405, -1));
}

#[tokio::test]
async fn options_alone_are_answered() {
    let service = Service::start();
    let mut raw = Raw::connect(&service.url);
    for call in ["class/info", "class/invent"] {
        raw.request("OPTIONS", &format!("{}/paas/v1/{call}", service.url), "", "");
        let answer = raw.read("OPTIONS");
        assert_eq!((answer.status, answer.header("allow")), (204, Some("POST, OPTIONS")), "{call}");
    }
}

#[tokio::test]
async fn a_path_that_is_almost_that_of_a_call_is_refused_in_the_form_of_its_protocol() {
    let service = Service::start();
    let post = async |path: &str| {
        let answer = service.http.post(format!("{}{path}", service.url)).body("{}").send().await.unwrap();
        let (status, kind) = (answer.status().as_u16(), answer.headers().get(CONTENT_TYPE).cloned());
        (status, kind, answer.text().await.unwrap())
    };
    for (paths, status, field, value) in [
        (
            &[
                "/paas//v1/class/list",
                "//paas/v1/class/list",
                "/PAAS/v1/class/list",
                "/Paas/V1",
                "/saas//v1/class/info",
            ][..],
            404,
            "error_code",
            json!(-1),
        ),
        (
            &["/SaaS/v1/class/info", "/Transcode/v1/create", "/ppt2h5//v1/create", "/V4/ilvb_edu/x"],
            404,
            "error_code",
            json!(-1),
        ),
        (&["/API/courses", "//api/courses", "/Login", "//login", "/login/"], 404, "code", json!("NOT_FOUND")),
        (
            &["/IM/group", "//im/group", "/v1//im/group", "/Signature/login/1/2", "//signature/x"],
            404,
            "code",
            json!(1001),
        ),
        (&["/INDEX.PHP", "/Index.php?svc=live", "/SXB_new/x", "//sxb_new/x"], 200, "errorCode", json!(10001)),
    ] {
        for path in paths {
            let (was, kind, text) = post(path).await;
            assert_eq!(was, status, "{path}: {text}");
            assert_eq!(kind.unwrap(), "application/json", "{path}: {text}");
            let answer: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(answer[field], value, "{path}: {answer}");
        }
    }
    for path in ["/", "/nosuch", "/apis", "/image/group", "/paasx/v1", "/v1", "/saas"] {
        assert_eq!(post(path).await.0, 404, "{path}");
    }
}
