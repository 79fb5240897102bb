//! How much an enterprise may keep.

use serde_json::json;

use super::{Answer, PASSWORD};
use crate::support::component::Component;
use crate::support::service::Service;

#[tokio::test]
async fn an_enterprise_keeps_no_more_classes_than_its_quota_and_others_keep_theirs() {
    let service = Service::start_with(&["--quota-classes", "3"]);
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let first = enterprise.class(json!({})).await;
    for _ in 0..2 {
        enterprise.class(json!({})).await;
    }
    let message = enterprise.refused("class/create", json!({"teacher_id": "t"}), 10290).await;
    assert_eq!(message, "the enterprise has as many classes as it may keep");
    other.class(json!({})).await;
    enterprise.ok("class/delete", json!({ "class_id": first })).await;
    enterprise.class(json!({})).await;
    enterprise.refused("class/create", json!({"teacher_id": "t"}), 10290).await;
}

#[tokio::test]
async fn users_visitors_and_documents_have_quotas() {
    let service = Service::start_with(&["--quota-users", "2", "--quota-visitors", "1", "--quota-documents", "1"]);
    let enterprise = service.enterprise().await;
    let user = |id: &str| json!({"user_id": id, "role": "student", "password": PASSWORD});
    enterprise.refused("user/register", json!({"list": [user("a"), user("b"), user("c")]}), 10290).await;
    enterprise.ok("user/register", json!({"list": [user("a"), user("b")]})).await;
    enterprise.refused("user/register", json!({"list": [user("c")]}), 10290).await;
    let class_id = enterprise.class(json!({"class_type": "public"})).await;
    enterprise.ok("member/visitor/join", json!({ "class_id": class_id })).await;
    let message = enterprise.refused("member/visitor/join", json!({ "class_id": class_id }), 10290).await;
    assert_eq!(message, "the enterprise has as many visitors as it may keep");
    let document = json!({"doc_url": "https://school.example.com/a.pdf"});
    enterprise.ok("document/add", document.clone()).await;
    enterprise.refused("document/add", document, 10290).await;
}

#[tokio::test]
async fn messages_and_reports_have_quotas_that_end_with_their_classes() {
    let service = Service::start_with(&["--quota-messages", "3", "--quota-reports", "2"]);
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "teacher").await;
    let class_id = enterprise.class(json!({"teacher_id": "li"})).await;
    let message = json!({"class_id": class_id, "user_id": "li", "msg_type": "text", "content": "hello"});
    for _ in 0..3 {
        enterprise.ok("imstorage/send", message.clone()).await;
    }
    enterprise.refused("imstorage/send", message, 10290).await;
    for _ in 0..2 {
        li.ok("report/event", json!({"class_id": class_id, "event": "note"})).await;
    }
    li.refused("report/event", json!({"class_id": class_id, "event": "note"}), 10290).await;
    enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    let class_id = enterprise.class(json!({"teacher_id": "li"})).await;
    let message = json!({"class_id": class_id, "user_id": "li", "msg_type": "text", "content": "hello"});
    enterprise.ok("imstorage/send", message).await;
    li.ok("report/event", json!({"class_id": class_id, "event": "note"})).await;
}

#[tokio::test]
async fn groups_of_an_app_have_a_quota() {
    let service = Service::start_with(&["--quota-groups", "1"]);
    let enterprise = service.enterprise().await;
    let (sdkappid, now) = (enterprise.sdkappid, service.clock.now());
    let create_token =
        move |conn: &mut _| lectern::domain::tenancy::enterprise_token::create(conn, sdkappid, "app", now);
    let token = service.app.db.write(create_token).await.unwrap();
    // Groups of classes don't count.
    enterprise.class(json!({})).await;
    let create = async || {
        let body = json!({"group_name": "a", "member_client_ids": ["a", "b"]});
        let request = service.http.post(format!("{}/im/group", service.url)).bearer_auth(&token);
        Answer::to(request.json(&body)).await
    };
    let made = create().await;
    assert_eq!(made.status, 201, "{made:?}");
    create().await.expect(403, 1008);
    let id = &made.body["group_id"];
    service.http.delete(format!("{}/im/group/{id}", service.url)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(create().await.status, 201);
}

#[tokio::test]
async fn documents_that_wait_for_their_conversion_have_a_quota() {
    let converter = crate::support::converter::Scripted::new(|_, _| crate::support::converter::Play::Hold(Vec::new()));
    let flags = ["--document-allow-private", "true", "--quota-queued-conversions", "1"];
    let service = Service::converting(converter.clone(), &flags);
    let host = crate::iclass::conversions::host();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let document = json!({"doc_url": format!("{}/a.pptx", host.url), "is_transcode": true});
    enterprise.ok("document/add", document.clone()).await;
    converter.wait_for(1).await;
    enterprise.ok("document/add", document.clone()).await;
    let message = enterprise.refused("document/add", document.clone(), 10290).await;
    assert!(message.ends_with("; try again in 60 s"), "{message}");
    other.ok("document/add", document.clone()).await;
    enterprise.ok("document/add", json!({"doc_url": document["doc_url"]})).await;
}
