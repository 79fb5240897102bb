//! Visitors without an account.

use serde_json::json;

use super::visibility::ids;
use crate::support::component::Component;
use crate::support::service::Service;

#[tokio::test]
async fn a_visitor_gets_an_account_for_a_public_class() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let class_id = enterprise.class(json!({})).await;
    let closed = enterprise.class(json!({"class_type": "1vN"})).await;
    let over = enterprise.class(json!({})).await;
    enterprise.ok("class/start", json!({"class_id": over})).await;
    enterprise.ok("class/stop", json!({"class_id": over})).await;
    for page in [Component::of_nobody(&service), Component::of(&enterprise, "", "")] {
        let visitor = page.ok("user/visitor/get", json!({"class_id": class_id, "nickname": "游客"})).await;
        assert_eq!(visitor["enterprise_id"], enterprise.enterprise_id);
        let user_id = visitor["user_id"].as_str().unwrap();
        assert!(user_id.starts_with("visitor_"));
        let by_token = Component::of(&enterprise, user_id, visitor["token"].as_str().unwrap());
        let me = by_token.ok("user/info", json!({})).await;
        assert_eq!((&me["user_info"]["role"], &me["user_info"]["nickname"]), (&json!("visitor"), &json!("游客")));
        let login = json!({"userid": user_id, "password": visitor["password"]});
        let token = by_token.ok("user/login", login).await["token"].as_str().unwrap().to_owned();
        let joined = Component::of(&enterprise, user_id, &token).ok("member/join", json!({"class_id": class_id})).await;
        assert_eq!(joined["role"], "visitor");
        for (class_id, code) in [(closed, 10230), (over, 10224), (999_999_999, 10230)] {
            page.refused("user/visitor/get", json!({"class_id": class_id, "nickname": "v"}), code).await;
        }
    }
    let elsewhere = Component::of(&other, "", "");
    elsewhere.refused("user/visitor/get", json!({"class_id": class_id}), 10230).await;
    elsewhere.refused("member/visitor/join", json!({"class_id": class_id}), 10230).await;
}

#[tokio::test]
async fn a_visitor_comes_in_without_an_account() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"password": "open"})).await;
    // As the page sends it: without a token and a user.
    let page = Component::of(&enterprise, "", "");
    let body = json!({"class_id": class_id, "nickname": "v", "password": "open"});
    let info = page.ok("member/visitor/join", body).await["visitor_info"].clone();
    assert_eq!(info.as_object().unwrap().len(), 3);
    let visitor = Component::of(&enterprise, info["user_id"].as_str().unwrap(), info["user_token"].as_str().unwrap());
    let inside = visitor.ok("member/runtime/list", json!({"class_id": class_id})).await;
    assert_eq!(ids(&inside, "user_id"), [info["user_id"].clone()]);
    page.refused("member/visitor/join", json!({"class_id": class_id}), 10225).await;
}

#[tokio::test]
async fn a_visitor_has_no_documents() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let account = Component::of_nobody(&service).ok("user/visitor/get", json!({"class_id": class_id})).await;
    let token = account["token"].as_str().unwrap();
    let visitor = Component::of(&enterprise, account["user_id"].as_str().unwrap(), token);
    visitor.refused("document/add", json!({"doc_url": "http://files.example.com/a.ppt"}), 10203).await;
    assert_eq!(visitor.ok("document/list", json!({})).await["total"], 0);
}
