//! Users in the console: finding one, where they are, their password, and deleting them.

use lectern::domain::tenancy::audit::AuditAction;
use serde_json::json;

use super::deliveries::audited;
use crate::support::service::{Enterprise, Service};
use crate::support::visitor::Visitor;
use crate::support::webhooks;

fn list(enterprise: &Enterprise<'_>) -> String {
    format!("/e/{}/users", enterprise.sdkappid)
}

#[tokio::test]
async fn a_user_is_found_with_the_class_that_they_are_inside() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let user = json!({"user_id": "li wei/1", "role": "student", "nickname": "李伟", "phone_no": "12345"});
    enterprise.ok("user/register", json!({ "list": [user] })).await;
    enterprise.students(&["lin", "wang"]).await;
    let class_id = webhooks::begun_class(&enterprise).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "li wei/1"})).await;
    let visitor = Visitor::by_link(&enterprise, "support", "s").await;
    let page = visitor.open(&format!("{}?search=li", list(&enterprise))).await;
    page.must_show("李伟");
    page.must_show("lin");
    assert!(!page.shows("wang"));
    let link = page.html.split("href=\"/console").find(|link| link.contains("one?id=li+wei")).unwrap();
    let page = visitor.open(link.split('"').next().unwrap()).await;
    for text in ["李伟", "12345", "student", "None", &class_id.to_string()] {
        page.must_show(text);
    }
    for change in ["password", "delete"] {
        assert!(!page.html.contains(&format!("/{change}\"")), "support is offered {change}");
        let fields = [("id", "lin"), ("typed", "lin"), ("password", "secret1")];
        assert_eq!(visitor.post(&format!("{}/{change}", list(&enterprise)), &fields).await.status, 403);
    }
    assert_eq!(visitor.get(&format!("{}/one?id=nobody", list(&enterprise))).await.status, 404);
    visitor.open(&format!("{}?search=nobody", list(&enterprise))).await.must_show("No user matches.");
}

#[tokio::test]
async fn the_list_has_pages() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let ids: Vec<String> = (0..70).map(|nth| format!("user{nth:02}")).collect();
    enterprise.students(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let visitor = Visitor::by_link(&enterprise, "admin", "s").await;
    let page = visitor.open(&format!("{}?search=user", list(&enterprise))).await;
    assert!(page.shows("user00") && page.shows("user49") && !page.shows("user50"));
    let next = page.html.split("rel=\"next\" href=\"/console").nth(1).unwrap().split('"').next().unwrap();
    let page = visitor.open(&next.replace("&amp;", "&")).await;
    assert!(page.shows("user50") && page.shows("user69") && !page.shows("user49"));
    assert!(!page.html.contains("rel=\"next\""));
}

#[tokio::test]
async fn a_password_is_set_and_a_user_is_deleted_after_the_id_was_typed() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    for one in [&enterprise, &other] {
        one.students(&["lin"]).await;
    }
    let visitor = Visitor::by_link(&enterprise, "admin", "wang").await;
    let base = list(&enterprise);
    visitor.open(&format!("{base}/one?id=lin")).await;
    assert_eq!(visitor.post(&format!("{base}/password"), &[("id", "lin"), ("password", "abc")]).await.status, 400);
    let page = visitor.post(&format!("{base}/password"), &[("id", "lin"), ("password", "secret1")]).await;
    assert_eq!(page.location, format!("/console{base}/one?id=lin&done=password"));
    visitor.open(&format!("{base}/one?id=lin&done=password")).await.must_show("The password is set.");
    assert_eq!(visitor.post(&format!("{base}/password"), &[("id", "no"), ("password", "secret1")]).await.status, 404);

    for typed in ["", "LIN", "lin2"] {
        assert_eq!(visitor.post(&format!("{base}/delete"), &[("id", "lin"), ("typed", typed)]).await.status, 400);
    }
    let page = visitor.post(&format!("{base}/delete"), &[("id", "lin"), ("typed", "lin")]).await;
    assert_eq!(page.location, format!("/console{base}?done=deleted"));
    enterprise.refused("user/info", json!({"user_id": "lin"}), 10215).await;
    other.ok("user/info", json!({"user_id": "lin"})).await;
    assert_eq!(visitor.get(&format!("{}/one?id=lin", list(&other))).await.status, 404);
    visitor.open(&base).await;
    for change in ["password", "delete"] {
        let fields = [("id", "lin"), ("typed", "lin"), ("password", "secret1")];
        assert_eq!(visitor.post(&format!("{}/{change}", list(&other)), &fields).await.status, 404);
    }
    let entries = audited(&service).await;
    let actions: Vec<AuditAction> = entries.iter().take(2).map(|entry| entry.action).collect();
    assert_eq!(actions, [AuditAction::UserDelete, AuditAction::UserPassword]);
    assert!(entries.iter().all(|entry| !entry.details.contains("secret1")));
}
