//! Forms are accepted only if they were made for this session and sent by a page of this service.

use crate::support::receiver::Receiver;
use crate::support::service::Service;
use crate::support::visitor::Visitor;
use crate::support::webhooks;

#[tokio::test]
async fn a_form_needs_the_token_of_its_session() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let visitor = Visitor::operator(&service).await;
    let other = Visitor::by_link(&enterprise, "admin", "other").await;
    let pause = format!("/e/{}/deliveries/pause", enterprise.sdkappid);
    let list = format!("/e/{}/deliveries", enterprise.sdkappid);
    other.open(&list).await;
    visitor.open(&list).await;
    let others_token = other.csrf();
    let twice = visitor.csrf().repeat(2);
    for token in [None, Some(""), Some("0"), Some(others_token.as_str()), Some(&twice)] {
        let fields: Vec<(&str, &str)> = token.map(|token| ("csrf", token)).into_iter().collect();
        let page = visitor.post_as(&pause, &fields).await;
        assert_eq!(page.status, 403, "{token:?}");
        page.must_show("The form is out of date");
    }
    let page = visitor.open(&list).await;
    assert!(!page.shows("Paused"), "nothing was done");
    assert_eq!(visitor.post(&pause, &[]).await.status, 303);
    visitor.open(&list).await.must_show("Paused");
}

#[tokio::test]
async fn a_form_of_signing_in_needs_a_token_too() {
    let service = Service::start();
    let visitor = Visitor::operator(&service).await;
    visitor.cookies.borrow_mut().clear();
    let fields = [("name", "op"), ("password", "x"), ("code", "1")];
    assert_eq!(visitor.post_as("/sign-in", &fields).await.status, 403);
    let page = visitor.post_as("/sign-in", &fields).await;
    page.must_show("The form is out of date");
    assert_eq!(visitor.post_as("/link", &[("token", "x")]).await.status, 403);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_even_with_its_token() {
    let (receiver, service) = (Receiver::start(), webhooks::start(&[]));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let visitor = Visitor::operator(&service).await;
    let test = format!("/e/{}/deliveries/test", enterprise.sdkappid);
    visitor.open(&format!("/e/{}/deliveries", enterprise.sdkappid)).await;
    let token = visitor.csrf();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example.com"),
        ("origin", "null"),
    ] {
        let page = visitor.send(visitor.form(&test, &[("csrf", &token)]).header(name, value)).await;
        assert_eq!(page.status, 403, "{name}: {value}");
    }
    assert!(receiver.requests().is_empty());
    let own = [("sec-fetch-site", "same-origin"), ("origin", service.url.as_str())];
    for (name, value) in own {
        let page = visitor.send(visitor.form(&test, &[("csrf", &token)]).header(name, value)).await;
        assert_eq!(page.status, 303, "{name}: {value}");
    }
    receiver.wait_for(2).await;
}

#[tokio::test]
async fn what_changes_something_takes_no_get() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let visitor = Visitor::operator(&service).await;
    for path in ["pause", "resume", "test"] {
        let page = visitor.get(&format!("/e/{}/deliveries/{path}", enterprise.sdkappid)).await;
        assert!(page.status == 404 || page.status == 405, "{path}: {}", page.status);
    }
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let service = Service::start();
    let visitor = Visitor::operator(&service).await;
    let large = "x".repeat(70_000);
    assert_eq!(visitor.post("/sign-out", &[("more", &large)]).await.status, 400);
    visitor.open("/enterprises").await;
}
