//! SIGTERM while receivers hang.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use lectern::clock::Clock;

use crate::support::database::Database;
use crate::support::process::eventually;
use crate::support::receiver::{Receiver, Reply};
use crate::support::school::{Promised, School, check};

const CLASSES: usize = 5;

#[tokio::test]
async fn a_server_stops_within_ten_seconds_though_a_receiver_hangs_and_delivers_after_the_next_start() {
    let database = Database::create();
    let receiver = Receiver::answering(|_| Reply::Hang);
    let school = School::found(&database.url, &receiver.url).await;
    let (mut server, client) = school.open(&["--callback-timeout-seconds", "300"]);
    let promised = Promised { begun: client.begin(CLASSES).await.into_iter().collect(), ..Promised::default() };
    receiver.wait_for(CLASSES).await;
    // A client that does not finish its request also delays the stop up to the limit.
    let mut slow = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    slow.write_all(b"POST /paas/v1/class/info HTTP/1.1\r\nHost: lectern\r\nContent-Length: 100\r\n\r\n{").unwrap();

    let begun = Instant::now();
    server.signal("TERM");
    let status = server.ended().await;
    assert!(status.success(), "{status}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());

    receiver.answer(|_| Reply::Ack);
    let (_server, client) = school.open(&[]);
    let arrived = check(&client, &receiver, &promised).await;
    assert_eq!(arrived.times.into_values().collect::<Vec<_>>(), [2; CLASSES]);
}

#[tokio::test]
async fn a_server_that_stops_keeps_hold_of_what_it_is_still_sending() {
    let database = Database::create();
    let receiver = Receiver::answering(|_| Reply::Hold);
    let school = School::found(&database.url, &receiver.url).await;
    let (mut server, client) = school.open(&["--callback-connections", "2"]);
    client.begin(4).await;
    receiver.wait_for(2).await;
    eventually("it has more in hand than it sends", async || (school.claims().len() > 2).then_some(())).await;
    server.signal("TERM");
    eventually("it is stopping", async || (!server.logged("stopping").is_empty()).then_some(())).await;
    eventually("what it does not send any more is free at once", async || (school.claims().len() == 2).then_some(()))
        .await;
    // Longer than a lease: another server would take over claims that are not renewed, and send the deliveries again.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(3) {
        let claims = school.claims();
        let left = claims.iter().map(|until| until - Clock::System.now()).min();
        assert!(claims.len() == 2 && left > Some(0), "the leases of {claims:?} have run out: {left:?} ms");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    receiver.release();
    assert!(server.ended().await.success());
    assert!(school.claims().is_empty());

    receiver.answer(|_| Reply::Ack);
    let (_server, client) = school.open(&[]);
    let arrived = check(&client, &receiver, &Promised::default()).await;
    assert_eq!(arrived.in_all(), 4, "none came twice");
}
