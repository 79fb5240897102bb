//! What waits for its delivery, and how attempts end.

use super::{Scrape, becomes, start};
use crate::support::receiver::{Receiver, Reply};
use crate::support::webhooks::{paused, subscribed, test_events};

#[tokio::test]
async fn attempts_are_counted_by_how_they_end() {
    let service = start(&["--callback-allow-private", "true", "--callback-retries", "1"]);
    let receiver = Receiver::answering(|_| Reply::Whole(500, "text/plain", "no".into()));
    let enterprise = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 1).await;
    becomes(&service, "lectern_delivery_attempts_total{outcome=\"retry\"}", 1.0).await;
    becomes(&service, "lectern_deliveries{state=\"ready\"}", 1.0).await;
    // It is due in a minute, so nothing is late.
    assert_eq!(Scrape::of(&service).await.value("lectern_deliveries_oldest_due_age_seconds"), Some(0.0));
    service.pass(60);
    becomes(&service, "lectern_delivery_attempts_total{outcome=\"dead\"}", 1.0).await;
    becomes(&service, "lectern_deliveries{state=\"dead\"}", 1.0).await;
    receiver.answer(|_| Reply::Ack);
    test_events(&enterprise, 2).await;
    becomes(&service, "lectern_delivery_attempts_total{outcome=\"delivered\"}", 2.0).await;
    let scrape = Scrape::of(&service).await;
    assert_eq!(scrape.value("lectern_delivery_duration_seconds_count"), Some(4.0));
}

#[tokio::test]
async fn what_is_being_sent_is_counted() {
    let service = start(&["--callback-allow-private", "true"]);
    let receiver = Receiver::answering(|_| Reply::Hold);
    let enterprise = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 3).await;
    receiver.wait_for(3).await;
    becomes(&service, "lectern_deliveries_in_flight", 3.0).await;
    becomes(&service, "lectern_deliveries{state=\"claimed\"}", 3.0).await;
    receiver.release();
    becomes(&service, "lectern_deliveries_in_flight", 0.0).await;
    becomes(&service, "lectern_deliveries{state=\"claimed\"}", 0.0).await;
}

#[tokio::test]
async fn what_a_pause_holds_back_is_not_late() {
    let service = start(&["--callback-allow-private", "true"]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    enterprise.set(paused(true)).await;
    test_events(&enterprise, 2).await;
    becomes(&service, "lectern_deliveries{state=\"ready\"}", 2.0).await;
    service.pass(3600);
    assert_eq!(Scrape::of(&service).await.value("lectern_deliveries_oldest_due_age_seconds"), Some(0.0));
    enterprise.set(paused(false)).await;
    receiver.wait_for(2).await;
    becomes(&service, "lectern_deliveries{state=\"ready\"}", 0.0).await;
}
