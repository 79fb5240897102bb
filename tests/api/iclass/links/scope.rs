//! What a link is good for: its class, and nothing else.

use serde_json::{Value, json};

use super::{class, link};
use crate::support::calls::COMPONENT_CALLS;
use crate::support::component::Component;
use crate::support::service::Service;

/// Calls without a token.
const OPEN: [&str; 4] = ["business/base/info", "user/login", "user/visitor/get", "member/visitor/join"];

#[tokio::test]
async fn a_link_makes_no_call_that_is_about_another_class_or_about_none() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let members = json!([{"user_id": "li", "role": "student"}]);
    let other = enterprise.class(json!({"members": members})).await;
    for user_id in ["li", "teacher_1"] {
        let holder = link(&enterprise, class_id, user_id).await;
        for call in COMPONENT_CALLS.iter().filter(|call| !OPEN.contains(&call.name) && call.name != "user/info") {
            let of_a_class = call.fields.iter().any(|field| field.path == "/class_id" && field.required);
            let mut bodies: Vec<Value> =
                vec![json!({ "class_id": other }), json!({}), json!({"class_id": 999_999_999})];
            if !of_a_class {
                bodies.push(json!({ "class_id": class_id }));
            }
            for body in bodies {
                let message = holder.refused(call.name, body, 10203).await;
                assert_eq!(message, format!("token: is for class_id {class_id} only"), "{}", call.name);
            }
        }
    }
}

#[tokio::test]
async fn odd_spellings_of_a_call_open_no_way_around() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let other = enterprise.class(json!({})).await;
    let li = link(&enterprise, class_id, "li").await;
    for (call, body) in [
        ("class/l%69st", json!({ "class_id": class_id }).to_string()),
        ("cl%61ss/list", json!({ "class_id": class_id }).to_string()),
        ("class/info", format!(r#"{{"class_id":{class_id},"class_id":{other}}}"#)),
        ("class/info", format!(r#"{{"class_id":"{other}"}}"#)),
    ] {
        assert_eq!(li.send(call, body.clone()).await["error_code"], 10203, "{call} {body}");
    }
    // The last one counts, for the check and for the call.
    let twice = li.send("class/info", format!(r#"{{"class_id":{other},"class_id":{class_id}}}"#)).await;
    assert_eq!(twice["class_id"], class_id);
}

#[tokio::test]
async fn a_link_sees_the_people_of_its_class_only_and_no_contacts() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    enterprise.ok("user/register", json!({"list": [{"user_id": "office", "role": "admin"}]})).await;
    let staff = json!([{"user_id": "office", "role": "assistant"}]);
    enterprise.ok("member/add", json!({"class_id": class_id, "list": staff})).await;
    let (li, office) = (link(&enterprise, class_id, "li").await, link(&enterprise, class_id, "office").await);
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "wang"})).await;
    for who in [&li, &office] {
        who.refused("user/info", json!({"user_id": "wang"}), 10215).await;
        who.ok("member/join", json!({ "class_id": class_id })).await;
        let wang = who.ok("user/info", json!({"user_id": "wang"})).await;
        assert_eq!(wang["user_info"]["phone_no"], "");
        who.refused("user/info", json!({"user_id": "zhang"}), 10215).await;
    }
    assert_eq!(li.ok("user/info", json!({})).await["user_info"]["phone_no"], "123");
}

#[tokio::test]
async fn heartbeats_of_a_link_count_in_its_class_only() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let other = enterprise.class(json!({})).await;
    let li = link(&enterprise, class_id, "li").await;
    // The back end let li in there, so that a component may take the session over.
    enterprise.ok("member/join", json!({"class_id": other, "user_id": "li"})).await;
    li.refused("report/heartbeat", json!({ "class_id": other }), 10203).await;
    li.ok("member/join", json!({ "class_id": class_id })).await;
    li.ok("report/heartbeat", json!({ "class_id": class_id })).await;
}

#[tokio::test]
async fn the_token_of_a_link_is_no_password_and_no_token_elsewhere() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let class_id = class(&enterprise).await;
    other.students(&["li"]).await;
    let li = link(&enterprise, class_id, "li").await;
    li.refused("user/login", json!({"userid": "li", "password": li.token}), 10218).await;
    for (enterprise, user_id) in [(&enterprise, "wang"), (&other, "li")] {
        let stranger = Component::of(enterprise, user_id, &li.token);
        stranger.refused("class/info", json!({ "class_id": class_id }), 10216).await;
    }
    let body = json!({"token": li.token, "appid": enterprise.sdkappid, "timeStamp": 1, "type": "live", "index": 0, "size": 10});
    let url = format!("{}/index.php?svc=live&cmd=roomlist", service.url);
    let answer: Value = service.http.post(url).body(body.to_string()).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["errorCode"], 10009, "{answer}");
}

#[tokio::test]
async fn a_class_in_the_query_is_checked_as_one_in_the_body() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let li = link(&enterprise, class_id, "li").await;
    let body = json!({ "class_id": class_id }).to_string();
    for (named, code) in [(class_id.to_string(), 0), ((class_id + 1).to_string(), 10203), ("x".into(), 10203)] {
        let url = format!("{}&class_id={named}", li.url("class/info", &body));
        assert_eq!(li.post(url, body.clone()).await["error_code"], code, "{named}");
    }
}

#[tokio::test]
async fn a_link_uploads_to_its_class_only() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = class(&enterprise).await;
    let other = enterprise.class(json!({})).await;
    let teacher = link(&enterprise, class_id, "teacher_1").await;
    let Component { sdkappid, user_id, token, .. } = &teacher;
    let upload = async |query: String| {
        let signed_in = format!("sdkappid={sdkappid}&user_id={user_id}&token={token}");
        let url = format!("{}/saas/v1/document/upload?{signed_in}&name=a.mp4{query}", service.url);
        teacher.post(url, "film".into()).await
    };
    assert_eq!(upload(format!("&class_id={class_id}")).await["error_code"], 0);
    for query in [
        format!("&class_id={other}"),
        format!("&class_id={other}&class_id={class_id}"),
        format!("&class_id={class_id}&class_id={other}"),
        String::new(),
    ] {
        let answer = upload(query.clone()).await;
        assert!([10203, 10003].contains(&answer["error_code"].as_i64().unwrap()), "{query}: {answer}");
    }
    let list = enterprise.ok("class/document/list", json!({ "class_id": other })).await;
    assert_eq!(list["total"], 0);
}
