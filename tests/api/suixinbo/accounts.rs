//! Accounts: users of the enterprise who register themselves. Each has one token.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::settings::{Registration, RoomPatch};
use serde_json::{Value, json};

use super::{Client, PASSWORD, send};
use crate::support::component::Component;
use crate::support::service::Service;

#[tokio::test]
async fn an_account_is_a_user_of_the_enterprise() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    Client::student(&enterprise, "s1").await;
    for (user_id, role) in [("t1", "teacher"), ("s1", "student")] {
        let info = enterprise.ok("user/info", json!({ "user_id": user_id })).await;
        assert_eq!((&info["user_info"]["role"], &info["user_info"]["nickname"]), (&json!(role), &json!(user_id)));
    }
    // The same password works in the other protocol.
    let mut component = Component::of(&enterprise, "t1", "");
    let signed_in = component.ok("user/login", json!({"userid": "t1", "password": PASSWORD})).await;
    component.token = signed_in["token"].as_str().unwrap().into();
    component.ok("user/info", json!({"user_id": "t1"})).await;
    // And the other way round, except for users without a password.
    enterprise.ok("user/register", json!({"list": [{"user_id": "s2", "role": "student", "password": "secret"}]})).await;
    enterprise.students(&["s3"]).await;
    let data = Client::of(&enterprise, "s2").ok("account", "login", json!({"id": "s2", "pwd": "secret"})).await;
    assert_eq!(data["role"], 0);
    Client::of(&enterprise, "s3").refused("account", "login", json!({"id": "s3", "pwd": "x"}), 10006).await;
    assert_eq!(teacher.lists(json!({})).await, (vec![], 0));
}

#[tokio::test]
async fn any_id_is_an_id() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let longest = "长".repeat(128);
    for id in [
        "'; DROP TABLE users; --",
        "\"quoted\" \\ 'single'",
        "$(reboot) `id` | ; & > < * ? ~ !",
        "%27%00 %s {} ${x}",
        &"x".repeat(60),
        "老师",
        "🎓👩‍🏫",
        "../../etc/passwd",
        "_%",
        &longest,
    ] {
        let teacher = Client::teacher(&enterprise, id).await;
        let roomnum = teacher.begun_room().await;
        assert_eq!(teacher.sees(roomnum).await["host_uid"], id);
        assert_eq!(teacher.inside(roomnum).await, [id]);
        assert_eq!(teacher.lists(json!({ "host_uid": id })).await, (vec![roomnum], 1));
        assert_eq!(enterprise.ok("user/info", json!({ "user_id": id })).await["user_info"]["user_id"], id);
    }
    let client = Client::of(&enterprise, "");
    for id in [
        json!("长".repeat(129)),
        json!("a\nb"),
        json!("a\u{0}"),
        json!("a\u{7f}"),
        json!("a\u{200b}"),
        json!("\u{3000}"),
        json!("\u{202e}a"),
        json!(7),
        json!(["a"]),
    ] {
        let message = client.refused("account", "regist", json!({"id": id, "pwd": "x", "role": 0}), 10003).await;
        assert!(message.contains("id"), "{message}");
    }
}

#[tokio::test]
async fn an_id_is_kept_composed_and_without_blanks_around_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let client = Client::student(&enterprise, " Jose\u{301} \u{3000}").await;
    assert_eq!(enterprise.ok("user/info", json!({"user_id": "José"})).await["user_info"]["user_id"], "José");
    client.refused("account", "regist", json!({"id": "José", "pwd": PASSWORD, "role": 0}), 10004).await;
    client.ok("account", "login", json!({"id": "José", "pwd": PASSWORD})).await;
}

#[tokio::test]
async fn a_login_does_not_show_who_exists() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let student = Client::student(&enterprise, "s1").await;
    enterprise.students(&["s2"]).await;
    let wrong = student.call("account", "login", json!({"id": "s1", "pwd": "wrong"})).await;
    assert_eq!(wrong["errorCode"], 10006);
    for id in ["nobody", "s2"] {
        assert_eq!(student.call("account", "login", json!({"id": id, "pwd": "wrong"})).await, wrong);
    }
}

#[tokio::test]
async fn ids_differ_in_more_than_their_case_and_are_signed_in_as_they_are() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let client = Client::of(&enterprise, "");
    let regist = |id: &str| json!({"id": id, "pwd": PASSWORD, "role": 1});
    client.ok("account", "regist", regist("Ann 老师")).await;
    for id in ["Ann 老师", "ann 老师", "ANN 老师"] {
        client.refused("account", "regist", regist(id), 10004).await;
    }
    client.refused("account", "login", json!({"id": "ann 老师", "pwd": PASSWORD}), 10006).await;
    client.ok("account", "login", json!({"id": "Ann 老师", "pwd": PASSWORD})).await;
    // Also concurrently.
    let both = ["Bob", "bOB", "boB", "BOB"].map(|id| client.call("account", "regist", regist(id)));
    let codes: Vec<Value> =
        futures_util::future::join_all(both).await.iter().map(|answer| answer["errorCode"].clone()).collect();
    assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == 10004).count(), 3, "{codes:?}");
    // Another enterprise has its own accounts.
    let other = service.enterprise().await;
    Client::of(&other, "").ok("account", "regist", regist("ann 老师")).await;
}

#[tokio::test]
async fn a_new_login_ends_the_old_and_goes_on_with_what_it_held() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let first = Client::teacher(&enterprise, "t1").await;
    let roomnum = first.begun_room().await;
    first.beats(roomnum).await;
    let mut second = first.clone();
    second.signs_in().await;
    assert_ne!(first.token, second.token);
    first.refused("live", "heartbeat", json!({ "roomnum": roomnum }), 10009).await;
    first.refused("live", "roomlist", json!({"index": 0, "size": 1}), 10009).await;
    // A hundred seconds each: without the first heartbeat the second would be too late.
    for _ in 0..2 {
        service.pass(100);
        second.beats(roomnum).await;
        service.app.presence.work(&service.app.db, service.clock.now()).await.unwrap();
    }
    assert_eq!(second.inside(roomnum).await, ["t1"]);
}

#[tokio::test]
async fn a_token_ends_with_its_logout_and_after_seven_days() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let mut student = Client::student(&enterprise, "s1").await;
    student.ok("account", "logout", json!({})).await;
    student.refused("account", "logout", json!({}), 10008).await;
    student.refused("live", "roomlist", json!({"index": 0, "size": 1}), 10009).await;
    student.signs_in().await;
    service.pass(7 * 86_400 - 1);
    student.lists(json!({})).await;
    service.pass(1);
    student.refused("live", "roomlist", json!({"index": 0, "size": 1}), 10009).await;
}

#[tokio::test]
async fn a_token_is_of_its_enterprise() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let mut student = Client::student(&enterprise, "s1").await;
    Client::student(&other, "s1").await;
    student.appid = other.sdkappid;
    student.refused("live", "roomlist", json!({"index": 0, "size": 1}), 10009).await;
    student.refused("account", "logout", json!({}), 10008).await;
    student.appid = enterprise.sdkappid;
    student.lists(json!({})).await;
}

#[tokio::test]
async fn the_ticket_of_the_chat_service_is_signed_for_the_account() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let data = Client::teacher(&enterprise, "老师 🎓").await.signs_in().await;
    let base64 = data["userSig"].as_str().unwrap().replace('*', "+").replace('-', "/").replace('_', "=");
    let packed = STANDARD.decode(base64).unwrap();
    let mut text = String::new();
    let mut zlib = flate2::read::ZlibDecoder::new(packed.as_slice());
    std::io::Read::read_to_string(&mut zlib, &mut text).unwrap();
    let ticket: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(ticket["TLS.identifier"], "老师 🎓");
    assert_eq!(ticket["TLS.sdkappid"], enterprise.sdkappid);
    assert_eq!(ticket["TLS.expire"], 604_800);
}

#[tokio::test]
async fn guessing_passwords_is_throttled() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let student = Client::student(&enterprise, "s1").await;
    let guess = json!({"id": "s1", "pwd": "wrong"});
    for _ in 0..10 {
        student.refused("account", "login", guess.clone(), 10006).await;
    }
    let message = student.refused("account", "login", json!({"id": "s1", "pwd": PASSWORD}), 10108).await;
    assert!(message.contains("too many wrong passwords"), "{message}");
    service.pass(1);
    student.ok("account", "login", json!({"id": "s1", "pwd": PASSWORD})).await;
}

#[tokio::test]
async fn an_enterprise_may_keep_accounts_to_itself() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let mut student = Client::student(&enterprise, "s1").await;
    let rooms = RoomPatch { registration: Some(Registration::Off), ..RoomPatch::default() };
    enterprise.set(Patch { rooms, ..Patch::default() }).await;
    student.refused("account", "regist", json!({"id": "s2", "pwd": "x", "role": 1}), 10101).await;
    student.signs_in().await;
}

#[tokio::test]
async fn an_enterprise_whose_validity_is_over_has_a_code_of_its_own() {
    let service = Service::start();
    let draft = lectern::domain::tenancy::enterprise::Draft { valid_seconds: Some(10), ..Default::default() };
    let enterprise = service.enterprise_of(draft).await;
    service.pass(11);
    let regist = json!({"id": "s1", "pwd": "x", "role": 0, "appid": enterprise.sdkappid, "timeStamp": 1});
    let answer = send(&service, "account", "regist", regist.to_string()).await;
    assert_eq!(answer["errorCode"], 10003);
    assert!(answer["errorInfo"].as_str().unwrap().contains("validity"), "{answer}");
}

#[tokio::test]
async fn a_token_that_is_no_text_is_not_valid() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let mut client = Client::student(&enterprise, "s1").await;
    client.token.clear();
    for token in [json!(123), json!(1.5), json!(true), json!(["a"]), json!({"a": 1})] {
        for (svc, cmd) in [("live", "roomlist"), ("live", "heartbeat"), ("live", "create"), ("cos", "get_sign")] {
            client.refused(svc, cmd, json!({"token": token, "roomnum": 1, "index": 0, "size": 1}), 10009).await;
        }
    }
    for token in [json!(""), json!(null)] {
        client.refused("live", "roomlist", json!({ "token": token }), 10003).await;
        client.refused("account", "logout", json!({ "token": token }), 10003).await;
    }
}
