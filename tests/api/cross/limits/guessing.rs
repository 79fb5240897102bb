//! Who guesses passwords has to wait, longer each time; nobody else has to.

use super::{PASSWORD, doors, people, sign_in};
use crate::support::service::Service;

#[tokio::test]
async fn who_guesses_waits_longer_each_time_and_nobody_else_does() {
    let service = Service::start_with(&["--trusted-proxies", "127.0.0.0/8"]);
    let enterprise = service.enterprise().await;
    people(&enterprise).await;
    for door in doors() {
        let sign_in = async |password, from| sign_in(&enterprise, &door, "li", password, from).await;
        for _ in 0..10 {
            sign_in("wrong", "198.51.100.7").await.expect(door.wrong.0, door.wrong.1.clone());
        }
        for seconds in [1, 2, 4, 8] {
            for password in ["wrong", PASSWORD] {
                let refused = sign_in(password, "198.51.100.7").await;
                refused.expect_wait(door.throttled.0, door.throttled.1.clone(), seconds);
            }
            // The person, at home.
            sign_in(PASSWORD, "203.0.113.1, 198.51.100.8").await.expect(door.right.0, door.right.1.clone());
            service.pass(i64::try_from(seconds).unwrap());
            sign_in("wrong", "198.51.100.7").await.expect(door.wrong.0, door.wrong.1.clone());
        }
        service.pass(16);
        // A right one starts the count again, also for the same account in another protocol.
        sign_in(PASSWORD, "198.51.100.7").await.expect(door.right.0, door.right.1.clone());
    }
}

#[tokio::test]
async fn a_network_of_an_ipv6_client_counts_as_one_address() {
    let service = Service::start_with(&["--trusted-proxies", "10.0.0.0/8,127.0.0.1"]);
    let enterprise = service.enterprise().await;
    people(&enterprise).await;
    let [iclass, ..] = doors();
    for host in 0..10 {
        let from = format!("2001:db8::{host}, 10.1.2.3");
        sign_in(&enterprise, &iclass, "li", "wrong", &from).await.expect(200, 10218);
    }
    sign_in(&enterprise, &iclass, "li", PASSWORD, "2001:db8::a:b:c:d").await.expect(200, 10211);
    sign_in(&enterprise, &iclass, "li", PASSWORD, "2001:db8:0:1::1").await.expect(200, 0);
}

#[tokio::test]
async fn without_a_trusted_proxy_the_header_says_nothing() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    people(&enterprise).await;
    let [iclass, ..] = doors();
    for host in 0..10 {
        let from = format!("198.51.100.{host}");
        sign_in(&enterprise, &iclass, "li", "wrong", &from).await.expect(200, 10218);
    }
    sign_in(&enterprise, &iclass, "li", PASSWORD, "203.0.113.1").await.expect(200, 10211);
}

#[tokio::test]
async fn many_attempts_at_once_are_no_more_than_one_after_the_other() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    people(&enterprise).await;
    for door in doors() {
        let attempts = (0..30).map(|_| sign_in(&enterprise, &door, "li", "wrong", ""));
        let answers = futures_util::future::join_all(attempts).await;
        let checked = answers.iter().filter(|answer| (answer.status, &answer.code) == (door.wrong.0, &door.wrong.1));
        assert!(checked.count() <= 10, "{answers:?}");
    }
}
