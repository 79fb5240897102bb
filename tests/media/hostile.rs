//! Strangers at the port, and pages that send what they should not.

use std::time::{Duration, Instant};

use lectern::media::{ConnectRequest, MediaEngine};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;
use tokio::net::UdpSocket;

use crate::robot::{Order, Robot};
use crate::support::{ALL, CLASS, Media, NONE, pupil, request, teacher, until};

#[tokio::test]
async fn datagrams_of_strangers_change_nothing() {
    let media = Media::start();
    let _teacher = media.enter("li", ALL, teacher()).await;
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("the picture is there", || pupil.got("li", "camera").is_some_and(|got| got.packets > 50)).await;
    let stranger = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = media.server.addresses()[0];
    let mut request = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    request.extend([0, 6, 0, 9]);
    request.extend(b"abcd:efgh\0\0\0");
    let start = Instant::now();
    let mut number = 0u32;
    while start.elapsed() < Duration::from_secs(2) {
        let length = usize::try_from(number % 200).unwrap();
        let noise: Vec<u8> = (0..length).map(|_| rand::random()).collect();
        let _ = stranger.try_send_to(if number.is_multiple_of(2) { &request } else { &noise }, address);
        number += 1;
        if number.is_multiple_of(50) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    let got = pupil.got("li", "camera").unwrap();
    until("the picture goes on", || pupil.got("li", "camera").unwrap().packets > got.packets + 50).await;
    let mut buffer = [0; 100];
    assert!(stranger.try_recv_from(&mut buffer).is_err(), "strangers get no answer");
    assert_eq!(media.server.classes().await, [CLASS]);
}

#[tokio::test]
async fn messages_that_are_none_are_passed_over() {
    let media = Media::start();
    let _teacher = media.enter("li", ALL, teacher()).await;
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("the picture is there", || pupil.got("li", "camera").is_some_and(|got| got.packets > 20)).await;
    let many: Vec<_> = (0..200).map(|n| json!({"user_id": format!("{n}"), "source": "camera", "height": 1})).collect();
    for message in [
        json!(1),
        json!({"type": "slots"}),
        json!({"type": "view", "videos": [{}]}),
        json!({"type": "view", "videos": many}),
    ] {
        pupil.order(Order::Say(message));
    }
    pupil.order(Order::Say(json!({"type": "view", "videos": [{"user_id": "li", "source": "camera", "height": 9}]})));
    until("the picture goes on", || pupil.got("li", "camera").is_some_and(|got| got.layer == 0)).await;
}

/// A teacher who enters, and what they asked for.
async fn offered(media: &Media) -> (ConnectRequest, Robot) {
    let (send, receive) = tokio::sync::oneshot::channel();
    let robot = Robot::connect(teacher(), async |offer, sources| {
        let asked = request(CLASS, "li", ALL, offer, &sources);
        let answer = media.server.connect(asked.clone()).await.unwrap().sdp;
        let _ = send.send(asked);
        answer
    })
    .await;
    (receive.await.unwrap(), robot)
}

#[tokio::test]
async fn offers_that_are_broken_anywhere_stop_nothing() {
    let media = Media::start();
    let (asked, _robot) = offered(&media).await;
    let text = asked.offer.clone();
    for number in 0..400 {
        let mut broken: Vec<char> = text.chars().collect();
        let at = number * broken.len() / 400;
        match number % 4 {
            0 => drop(broken.drain(at..)),
            1 => broken[at] = '\u{1}',
            2 => drop(broken.remove(at)),
            _ => broken.insert(at, '9'),
        }
        let offer = broken.into_iter().collect();
        let _ = media.server.connect(ConnectRequest { offer, user_id: "zhao".to_owned(), ..asked.clone() }).await;
    }
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("the class goes on", || pupil.got("li", "camera").is_some_and(|got| got.packets > 20)).await;
}

/// Bytes that look like a packet of one of the protocols that share the port: RFC 7983.
fn packet() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![0u8..4, 20u8..64, 128u8..192];
    // Reports have these kinds; media has others.
    let second = prop_oneof![any::<u8>(), 200u8..208];
    (first, second, prop::collection::vec(any::<u8>(), 0..300)).prop_map(|(first, second, rest)| {
        let mut packet = vec![first, second];
        packet.extend(rest);
        packet
    })
}

/// What proptest makes of a strategy, so many times.
fn some<T>(strategy: impl Strategy<Value = T>, number: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..number).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// The memory of this process, in bytes.
fn memory() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    text.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4_096
}

#[tokio::test]
async fn broken_packets_from_the_address_of_somebody_inside_change_nothing() {
    let media = Media::start();
    let teacher = media.enter("li", ALL, teacher()).await;
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("the picture is there", || pupil.got("li", "camera").is_some_and(|got| got.packets > 50)).await;
    let before = memory();
    for packets in some(packet(), 20_000).chunks(100) {
        for robot in [&teacher, &pupil] {
            robot.order(Order::Throw(packets.to_vec()));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let got = pupil.got("li", "camera").unwrap();
    until("the picture goes on", || pupil.got("li", "camera").unwrap().packets > got.packets + 50).await;
    assert!(!teacher.known().is_over && !pupil.known().is_over, "both are still inside");
    let grown = memory().saturating_sub(before);
    assert!(grown < 32 * 1024 * 1024, "{grown} bytes of memory more");
}

#[tokio::test]
async fn offers_of_lines_in_any_order_stop_nothing() {
    let media = Media::start();
    let (asked, _robot) = offered(&media).await;
    let lines: Vec<String> = asked.offer.lines().map(ToOwned::to_owned).collect();
    let line = prop_oneof![
        8 => prop::sample::select(lines),
        1 => "[a-z]=[ -~]{0,60}",
        1 => "(m=(audio|video|application) [0-9]{1,6} [A-Z/]{1,20} [0-9]{1,4}|a=(mid|rid|ssrc|candidate|simulcast):[ -~]{0,40})",
    ];
    for lines in some(prop::collection::vec(line, 0..120), 500) {
        let offer = format!("v=0\r\n{}\r\n", lines.join("\r\n"));
        let request = ConnectRequest { offer, user_id: "zhao".to_owned(), ..asked.clone() };
        // Whatever it answers.
        let _ = media.server.connect(request).await;
    }
    let pupil = media.enter("wang", NONE, pupil()).await;
    until("the class goes on", || pupil.got("li", "camera").is_some_and(|got| got.packets > 20)).await;
}
