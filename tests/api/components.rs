//! The calls of components in classrooms: signing in, what each answers, and whom it refuses.

use lectern::domain::tenancy::enterprise::{Draft, Patch};
use serde_json::{Value, json};

use crate::calls::COMPONENT_CALLS;
use crate::component::{Component, from_page};
use crate::outbox;
use crate::raw::Raw;
use crate::receiver::Receiver;
use crate::service::{BEGIN, Enterprise, Service};

const DAY: i64 = 86_400;

/// Registers somebody with a password and returns their `user_token`.
async fn with_password(enterprise: &Enterprise<'_>, user_id: &str, password: &str) -> String {
    let list = json!({"list": [{"user_id": user_id, "role": "student", "password": password}]});
    let registered = enterprise.ok("user/register", list).await;
    registered["user_list"][0]["user_token"].as_str().unwrap().to_owned()
}

fn ids(answer: &Value, field: &str) -> Vec<Value> {
    answer["list"].as_array().unwrap().iter().map(|row| row[field].clone()).collect()
}

#[tokio::test]
async fn a_component_learns_the_enterprise_before_it_knows_any() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.set(Patch { icon: Some("https://school.example.com/i.png".into()), ..Patch::default() }).await;
    let page = Component::of_nobody(&service);
    assert_eq!(
        page.call("business/base/info", json!({"enterprise_id": enterprise.enterprise_id})).await,
        json!({"error_code": 0, "error_msg": "", "sdkappid": enterprise.sdkappid, "name": "Test",
            "icon": "https://school.example.com/i.png"})
    );
    page.refused("business/base/info", json!({"enterprise_id": 999_999}), 10270).await;
    page.refused("business/base/info", json!({}), 10003).await;
}

#[tokio::test]
async fn a_user_signs_in_with_the_user_token_or_the_password() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let user_token = with_password(&enterprise, "li", "secret1").await;
    let page = Component::of(&enterprise, "li", "");
    for (password, told) in [(user_token.as_str(), user_token.as_str()), ("secret1", "")] {
        let answer = page.ok("user/login", json!({"userid": "li", "password": password})).await;
        assert_eq!(answer.as_object().unwrap().len(), 7);
        assert_eq!(
            (&answer["sdkappid"], &answer["user_id"], &answer["user_token"]),
            (&json!(enterprise.sdkappid), &json!("li"), &json!(told))
        );
        assert!(answer["user_sig"].as_str().unwrap().len() > 100);
        let token = answer["token"].as_str().unwrap();
        assert_eq!(token.len(), 32);
        let me = Component::of(&enterprise, "li", token).ok("user/info", json!({})).await;
        assert_eq!(me["user_info"]["user_id"], "li");
    }
    // The user_token itself is a token too, beside the id of its user.
    Component::of(&enterprise, "li", &user_token).ok("user/info", json!({})).await;
    Component::of(&enterprise, "", &user_token).refused("user/info", json!({}), 10216).await;
}

#[tokio::test]
async fn a_wrong_password_is_told_and_many_are_not_even_looked_at() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    with_password(&enterprise, "li", "secret1").await;
    with_password(&enterprise, "wang", "secret2").await;
    let page = Component::of(&enterprise, "li", "");
    page.refused("user/login", json!({"userid": "nobody", "password": "secret1"}), 10215).await;
    let wrong = json!({"userid": "li", "password": "wrong"});
    let right = json!({"userid": "li", "password": "secret1"});
    page.refused("user/login", wrong.clone(), 10218).await;
    page.ok("user/login", right.clone()).await;
    for _ in 0..10 {
        page.refused("user/login", wrong.clone(), 10218).await;
    }
    page.refused("user/login", right.clone(), 10211).await;
    page.ok("user/login", json!({"userid": "wang", "password": "secret2"})).await;
    service.pass(59);
    page.refused("user/login", right.clone(), 10211).await;
    service.pass(1);
    page.ok("user/login", right).await;
}

#[tokio::test]
async fn a_token_ends_after_a_week() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "student").await;
    service.pass(7 * DAY - 1);
    li.ok("user/info", json!({})).await;
    service.pass(1);
    li.refused("user/info", json!({}), 10216).await;
}

#[tokio::test]
async fn a_renewed_user_token_ends_every_token_of_the_user() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let user_token = with_password(&enterprise, "li", "secret1").await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    let mut li = Component::of(&enterprise, "li", "");
    li.token =
        li.ok("user/login", json!({"userid": "li", "password": "secret1"})).await["token"].as_str().unwrap().into();
    let renewed = enterprise.ok("user/token/update", json!({"user_id": "li"})).await["user_token"].clone();
    for dead in [&li.token, &user_token] {
        Component::of(&enterprise, "li", dead).refused("user/info", json!({}), 10216).await;
    }
    li.refused("user/login", json!({"userid": "li", "password": user_token}), 10218).await;
    li.ok("user/login", json!({"userid": "li", "password": "secret1"})).await;
    Component::of(&enterprise, "li", renewed.as_str().unwrap()).ok("user/info", json!({})).await;
    wang.ok("user/info", json!({})).await;
}

#[tokio::test]
async fn a_token_is_of_one_user_of_one_enterprise() {
    let service = Service::start();
    let (one, other) = (service.enterprise().await, service.enterprise().await);
    let li = Component::register(&one, "li", "student").await;
    let stranger = Component::register(&other, "li", "student").await;
    for call in COMPONENT_CALLS.iter().map(|call| call.name) {
        if ["business/base/info", "user/login", "user/visitor/get", "member/visitor/join"].contains(&call) {
            continue;
        }
        for (enterprise, user_id, token) in [
            (&one, "li", stranger.token.as_str()),
            (&other, "li", &li.token),
            (&other, "", &li.token),
            (&one, "wang", &li.token),
            (&one, "li", ""),
            (&one, "li", "0"),
        ] {
            let message = Component::of(enterprise, user_id, token).refused(call, json!({}), 10216).await;
            assert!(message.contains("token") && !message.contains(&li.token), "{message}");
        }
        Component { sdkappid: 999, ..Component::of(&one, "li", &li.token) }.refused(call, json!({}), 10270).await;
    }
    // The token alone says who it is.
    let named = Component::of(&one, "", &li.token).ok("user/info", json!({})).await;
    assert_eq!(named["user_info"]["user_id"], "li");
}

#[tokio::test]
async fn an_enterprise_whose_validity_is_over_has_no_components() {
    let service = Service::start();
    let enterprise = service.enterprise_of(Draft { valid_seconds: Some(60), ..Draft::default() }).await;
    let class_id = enterprise.class(json!({})).await;
    let li = Component::register(&enterprise, "li", "student").await;
    service.pass(61);
    for (call, body) in [
        ("user/info", json!({})),
        ("user/login", json!({"userid": "li", "password": "x"})),
        ("business/base/info", json!({"enterprise_id": enterprise.enterprise_id})),
        ("user/visitor/get", json!({"class_id": class_id})),
    ] {
        li.refused(call, body.clone(), 10203).await;
        if call == "user/visitor/get" {
            Component::of_nobody(&service).refused(call, body, 10203).await;
        }
    }
}

#[tokio::test]
async fn the_sign_of_the_body_is_checked_as_the_operator_wants() {
    for (mode, missing, wrong) in [("check", 0, 10217), ("require", 10217, 10217), ("off", 0, 0)] {
        let service = Service::start_with(&["--component-sign", mode]);
        let enterprise = service.enterprise().await;
        let li = Component::register(&enterprise, "li", "student").await;
        let body = from_page(&json!({}));
        let url = li.url("user/info", &body);
        let (unsigned, _) = url.rsplit_once("&sign=").unwrap();
        let upper = format!("{unsigned}&sign={:X}", md5::compute(&body));
        for (url, code) in [
            (url.clone(), 0),
            (unsigned.to_owned(), missing),
            (format!("{unsigned}&sign="), missing),
            (li.url("user/info", "{}"), wrong),
            (upper, wrong),
        ] {
            let answer = li.post(url, body.clone()).await;
            assert_eq!(answer["error_code"], code, "{mode}: {answer}");
        }
    }
}

#[tokio::test]
async fn what_is_no_request_is_refused_without_throwing_the_page_out() {
    let service = Service::start_with(&["--body-limit-bytes", "1000"]);
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "student").await;
    for call in COMPONENT_CALLS.iter().filter(|call| !call.fields.is_empty()) {
        for body in ["x", "[]", "{\"class_id\":", "\u{feff}{}", "1", "null", "\"text\""] {
            let answer = li.send(call.name, body.to_owned()).await;
            assert_eq!(answer["error_code"], 10003, "{} {body}: {answer}", call.name);
        }
        assert_eq!(li.send(call.name, " ".repeat(1001)).await["error_code"], 10005, "{}", call.name);
    }
    let mut raw = Raw::connect(&service.url);
    for (method, path, status) in [("GET", "user/info", 405), ("PUT", "user/login", 405), ("POST", "user/invent", 404)]
    {
        raw.request(method, &li.url(path, "{}"), "", "{}");
        let answer = raw.read(method);
        assert_eq!((answer.status, answer.json()["error_code"].as_i64()), (status, Some(-1)), "{method} {path}");
    }
    // Who is not signed in learns nothing about what there is.
    let nobody = Component::of(&enterprise, "li", "");
    assert_eq!(nobody.call("user/invent", json!({})).await["error_code"], 10216);
    raw.request("OPTIONS", &li.url("user/info", ""), "", "");
    assert_eq!(raw.read("OPTIONS").status, 204);
}

#[tokio::test]
async fn a_visitor_gets_an_account_for_a_public_class() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let class_id = enterprise.class(json!({})).await;
    let closed = enterprise.class(json!({"class_type": "1vN"})).await;
    let over = enterprise.class(json!({})).await;
    enterprise.ok("class/start", json!({"class_id": over})).await;
    enterprise.ok("class/stop", json!({"class_id": over})).await;
    for page in [Component::of_nobody(&service), Component::of(&enterprise, "", "")] {
        let visitor = page.ok("user/visitor/get", json!({"class_id": class_id, "nickname": "游客"})).await;
        assert_eq!(visitor["enterprise_id"], enterprise.enterprise_id);
        let user_id = visitor["user_id"].as_str().unwrap();
        assert!(user_id.starts_with("visitor_"));
        let by_token = Component::of(&enterprise, user_id, visitor["token"].as_str().unwrap());
        let me = by_token.ok("user/info", json!({})).await;
        assert_eq!((&me["user_info"]["role"], &me["user_info"]["nickname"]), (&json!("visitor"), &json!("游客")));
        let login = json!({"userid": user_id, "password": visitor["password"]});
        let token = by_token.ok("user/login", login).await["token"].as_str().unwrap().to_owned();
        let joined = Component::of(&enterprise, user_id, &token).ok("member/join", json!({"class_id": class_id})).await;
        assert_eq!(joined["role"], "visitor");
        for (class_id, code) in [(closed, 10203), (over, 10224), (999_999_999, 10230)] {
            page.refused("user/visitor/get", json!({"class_id": class_id, "nickname": "v"}), code).await;
        }
    }
    let elsewhere = Component::of(&other, "", "");
    elsewhere.refused("user/visitor/get", json!({"class_id": class_id}), 10230).await;
    elsewhere.refused("member/visitor/join", json!({"class_id": class_id}), 10230).await;
}

#[tokio::test]
async fn a_visitor_comes_in_without_an_account() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"password": "open"})).await;
    // As the page sends it: no token, and nobody.
    let page = Component::of(&enterprise, "", "");
    let body = json!({"class_id": class_id, "nickname": "v", "password": "open"});
    let info = page.ok("member/visitor/join", body).await["visitor_info"].clone();
    assert_eq!(info.as_object().unwrap().len(), 3);
    let visitor = Component::of(&enterprise, info["user_id"].as_str().unwrap(), info["user_token"].as_str().unwrap());
    let inside = visitor.ok("member/runtime/list", json!({"class_id": class_id})).await;
    assert_eq!(ids(&inside, "user_id"), [info["user_id"].clone()]);
    page.refused("member/visitor/join", json!({"class_id": class_id}), 10225).await;
}

#[tokio::test]
async fn those_who_lead_a_class_begin_and_end_it_and_nobody_else() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let mut people = std::collections::HashMap::new();
    for (user_id, role) in [
        ("teacher_1", "teacher"),
        ("helper", "assistant"),
        ("second", "student"),
        ("boss", "superadmin"),
        ("office", "admin"),
        ("stranger", "teacher"),
        ("pupil", "student"),
        ("watcher", "supervisor"),
    ] {
        people.insert(user_id, Component::register(&enterprise, user_id, role).await);
    }
    let members = json!([{"role": "teacher", "user_id": "second"}, {"role": "student", "user_id": "pupil"}]);
    for leader in ["teacher_1", "helper", "second", "boss", "office"] {
        let fields = json!({"assistant_id": "helper", "members": members});
        let body = json!({"class_id": enterprise.class(fields).await});
        for call in ["class/start", "class/stop"] {
            for other in ["stranger", "pupil", "watcher"] {
                let message = people[other].refused(call, body.clone(), 10203).await;
                assert!(message.contains(other), "{message}");
            }
            people[leader].ok(call, body.clone()).await;
        }
        assert_eq!(enterprise.ok("class/info", body.clone()).await["class_status"], "end");
        people[leader].refused("class/start", body, 10224).await;
    }
    people["teacher_1"].refused("class/start", json!({"class_id": 999_999_999}), 10230).await;
    let other = service.enterprise().await;
    let theirs = other.class(json!({})).await;
    for call in ["class/start", "class/stop", "class/info", "member/join", "member/quit", "member/runtime/list"] {
        people["boss"].refused(call, json!({"class_id": theirs}), 10230).await;
    }
}

#[tokio::test]
async fn the_enterprise_hears_what_a_component_begins_and_ends() {
    let service = outbox::start(&[]);
    let receiver = Receiver::start();
    let draft = Draft { name: "Test".into(), call_back_url: Some(receiver.url.clone()), ..Draft::default() };
    let enterprise = service.enterprise_of(draft).await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let recorded = enterprise.class(json!({"record_types": ["local", "remote"]})).await;
    let plain = enterprise.class(json!({})).await;
    let by_call = enterprise.class(json!({"record_types": ["remote"]})).await;
    enterprise.ok("class/start", json!({"class_id": by_call})).await;
    for class_id in [recorded, plain] {
        for call in ["class/start", "class/start", "class/stop", "class/stop"] {
            teacher.ok(call, json!({"class_id": class_id})).await;
        }
    }
    let feed = enterprise.ok("event/list", json!({})).await;
    let told: Vec<(i64, &str)> = feed["list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["class_id"].as_i64().unwrap(), event["event"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            (recorded, "class_begin"),
            (recorded, "online_record_start"),
            (recorded, "class_over"),
            (plain, "class_begin"),
            (plain, "class_over"),
        ]
    );
    let requests = receiver.wait_for(5).await;
    let refused: Vec<&Value> =
        requests.iter().filter(|request| request.event() == "online_record_start").map(|r| &r.body["data"]).collect();
    assert_eq!(
        refused,
        [
            &json!({"error_code": -1, "error_msg": "no recorder is configured", "class_id": recorded, "timestamp": BEGIN})
        ]
    );
}

#[tokio::test]
async fn coming_in_answers_what_was_and_who_is_on_stage() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let pupil = Component::register(&enterprise, "pupil", "student").await;
    let stranger = Component::register(&enterprise, "stranger", "student").await;
    let members = json!([{"role": "student", "user_id": "pupil"}]);
    let class_id = enterprise.class(json!({"class_type": "1vN", "members": members, "password": "open"})).await;
    teacher.refused("member/join", json!({"class_id": class_id}), 10225).await;
    teacher.ok("member/join", json!({"class_id": class_id, "password": "open", "camera": 1, "mic": 0})).await;
    // The caller comes in, whoever else is named.
    let body = json!({"class_id": class_id, "password": "open", "user_id": "stranger"});
    assert_eq!(
        pupil.call("member/join", body.clone()).await,
        json!({"error_code": 0, "error_msg": "", "role": "student", "history_camera": -1, "history_mic": -1,
            "history_speaker": -1, "history_silence": -1, "history_hand_up": -1, "history_enable_draw": -1,
            "member_permission_list": [{"user_id": "teacher_1", "camera": 1, "mic": 0}]})
    );
    for call in ["member/join", "class/info", "member/runtime/list"] {
        stranger.refused(call, body.clone(), 10226).await;
    }
    let inside = pupil.ok("member/runtime/list", json!({"class_id": class_id, "index": 0, "size": 20})).await;
    assert_eq!(ids(&inside, "user_id"), ["teacher_1", "pupil"]);
    assert_eq!(
        inside["list"][1]["status"],
        json!({"camera": 0, "mic": 0, "speaker": 0, "silence": 0, "hand_up": 0, "enable_draw": 0, "screen": 0})
    );
    assert_eq!(
        enterprise.ok("member/runtime/list", json!({"class_id": class_id, "index": 0, "size": 20})).await,
        inside
    );
    pupil.ok("member/quit", json!({"class_id": class_id})).await;
    pupil.ok("member/quit", json!({"class_id": class_id})).await;
    let inside = teacher.ok("member/runtime/list", json!({"class_id": class_id})).await;
    assert_eq!(ids(&inside, "user_id"), ["teacher_1"]);
    let again = pupil.ok("member/join", json!({"class_id": class_id, "password": "open"})).await;
    assert_eq!((&again["history_silence"], &again["history_enable_draw"]), (&json!(0), &json!(0)));
    // What is told of a class is the same for both.
    let info = pupil.ok("class/info", json!({"class_id": class_id})).await;
    assert_eq!(info, enterprise.ok("class/info", json!({"class_id": class_id})).await);
}

#[tokio::test]
async fn a_participant_finds_their_own_classes_and_the_public_ones() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let pupil = Component::register(&enterprise, "pupil", "student").await;
    let members = json!([{"role": "student", "user_id": "pupil"}]);
    let own = enterprise.class(json!({"class_type": "1vN", "members": members})).await;
    let hidden = enterprise.class(json!({"class_type": "1vN"})).await;
    let public = enterprise.class(json!({})).await;
    enterprise.ok("class/start", json!({"class_id": public})).await;
    for body in [json!({}), json!({"user_id": "teacher_1"})] {
        let found = pupil.ok("class/list", body).await;
        assert_eq!((ids(&found, "class_id"), &found["total"]), (vec![json!(own)], &json!(1)));
    }
    for body in [json!({}), json!({"user_id": "pupil", "class_type": ["1vN"], "class_status": ["ing"]})] {
        let found = pupil.ok("class/public/list", body).await;
        assert_eq!(ids(&found, "class_id"), [json!(public)]);
    }
    assert_eq!(pupil.ok("class/public/list", json!({"class_status": ["will"]})).await["total"], 0);
    pupil.refused("class/info", json!({"class_id": hidden}), 10226).await;
}

#[tokio::test]
async fn a_participant_sees_their_own_documents_and_the_public_ones() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "teacher").await;
    let wang = Component::register(&enterprise, "wang", "teacher").await;
    let office = Component::register(&enterprise, "office", "admin").await;
    let mut doc_ids = Vec::new();
    for (component, name, permission) in [
        (&li, "a", "private"),
        (&wang, "b", "private"),
        (&wang, "c", "public"),
        (&li, "d", "public"),
        (&li, "e", "private"),
    ] {
        // Whoever is named: it is the caller's.
        let body = json!({"doc_url": "http://files.example.com/a.ppt", "doc_name": name, "permission": permission,
            "owner": "office"});
        doc_ids.push(component.ok("document/add", body).await["doc_id"].clone());
    }
    let names = async |component: &Component<'_>, body: Value| -> String {
        let found = component.ok("document/list", body.clone()).await;
        let names = ids(&found, "doc_name");
        if body.get("size").is_none() {
            assert_eq!(found["total"], names.len(), "{body}");
            assert_eq!(found["finish"], true);
        }
        names.iter().map(|name| name.as_str().unwrap()).collect()
    };
    for (body, of_li, of_office) in [
        (json!({}), "acde", "abcde"),
        (json!({"permissions": []}), "acde", "abcde"),
        (json!({"permissions": ["public"]}), "cd", "cd"),
        (json!({"permissions": ["private"]}), "ae", "abe"),
        (json!({"owner": "li"}), "ade", "ade"),
        (json!({"owner": "wang"}), "c", "bc"),
        (json!({"owner": "wang", "permissions": ["private"]}), "", "b"),
        (json!({"prefix": "a"}), "a", "a"),
        (json!({"prefix": "b"}), "", "b"),
        (json!({"index": 1, "size": 2}), "cd", "bc"),
        (json!({"index": 3, "size": 2}), "e", "de"),
    ] {
        assert_eq!(names(&li, body.clone()).await, of_li, "{body}");
        assert_eq!(names(&office, body.clone()).await, of_office, "{body}");
    }
    let first = li.ok("document/list", json!({"after": "", "size": 3})).await;
    assert_eq!((ids(&first, "doc_name"), &first["total"]), (vec![json!("a"), json!("c"), json!("d")], &json!(4)));
    let rest = li.ok("document/list", json!({"after": first["next"], "size": 3})).await;
    assert_eq!((ids(&rest, "doc_name"), &rest["finish"]), (vec![json!("e")], &json!(true)));
    let row = &first["list"][0];
    assert_eq!((&row["pages"], &row["doc_width"], &row["doc_height"]), (&json!(0), &json!(0), &json!(0)));
    assert_eq!((&row["owner"], &row["permission"]), (&json!("li"), &json!("private")));

    // All or none, and only what is one's own.
    let message = li.refused("document/delete", json!({"doc_ids": [doc_ids[0], doc_ids[2]]}), 10203).await;
    assert!(message.contains(doc_ids[2].as_str().unwrap()) && !message.contains(doc_ids[0].as_str().unwrap()));
    li.refused("document/delete", json!({"doc_ids": [doc_ids[0], "nothing"]}), 10003).await;
    assert_eq!(names(&li, json!({})).await, "acde");
    li.ok("document/delete", json!({"doc_ids": [doc_ids[0]]})).await;
    office.ok("document/delete", json!({"doc_ids": [doc_ids[1]]})).await;
    assert_eq!(names(&office, json!({})).await, "cde");
    let other = service.enterprise().await;
    let stranger = Component::register(&other, "li", "admin").await;
    assert_eq!(names(&stranger, json!({})).await, "");
    stranger.refused("document/delete", json!({"doc_ids": [doc_ids[2]]}), 10003).await;
}

#[tokio::test]
async fn a_visitor_has_no_documents() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let account = Component::of_nobody(&service).ok("user/visitor/get", json!({"class_id": class_id})).await;
    let token = account["token"].as_str().unwrap();
    let visitor = Component::of(&enterprise, account["user_id"].as_str().unwrap(), token);
    visitor.refused("document/add", json!({"doc_url": "http://files.example.com/a.ppt"}), 10203).await;
    assert_eq!(visitor.ok("document/list", json!({})).await["total"], 0);
}

#[tokio::test]
async fn how_somebody_is_reached_is_told_to_them_and_to_administrators() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "student").await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    let office = Component::register(&enterprise, "office", "admin").await;
    let contact = json!({"user_id": "li", "phone_no": "13033445566", "e_mail": "li@example.com"});
    enterprise.ok("user/profile/modify", contact).await;
    for (component, phone_no, e_mail) in
        [(&li, "13033445566", "li@example.com"), (&office, "13033445566", "li@example.com"), (&wang, "", "")]
    {
        let info = component.ok("user/info", json!({"user_id": "li"})).await["user_info"].clone();
        assert_eq!((&info["phone_no"], &info["e_mail"]), (&json!(phone_no), &json!(e_mail)));
        assert_eq!(info["nickname"], "li");
    }
    li.refused("user/info", json!({"user_id": "nobody"}), 10215).await;
}
