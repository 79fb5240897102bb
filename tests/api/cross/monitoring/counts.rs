//! The counts move as calls are made and people come.

use serde_json::json;

use super::{METRICS, Scrape, becomes, start, visit};
use crate::iclass::board::Lesson;
use crate::support::channel::Channel;
use crate::support::media::FakeMedia;
use crate::support::service::Service;

/// The count of a call.
fn requests(protocol: &str, call: &str, status: u16, code: i64) -> String {
    format!("lectern_requests_total{{protocol=\"{protocol}\",call=\"{call}\",status=\"{status}\",code=\"{code}\"}}")
}

#[tokio::test]
async fn calls_are_counted_by_protocol_call_and_code() {
    let service = start(&[]);
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    enterprise.class(json!({})).await;
    enterprise.refused("class/info", json!({"class_id": class_id + 9}), 10230).await;
    let (http, url) = (&service.http, &service.url);
    // Calls that are refused before they begin have their names too.
    let wrongly_signed = enterprise.signed("user/info").replace("&sign=", "&sign=0");
    http.post(wrongly_signed).body("{}").send().await.unwrap();
    http.get(format!("{url}/api/course/7")).send().await.unwrap();
    http.get(format!("{url}/im/org/8/groups")).send().await.unwrap();
    http.post(format!("{url}/index.php?svc=account&cmd=login")).body("{}").send().await.unwrap();
    http.get(format!("{url}/healthz")).send().await.unwrap();

    let scrape = Scrape::of(&service).await;
    for (name, count) in [
        (requests("iclass", "POST /paas/v1/class/create", 200, 0), 2.0),
        (requests("iclass", "POST /paas/v1/class/info", 200, 10230), 1.0),
        (requests("iclass", "POST /paas/v1/user/info", 200, 10217), 1.0),
        (requests("niuclass", "GET /api/course/{id}", 401, 0), 1.0),
        (requests("im", "GET /im/org/{organization_id}/groups", 401, 1005), 1.0),
        (requests("suixinbo", "account login", 200, 10003), 1.0),
        (requests("service", "GET /healthz", 200, 0), 1.0),
    ] {
        assert_eq!(scrape.value(&name), Some(count), "{name}: {}", scrape.text);
    }
}

#[tokio::test]
async fn the_time_of_each_call_is_in_a_histogram() {
    let service = start(&[]);
    let enterprise = service.enterprise().await;
    enterprise.class(json!({})).await;
    enterprise.class(json!({})).await;
    let scrape = Scrape::of(&service).await;
    let of_call = "protocol=\"iclass\",call=\"POST /paas/v1/class/create\"";
    let bucket = |le: &str| {
        let name = ["le=\"", le, "\",", of_call].concat();
        let other = [of_call, ",le=\"", le, "\""].concat();
        let value = |labels| scrape.value(&format!("lectern_request_duration_seconds_bucket{{{labels}}}"));
        value(name).or_else(|| value(other)).unwrap()
    };
    assert!((bucket("+Inf") - 2.0).abs() < f64::EPSILON, "{}", scrape.text);
    assert!(bucket("0.0005") <= bucket("10.0"), "{}", scrape.text);
    let sum = |what: &str| scrape.value(&format!("lectern_request_duration_seconds_{what}{{{of_call}}}")).unwrap();
    assert!((sum("count") - 2.0).abs() < f64::EPSILON, "{}", scrape.text);
    assert!(sum("sum") > 0.0);
}

#[tokio::test]
async fn what_a_limit_refused_is_counted_by_the_limit() {
    let service = start(&["--limit-visitors-per-address", "1/h", "--quota-users", "1"]);
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"class_type": "public"})).await;
    assert_eq!(visit(&enterprise, class_id).await, 0);
    assert_eq!(visit(&enterprise, class_id).await, 10290);
    assert_eq!(visit(&enterprise, class_id).await, 10290);
    enterprise.students(&["li"]).await;
    let list = json!({"list": [{"user_id": "wang", "role": "student"}]});
    enterprise.refused("user/register", list, 10290).await;
    let scrape = Scrape::of(&service).await;
    assert_eq!(scrape.value("lectern_limit_refusals_total{limit=\"visitors\"}"), Some(2.0));
    assert_eq!(scrape.value("lectern_limit_refusals_total{limit=\"kept_users\"}"), Some(1.0));
}

#[tokio::test]
async fn those_who_are_inside_and_connected_are_counted() {
    let service = start(&[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let (mut channel, _) = Channel::enter(&lesson.li, lesson.class_id).await;
    channel.ping().await;
    becomes(&service, "lectern_channel_connections", 1.0).await;
    becomes(&service, "lectern_channel_classes", 1.0).await;
    becomes(&service, "lectern_presence_sessions", 1.0).await;
    let sent = Scrape::of(&service).await.value("lectern_channel_updates_sent_total").unwrap();
    lesson.let_draw("wang", true).await;
    channel.event("member").await;
    let now = Scrape::of(&service).await.value("lectern_channel_updates_sent_total").unwrap();
    assert!(now > sent, "{sent}, then {now}");

    // A call over the channel is counted beside those over HTTP.
    channel.ok("class/info", json!({"class_id": lesson.class_id})).await;
    channel.call("no/such", json!({})).await;
    let scrape = Scrape::of(&service).await;
    assert_eq!(scrape.value(&requests("channel", "class/info", 200, 0)), Some(1.0), "{}", scrape.text);
    assert_eq!(scrape.value(&requests("channel", "none", 200, -1)), Some(1.0), "{}", scrape.text);
    drop(channel);
    becomes(&service, "lectern_channel_connections", 0.0).await;
}

#[tokio::test]
async fn the_media_server_says_what_it_has() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &METRICS);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let offer = json!({"class_id": lesson.class_id, "session": "", "offer": "v=0\r\n", "sources": []});
    for component in [&lesson.li, &lesson.wang] {
        component.ok("media/connect", offer.clone()).await;
    }
    let scrape = Scrape::of(&service).await;
    assert_eq!(scrape.value("lectern_media_rooms"), Some(1.0));
    assert_eq!(scrape.value("lectern_media_sessions"), Some(2.0));
}

#[tokio::test]
async fn the_use_of_the_database_is_counted() {
    let service = start(&[]);
    let enterprise = service.enterprise().await;
    let before = Scrape::of(&service).await;
    enterprise.class(json!({})).await;
    let after = Scrape::of(&service).await;
    if service.app.db.is_embedded() {
        for name in ["lectern_database_writes_total", "lectern_database_write_batches_total"] {
            assert!(after.value(name) > before.value(name), "{name}: {}", after.text);
        }
        assert!(after.value("lectern_database_wal_bytes").unwrap() > 0.0);
    }
    let connections = |state| after.value(&format!("lectern_database_connections{{state=\"{state}\"}}")).unwrap();
    assert!(connections("in_use") + connections("idle") > 0.0, "{}", after.text);
    assert_eq!(after.value("lectern_database_busy_total"), Some(0.0));
}
