//! What each role sees and may do, and that nobody reaches another enterprise.

use lectern::domain::tenancy::operator::ConsoleRole;

use crate::support::receiver::Receiver;
use crate::support::service::Service;
use crate::support::visitor::Visitor;
use crate::support::webhooks;

/// The forms on the page of deliveries that change something.
const CHANGES: [&str; 4] = ["pause", "resume", "test", "replay"];

#[tokio::test]
async fn support_reads_and_changes_nothing() {
    let (receiver, service) = (Receiver::start(), webhooks::start(&[]));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    webhooks::test_events(&enterprise, 1).await;
    let row = webhooks::wait_for_state(&enterprise, "delivered", 1).await.remove(0);
    let list = format!("/e/{}/deliveries", enterprise.sdkappid);
    let one = format!("{list}/{}", row["delivery_id"]);
    let account = Visitor::signed_in(&service, "support", ConsoleRole::Support).await;
    let of_enterprise = Visitor::by_link(&enterprise, "support", "li").await;
    for visitor in [&account, &of_enterprise] {
        let page = visitor.open(&format!("{list}?state=delivered")).await;
        page.must_show("Support (reads only)");
        for change in CHANGES {
            assert!(!page.html.contains(&format!("{list}/{change}")), "{change} is offered");
            let page = visitor.post(&format!("{list}/{change}"), &[("state", "delivered")]).await;
            assert_eq!(page.status, 403, "{change}");
            page.must_show("Your role does not allow it");
        }
        assert!(!visitor.open(&one).await.html.contains("/replay"));
        assert_eq!(visitor.post(&format!("{one}/replay"), &[]).await.status, 403);
        assert_eq!(visitor.get(&format!("{list}/replay?state=delivered")).await.status, 403);
    }
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn nobody_of_an_enterprise_reaches_another_one() {
    let (receiver, service) = (Receiver::start(), webhooks::start(&[]));
    let mine = webhooks::subscribed(&service, &receiver.url).await;
    let other = webhooks::subscribed(&service, &receiver.url).await;
    webhooks::test_events(&other, 1).await;
    let theirs = webhooks::wait_for_state(&other, "delivered", 1).await.remove(0)["delivery_id"].to_string();
    let visitor = Visitor::by_link(&mine, "admin", "li").await;
    let (own, foreign) = (format!("/e/{}/deliveries", mine.sdkappid), format!("/e/{}/deliveries", other.sdkappid));
    let page = visitor.open(&own).await;
    assert!(!page.html.contains("/console/enterprises"));
    for path in
        ["/enterprises", &foreign, &format!("{foreign}/{theirs}"), &format!("{own}/{theirs}"), "/e/1/deliveries"]
    {
        assert_eq!(visitor.get(path).await.status, 404, "{path}");
    }
    assert_eq!(visitor.get(&format!("{foreign}/replay?state=delivered")).await.status, 404);
    visitor.open(&own).await;
    for path in CHANGES {
        let page = visitor.post(&format!("{foreign}/{path}"), &[("state", "delivered")]).await;
        assert_eq!(page.status, 404, "{path}");
    }
    for path in [format!("{foreign}/{theirs}/replay"), format!("{own}/{theirs}/replay")] {
        assert_eq!(visitor.post(&path, &[]).await.status, 404, "{path}");
    }
    assert_eq!(receiver.requests().len(), 1);
    // An operator does.
    let operator = Visitor::operator(&service).await;
    operator.open(&format!("{foreign}/{theirs}")).await;
    assert_eq!(operator.get(&format!("{own}/{theirs}")).await.status, 404);
}

#[tokio::test]
async fn who_is_not_signed_in_sees_nothing() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    Visitor::operator(&service).await;
    let visitor = Visitor::of(&service);
    let list = format!("/e/{}/deliveries", enterprise.sdkappid);
    for path in ["/", "/enterprises", &list, &format!("{list}/1"), &format!("{list}/replay?state=dead")] {
        let page = visitor.get(path).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/console/sign-in"), "{path}");
        assert_eq!(page.html, "");
    }
    for change in CHANGES {
        assert_eq!(visitor.post(&format!("{list}/{change}"), &[]).await.location, "/console/sign-in");
    }
}
