//! Routing: the protocol has all paths whose query names a service and a command, except those of other protocols.

use reqwest::Method;
use reqwest::header::{ALLOW, ORIGIN};
use serde_json::{Value, json};

use super::Client;
use crate::support::service::Service;

#[tokio::test]
async fn any_path_and_any_method_will_do() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let student = Client::student(&enterprise, "s1").await;
    let body = json!({"appid": student.appid, "timeStamp": 1, "token": student.token, "index": 0, "size": 1});
    for path in ["/index.php", "/sxb_new/", "/sxb_new/index.php", "/", "", "/a/b/c", "/%E8%80%81"] {
        for method in [Method::POST, Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
            let url = format!("{}{path}?a=b&cmd=roomlist&svc=live&svc=other", service.url);
            let response = service.http.request(method.clone(), url).body(body.to_string()).send().await.unwrap();
            assert_eq!(response.status(), 200, "{method} {path}");
            let answer: Value = response.json().await.unwrap();
            assert_eq!(answer["errorCode"], 0, "{method} {path}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_request_without_a_command_is_refused() {
    let service = Service::start();
    for target in [
        "/index.php",
        "/index.php?svc=live",
        "/index.php?cmd=create",
        "/sxb_new/?x=y",
        "/x?svc=nosuch&cmd=x",
        "/x?svc=live&cmd=nosuch",
        "/x?svc=account&cmd=create",
        "/x?svc=cos&cmd=",
        "/x?svc=vod&cmd=get_sign2",
        "/x?svc=&cmd=",
        "/x?svc=Live&cmd=create",
    ] {
        for body in ["{bad", "{}"] {
            let response = service.http.post(format!("{}{target}", service.url)).body(body).send().await.unwrap();
            assert_eq!(response.status(), 200, "{target}");
            assert_eq!(response.json::<Value>().await.unwrap()["errorCode"], 10001, "{target}");
        }
    }
}

#[tokio::test]
async fn addresses_of_other_protocols_are_not_taken() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let query = "svc=live&cmd=roomlist";
    let get = async |target: String| {
        let response = service.http.get(format!("{}{target}", service.url)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let post = async |target: &str| {
        let response = service.http.post(format!("{}{target}", service.url)).body("{}").send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    for prefix in ["/paas/v1", "/saas/v1", "/v4/ilvb_edu"] {
        let (_, text) = post(&format!("{prefix}/nosuch?{query}")).await;
        assert!(!text.contains("errorCode"), "{prefix}: {text}");
    }
    assert!(enterprise.send("class/list", "{}").await.to_string().contains("error_code"));
    assert_eq!(get(format!("/healthz?{query}")).await.0, 200);
    assert!(get(format!("/openapi.json?{query}")).await.1.contains("openapi"));
    // Unknown paths get 404.
    for target in ["/nosuch", "/nosuch?svc=live", "/nosuch?cmd=create", "/index.html", "/sxb_new"] {
        assert_eq!(post(target).await.0, 404, "{target}");
        assert_eq!(get(target.into()).await.0, 404, "{target}");
    }
}

#[tokio::test]
async fn pages_of_any_origin_may_call() {
    let service = Service::start();
    let url = format!("{}/index.php?svc=live&cmd=roomlist", service.url);
    let preflight = service
        .http
        .request(Method::OPTIONS, &url)
        .header(ORIGIN, "https://school.example.com")
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "content-type")
        .send()
        .await
        .unwrap();
    assert!(preflight.status().is_success());
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    let answer = service.http.post(&url).header(ORIGIN, "https://school.example.com").body("{}").send().await.unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert!(answer.headers().get(ALLOW).is_none());
}

#[tokio::test]
async fn a_body_that_is_too_large_or_no_text_is_refused_in_the_protocols_form() {
    let service = Service::start_with(&["--body-limit-bytes", "1000"]);
    let url = format!("{}/index.php?svc=account&cmd=regist", service.url);
    for (body, code) in
        [(vec![b' '; 1001], 10001), (vec![0xff, 0xfe], 10002), (b"\0".to_vec(), 10002), (b"null".to_vec(), 10003)]
    {
        let response = service.http.post(&url).body(body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.json::<Value>().await.unwrap()["errorCode"], code);
    }
}
