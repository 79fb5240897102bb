//! Each receiver has its share of connections: one that hangs does not delay others.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use super::order::let_through;
use crate::support::receiver::{Receiver, Reply};
use crate::support::webhooks::{start, subscribed, test_events};

#[tokio::test]
async fn a_receiver_that_hangs_takes_nothing_from_the_others() {
    let service = start(&["--callback-timeout-seconds", "1000"]);
    let hanging = Receiver::answering(|_| Reply::Hang);
    let others: Vec<Receiver> = (0..5).map(|_| Receiver::start()).collect();
    let enterprise = subscribed(&service, &hanging.url).await;
    test_events(&enterprise, 3_000).await;
    hanging.wait_for(32).await;
    let mut subscribers = Vec::new();
    for other in &others {
        subscribers.push(subscribed(&service, &other.url).await);
    }
    for _ in 0..4 {
        for enterprise in &subscribers {
            test_events(enterprise, 25).await;
        }
    }
    for other in &others {
        assert_eq!(other.wait_for(100).await.len(), 100);
    }
    assert_eq!((hanging.requests().len(), hanging.answering_now()), (32, 32));
}

#[tokio::test]
async fn one_receiver_has_its_share_of_connections_and_no_more() {
    for (flags, share) in [(&[][..], 32), (&["--callback-connections", "3"], 3)] {
        let service = start(flags);
        let receiver = Receiver::answering(|_| Reply::Hold);
        let enterprise = subscribed(&service, &receiver.url).await;
        test_events(&enterprise, 200).await;
        receiver.wait_for(share).await;
        let_through(&service).await;
        assert_eq!((receiver.requests().len(), receiver.answering_now()), (share, share));
        receiver.answer(|_| Reply::Ack);
        receiver.release();
        let requests = receiver.wait_for(200).await;
        assert_eq!(requests.iter().map(|r| r.at_once).max(), Some(share));
    }
}

#[tokio::test]
async fn a_rush_goes_over_the_connections_that_are_open_however_many_receivers_a_host_has() {
    let service = start(&[]);
    let receiver = Receiver::answering(|_| Reply::Hold);
    let (one, another) = (subscribed(&service, &receiver.url).await, subscribed(&service, &receiver.url).await);
    test_events(&one, 400).await;
    test_events(&another, 400).await;
    receiver.wait_for(64).await;
    receiver.answer(|_| Reply::Ack);
    receiver.release();
    let requests = receiver.wait_for(800).await;
    let connections: HashSet<usize> = requests.iter().map(|request| request.connection).collect();
    // The pool may open a few more, when a connection is requested while another is being returned.
    assert!(connections.len() <= 72, "{} connections", connections.len());
}

#[tokio::test]
async fn a_receiver_that_times_out_is_probed_one_at_a_time_until_it_answers() {
    const SHARE: usize = 4;
    let service = start(&["--callback-timeout-seconds", "0.5", "--callback-connections", "4"]);
    let receiver = Receiver::answering(|_| Reply::Hang);
    let enterprise = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 60).await;
    receiver.wait_for(SHARE + 2).await;
    // A broken connection is not an answer.
    receiver.answer(|_| Reply::Close);
    let broken = receiver.wait_for(SHARE + 5).await.len();
    receiver.answer(|_| Reply::Hang);
    let probed = receiver.wait_for(broken + 3).await;
    let at_once: Vec<usize> = probed[SHARE..].iter().map(|request| request.at_once).collect();
    assert_eq!(at_once, vec![1; at_once.len()]);

    // Any answer ends the probing.
    let answered = probed.len();
    let first = AtomicBool::new(true);
    receiver.answer(move |_| {
        if first.swap(false, Ordering::Relaxed) { Reply::Whole(500, "text/plain", String::new()) } else { Reply::Hang }
    });
    let requests = receiver
        .wait_until("all connections again", |requests| requests[answered..].iter().any(|r| r.at_once == SHARE))
        .await;
    assert!(requests.iter().all(|request| request.at_once <= SHARE));
}
