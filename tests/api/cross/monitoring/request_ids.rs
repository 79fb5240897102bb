//! Every answer has the id of its request.

use std::collections::HashSet;

use reqwest::{Method, Response};
use serde_json::json;

use crate::support::service::Service;

fn id(answer: &Response) -> &str {
    let mut ids = answer.headers().get_all("x-request-id").iter();
    let id = ids.next().expect("there is no id").to_str().unwrap();
    assert!(ids.next().is_none(), "there are two ids");
    id
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (http, url) = (&service.http, &service.url);
    let mut ids = HashSet::new();
    let requests = [
        http.post(enterprise.signed("class/list")).body("{}"),
        http.post(enterprise.signed("class/list")).body("not JSON"),
        http.post(format!("{url}/paas/v1/class/list")).body("{}"),
        http.get(format!("{url}/paas/v1/class/list")),
        http.get(format!("{url}/api/courses")),
        http.get(format!("{url}/im/org/1/groups")),
        http.post(format!("{url}/index.php?svc=account&cmd=login")),
        http.get(format!("{url}/nothing/here")),
        http.get(format!("{url}/healthz")),
        http.get(format!("{url}/files/x/y")),
        http.get(format!("{url}/docs/")),
        http.get(format!("{url}/saas/v1/channel")),
        http.request(Method::OPTIONS, format!("{url}/paas/v1/class/list"))
            .header("Origin", "https://school.example.com")
            .header("Access-Control-Request-Method", "POST"),
    ];
    for request in requests {
        let answer = request.send().await.unwrap();
        let id = id(&answer);
        assert!(id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
        assert!(ids.insert(id.to_owned()), "{id} came twice");
    }
}

#[tokio::test]
async fn the_id_of_a_trusted_proxy_is_kept() {
    let service = Service::start_with(&["--trusted-proxies", "127.0.0.1"]);
    let enterprise = service.enterprise().await;
    let send = async |given: &str| {
        let request = service.http.post(enterprise.signed("class/list")).body(json!({}).to_string());
        let answer = request.header("X-Request-Id", given).send().await.unwrap();
        id(&answer).to_owned()
    };
    assert_eq!(send("proxy-1.a_B").await, "proxy-1.a_B");
    for given in ["", "a b", "a;b", "<script>", &"a".repeat(65)] {
        assert_ne!(send(given).await, given);
    }
}

#[tokio::test]
async fn the_id_of_anybody_else_is_replaced() {
    let service = Service::start();
    let request = service.http.get(format!("{}/healthz", service.url)).header("X-Request-Id", "mine");
    assert_ne!(id(&request.send().await.unwrap()), "mine");
}
