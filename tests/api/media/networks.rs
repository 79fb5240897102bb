//! Shared screens, and pages behind networks that let no datagrams through, or change.

use std::time::Instant;

use lectern::clock::Clock;
use serde_json::Value;

use super::browsers::{Class, gets_more, measure};
use crate::support::page::Page;
use crate::support::process::eventually;
use crate::support::relay::{Quality, Relay};
use crate::support::service::Service;
use crate::support::turn::{SECRET, Turn};

/// Lets no datagrams through to the server.
const NO_UDP: &str = "window.changed = (line) => / udp /i.test(line) ? [] : [line];";

/// Sends datagrams through a network, and lets no connections through.
pub fn through(relay: &Relay) -> String {
    let port = relay.port;
    format!("window.changed = (line) => / udp /i.test(line) ? [line.replace(/ \\d+ typ /, ' {port} typ ')] : [];")
}

/// The port of the media server that a page is connected to.
pub async fn media_port(page: &Page) -> u16 {
    let script = "
        const sdp = window.connections[0]?.remoteDescription?.sdp ?? '';
        return Number(/a=candidate:.* udp .* (\\d+) typ /i.exec(sdp)?.[1] ?? 0);
    ";
    let port = async || page.browser.run(script).await.as_u64().filter(|port| *port > 0);
    u16::try_from(eventually("the page has an answer", port).await).unwrap()
}

#[tokio::test]
async fn a_screen_comes_beside_the_camera() {
    let service = Service::forwarding_really(&[]);
    let enterprise = service.enterprise().await;
    let class = Class::of(&enterprise, &["wang"], 1).await;
    let teacher = class.taught().await;
    let wang = class.enter("wang", "").await;
    gets_more(&wang, "frames", 20.0).await;
    teacher.press("Share the screen").await;
    let moving = async || {
        let before = measure(&wang).await;
        gets_more(&wang, "frames", 20.0).await;
        let after = measure(&wang).await;
        let frames = |of: &Value, line: &str| of["pictures"][line].as_f64().unwrap_or_default();
        let lines = after["pictures"].as_object().unwrap().keys();
        (lines.filter(|line| frames(&after, line) > frames(&before, line)).count() == 2).then_some(())
    };
    eventually("two pictures move", moving).await;
    wang.screenshot("media-screen").await;
}

#[tokio::test]
async fn without_datagrams_voice_and_picture_come_over_a_connection() {
    let service = Service::forwarding_really(&[]);
    let enterprise = service.enterprise().await;
    let class = Class::of(&enterprise, &["wang"], 1).await;
    let teacher = class.taught().await;
    let wang = class.enter("wang", NO_UDP).await;
    gets_more(&wang, "frames", 20.0).await;
    gets_more(&wang, "energy", 0.01).await;
    assert_eq!(measure(&wang).await["path"], "tcp");
    // What the pupil sends arrives too.
    wang.press("Turn the microphone on").await;
    gets_more(&teacher, "energy", 0.01).await;
}

#[tokio::test]
async fn where_only_a_turn_server_is_reached_voice_and_picture_come_through_it() {
    let turn = Turn::start().await;
    let url = format!("turn:127.0.0.1:{}?transport=tcp", turn.port);
    // The credentials of TURN expire, by the clock of the TURN server.
    let service = Service::forwarding_at(Clock::System, &["--turn-url", &url, "--turn-secret", SECRET]);
    let enterprise = service.enterprise().await;
    let class = Class::of(&enterprise, &["wang"], 1).await;
    let teacher = class.taught().await;
    let wang = class.enter("wang", "window.only_relay = true;").await;
    gets_more(&wang, "frames", 20.0).await;
    gets_more(&wang, "energy", 0.01).await;
    assert_eq!(measure(&wang).await["path"], "relay");
    wang.press("Turn the microphone on").await;
    gets_more(&teacher, "energy", 0.01).await;
}

#[tokio::test]
async fn a_pupil_who_moves_to_another_network_is_back() {
    let service = Service::forwarding_really(&[]);
    let enterprise = service.enterprise().await;
    let class = Class::of(&enterprise, &["wang"], 1).await;
    let teacher = class.taught().await;
    let port = media_port(&teacher).await;
    let (before, after) = (Relay::to(port, Quality::default()).await, Relay::to(port, Quality::default()).await);
    let wang = class.enter("wang", &through(&before)).await;
    gets_more(&wang, "frames", 20.0).await;
    before.cut();
    wang.browser.run(&through(&after)).await;
    let cut = Instant::now();
    // The browser says so when another network is there.
    wang.browser.run("window.dispatchEvent(new Event('online'));").await;
    gets_more(&wang, "frames", 5.0).await;
    println!("pictures again after {} ms", cut.elapsed().as_millis());
    gets_more(&wang, "packets", 50.0).await;
}
