//! A recorded session of the published classroom page, from its login to the end of the class, with the browser's preflight
//! before each call.

use lectern::domain::tenancy::enterprise::Draft;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::component::{Component, from_page};
use crate::support::receiver::Receiver;
use crate::support::service::BEGIN;
use crate::support::webhooks;

const ORIGIN: &str = "https://classroom.example.com";
const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

/// A page in a browser. Unknown values are empty or 0.
struct Page<'a> {
    component: Component<'a>,
}

impl Page<'_> {
    /// Sends the preflight of the browser, then the call.
    async fn call(&self, call: &str, body: &Value) -> Value {
        self.send(call, &self.component.user_id, from_page(body)).await
    }

    async fn ok(&self, call: &str, body: &Value) -> Value {
        let answer = self.call(call, body).await;
        assert_eq!(answer["error_code"], 0, "{call} {body}: {answer}");
        answer
    }

    async fn send(&self, call: &str, user_id: &str, body: String) -> Value {
        let Component { service, sdkappid, token, .. } = &self.component;
        // The page omits these parameters from calls before it has a token.
        let query = match call {
            "user/visitor/get" => format!("sdkappid={sdkappid}"),
            "user/login" => format!("sdkappid={sdkappid}&user_id={user_id}"),
            _ => format!("sdkappid={sdkappid}&user_id={user_id}&token={token}"),
        };
        let url = format!("{}/saas/v1/{call}?{query}&random=159012345&sign={:x}", service.url, md5::compute(&body));
        let preflight = service
            .http
            .request(Method::OPTIONS, &url)
            .header("Origin", ORIGIN)
            .header("Referer", format!("{ORIGIN}/"))
            .header("User-Agent", BROWSER)
            .header("Accept", "*/*")
            .header("Accept-Language", "zh-CN,zh;q=0.9")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type")
            .header("Sec-Fetch-Mode", "cors")
            .header("Sec-Fetch-Site", "cross-site")
            .header("Sec-Fetch-Dest", "empty")
            .send()
            .await
            .unwrap();
        assert!(preflight.status().is_success(), "{call}: {}", preflight.status());
        let header = |name: &str| preflight.headers()[name].to_str().unwrap().to_ascii_lowercase();
        assert_eq!(header("access-control-allow-origin"), "*");
        assert_eq!(header("access-control-allow-methods"), "post");
        assert_eq!(header("access-control-allow-headers"), "content-type");
        let answer = service
            .http
            .post(&url)
            .header("Origin", ORIGIN)
            .header("Referer", format!("{ORIGIN}/"))
            .header("User-Agent", BROWSER)
            .header("Accept", "application/json, text/plain, */*")
            .header("Content-Type", "application/json;charset=UTF-8")
            .header("Sec-Fetch-Mode", "cors")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{call}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        answer.json().await.unwrap()
    }

    /// Opens the page at its address: finds the enterprise and signs in.
    async fn open(&mut self, enterprise_id: i64, user_id: &str, user_token: &str) {
        let business = self.ok("business/base/info", &json!({"enterprise_id": enterprise_id})).await;
        self.component.sdkappid = business["sdkappid"].as_i64().unwrap();
        let body = json!({"userid": user_id, "password": user_token});
        let login = self.send("user/login", user_id, from_page(&body)).await;
        assert_eq!((&login["error_code"], &login["sdkappid"]), (&json!(0), &business["sdkappid"]));
        assert_eq!(login["user_token"], user_token);
        self.component.user_id = login["user_id"].as_str().unwrap().into();
        self.component.token = login["token"].as_str().unwrap().into();
    }
}

#[tokio::test]
async fn the_published_page_gives_a_class() {
    let service = webhooks::start(&[]);
    let receiver = Receiver::start();
    let draft = Draft { name: "School".into(), call_back_url: Some(receiver.url.clone()), ..Draft::default() };
    let enterprise = service.enterprise_of(draft).await;
    let enterprise_id = enterprise.enterprise_id;
    let list = json!({"list": [{"user_id": "teacher_1", "role": "teacher", "nickname": "王老师"},
        {"user_id": "pupil", "role": "student"}]});
    let registered = enterprise.ok("user/register", list).await;
    let user_token = |at: usize| registered["user_list"][at]["user_token"].as_str().unwrap().to_owned();
    let class_id =
        enterprise.class(json!({"class_topic": "数学", "start_time": BEGIN, "stop_time": BEGIN + 3600})).await;

    // The teacher's page.
    let mut teacher = Page { component: Component::of_nobody(&service) };
    teacher.open(enterprise_id, "teacher_1", &user_token(0)).await;
    let own = teacher.ok("class/list", &json!({"index": 0, "size": 10})).await;
    assert_eq!(own["list"][0]["class_id"], class_id);
    let joined = teacher.ok("member/join", &json!({"class_id": class_id, "password": ""})).await;
    assert_eq!((&joined["role"], &joined["history_silence"]), (&json!("teacher"), &json!(-1)));
    assert_eq!(joined["member_permission_list"], json!([]));
    let info = teacher.ok("class/info", &json!({"class_id": class_id})).await;
    assert_eq!((&info["class_status"], &info["teacher_id"]), (&json!("will"), &json!("teacher_1")));
    assert_eq!((&info["settings"]["layout"], &info["settings"]["enable_all_silence"]), (&json!(0), &json!(0)));
    // The page requests the name of its user.
    let me = teacher.ok("user/info", &json!({"user_id": "teacher_1"})).await;
    assert_eq!(me["user_info"]["nickname"], "王老师");
    teacher.ok("class/start", &json!({"class_id": class_id})).await;

    // A pupil's page. Its address contains the user_token, so it needs no login.
    let mut pupil = Page { component: Component::of_nobody(&service) };
    let business = pupil.ok("business/base/info", &json!({"enterprise_id": enterprise_id.to_string()})).await;
    pupil.component.sdkappid = business["sdkappid"].as_i64().unwrap();
    (pupil.component.user_id, pupil.component.token) = ("pupil".into(), user_token(1));
    let public = pupil.ok("class/public/list", &json!({"index": 0, "size": 10})).await;
    assert_eq!(public["list"][0]["class_status"], "ing");
    assert_eq!(pupil.ok("member/join", &json!({"class_id": class_id, "password": ""})).await["role"], "student");
    assert_eq!(pupil.call("class/stop", &json!({"class_id": class_id})).await["error_code"], 10203);

    // A visitor's page, which only has the class. Its first body does not contain the platform.
    let mut visitor = Page { component: Component::of_nobody(&service) };
    let body = json!({"class_id": class_id, "nickname": "游客"}).to_string();
    let account = visitor.send("user/visitor/get", "", body).await;
    assert_eq!((&account["error_code"], &account["enterprise_id"]), (&json!(0), &json!(enterprise_id)));
    let visitor_id = account["user_id"].as_str().unwrap();
    visitor.open(enterprise_id, visitor_id, account["password"].as_str().unwrap()).await;
    assert_eq!(visitor.ok("member/join", &json!({"class_id": class_id, "password": ""})).await["role"], "visitor");

    // During the class.
    service.pass(20);
    let inside = teacher.ok("member/runtime/list", &json!({"class_id": class_id, "index": 0, "size": 20})).await;
    let there: Vec<&str> =
        inside["list"].as_array().unwrap().iter().map(|row| row["user_id"].as_str().unwrap()).collect();
    assert_eq!(there, ["teacher_1", "pupil", visitor_id]);
    let document = json!({"doc_url": "https://files.example.com/a.pptx", "doc_name": "第一课", "doc_ext": "pptx",
        "doc_size": 1024, "doc_md5": "", "permission": "public", "is_transcode": false});
    let doc_id = teacher.ok("document/add", &document).await["doc_id"].clone();
    let asked = json!({"permissions": ["public", "private"], "index": 0, "size": 100, "prefix": ""});
    assert_eq!(pupil.ok("document/list", &asked).await["list"][0]["doc_id"], doc_id);
    assert_eq!(pupil.call("document/delete", &json!({"doc_ids": [doc_id]})).await["error_code"], 10203);
    teacher.ok("document/delete", &json!({"doc_ids": [doc_id]})).await;
    pupil.ok("member/quit", &json!({"class_id": class_id})).await;
    service.pass(40);
    teacher.ok("class/stop", &json!({"class_id": class_id})).await;
    assert_eq!(teacher.ok("member/runtime/list", &json!({"class_id": class_id})).await["total"], 0);
    assert_eq!(teacher.ok("class/info", &json!({"class_id": class_id})).await["class_status"], "end");
    teacher.ok("member/quit", &json!({"class_id": class_id})).await;

    let published: Vec<Value> =
        receiver.wait_for(2).await.iter().map(|request| json!([request.event(), request.body["data"]])).collect();
    assert_eq!(
        published,
        [
            json!(["class_begin", {"class_id": class_id, "real_start_time": BEGIN}]),
            json!(["class_over", {"class_id": class_id, "real_stop_time": BEGIN + 60}]),
        ]
    );
}
