//! Headers of pages: what they may load, who may embed them, and that no other server learns their addresses.

use reqwest::Response;
use serde_json::json;

use crate::iclass::conversions::{convert, document, host, start};
use crate::support::converter::Scripted;
use crate::support::receiver::Receiver;
use crate::support::service::{Enterprise, Service};
use crate::support::webhooks;

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn get(service: &Service, url: &str) -> Response {
    let response = service.http.get(url).send().await.unwrap();
    assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{url}");
    assert_eq!(header(&response, "referrer-policy"), "no-referrer", "{url}");
    response
}

/// The policies of the class page, the description, a converted page and an uploaded PDF.
async fn policies(flags: &[&str]) -> [String; 4] {
    let service = start(Scripted::willing(), flags);
    let enterprise = service.enterprise().await;
    let class = enterprise.ok("class/create", json!({"teacher_id": "t"})).await;
    let page = converted_page(&service, &enterprise).await;
    let query = enterprise.signed("document/upload") + "&doc_name=a&doc_ext=pdf";
    let uploaded: serde_json::Value = service.http.post(query).body("file").send().await.unwrap().json().await.unwrap();
    let urls = [
        class["url"].as_str().unwrap(),
        &format!("{}/docs/", service.url),
        &page,
        uploaded["doc_url"].as_str().unwrap(),
    ];
    let mut policies = Vec::new();
    for url in urls {
        policies.push(header(&get(&service, url).await, "content-security-policy").to_owned());
    }
    policies.try_into().unwrap()
}

async fn converted_page(service: &Service, enterprise: &Enterprise<'_>) -> String {
    let (receiver, host) = (Receiver::start(), host());
    enterprise.set(webhooks::address(&receiver.url)).await;
    let doc_id = convert(enterprise, &host, json!({})).await;
    crate::iclass::conversions::wait_for_finished(&receiver, 1).await;
    let page = document(enterprise, &doc_id).await["transcode_result"].as_str().unwrap().to_owned();
    let slides = get(service, &page.replace("index.html", "pages/1.png")).await;
    assert_eq!(
        header(&slides, "content-security-policy"),
        "sandbox allow-scripts",
        "no parent of a part has an origin"
    );
    page
}

#[tokio::test]
async fn without_settings_this_host_embeds_the_class_page_and_anybody_documents() {
    let [class, docs, page, pdf] = policies(&[]).await;
    assert!(class.contains("default-src 'none'") && class.ends_with("frame-ancestors 'self'"), "{class}");
    assert!(
        docs.contains("default-src 'none'; script-src 'self';") && docs.ends_with("frame-ancestors 'self'"),
        "{docs}"
    );
    assert_eq!((page.as_str(), pdf.as_str()), ("sandbox allow-scripts", ""));
}

#[tokio::test]
async fn settings_say_who_embeds_pages() {
    let school = "https://school.example.com";
    let flags = ["--frame-ancestors", &format!("self, {school}"), "--file-frame-ancestors", school];
    let [class, docs, page, pdf] = policies(&flags).await;
    let both = format!("; frame-ancestors 'self' {school}");
    assert!(class.ends_with(&both) && docs.ends_with(&both), "{class} {docs}");
    assert_eq!(page, format!("sandbox allow-scripts; frame-ancestors {school}"));
    assert_eq!(pdf, format!("frame-ancestors {school}"));
}

#[tokio::test]
async fn everything_below_the_description_is_protected() {
    let service = Service::start();
    for path in ["/docs", "/docs/", "/docs/swagger-ui.css", "/docs/nothing.js", "/openapi.json"] {
        let response = get(&service, &format!("{}{path}", service.url)).await;
        assert!(header(&response, "content-security-policy").contains("default-src 'none'"), "{path}");
    }
}
