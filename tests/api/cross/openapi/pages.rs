//! The page that shows the description, and the paths that are not calls.

use serde_json::{Value, json};

use super::document;
use crate::support::service::Service;

#[tokio::test]
async fn every_path_that_is_described_answers() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for path in document(&service).await["paths"].as_object().unwrap().keys() {
        let Some(call) = path.strip_prefix("/paas/v1/") else { continue };
        let response = service.http.post(enterprise.signed(call)).body("{}").send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let code = response.json::<Value>().await.unwrap()["error_code"].as_i64().unwrap();
        assert!(code == 0 || code == 10003, "{path}: {code}");
    }
}

#[tokio::test]
async fn the_page_of_the_description_needs_this_host_only() {
    let service = Service::start();
    let get = async |path: &str| {
        let response = service.http.get(format!("{}{path}", service.url)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        (response.url().path().to_owned(), response.text().await.unwrap())
    };
    let (at, index) = get("/docs").await;
    assert_eq!(at, "/docs/");
    let mut parts = Vec::new();
    for attribute in ["src=\"", "href=\""] {
        parts.extend(index.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap()));
    }
    assert!(parts.len() >= 5, "{index}");
    for part in parts {
        assert!(!part.contains("//"), "{part} is somewhere else");
        let (_, text) = get(&format!("/docs/{}", part.trim_start_matches("./"))).await;
        assert!(!text.is_empty(), "{part}");
        if part.ends_with("initializer.js") {
            assert!(text.contains("\"/openapi.json\""), "{text}");
            assert!(!text.contains("://"), "{text}");
            // Otherwise the page loads a badge from an outside service.
            assert!(text.contains("\"validatorUrl\": \"none\""), "{text}");
        }
    }
    assert!(!index.contains("://"), "{index}");
    assert_eq!(service.http.get(format!("{}/docs/nothing.js", service.url)).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn the_process_reports_that_it_is_alive_and_ready() {
    let service = Service::start();
    let ready = json!({"status": "ready", "converter": "there is no converter"});
    for (path, said) in [("/healthz", json!({"status": "ok"})), ("/readyz", ready)] {
        let response = service.http.get(format!("{}{path}", service.url)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let mut answer = response.json::<Value>().await.unwrap();
        // Whether videos can be made depends on the machine.
        let recordings = answer.as_object_mut().unwrap().remove("recordings");
        assert_eq!(recordings.is_some(), path == "/readyz");
        assert_eq!(answer, said);
    }
}
