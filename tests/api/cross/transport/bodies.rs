//! The body formats that real clients send.

use serde_json::{Value, json};

use crate::support::calls::CALLS;
use crate::support::raw::{Raw, head};
use crate::support::service::Service;

#[tokio::test]
async fn the_content_type_does_not_matter() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({"class_topic": "课堂"})).await;
    let body = json!({ "class_id": class_id }).to_string();
    let mut raw = Raw::connect(&service.url);
    for header in [
        "",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: application/json\r\n",
        "Content-Type: application/json;charset=utf-8\r\n",
        "Content-Type: text/plain\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n",
        "Content-Type: \r\n",
        "Content-Type: none of these\r\n",
        "Accept: text/html\r\nAccept-Encoding: gzip\r\n",
    ] {
        let answer = raw.post(&enterprise.signed("class/info"), header, &body);
        assert_eq!(answer.code(), 0, "{header}");
        assert_eq!(answer.json()["class_topic"], "课堂");
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
}

#[tokio::test]
async fn no_body_is_an_empty_object() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let mut raw = Raw::connect(&service.url);
    for call in ["business/info", "class/list", "user/list", "document/list", "business/modify"] {
        assert_eq!(raw.post(&enterprise.signed(call), "", "").code(), 0, "{call}");
    }
    let url = enterprise.signed("business/info");
    // Without a Content-Length.
    raw.send(head("POST", &url, "", 0).replace("Content-Length: 0\r\n", ""));
    assert_eq!(raw.read("POST").code(), 0);
    let missing = raw.post(&enterprise.signed("class/info"), "", "").json();
    assert_eq!(
        (&missing["error_code"], missing["error_msg"].as_str().unwrap().contains("class_id")),
        (&json!(10003), true)
    );
}

#[tokio::test]
async fn random_may_be_anything() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let signed = enterprise.signed("business/info");
    for random in
        ["", "random&", "random=&", "random=6b010ce02038a&", "random=-1&", "random=%00%ff&", "random=1&random=2&"]
    {
        let url = signed.replace("random=1&", random);
        let response = service.http.post(url).send().await.unwrap();
        assert_eq!(response.json::<Value>().await.unwrap()["error_code"], 0, "{random}");
    }
    let url = format!("{signed}&unheard=of&%zz");
    assert_eq!(service.http.post(url).send().await.unwrap().json::<Value>().await.unwrap()["error_code"], 0);
}

#[tokio::test]
async fn integers_may_be_decimal_strings() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise
        .class(json!({"start_time": "1700000100", "stop_time": "1700000200", "max_member_num": "7", "fps": "24",
            "settings": {"bitrate": "900", "auto_open_mic": "1"}}))
        .await;
    let info = enterprise.ok("class/info", json!({"class_id": class_id.to_string()})).await;
    assert_eq!(
        (&info["start_time"], &info["stop_time"], &info["max_member_num"]),
        (&json!(1_700_000_100), &json!(1_700_000_200), &json!(7))
    );
    assert_eq!(
        (&info["settings"]["fps"], &info["settings"]["bitrate"], &info["settings"]["auto_open_mic"]),
        (&json!(24), &json!(900), &json!(1))
    );
    let page = enterprise.ok("class/list", json!({"index": "0", "size": "1"})).await;
    assert_eq!(page["list"][0]["class_id"], class_id, "an integer in every answer");
    enterprise.students(&["s"]).await;
    enterprise.ok("member/join", json!({"class_id": class_id.to_string(), "user_id": "s", "camera": "1"})).await;
    assert_eq!(
        enterprise.ok("member/runtime/list", json!({"class_id": class_id, "index": "0", "size": "5"})).await["list"][0]
            ["status"]["camera"],
        1
    );
    for text in ["", " 1", "1.0", "1e3", "0x10", "one", "99999999999999999999"] {
        let message = enterprise.refused("class/list", json!({ "index": text }), 10003).await;
        assert!(message.starts_with("index: "), "{text}: {message}");
    }
}

#[tokio::test]
async fn null_is_absent_where_a_field_is_optional() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let user = |id: &str| {
        json!({"user_id": id, "role": "student", "nickname": null, "gender": null, "avatar": null, "phone_no": null,
            "e_mail": null, "password": null})
    };
    enterprise.ok("user/register", json!({"list": [user("u")]})).await;
    assert_eq!(enterprise.ok("user/info", json!({"user_id": "u"})).await["user_info"]["nickname"], "u");

    let bare = enterprise.class(json!({"class_topic": "same"})).await;
    let fields: Value = CALLS[0]
        .fields
        .iter()
        .filter(|field| !field.required)
        .map(|field| (field.path[1..].to_owned(), Value::Null))
        .filter(|(name, _)| !name.contains('/'))
        .chain([("teacher_id".to_owned(), "teacher_1".into()), ("class_topic".to_owned(), "same".into())])
        .collect();
    assert!(fields.as_object().unwrap().len() > 20, "{fields}");
    let nulls = enterprise.class(fields.clone()).await;
    let [mut one, mut other] = [
        enterprise.ok("class/info", json!({ "class_id": bare })).await,
        enterprise.ok("class/info", json!({ "class_id": nulls })).await,
    ];
    for info in [&mut one, &mut other] {
        for own in ["class_id", "chat_group_id", "cmd_group_id"] {
            info[own].take();
        }
    }
    assert_eq!(one, other);
    let mut unchanged = fields;
    (unchanged["class_id"], unchanged["teacher_id"], unchanged["class_topic"]) =
        (nulls.into(), Value::Null, Value::Null);
    let before = enterprise.ok("class/info", json!({ "class_id": nulls })).await;
    enterprise.ok("class/modify", unchanged).await;
    assert_eq!(enterprise.ok("class/info", json!({ "class_id": nulls })).await, before);

    enterprise.ok("document/add", json!({"doc_url": "http://a.b/c", "owner": null, "permission": null})).await;
    let asked = json!({"index": null, "size": null, "prefix": null, "owner": null, "permissions": null});
    assert_eq!(enterprise.ok("document/list", asked).await["total"], 1);
    assert_eq!(enterprise.ok("user/list", json!({"roles": null, "prefix": null})).await["total"], 1);
    let asked = json!({"user_id": null, "create_time_desc": null, "class_status": null, "class_type": null});
    assert_eq!(enterprise.ok("class/list", asked).await["total"], 2);
    enterprise.ok("class/start", json!({"class_id": bare, "teacher_id": null})).await;
    enterprise.ok("member/visitor/join", json!({"class_id": bare, "password": null, "nickname": null})).await;
    let join =
        json!({"class_id": bare, "user_id": "u", "password": null, "camera": null, "mic": null, "speaker": null});
    enterprise.ok("member/join", join).await;
    enterprise.ok("business/modify", json!({"name": null, "call_back_url": null})).await;
    assert_eq!(enterprise.ok("business/info", json!({})).await["name"], "Test");
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise
        .class(json!({"platform": "web", "settings": {"color": [1, {"a": null}]}, "sdkappid": "x",
            "members": [{"user_id": "s", "role": "student", "seat": 4}], "": {"": ""}}))
        .await;
    let info = enterprise.ok("class/info", json!({"class_id": class_id, "verbose": true})).await;
    assert_eq!(info["member_count"], 2);
    enterprise.ok("business/info", json!({"what": "ever"})).await;
}

#[tokio::test]
async fn unicode_may_be_escaped() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let body = r#"{"teacher_id":"t","class_topic":"\u8bfe\u5802\u4e3b\u9898 \ud83d\ude00 \"\\\/"}"#;
    let class_id = enterprise.send("class/create", body).await["class_id"].clone();
    let info = enterprise.ok("class/info", json!({ "class_id": class_id })).await;
    assert_eq!(info["class_topic"], "课堂主题 😀 \"\\/");
    let keyed = format!(r#"{{"\u0063lass_id":{class_id}}}"#);
    assert_eq!(enterprise.send("class/info", keyed).await["error_code"], 0);
}

#[tokio::test]
async fn an_array_is_never_null() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for call in ["class/list", "user/list", "document/list"] {
        let answer = enterprise.ok(call, json!({})).await;
        assert_eq!(answer, json!({"error_code": 0, "error_msg": "", "total": 0, "finish": true, "list": []}), "{call}");
    }
    let class_id = enterprise.class(json!({"record_types": [], "members": []})).await;
    for call in ["member/runtime/list", "member/history/list"] {
        let answer = enterprise.ok(call, json!({ "class_id": class_id })).await;
        assert_eq!(answer, json!({"error_code": 0, "error_msg": "", "total": 0, "finish": true, "list": []}), "{call}");
    }
    let info = enterprise.ok("class/info", json!({ "class_id": class_id })).await;
    assert_eq!((&info["settings"]["record_types"], info["members"].as_array().unwrap().len()), (&json!([]), 1));
    let users = json!({"list": [{"user_id": "u", "role": "student"}]});
    assert_eq!(enterprise.ok("user/register", users.clone()).await["repeats"], json!([]));
    let again = enterprise.call("user/register", users).await;
    assert_eq!(
        (&again["error_code"], &again["user_list"], &again["repeats"]),
        (&json!(10214), &json!([]), &json!(["u"]))
    );
}
