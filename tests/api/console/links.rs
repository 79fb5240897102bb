//! Links that sign somebody of an enterprise in to its console.

use serde_json::json;

use crate::support::service::Service;
use crate::support::visitor::Visitor;

async fn used(visitor: &Visitor<'_>, token: &str) -> u16 {
    visitor.get("/link").await;
    visitor.post("/link", &[("token", token)]).await.status
}

#[tokio::test]
async fn a_link_signs_in_once_to_the_console_of_its_enterprise() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let made = enterprise.ok("console/link", json!({"role": "admin", "name": "李老师"})).await;
    assert_eq!(made["expire_time"], service.now() + 300);
    let (page, token) = made["url"].as_str().unwrap().split_once('#').unwrap();
    assert_eq!(page, format!("{}/console/link", service.url));

    let visitor = Visitor::of(&service);
    visitor.open("/link").await.must_show("Sign in by a link");
    assert_eq!(visitor.post("/link", &[("token", token)]).await.location, "/console/");
    let list = format!("/console/e/{}/deliveries", enterprise.sdkappid);
    assert_eq!(visitor.get("/").await.location, list);
    let page = visitor.open(list.strip_prefix("/console").unwrap()).await;
    page.must_show("李老师");
    page.must_show("Admin");

    let second = Visitor::of(&service);
    second.get("/link").await;
    let page = second.post("/link", &[("token", token)]).await;
    assert_eq!(page.status, 403);
    page.must_show("The link was used already or has expired");
}

#[tokio::test]
async fn a_link_expires() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let visitor = Visitor::of(&service);
    let link = async |seconds: i64| {
        let body = json!({"role": "support", "name": "li", "valid_seconds": seconds});
        let made = enterprise.ok("console/link", body).await;
        made["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
    };
    let (short, long) = (link(60).await, link(900).await);
    service.pass(60);
    assert_eq!(used(&visitor, &short).await, 403);
    service.pass(839);
    assert_eq!(used(&visitor, &long).await, 303);
    assert_eq!(used(&Visitor::of(&service), "").await, 403);
    assert_eq!(used(&Visitor::of(&service), "0123456789abcdef0123456789abcdef").await, 403);
}

#[tokio::test]
async fn only_admins_and_support_get_links_with_a_name() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for body in [
        json!({"role": "operator", "name": "li"}),
        json!({"role": "", "name": "li"}),
        json!({"name": "li"}),
        json!({"role": "admin"}),
        json!({"role": "admin", "name": ""}),
        json!({"role": "admin", "name": "a\nb"}),
        json!({"role": "admin", "name": "x".repeat(65)}),
        json!({"role": "admin", "name": "li", "valid_seconds": 0}),
        json!({"role": "admin", "name": "li", "valid_seconds": 901}),
    ] {
        enterprise.refused("console/link", body, 10003).await;
    }
    let page = Visitor::of(&service).get("/link").await;
    assert_eq!(page.status, 404, "no link was made, so there is no console");
}

#[tokio::test]
async fn the_session_of_a_link_ends_with_its_enterprise() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let visitor = Visitor::by_link(&enterprise, "admin", "li").await;
    let sdkappid = enterprise.sdkappid;
    visitor.open(&format!("/e/{sdkappid}/deliveries")).await;
    let delete = move |conn: &mut _| lectern::service::delete_enterprise::delete_enterprise(conn, sdkappid);
    service.app.db.write(delete).await.unwrap();
    assert_eq!(visitor.get(&format!("/e/{sdkappid}/deliveries")).await.status, 404, "nobody has a console now");
}
