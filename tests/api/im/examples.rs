//! All examples of the document, below each root, in each spelling, as a form and as JSON.

use reqwest::Method;
use serde_json::{Value, json};

use super::app::{AppState, form, signature};
use crate::support::service::Service;

/// The roots of the paths.
const ROOTS: [&str; 2] = ["/im", "/v1/im"];

#[tokio::test]
async fn every_signature_is_that_of_what_is_returned_with_it() {
    let service = Service::start();
    let app = AppState::of(&service.enterprise().await).await;
    let id = &app.app_id;
    for root in ["", "/im", "/v1/im"] {
        let root = format!("{root}/signature");
        let login = app.get(&format!("{root}/login/{id}/3")).await;
        check(&login, &json!({"app_id": id, "client_id": "3"}), |at| format!("{id}:3::{at}"));
        for word in ["conversion", "conversation"] {
            for (end, members) in [("/3:4:5:6", "3:4:5:6"), ("/6:4", "6:4"), ("/", ""), ("", "")] {
                let start = app.get(&format!("{root}/{word}/{id}/2{end}")).await;
                let fields = json!({"app_id": id, "client_id": "2", "sorted_member_ids": members});
                check(&start, &fields, |at| format!("{id}:2:{members}:{at}"));
            }
        }
        for action in ["invite", "kick"] {
            for (end, members) in [("/4:5:6", "4:5:6"), ("/o12:u232", "o12:u232"), ("/", ""), ("", "")] {
                let change = app.get(&format!("{root}/{action}/{id}/2/3{end}")).await;
                let fields = json!({
                    "action": action, "app_id": id, "client_id": "2", "conversion_id": "3", "sorted_member_ids": members,
                });
                check(&change, &fields, |at| format!("{id}:2:3:{members}:{at}:{action}"));
            }
        }
    }
}

/// Whether an answer has these fields and the signature of `text`, given `timestamp:nonce`.
fn check(answer: &Value, fields: &Value, text: impl Fn(&str) -> String) {
    let (timestamp, nonce) = (answer["timestamp"].as_str().unwrap(), answer["nonce"].as_str().unwrap());
    assert_eq!(timestamp, "1700000000.000");
    assert!(nonce.len() == 8 && nonce.bytes().all(|b| b.is_ascii_alphanumeric()), "{nonce}");
    let mut expected = fields.clone();
    expected["timestamp"] = timestamp.into();
    expected["nonce"] = nonce.into();
    expected["signature"] = signature(&text(&format!("{timestamp}:{nonce}"))).into();
    assert_eq!(*answer, expected);
}

#[tokio::test]
async fn every_call_on_a_group_answers_as_the_document_says() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let app = AppState::of(&enterprise).await;
    for root in ROOTS {
        for sent in [form as fn(&Value) -> String, Value::to_string] {
            for spelling in ["conversion_id", "conversation_id"] {
                // 创建群组
                let mut new = json!({
                    "group_name": "666",
                    "member_client_ids": "o12:u232:p23",
                    "organization_id": 2,
                    "group_avatar": "http://pic.hisihi.com/232rwfrqw.jpg",
                });
                new[spelling] = "dasjfr4529sadfh".into();
                let (status, made) = app.send(Method::POST, &format!("{root}/group"), sent(&new)).await;
                assert_eq!(status, 201, "{made}");
                let id = made["group_id"].as_i64().unwrap();
                new["group_id"] = id.into();
                assert_eq!(made, new);

                // 更新群组信息
                let group = format!("{root}/group/{id}");
                let (status, changed) = app.send(Method::PUT, &group, sent(&json!({"group_name": "g123"}))).await;
                assert_eq!((status.as_u16(), changed), (200, json!({"group_name": "g123"})));

                // 添加群成员, 删除群成员
                let members = format!("{group}/member");
                let two = json!({"group_id": id, "member_client_ids": "667:775"});
                let (status, added) = app.send(Method::POST, &members, sent(&two)).await;
                assert_eq!((status.as_u16(), added), (201, two));
                assert_eq!(app.members(id).await, ["o12", "u232", "p23", "667", "775"]);
                let some = json!({"group_id": id, "member_client_ids": "667:u232"});
                let (status, nothing) = app.send(Method::DELETE, &members, sent(&some)).await;
                assert_eq!((status.as_u16(), nothing), (204, Value::Null));
                assert_eq!(app.members(id).await, ["o12", "p23", "775"]);

                // 获取机构下所有群组, 获取所有联系人
                let avatar = "http://pic.hisihi.com/232rwfrqw.jpg";
                let listed = app.get(&format!("{root}/org/2/groups")).await;
                let row = json!({"id": id, "group_name": "g123", "group_avatar": avatar});
                assert_eq!(listed, json!({"total_count": 1, "data": [row]}));
                let contacts = app.get(&format!("{root}/org/2/contacts")).await;
                let row = json!({"id": id, "avatar": avatar, "name": "g123", "type": "group"});
                assert_eq!(contacts, json!({ "data": [row] }));

                // 删除群组
                let (status, nothing) = app.send(Method::DELETE, &group, String::new()).await;
                assert_eq!((status.as_u16(), nothing), (204, Value::Null));
            }
        }
        // 向班级群发消息
        let class_id = enterprise.class(json!({})).await;
        let pushed = app.expect(201, Method::POST, &format!("{root}/org/{class_id}/message"), json!({})).await;
        let record = pushed["push_history_record_id"].as_i64().unwrap();
        assert_eq!(pushed, json!({"class_id": class_id, "push_history_record_id": record}));
    }
}

#[tokio::test]
async fn a_group_of_which_nothing_is_said_has_the_defaults() {
    let service = Service::start();
    let app = AppState::of(&service.enterprise().await).await;
    for nothing in ["", "{}", "group_name=&organization_id=", r#"{"group_name": "", "organization_id": null}"#] {
        let (status, made) = app.send(Method::POST, "/im/group", nothing.into()).await;
        assert_eq!(status, 201, "{made}");
        let expected = json!({
            "group_id": made["group_id"], "group_name": "群聊", "member_client_ids": "", "organization_id": 0,
            "conversion_id": "", "group_avatar": "",
        });
        assert_eq!(made, expected);
    }
    assert_eq!(app.get("/im/org/0/groups").await["total_count"], 4);
}
