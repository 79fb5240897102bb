//! A pupil behind a network that is slow and loses packets.

use super::browsers::{Class, gets_more, measure, number};
use super::networks::{media_port, through};
use crate::support::page::Page;
use crate::support::process::eventually;
use crate::support::relay::{Quality, Relay};
use crate::support::service::Service;

/// Waits until the largest picture that a page gets is so.
async fn until_height(page: &Page, what: &str, is_so: impl Fn(f64) -> bool) {
    let height = async || is_so(number(&measure(page).await, "height")).then_some(());
    eventually(&format!("the picture is {what}"), height).await;
}

#[tokio::test]
async fn a_pupil_with_a_bad_network_keeps_the_voice_and_gets_a_smaller_picture_than_the_others() {
    let service = Service::forwarding_really(&[]);
    let enterprise = service.enterprise().await;
    let class = Class::of(&enterprise, &["wang", "zhao"], 1).await;
    let teacher = class.taught().await;
    let relay = Relay::to(media_port(&teacher).await, Quality { loss: 5, rate: Some(300) }).await;
    let zhao = class.enter("zhao", "").await;
    let wang = class.enter("wang", &through(&relay)).await;
    for page in [&zhao, &wang] {
        gets_more(page, "frames", 5.0).await;
        page.press("View").await;
        page.press("Speaker").await;
    }
    until_height(&zhao, "large", |height| height >= 480.0).await;
    gets_more(&wang, "packets", 100.0).await;
    until_height(&wang, "small", |height| height > 0.0 && height < 480.0).await;
    let layers = measure(&teacher).await["layers"].clone();
    assert!(layers.as_array().unwrap().len() >= 2, "the teacher sends layers: {layers}");
    // It stays so.
    let (voice, frames) = (number(&measure(&wang).await, "packets"), number(&measure(&wang).await, "frames"));
    gets_more(&zhao, "packets", 500.0).await;
    let after = measure(&wang).await;
    assert!(number(&after, "packets") > voice + 350.0, "of 500 packets, some of each hundred are lost: {after}");
    assert!(number(&after, "frames") > frames, "the picture goes on");
    assert!(number(&after, "height") < 480.0, "the picture stays small");
    // A browser that sends may lack the CPU for the large picture for a moment.
    until_height(&zhao, "still large for the others", |height| height >= 480.0).await;
}
