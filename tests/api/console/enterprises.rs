//! Creating, changing and deleting enterprises, and their keys.

use lectern::domain::tenancy::audit::AuditAction;
use serde_json::json;

use super::deliveries::audited;
use crate::support::service::{Enterprise, Service};
use crate::support::visitor::{Page, Visitor};

/// The key of a name on a page that shows keys.
fn key(page: &Page, name: &str) -> String {
    let rest = page.html.split(&format!("<dt>{name}</dt><dd><code class=\"key\">")).nth(1).unwrap();
    rest.split('<').next().unwrap().to_owned()
}

fn settings(enterprise: &Enterprise<'_>) -> String {
    format!("/e/{}/settings", enterprise.sdkappid)
}

#[tokio::test]
async fn an_operator_creates_an_enterprise_and_sees_its_keys_once() {
    let service = Service::start();
    let visitor = Visitor::operator(&service).await;
    visitor.open("/enterprises/new").await.must_show("New enterprise");
    let fields = [("name", "阳光 School"), ("sdkappid", "1400127140"), ("call_back_url", ""), ("im", "on")];
    let page = visitor.post("/enterprises", &fields).await;
    assert_eq!((page.status, page.headers["cache-control"].as_str()), (200, "no-store"));
    let made = service.enterprise_with(1_400_127_140).await;
    assert_eq!((key(&page, "tic_key"), key(&page, "sdkappid")), (made.tic_key.clone(), "1400127140".into()));
    assert_eq!(made.ok("business/info", json!({})).await["name"], "阳光 School");
    let page = visitor.open(&settings(&made)).await;
    assert!(!page.shows(&made.tic_key));
    assert!(
        page.html.contains("name=\"im\" value=\"on\" checked")
            && !page.html.contains("name=\"rooms\" value=\"on\" checked")
    );
    let page = visitor.post("/enterprises", &fields).await;
    assert_eq!(page.status, 400, "the number is in use");
    assert_eq!(visitor.post("/enterprises", &[("name", "")]).await.status, 400);
    assert_eq!(audited(&service).await[0].action, AuditAction::EnterpriseCreate);
}

#[tokio::test]
async fn settings_are_changed_and_audited() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let visitor = Visitor::by_link(&enterprise, "admin", "li").await;
    visitor.open(&settings(&enterprise)).await;
    let url = "https://hooks.example.com/x?key=hidden";
    let fields = [("name", "New name"), ("call_back_url", url), ("callback_ordered", "on"), ("join_class", "on")];
    let page = visitor.post(&settings(&enterprise), &fields).await;
    assert_eq!(page.location, format!("/console{}?done=saved", settings(&enterprise)));
    let info = enterprise.ok("business/info", json!({})).await;
    assert_eq!((&info["name"], &info["call_back_url"]), (&json!("New name"), &json!(url)));
    let page = visitor.open(&format!("{}?done=saved", settings(&enterprise))).await;
    page.must_show("The settings are saved.");
    assert!(page.html.contains("name=\"join_class\" value=\"on\" checked"));
    assert!(!page.html.contains("name=\"quit_class\" value=\"on\" checked"));
    let entry = audited(&service).await.remove(0);
    assert_eq!((entry.action, entry.actor.as_str()), (AuditAction::EnterpriseSet, "li"));
    assert!(entry.details.contains("https://hooks.example.com/x?********"), "{}", entry.details);
    for wrong in [("call_back_url", "ftp://x"), ("name", &"x".repeat(257))] {
        assert_eq!(visitor.post(&settings(&enterprise), &[wrong]).await.status, 400, "{wrong:?}");
    }
}

#[tokio::test]
async fn keys_are_replaced_and_shown_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let visitor = Visitor::by_link(&enterprise, "admin", "li").await;
    visitor.open(&settings(&enterprise)).await;
    let page = visitor.post(&format!("{}/keys/tic_key", settings(&enterprise)), &[]).await;
    assert_eq!(page.status, 200);
    let renewed = service.enterprise_with(enterprise.sdkappid).await;
    assert_eq!(key(&page, "tic_key"), renewed.tic_key);
    assert_ne!(renewed.tic_key, enterprise.tic_key);
    enterprise.ok("business/info", json!({})).await;
    renewed.ok("business/info", json!({})).await;
    visitor.open(&settings(&enterprise)).await.must_show("The old one is valid until");
    service.pass(86_401);
    enterprise.refused("business/info", json!({}), 10217).await;

    let visitor = Visitor::by_link(&renewed, "admin", "li").await;
    visitor.open(&settings(&enterprise)).await.must_show("Not set: the tic_key signs callbacks");
    for name in ["webhook_secret", "callback_key"] {
        let page = visitor.post(&format!("{}/keys/{name}", settings(&enterprise)), &[]).await;
        assert!(key(&page, name).len() >= 32);
    }
    assert_eq!(visitor.post(&format!("{}/keys/private_key", settings(&enterprise)), &[]).await.status, 404);
    let entries = audited(&service).await;
    let actions: Vec<AuditAction> = entries.iter().take(2).map(|entry| entry.action).collect();
    assert_eq!(actions, [AuditAction::CallbackKeyRotate, AuditAction::WebhookSecretRotate]);
    assert!(entries.iter().all(|entry| !entry.details.contains(&renewed.tic_key)));
}

#[tokio::test]
async fn protocols_are_switched_by_operators_only() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let path = format!("{}/protocols", settings(&enterprise));
    let admin = Visitor::by_link(&enterprise, "admin", "li").await;
    let page = admin.open(&settings(&enterprise)).await;
    assert!(!page.html.contains("/delete\"") && page.html.contains("<fieldset class=\"stack\" disabled>"));
    assert_eq!(admin.post(&path, &[("im", "on")]).await.status, 403);
    let operator = Visitor::operator(&service).await;
    operator.open(&settings(&enterprise)).await;
    assert_eq!(operator.post(&path, &[("rooms", "on")]).await.status, 303);
    let page = operator.open(&settings(&enterprise)).await;
    assert!(
        page.html.contains("name=\"rooms\" value=\"on\" checked")
            && !page.html.contains("name=\"im\" value=\"on\" checked")
    );
}

#[tokio::test]
async fn an_enterprise_is_deleted_after_its_name_was_typed() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let visitor = Visitor::operator(&service).await;
    visitor.open(&settings(&enterprise)).await.must_show("Type Test to confirm.");
    let delete = format!("{}/delete", settings(&enterprise));
    for typed in ["", "test", "Tes", "Test2"] {
        assert_eq!(visitor.post(&delete, &[("name", typed)]).await.status, 400, "{typed}");
    }
    enterprise.ok("business/info", json!({})).await;
    let page = visitor.post(&delete, &[("name", "Test")]).await;
    assert_eq!(page.location, "/console/enterprises?done=deleted");
    visitor.open("/enterprises?done=deleted").await.must_show("The enterprise was deleted.");
    assert_eq!(visitor.get(&settings(&enterprise)).await.status, 404);
    enterprise.refused("business/info", json!({}), 10270).await;
    let entry = audited(&service).await.remove(0);
    assert_eq!(
        (entry.action, entry.enterprise_id.unwrap().0),
        (AuditAction::EnterpriseDelete, enterprise.enterprise_id)
    );
}

#[tokio::test]
async fn support_and_other_enterprises_change_nothing() {
    let service = Service::start();
    let (mine, other) = (service.enterprise().await, service.enterprise().await);
    let support = Visitor::by_link(&mine, "support", "li").await;
    let admin = Visitor::by_link(&mine, "admin", "wang").await;
    let page = support.open(&settings(&mine)).await;
    assert!(!page.html.contains("<button class=\"button primary\">") && !page.html.contains("/keys/"));
    admin.open(&settings(&mine)).await;
    for path in ["", "/protocols", "/keys/tic_key", "/delete"] {
        let fields = [("name", "Test")];
        assert_eq!(support.post(&format!("{}{path}", settings(&mine)), &fields).await.status, 403, "{path}");
        let status = admin.post(&format!("{}{path}", settings(&other)), &fields).await.status;
        // Who may not do a thing at all learns nothing about the other enterprise.
        assert_eq!(status, if path == "/protocols" || path == "/delete" { 403 } else { 404 }, "{path}");
    }
    for path in ["/enterprises/new", "/audit", "/audit.csv"] {
        assert!(matches!(admin.get(path).await.status, 403 | 404), "{path}");
    }
    assert_eq!(admin.get(&format!("/e/{}/audit", other.sdkappid)).await.status, 404);
    assert_eq!(admin.get(&format!("/e/{}/audit.csv", other.sdkappid)).await.status, 404);
    assert_eq!(admin.post("/enterprises", &[("name", "mine")]).await.status, 403);
    for enterprise in [&mine, &other] {
        enterprise.ok("business/info", json!({})).await;
    }
}
