//! Every address of the console, by everybody who may not use it. The table has all routes: one that is missing fails here.

use lectern::domain::tenancy::operator::ConsoleRole;
use serde_json::json;

use super::deliveries::audited;
use crate::support::receiver::Receiver;
use crate::support::service::Enterprise;
use crate::support::visitor::Visitor;
use crate::support::webhooks;

/// Who may open an address.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    /// Everybody.
    All,
    /// Who is signed in.
    Anybody,
    /// The accounts of the service.
    Service,
    /// An enterprise.
    Enterprise,
}

const ROUTES: [(&str, &str, Of); 49] = [
    ("GET", "", Of::Anybody),
    ("GET", "/", Of::Anybody),
    ("GET", "/assets/console.css", Of::All),
    ("GET", "/language/en", Of::All),
    ("GET", "/sign-in", Of::All),
    ("POST", "/sign-in", Of::All),
    ("POST", "/sign-out", Of::Anybody),
    ("GET", "/link", Of::All),
    ("POST", "/link", Of::All),
    ("GET", "/enterprises", Of::Service),
    ("POST", "/enterprises", Of::Service),
    ("GET", "/enterprises/new", Of::Service),
    ("GET", "/audit", Of::Service),
    ("GET", "/audit.csv", Of::Service),
    ("GET", "/e/{e}/audit", Of::Enterprise),
    ("GET", "/e/{e}/audit.csv", Of::Enterprise),
    ("GET", "/e/{e}/calls", Of::Enterprise),
    ("POST", "/e/{e}/calls", Of::Enterprise),
    ("GET", "/e/{e}/classes", Of::Enterprise),
    ("GET", "/e/{e}/classes/{class}", Of::Enterprise),
    ("POST", "/e/{e}/classes/{class}/end", Of::Enterprise),
    ("POST", "/e/{e}/classes/{class}/compose", Of::Enterprise),
    ("GET", "/e/{e}/deliveries", Of::Enterprise),
    ("POST", "/e/{e}/deliveries/pause", Of::Enterprise),
    ("POST", "/e/{e}/deliveries/resume", Of::Enterprise),
    ("POST", "/e/{e}/deliveries/test", Of::Enterprise),
    ("GET", "/e/{e}/deliveries/replay?state=delivered", Of::Enterprise),
    ("POST", "/e/{e}/deliveries/replay", Of::Enterprise),
    ("GET", "/e/{e}/deliveries/{delivery}", Of::Enterprise),
    ("POST", "/e/{e}/deliveries/{delivery}/replay", Of::Enterprise),
    ("GET", "/e/{e}/documents", Of::Enterprise),
    ("GET", "/e/{e}/documents/one?id={document}", Of::Enterprise),
    ("POST", "/e/{e}/documents/convert", Of::Enterprise),
    ("POST", "/e/{e}/documents/delete", Of::Enterprise),
    ("GET", "/e/{e}/recordings", Of::Enterprise),
    ("GET", "/e/{e}/settings", Of::Enterprise),
    ("POST", "/e/{e}/settings", Of::Enterprise),
    ("POST", "/e/{e}/settings/protocols", Of::Enterprise),
    ("POST", "/e/{e}/settings/keys/tic_key", Of::Enterprise),
    ("POST", "/e/{e}/settings/keys/webhook_secret", Of::Enterprise),
    ("POST", "/e/{e}/settings/keys/callback_key", Of::Enterprise),
    ("POST", "/e/{e}/settings/delete", Of::Enterprise),
    ("GET", "/e/{e}/usage", Of::Enterprise),
    ("GET", "/e/{e}/usage.csv", Of::Enterprise),
    ("GET", "/e/{e}/users", Of::Enterprise),
    ("GET", "/e/{e}/users/one?id=only", Of::Enterprise),
    ("POST", "/e/{e}/users/password", Of::Enterprise),
    ("POST", "/e/{e}/users/delete", Of::Enterprise),
    ("GET", "/e/{e}/nothing", Of::Enterprise),
];

/// Fields with which each form would do something.
const FIELDS: [(&str, &str); 10] = [
    ("id", "only"),
    ("typed", "only"),
    ("password", "another1"),
    ("state", "delivered"),
    ("call", "/paas/v1/user/delete"),
    ("body", r#"{"user_id": "only"}"#),
    ("confirmed", "on"),
    ("call_back_url", "https://evil.example.com/"),
    ("name", "Test"),
    ("im", "on"),
];

/// An enterprise with something at each address.
struct Target<'a> {
    enterprise: &'a Enterprise<'a>,
    class_id: i64,
    delivery_id: i64,
    doc_id: String,
}

impl<'a> Target<'a> {
    async fn fill(enterprise: &'a Enterprise<'a>) -> Self {
        enterprise.students(&["only"]).await;
        let class_id = webhooks::begun_class(enterprise).await;
        webhooks::wait_for(enterprise, json!({}), |rows| {
            !rows.is_empty() && rows.iter().all(|row| row["state"] == "delivered")
        })
        .await;
        let delivery_id = webhooks::deliveries(enterprise, &json!({})).await[0]["delivery_id"].as_i64().unwrap();
        let document = json!({"doc_url": "https://files.example.com/a.pptx", "doc_name": "only"});
        let doc_id = enterprise.ok("document/add", document).await["doc_id"].as_str().unwrap().to_owned();
        Self { enterprise, class_id, delivery_id, doc_id }
    }

    /// The path of a route in an enterprise, with the ids of this one.
    fn path(&self, route: &str, sdkappid: i64) -> String {
        route
            .replace("{e}", &sdkappid.to_string())
            .replace("{class}", &self.class_id.to_string())
            .replace("{delivery}", &self.delivery_id.to_string())
            .replace("{document}", &self.doc_id)
    }

    /// What an attack would change.
    async fn state(&self) -> String {
        let one = self.enterprise;
        let mut state = String::new();
        for (call, body) in [
            ("business/info", json!({})),
            ("class/info", json!({"class_id": self.class_id})),
            ("user/info", json!({"user_id": "only"})),
            ("document/list", json!({})),
            ("callback/list", json!({})),
        ] {
            state += &one.ok(call, body).await.to_string();
        }
        state
    }
}

async fn opened(visitor: &Visitor<'_>, method: &str, path: &str) -> u16 {
    if method == "GET" { visitor.get(path).await.status } else { visitor.post(path, &FIELDS).await.status }
}

#[test]
fn the_table_has_every_route() {
    let mut found = (0, 0);
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/console"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let code = std::fs::read_to_string(path).unwrap();
            found.0 += code.matches("web::get().to(").count();
            found.1 += code.matches("web::post().to(").count();
        }
    }
    let listed = |method: &str| ROUTES.iter().filter(|(of, _, _)| *of == method).count();
    // The keys are three addresses of one route, and the last line is none.
    assert_eq!((found.0, found.1), (listed("GET") - 1, listed("POST") - 2));
}

#[tokio::test]
async fn nobody_else_opens_an_address_of_an_enterprise_or_of_the_service() {
    let (receiver, service) = (Receiver::start(), webhooks::start(&[]));
    let enterprises =
        [webhooks::subscribed(&service, &receiver.url).await, webhooks::subscribed(&service, &receiver.url).await];
    let [mine, other] = &enterprises;
    let target = Target::fill(other).await;
    let admin = Visitor::by_link(mine, "admin", "li").await;
    admin.open(&format!("/e/{}/settings", mine.sdkappid)).await;
    let stranger = Visitor::of(&service);
    stranger.open("/sign-in").await;
    let (before, log) = (target.state().await, audited(&service).await.len());
    for (method, route, of) in ROUTES {
        let foreign = target.path(route, other.sdkappid);
        if of != Of::All {
            let page =
                if method == "GET" { stranger.get(&foreign).await } else { stranger.post(&foreign, &FIELDS).await };
            let wanted = if route.ends_with("nothing") { 404 } else { 303 };
            assert_eq!(page.status, wanted, "{method} {foreign} of somebody who is not signed in");
            assert!(page.location.is_empty() || page.location == "/console/sign-in", "{foreign}");
        }
        if matches!(of, Of::Service | Of::Enterprise) {
            let status = opened(&admin, method, &foreign).await;
            // What only operators do is refused whatever it is about.
            let is_operators = of == Of::Service || route.ends_with("/protocols") || route.ends_with("settings/delete");
            assert!(status == 404 || (is_operators && status == 403), "{method} {foreign}: {status}");
        }
        // The ids of the other enterprise, in addresses of the own one.
        if route.contains("{class}") || route.contains("{delivery}") || route.contains("?id=") {
            let status = opened(&admin, method, &target.path(route, mine.sdkappid)).await;
            assert_eq!(status, 404, "{method} {route} with another's id");
        }
    }
    assert_eq!(target.state().await, before);
    assert_eq!(audited(&service).await.len(), log);
    assert_eq!(admin.get(&format!("/e/{}/settings", mine.sdkappid)).await.status, 200, "and is still signed in");
}

#[tokio::test]
async fn support_changes_nothing_at_any_address_and_no_form_is_taken_without_its_token() {
    let (receiver, service) = (Receiver::start(), webhooks::start(&[]));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let target = Target::fill(&enterprise).await;
    let account = Visitor::signed_in(&service, "reader", ConsoleRole::Support).await;
    let of_enterprise = Visitor::by_link(&enterprise, "support", "s").await;
    let operator = Visitor::operator(&service).await;
    for visitor in [&account, &of_enterprise, &operator] {
        visitor.open(&format!("/e/{}/settings", enterprise.sdkappid)).await;
    }
    let (before, log) = (target.state().await, audited(&service).await.len());
    for (method, route, of) in ROUTES {
        let path = target.path(route, enterprise.sdkappid);
        if method == "POST" && of != Of::All {
            // Who may do it, but did not send the token of the session, or sent it from another site.
            for page in [
                operator.post_as(&path, &FIELDS).await,
                operator
                    .send(
                        operator
                            .form(&path, &[&FIELDS[..], &[("csrf", &*operator.csrf())]].concat())
                            .header("origin", "https://evil.example"),
                    )
                    .await,
            ] {
                assert_eq!(page.status, 403, "{path}");
            }
        }
        if method == "POST" && matches!(of, Of::Service | Of::Enterprise) {
            for visitor in [&account, &of_enterprise] {
                assert_eq!(opened(visitor, method, &path).await, 403, "{path}");
            }
        }
    }
    assert_eq!(target.state().await, before);
    assert_eq!(audited(&service).await.len(), log);
}
