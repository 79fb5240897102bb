//! The screens of the console in a browser: on a desk and on a phone, in both languages and both colours, where every text that a
//! stranger can write tries to be a script. Screenshots are kept, and axe-core looks for what keeps people out.

use diesel::connection::SimpleConnection;
use lectern::db::Conn;
use lectern::domain;
use lectern::domain::tenancy::enterprise::Patch;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::look::{LOOKS, Look};
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::{Enterprise, Service};
use crate::support::visitor::Visitor;
use crate::support::webhooks;

/// A text that runs a script where it is taken for HTML.
const SCRIPT: &str = "<img src=x onerror=\"window.wasRun = true\">";

/// Fills every field that somebody other than an operator writes, and returns a class and a document.
async fn fill(enterprise: &Enterprise<'_>) -> (i64, String) {
    enterprise.set(Patch { name: Some(SCRIPT.into()), ..Patch::default() }).await;
    let user = |user_id: &str| json!({"user_id": user_id, "role": "student", "nickname": SCRIPT});
    enterprise.ok("user/register", json!({"list": [user(SCRIPT), user("gone <b>"), user("wang")]})).await;
    let class = json!({
        "class_topic": SCRIPT, "teacher_id": "teacher_1", "assistant_id": SCRIPT, "class_type": "1vN",
        "members": [{"user_id": "wang", "role": "student"}, {"user_id": SCRIPT, "role": "student"}],
        "stop_time": enterprise.service.now() + 1_000_000,
    });
    let class_id = enterprise.class(class).await;
    enterprise.ok("class/start", json!({"class_id": class_id})).await;
    for user_id in ["wang", SCRIPT] {
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await;
    }
    enterprise.ok("imstorage/send", json!({"class_id": class_id, "content": SCRIPT, "user_id": SCRIPT})).await;
    let document = json!({"doc_url": "https://files.example.com/a.pptx", "doc_name": SCRIPT});
    let doc_id = enterprise.ok("document/add", document).await["doc_id"].as_str().unwrap().to_owned();
    // Entries of the audit log with texts of strangers.
    enterprise.ok("user/delete", json!({"user_id": "gone <b>"})).await;
    enterprise.ok("user/token/update", json!({"user_id": SCRIPT})).await;
    enterprise.ok("business/modify", json!({"contact_user": SCRIPT})).await;
    webhooks::wait_for(enterprise, json!({}), |rows| rows.iter().all(|row| row["state"] == "dead")).await;
    let id = enterprise.enterprise_id;
    let recording = format!(
        "INSERT INTO online_recordings VALUES (1, {id}, {class_id}, 't', 'composed', 'failed', '[]', '{SCRIPT}', 1, 9, 'online')"
    );
    // The days of a school: more in the week, and one with failures.
    let days: Vec<String> = (0..28)
        .map(|nth| {
            let (day, busy) = (19_648 + nth, if nth % 7 < 5 { 40 + nth * 3 } else { 4 });
            let (delivered, dead) = (busy * 31, if nth == 19 { 400 } else { 0 });
            let bytes = 3_000_000_000_i64 + nth * 170_000_000;
            format!("({id}, {day}, {busy}, {}, {}, {bytes}, {delivered}, {dead}, 1700000000000)", busy * 9, busy * 412)
        })
        .collect();
    let days = format!("INSERT INTO usage_days VALUES {}", days.join(", "));
    let video = format!(
        "INSERT INTO recordings (enterprise_id, class_id, user_id, stream_id, video_id, video_url, video_format, start_time, \
         stop_time, play_time, video_size, duration, create_time) VALUES ({id}, {class_id}, '', '', 'v', \
         'https://files.example.com/v.mp4', 'mp4', 1700000000, 1700002700, 0, 345000000, 2700, 1)"
    );
    let write = move |conn: &mut Conn| {
        conn.batch_execute(&recording)?;
        conn.batch_execute(&video)?;
        // Calls refuse such contacts.
        conn.batch_execute(&format!("UPDATE users SET phone_no = '{SCRIPT}', e_mail = '{SCRIPT}'"))?;
        Ok::<_, domain::Error>(conn.batch_execute(&days)?)
    };
    enterprise.service.app.db.write(write).await.unwrap();
    (class_id, doc_id)
}

/// Signs a browser in as a visitor.
async fn become_visitor(browser: &Browser, service: &Service, visitor: Option<&Visitor<'_>>) {
    browser.devtools("Network.clearBrowserCookies", json!({})).await;
    let cookies = visitor.map(|visitor| visitor.cookies.borrow().clone()).unwrap_or_default();
    for (name, value) in cookies {
        let cookie =
            json!({"name": name, "value": value, "url": format!("{}/console", service.url), "path": "/console"});
        browser.devtools("Network.setCookie", cookie).await;
    }
}

/// A browser that looks at screens.
struct Eyes<'a> {
    browser: &'a Browser,
    look: &'a Look,
    service: &'a Service,
}

impl Eyes<'_> {
    async fn open(&self, path: &str, screen: &str) {
        self.browser.open(&format!("{}/console{path}", self.service.url)).await;
        self.check(screen).await;
    }

    /// Presses what a selector finds, and waits for what another finds.
    async fn press(&self, selector: &str, wanted: &str) {
        self.browser.run(&format!("document.querySelector({}).click()", json!(selector))).await;
        self.browser.wait_for(&format!("return !!document.querySelector({})", json!(wanted)), json!(true)).await;
    }

    async fn check(&self, screen: &str) {
        self.look.check(self.browser, &format!("console-{screen}")).await;
        let status = self.browser.run("return performance.getEntriesByType('navigation')[0].responseStatus").await;
        assert_eq!(status, if screen == "problem" { 404 } else { 200 }, "{screen}");
        let was_run = self.browser.run("return window.wasRun ?? null").await;
        assert_eq!(was_run, Value::Null, "a text of a stranger ran as a script: {screen}");
    }
}

#[tokio::test]
async fn every_screen_can_be_used_by_everybody_and_no_text_is_a_script() {
    let service = webhooks::start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|_| Reply::Whole(500, "text/html", SCRIPT.into()));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let (class_id, doc_id) = fill(&enterprise).await;
    let delivery = webhooks::deliveries(&enterprise, &json!({})).await.remove(0)["delivery_id"].to_string();
    let operator = Visitor::operator(&service).await;
    let admin = Visitor::by_link(&enterprise, "admin", SCRIPT).await;
    let support = Visitor::by_link(&enterprise, "support", "support").await;
    let encoded: String = url::form_urlencoded::byte_serialize(SCRIPT.as_bytes()).collect();
    let of = format!("/e/{}", enterprise.sdkappid);
    let browser = Browser::start().await;
    for look in &LOOKS {
        look.apply(&browser).await;
        let eyes = Eyes { browser: &browser, look, service: &service };
        become_visitor(&browser, &service, None).await;
        eyes.open("/sign-in", "sign-in").await;
        eyes.open("/link", "link").await;
        eyes.open(&format!("/{encoded}"), "problem").await;
        become_visitor(&browser, &service, Some(&operator)).await;
        eyes.open("/enterprises", "enterprises").await;
        eyes.open("/enterprises/new", "enterprise-new").await;
        eyes.open("/audit", "audit-of-service").await;
        eyes.open(&format!("{of}/settings"), "settings-of-operator").await;
        become_visitor(&browser, &service, Some(&support)).await;
        for (path, screen) in [
            (format!("{of}/deliveries/{delivery}"), "delivery-of-support"),
            (format!("{of}/users/one?id={encoded}"), "user-of-support"),
            (format!("{of}/settings"), "settings-of-support"),
        ] {
            eyes.open(&path, screen).await;
        }
        become_visitor(&browser, &service, Some(&admin)).await;
        for (path, screen) in [
            (format!("{of}/deliveries"), "deliveries"),
            (format!("{of}/deliveries?reason={encoded}&state=dead"), "deliveries-of-reason"),
            (format!("{of}/deliveries/{delivery}"), "delivery"),
            (format!("{of}/deliveries/replay?state=dead&reason=HTTP+500"), "replay"),
            (format!("{of}/classes?state=today&zone={encoded}"), "classes"),
            (format!("{of}/users?search={encoded}"), "users"),
            (format!("{of}/users/one?id={encoded}"), "user"),
            (format!("{of}/documents?search={encoded}"), "documents"),
            (format!("{of}/documents/one?id={doc_id}"), "document"),
            (format!("{of}/recordings"), "recordings"),
            (format!("{of}/usage"), "usage"),
            (format!("{of}/audit?actor={encoded}"), "audit-filtered"),
            (format!("{of}/audit"), "audit"),
            (format!("{of}/settings"), "settings"),
        ] {
            eyes.open(&path, screen).await;
        }
        eyes.press("form[action$='keys/webhook_secret'] button", "code.key").await;
        eyes.check("keys").await;
        eyes.open(&format!("{of}/classes/{class_id}"), "class").await;
        browser.run("document.querySelector('details.ask').open = true").await;
        eyes.check("class-end").await;
        eyes.open(&format!("{of}/calls?call=/paas/v1/user/delete"), "calls-delete").await;
        eyes.open(&format!("{of}/calls?call=/paas/v1/user/list"), "calls").await;
        eyes.press("form.card button", "#answer").await;
        browser.wait_for("return document.body.innerText.includes('window.wasRun = true')", json!(true)).await;
        eyes.check("calls-answer").await;
    }
    // A script asks for the day of the browser, and htmx keeps the list up to date.
    browser.open(&format!("{}/console{of}/classes", service.url)).await;
    browser.wait_for("return document.querySelector('a[data-zone]').href.includes('zone=')", json!(true)).await;
    assert_eq!(receiver.requests().iter().filter(|request| request.event() == "class_over").count(), 0);
}
