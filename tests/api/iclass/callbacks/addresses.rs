//! Private addresses are not called unless this is allowed.

use crate::support::receiver::Receiver;
use crate::support::service::Service;
use crate::support::webhooks::{address, start, subscribed, test_events, tried};

#[tokio::test]
async fn no_private_address_is_called_however_it_is_written() {
    let service = Service::start_with(&["--callback-retries", "0"]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, "").await;
    let port = receiver.url.trim_end_matches("/events").rsplit_once(':').unwrap().1;
    let literals = [
        "127.0.0.1",
        "127.255.255.254",
        "127.1",
        "127.0.0.1.",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "0",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::1]",
        "[2001:0:7f00:1::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[ff02::1]",
    ];
    for host in literals {
        enterprise.set(address(&format!("http://{host}:{port}/events"))).await;
        test_events(&enterprise, 1).await;
        let shown = tried(&enterprise, 1).await;
        let problem = shown["attempt_list"][0]["problem"].as_str().unwrap();
        assert!(problem.ends_with(" is not a public address"), "{host}: {problem}");
    }
    for name in ["localhost", "LOCALHOST"] {
        enterprise.set(address(&format!("http://{name}:{port}/events"))).await;
        test_events(&enterprise, 1).await;
        let shown = tried(&enterprise, 1).await;
        let problem = shown["attempt_list"][0]["problem"].as_str().unwrap();
        let name = name.to_lowercase();
        assert_eq!(problem, format!("can't connect: {name} has no public address"));
    }
    assert!(receiver.requests().is_empty());
}

#[tokio::test]
async fn private_addresses_are_called_when_that_is_allowed() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, "").await;
    for host in ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "localhost"] {
        enterprise.set(address(&receiver.url.replace("127.0.0.1", host))).await;
        test_events(&enterprise, 1).await;
        assert_eq!(tried(&enterprise, 1).await["state"], "delivered", "{host}");
    }
    assert_eq!(receiver.requests().len(), 4);
}
