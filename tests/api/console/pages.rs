//! The pages themselves: languages, headers, and texts of strangers.

use serde_json::json;

use crate::support::receiver::{Receiver, Reply};
use crate::support::service::Service;
use crate::support::visitor::Visitor;
use crate::support::webhooks;
use lectern::domain::tenancy::enterprise::Patch;

const SCRIPT: &str = "\"'><script>alert(1)</script>";

#[tokio::test]
async fn a_page_is_in_the_language_of_the_browser_until_another_is_chosen() {
    let service = Service::start();
    Visitor::operator(&service).await;
    let visitor = Visitor::with(&service, &[("accept-language", "zh-CN,zh;q=0.9,en;q=0.8")]);
    let page = visitor.open("/sign-in").await;
    page.must_show("登录控制台");
    assert!(page.html.contains("<html lang=\"zh-CN\">") && !page.shows("Sign in"));
    let page = visitor.get("/language/en?back=%2Fsign-in").await;
    assert_eq!((page.status, page.location.as_str()), (303, "/console/sign-in"));
    let page = visitor.open("/sign-in").await;
    page.must_show("Sign in to the console");
    assert!(page.html.contains("<html lang=\"en\">"));
    visitor.get("/language/zh-CN").await;
    visitor.open("/sign-in").await.must_show("登录控制台");
    assert_eq!(visitor.get("/language/fr").await.status, 404);
    for outside in ["//evil.example.com", "https://evil.example.com", "/../files/x", "\\evil"] {
        let back: String = url::form_urlencoded::byte_serialize(outside.as_bytes()).collect();
        assert_eq!(visitor.get(&format!("/language/en?back={back}")).await.location, "/console/", "{outside}");
    }
}

#[tokio::test]
async fn every_page_is_protected_and_none_is_kept() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let visitor = Visitor::operator(&service).await;
    let list = format!("/e/{}/deliveries", enterprise.sdkappid);
    for path in ["/sign-in", "/link", "/enterprises", "/nothing", &list, &format!("{list}/9"), "/"] {
        let page = visitor.get(path).await;
        let policy = &page.headers["content-security-policy"];
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{path}: {policy}");
        assert!(
            policy.contains("form-action 'self'; frame-ancestors 'self'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        assert_eq!(page.headers["x-content-type-options"], "nosniff", "{path}");
        // Without a referrer, browsers would send forms with the origin "null".
        assert_eq!(page.headers["referrer-policy"], "same-origin", "{path}");
        assert!(!page.html.contains("style=") && !page.html.contains(" onclick"), "{path}");
    }
}

#[tokio::test]
async fn scripts_and_styles_are_kept_until_they_change() {
    let service = Service::start();
    let visitor = Visitor::operator(&service).await;
    let page = visitor.open("/enterprises").await;
    for (name, kind, begins) in [
        ("console.css", "text/css; charset=utf-8", "/* The design tokens"),
        ("console.js", "text/javascript; charset=utf-8", "// The console works without"),
        ("htmx.js", "text/javascript; charset=utf-8", "var htmx="),
    ] {
        let address = page.html.split(&format!("/console/assets/{name}?")).nth(1).unwrap().split('"').next().unwrap();
        let asset = visitor.open(&format!("/assets/{name}?{address}")).await;
        assert_eq!(asset.headers["content-type"], kind);
        assert!(asset.headers["cache-control"].contains("immutable"));
        assert!(asset.html.starts_with(begins), "{name}");
    }
    assert_eq!(visitor.get("/assets/other.js").await.status, 404);
}

#[tokio::test]
async fn texts_of_strangers_are_shown_as_texts() {
    let service = webhooks::start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|_| Reply::Whole(200, "text/html", format!(r#"{{"error_code": "{SCRIPT}"#)));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    enterprise.set(Patch { name: Some(SCRIPT.into()), ..Patch::default() }).await;
    // An event with the text of a user in it.
    enterprise.students(&[SCRIPT]).await;
    let class_id = webhooks::begun_class(&enterprise).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": SCRIPT})).await;
    webhooks::wait_for_state(&enterprise, "dead", 2).await;
    let operator = Visitor::operator(&service).await;
    let admin = Visitor::by_link(&enterprise, "admin", SCRIPT).await;
    let list = format!("/e/{}/deliveries", enterprise.sdkappid);
    let newest = webhooks::deliveries(&enterprise, &json!({})).await.remove(0)["delivery_id"].to_string();
    let encoded: String = url::form_urlencoded::byte_serialize(SCRIPT.as_bytes()).collect();
    let mut shown = 0;
    for visitor in [&operator, &admin] {
        for path in [
            "/enterprises",
            &format!("/enterprises?search={encoded}"),
            &list,
            &format!("{list}/{newest}"),
            &format!(
                "{list}?state=dead&class={encoded}&since={encoded}&reason={encoded}&event={encoded}&done={encoded}"
            ),
            &format!("{list}/replay?state=dead&class={encoded}&reason={encoded}"),
            &format!("/nothing?{encoded}"),
            &format!("/{encoded}"),
        ] {
            let page = visitor.get(path).await;
            assert!(!page.html.contains("<script>"), "{path}: {}", page.html);
            assert_eq!(
                page.html.matches("<script").count(),
                page.html.matches("<script defer src=\"/console/").count()
            );
            shown += usize::from(page.shows(SCRIPT));
        }
    }
    assert!(shown >= 6, "the texts are on the pages: {shown}");
    let page = Visitor::of(&service).sign_in(SCRIPT, SCRIPT, SCRIPT).await;
    page.must_show(SCRIPT);
    assert!(!page.html.contains("<script>"));
}

#[tokio::test]
async fn enterprises_are_searched_by_name_and_number() {
    let service = Service::start();
    let (one, two) = (service.enterprise().await, service.enterprise().await);
    one.set(Patch { name: Some("阳光 School".into()), ..Patch::default() }).await;
    let visitor = Visitor::operator(&service).await;
    for (search, first, second) in [
        ("", true, true),
        ("school", true, false),
        ("阳光", true, false),
        (&two.sdkappid.to_string(), false, true),
        ("nothing", false, false),
    ] {
        let encoded: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let page = visitor.open(&format!("/enterprises?search={encoded}")).await;
        let has = |sdkappid: i64| page.html.contains(&format!("/console/e/{sdkappid}/deliveries"));
        assert_eq!((has(one.sdkappid), has(two.sdkappid)), (first, second), "{search}");
    }
}
