//! A protocol that an enterprise has not switched on answers as if there were no such enterprise.

use lectern::domain::tenancy::enterprise::{Draft, Patch, Protocols};
use lectern::domain::tenancy::settings::ChatPatch;
use lectern::domain::tenancy::{enterprise_token, settings};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::niuclass::partner;
use crate::support::service::{Enterprise, Service};

/// Switches protocols on and off, and makes the service see it as late as it may.
async fn switch(enterprise: &Enterprise<'_>, protocols: Protocols) {
    enterprise.set(Patch { protocols: Some(protocols), ..Patch::default() }).await;
}

/// Calls Suixinbo for an `appid`.
async fn room_call(service: &Service, svc_cmd: (&str, &str), mut fields: Value, appid: i64) -> Value {
    let (svc, cmd) = svc_cmd;
    fields["appid"] = appid.into();
    fields["timeStamp"] = 1.into();
    let url = format!("{}/index.php?svc={svc}&cmd={cmd}", service.url);
    service.http.post(url).body(fields.to_string()).send().await.unwrap().json().await.unwrap()
}

/// Calls IM, with or without a token.
async fn im_call(service: &Service, path: &str, token: Option<&str>) -> (StatusCode, Value) {
    let request = service.http.get(format!("{}{path}", service.url));
    let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_new_enterprise_has_iclass_alone() {
    let service = Service::start();
    let enterprise = service.enterprise_as_is(Draft::default()).await;
    enterprise.ok("business/info", json!({})).await;
    let password = json!([{"user_id": "t1", "role": "teacher", "password": "secret"}]);
    enterprise.ok("user/register", json!({ "list": password })).await;
    let class_id = enterprise.class(json!({})).await;

    // Suixinbo, with everything that would be right.
    let token = "0123456789abcdef0123456789abcdef";
    for (call, fields) in [
        (("account", "regist"), json!({"id": "s1", "pwd": "x", "role": 0})),
        (("account", "regist"), json!({"id": "t1", "pwd": "x", "role": 1})),
        (("account", "login"), json!({"id": "t1", "pwd": "secret"})),
        (("account", "login"), json!({"id": "nobody", "pwd": "secret"})),
        (("account", "logout"), json!({ "token": token })),
        (("live", "roomlist"), json!({"token": token, "index": 0, "size": 1})),
        (("live", "heartbeat"), json!({"token": token, "roomnum": class_id})),
        (("cos", "get_sign"), json!({ "token": token })),
        (("vod", "get_sign"), json!({ "token": token })),
    ] {
        let off = room_call(&service, call, fields.clone(), enterprise.sdkappid).await;
        let nobodys = room_call(&service, call, fields, 999).await;
        assert_ne!(off["errorCode"], 0, "{call:?}");
        assert_eq!(off, nobodys, "{call:?}");
    }
    assert_eq!(enterprise.ok("user/list", json!({})).await["total"], 1);

    // NiuClass: a channel can't log in, and gets the same answer as an outsider.
    partner::make(&enterprise, "192321213").await;
    let log_in = async |mobile: &str| {
        partner::try_to_log_in(&service, json!({"mobile": mobile, "password": partner::PASSWORD})).await
    };
    let off = log_in("192321213").await;
    assert_eq!(off.0, 401);
    assert_eq!(off, log_in("192321214").await);

    // IM: neither the token of an app nor the open form.
    let (sdkappid, now) = (enterprise.sdkappid, service.clock.now());
    let make = move |conn: &mut _| enterprise_token::create(conn, sdkappid, "app", now);
    let app = service.app.db.write(make).await.unwrap();
    let chat = ChatPatch { im_open: Some(true), chat_master_key: Some("key".into()), ..ChatPatch::default() };
    enterprise.set(Patch { chat, ..Patch::default() }).await;
    for path in [format!("/signature/login/{sdkappid}/3"), "/im/org/0/groups".into()] {
        let off = im_call(&service, &path, Some(&app)).await;
        assert_eq!(off.0, 401, "{path}");
        assert_eq!(off, im_call(&service, &path, Some("wrong")).await, "{path}");
    }
    let off = im_call(&service, &format!("/signature/login/{sdkappid}/3"), None).await;
    let mut nobodys = im_call(&service, "/signature/login/999/3", None).await;
    nobodys.1["request"] = off.1["request"].clone();
    assert_eq!((off.0.as_u16(), off), (401, nobodys));
}

#[tokio::test]
async fn a_protocol_answers_within_a_second_of_its_switch() {
    let service = Service::start();
    let enterprise = service.enterprise_as_is(Draft::default()).await;
    let sdkappid = enterprise.sdkappid;
    partner::make(&enterprise, "192321213").await;
    let now = service.clock.now();
    let make = move |conn: &mut _| enterprise_token::create(conn, sdkappid, "app", now);
    let app = service.app.db.write(make).await.unwrap();
    let regist = || json!({"id": "s1", "pwd": "x", "role": 0});
    let refused = room_call(&service, ("account", "regist"), regist(), sdkappid).await;
    assert_eq!(refused["errorCode"], 10003);

    // As the command line does it: the service gets no notice.
    let change = |protocols: Protocols| {
        let patch = Patch { protocols: Some(protocols), ..Patch::default() };
        service.app.db.write(move |conn| lectern::domain::events::endpoint::modify_enterprise(conn, sdkappid, patch))
    };
    change(Protocols::ALL).await.unwrap();
    service.pass(1);
    // It answers. Open registration is a choice of its own.
    let refused = room_call(&service, ("account", "regist"), regist(), sdkappid).await;
    assert_eq!(refused["errorCode"], 10101, "{refused}");
    let token = partner::log_in(&service, "192321213", partner::PASSWORD).await;
    let courses =
        || service.http.get(format!("{}/api/courses", service.url)).bearer_auth(token["token"].as_str().unwrap());
    assert_eq!(courses().send().await.unwrap().status(), 200);
    assert_eq!(im_call(&service, "/im/org/0/groups", Some(&app)).await.0, 200);

    // And back. Tokens that were good are strangers' tokens then.
    change(Protocols::default()).await.unwrap();
    service.pass(1);
    let refused = room_call(&service, ("account", "regist"), regist(), sdkappid).await;
    assert_eq!(refused["errorCode"], 10003);
    let off = courses().send().await.unwrap();
    assert_eq!(off.status(), 401);
    let stranger = service.http.get(format!("{}/api/courses", service.url)).bearer_auth("x").send().await.unwrap();
    assert_eq!(off.json::<Value>().await.unwrap(), stranger.json::<Value>().await.unwrap());
    assert_eq!(im_call(&service, "/im/org/0/groups", Some(&app)).await.0, 401);
    enterprise.ok("business/info", json!({})).await;
}

#[tokio::test]
async fn each_protocol_has_a_switch_of_its_own() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let sdkappid = enterprise.sdkappid;
    partner::make(&enterprise, "192321213").await;
    let now = service.clock.now();
    let make = move |conn: &mut _| enterprise_token::create(conn, sdkappid, "app", now);
    let app = service.app.db.write(make).await.unwrap();
    let login = json!({"mobile": "192321213", "password": partner::PASSWORD});
    for on in 0..3 {
        switch(&enterprise, Protocols { channels: on == 0, rooms: on == 1, im: on == 2 }).await;
        let (channels, _) = partner::try_to_log_in(&service, login.clone()).await;
        let rooms = room_call(&service, ("account", "login"), json!({"id": "x", "pwd": "x"}), sdkappid).await;
        let (im, _) = im_call(&service, "/im/org/0/groups", Some(&app)).await;
        let answers = [channels == 200, rooms["errorCode"] == 10006, im == 200];
        assert_eq!(answers, [on == 0, on == 1, on == 2], "{channels} {rooms} {im}");
    }
}

#[tokio::test]
async fn the_recorder_of_an_enterprise_without_rooms_knows_no_room() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let rooms = settings::RoomPatch { recording_key: Some("key".into()), ..settings::RoomPatch::default() };
    enterprise.set(Patch { rooms, ..Patch::default() }).await;
    let report = async |roomnum: i64| {
        let until = service.now() + 60;
        let fields = json!({"event_type": 100, "stream_id": "s", "stream_param": format!("groupid={roomnum}"), "start_time": 1,
            "end_time": 2, "video_id": "v", "video_url": "http://v.example.com/x.mp4", "t": until,
            "sign": format!("{:x}", md5::compute(format!("key{until}")))});
        let url = format!("{}/index.php?svc=live&cmd=recendcall", service.url);
        let answer = service.http.post(url).body(fields.to_string()).send().await.unwrap();
        answer.text().await.unwrap().replace(&roomnum.to_string(), "N")
    };
    assert_eq!(report(class_id).await, r#"{"code":0}"#);
    switch(&enterprise, Protocols::default()).await;
    assert_eq!(report(class_id).await, report(999_999_999).await);
}
