//! A label has one of few values, whatever a client sends, and none of them is a secret or names a person.

use reqwest::Method;
use serde_json::json;

use super::{Scrape, start};
use crate::iclass::board::Lesson;

/// What clients make up.
const MADE_UP: &str = "zebra";

#[tokio::test]
async fn nothing_that_a_client_makes_up_is_in_a_label() {
    let service = start(&[]);
    let enterprise = service.enterprise().await;
    let method = Method::from_bytes(MADE_UP.to_uppercase().as_bytes()).unwrap();
    let paths = [
        "/zebra1",
        "/zebra2/x",
        "/paas/v1/zebra",
        "/PAAS//v1/zebra",
        "/saas/v1/class/zebra",
        "/api/zebra/1",
        "/api/course/zebra",
        "/im/org/zebra/groups",
        "/files/zebra/x",
        "/docs/zebra",
        "/assets/classroom/zebra.js",
        "/index.php?svc=zebra&cmd=login",
        "/index.php?svc=live&cmd=zebra",
        "/1400000001/100000001/0?zebra",
    ];
    for path in paths {
        for method in [Method::GET, Method::POST, Method::OPTIONS, method.clone()] {
            service.http.request(method, format!("{}{path}", service.url)).send().await.unwrap();
        }
    }
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.ok("user/info", json!({"user_id": "li"})).await;
    let text = Scrape::of(&service).await.text;
    let sdkappid = enterprise.sdkappid.to_string();
    let class_id = lesson.class_id.to_string();
    for secret in [MADE_UP, "ZEBRA", &sdkappid, &class_id, &enterprise.tic_key, &lesson.li.token, "teacher_1", "\"li\""]
    {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let series = |name: &str| text.lines().filter(|line| line.starts_with(name)).count();
    let before = series("lectern_requests_total{");
    for n in 0..200 {
        service.http.get(format!("{}/more/{n}", service.url)).send().await.unwrap();
    }
    let text = Scrape::of(&service).await.text;
    let after = text.lines().filter(|line| line.starts_with("lectern_requests_total{")).count();
    assert_eq!(before, after, "{text}");
}
